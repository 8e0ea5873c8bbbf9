"""Writers of tables: text with separated values, or a new workbook."""

from __future__ import annotations

import re
from codecs import BOM_UTF8
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from types import MappingProxyType
from typing import IO, TYPE_CHECKING, Any, Final, Protocol, Self

import xlsxwriter

from desktop.contract.rules.text import defused
from desktop.sheets.reader.files.number_formats import SYSTEM_CODES
from desktop.sheets.separated import KEPT_AS_TEXT, Unmarked, line_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from desktop.sheets.reader.files.cells import Cell

NO_CODES: Final[Mapping[int, str]] = MappingProxyType({})
_CELL_LIMIT: Final = 32_767
"""Characters of a cell in Excel."""
_ROW_LIMIT: Final = 1_048_576
"""Rows of a sheet in Excel."""
_NAME_LIMIT: Final = 31
_NOT_IN_NAMES: Final = re.compile(r"[\[\]:*?/\\]")
_FIRST_DAY: Final = date(1900, 3, 1)
"""Excel counts 1900 as a leap year, so earlier dates are written as text."""


class TableWriter(Protocol):
    """A file to which rows are written one after the other."""

    def write(self, cells: Sequence[Cell], codes: Mapping[int, str] = NO_CODES) -> None:
        """Write the next row; ``codes`` are the number formats of cells by column."""

    def skip(self, rows: int) -> None:
        """Leave some rows empty, and hide them if the file can."""

    def __enter__(self) -> Self: ...

    def __exit__(self, *_: object) -> None: ...


class Shape(Protocol):
    """The form of a text file."""

    @property
    def encoding(self) -> str:
        """The name of a Python codec."""

    @property
    def bom(self) -> bytes:
        """The byte order mark, or nothing."""

    @property
    def prologue(self) -> str:
        """The text between the mark and the first row."""

    @property
    def delimiter(self) -> str:
        """The character between two cells."""

    @property
    def line_end(self) -> str:
        """The end of a row."""


@dataclass(frozen=True, slots=True)
class NewText:
    """The form of a new file; its mark tells Excel that it is UTF-8."""

    delimiter: str
    encoding: str = "utf-8"
    bom: bytes = BOM_UTF8
    prologue: str = ""
    line_end: str = "\r\n"


class CsvWriter:
    """Writes a text file in a given form."""

    def __init__(self, like: Shape, path: Path) -> None:
        self._like = like
        self._file: IO[str] = path.open("w", encoding=like.encoding, errors="replace", newline="")

    def __enter__(self) -> Self:
        self._file.write(self._like.bom.decode(self._like.encoding))
        self._file.write(self._like.prologue)
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def write(self, cells: Sequence[Cell], _: Mapping[int, str] = NO_CODES) -> None:
        """Write the next row; texts like formulas are escaped, and marks of the file are kept."""
        self._file.write(
            line_of([*map(_written, cells)], self._like.delimiter) + self._like.line_end
        )

    def skip(self, rows: int) -> None:
        """Write empty lines."""
        self._file.write(self._like.line_end * rows)


class XlsxWriter:
    """Writes a workbook; text is never a formula, and no row stays in memory."""

    def __init__(self, path: Path, sheet: str) -> None:
        self._book = xlsxwriter.Workbook(
            str(path), {"constant_memory": True, "tmpdir": str(path.parent)}
        )
        self._name = sheet
        self._sheets = 0
        self._first: Sequence[Cell] = ()
        self._begin_sheet()
        self._day = self._book.add_format({"num_format": 14})  # the system's short date
        self._moment = self._book.add_format({"num_format": 22})
        self._clock = self._book.add_format({"num_format": 21})
        self._hours = self._book.add_format({"num_format": 46})
        self._looks: dict[str, Any] = {}
        self._quoted = self._book.add_format({"quote_prefix": True})

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._book.close()

    def write(self, cells: Sequence[Cell], codes: Mapping[int, str] = NO_CODES) -> None:
        """Write the next row with the types and formats of its values.

        After a full sheet, another one begins with the first row.
        """
        if self._row == 0:
            self._first = cells
        elif self._row == _ROW_LIMIT:
            self._begin_sheet()
            self.write(self._first)
        for column, cell in enumerate(cells):
            self._put(column, cell, self._look(codes.get(column)))
        self._row += 1

    def skip(self, rows: int) -> None:
        """Hide the next rows."""
        for _ in range(rows):
            self._sheet.set_row(self._row, None, None, {"hidden": True})
            self._row += 1

    def _begin_sheet(self) -> None:
        self._sheets += 1
        number = "" if self._sheets == 1 else f" {self._sheets}"
        name = sheet_name(self._name)[: _NAME_LIMIT - len(number)]
        self._sheet = self._book.add_worksheet(f"{name}{number}")
        self._row = 0

    def _look(self, code: str | None) -> Any:
        """Return the look of a number format; Excel keeps the system's dates by number only."""
        if code is not None and code not in self._looks:
            number_format = SYSTEM_CODES.get(code, code)
            self._looks[code] = self._book.add_format({"num_format": number_format})
        return None if code is None else self._looks[code]

    def _put(self, column: int, cell: Cell, own: Any) -> None:
        at = (self._row, column)
        match cell:
            case str():
                if cell:
                    look = None if defused(cell) == cell else self._quoted
                    self._sheet.write_string(*at, cell[:_CELL_LIMIT], look)
            case bool():
                self._sheet.write_boolean(*at, cell)
            case int() | float():
                self._sheet.write_number(*at, cell, own)
            case datetime():
                usual = self._moment if cell.time() != time() else self._day
                self._put_day(at, cell, own or usual)
            case date():
                self._put_day(at, cell, own or self._day)
            case time():
                self._sheet.write_datetime(*at, cell, own or self._clock)
            case timedelta():
                self._sheet.write_datetime(*at, cell, own or self._hours)

    def _put_day(self, at: tuple[int, int], cell: date, look: Any) -> None:
        day = cell.date() if isinstance(cell, datetime) else cell
        if day < _FIRST_DAY:
            self._sheet.write_string(*at, cell.isoformat())
        else:
            self._sheet.write_datetime(*at, cell, look)


def _written(cell: Cell) -> str:
    """Return the text of a cell for a text file, with the marks that it had in its own."""
    text = cell.written if isinstance(cell, Unmarked) else str(cell)
    is_text = isinstance(cell, Unmarked) and KEPT_AS_TEXT.fullmatch(text)
    return text if is_text else defused(text)


def sheet_name(name: str) -> str:
    """Return a sheet name that Excel accepts: up to 31 characters, without forbidden ones."""
    kept = _NOT_IN_NAMES.sub("_", name)[:_NAME_LIMIT].strip("'")
    return kept if kept and kept.casefold() != "history" else f"{kept}_"
