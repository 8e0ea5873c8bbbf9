"""Reads the sheets of a workbook, by calamine."""

from __future__ import annotations

import zipfile
from contextlib import contextmanager
from itertools import chain, islice
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from desktop.sheets.description import Kind, Note
from desktop.sheets.faults import SheetError, SheetFault
from desktop.sheets.reader.files.biff_cells import old_marks_of, with_own_letters
from desktop.sheets.reader.files.cells import Wording
from desktop.sheets.reader.files.number_formats import writer_of
from desktop.sheets.reader.files.package import ERRORS, Package, is_indented
from desktop.sheets.reader.files.xml_cells import (
    UnreadableFormats,
    marks_of,
    ods_cells,
    xlsx_formats,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from desktop.sheets.reader.files.cells import CellValue, ShownAs
    from desktop.sheets.reader.files.number_formats import NumberWriter
    from desktop.sheets.reader.files.source import SourceFile
    from desktop.sheets.reader.files.xml_cells import Marks

    _NumberCell = tuple[bytes | int, float] | str
    """A number with its style, or the text that the sheet shows."""

NEAR_TOP: Final = 60
"""Rows at the top of a sheet in which an address is searched."""
_NO_ROW: Final = 1 << 62
"""A row after all others."""


class Workbook:
    """An open workbook; raises ``SheetError``."""

    def __init__(self, source: SourceFile, kind: Kind) -> None:
        self.source = source
        self.kind = kind
        self.file = source.file
        if kind is Kind.XLSX:
            with _translated(), zipfile.ZipFile(source.file) as parts:
                if not Package(parts).has_usual_styles:
                    raise ValueError("its styles have another name")
        elif kind is Kind.XLS:
            self.file = with_own_letters(source.file)
        elif kind is Kind.ODS:
            with _translated():
                if is_indented(source.file):
                    raise ValueError("its cells are indented")
        self.file.seek(0)
        with _translated():
            self._book = CalamineWorkbook.from_filelike(self.file)
        sheets = [
            each for each in self._book.sheets_metadata if each.typ is SheetTypeEnum.WorkSheet
        ]
        self.sheets = tuple(each.name for each in sheets)
        self.hidden_sheets = frozenset(
            each.name for each in sheets if each.visible is not SheetVisibleEnum.Visible
        )

    def table(self, sheet: str | None) -> SheetTable:
        """Open a sheet by its name; without one, the first sheet with an address near its top.

        If no sheet has an address, it is the first one with a value. Visible sheets come first.

        Raises:
            SheetError: ``NO_SUCH_SHEET``, ``EMPTY``, or a fault of the file.
        """
        if sheet is not None:
            if sheet not in self.sheets:
                raise SheetError(SheetFault.NO_SUCH_SHEET, sheet=sheet, sheets=list(self.sheets))
            return self._open(sheet)
        first: SheetTable | None = None
        for table in map(self._open, sorted(self.sheets, key=self.hidden_sheets.__contains__)):
            if table.has_address():
                return table
            first = first or (None if table.is_empty else table)
        if first is None:
            raise SheetError(SheetFault.EMPTY)
        return first

    def _open(self, name: str) -> SheetTable:
        with _translated():
            return SheetTable(self, self._book.get_sheet_by_name(name))


class SheetTable:
    """One sheet of a workbook, held in memory."""

    encoding = None
    readings: Mapping[str, str] = MappingProxyType({})
    delimiter = None
    is_headless = False

    def __init__(self, book: Workbook, sheet: CalamineSheet) -> None:
        self._book = book
        self._sheet = sheet
        self._formats: _Formats | None = None
        self._marks: Marks | None = None

    @property
    def sheets(self) -> tuple[str, ...]:
        """The names of the workbook's sheets."""
        return self._book.sheets

    @property
    def sheet(self) -> str:
        """The name of this sheet."""
        return self._sheet.name

    @property
    def is_empty(self) -> bool:
        """Whether the sheet has no value."""
        return self._sheet.start is None

    def has_address(self) -> bool:
        """Tell whether one of the first rows has an e-mail address."""
        return any("@" in str(cell) for cells in islice(self._values(), NEAR_TOP) for cell in cells)

    def rows(self) -> Iterator[tuple[int, Sequence[CellValue]]]:
        """Read all rows from the first row and column on, including empty ones.

        A cell with an error has its text, such as ``#N/A``.
        """
        errors = self.marks().errors
        for row, cells in enumerate(self._values(), 1):
            for column, text in errors.get(row, {}).items():
                if column < len(cells):
                    cells[column] = text
            yield row, cells

    def _values(self) -> Iterator[list[CellValue]]:
        """Read the values of all rows; calamine leaves cells with an error empty."""
        start = self._sheet.start
        if start is None:
            return
        left: list[CellValue] = [""] * start[1]
        with _translated():
            for cells in self._sheet.iter_rows():
                yield left + cells

    def shown_rows(self, wording: Wording) -> Iterator[tuple[int, Sequence[CellValue], ShownAs]]:
        """Read all rows as ``rows``, and what tells how the sheet shows the cells with a number."""
        self._formats = formats = _Formats(self._book, self.sheet, wording)
        for row, cells in self.rows():
            yield row, cells, _ShownRow(formats, row)

    def codes_of(self, row: int) -> Mapping[int, str]:
        """Return the number formats of a row's cells by column; rows ascend."""
        if self._formats is None:
            self._formats = _Formats(self._book, self.sheet, Wording())
        return self._formats.codes_of(row)

    def is_unclear(self, _cells: Sequence[CellValue], _named: int) -> bool:
        """Tell that a workbook's cells are certain."""
        return False

    def marks(self) -> Marks:
        """Find what the sheet has beside its values."""
        if self._marks is None:
            file, kind = self._book.file, self._book.kind
            if kind is Kind.XLS:
                self._marks = old_marks_of(file, self.sheet)
                ranges = self._sheet.merged_cell_ranges or ()
                self._marks.merged += [last + 1 for _, (last, _) in ranges]
            else:
                self._marks = marks_of(file, kind, self.sheet)
        return self._marks

    def notes(self) -> dict[Note, int]:
        """Return how many other sheets are not read, and whether a number's format was not."""
        hidden = self._book.hidden_sheets
        others = [sheet for sheet in self.sheets if sheet != self.sheet]
        if self._book.kind is Kind.XLS:
            cells = chain.from_iterable(self._values())
            are_plain = any(isinstance(cell, int | float) for cell in cells)
        else:
            are_plain = self._formats is not None and self._formats.are_plain()
        return {
            Note.PLAIN_VALUES: int(are_plain),
            Note.HIDDEN_SHEET: int(self.sheet in hidden),
            Note.OTHER_SHEETS: len([each for each in others if each not in hidden]),
            Note.HIDDEN_SHEETS: len([each for each in others if each in hidden]),
        }


class _Formats:
    """Tells how a sheet shows its numbers; reads the sheet only as far as it was asked."""

    def __init__(self, book: Workbook, sheet: str, wording: Wording) -> None:
        self._writers: dict[bytes | int, NumberWriter | None] = {}
        self._codes: Mapping[bytes | int, str] = {}
        self._is_plain = False
        self._rows = self._read(book, sheet, wording)
        self._row = -1
        self._cells: Mapping[int, _NumberCell] = {}

    def text_of(self, cell: _NumberCell | None) -> str | None:
        """Return the text of a cell, or ``None`` if it has its plain value."""
        if cell is None or isinstance(cell, str):
            return cell and cell.strip()
        write = self._writers[cell[0]]
        text = None if write is None else write(cell[1])
        self._is_plain |= text is None
        return text and text.strip()

    def codes_of(self, row: int) -> dict[int, str]:
        """Return the formats of a row's cells by column, without rare ones; rows ascend."""
        cells = self.cells_of(row).items()
        styles = {column: cell[0] for column, cell in cells if not isinstance(cell, str)}
        return {column: self._codes[of] for column, of in styles.items() if self._writers[of]}

    def cells_of(self, row: int) -> Mapping[int, _NumberCell]:
        """Return a row's cells that are not shown plainly, by column; rows ascend."""
        while self._row < row:
            self._row, self._cells = next(self._rows, (_NO_ROW, {}))
        return self._cells if self._row == row else {}

    def are_plain(self) -> bool:
        """Tell whether a cell has a format that is not written, up to the last row if need be."""
        if None in self._writers.values():
            self._is_plain = self._is_plain or any(
                not isinstance(cell, str) and self._writers[cell[0]] is None
                for cells in (self._cells, *(cells for _, cells in self._rows))
                for cell in cells.values()
            )
        return self._is_plain

    def _read(
        self, book: Workbook, sheet: str, wording: Wording
    ) -> Iterator[tuple[int, Mapping[int, _NumberCell]]]:
        try:
            if book.kind is Kind.ODS:
                yield from ods_cells(book.file, sheet)
                return
            formats = None if book.kind is Kind.XLS else xlsx_formats(book.file, sheet)
            if formats is not None:
                self._writers = {
                    style: writer_of(code, wording, formats.epoch)
                    for style, code in formats.codes.items()
                }
                self._codes = formats.codes
                yield from formats.rows
        except UnreadableFormats:
            self._is_plain = True


class _ShownRow:
    """Tells how the sheet shows the cells of a row; it is read once it is asked for."""

    __slots__ = ("_cells", "_formats", "_row")

    def __init__(self, formats: _Formats, row: int) -> None:
        self._formats = formats
        self._row = row
        self._cells: Mapping[int, _NumberCell] | None = None

    def __call__(self, column: int) -> str | None:
        if self._cells is None:
            self._cells = self._formats.cells_of(self._row)
        return self._formats.text_of(self._cells.get(column))


@contextmanager
def _translated() -> Iterator[None]:
    """Translate errors of the library, and of reading a workbook's parts.

    The library's panics derive from ``BaseException`` and have no importable class, so they are
    recognized by name.
    """
    try:
        yield
    except PasswordError as error:
        raise SheetError(SheetFault.PASSWORD_PROTECTED) from error
    except (CalamineError, OverflowError, *ERRORS) as error:
        raise SheetError(SheetFault.DAMAGED, text=str(error)) from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        raise SheetError(SheetFault.DAMAGED, text="its parts do not fit together") from error
