"""A spreadsheet once more, with columns that say what became of its rows."""

from __future__ import annotations

from itertools import chain, islice
from typing import TYPE_CHECKING, Any, Final

from desktop.sheets.description import TEXT_SUFFIXES, Choice, Kind
from desktop.sheets.faults import SheetError, SheetFault
from desktop.sheets.reader.cells import is_blank
from desktop.sheets.reader.headers import (
    LOOKED_AT,
    Header,
    guess_header,
    unique_headers,
)
from desktop.sheets.reader.kinds import kind_of
from desktop.sheets.reader.tables import table_of
from desktop.sheets.reader.text import TextTable
from desktop.sheets.reader.workbook import Workbook
from desktop.sheets.reader.writers import CsvWriter, XlsxWriter

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from pathlib import Path

    from desktop.sheets.reader.cells import Cell
    from desktop.sheets.reader.source import Source
    from desktop.sheets.reader.tables import Table
    from desktop.sheets.reader.writers import Writer

COMPARED: Final = 1_000
"""Rows by which one of several sheets with the same columns is known."""


class Report:
    """What is to be written.

    ``columns`` are headers by which the sheet is found; ``headings`` are of the columns that are
    added. ``only_given`` leaves out the rows that no cells are given for.
    """

    def __init__(
        self,
        source: Source,
        columns: Collection[str],
        headings: Sequence[str],
        only_given: bool,
    ) -> None:
        self._source = source
        self._columns = columns
        self._headings = headings
        self._only_given = only_given

    def write(self, folder: Path, given: Iterator[tuple[int, list[str]]]) -> int:
        """Write it into a folder, as ``report`` with the suffix; returns how many rows it has.

        ``given`` are the cells of the added columns, ascending by row.

        Raises:
            SheetError: with what is wrong with the source, or ``NOT_WRITABLE``.
        """
        compared = list(islice(given, COMPARED))
        table, header, width = self._found([row for row, _ in compared])
        try:
            with _writer(table, self._source, folder) as writer:
                return self._copy(writer, table, header, width, chain(compared, given))
        except OSError as error:
            text = error.strerror or str(error)
            raise SheetError(SheetFault.NOT_WRITABLE, text=text) from error

    def _copy(
        self,
        writer: Writer,
        table: Table,
        header: Header,
        width: int,
        given: Iterator[tuple[int, list[str]]],
    ) -> int:
        written = 0
        at, cells = next(given, (0, []))
        for row, values in table.rows():
            if row == header.row:
                writer.write([*_padded(values, width), *self._headings])
                continue
            while at and at < row:
                at, cells = next(given, (0, []))
            if at == row:
                writer.write([*_padded(values, width), *cells])
            elif row < header.row or not self._only_given:
                writer.write(values)
            else:
                continue
            written += row > header.row and not all(map(is_blank, values))
        return written

    def _found(self, given: Sequence[int]) -> tuple[Table, Header, int]:
        """Find the sheet, its header and its width by the columns.

        Sheets of a kind, as of months, are told apart by the rows they have.

        Raises:
            SheetError: ``DIFFERENT_COLUMNS`` where no sheet has them all.
        """
        kind = kind_of(self._source)
        sheets: Sequence[str | None] = [None]
        if kind is not Kind.TEXT:
            sheets = Workbook(self._source, kind).sheets
        found: list[tuple[Table, Header, int]] = []
        missing: list[str] = list(self._columns)
        for sheet in sheets:
            table = table_of(self._source, kind, Choice(sheet=sheet))
            header, width, left = self._header_of(table)
            missing = min(missing, left, key=len)
            if header is not None:
                found.append((table, header, width))
        if not found:
            raise SheetError(SheetFault.DIFFERENT_COLUMNS, missing=missing)
        if len(found) == 1:
            return found[0]
        same = (each for each in found if self._has_rows(each[0], each[1], given))
        return next(same, found[0])

    def _header_of(self, table: Table) -> tuple[Header | None, int, list[str]]:
        """Find the header with all columns, and the table's width; or what the best one lacks."""
        width = max((len(cells) for _, cells in table.rows()), default=0)
        top = list(islice(table.rows(), LOOKED_AT))
        likely = ((top, header) for header in (guess_header(top), Header()))
        any_row = (
            ([(row, cells)], Header(row, 1))
            for row, cells in table.rows()
            if not all(map(is_blank, cells))
        )
        missing: list[str] = list(self._columns)
        for rows, header in chain(likely, any_row):
            names = unique_headers(rows, header, width)
            left = [column for column in self._columns if column not in names]
            if not left:
                return header, width, []
            missing = min(missing, left, key=len)
        return None, width, missing

    def _has_rows(self, table: Table, header: Header, given: Sequence[int]) -> bool:
        filled = (
            row for row, cells in table.rows() if row > header.row and not all(map(is_blank, cells))
        )
        if self._only_given:
            return set(given) <= set(filled)
        return list(islice(filled, COMPARED)) == list(given)


def _writer(table: Table, source: Source, folder: Path) -> Writer:
    if isinstance(table, TextTable) and source.suffix in TEXT_SUFFIXES:
        return CsvWriter(table, folder / f"report{source.path.suffix}")
    return XlsxWriter(folder / "report.xlsx", table.sheet or source.path.stem)


def _padded(cells: Sequence[Cell], width: int) -> list[Any]:
    return [*cells, *[""] * (width - len(cells))]
