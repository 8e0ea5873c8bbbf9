"""Writes files whole or not at all, and judges whether a file is whole and others can change it."""

from __future__ import annotations

import errno
import os
import re
import secrets
import shlex
import shutil
import stat
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable


_TEMPORARY: Final = re.compile(r"(\.(.+)\.[0-9a-f]{16}\.tmp)(?:-\w+)?", re.DOTALL)
"""A temporary name, and the name of the file in whose place it is. SQLite appends to the first one
for the log and the journal of a database."""
_BYTES: Final = 50
"""Characters of a name in a temporary one: it may have 255 bytes, and a character up to four."""
_in_use: Final = set[str]()
"""The temporary names that this process uses now."""


@contextmanager
def temporary_beside(path: Path) -> Iterator[Path]:
    """Give a temporary name beside a file, for a file or folder; the block moves it into its place.

    What still has the name in the end is deleted. What a killed process leaves,
    :func:`sweep_below` and :func:`sweep_beside` delete.
    """
    temporary = path.with_name(f".{path.name[:_BYTES]}.{secrets.token_hex(8)}.tmp")
    _in_use.add(temporary.name)
    try:
        yield temporary
    finally:
        with suppress(OSError):  # swept later
            _delete(temporary)
        _in_use.discard(temporary.name)


def sweep_below(folder: Path) -> None:
    """Delete what killed processes left below a folder under temporary names.

    Only the one process that writes there may call it. Raises ``OSError``.
    """
    for place, folders, files in os.walk(folder):
        for name in (*folders, *files):
            if _is_left_over(name):
                _delete(Path(place, name))
        folders[:] = [name for name in folders if target_of(name) is None]


def sweep_beside(path: Path) -> None:
    """Delete what killed processes left in place of a file; as :func:`sweep_below` does."""
    for each in path.parent.iterdir():
        if target_of(each.name) == path.name[:_BYTES] and _is_left_over(each.name):
            _delete(each)


def target_of(name: str) -> str | None:
    """Return the beginning of the name in whose place a temporary one is; ``None`` for others."""
    found = _TEMPORARY.fullmatch(name)
    return None if found is None else found[2]


def _is_left_over(name: str) -> bool:
    found = _TEMPORARY.fullmatch(name)
    return found is not None and found[1] not in _in_use


def _delete(temporary: Path) -> None:
    if temporary.is_dir():
        shutil.rmtree(temporary)
    else:
        temporary.unlink(missing_ok=True)


def write_atomic(path: Path, content: bytes, *, durable: bool = True) -> None:
    """Write a file so that a crash or a power cut at any time leaves the old or the new one.

    A temporary file is written beside it, flushed to the disk, and renamed to it; then the folder
    is flushed. Only the owner may read the file (0600). Without ``durable`` nothing is flushed: the
    file survives a killed process, but may be lost in a power cut.

    Raises:
        OSError: if it cannot be written; the old file is still there. If only its folder cannot be
            flushed, the new one is there, and a power cut may bring back the old one.
    """
    with replacing(path, durable=durable) as file:
        file.write(content)


@contextmanager
def replacing(path: Path, *, durable: bool = True) -> Iterator[BinaryIO]:
    """Do as :func:`write_atomic` with what is written to the file that it gives."""
    with temporary_beside(path) as temporary:
        with open_new(temporary) as file:
            yield file
            if durable:
                file.flush()
                flush_to_disk(file.fileno())
        temporary.replace(path)
    if durable:
        flush_folder(path.parent)


def open_new(path: Path) -> BinaryIO:
    """Create a file that only the owner may read; raises ``OSError``, also if it exists."""
    return open(path, "xb", opener=lambda name, flags: os.open(name, flags, 0o600))


def flush_to_disk(descriptor: int) -> None:
    """Wait until an open file is on the disk; on macOS also past the drive's cache."""
    if sys.platform == "darwin":
        import fcntl

        fcntl.fcntl(descriptor, fcntl.F_FULLFSYNC)
    else:
        os.fsync(descriptor)


def flush_folder(folder: Path) -> None:
    """Wait until the names in a folder are on the disk; Windows does so by itself."""
    if sys.platform == "win32":
        return
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


QUIET: Final = 1.0
"""Seconds without a write after which a file counts as whole."""
WHOLE_WITHIN: Final = 4.0
"""Seconds that a file which is being written is waited for."""
LOOK_AGAIN: Final = 0.1
"""Seconds between two looks at a file that is waited for."""


class NotOwn(OSError):
    """A file or folder that another user can change, or a link in place of a lock.

    The text says why, and which command helps; it continues a sentence about the file.
    """

    def __init__(self, path: Path, why: str, command: str) -> None:
        text = f"{why}, run `{command} {shlex.quote(str(path))}`"
        super().__init__(errno.EPERM, text, str(path))

    def __str__(self) -> str:
        return str(self.strerror)


def check_own(path: Path) -> None:
    """Refuse a file or folder that other users can change.

    As with ssh, it has to belong to the user or to root. Only they may write it, and the group
    that has the owner's name and no other member. A link is followed. Windows has no such rights;
    there any is fine.

    Raises:
        NotOwn: if others can change it.
        OSError: if it cannot be looked at.
    """
    _check(path, path.stat())


OWN_LIMIT: Final = 4 << 20
"""Bytes of settings, tokens, passwords or a file of tasks, which people write."""


def read_own(path: Path) -> bytes:
    """Read a file after :func:`check_own`, which is then true of what was read; raises as that.

    Raises ``OSError`` also for a file of more than ``OWN_LIMIT`` bytes, which it does not read.
    """
    check_own(path)
    with open_file(path) as file:
        found = os.fstat(file.fileno())
        _check(path, found)
        if found.st_size > OWN_LIMIT:
            raise OSError(errno.EFBIG, f"it is larger than {OWN_LIMIT >> 20} MiB", str(path))
        return file.read()


def open_file(path: Path) -> BinaryIO:
    """Open a file to read it; raises ``OSError``, also for a folder or a pipe in its place.

    Opening a pipe would take for ever.
    """
    if not stat.S_ISREG(path.stat().st_mode):
        raise OSError(errno.EINVAL, "it is not a file", str(path))
    return path.open("rb")


def belongs_here(path: Path) -> bool:
    """Tell whether a file is the user's, root's, or of the owner of its folder.

    That one could replace it. Some disks give all files one owner.
    """
    if sys.platform == "win32":
        return True
    place = path.resolve()
    return place.stat().st_uid in {os.geteuid(), 0, place.parent.stat().st_uid}


def open_own(path: Path, flags: int) -> int:
    """Open a file with the flags of ``os.open``, never through a link; a new one has mode 0600.

    Raises as :func:`check_own`, and ``OSError`` if it cannot be opened.
    """
    try:
        descriptor = os.open(path, flags | getattr(os, "O_NOFOLLOW", 0), 0o600)
    except OSError as error:
        if path.is_symlink():
            raise NotOwn(path, "it is a link. To remove it", "rm") from error
        raise
    try:
        _check(path, os.fstat(descriptor))
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


if sys.platform == "win32":

    def _check(path: Path, found: os.stat_result) -> None:
        pass

else:
    import grp
    import pwd

    def _check(path: Path, found: os.stat_result) -> None:
        me, owner = os.geteuid(), found.st_uid
        if owner not in {0, me}:
            why = f"it belongs to {_name(owner)}. If you trust it"
            raise NotOwn(path, why, f"sudo chown {_name(me)}")
        by_group = found.st_mode & stat.S_IWGRP and not _is_private(found.st_gid, owner)
        if by_group or found.st_mode & stat.S_IWOTH:
            raise NotOwn(path, "other users can change it. If you trust it", "chmod go-w")

    def _is_private(group: int, owner: int) -> bool:
        """Tell whether a group has its owner's name and no other member."""
        try:
            found, name = grp.getgrgid(group), pwd.getpwuid(owner).pw_name
        except KeyError:
            return False
        return found.gr_name == name and set(found.gr_mem) <= {name}

    def _name(user: int) -> str:
        try:
            return pwd.getpwuid(user).pw_name
        except KeyError:
            return str(user)


class QuietFiles:
    """Tells which files are whole: they have had no write for ``QUIET`` seconds.

    A missing file is really missing if nothing was added to or removed from its folder for as
    long: some editors remove a file for a moment. The time of a write is the file's own, or the
    folder's. Where that is in the future, as from a server with another clock, it has to stay the
    same while it is looked at. ``clock`` gives steady seconds. Thread-safe.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        # The files that were not quiet: what they were, and since when.
        self._seen: dict[Path, tuple[Hashable, float]] = {}

    def stamp(self, path: Path) -> Hashable:
        """Return a value that differs after each write of a file."""
        return _last_write(path)[1]

    def is_quiet(self, path: Path) -> bool:
        """Tell whether a file is whole, or is really missing."""
        written, stamp = _last_write(path)
        if time.time() - written >= QUIET:
            self._seen.pop(path, None)
            return True
        now = self._clock()
        seen, since = self._seen.setdefault(path, (stamp, now))
        if seen != stamp:
            self._seen[path], since = (stamp, now), now
        return now - since >= QUIET


def _last_write(path: Path) -> tuple[float, Hashable]:
    """Return when a file was written, epoch s, and a value that differs after each write.

    For a missing file, they are those of the folder that it is missing in.
    """
    for each in (path, *path.parents):
        with suppress(OSError):
            found = each.stat()
            return found.st_mtime, (each, found.st_mtime_ns, found.st_size)
    return 0.0, None


def await_quiet(path: Path, within: float = WHOLE_WITHIN) -> bool:
    """Wait until a file is whole; tell whether it is, after ``within`` seconds at most."""
    files, end = QuietFiles(time.monotonic), time.monotonic() + within
    while not (is_quiet := files.is_quiet(path)) and time.monotonic() < end:
        time.sleep(LOOK_AGAIN)
    return is_quiet
