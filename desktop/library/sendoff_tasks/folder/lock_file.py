"""Lock files: they allow one window, one backend and one engine. A lock ends with its process."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from sendoff_tasks.folder.safe_files import open_own

if TYPE_CHECKING:
    from pathlib import Path

LOCKED_BYTE: Final = 1 << 30
"""Windows makes a locked range unreadable, so this byte is past the end of the text."""


class LockFile:
    """A file whose lock one process holds at a time.

    Only the lock counts, not the file, which stays. The lock ends with its process, however that
    ends. Child processes do not inherit it (PEP 446), and forked ones let it go, so they cannot
    keep it.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._descriptor = -1

    @property
    def is_ours(self) -> bool:
        """Whether this object holds the lock."""
        return self._descriptor >= 0

    def take(self) -> bool:
        """Take the lock without waiting; ``False`` if another process holds it.

        A missing file is created. Raises ``OSError`` if it cannot be opened: ``NotOwn`` for a link,
        or if other users can change it.
        """
        descriptor = open_own(self._path, os.O_RDWR | os.O_CREAT)
        if not _lock(descriptor):
            os.close(descriptor)
            return False
        self._descriptor = descriptor
        _held.add(self)
        with suppress(OSError):  # on a full disk, the process id is left out
            os.ftruncate(descriptor, 0)
            os.write(descriptor, b"%d" % os.getpid())
        return True

    def release(self) -> None:
        """Release the lock; harmless if it is not held."""
        if self.is_ours:
            _held.discard(self)
            os.close(self._descriptor)
            self._descriptor = -1


_held: Final[set[LockFile]] = set()
"""Those that this process holds."""


def _let_go() -> None:
    """In a forked process: a copy of a descriptor would keep the lock after its holder's end."""
    for lock in (*_held,):
        lock.release()


if hasattr(os, "register_at_fork"):  # not on Windows
    os.register_at_fork(after_in_child=_let_go)


def store_lock(database: Path) -> Path:
    """Return the lock file of a database, whose lock its engine holds: one for all links to it."""
    database = database.resolve()
    return database.with_name(f"{database.name}.lock")


def last_holder(path: Path) -> int | None:
    """Return the id of the process that holds the lock, or held it last, if it is known."""
    try:
        return int(path.read_bytes())
    except (OSError, ValueError):
        return None


def is_held(path: Path) -> bool:
    """Tell whether a running process holds the lock.

    The only way to know is to take it for a moment, in which another process would be refused. So
    ask only if a process is expected to hold it. Raises ``OSError`` if the file cannot be opened.
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
