"""Writes tables: a spreadsheet with added columns, and new tables, as text or as a workbook."""

from __future__ import annotations

import re
from codecs import BOM_UTF8
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import PurePath
from types import MappingProxyType
from typing import IO, TYPE_CHECKING, Any, Final, Self, TypeAlias

import xlsxwriter
from xlsxwriter.exceptions import FileCreateError

from desktop.sheets.description import TEXT_SUFFIXES
from desktop.sheets.faults import SheetError, SheetFault, writing_a_file
from desktop.sheets.reader.files.cells import is_blank
from desktop.sheets.reader.files.number_formats import SYSTEM_CODES
from desktop.sheets.reader.files.source import opened
from desktop.sheets.reader.files.text import TextTable
from desktop.sheets.reader.tables import FoundTable, find
from desktop.sheets.separated import KEPT_AS_TEXT, PlainCell, line_of
from sendoff_tasks.model.text import defused

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from desktop.sheets.reader.files.cells import CellValue
    from desktop.sheets.reader.files.source import SourceFile
    from desktop.sheets.reader.tables import Table

NO_CODES: Final[Mapping[int, str]] = MappingProxyType({})
_CELL_LIMIT: Final = 32_767
"""Characters of a cell in Excel."""
_ROW_LIMIT: Final = 1_048_576
"""Rows of a sheet in Excel."""
_NAME_LIMIT: Final = 31
_NOT_IN_NAMES: Final = re.compile(r"[\[\]:*?/\\]")
_FIRST_DAY: Final = date(1900, 3, 1)
"""Excel counts 1900 as a leap year, so earlier dates are written as text."""


@dataclass(frozen=True, slots=True)
class NewText:
    """The form of a new text file; its mark tells Excel that it is UTF-8."""

    delimiter: str
    encoding: str = "utf-8"
    bom: bytes = BOM_UTF8
    prologue: str = ""
    line_end: str = "\r\n"


class CsvWriter:
    """Writes a text file in a given form."""

    def __init__(self, like: TextTable | NewText, path: Path) -> None:
        self._like = like
        self._file: IO[str] = path.open("w", encoding=like.encoding, errors="replace", newline="")

    def __enter__(self) -> Self:
        self._file.write(self._like.bom.decode(self._like.encoding))
        self._file.write(self._like.prologue)
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def write(
        self,
        cells: Sequence[CellValue],
        _: Mapping[int, str] = NO_CODES,
        *,
        is_hidden: bool = False,
    ) -> None:
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
            str(path),
            {"constant_memory": True, "nan_inf_to_errors": True, "tmpdir": str(path.parent)},
        )
        self._name = sheet
        self._sheets = 0
        self._first: Sequence[CellValue] = ()
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
        try:
            self._book.close()
        except FileCreateError as error:  # it holds the system's, and is none itself
            raise error.args[0] from None

    def write(
        self,
        cells: Sequence[CellValue],
        codes: Mapping[int, str] = NO_CODES,
        *,
        is_hidden: bool = False,
    ) -> None:
        """Write the next row with the types and formats of its values.

        After a full sheet, another one begins with the first row.
        """
        if self._row == 0:
            self._first = cells
        elif self._row == _ROW_LIMIT:
            self._begin_sheet()
            self.write(self._first)
        if is_hidden:
            self._sheet.set_row(self._row, None, None, {"hidden": True})
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

    def _put(self, column: int, cell: CellValue, own: Any) -> None:
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


TableWriter: TypeAlias = CsvWriter | XlsxWriter
"""A file to which rows are written one after the other."""


def _written(cell: CellValue) -> str:
    """Return the text of a cell for a text file, with the marks that it had in its own."""
    text = cell.written if isinstance(cell, PlainCell) else str(cell)
    is_text = isinstance(cell, PlainCell) and KEPT_AS_TEXT.fullmatch(text)
    return text if is_text else defused(text)


def sheet_name(name: str) -> str:
    """Return a sheet name that Excel accepts: up to 31 characters, without forbidden ones."""
    kept = _NOT_IN_NAMES.sub("_", name)[:_NAME_LIMIT].strip("'")
    return kept if kept and kept.casefold() != "history" else f"{kept}_"


Given = tuple[int, list[str]]
"""A row's number, and the cells that are added to it."""
_NO_MORE: Final[Given] = (0, [])
HIDDEN: Final = "left out: hidden"
"""The status of a row that is hidden in its spreadsheet."""
_BETWEEN: Final = re.compile(r"""[\s<>()",;:]+""")
"""Characters in a cell that separate an address from other text."""
_AROUND: Final = "'‘’"
"""Characters that may surround an address, but may also be part of it."""


@dataclass(frozen=True, slots=True)
class Report:
    """A report on a spreadsheet.

    - ``columns``: the headers by which the table is found
    - ``addresses``: the header of the column with e-mail addresses
    - ``headings``: the headings of the added columns
    - ``only_given``: leave rows without added cells empty, so the others keep their numbers
    - ``each_address``: each address of a cell has a row, as in the batch
    - ``sheet``: the name of the sheet, if it is known
    - ``name``: the name of the spreadsheet, which its file may not have
    - ``forgets``: addresses; rows for one of them, the given rows, and cells with one of them are
      left empty
    - ``visible_only``: hidden rows were left out, and stay hidden
    """

    source: SourceFile
    columns: Collection[str]
    addresses: str | None
    headings: Sequence[str]
    only_given: bool
    each_address: bool = False
    sheet: str | None = None
    name: str = ""
    forgets: Sequence[str] | None = None
    visible_only: bool = False

    def write(self, folder: Path, given: Iterator[Given]) -> int:
        """Write the report into a folder, as ``report`` with a suffix; returns its row count.

        ``given`` has the added cells, ascending by row.

        Raises:
            SheetError: the fault of the source, or ``NOT_WRITABLE``.
        """
        found = self._find(self.source)
        name = PurePath(self.name or self.source.path.name)
        path = folder / f"report{_suffix_of(found.table, name)}"
        with writing_a_file(), _writer(found.table, path, name.stem) as writer:
            if self.forgets is None:
                return self._copy(writer, found, given)
            emptied = [*given]
            written = self._copy(writer, found, iter(emptied))
        self._check(found, path, {row for row, _ in emptied})
        return written

    def _find(self, source: SourceFile) -> FoundTable:
        split = self.addresses if self.each_address else None
        return find(source, self.columns, sheet=self.sheet, split=split)

    def _rows(self, found: FoundTable) -> Iterator[tuple[int, list[Any], Mapping[int, str]]]:
        column = None if self.addresses is None else found.names.index(self.addresses)
        for row, values, codes in found.rows():
            is_kept = row == found.header.row or not self.forgets
            yield row, [*values] if is_kept else self._kept(values, column), codes

    def _kept(self, cells: Sequence[CellValue], column: int | None) -> list[CellValue]:
        """Return a row without forgotten addresses; empty if it is for one, as hidden ones may be.

        ``column`` is the one with the addresses.
        """
        forgotten = {*(self.forgets or ())}
        named = [_addresses_in(cell) if isinstance(cell, str) else set[str]() for cell in cells]
        to = named[column] if column is not None and column < len(named) else set[str]()
        if to and to <= forgotten:
            return [""] * len(cells)
        pairs = zip(cells, named, strict=True)
        return ["" if words & forgotten else cell for cell, words in pairs]

    def _check(self, found: FoundTable, path: Path, emptied: Collection[int]) -> None:
        """Raise ``DIFFERENT_COLUMNS`` unless the other rows have their numbers in a copy."""
        before = _filled(self._rows(found)) - {*emptied}
        with opened(path) as copy:
            after = _filled(self._rows(self._find(copy)))
        if after != before:
            raise SheetError(SheetFault.DIFFERENT_COLUMNS, missing=[])

    def _copy(
        self,
        writer: TableWriter,
        found: FoundTable,
        given: Iterator[Given],
    ) -> int:
        header, width, written = found.header, found.width, 0
        at, cells = next(given, _NO_MORE)
        row = left_out = 0
        hidden = found.table.marks().hidden_rows if self.visible_only else frozenset()
        for row, values, codes in self._rows(found):
            if row == header.row:
                writer.write([*_padded(values, width), *self.headings], codes)
                continue
            while at and at < row:
                at, cells = next(given, _NO_MORE)
            if at == row:
                writer.skip(left_out)
                left_out = 0
                own = _padded(values if self.forgets is None else (), width)
                writer.write([*own, *cells], codes)
            elif row < header.row or (not self.only_given and all(map(is_blank, values))):
                writer.write(values, codes)
            elif row in hidden and not self.only_given:
                said = [HIDDEN, *[""] * len(self.headings)][: len(self.headings)]
                writer.write([*_padded(values, width), *said], codes, is_hidden=True)
            elif not self.only_given:  # equal numbers of cells let readers find the delimiter
                writer.write(_padded(values, width + len(self.headings)), codes)
            else:
                left_out += 1
                continue
            written += row > header.row and not all(map(is_blank, values))
        while at and self.forgets is None:  # emptied rows at the end are not read any more
            if at > row:
                for _ in range(row + 1, at):
                    writer.write(_padded((), width + len(self.headings)))
                writer.write([*_padded((), width), *cells])
            row = max(row, at)
            at, cells = next(given, _NO_MORE)
        return written


def _suffix_of(table: Table, name: PurePath) -> str:
    is_text = isinstance(table, TextTable) and name.suffix.lower() in TEXT_SUFFIXES
    return name.suffix if is_text else ".xlsx"


def _writer(table: Table, path: Path, title: str) -> TableWriter:
    if isinstance(table, TextTable) and path.suffix != ".xlsx":
        return CsvWriter(table, path)
    return XlsxWriter(path, table.sheet or title)


def _filled(rows: Iterable[tuple[int, Sequence[CellValue], object]]) -> set[int]:
    return {row for row, values, _ in rows if not all(map(is_blank, values))}


def _addresses_in(text: str) -> set[str]:
    return {word.strip(_AROUND) for word in _BETWEEN.split(text.casefold()) if "@" in word}


def _padded(cells: Sequence[CellValue], width: int) -> list[Any]:
    return [*cells, *[""] * (width - len(cells))]


def write_new_table(wanted: dict[str, Any], folder: Path, rows: Iterator[Sequence[Any]]) -> int:
    """Write the table of a ``write_table`` request; returns its row count.

    Raises:
        SheetError: ``NOT_WRITABLE``.
    """
    kinds = [kind for _, kind in wanted["columns"]]
    written = 0
    with writing_a_file(), _new_writer(folder / wanted["name"], wanted["delimiter"]) as writer:
        writer.write([heading for heading, _ in wanted["columns"]])
        for row in rows:
            writer.write([_cell(*each) for each in zip(row, kinds, strict=True)])
            written += 1
    return written


def _new_writer(path: Path, delimiter: str) -> TableWriter:
    if path.suffix.lower() == ".csv":
        return CsvWriter(NewText(delimiter), path)
    return XlsxWriter(path, path.stem)


def _cell(value: Any, kind: str) -> CellValue:
    if value is None:
        return ""
    if kind == "moment":
        return datetime.fromisoformat(value).astimezone().replace(tzinfo=None, microsecond=0)
    return value if kind == "number" else str(value)
