"""Writes tables: a spreadsheet with added columns, and new tables."""

from __future__ import annotations

import re
from datetime import datetime
from itertools import chain, islice
from typing import TYPE_CHECKING, Any, Final

from desktop.contract.rules.mailbox import written_address
from desktop.sheets.description import ANSWER, TEXT_SUFFIXES
from desktop.sheets.faults import SheetError, SheetFault
from desktop.sheets.reader.files.cells import is_blank
from desktop.sheets.reader.files.text import TextTable
from desktop.sheets.reader.finding import COMPARED, FoundTable, find
from desktop.sheets.writer.writers import CsvWriter, NewText, XlsxWriter

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from pathlib import Path

    from desktop.sheets.reader.files.cells import Cell
    from desktop.sheets.reader.files.source import SourceFile
    from desktop.sheets.reader.files.tables import Table
    from desktop.sheets.writer.writers import TableWriter


Given = tuple[int, list[str], str]
"""A row's number, the cells that are added to it, and its recipient or an empty text."""
_NO_MORE: Final[Given] = (0, [], "")
_BETWEEN: Final = re.compile(r"""[\s<>()",;:]+""")
"""Characters in a cell that separate an address from other text."""
_AROUND: Final = "'‘’"
"""Characters that may surround an address, but may also be part of it."""


class Report:
    """A report on a spreadsheet.

    - ``columns``: the headers by which the sheet is found
    - ``addresses``: the header of the column with e-mail addresses
    - ``headings``: the headings of the added columns
    - ``only_given``: leave out rows without added cells
    - ``in_place``: then leave empty rows, so the others keep their numbers
    - ``each_address``: each address of a cell has a row, as in the batch
    """

    def __init__(
        self,
        source: SourceFile,
        columns: Collection[str],
        addresses: str | None,
        headings: Sequence[str],
        only_given: bool,
        in_place: bool,
        each_address: bool = False,
    ) -> None:
        self._source = source
        self._columns = columns
        self._addresses = addresses
        self._headings = headings
        self._only_given = only_given
        self._in_place = in_place
        self._each_address = each_address

    def write(self, folder: Path, given: Iterator[Given]) -> int:
        """Write the report into a folder, as ``report`` with a suffix; returns its row count.

        ``given`` has the added cells and the recipients, ascending by row.

        Raises:
            SheetError: the fault of the source, or ``NOT_WRITABLE``.
        """
        compared = list(islice(given, COMPARED))
        rows = [row for row, _, _ in compared]
        found = find(
            self._source,
            self._columns,
            rows,
            only_given=self._only_given,
            split=self._addresses if self._each_address else None,
        )
        try:
            with _writer(found.table, self._source, folder) as writer:
                return self._copy(writer, found, chain(compared, given))
        except OSError as error:
            text = error.strerror or str(error)
            raise SheetError(SheetFault.NOT_WRITABLE, text=text) from error

    def _copy(
        self,
        writer: TableWriter,
        found: FoundTable,
        given: Iterator[Given],
    ) -> int:
        header, width, written = found.header, found.width, 0
        column = None if self._addresses is None else found.names.index(self._addresses)
        at, cells, to = next(given, _NO_MORE)
        left_out = 0
        for row, values, codes in found.rows():
            if row == header.row:
                writer.write([*_padded(values, width), *self._headings], codes)
                continue
            while at and at < row:
                at, cells, to = next(given, _NO_MORE)
            if at == row:
                writer.skip(left_out if self._in_place else 0)
                left_out = 0
                here = "" if column is None else str(_padded(values, width)[column])
                writer.write([*_padded(values, width), *_with_recipient(cells, to, here)], codes)
            elif row < header.row or (not self._only_given and all(map(is_blank, values))):
                writer.write(values, codes)
            elif not self._only_given:  # equal numbers of cells let readers find the delimiter
                writer.write(_padded(values, width + len(self._headings)), codes)
            else:
                left_out += 1
                continue
            written += row > header.row and not all(map(is_blank, values))
        return written


def _writer(table: Table, source: SourceFile, folder: Path) -> TableWriter:
    if isinstance(table, TextTable) and source.suffix in TEXT_SUFFIXES:
        return CsvWriter(table, folder / f"report{source.path.suffix}")
    return XlsxWriter(folder / "report.xlsx", table.sheet or source.path.stem)


def _with_recipient(cells: list[str], to: str, written: str) -> list[str]:
    """Put the recipient before the answer if the spreadsheet has another address."""
    found = {word.strip(_AROUND) for word in _BETWEEN.split(written.casefold())}
    if not to or written_address(to).casefold().strip(_AROUND) in found:
        return cells
    told = [*cells]
    told[ANSWER] = f"{to}: {cells[ANSWER]}" if cells[ANSWER] else to
    return told


def _padded(cells: Sequence[Cell], width: int) -> list[Any]:
    return [*cells, *[""] * (width - len(cells))]


def write_new_table(wanted: dict[str, Any], folder: Path, rows: Iterator[Sequence[Any]]) -> int:
    """Write the table of a ``write_table`` request; returns its row count.

    Raises:
        SheetError: ``NOT_WRITABLE``.
    """
    kinds = [kind for _, kind in wanted["columns"]]
    written = 0
    try:
        with _new_writer(folder / wanted["name"], wanted["delimiter"]) as writer:
            writer.write([heading for heading, _ in wanted["columns"]])
            for row in rows:
                writer.write([_cell(*each) for each in zip(row, kinds, strict=True)])
                written += 1
    except OSError as error:
        raise SheetError(SheetFault.NOT_WRITABLE, text=error.strerror or str(error)) from error
    return written


def _new_writer(path: Path, delimiter: str) -> TableWriter:
    if path.suffix.lower() == ".csv":
        return CsvWriter(NewText(delimiter), path)
    return XlsxWriter(path, path.stem)


def _cell(value: Any, kind: str) -> Cell:
    if value is None:
        return ""
    if kind == "moment":
        return datetime.fromisoformat(value).astimezone().replace(tzinfo=None, microsecond=0)
    return value if kind == "number" else str(value)
