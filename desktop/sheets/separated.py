"""Reads and writes separated values, as programs and people write them.

A quotation mark quotes a whole cell only: its partner stands before a separator or the end of a
line. Any other mark is part of the text, so a room named ``"Krone`` takes no further rows into its
cell. With Python's ``csv`` it does: there, every mark at the beginning of a cell opens a quotation.
"""

from __future__ import annotations

import re
from collections import deque
from typing import TYPE_CHECKING, Final, Self

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

CELL_LIMIT: Final = 1 << 17
"""Characters in which the partner of a quotation mark is searched."""
_ENDS: Final = "\r\n"
_QUOTED: Final = re.compile(r'"(?:[^"]|"")*"')
_OPENING: Final = re.compile(r' *"')
_DOUBLED: Final = re.compile(r'[^"]*+(?:""[^"]*+)*+')
"""Quoted text whose own marks are doubled (RFC 4180)."""
KEPT_AS_TEXT: Final = re.compile(r' *="((?:[^"]|"")*)" *')
"""A formula with which programs keep Excel from reading a text as a number: ``="01067"``."""
_ADDRESS: Final = re.compile(r"\s*(?:[^@<>]*<)?[^\s@<>]+@[^\s@<>]+>?\s*")


class PlainCell(str):
    """The text of a cell without marks for programs; ``written`` is the cell as it was."""

    __slots__ = ("written",)

    written: str

    def __new__(cls, text: str, written: str) -> Self:
        """Keep the cell as it was beside its text."""
        made = super().__new__(cls, text)
        made.written = written
        return made


def line_end_of(text: str) -> str:
    """Return the line end that most rows of a text have; line breaks within cells do not count."""
    rows = _QUOTED.sub("", text)
    both = rows.count("\r\n")
    carriage, feed = rows.count("\r") - both, rows.count("\n") - both
    if carriage > both + feed:
        return "\r"
    return "\r\n" if both and both >= feed else "\n"


def rows_of(
    lines: Iterable[str], delimiter: str, width: int = 0
) -> Iterator[tuple[list[str], bool]]:
    """Read the cells of each row, and whether they are unclear: a person should look at them.

    ``lines`` have their line ends. ``width`` is the number of cells that most rows have, if known:
    lines that each have as many cells are rows, although a cell in quotation marks could span them.
    """
    reader = _Reader(lines, delimiter, width)
    for line in reader.lines():
        text = line.strip(_ENDS)
        if reader.unclear_rows:
            yield reader.row(line)
        elif '"' not in text:
            yield text.split(delimiter) if text else [], False
        elif cells := _usual(text, delimiter):
            yield cells, False
        else:
            yield reader.row(line)


def line_of(cells: Sequence[str], delimiter: str) -> str:
    """Write a row, without a line end; cells that need it are quoted."""
    special = (delimiter, '"', *_ENDS)
    return delimiter.join(
        '"{}"'.format(cell.replace('"', '""')) if any(each in cell for each in special) else cell
        for cell in cells
    )


class _Reader:
    """Reads rows with quotation marks; the next ``unclear_rows`` rows are unclear."""

    def __init__(self, lines: Iterable[str], delimiter: str, width: int) -> None:
        self._lines = iter(lines)
        self._ahead: deque[str] = deque()
        self._delimiter = delimiter
        self._width = width
        # Spreadsheet programs copy cells with tabs between them, and quote only what has to be.
        self._is_copied = delimiter == "\t"
        self._closing = re.compile(rf'" *(?={re.escape(delimiter)}|\Z)')
        self.unclear_rows = 0
        self._line = ""
        self._text = ""  # the line without its end
        self._at = 0
        self._is_unclear = False

    def lines(self) -> Iterator[str]:
        """Yield the lines at which rows begin, while ``row`` reads those that it spans."""
        while True:
            while self._ahead:
                yield self._ahead.popleft()
            for line in self._lines:
                yield line
                if self._ahead:
                    break
            else:
                return

    def row(self, line: str) -> tuple[list[str], bool]:
        """Read the row that begins with this line."""
        self._line, self._text, self._at = line, line.strip(_ENDS), 0
        self._is_unclear = self.unclear_rows > 0
        self.unclear_rows -= self._is_unclear
        cells: list[str] = []
        while True:
            quoted = self._quoted()
            cells.append(_without_formula(self._plain() if quoted is None else quoted))
            if self._at == len(self._text):
                return cells, self._is_unclear
            self._at += 1

    def _plain(self) -> str:
        """Read a cell whose marks are part of its text."""
        end = self._text.find(self._delimiter, self._at)
        begin, self._at = self._at, len(self._text) if end < 0 else end
        cell = self._text[begin : self._at]
        if not self._is_copied and _OPENING.match(cell):
            # It may go on elsewhere, or the marks around it may be no part of it.
            self._is_unclear |= cell.count('"') % 2 > 0 or cell.rstrip().endswith('"')
        return cell

    def _quoted(self) -> str | None:
        """Read a cell that is quoted as a whole; ``None`` if this one is not."""
        opening = _OPENING.match(self._text, self._at)
        if opening is None:
            return None
        begin = opening.end()
        end = _end(self._text, begin)
        if closing := self._closing.match(self._text, end):
            cell: str | None = self._text[begin:end]
            if self._is_copied and self._are_cells([self._line], [self._text[begin:end]]):
                return None
            self._at = closing.end()
        else:
            cell = self._spanning(begin) if end == len(self._text) else None
        return None if cell is None else cell.replace('""', '"')

    def _spanning(self, begin: int) -> str | None:
        """Read a quoted cell with line breaks; ``None`` if its lines are rows."""
        lines, length = [self._line], 0
        for line in self._following():
            lines.append(line)
            length += len(line)
            text = line.rstrip(_ENDS)
            end = _end(text, 0)
            if end < len(text) or length > CELL_LIMIT:
                break
        else:
            return None
        closing = self._closing.match(text, end)
        if closing is None:
            return None
        parts = [lines[0][begin:], *lines[1:-1], text[:end]]
        if self._are_cells(lines, parts):
            if not self._is_copied:
                self._is_unclear = True
                self.unclear_rows = max(self.unclear_rows, len(parts) - 1)
            return None
        for _ in parts[1:]:
            self._ahead.popleft()
        self._line, self._text, self._at = lines[-1], text, closing.end()
        cell = "".join(parts)
        self._is_unclear |= self._is_copied and self._delimiter in cell
        return cell

    def _following(self) -> Iterator[str]:
        """Look at the next lines, which remain to be read."""
        yield from tuple(self._ahead)
        for line in self._lines:
            self._ahead.append(line)
            yield line

    def _are_cells(self, lines: Sequence[str], parts: Sequence[str]) -> bool:
        """Tell whether the parts of a quoted cell look like cells, on lines that look like rows."""
        if self._width > 1 and (len(lines) > 1 or self._delimiter in parts[0]):
            counts = {line.count(self._delimiter) + 1 for line in lines}
            if counts == {self._width}:
                return True
        return any(
            _ADDRESS.fullmatch(piece)
            for part in parts
            if self._delimiter in part
            for piece in part.split(self._delimiter)
        )


def _usual(text: str, delimiter: str) -> list[str] | None:
    """Read a line whose cells have no marks but those around them, the fast way."""
    pieces = f"{delimiter}{text}{delimiter}".split('"')
    between, quoted = pieces[::2], pieces[1::2]
    if len(between) == len(quoted) or (delimiter == "\t" and "\t" in "".join(quoted)):
        return None
    if between.count(delimiter) == len(between):
        return quoted
    cells = []
    for at, piece in enumerate(pieces):
        if at % 2:
            cells.append(piece)
        elif piece != delimiter:
            if len(piece) < 2 or piece[0] != delimiter or piece[-1] != delimiter:
                return None
            cells += piece[1:-1].split(delimiter)
    return cells


def _end(text: str, begin: int) -> int:
    found = _DOUBLED.match(text, begin)
    return begin if found is None else found.end()


def _without_formula(cell: str) -> str:
    found = KEPT_AS_TEXT.fullmatch(cell) if '="' in cell else None
    return cell if found is None else PlainCell(found[1].replace('""', '"'), cell)
