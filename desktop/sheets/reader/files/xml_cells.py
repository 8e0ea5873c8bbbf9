"""Reads what calamine leaves out of workbooks in XML: number formats, and texts of ``.ods``.

The parts are parsed piece by piece, so a large sheet takes no memory; entities are refused.
"""

from __future__ import annotations

import zipfile
import zlib
from datetime import datetime
from functools import lru_cache
from typing import IO, TYPE_CHECKING, Final, NamedTuple, Protocol
from xml.parsers import expat

from desktop.sheets.reader.files.number_formats import BUILT_IN, GENERAL, SYSTEM_DATES
from desktop.sheets.reader.files.package import Package

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    ShownRow = tuple[int, Mapping[int, "Formatted | str"]]

EPOCH: Final = datetime(1899, 12, 30)  # noqa: DTZ001 - a day of a sheet has no zone
EPOCH_1904: Final = datetime(1904, 1, 1)  # noqa: DTZ001
_BLOCK: Final = 1 << 16
_CELLS_REPEATED: Final = 1024
"""Equal cells or rows beyond these have no text of their own; sheets are filled up with them."""


_ERRORS: Final = (
    expat.ExpatError, zipfile.BadZipFile, zlib.error, KeyError, ValueError, IndexError,
    NotImplementedError, EOFError, OSError,
)  # fmt: skip


class Formatted(NamedTuple):
    """A number as it is stored, the format of its cell, and the day with the number 0."""

    value: float
    code: str
    epoch: datetime


class UnreadableFormats(Exception):
    """The formats of a sheet cannot be read; its values can."""


def xlsx_cells(file: IO[bytes], sheet: str) -> Iterator[ShownRow]:
    """Yield the numbers of each row whose cells have a format; rows count from 1, columns from 0.

    Raises:
        UnreadableFormats: if the parts are not as they should be.
    """
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as parts:
            package = Package(parts)
            part, styles = package.sheet(sheet), package.related("styles")
            if part is None or styles is None or package.workbook is None:
                return
            looks, book = _Styles(), _Book()
            for each, name in ((looks, styles), (book, package.workbook)):
                for _ in _parsed(package, name, each):
                    pass
            codes = looks.codes()
            if any(codes):
                yield from _parsed(package, part, _Sheet(codes, book.epoch))
    except _ERRORS as error:
        raise UnreadableFormats from error


def ods_cells(file: IO[bytes], sheet: str) -> Iterator[ShownRow]:
    """Yield the texts of each row's numbers, as the program that saved them has shown them.

    Raises:
        UnreadableFormats: if the parts are not as they should be.
    """
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as parts, parts.open("content.xml") as content:
            yield from _rows_of(content, _OdsTable(sheet))
    except _ERRORS as error:
        raise UnreadableFormats from error


class _Listener(Protocol):
    """What is told of the elements of a part, and collects rows."""

    rows: list[ShownRow]

    def start(self, name: str, given: dict[str, str]) -> None: ...

    def end(self, name: str) -> None: ...

    def text(self, text: str) -> None: ...


def _parsed(package: Package, part: str, listener: _Listener) -> Iterator[ShownRow]:
    with package.open(part) as content:
        yield from _rows_of(content, listener)


def _rows_of(content: IO[bytes], listener: _Listener) -> Iterator[ShownRow]:
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = listener.start
    parser.EndElementHandler = listener.end
    parser.CharacterDataHandler = listener.text
    parser.EntityDeclHandler = _refuse
    while block := content.read(_BLOCK):
        parser.Parse(block)
        yield from listener.rows
        listener.rows.clear()
    parser.Parse(b"", True)
    yield from listener.rows


def _refuse(*_: object) -> None:
    raise ValueError("A workbook declares no entities.")


class _Quiet:
    """Collects no rows and no text."""

    def __init__(self) -> None:
        self.rows: list[ShownRow] = []

    def end(self, _name: str) -> None:
        """Do nothing."""

    def text(self, _text: str) -> None:
        """Do nothing."""


class _Styles(_Quiet):
    """Collects the formats of ``styles.xml``."""

    def __init__(self) -> None:
        super().__init__()
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


def code_of(number: int, own: Mapping[int, str]) -> str | None:
    """Return the format with a number, or ``None`` if it shows the plain value.

    ``own`` are the formats that the workbook defines.
    """
    code = BUILT_IN[number] if number in SYSTEM_DATES else own.get(number, BUILT_IN.get(number, ""))
    return None if code.casefold() in GENERAL else code


class _Book(_Quiet):
    """Finds the day with the number 0 in ``workbook.xml``."""

    epoch = EPOCH

    def start(self, name: str, given: dict[str, str]) -> None:
        """Take the workbook's properties."""
        is_1904 = given.get("date1904") in {"1", "true", "on"}
        if name.rpartition(":")[2] == "workbookPr" and is_1904:
            self.epoch = EPOCH_1904


class _Sheet:
    """Collects the numbers with a format of a sheet of an ``.xlsx``."""

    def __init__(self, codes: Sequence[str | None], epoch: datetime) -> None:
        self.rows: list[ShownRow] = []
        self._codes = {str(at): code for at, code in enumerate(codes)}
        self._epoch = epoch
        self._cell, self._value, self._row_name = "c", "v", "row"
        self._row, self._column = 0, -1
        self._found: dict[int, Formatted | str] = {}
        self._code: str | None = None
        self._taken: str | None = None

    def start(self, name: str, given: dict[str, str]) -> None:
        """Take a row, a cell or its value."""
        if name == self._cell:
            reference = given.get("r")
            self._column = column_of(reference) if reference else self._column + 1
            is_number = given.get("t", "n") == "n"
            self._code = self._codes.get(given.get("s", "0")) if is_number else None
        elif name == self._value:
            self._taken = "" if self._code is not None else None
        elif name == self._row_name:
            self._row = int(given.get("r", self._row + 1))
            self._column, self._found = -1, {}
        elif name.endswith("worksheet"):
            prefix = name.removesuffix("worksheet")
            self._cell, self._value, self._row_name = (f"{prefix}{n}" for n in ("c", "v", "row"))

    def text(self, text: str) -> None:
        """Take the text of a value."""
        if self._taken is not None:
            self._taken += text

    def end(self, name: str) -> None:
        """Finish a value or a row."""
        if name == self._value:
            if self._taken and self._code is not None:
                value = Formatted(float(self._taken), self._code, self._epoch)
                self._found[self._column] = value
            self._taken = None
        elif name == self._row_name and self._found:
            self.rows.append((self._row, self._found))


@lru_cache(maxsize=1 << 14)
def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def column_of(reference: str) -> int:
    """Return the column of a cell, such as 1 for ``B7``."""
    return _column(reference.rstrip("0123456789").upper())


class _OdsTable:
    """Collects the texts of the numbers of a table of an ``.ods``.

    ``text:p`` of a comment in the cell is not part of it.
    """

    def __init__(self, sheet: str) -> None:
        self.rows: list[ShownRow] = []
        self._sheet = sheet
        self._is_ours = False
        self._depth = 0
        self._row, self._column = 1, 0
        self._rows = self._columns = 1
        self._found: dict[int, Formatted | str] = {}
        self._taken: list[str] | None = None
        self._inside: list[str] = []

    def start(self, name: str, given: dict[str, str]) -> None:
        """Take a table, a row, a cell or a part of its text."""
        if name == "table:table":
            self._depth += 1
            if self._depth == 1:
                self._is_ours = given.get("table:name") == self._sheet
                self._row = 1
        if not self._is_ours or self._depth > 1:
            return
        if name == "table:table-row":
            self._rows = int(given.get("table:number-rows-repeated", "1"))
            self._column, self._found = 0, {}
        elif name in {"table:table-cell", "table:covered-table-cell"}:
            self._columns = int(given.get("table:number-columns-repeated", "1"))
            kind = given.get("office:value-type", "string")
            self._taken = None if kind in {"string", "void"} else []
            self._inside = []
        elif self._taken is not None:
            self._inside.append(name)
            if name == "text:s":
                self._taken.append(" " * min(int(given.get("text:c", "1")), _CELLS_REPEATED))
            elif name == "text:p" and self._inside == ["text:p"] and self._taken:
                self._taken.append("\n")

    def text(self, text: str) -> None:
        """Take a text of the cell itself."""
        if self._taken is not None and self._inside[:1] == ["text:p"]:
            self._taken.append(text)

    def end(self, name: str) -> None:
        """Finish a cell, a row or a table."""
        if name == "table:table":
            self._depth -= 1
            self._is_ours = self._is_ours and self._depth > 0
        elif not self._is_ours or self._depth > 1:
            return
        elif name in {"table:table-cell", "table:covered-table-cell"}:
            if self._taken:
                text = "".join(self._taken)
                last = self._column + min(self._columns, _CELLS_REPEATED)
                self._found |= dict.fromkeys(range(self._column, last), text)
            self._column += self._columns
            self._taken = None
        elif name == "table:table-row":
            if self._found:
                last = self._row + self._rows
                self.rows += [(row, self._found) for row in range(self._row, last)]
            self._row += self._rows
        elif self._inside:
            self._inside.pop()
