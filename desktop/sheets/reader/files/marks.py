"""Finds what a sheet has beside its values: hidden rows and columns, errors, merged cells."""

from __future__ import annotations

import re
import zipfile
import zlib
from dataclasses import dataclass, field
from typing import IO, TYPE_CHECKING, Final
from xml.parsers import expat

from desktop.sheets.description import Kind
from desktop.sheets.reader.files.package import Package

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
                    column = _column(letters[1]) if letters else len(cells)
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


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - ord("A") + 1
    return number - 1


def _search_ods(parts: zipfile.ZipFile, sheet: str, marks: Marks) -> None:
    with parts.open("content.xml") as content:
        before, has_marks = b"", False
        while not has_marks and (block := content.read(_BLOCK)):
            has_marks = _ODS.search(before[-80:] + block) is not None
            before = block
    if not has_marks:
        return
    table = _OdsTable(sheet, marks)
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = table.start
    parser.EndElementHandler = table.end
    parser.CharacterDataHandler = table.text
    parser.EntityDeclHandler = _refuse
    with parts.open("content.xml") as content:
        while block := content.read(_BLOCK):
            parser.Parse(block)


def _refuse(*_: object) -> None:
    raise ValueError("A workbook declares no entities.")


class _OdsTable:
    """Collects the marks of a table of an ``.ods``."""

    def __init__(self, sheet: str, marks: Marks) -> None:
        self._sheet = sheet
        self._marks = marks
        self._depth = 0
        self._is_ours = False
        self._row = self._column = self._rows = self._columns = self._left = 0
        self._failed: list[str] | None = None

    def start(self, name: str, given: dict[str, str]) -> None:
        """Take a table, columns, a row or a cell."""
        if name == "table:table":
            self._depth += 1
            if self._depth == 1:
                self._is_ours = given.get("table:name") == self._sheet
                self._row, self._left = 1, 0
        if not self._is_ours or self._depth > 1:
            return
        is_hidden = given.get("table:visibility") in {"collapse", "filter"}
        match name:
            case "table:table-column":
                last = self._left + int(given.get("table:number-columns-repeated", "1"))
                if is_hidden:
                    self._marks.hidden_columns.update(
                        range(self._left, min(last, self._left + _REPEATED))
                    )
                self._left = last
            case "table:table-row":
                self._rows = int(given.get("table:number-rows-repeated", "1"))
                self._column = 0
                if is_hidden:
                    last = self._row + min(self._rows, _REPEATED)
                    self._marks.hidden_rows.update(range(self._row, last))
            case "table:table-cell" | "table:covered-table-cell":
                self._columns = int(given.get("table:number-columns-repeated", "1"))
                self._take_cell(given)

    def _take_cell(self, given: dict[str, str]) -> None:
        down = int(given.get("table:number-rows-spanned", "1"))
        if down > 1 or int(given.get("table:number-columns-spanned", "1")) > 1:
            self._marks.merged.append(self._row + down - 1)
        if given.get("calcext:value-type") == "error":
            self._failed = []
        elif "table:formula" in given and "office:value-type" not in given:
            self._marks.unsaved += min(self._columns, _REPEATED) * min(self._rows, _REPEATED)

    def text(self, text: str) -> None:
        """Take the text of a cell with an error."""
        if self._failed is not None:
            self._failed.append(text)

    def end(self, name: str) -> None:
        """Finish a cell, a row or a table."""
        if name == "table:table":
            self._depth -= 1
            self._is_ours = self._is_ours and self._depth > 0
        elif not self._is_ours or self._depth > 1:
            return
        elif name in {"table:table-cell", "table:covered-table-cell"}:
            if self._failed is not None:
                last = self._column + min(self._columns, _REPEATED)
                failed = dict.fromkeys(range(self._column, last), "".join(self._failed))
                for row in range(self._row, self._row + min(self._rows, _REPEATED)):
                    self._marks.errors.setdefault(row, {}).update(failed)
            self._column += self._columns
            self._failed = None
        elif name == "table:table-row":
            self._row += self._rows
