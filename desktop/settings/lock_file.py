"""Lock files: one window, one backend, one engine; the system takes a lock back from the dead."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

LOCKED_BYTE: Final = 1 << 30
"""Windows locks ranges and makes them unreadable: this one is past the end of the text."""


class LockFile:
    """A file whose lock one process holds at a time.

    The file stays where it is, only the lock on it counts: it ends with its holder, however that
    ends. No child process inherits it (PEP 446), so none can keep it alive.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._descriptor = -1

    @property
    def is_ours(self) -> bool:
        """Whether it is this object that holds the lock."""
        return self._descriptor >= 0

    def take(self) -> bool:
        """Take the lock without waiting; ``False`` when another holds it.

        Raises ``OSError`` when the file cannot be opened or made (then with mode 0600).
        """
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        if not _lock(descriptor):
            os.close(descriptor)
            return False
        self._descriptor = descriptor
        with suppress(OSError):  # a full disk: the owner's name is left out
            os.ftruncate(descriptor, 0)
            os.write(descriptor, b"%d" % os.getpid())
        return True

    def release(self) -> None:
        """Let another take it; harmless where it is not held."""
        if self.is_ours:
            os.close(self._descriptor)
            self._descriptor = -1


def store_lock(database: Path) -> Path:
    """Name the file beside a database whose lock its one engine holds."""
    return database.with_name(f"{database.name}.lock")


def last_holder(path: Path) -> int | None:
    """Tell the id of the process that holds the lock, or held it last, where that is known."""
    try:
        return int(path.read_bytes())
    except (OSError, ValueError):
        return None


def is_held(path: Path) -> bool:
    """Tell whether a process that lives holds the lock.

    The only way to know is to try it: a process that wants the lock in that very moment is
    refused, so ask only where a process is believed to hold it. Raises ``OSError`` where the file
    is there and cannot be opened.
    """
    try:
        descriptor = os.open(path, os.O_RDWR)
    except FileNotFoundError:
        return False
    try:
        return not _lock(descriptor)
    finally:
        os.close(descriptor)


if sys.platform == "win32":
    import msvcrt

    def _lock(descriptor: int) -> bool:
        os.lseek(descriptor, LOCKED_BYTE, os.SEEK_SET)
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        os.lseek(descriptor, 0, os.SEEK_SET)
        return True

else:
    import fcntl

    def _lock(descriptor: int) -> bool:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
