"""Reads what calamine leaves out of binary workbooks: number formats, and what their sheets hide.

The records of ``.xls`` are in a stream of a compound file. Microsoft's [MS-CFB] describes the
compound file, [MS-XLS] the records, [MS-XLSB] those of ``.xlsb``. Calamine has read the file
before, so unexpected content only ends the search.
"""

from __future__ import annotations

import io
import os
import struct
import zipfile
from array import array
from typing import IO, TYPE_CHECKING, Final

from desktop.sheets.reader.files.number_formats import EPOCH, EPOCH_1904, code_of
from desktop.sheets.reader.files.package import Package
from desktop.sheets.reader.files.xml_cells import ERRORS, Marks, SheetFormats, UnreadableFormats

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import datetime

    from desktop.sheets.reader.files.xml_cells import NumberRow

    Numbers = Iterator[tuple[int, int, int, float]]
    """Row from 0, column, style and number of cells."""

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
_ROW, _COLUMNS, _FORMULA, _ERROR = 0x208, 0x7D, 0x06, 0x205
_HIDDEN: Final = 0x20
CELL_ERRORS: Final = {
    0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?",
    0x24: "#NUM!", 0x2A: "#N/A", 0x2B: "#GETTING_DATA",
}  # fmt: skip
"""The texts of cells with an error, by their codes in binary workbooks."""


def old_marks_of(file: IO[bytes], sheet: str) -> Marks:
    """Find the marks of one sheet; those found so far if it cannot be searched further."""
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
    is_unicode = stream[5:6] >= b"\x06"
    for kind, body in records(stream, 0):
        if kind == _SHEET_AT:
            if is_unicode:
                name = body[8:].decode("utf-16-le" if body[7] & 1 else "latin-1", "replace")
            else:
                name = body[7:].decode("cp1252", "replace")
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
        if kind == _ROW and body[12] & _HIDDEN:
            marks.hidden_rows.add(int.from_bytes(body[:2], "little") + 1)
        elif kind == _COLUMNS and body[8] & 1:
            first, last = struct.unpack_from("<HH", body)
            marks.hidden_columns.update(range(first, last + 1))
        elif (kind == _FORMULA and body[6] == 2 and body[12:14] == b"\xff\xff") or (
            kind == _ERROR and body[7]
        ):
            row, column = struct.unpack_from("<HH", body)
            code = body[8] if kind == _FORMULA else body[6]
            marks.errors.setdefault(row + 1, {})[column] = CELL_ERRORS.get(code, "#ERROR!")


_BEGIN, _END = 0x809, 0x0A
_WIDE: Final = 0x600
"""The version of workbooks whose texts are Unicode; those of older ones are bytes."""
_FORMAT, _STYLE, _FIRST_DAY, _PAGE = 0x41E, 0xE0, 0x22, 0x42
_NUMBER, _RK, _RKS, _FORMULA = 0x203, 0x27E, 0xBD, 0x06
_XLSB_ROW, _XLSB_RK, _XLSB_REAL, _XLSB_FORMULA = 0, 2, 5, 9
_XLSB_SHORT: Final = range(12, 19)
"""Cells that do not say their column. Only SheetJS writes them; calamine skips them."""
_XLSB_FORMAT, _XLSB_STYLE, _XLSB_STYLES, _XLSB_STYLES_END = 44, 47, 617, 618
_XLSB_BOOK, _XLSB_SHEET = 153, 156
_XLSB_ERRORS: Final = {3, 11}
_XLSB_COLUMNS, _XLSB_MERGED = 60, 176
_ERRORS: Final = (*ERRORS, struct.error, LookupError)


def xls_formats(file: IO[bytes], sheet: str) -> SheetFormats | None:
    """Read the formats of the cells of a sheet of an ``.xls``; ``None`` if no cell has one.

    Raises:
        UnreadableFormats: if the records are not as they should be.
    """
    try:
        stream = book_of(file)
        begin = begin_of(stream, sheet)
        codes, epoch = _xls_styles(stream)
    except _ERRORS as error:
        raise UnreadableFormats from error
    if not codes:
        return None
    if begin is None:
        raise UnreadableFormats
    return SheetFormats(codes, epoch, _rows_of(_xls_numbers(stream, begin), codes))


def xlsb_formats(file: IO[bytes], sheet: str) -> SheetFormats | None:
    """Read the formats of the cells of a sheet of an ``.xlsb`` as ``xls_formats``."""
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as parts:
            package = Package(parts)
            styles = package.related("styles")
            codes = {} if styles is None else _xlsb_styles(_part(package, styles))
            if not codes:
                return None
            part, epoch = _xlsb_sheet(package, sheet)
            body = _part(package, part)
    except _ERRORS as error:
        raise UnreadableFormats from error
    return SheetFormats(codes, epoch, _rows_of(_xlsb_numbers(body), codes))


def has_short_cells(file: IO[bytes], sheet: str) -> bool:
    """Tell whether a sheet of an ``.xlsb`` has cells that calamine skips."""
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as parts:
            package = Package(parts)
            body = _part(package, _xlsb_sheet(package, sheet)[0])
            return any(kind in _XLSB_SHORT for kind, _ in _xlsb_records(body))
    except _ERRORS:
        return False


def xlsb_marks(file: IO[bytes], sheet: str) -> Marks:
    """Find the marks of a sheet of an ``.xlsb``; those found so far if it ends unexpectedly."""
    marks = Marks()
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as parts:
            package = Package(parts)
            body = _part(package, _xlsb_sheet(package, sheet)[0])
        row = 0
        for kind, at in _xlsb_records(body):
            if kind == _XLSB_ROW:
                row = int.from_bytes(body[at : at + 4], "little") + 1
                if body[at + 11] & 0x10:
                    marks.hidden_rows.add(row)
            elif kind in _XLSB_ERRORS:
                column = int.from_bytes(body[at : at + 4], "little")
                text = CELL_ERRORS.get(body[at + 8], "#ERROR!")
                marks.errors.setdefault(row, {})[column] = text
            elif kind == _XLSB_COLUMNS and body[at + 16] & 1:
                first, last = struct.unpack_from("<II", body, at)
                marks.hidden_columns.update(range(first, last + 1))
            elif kind == _XLSB_MERGED:
                marks.merged.append(int.from_bytes(body[at + 4 : at + 8], "little") + 1)
    except _ERRORS:
        pass  # calamine is more tolerant and has read it
    return marks


def _rows_of(numbers: Numbers, codes: Mapping[bytes | int, str]) -> Iterator[NumberRow]:
    """Collect the cells with a format by rows, which have to ascend."""
    at, found = -1, dict[int, tuple[bytes | int, float]]()
    try:
        for row, column, style, value in numbers:
            if style not in codes:
                continue
            if row != at:
                if row < at:
                    raise UnreadableFormats
                if found:
                    yield at + 1, found
                at, found = row, {}
            found[column] = style, value
    except _ERRORS as error:
        raise UnreadableFormats from error
    if found:
        yield at + 1, found


def _xls_styles(stream: bytes) -> tuple[dict[bytes | int, str], datetime]:
    """Return the formats by style, and the day with the number 0."""
    own: dict[int, str] = {}
    used: list[int] = []
    epoch, page = EPOCH, ""
    for kind, body in records(stream, 0):
        if kind == _BEGIN:
            page = "" if int.from_bytes(body[:2], "little") >= _WIDE else "cp1252"
        elif kind == _PAGE and page:
            page = f"cp{int.from_bytes(body[:2], 'little')}"
        elif kind == _FORMAT:
            own[int.from_bytes(body[:2], "little")] = _xls_text(body[2:], page)
        elif kind == _STYLE:
            used.append(int.from_bytes(body[2:4], "little"))
        elif kind == _FIRST_DAY and body[0]:
            epoch = EPOCH_1904
        elif kind == _END:
            break
    return _codes(used, own), epoch


def _xls_text(body: bytes, page: str) -> str:
    """Read a text; ``page`` is the encoding of an older workbook, which has bytes."""
    if page:
        return body[1 : 1 + body[0]].decode(page, "replace")
    length = int.from_bytes(body[:2], "little")
    text = body[3:].decode("utf-16-le" if body[2] & 1 else "latin-1", "replace")
    return text[:length]


def _codes(used: list[int], own: Mapping[int, str]) -> dict[bytes | int, str]:
    codes = ((style, code_of(number, own)) for style, number in enumerate(used))
    return {style: code for style, code in codes if code is not None}


def _xls_numbers(stream: bytes, begin: int) -> Numbers:
    for kind, body in records_of(stream, begin):
        if kind == _NUMBER or (kind == _FORMULA and body[12:14] != b"\xff\xff"):
            yield struct.unpack_from("<HHHd", body)
        elif kind == _RK:
            row, column, style, packed = struct.unpack_from("<HHHI", body)
            yield row, column, style, _unpacked(packed)
        elif kind == _RKS:
            row, column = struct.unpack_from("<HH", body)
            cells = struct.iter_unpack("<HI", body[4:-2])
            for at, (style, packed) in enumerate(cells, column):
                yield row, at, style, _unpacked(packed)


def _unpacked(packed: int) -> float:
    """Unpack a number of 30 bits: a whole one, or the first bits of a float; or hundredths."""
    if packed & 2:
        value = float((packed >> 2) - (packed >> 31 << 30))
    else:
        (value,) = struct.unpack("<d", struct.pack("<4xI", packed & ~3))
    return value / 100 if packed & 1 else value


def _part(package: Package, part: str) -> bytes:
    with package.open(part) as content:
        return content.read()


def _xlsb_records(content: bytes) -> Iterator[tuple[int, int]]:
    """Yield the kind and the begin of each record."""
    at, last = 0, len(content)
    while at < last:
        kind, at = content[at], at + 1
        if kind & 0x80:
            kind, at = kind & 0x7F | (content[at] & 0x7F) << 7, at + 1
        length = shift = 0
        while True:
            more, at = content[at], at + 1
            length |= (more & 0x7F) << shift
            shift += 7
            if more < 0x80:
                break
        yield kind, at
        at += length


def _xlsb_text(content: bytes, at: int) -> tuple[str, int]:
    """Return a text and its end."""
    begin = at + 4
    end = begin + 2 * int.from_bytes(content[at:begin], "little")
    return content[begin:end].decode("utf-16-le", "replace"), end


def _xlsb_sheet(package: Package, sheet: str) -> tuple[str, datetime]:
    """Return the part of a sheet, and the day with the number 0; raises ``KeyError``."""
    content = _part(package, package.workbook or "")
    ids: dict[str, str] = {}
    epoch = EPOCH
    for kind, at in _xlsb_records(content):
        if kind == _XLSB_BOOK and content[at] & 1:
            epoch = EPOCH_1904
        elif kind == _XLSB_SHEET:
            relation, after = _xlsb_text(content, at + 8)
            ids[_xlsb_text(content, after)[0]] = relation
    parts = {each.id: each.part for each in package.relations}
    return parts[ids[sheet]], epoch


def _xlsb_styles(content: bytes) -> dict[bytes | int, str]:
    own: dict[int, str] = {}
    used: list[int] = []
    is_ours = False
    for kind, at in _xlsb_records(content):
        if kind == _XLSB_FORMAT:
            own[int.from_bytes(content[at : at + 2], "little")] = _xlsb_text(content, at + 2)[0]
        elif kind in {_XLSB_STYLES, _XLSB_STYLES_END}:
            is_ours = kind == _XLSB_STYLES
        elif kind == _XLSB_STYLE and is_ours:
            used.append(int.from_bytes(content[at + 2 : at + 4], "little"))
    return _codes(used, own)


def _xlsb_numbers(content: bytes) -> Numbers:
    row = 0
    for kind, at in _xlsb_records(content):
        if kind == _XLSB_ROW:
            (row,) = struct.unpack_from("<I", content, at)
        elif kind == _XLSB_RK:
            column, style, packed = struct.unpack_from("<III", content, at)
            yield row, column, style & 0xFFFFFF, _unpacked(packed)
        elif kind in {_XLSB_REAL, _XLSB_FORMULA}:
            column, style, value = struct.unpack_from("<IId", content, at)
            yield row, column, style & 0xFFFFFF, value
