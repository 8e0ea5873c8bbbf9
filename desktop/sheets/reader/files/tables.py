"""A table: what every kind of file is to the rest of the reader."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from desktop.sheets.description import Kind
from desktop.sheets.reader.files.text import TextTable
from desktop.sheets.reader.files.workbook import Workbook

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from desktop.sheets.description import Note, SheetChoice
    from desktop.sheets.reader.files.cells import Cell
    from desktop.sheets.reader.files.source import SourceFile


class Table(Protocol):
    """Rows of cells, numbered as the spreadsheet's program numbers them."""

    @property
    def sheets(self) -> tuple[str, ...]:
        """The names of all sheets of the file."""

    @property
    def sheet(self) -> str | None:
        """The name of this sheet."""

    @property
    def encoding(self) -> str | None:
        """How text is written in the file."""

    @property
    def delimiter(self) -> str | None:
        """What separates the cells of a row in the file."""

    def rows(self) -> Iterator[tuple[int, Sequence[Cell]]]:
        """Read all rows from the first on; rows differ in length."""

    def share(self) -> float:
        """Tell how much of the file was read, from 0 to 1."""

    def notes(self) -> tuple[Note, ...]:
        """Find what a person should know of it."""


def table_of(source: SourceFile, kind: Kind, choice: SheetChoice) -> Table:
    """Open the table that was chosen, else the first sheet with a value in it.

    Raises:
        SheetError: with what is wrong with it.
    """
    if kind is Kind.TEXT:
        return TextTable(source, choice.encoding)
    return Workbook(source, kind).table(choice.sheet)
