"""Finds the kind of a spreadsheet by its content, because names are often wrong."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING, Final

from desktop.sheets.description import Kind
from desktop.sheets.faults import SheetError, SheetFault

if TYPE_CHECKING:
    from collections.abc import Iterator

    from desktop.sheets.reader.files.source import SourceFile

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
_MANIFEST: Final = "META-INF/manifest.xml"
_FOREIGN: Final = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"{\\rtf", b"<!doctype", b"<html",
                   b"<?xml", b"\x1f\x8b", b"7z\xbc\xaf", b"Rar!", b"SQLite format")  # fmt: skip
"""The beginnings of files that are not spreadsheets; words are in lower case."""


def kind_of(source: SourceFile) -> Kind:
    """Find the kind of a file; raises ``SheetError``."""
    source.file.seek(0)
    start = source.file.read(64)
    if start.startswith(_ZIP):
        return _zipped(source)
    if start.startswith(_COMPOUND):
        return _compound(source)
    lowered = start.lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    if any(lowered.startswith(sign.lower()) for sign in _FOREIGN):
        raise SheetError(SheetFault.UNKNOWN_KIND, suffix=source.suffix)
    if source.suffix in {".xlsx", ".xlsm", ".xls", ".ods"} and b"\0" in start:
        raise SheetError(SheetFault.DAMAGED, text="not a workbook")
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
    except zipfile.BadZipFile as error:
        raise SheetError(SheetFault.CUT_OFF) from error
    except (ValueError, OSError, EOFError, NotImplementedError) as error:
        raise SheetError(SheetFault.DAMAGED, text=str(error)) from error
    if "xl/workbook.xml" in names or "xl/workbook.bin" in names:
        return Kind.XLSX
    if "content.xml" in names:
        return Kind.ODS
    raise SheetError(SheetFault.UNKNOWN_KIND, suffix=source.suffix)


def _compound(source: SourceFile) -> Kind:
    """Tell an old Excel workbook from other Office files, and from one with a password."""
    has_book = False
    for block in _blocks(source):
        if _ENCRYPTED in block or _asks_password(block):
            raise SheetError(SheetFault.PASSWORD_PROTECTED)
        has_book = has_book or any(name in block for name in _BOOKS)
    if has_book:
        return Kind.XLS
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
            if block.startswith(_FILE_PASSWORD, after):
                return True
    return False
