"""Files beside the store on a simulated disk: the program's own code reads and writes them."""

from __future__ import annotations

import errno
import math
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from random import Random
from types import SimpleNamespace
from typing import Any, Final, Self
from unittest.mock import patch

from sendoff_tasks.folder import safe_files
from sendoff_tasks.folder.safe_files import QUIET
from sendoff_tasks.functions import plugins, source
from sendoff_tasks.store import mark
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
ME: Final = 1000
OTHER: Final = 1001
"""Users by their numbers: the one that the program runs as, and another one."""


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
    def stem(self) -> str:
        return self.name.rpartition(".")[0]

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

    def __lt__(self, other: Place) -> bool:
        return self.path < other.path

    def __hash__(self) -> int:
        return hash(self.path)

    def __str__(self) -> str:
        return self.path

    def read_bytes(self) -> bytes:
        with _system():
            return self.disk.read(self.path)

    def open(self, mode: str) -> _Read:
        assert mode == "rb"
        return _Read(self.read_bytes(), self.stat())

    def iterdir(self) -> list[Place]:
        """List the files directly in this folder."""
        names = (name.removeprefix(f"{self.path}/") for name in self._below())
        return [self / name for name in names if "/" not in name]

    def _below(self) -> list[str]:
        return [name for name in self.disk.files if name.startswith(f"{self.path}/")]

    def is_file(self) -> bool:
        return self.path in self.disk.files

    def is_dir(self) -> bool:
        return bool(self._below())

    def is_symlink(self) -> bool:
        return False

    def stat(self) -> Any:
        """Return what is known of a file or folder; a disk has another number after each start.

        The times are those of another clock: what does not rest yet has to stay the same.
        """
        file = self.disk.files.get(self.path)
        if file is None or self.disk.off:
            files = self._below()
            if not self.path or files:
                depth = self.path.count("/") + 1
                return SimpleNamespace(
                    st_mtime=math.inf,
                    st_mtime_ns=tuple(sorted(name for name in files if name.count("/") == depth)),
                    st_size=0,
                    st_uid=ME,
                    st_mode=stat.S_IFDIR | 0o700,
                )
            with _system():
                file = self.disk.find(self.path)
        return SimpleNamespace(
            st_uid=OTHER if file.is_foreign else ME,
            st_gid=ME,
            st_mode=stat.S_IFREG | 0o600,
            st_ino=file.inode,
            st_dev=self.disk.boot,
            st_size=len(file.content),
            st_mtime=0.0 if file.rests else math.inf,
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


class _Read:
    """A file that was read as it was opened."""

    def __init__(self, content: bytes, found: Any) -> None:
        self._content, self.found = content, found

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None: ...

    def fileno(self) -> Self:
        return self

    def read(self) -> bytes:
        return self._content


class _Opened:
    """A file that is open for writing."""

    def __init__(self, disk: Disk, file: File) -> None:
        self._disk, self._file = disk, file

    @property
    def found(self) -> Any:
        return SimpleNamespace(st_ino=self._file.inode)

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


def _imported(load: Callable[[], Any]) -> Any:
    """Import at once: all is in one thread."""
    try:
        return load()
    except Exception as error:  # noqa: BLE001 - as the shipped one
        return error


@contextmanager
def on_disk(random: Random, disk: Callable[[], Disk], time: Any = None) -> Iterator[None]:
    """Have the program read its own files from simulated disks, and write them atomically there.

    ``disk`` tells which it is now. What the program does while it waits for a file is in ``time``,
    which stands for the module of that name.
    """
    token = SimpleNamespace(token_hex=lambda size: f"{random.getrandbits(size * 8):x}")
    files: dict[str, Any] = {
        "os": SimpleNamespace(geteuid=lambda: ME, fstat=lambda file: file.found),
        "time": time,
        "QUIET": QUIET,
        "secrets": token,
        "open": _open,
        "flush_to_disk": _Opened.sync,
        "flush_folder": _flush_folder,
    }
    with (
        patch.multiple(safe_files, create=True, **files),
        patch.object(source, "Path", lambda path: Place(disk(), path)),
        patch.object(plugins, "_imported", _imported),
        patch.multiple(
            mark, _number=lambda file: (file.found.st_ino, 0), flush_folder=_flush_folder
        ),
    ):
        yield
