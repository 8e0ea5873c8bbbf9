"""The file that is read: opened once, known by its stamp, and what kind of file it is."""

from __future__ import annotations

import os
import stat
import zipfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final

from desktop.contract.batches import SHEET_BYTES
from desktop.sheets.description import Kind
from desktop.sheets.faults import SheetError, SheetFault

if TYPE_CHECKING:
    from collections.abc import Iterator

UNPACKED_BYTES: Final = 1 << 30
"""The most that the parts of a zipped workbook may have, unpacked."""
TEXT_SUFFIXES: Final = (".csv", ".tsv", ".txt", ".tab")
_ZIP: Final = b"PK\x03\x04"
_COMPOUND: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_FOREIGN: Final = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"{\\rtf", b"<!doctype", b"<html",
                   b"<?xml", b"\x1f\x8b", b"7z\xbc\xaf", b"Rar!", b"SQLite format")  # fmt: skip
"""What files begin with that are no spreadsheets, in lower case where it is a word."""


@dataclass(frozen=True, slots=True)
class Source:
    """An open file; ``stamp`` is what it was when it was opened."""

    path: Path
    file: IO[bytes]
    size: int
    stamp: str

    def check_unchanged(self) -> None:
        """Raise ``SheetError`` with ``CHANGED`` where the file is not what was opened."""
        try:
            now = _stamp(self.path.stat())
        except OSError:
            now = "gone"
        if now != self.stamp or _stamp(os.fstat(self.file.fileno())) != self.stamp:
            raise SheetError(SheetFault.CHANGED)

    def kind(self) -> Kind:
        """Tell by its first bytes what it is; names often lie.

        Raises:
            SheetError: with what is wrong with it.
        """
        self.file.seek(0)
        start = self.file.read(64)
        self.file.seek(0)
        if start.startswith(_ZIP):
            return self._zipped()
        if start.startswith(_COMPOUND):
            return Kind.XLS
        suffix = self.path.suffix.lower()
        lowered = start.lstrip(b"\xef\xbb\xbf \r\n\t").lower()
        if any(lowered.startswith(sign.lower()) for sign in _FOREIGN):
            raise SheetError(SheetFault.UNKNOWN_KIND, suffix=suffix)
        if suffix in {".xlsx", ".xlsm", ".ods"} and b"\0" in start:
            raise SheetError(SheetFault.DAMAGED, text="not a zip file")
        return Kind.TEXT

    def _zipped(self) -> Kind:
        try:
            with zipfile.ZipFile(self.file) as parts:
                names = set(parts.namelist())
                unpacked = sum(
                    part.file_size
                    for part in parts.infolist()
                    if part.filename.endswith((".xml", ".bin", ".rels"))
                )
        except zipfile.BadZipFile as error:
            raise SheetError(SheetFault.CUT_OFF) from error
        except (ValueError, OSError, NotImplementedError) as error:
            raise SheetError(SheetFault.DAMAGED, text=str(error)) from error
        finally:
            self.file.seek(0)
        if unpacked > UNPACKED_BYTES:
            raise SheetError(SheetFault.UNPACKS_TOO_LARGE, size=unpacked, limit=UNPACKED_BYTES)
        if "xl/workbook.xml" in names or "xl/workbook.bin" in names:
            return Kind.XLSX
        if "content.xml" in names:
            return Kind.ODS
        raise SheetError(SheetFault.UNKNOWN_KIND, suffix=self.path.suffix.lower())


@contextmanager
def opened(path: Path) -> Iterator[Source]:
    """Open a file for reading.

    Raises:
        SheetError: with why it cannot be read.
    """
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise SheetError(SheetFault.NOT_A_FILE)
        file = path.open("rb")
    except (FileNotFoundError, NotADirectoryError) as error:
        raise SheetError(SheetFault.GONE) from error
    except PermissionError as error:
        raise SheetError(SheetFault.NOT_ALLOWED) from error
    except OSError as error:
        raise SheetError(SheetFault.NOT_READABLE, text=error.strerror or str(error)) from error
    with file:
        found = os.fstat(file.fileno())
        if found.st_size == 0:
            raise SheetError(SheetFault.EMPTY)
        if found.st_size > SHEET_BYTES:
            raise SheetError(SheetFault.TOO_LARGE, size=found.st_size, limit=SHEET_BYTES)
        yield Source(path, file, found.st_size, _stamp(found))


def _stamp(found: os.stat_result) -> str:
    return f"{found.st_size}-{found.st_mtime_ns}-{found.st_ino}"
