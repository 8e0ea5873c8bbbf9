"""Finds what a sheet has beside its values: hidden rows and columns, errors, merged cells."""

from __future__ import annotations

import re
import zipfile
import zlib
from dataclasses import dataclass, field
from typing import IO, TYPE_CHECKING, Final
from xml.parsers import expat

from desktop.sheets.description import Kind
from desktop.sheets.reader.files.package import OdsTable, Package, column_of, parser_for

if TYPE_CHECKING:
    from collections.abc import Iterator

_BLOCK: Final = 1 << 18
_LONGEST: Final = 16 << 20
"""Bytes of a row that are searched."""
_REPEATED: Final = 1 << 14
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
_CELL: Final = re.compile(rb"<(?:\w+:)?c[\s/>]")
_HIDDEN: Final = re.compile(rb"\shidden=[\"'](?:1|true|on)[\"']")
_GIVEN: Final = re.compile(rb"\s(\w+)=[\"']([^\"']*)[\"']")
_LETTERS: Final = re.compile(rb"\sr=[\"']([A-Za-z]+)")
_ODS: Final = re.compile(
    rb"table:visibility=\"(?:collapse|filter)|value-type=\"error|table:formula="
    rb"|table:number-(?:rows|columns)-spanned=\"(?!1\")"
)
"""What a table without any mark lacks."""


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
    except (
        zipfile.BadZipFile, zlib.error, expat.ExpatError, KeyError, ValueError, EOFError,
        NotImplementedError, OSError,
    ):  # fmt: skip
        pass  # calamine is more tolerant and has read it
    return marks


def _search_xlsx(content: IO[bytes], marks: Marks) -> None:
    row = 0
    for rows in _whole_rows(content):
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
                    marks.hidden_columns.update(range(first, min(last, first + _REPEATED)))
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


def _whole_rows(content: IO[bytes]) -> Iterator[bytes]:
    """Read a sheet in pieces that end with a row."""
    kept = b""
    while block := content.read(_BLOCK):
        kept += block
        end = kept.rfind(b"row>") + len(b"row>")
        if end >= len(b"row>"):
            yield kept[:end]
            kept = kept[end:]
        elif len(kept) > _LONGEST:
            return
    yield kept


def _search_ods(parts: zipfile.ZipFile, sheet: str, marks: Marks) -> None:
    with parts.open("content.xml") as content:
        before, has_marks = b"", False
        while not has_marks and (block := content.read(_BLOCK)):
            has_marks = _ODS.search(before[-80:] + block) is not None
            before = block
    if not has_marks:
        return
    parser = parser_for(_OdsMarks(sheet, marks))
    with parts.open("content.xml") as content:
        while block := content.read(_BLOCK):
            parser.Parse(block)


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
                shown = min(last, self._left + _REPEATED)
                self._marks.hidden_columns.update(range(self._left, shown))
            self._left = last

    def begin_row(self, given: dict[str, str]) -> None:
        """Take a row."""
        if _is_hidden(given):
            self._marks.hidden_rows.update(range(self.row, self.row + min(self.rows, _REPEATED)))

    def begin_cell(self, given: dict[str, str]) -> None:
        """Take a cell."""
        down = int(given.get("table:number-rows-spanned", "1"))
        if down > 1 or int(given.get("table:number-columns-spanned", "1")) > 1:
            self._marks.merged.append(self.row + down - 1)
        if given.get("calcext:value-type") == "error":
            self._failed = []
        elif "table:formula" in given and "office:value-type" not in given:
            self._marks.unsaved += min(self.columns, _REPEATED) * min(self.rows, _REPEATED)

    def text(self, text: str) -> None:
        """Take the text of a cell with an error."""
        if self._failed is not None:
            self._failed.append(text)

    def end_cell(self) -> None:
        """Keep the text of an error."""
        if self._failed is not None:
            last = self.column + min(self.columns, _REPEATED)
            failed = dict.fromkeys(range(self.column, last), "".join(self._failed))
            for row in range(self.row, self.row + min(self.rows, _REPEATED)):
                self._marks.errors.setdefault(row, {}).update(failed)
        self._failed = None


def _is_hidden(given: dict[str, str]) -> bool:
    return given.get("table:visibility") in {"collapse", "filter"}
