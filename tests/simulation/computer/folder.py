"""Files beside the store on a simulated disk: the program's own code reads and writes them."""

from __future__ import annotations

import errno
import math
from collections.abc import Iterator
from contextlib import contextmanager
from random import Random
from types import SimpleNamespace
from typing import Any, Final, Self
from unittest.mock import patch

from desktop.mail import files
from desktop.settings import atomic
from tests.simulation.computer.connection import PowerCut
from tests.simulation.computer.disk import Disk, DiskError, File, Trouble

_NUMBERS: Final = {
    Trouble.FULL: errno.ENOSPC,
    Trouble.BROKEN: errno.EIO,
    Trouble.UNSYNCED: errno.EIO,
    Trouble.UNOPENED: errno.EMFILE,
    Trouble.MISSING: errno.ENOENT,
    Trouble.UNREADABLE: errno.EACCES,
}


@contextmanager
def _system() -> Iterator[None]:
    """Raise what Python raises of an operation that failed."""
    try:
        yield
    except DiskError as error:
        if error.trouble is Trouble.CUT:
            raise PowerCut from error
        raise OSError(_NUMBERS[error.trouble], str(error)) from error


class Place:
    """As much of a ``Path`` on a disk as the program asks for."""

    def __init__(self, disk: Disk, path: str) -> None:
        self.disk = disk
        self.path = path

    @property
    def name(self) -> str:
        return self.path.rpartition("/")[2]

    @property
    def parent(self) -> Place:
        return Place(self.disk, self.path.rpartition("/")[0])

    @property
    def parents(self) -> list[Place]:
        return [self.parent, *self.parent.parents] if self.path else []

    def with_name(self, name: str) -> Place:
        return self.parent / name

    def __truediv__(self, name: str) -> Place:
        return Place(self.disk, f"{self.path}/{name}")

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Place) and self.path == other.path

    def __hash__(self) -> int:
        return hash(self.path)

    def __str__(self) -> str:
        return self.path

    def read_bytes(self) -> bytes:
        with _system():
            return self.disk.read(self.path)

    def stat(self) -> Any:
        """Return what is known of a file or the root; a disk has another number after each start.

        The times are those of another clock: nothing is quiet until it stays the same.
        """
        if not self.path:
            names = sorted(name for name in self.disk.files if name.count("/") == 1)
            return SimpleNamespace(st_mtime=math.inf, st_mtime_ns=tuple(names), st_size=0)
        with _system():
            file = self.disk.find(self.path)
        return SimpleNamespace(
            st_ino=file.inode,
            st_dev=self.disk.boot,
            st_size=len(file.content),
            st_mtime=math.inf,
            st_mtime_ns=file.version,
            st_ctime_ns=file.version,
        )

    def replace(self, target: Place) -> None:
        with _system():
            self.disk.rename(self.path, target.path)

    def unlink(self, *, missing_ok: bool) -> None:
        with _system():
            self.disk.check_power()
            self.disk.files.pop(self.path, None)


class _Opened:
    """A file that is open for writing."""

    def __init__(self, disk: Disk, file: File) -> None:
        self._disk, self._file = disk, file

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None: ...

    def write(self, content: bytes) -> None:
        with _system():
            self._disk.write(self._file, len(self._file.content), content)

    def flush(self) -> None: ...

    def fileno(self) -> Self:
        return self

    def sync(self) -> None:
        with _system():
            self._disk.sync(self._file)


def _open(place: Place, mode: str, *, opener: object) -> _Opened:
    assert mode == "xb"
    with _system():
        return _Opened(place.disk, place.disk.create(place.path))


def _flush_folder(place: Place) -> None:
    with _system():
        place.disk.sync_folder()


@contextmanager
def on_disk(random: Random) -> Iterator[None]:
    """Have the program read its own files from simulated disks, and write them atomically there."""
    token = SimpleNamespace(token_hex=lambda size: f"{random.getrandbits(size * 8):x}")
    writes: dict[str, Any] = {
        "open": _open,
        "flush_to_disk": _Opened.sync,
        "flush_folder": _flush_folder,
    }
    with (
        patch.object(files, "read_own", Place.read_bytes),
        patch.multiple(atomic, create=True, secrets=token, **writes),
    ):
        yield
