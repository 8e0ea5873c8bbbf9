"""The child process from its parent's side, and the frames that both exchange."""

from __future__ import annotations

import contextlib
import json
import logging
import signal
import struct
import tempfile
import threading
from enum import IntEnum
from typing import IO, TYPE_CHECKING, Any, Final, Self, cast

from desktop.child_process import start
from desktop.sheets.faults import SheetError, SheetFault

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Iterator

log = logging.getLogger(__name__)

_HEAD: Final = struct.Struct(">BI")


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
    body = pipe.read(length)
    return (FrameKind(kind), body) if len(body) == length else None


COMMAND: Final = "sheet-reader"
"""The hidden command of the child process; see ``process``."""
MEMORY: Final = 1 << 30
"""Bytes of memory that reading one spreadsheet may take."""
_ABORTED: Final = (
    -int(signal.SIGABRT),  # Rust and C abort when memory is refused
    -int(getattr(signal, "SIGKILL", signal.SIGTERM)),  # the kernel kills when memory runs out
    0xC0000409,  # abort() on Windows
)


class Stop:
    """Stops one call from another thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._is_set = False

    @property
    def is_set(self) -> bool:
        """Whether ``now`` was called."""
        return self._is_set

    def now(self) -> None:
        """End the call: it raises ``SheetError`` with ``CANCELLED``."""
        with self._lock:
            self._is_set = True
            if self._process is not None:
                self._process.kill()

    def guard(self, process: subprocess.Popen[bytes] | None) -> None:
        """Set the process to end; end it at once if ``now`` was called before."""
        with self._lock:
            self._process = process
            if process is not None and self._is_set:
                process.kill()


class SheetChild:
    """The child process of one request; it ends with the ``with`` block.

    Its stdin stays open: when the parent ends, however it ends, the pipe closes and the child ends.
    """

    def __init__(self, request: dict[str, Any], stop: Stop | None) -> None:
        self._stop = stop or Stop()
        try:
            self._said = tempfile.TemporaryFile()  # noqa: SIM115 - closed in __exit__
            self._process = start(COMMAND, stderr=self._said)
        except OSError as error:
            raise SheetError(SheetFault.STOPPED, code=error.errno, text=str(error)) from error
        self._stdin = cast("IO[bytes]", self._process.stdin)
        self._stdout = cast("IO[bytes]", self._process.stdout)
        self._stop.guard(self._process)
        self.tell(FrameKind.REQUEST, {**request, "memory": MEMORY})

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.guard(None)
        self._process.kill()
        with contextlib.suppress(OSError):
            self._stdin.close()
        self._stdout.close()
        self._process.wait()
        self._said.close()

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    def tell(self, kind: FrameKind, value: Any) -> None:
        """Send a frame; ``frames`` reports a child that has ended."""
        with contextlib.suppress(OSError):
            send_json(self._stdin, kind, value)

    def frames(self) -> Iterator[tuple[FrameKind, bytes]]:
        """Yield the frames of the child, up to and including the last one.

        Raises:
            SheetError: the child's fault, ``CANCELLED`` after ``Stop.now``, and ``OUT_OF_MEMORY``
                or ``STOPPED`` if it ended without a last frame.
        """
        while (heard := receive(self._stdout)) is not None:
            kind, body = heard
            if self._stop.is_set:
                raise SheetError(SheetFault.CANCELLED)
            if kind is FrameKind.FAULT:
                found = json.loads(body)
                raise SheetError(SheetFault(found["fault"]), **found["data"])
            yield kind, body
            if kind is FrameKind.DONE:
                return
        raise self._silence()

    def result(self) -> Any:
        """Wait for the result; raises as ``frames``."""
        for kind, body in self.frames():
            if kind is FrameKind.DONE:
                return json.loads(body)
        raise AssertionError("frames() ends with DONE or raises")

    def _silence(self) -> SheetError:
        code = self._process.wait()
        if self._stop.is_set:
            return SheetError(SheetFault.CANCELLED)
        if code in _ABORTED:
            return SheetError(SheetFault.OUT_OF_MEMORY, limit=MEMORY)
        self._said.seek(0)
        said = self._said.read().decode(errors="replace")
        log.error("The process of a spreadsheet ended with %s: %s", code, said)
        lines = said.splitlines()
        return SheetError(SheetFault.STOPPED, code=code, text=lines[-1] if lines else str(code))
