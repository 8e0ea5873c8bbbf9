"""The interface of a table, which every kind of file has, and its rows with one address each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TypeVar

from desktop.contract.rules.mailbox import contacts_in
from desktop.sheets.description import Kind
from desktop.sheets.reader.files.text import TextTable
from desktop.sheets.reader.files.workbook import Workbook

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from desktop.sheets.description import Note, SheetChoice
    from desktop.sheets.reader.files.cells import Cell, Shown, Wording
    from desktop.sheets.reader.files.marks import Marks
    from desktop.sheets.reader.files.source import SourceFile

About = TypeVar("About")
"""What is known of a row beside its cells."""


class Table(Protocol):
    """Rows of cells, numbered as in a spreadsheet program."""

    @property
    def sheets(self) -> tuple[str, ...]:
        """The names of all sheets of the file."""

    @property
    def sheet(self) -> str | None:
        """The name of this sheet."""

    @property
    def encoding(self) -> str | None:
        """The encoding of a text file."""

    @property
    def readings(self) -> Mapping[str, str]:
        """A word of a text file as each likely encoding reads it, if there are several."""

    @property
    def delimiter(self) -> str | None:
        """The delimiter of a text file."""

    @property
    def is_headless(self) -> bool:
        """Whether the first row is known to be no header."""

    def rows(self) -> Iterator[tuple[int, Sequence[Cell]]]:
        """Read all rows from the first on; rows differ in length."""

    def shown_rows(self, wording: Wording) -> Iterator[tuple[int, Sequence[Cell], Shown]]:
        """Read all rows, and what tells how the sheet shows the cells of each."""

    def codes_of(self, row: int) -> Mapping[int, str]:
        """Return the number formats of a row's cells by column; rows ascend."""

    def is_unclear(self, cells: Sequence[Cell], named: int) -> bool:
        """Tell whether the row that was just read may have its cells cut in the wrong places.

        ``named`` is the number of cells of the header, 0 without one.
        """

    def share(self) -> float:
        """Return the share of the file that was read, from 0 to 1."""

    def marks(self) -> Marks:
        """Find what the sheet has beside its values."""

    def notes(self) -> dict[Note, int]:
        """Return what a person should know about the file, with counts; 0 says nothing."""


def table_of(source: SourceFile, kind: Kind, choice: SheetChoice) -> Table:
    """Open the chosen table, else the likeliest one; raises ``SheetError``."""
    if kind is Kind.TEXT:
        return TextTable(source, choice.encoding)
    return Workbook(source, kind).table(choice.sheet)


def one_address_each(
    rows: Iterable[tuple[int, Sequence[Cell], About]], at: int, header: int = 0
) -> Iterator[tuple[int, Sequence[Cell], About]]:
    """Give each row below the ``header`` one address in the column ``at``.

    The further addresses of a cell are rows of their own after the last one, so that all others
    keep their numbers.
    """
    further: list[tuple[list[Cell], About]] = []
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
