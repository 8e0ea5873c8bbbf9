"""Opens the table of a file, and finds the table of a batch again."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import chain, islice
from typing import TYPE_CHECKING, TypeAlias, TypeVar

from desktop.contract.rules.mailbox import contacts_in
from desktop.sheets.description import ENCODINGS, Kind, SheetChoice
from desktop.sheets.faults import SheetError, SheetFault
from desktop.sheets.reader.files.cells import is_blank
from desktop.sheets.reader.files.source import kind_of
from desktop.sheets.reader.files.text import TextTable
from desktop.sheets.reader.files.workbook import SheetTable, Workbook
from desktop.sheets.reader.headers import LOOKED_AT, Header, guess_header, unique_headers

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from desktop.sheets.reader.files.cells import CellValue
    from desktop.sheets.reader.files.source import SourceFile

About = TypeVar("About")
"""What is known of a row beside its cells."""


Table: TypeAlias = TextTable | SheetTable
"""Rows of cells, numbered as in a spreadsheet program; both kinds are read in the same way."""


def table_of(source: SourceFile, kind: Kind, choice: SheetChoice) -> Table:
    """Open the chosen table, else the likeliest one; raises ``SheetError``."""
    if kind is Kind.TEXT:
        return TextTable(source, choice.encoding)
    return Workbook(source, kind).table(choice.sheet)


def one_address_each(
    rows: Iterable[tuple[int, Sequence[CellValue], About]], at: int, header: int = 0
) -> Iterator[tuple[int, Sequence[CellValue], About]]:
    """Give each row below the ``header`` one address in the column ``at``.

    The further addresses of a cell are rows of their own after the last one, so that all others
    keep their numbers.
    """
    further: list[tuple[list[CellValue], About]] = []
    row = 0
    for row, cells, about in rows:
        cell = cells[at] if at < len(cells) else ""
        is_one = row <= header or not isinstance(cell, str) or cell.count("@") < 2
        contacts = [] if is_one else contacts_in(str(cell))
        if len(contacts) < 2:
            yield row, cells, about
            continue
        first, *others = ([*cells[:at], str(each), *cells[at + 1 :]] for each in contacts)
        yield row, first, about
        further += [(each, about) for each in others]
    for number, (cells, about) in enumerate(further, row + 1):
        yield number, cells, about


@dataclass(frozen=True, slots=True)
class FoundTable:
    """A table with its header; ``names`` are the names of its columns.

    Each address of a cell in the column ``split`` is a row of its own.
    """

    table: Table
    header: Header
    names: Sequence[str]
    split: str | None = None

    @property
    def width(self) -> int:
        """The number of columns."""
        return len(self.names)

    def rows(self) -> Iterator[tuple[int, Sequence[CellValue], Mapping[int, str]]]:
        """Read all rows with the number formats of their cells."""
        rows = ((row, cells, self.table.codes_of(row)) for row, cells in self.table.rows())
        if self.split is None:
            return rows
        return one_address_each(rows, self.names.index(self.split), self.header.row)


def find(
    source: SourceFile,
    columns: Collection[str],
    *,
    sheet: str | None = None,
    encoding: str | None = None,
    split: str | None = None,
) -> FoundTable:
    """Find the table and header with all of these columns.

    Sheets may have the same columns, such as one for each month: ``sheet`` is looked at first. For
    a text file, each encoding is tried after the given one, because a person may have chosen it.
    ``split`` is that of the found table.

    Raises:
        SheetError: ``DIFFERENT_COLUMNS`` if there is none.
    """
    missing = list(columns)
    for table in _tables(source, sheet, encoding):
        found, lacking = _header_of(table, columns)
        if found is not None:
            return replace(found, split=split)
        missing = min(missing, lacking, key=len)
    raise SheetError(SheetFault.DIFFERENT_COLUMNS, missing=missing)


def _tables(source: SourceFile, sheet: str | None, encoding: str | None) -> Iterator[Table]:
    kind = kind_of(source)
    if kind is not Kind.TEXT:
        for name in sorted(Workbook(source, kind).sheets, key=lambda each: each != sheet):
            yield table_of(source, kind, SheetChoice(sheet=name))
        return
    for each in dict.fromkeys((encoding, None, *ENCODINGS)):
        yield table_of(source, kind, SheetChoice(encoding=each))


def _header_of(table: Table, columns: Collection[str]) -> tuple[FoundTable | None, list[str]]:
    """Find the header with all columns, or the columns that the best one lacks."""
    missing = list(columns)
    try:
        width = max((len(cells) for _, cells in table.rows()), default=0)
        top = list(islice(table.rows(), LOOKED_AT))
        likely = ((top, header) for header in (guess_header(top), Header()))
        any_row = (
            ([(row, cells)], Header(row, 1))
            for row, cells in table.rows()
            if not all(map(is_blank, cells))
        )
        for rows, header in chain(likely, any_row):
            names = unique_headers(rows, header, width)
            lacking = [column for column in columns if column not in names]
            if not lacking:
                return FoundTable(table, header, names), []
            missing = min(missing, lacking, key=len)
    except SheetError as error:
        if error.fault is not SheetFault.WRONG_ENCODING:
            raise
    return None, missing
