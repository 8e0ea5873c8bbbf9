"""The frames between the child process and its parent: a kind, a length, and that many bytes."""

from __future__ import annotations

import json
import struct
from enum import IntEnum
from typing import IO, Any, Final

_HEAD: Final = struct.Struct(">BI")
LONGEST: Final = 64 << 20
"""The limit of a frame's body in bytes, which no frame of ours reaches."""
OUT_OF_MEMORY: Final = 77
"""Exit status of a reader that ran out of memory and could not send a frame."""


class FrameKind(IntEnum):
    """The kind of a frame, with its sender and its body."""

    REQUEST = 1
    """To the reader: JSON, the request."""
    MORE = 2
    """From the reader: it asks for the next page of rows."""
    PAGE = 3
    """To the reader: JSON, a list of rows; an empty list is the end."""
    AHEAD = 4
    """From the reader: JSON, its progress; a ROWS frame follows."""
    ROWS = 5
    """From the reader: the body of ``POST /batches/{batch_id}/rows``."""
    DONE = 6
    """From the reader: JSON, the result; the last frame."""
    FAULT = 7
    """From the reader: JSON, ``{"fault", "data"}``; the last frame."""


def send(pipe: IO[bytes], kind: FrameKind, body: bytes) -> None:
    """Write and flush a frame."""
    pipe.write(_HEAD.pack(kind, len(body)))
    pipe.write(body)
    pipe.flush()


def send_json(pipe: IO[bytes], kind: FrameKind, value: Any) -> None:
    """Write and flush a frame with a JSON body."""
    send(pipe, kind, json.dumps(value).encode())


def receive(pipe: IO[bytes]) -> tuple[FrameKind, bytes] | None:
    """Read a frame; ``None`` if the pipe ends, also within a frame."""
    head = pipe.read(_HEAD.size)
    if len(head) < _HEAD.size:
        return None
    kind, length = _HEAD.unpack(head)
    if length > LONGEST:
        return None
    body = pipe.read(length)
    return (FrameKind(kind), body) if len(body) == length else None
