"""Reads what calamine leaves out of workbooks in XML: marks, number formats, and texts of .ods.

Marks are hidden rows and columns, errors, and merged cells. The parts are read piece by piece, so a
large sheet takes no memory; entities are refused.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from typing import IO, TYPE_CHECKING, Final, NamedTuple
from xml.parsers import expat

from desktop.sheets.description import Kind
from desktop.sheets.reader.files.number_formats import EPOCH, EPOCH_1904, code_of
from desktop.sheets.reader.files.package import ERRORS, Package

if TYPE_CHECKING:
    from collections.abc import Iterator

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


class XmlListener:
    """What is told of the elements of a part; it ignores them."""

    def start(self, name: str, given: dict[str, str]) -> None:
        """Take the begin of an element."""

    def end(self, name: str) -> None:
        """Take the end of an element."""

    def text(self, text: str) -> None:
        """Take a text."""


def _told(content: IO[bytes], listener: XmlListener) -> Iterator[None]:
    """Tell a listener of a part, and yield after each piece; raises ``ValueError`` at an entity."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = listener.start
    parser.EndElementHandler = listener.end
    parser.CharacterDataHandler = listener.text
    parser.EntityDeclHandler = _refuse
    while block := content.read(_BLOCK):
        parser.Parse(block)
        yield
    parser.Parse(b"", True)
    yield


def _refuse(*_: object) -> None:
    raise ValueError("A workbook declares no entities.")


_TABLE: Final = "table:table"
_CELLS: Final = {"table:table-cell", "table:covered-table-cell"}


class OdsTable(XmlListener):
    """Walks through one table of an ``.ods``; tables within its cells are passed over.

    ``row`` counts from 1 and ``column`` from 0. The current row stands for ``rows`` equal ones, the
    current cell for ``columns``.
    """

    def __init__(self, sheet: str) -> None:
        self._sheet = sheet
        self._depth = 0
        self._is_ours = False
        self.row, self.column = 1, 0
        self.rows = self.columns = 1

    def start(self, name: str, given: dict[str, str]) -> None:
        """Take the begin of an element."""
        if name == _TABLE:
            self._depth += 1
            if self._depth == 1:
                self._is_ours = given.get("table:name") == self._sheet
                self.row = 1
        if not self._is_ours or self._depth > 1:
            return
        if name == "table:table-row":
            self.rows = int(given.get("table:number-rows-repeated", "1"))
            self.column = 0
            self.begin_row(given)
        elif name in _CELLS:
            self.columns = int(given.get("table:number-columns-repeated", "1"))
            self.begin_cell(given)
        else:
            self.begin_other(name, given)

    def end(self, name: str) -> None:
        """Take the end of an element."""
        if name == _TABLE:
            self._depth -= 1
            self._is_ours = self._is_ours and self._depth > 0
        elif not self._is_ours or self._depth > 1:
            return
        elif name in _CELLS:
            self.end_cell()
            self.column += self.columns
        elif name == "table:table-row":
            self.end_row()
            self.row += self.rows
        else:
            self.end_other()

    def begin_row(self, given: dict[str, str]) -> None:
        """Take a row's attributes."""

    def begin_cell(self, given: dict[str, str]) -> None:
        """Take a cell's attributes."""

    def begin_other(self, name: str, given: dict[str, str]) -> None:
        """Take any other element of the table, and of its cells."""

    def end_cell(self) -> None:
        """Finish a cell."""

    def end_row(self) -> None:
        """Finish a row."""

    def end_other(self) -> None:
        """Finish any other element."""


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
    with parts.open("content.xml") as content:
        for _ in _told(content, _OdsMarks(sheet, marks)):
            pass


class _OdsMarks(OdsTable):
    """Collects the marks of a table of an ``.ods``."""

    def __init__(self, sheet: str, marks: Marks) -> None:
        super().__init__(sheet)
        self._marks = marks
        self._left = 0  # the first column of the next columns
        self._failed: list[str] | None = None

    def begin_other(self, name: str, given: dict[str, str]) -> None:
        """Take columns."""
        if name == "table:table":
            self._left = 0
        elif name == "table:table-column":
            last = self._left + int(given.get("table:number-columns-repeated", "1"))
            if _is_hidden(given):
                shown = min(last, self._left + _MOST_MARKS)
                self._marks.hidden_columns.update(range(self._left, shown))
            self._left = last

    def begin_row(self, given: dict[str, str]) -> None:
        """Take a row."""
        if _is_hidden(given):
            self._marks.hidden_rows.update(range(self.row, self.row + min(self.rows, _MOST_MARKS)))

    def begin_cell(self, given: dict[str, str]) -> None:
        """Take a cell."""
        down = int(given.get("table:number-rows-spanned", "1"))
        if down > 1 or int(given.get("table:number-columns-spanned", "1")) > 1:
            self._marks.merged.append(self.row + down - 1)
        if given.get("calcext:value-type") == "error":
            self._failed = []
        elif "table:formula" in given and "office:value-type" not in given:
            self._marks.unsaved += min(self.columns, _MOST_MARKS) * min(self.rows, _MOST_MARKS)

    def text(self, text: str) -> None:
        """Take the text of a cell with an error."""
        if self._failed is not None:
            self._failed.append(text)

    def end_cell(self) -> None:
        """Keep the text of an error."""
        if self._failed is not None:
            last = self.column + min(self.columns, _MOST_MARKS)
            failed = dict.fromkeys(range(self.column, last), "".join(self._failed))
            for row in range(self.row, self.row + min(self.rows, _MOST_MARKS)):
                self._marks.errors.setdefault(row, {}).update(failed)
        self._failed = None


def _is_hidden(given: dict[str, str]) -> bool:
    return given.get("table:visibility") in {"collapse", "filter"}


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
                    for _ in _told(content, each):
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
            texts = _OdsTexts(sheet)
            for _ in _told(content, texts):
                yield from texts.rows_found
                texts.rows_found.clear()
    except ERRORS as error:
        raise UnreadableFormats from error


class _Styles(XmlListener):
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


class _Book(XmlListener):
    """Finds the day with the number 0 in ``workbook.xml``."""

    epoch = EPOCH

    def start(self, name: str, given: dict[str, str]) -> None:
        """Take the workbook's properties."""
        is_1904 = given.get("date1904") in {"1", "true", "on"}
        if name.rpartition(":")[2] == "workbookPr" and is_1904:
            self.epoch = EPOCH_1904


class _OdsTexts(OdsTable):
    """Collects the texts of the numbers of a table of an ``.ods``.

    ``text:p`` of a comment in the cell is not part of it.
    """

    def __init__(self, sheet: str) -> None:
        super().__init__(sheet)
        self.rows_found: list[ShownRow] = []
        self._found: dict[int, str] = {}
        self._taken: list[str] | None = None
        self._inside: list[str] = []

    def begin_row(self, given: dict[str, str]) -> None:
        """Take a row."""
        self._found = {}

    def begin_cell(self, given: dict[str, str]) -> None:
        """Take a cell."""
        kind = given.get("office:value-type", "string")
        self._taken = None if kind in {"string", "void"} else []
        self._inside = []

    def begin_other(self, name: str, given: dict[str, str]) -> None:
        """Take a part of a cell's text."""
        if self._taken is None:
            return
        self._inside.append(name)
        if name == "text:s":
            self._taken.append(" " * min(int(given.get("text:c", "1")), _CELLS_REPEATED))
        elif name == "text:p" and self._inside == ["text:p"] and self._taken:
            self._taken.append("\n")

    def text(self, text: str) -> None:
        """Take a text of the cell itself."""
        if self._taken is not None and self._inside[:1] == ["text:p"]:
            self._taken.append(text)

    def end_cell(self) -> None:
        """Keep the text of a cell."""
        if self._taken:
            last = self.column + min(self.columns, _CELLS_REPEATED)
            self._found |= dict.fromkeys(range(self.column, last), "".join(self._taken))
        self._taken = None

    def end_row(self) -> None:
        """Keep a row with texts."""
        if self._found:
            self.rows_found += [(row, self._found) for row in range(self.row, self.row + self.rows)]

    def end_other(self) -> None:
        """Leave a part of a cell's text."""
        if self._inside:
            self._inside.pop()
