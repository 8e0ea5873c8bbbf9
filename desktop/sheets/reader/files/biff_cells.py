"""Reads what calamine leaves out of an ``.xls``: errors and hidden columns.

The records are in a stream of a compound file. Microsoft's [MS-CFB] describes the compound file,
[MS-XLS] the records. Calamine has read the file before, so unexpected content only ends the search.
"""

from __future__ import annotations

import io
import os
import struct
from array import array
from typing import IO, TYPE_CHECKING, Final

from desktop.sheets.reader.files.xml_cells import Marks

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

_HEAD: Final = 512
_EXCEL_97: Final = b"\x00\x06"
"""The version at the beginning of a stream."""
_CODE_PAGE: Final = 0x42
_UNICODE: Final = (1200).to_bytes(2, "little")
_FREE: Final = 0xFFFFFFFA
"""The first sector number with a special meaning."""
_ENTRY: Final = 128
_SMALL: Final = 64
_BOOKS: Final = {"workbook", "book"}
_SHEET_AT, _BEGIN, _END = 0x85, 0x809, 0x0A
_COLUMNS, _FORMULA, _ERROR = 0x7D, 0x06, 0x205
CELL_ERRORS: Final = {
    0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?",
    0x24: "#NUM!", 0x2A: "#N/A", 0x2B: "#GETTING_DATA",
}  # fmt: skip
"""The texts of cells with an error, by their codes."""


def old_marks_of(file: IO[bytes], sheet: str) -> Marks:
    """Find the errors and hidden columns of a sheet; those found so far if its records end."""
    marks = Marks()
    try:
        stream = book_of(file)
        begin = begin_of(stream, sheet)
        if begin is not None:
            _search(stream, begin, marks)
    except (struct.error, IndexError, ValueError, OverflowError):
        pass  # calamine is more tolerant and has read it
    return marks


def book_of(file: IO[bytes]) -> bytes:
    """Read the workbook's stream; a short one is in small sectors within the first stream."""
    length = file.seek(0, os.SEEK_END)
    file.seek(0)
    head = file.read(_HEAD)
    size = 1 << min(int.from_bytes(head[30:32], "little"), 12)
    directory, large, small, more = struct.unpack_from("<48xI4xII4xI", head)

    def sector(number: int) -> bytes:
        file.seek((number + 1) * size)
        return file.read(size)

    tables = array("I", head[76:])
    while more < _FREE and len(tables) * size <= length:
        further = array("I", sector(more))
        more = further.pop()
        tables += further
    following = array("I", b"".join(sector(number) for number in tables if number < _FREE))
    names = _chain(directory, following, sector)
    (first,) = struct.unpack_from("<116xI", names)
    within = _chain(first, following, sector)

    def small_sector(number: int) -> bytes:
        return within[number * _SMALL : (number + 1) * _SMALL]

    for at in range(0, len(names), _ENTRY):
        named, start, extent = struct.unpack_from("<64xH50xII", names, at)
        name = names[at : at + max(0, named - 2)].decode("utf-16-le", "replace")
        if name.lower() in _BOOKS and extent >= large:
            return _chain(start, following, sector)[:extent]
        if name.lower() in _BOOKS:
            small_following = array("I", _chain(small, following, sector))
            return _chain(start, small_following, small_sector)[:extent]
    return b""


def with_own_letters(file: IO[bytes]) -> IO[bytes]:
    """Return a workbook's file, or a copy whose texts calamine reads by their own flags.

    Since Excel 97 each text tells whether it has one or two bytes a letter. calamine 0.9 goes by
    the code page that some programs write, such as 1252, and reads a null after each letter.
    """
    try:
        stream = book_of(file)
    except (struct.error, IndexError, ValueError, OverflowError):
        return file
    at = 0
    for kind, body in records(stream, 0):
        if (at == 0 and body[:2] != _EXCEL_97) or kind == _END:
            break
        if kind == _CODE_PAGE and len(body) == 2 and body != _UNICODE:
            file.seek(0)
            data = file.read()
            begin = data.find(stream[: at + 6])  # it is short, so within one sector
            if begin >= 0:
                return io.BytesIO(data[: begin + at + 4] + _UNICODE + data[begin + at + 6 :])
        at += 4 + len(body)
    return file


def _chain(number: int, following: Sequence[int], sector: Callable[[int], bytes]) -> bytes:
    """Read a stream sector by sector; an endless chain is cut at the length of the file."""
    parts: list[bytes] = []
    while number < _FREE and len(parts) < len(following):
        parts.append(sector(number))
        number = following[number]
    return b"".join(parts)


def records(stream: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    """Yield the kind and the body of each record from an offset on."""
    while at + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, at)
        yield kind, stream[at + 4 : at + 4 + length]
        at += 4 + length


def begin_of(stream: bytes, sheet: str) -> int | None:
    """Find the beginning of a sheet's records."""
    for kind, body in records(stream, 0):
        if kind == _SHEET_AT:
            name = body[8:].decode("utf-16-le" if body[7] & 1 else "latin-1", "replace")
            if name[: body[6]] == sheet:
                return int.from_bytes(body[:4], "little")
        elif kind == _END:
            return None
    return None


def records_of(stream: bytes, begin: int) -> Iterator[tuple[int, bytes]]:
    """Yield the records between the begin and the end of a sheet."""
    depth = 0
    for kind, body in records(stream, begin):
        if kind == _BEGIN:  # a chart in the sheet has its own begin and end
            depth += 1
        elif kind == _END:
            depth -= 1
            if not depth:
                return
        else:
            yield kind, body


def _search(stream: bytes, begin: int, marks: Marks) -> None:
    for kind, body in records_of(stream, begin):
        if kind == _COLUMNS and body[8] & 1:
            first, last = struct.unpack_from("<HH", body)
            marks.hidden_columns.update(range(first, last + 1))
        elif (kind == _FORMULA and body[6] == 2 and body[12:14] == b"\xff\xff") or (
            kind == _ERROR and body[7]
        ):
            row, column = struct.unpack_from("<HH", body)
            code = body[8] if kind == _FORMULA else body[6]
            marks.errors.setdefault(row + 1, {})[column] = CELL_ERRORS.get(code, "#ERROR!")
