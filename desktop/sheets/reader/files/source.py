"""The open source file: its stamp, which identifies its version, and its kind by its content."""

from __future__ import annotations

import codecs
import os
import re
import stat
import tempfile
import tomllib
import zipfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final

from desktop.contract.batches import SHEET_BYTES
from desktop.sheets.description import Kind
from desktop.sheets.faults import OtherKind, SheetError, SheetFault
from desktop.sheets.reader.files.encodings import encoding_of
from desktop.sheets.reader.files.package import ERRORS, Package

if TYPE_CHECKING:
    from collections.abc import Iterator

_PIECE: Final = 1 << 20
"""Bytes copied at once."""


@dataclass(frozen=True, slots=True)
class SourceFile:
    """An open file; ``stamp`` identifies the version that was opened."""

    path: Path
    file: IO[bytes]
    size: int
    stamp: str

    @property
    def suffix(self) -> str:
        """The ending of its name, in lower case."""
        return self.path.suffix.lower()

    def check_unchanged(self) -> None:
        """Raise ``SheetError`` with ``CHANGED`` if the file has changed since it was opened."""
        try:
            now = _stamp(self.path.stat())
        except OSError:
            now = "gone"
        if now != self.stamp or _stamp(os.fstat(self.file.fileno())) != self.stamp:
            raise SheetError(SheetFault.CHANGED)


@contextmanager
def opened(path: Path) -> Iterator[SourceFile]:
    """Open a file for reading; raises ``SheetError``."""
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
        yield SourceFile(path, file, found.st_size, _stamp(found))


def copied(path: Path, folder: Path) -> Path:
    """Copy one version of a file into a new folder within ``folder``, under its name.

    Raises:
        SheetError: if it cannot be copied; ``CHANGED`` if it was written meanwhile.
    """
    with opened(path) as source:
        try:
            place = Path(tempfile.mkdtemp(dir=folder)) / path.name
            with place.open("wb") as copy:
                left = source.size  # no more than this, because a file may grow without end
                while left and (piece := source.file.read(min(left, _PIECE))):
                    copy.write(piece)
                    left -= len(piece)
        except OSError as error:
            raise SheetError(SheetFault.NOT_COPIED, text=error.strerror or str(error)) from error
        source.check_unchanged()
    return place


def _stamp(found: os.stat_result) -> str:
    return f"{found.st_size}-{found.st_mtime_ns}-{found.st_ino}"


UNPACKED_BYTES: Final = 1 << 30
"""The limit of the unpacked parts of a zipped workbook."""
_ZIP: Final = b"PK\x03\x04"
_COMPOUND: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SECTOR: Final = 512
_BLOCK: Final = 1 << 20
_ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")
"""The stream in which Excel stores a workbook with a password."""
_BOOKS: Final = ("Workbook".encode("utf-16-le"), "\0Book\0".encode("utf-16-le"))
_BEGIN: Final = b"\x09\x08"
_FILE_PASSWORD: Final = b"\x2f\x00"
_WRITE_PASSWORD: Final = b"\x86\x00\x00\x00"
"""The record before it in a workbook that has another password for changes."""
_MANIFEST: Final = "META-INF/manifest.xml"
_SNIFFED: Final = 1 << 12
"""Bytes at the beginning of a file by which it is recognized."""
_WIDE_MARKS: Final = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
_TABLE: Final = tomllib.loads(Path(__file__).with_name("other_kinds.toml").read_text("utf-8"))
"""The beginnings, parts and streams of files that are not spreadsheets."""
_RECOGNIZED: Final = [
    (kind, re.compile(beginning, re.IGNORECASE))
    for kind, listed in _TABLE["beginnings"].items()
    for beginning in listed
]
_MIME: Final = "mimetype"


def kind_of(source: SourceFile) -> Kind:
    """Find the kind of a file; raises ``SheetError``."""
    source.file.seek(0)
    start = source.file.read(_SNIFFED)
    if start.startswith(_ZIP):
        return _zipped(source)
    if start.startswith(_COMPOUND):
        return _compound(source)
    wide = next((name for mark, name in _WIDE_MARKS.items() if start.startswith(mark)), None)
    text = start.decode(wide or "latin-1", errors="replace").lstrip("\ufeff\xef\xbb\xbf \r\n\t")
    for kind, beginning in _RECOGNIZED:
        if beginning.match(text.replace("\r\n", "\n")):
            raise SheetError(SheetFault.OTHER_KIND, what=OtherKind(kind))
    if source.suffix in {".xlsx", ".xlsm", ".xls", ".ods"} and b"\0" in start:
        try:
            encoding_of(source.file)
        except SheetError as error:
            raise SheetError(SheetFault.DAMAGED, text="not a workbook") from error
    return Kind.TEXT


def _zipped(source: SourceFile) -> Kind:
    source.file.seek(0)
    try:
        with zipfile.ZipFile(source.file) as parts:
            names = set(parts.namelist())
            unpacked = sum(
                part.file_size
                for part in parts.infolist()
                if part.filename.endswith((".xml", ".bin", ".rels"))
            )
            if unpacked > UNPACKED_BYTES:
                raise SheetError(SheetFault.UNPACKS_TOO_LARGE, size=unpacked, limit=UNPACKED_BYTES)
            if _MANIFEST in names and b"encryption-data" in parts.read(_MANIFEST):
                raise SheetError(SheetFault.PASSWORD_PROTECTED)
            workbook = Package(parts).workbook
            mime = parts.read(_MIME).decode("latin-1") if _MIME in names else ""
    except zipfile.BadZipFile as error:
        raise SheetError(SheetFault.CUT_OFF) from error
    except ERRORS as error:
        raise SheetError(SheetFault.DAMAGED, text=str(error)) from error
    other = next((kind for words, kind in _TABLE["mimes"].items() if words in mime), None)
    if workbook is not None and workbook.casefold().endswith(".bin"):
        raise SheetError(SheetFault.BINARY)
    if workbook is not None and not any("word/" in n or "ppt/" in n for n in names):
        return Kind.XLSX
    if "content.xml" in names and other is None:
        return Kind.ODS
    parts_of_others = (
        kind for part, kind in _TABLE["parts"].items() if any(n.startswith(part) for n in names)
    )
    what = other or next(parts_of_others, OtherKind.ARCHIVE)
    raise SheetError(SheetFault.OTHER_KIND, what=OtherKind(what))


def _compound(source: SourceFile) -> Kind:
    """Tell an old Excel workbook from other Office files, and from one with a password."""
    has_book, other = False, None
    for block in _blocks(source):
        if _ENCRYPTED in block or _asks_password(block):
            raise SheetError(SheetFault.PASSWORD_PROTECTED)
        has_book = has_book or any(name in block for name in _BOOKS)
        streams = ((name.encode("utf-16-le"), kind) for name, kind in _TABLE["streams"].items())
        other = other or next((kind for name, kind in streams if name in block), None)
    if has_book:
        return Kind.XLS
    if other is not None:
        raise SheetError(SheetFault.OTHER_KIND, what=OtherKind(other))
    if _directory(source) >= source.size:
        raise SheetError(SheetFault.CUT_OFF)
    raise SheetError(SheetFault.UNKNOWN_KIND, suffix=source.suffix)


def _directory(source: SourceFile) -> int:
    """Return the offset of the names of a compound file's streams."""
    source.file.seek(0)
    head = source.file.read(_SECTOR)
    shift, first = int.from_bytes(head[30:32], "little"), int.from_bytes(head[48:52], "little")
    return (first + 1) << min(shift, 12)


def _blocks(source: SourceFile) -> Iterator[bytes]:
    source.file.seek(0)
    while block := source.file.read(_BLOCK):
        yield block


def _asks_password(block: bytes) -> bool:
    """Tell whether a workbook's stream begins with a FILEPASS record after the first one."""
    for at in range(0, len(block), _SECTOR):
        if block.startswith(_BEGIN, at):
            after = at + 4 + int.from_bytes(block[at + 2 : at + 4], "little")
            if block.startswith(_WRITE_PASSWORD, after):
                after += 4
            if block.startswith(_FILE_PASSWORD, after):
                return True
    return False
