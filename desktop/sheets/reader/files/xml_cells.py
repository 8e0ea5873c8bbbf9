"""Reads what calamine leaves out of workbooks in XML: marks, number formats, and texts of .ods.

Marks are hidden rows and columns, errors, and merged cells. The parts are read piece by piece, so a
large sheet takes no memory; entities are refused.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from typing import IO, Final, NamedTuple
from xml.parsers import expat

from desktop.sheets.description import Kind
from desktop.sheets.reader.files.number_formats import EPOCH, EPOCH_1904, code_of
from desktop.sheets.reader.files.package import ERRORS, Package

_BLOCK: Final = 1 << 16
_MARKS_BLOCK: Final = 1 << 18
_MOST_MARKS: Final = 1 << 14
"""Equal rows or columns beyond these are not marked; sheets are filled up with them."""
_ATTRIBUTE: Final = r"(?=[^>]*?\s{}=[\"']{}[\"'])"
_FORMULA: Final = r"<(?:\w+:)?f\b[^>]*(?:/>|>[^<]*</(?:\w+:)?f>)\s*"
_XLSX: Final = re.compile(
    (
        r"<(?:\w+:)?(?:row\b(?P<row>[^>]*)>|col\b(?P<columns>[^>]*)>"
        rf"|c\b{_ATTRIBUTE.format('t', 'e')}(?P<failed>[^>]*)>\s*(?:{_FORMULA})?"
        r"<(?:\w+:)?v\b[^>]*>(?P<error>[^<]+)<"
        rf"|c\b(?P<cell>[^>]*)>\s*{_FORMULA}(?P<value><(?:\w+:)?v\b[^>]*(?:/>|>\s*<))?"
        r"(?(value)|</(?:\w+:)?c>)"
        r"|mergeCell\b[^>]*?\sref=[\"'][$A-Z\d]*:[$A-Z]*(?P<merged>\d+))"
    ).encode()
)
"""A row, columns, a cell with an error, a formula without a value, or a merged cell."""
_HIDDEN: Final = re.compile(rb"\shidden=[\"'](?:1|true|on)[\"']")
_GIVEN: Final = re.compile(rb"\s(\w+)=[\"']([^\"']*)[\"']")
_LETTERS: Final = re.compile(rb"\sr=[\"']([A-Za-z]+)")
_ODS: Final = re.compile(
    rb"table:visibility=\"(?:collapse|filter)|value-type=\"error|table:formula="
    rb"|table:number-(?:rows|columns)-spanned=\"(?!1\")"
)
"""What a table without any mark lacks."""


def _told(
    content: IO[bytes],
    start: Callable[[str, dict[str, str]], None],
    end: Callable[[str], None] | None = None,
    text: Callable[[str], None] | None = None,
) -> Iterator[None]:
    """Tell of the elements of a part, and yield after each piece; ``ValueError`` at an entity."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text
    parser.EntityDeclHandler = _refuse
    while block := content.read(_BLOCK):
        parser.Parse(block)
        yield
    parser.Parse(b"", True)
    yield


def _refuse(*_: object) -> None:
    raise ValueError("A workbook declares no entities.")


@dataclass(slots=True)
class Marks:
    """The marks of a sheet; rows count from 1, columns from 0.

    - ``errors``: the texts of cells with an error, such as ``#N/A``, by their rows and columns
    - ``merged``: the last row of each merged cell
    - ``unsaved``: the number of formulas whose value was not saved
    """

    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    errors: dict[int, dict[int, str]] = field(default_factory=dict)
    merged: list[int] = field(default_factory=list)
    unsaved: int = 0


def marks_of(file: IO[bytes], kind: Kind, sheet: str) -> Marks:
    """Find the marks of one sheet; those found so far if it cannot be searched further."""
    marks = Marks()
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as parts:
            if kind is Kind.ODS:
                _search_ods(parts, sheet, marks)
            else:
                package = Package(parts)
                part = package.sheet(sheet)
                if part is not None:
                    with package.open(part) as content:
                        _search_xlsx(content, marks)
    except ERRORS:
        pass  # calamine is more tolerant and has read it
    return marks


def _search_xlsx(content: IO[bytes], marks: Marks) -> None:
    row = 0
    for rows in _pieces_with_rows(content):
        begin = 0
        for found in _XLSX.finditer(rows):
            match found.lastgroup:
                case "row":
                    begin, given = found.end(), found["row"]
                    number = re.search(rb"\sr=[\"'](\d+)", given)
                    row = int(number[1]) if number else row + 1
                    if b"hidden" in given and _HIDDEN.search(given):
                        marks.hidden_rows.add(row)
                case "columns" if _HIDDEN.search(found["columns"]):
                    given = dict(_GIVEN.findall(found["columns"]))
                    first, last = int(given[b"min"]) - 1, int(given[b"max"])
                    marks.hidden_columns.update(range(first, min(last, first + _MOST_MARKS)))
                case "error":
                    letters = _LETTERS.search(found["failed"])
                    cells = _CELL.findall(rows, begin, found.start() + 1)
                    column = column_of(letters[1]) if letters else len(cells)
                    marks.errors.setdefault(row, {})[column] = found["error"].decode()
                case "merged":
                    marks.merged.append(int(found["merged"]))
                case "value" | "cell":
                    is_text = b't="str"' in found["cell"] or b"t='str'" in found["cell"]
                    marks.unsaved += not (is_text and found["value"])


def _pieces_with_rows(content: IO[bytes]) -> Iterator[bytes]:
    """Read a sheet in pieces that end with a row."""
    kept = b""
    while block := content.read(_MARKS_BLOCK):
        kept += block
        end = kept.rfind(b"row>") + len(b"row>")
        if end >= len(b"row>"):
            yield kept[:end]
            kept = kept[end:]
        elif len(kept) > _LONGEST_ROW:
            return
    yield kept


def _search_ods(parts: zipfile.ZipFile, sheet: str, marks: Marks) -> None:
    with parts.open("content.xml") as content:
        before, has_marks = b"", False
        while not has_marks and (block := content.read(_MARKS_BLOCK)):
            has_marks = _ODS.search(before[-80:] + block) is not None
            before = block
    if not has_marks:
        return
    table = _OdsTable(sheet, marks)
    with parts.open("content.xml") as content:
        for _ in table.read(content):
            pass


ShownRow = tuple[int, Mapping[int, str]]
NumberRow = tuple[int, Mapping[int, tuple[bytes | int, float]]]
_DAY: Final = timedelta(days=1)
_LONGEST_ROW: Final = 16 << 20
_ROW: Final = re.compile(rb"<((?:\w+:)?)row\b")
_NEVER: Final = re.compile(rb"(?!)")
_ROW_END: Final = re.compile(rb"</(?:\w+:)?row\s*>")
_CELL: Final = re.compile(rb"<(?:\w+:)?c[\s/>]")
_ASIDE: Final = re.compile(rb"<!--.*?-->|<!\[CDATA\[.*?\]\]>", re.DOTALL)
_CELLS_REPEATED: Final = 1024
"""Equal cells or rows beyond these have no text of their own; sheets are filled up with them."""


class UnreadableFormats(Exception):
    """The formats of a sheet cannot be read; its values can."""


class SheetFormats(NamedTuple):
    """The formats of a sheet by the numbers of its styles, and the cells that have one.

    ``epoch`` is the day with the number 0. ``rows`` have the style and the number of cells by
    column; rows count from 1 and ascend, columns count from 0. Reading them may raise
    ``UnreadableFormats``.
    """

    codes: Mapping[bytes | int, str]
    epoch: datetime
    rows: Iterator[NumberRow]


@lru_cache(maxsize=1 << 14)
def column_of(letters: bytes) -> int:
    """Return the column of its letters, such as 1 for ``B``."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - ord("A") + 1
    return number - 1


def xlsx_formats(file: IO[bytes], sheet: str) -> SheetFormats | None:
    """Read the formats of the cells of a sheet; ``None`` if no cell has one.

    Raises:
        UnreadableFormats: if the parts are not as they should be.
    """
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as parts:
            package = Package(parts)
            part, styles = package.sheet(sheet), package.related("styles")
            if part is None or styles is None or package.workbook is None:
                return None
            looks, book = _Styles(), _Book()
            for each, name in ((looks, styles), (book, package.workbook)):
                with package.open(name) as content:
                    for _ in _told(content, each.start):
                        pass
    except ERRORS as error:
        raise UnreadableFormats from error
    found = enumerate(looks.codes())
    codes: dict[bytes | int, str] = {str(at).encode(): code for at, code in found if code}
    rows = _numbers_in(file, part, codes, book.epoch)
    return SheetFormats(codes, book.epoch, rows) if codes else None


def _numbers_in(
    file: IO[bytes], part: str, codes: Mapping[bytes | int, str], epoch: datetime
) -> Iterator[NumberRow]:
    """Yield the cells with a format of each row.

    The part is searched by patterns, without a call into Python for every element.
    """
    file.seek(0)
    number, begins, cells = 0, _NEVER, _NEVER
    try:
        with zipfile.ZipFile(file) as parts, Package(parts).open(part) as content:
            for rows in _whole_rows(content):
                if begins is _NEVER and (first := _ROW.search(b"".join(rows))):
                    begins, cells = _patterns(codes, first[1])
                for row in rows:
                    for begin in begins.finditer(row):  # an empty row has no end of its own
                        number = int(begin[1]) if begin[1] else number + 1
                    if found := _numbers(row, cells, epoch):
                        yield number, found
    except ERRORS as error:
        raise UnreadableFormats from error


def _whole_rows(content: IO[bytes]) -> Iterator[list[bytes]]:
    """Read the rows of a sheet, without comments; declarations are refused."""
    kept = b""
    while block := content.read(_BLOCK):
        *rows, kept = _ROW_END.split(kept + block)
        if len(kept) > _LONGEST_ROW:
            raise ValueError("A row is too long.")
        if b"<!" in block:
            rows = [_ASIDE.sub(b"", row) for row in rows]
            if any(b"<!" in row for row in rows):
                raise ValueError("A sheet declares nothing.")
        yield rows


def _patterns(codes: Mapping[bytes | int, str], prefix: bytes) -> tuple[re.Pattern[bytes], ...]:
    """Make the patterns of the begin of a row, and of a cell with a number and one of these styles.

    ``prefix`` is that of the names of elements: a pattern that begins with a fixed text is faster.
    """
    styles = b"|".join(style for style in codes if isinstance(style, bytes))
    style = rb"(?=[^>]*\ss=[\"'](" + styles + rb")[\"'])"
    if b"0" in codes:  # the style of cells that name none
        style = b"(?:" + style + rb"|(?![^>]*\ss=))"
    row = b"<%brow\\b(?:[^>]*?\\sr=[\"'](\\d+))?" % prefix
    cell = b"<%bc(?=[\\s>])%b" % (prefix, style)
    number = rb"(?![^>]*\st=[\"'](?![dn][\"']))(?:[^>]*?\sr=[\"']([A-Za-z]+))?[^>]*(?<!/)>\s*"
    formula = b"(?:<%bf\\b[^>]*(?:/>|>[^<]*</%bf>)\\s*)?" % (prefix, prefix)
    value = b"<%bv\\b[^>]*>([^<]+)<" % prefix
    return re.compile(row), re.compile(cell + number + formula + value)


def _numbers(
    row: bytes, cells: re.Pattern[bytes], epoch: datetime
) -> dict[int, tuple[bytes | int, float]]:
    found: dict[int, tuple[bytes | int, float]] = {}
    places: dict[int, int] | None = None
    for cell in cells.finditer(row):
        style, letters, value = cell.groups()
        if letters is not None:
            column = column_of(letters)
        else:
            if places is None:
                places = {each.start(): at for at, each in enumerate(_CELL.finditer(row))}
            column = places[cell.start()]
        try:
            number = float(value)
        except ValueError:  # a strict workbook has dates as text
            number = (datetime.fromisoformat(value.decode()).replace(tzinfo=None) - epoch) / _DAY
        found[column] = style or b"0", number
    return found


def ods_cells(file: IO[bytes], sheet: str) -> Iterator[ShownRow]:
    """Yield the texts of each row's numbers, as the program that saved them has shown them.

    Raises:
        UnreadableFormats: if the parts are not as they should be.
    """
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as parts, parts.open("content.xml") as content:
            for rows in _OdsTable(sheet, Marks()).read(content):
                yield from rows
    except ERRORS as error:
        raise UnreadableFormats from error


class _Styles:
    """Collects the formats of ``styles.xml``."""

    def __init__(self) -> None:
        self._own: dict[int, str] = {}
        self._used: list[int] = []
        self._in_cells = False

    def start(self, name: str, given: dict[str, str]) -> None:
        """Take a format, or the number of one."""
        match name.rpartition(":")[2]:
            case "numFmt":
                self._own[int(given["numFmtId"])] = given["formatCode"]
            case "cellXfs":
                self._in_cells = True
            case "cellStyles" | "dxfs":
                self._in_cells = False
            case "xf" if self._in_cells:
                self._used.append(int(given.get("numFmtId", "0")))

    def codes(self) -> list[str | None]:
        """Return the format of each style of cells; ``None`` shows the plain value."""
        return [code_of(number, self._own) for number in self._used]


class _Book:
    """Finds the day with the number 0 in ``workbook.xml``."""

    epoch = EPOCH

    def start(self, name: str, given: dict[str, str]) -> None:
        """Take the workbook's properties."""
        is_1904 = given.get("date1904") in {"1", "true", "on"}
        if name.rpartition(":")[2] == "workbookPr" and is_1904:
            self.epoch = EPOCH_1904


_TABLE: Final = "table:table"
_CELLS: Final = {"table:table-cell", "table:covered-table-cell"}


class _OdsTable:
    """Collects the ``marks`` of a table of an ``.ods``, and the texts of its numbers.

    Tables within its cells, and comments, are passed over. Rows count from 1 and columns from 0.
    """

    def __init__(self, sheet: str, marks: Marks) -> None:
        self._sheet = sheet
        self._marks = marks
        self._depth = 0
        self._is_ours = False
        self._left = 0  # the first column of the next columns
        self._row, self._column = 1, 0
        self._rows = self._columns = 1  # equal ones for which the current row and cell stand
        self._shown: list[ShownRow] = []
        self._found: dict[int, str] = {}
        self._failed = False
        self._taken: list[str] | None = None
        self._inside: list[str] = []

    def read(self, content: IO[bytes]) -> Iterator[list[ShownRow]]:
        """Read the table in pieces: yield the texts of each row's numbers."""
        for _ in _told(content, self._start, self._end, self._text):
            yield self._shown
            self._shown = []

    def _start(self, name: str, given: dict[str, str]) -> None:
        if name == _TABLE:
            self._depth += 1
            if self._depth == 1:
                self._is_ours = given.get("table:name") == self._sheet
                self._row, self._left = 1, 0
        if not self._is_ours or self._depth > 1:
            return
        is_hidden = given.get("table:visibility") in {"collapse", "filter"}
        if name == "table:table-row":
            self._rows = int(given.get("table:number-rows-repeated", "1"))
            self._column, self._found = 0, {}
            if is_hidden:
                self._marks.hidden_rows.update(self._equal_rows())
        elif name == "table:table-column":
            last = self._left + int(given.get("table:number-columns-repeated", "1"))
            if is_hidden:
                shown = min(last, self._left + _MOST_MARKS)
                self._marks.hidden_columns.update(range(self._left, shown))
            self._left = last
        elif name in _CELLS:
            self._start_cell(given)
        elif self._taken is not None:
            self._inside.append(name)
            if name == "text:s":
                self._taken.append(" " * min(int(given.get("text:c", "1")), _CELLS_REPEATED))
            elif self._inside == ["text:p"] and self._taken:
                self._taken.append("\n")

    def _start_cell(self, given: dict[str, str]) -> None:
        self._columns = int(given.get("table:number-columns-repeated", "1"))
        down = int(given.get("table:number-rows-spanned", "1"))
        if down > 1 or int(given.get("table:number-columns-spanned", "1")) > 1:
            self._marks.merged.append(self._row + down - 1)
        self._failed = given.get("calcext:value-type") == "error"
        kind = given.get("office:value-type", "string")
        self._taken = [] if self._failed or kind not in {"string", "void"} else None
        self._inside = []
        if not self._failed and "table:formula" in given and "office:value-type" not in given:
            self._marks.unsaved += len(self._equal_rows()) * min(self._columns, _MOST_MARKS)

    def _text(self, text: str) -> None:
        if self._taken is not None and self._inside[:1] == ["text:p"]:
            self._taken.append(text)

    def _end(self, name: str) -> None:
        if name == _TABLE:
            self._depth -= 1
            self._is_ours = self._is_ours and self._depth > 0
        elif not self._is_ours or self._depth > 1:
            return
        elif name in _CELLS:
            self._end_cell()
            self._column += self._columns
        elif name == "table:table-row":
            if self._found:
                rows = range(self._row, self._row + self._rows)
                self._shown += [(row, self._found) for row in rows]
            self._row += self._rows
        elif self._inside:
            self._inside.pop()

    def _end_cell(self) -> None:
        """Keep the text of a cell: of an error, or of a number."""
        most = _MOST_MARKS if self._failed else _CELLS_REPEATED
        columns = range(self._column, self._column + min(self._columns, most))
        texts = dict.fromkeys(columns, "".join(self._taken or ()))
        if self._failed:
            for row in self._equal_rows():
                self._marks.errors.setdefault(row, {}).update(texts)
        elif self._taken:
            self._found |= texts
        self._taken = None

    def _equal_rows(self) -> range:
        return range(self._row, self._row + min(self._rows, _MOST_MARKS))
