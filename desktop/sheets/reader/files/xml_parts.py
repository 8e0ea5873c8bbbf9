"""Reads XML of workbooks: a parser without entities, and a walk through a table of an ``.ods``."""

from __future__ import annotations

from functools import lru_cache
from typing import Final, Protocol
from xml.parsers import expat

_TABLE: Final = "table:table"
_CELLS: Final = {"table:table-cell", "table:covered-table-cell"}


class XmlListener(Protocol):
    """What is told of the elements of a part."""

    def start(self, name: str, given: dict[str, str]) -> None:
        """Take the begin of an element."""

    def end(self, name: str) -> None:
        """Take the end of an element."""

    def text(self, text: str) -> None:
        """Take a text."""


def parser_for(listener: XmlListener) -> expat.XMLParserType:
    """Return a parser that tells a listener; with a declared entity it raises ``ValueError``."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = listener.start
    parser.EndElementHandler = listener.end
    parser.CharacterDataHandler = listener.text
    parser.EntityDeclHandler = _refuse
    return parser


def _refuse(*_: object) -> None:
    raise ValueError("A workbook declares no entities.")


@lru_cache(maxsize=1 << 14)
def column_of(letters: bytes) -> int:
    """Return the column of its letters, such as 1 for ``B``."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - ord("A") + 1
    return number - 1


class OdsTable:
    """Walks through one table of an ``.ods``; tables within its cells are passed over.

    ``row`` counts from 1 and ``column`` from 0. The current row stands for ``rows`` equal ones, the
    current cell for ``columns``.
    """

    def __init__(self, sheet: str) -> None:
        self._sheet = sheet
        self._depth = 0
        self._is_ours = False
        self.row, self.column = 1, 0
        self.rows = self.columns = 1

    def start(self, name: str, given: dict[str, str]) -> None:
        """Take the begin of an element."""
        if name == _TABLE:
            self._depth += 1
            if self._depth == 1:
                self._is_ours = given.get("table:name") == self._sheet
                self.row = 1
        if not self._is_ours or self._depth > 1:
            return
        if name == "table:table-row":
            self.rows = int(given.get("table:number-rows-repeated", "1"))
            self.column = 0
            self.begin_row(given)
        elif name in _CELLS:
            self.columns = int(given.get("table:number-columns-repeated", "1"))
            self.begin_cell(given)
        else:
            self.begin_other(name, given)

    def end(self, name: str) -> None:
        """Take the end of an element."""
        if name == _TABLE:
            self._depth -= 1
            self._is_ours = self._is_ours and self._depth > 0
        elif not self._is_ours or self._depth > 1:
            return
        elif name in _CELLS:
            self.end_cell()
            self.column += self.columns
        elif name == "table:table-row":
            self.end_row()
            self.row += self.rows
        else:
            self.end_other()

    def begin_row(self, given: dict[str, str]) -> None:
        """Take a row's attributes."""

    def begin_cell(self, given: dict[str, str]) -> None:
        """Take a cell's attributes."""

    def begin_other(self, name: str, given: dict[str, str]) -> None:
        """Take any other element of the table, and of its cells."""

    def end_cell(self) -> None:
        """Finish a cell."""

    def end_row(self) -> None:
        """Finish a row."""

    def end_other(self) -> None:
        """Finish any other element."""
