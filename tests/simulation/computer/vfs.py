"""The simulated disk as SQLite sees it: a virtual file system of its own."""

from __future__ import annotations

import operator
from itertools import count
from typing import Any, Final
from weakref import WeakValueDictionary

import apsw

from tests.simulation.computer.disk import Disk, DiskError, File, Trouble

NAME: Final = "simulated"
_CODES: Final = {
    Trouble.CUT: apsw.SQLITE_IOERR,
    Trouble.FULL: apsw.SQLITE_FULL,
    Trouble.BROKEN: apsw.SQLITE_IOERR_WRITE,
    Trouble.UNSYNCED: apsw.SQLITE_IOERR_FSYNC,
    Trouble.UNOPENED: apsw.SQLITE_CANTOPEN,
    Trouble.MISSING: apsw.SQLITE_IOERR_DELETE_NOENT,
}


class OpenFile:
    """One file of the disk, opened by SQLite.

    Only one connection is ever open, so locks are granted; it asks for no shared memory, because
    it locks exclusively.
    """

    def __init__(self, disk: Disk, file: File) -> None:
        self._disk, self._file = disk, file

    def xRead(self, amount: int, offset: int) -> bytes:  # noqa: N802 - apsw's names
        if self._disk.off:
            raise _error(DiskError(Trouble.CUT))
        return bytes(self._file.content[offset : offset + amount])

    def xWrite(self, data: bytes, offset: int) -> None:  # noqa: N802
        try:
            self._disk.write(self._file, offset, bytes(data))
        except DiskError as error:
            raise _error(error) from None

    def xTruncate(self, size: int) -> None:  # noqa: N802
        try:
            self._disk.truncate(self._file, size)
        except DiskError as error:
            raise _error(error) from None

    def xSync(self, flags: int) -> None:  # noqa: N802
        try:
            self._disk.sync(self._file)
        except DiskError as error:
            raise _error(error) from None

    def xFileSize(self) -> int:  # noqa: N802
        return len(self._file.content)

    def xDeviceCharacteristics(self) -> int:  # noqa: N802
        return apsw.SQLITE_IOCAP_POWERSAFE_OVERWRITE  # as on every unix

    def xSectorSize(self) -> int:  # noqa: N802
        return 4096

    # Called at every lock, with the number of what is asked for and a pointer: it knows none.
    xFileControl: Final = operator.eq  # noqa: N815

    def xLock(self, level: int) -> None: ...  # noqa: N802

    def xUnlock(self, level: int) -> None: ...  # noqa: N802

    def xCheckReservedLock(self) -> bool:  # noqa: N802
        return False

    def xClose(self) -> None: ...  # noqa: N802

    def excepthook(self, *_: Any) -> bool:
        """Say nothing of what SQLite forgives."""
        return True


class Vfs(apsw.VFS):
    """Opens files of many disks: a name begins with the number of its disk.

    So a connection that ends late, with the disk of an earlier history, touches no other.
    """

    def __init__(self) -> None:
        super().__init__(NAME, base="")
        self._disks: WeakValueDictionary[str, Disk] = WeakValueDictionary()
        self._numbers = count(1)

    def name(self, disk: Disk, path: str) -> str:
        """Return the name by which SQLite opens a file of the disk."""
        number = str(next(self._numbers))
        self._disks[number] = disk
        return f"/{number}{path}"

    def xOpen(self, name: Any, flags: list[int]) -> Any:  # noqa: N802 - a file of our own
        if name is None:  # a temporary file: nothing of it is to survive
            return OpenFile(Disk(), File())
        disk, path = self._find(name.filename() if isinstance(name, apsw.URIFilename) else name)
        flags[1] = flags[0]
        try:
            main = bool(flags[0] & apsw.SQLITE_OPEN_MAIN_DB)
            return OpenFile(disk, disk.open(path, durable=main))
        except DiskError as error:
            raise _error(error) from None

    def xDelete(self, name: str, sync_folder: bool) -> None:  # noqa: N802
        disk, path = self._find(name)
        try:
            disk.delete(path, durable=bool(sync_folder))
        except DiskError as error:
            raise _error(error) from None

    def xAccess(self, name: str, flags: int) -> bool:  # noqa: N802
        disk, path = self._find(name)
        return path in disk.files

    def xFullPathname(self, name: str) -> str:  # noqa: N802
        return name

    def excepthook(self, *_: Any) -> bool:
        """Say nothing of what SQLite forgives."""
        return True

    def _find(self, name: str) -> tuple[Disk, str]:
        number, _, path = name[1:].partition("/")
        return self._disks.get(number) or _GONE, f"/{path}"


def _error(error: DiskError) -> Exception:
    return apsw.exception_for(_CODES[error.trouble])


_GONE: Final = Disk(off=True)
"""In place of a disk that is gone with its history."""
VFS: Final = Vfs()
"""SQLite finds it by its name; there is one a process."""
