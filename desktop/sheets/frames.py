"""How the reading process and its parent talk: a kind, a length, and that many bytes."""

from __future__ import annotations

import json
import struct
from enum import IntEnum
from typing import IO, Any, Final

_HEAD: Final = struct.Struct(">BI")
LONGEST: Final = 64 << 20
"""Bytes of a frame's body; more than one of ours ever has."""
OUT_OF_MEMORY: Final = 77
"""Exit status of a reader that had to stop in the middle of a frame, since memory ran out."""


class FrameKind(IntEnum):
    """What a frame's body is."""

    REQUEST = 1
    """To the reader: JSON, what to do."""
    MORE = 2
    """From the reader: it wants the next page of the report's cells."""
    PAGE = 3
    """To the reader: JSON, ``[[row, [text…]]…]``; an empty list is the end."""
    AHEAD = 4
    """From the reader: JSON, how far it is; a ROWS frame follows."""
    ROWS = 5
    """From the reader: the body of ``POST /batches/{batch_id}/rows``."""
    DONE = 6
    """From the reader: JSON, the result; the last frame."""
    FAULT = 7
    """From the reader: JSON, ``{"fault", "data"}``; the last frame."""


def send(pipe: IO[bytes], kind: FrameKind, body: bytes) -> None:
    """Write a frame, at once."""
    pipe.write(_HEAD.pack(kind, len(body)))
    pipe.write(body)
    pipe.flush()


def send_json(pipe: IO[bytes], kind: FrameKind, value: Any) -> None:
    """Write a frame with a JSON body, at once."""
    send(pipe, kind, json.dumps(value).encode())


def receive(pipe: IO[bytes]) -> tuple[FrameKind, bytes] | None:
    """Read a frame; ``None`` when the pipe ends, also within a frame."""
    head = pipe.read(_HEAD.size)
    if len(head) < _HEAD.size:
        return None
    kind, length = _HEAD.unpack(head)
    if length > LONGEST:
        return None
    body = pipe.read(length)
    return (FrameKind(kind), body) if len(body) == length else None
