"""Finds the header of a sheet, and the names of its columns."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from desktop.contract.rules.mailbox import LIKE_ADDRESS, contacts_in
from desktop.contract.rules.text import plain, trimmed
from desktop.sheets.reader.columns.header_words import KNOWN
from desktop.sheets.reader.files.cells import Wording, is_blank

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desktop.sheets.reader.files.cells import Cell

    Row = tuple[int, Sequence[Cell]]

LONGEST: Final = 900
"""Characters of a header; with a number it stays within what a batch takes."""
LOOKED_AT: Final = 60
"""Rows at the top of a sheet in which the header is searched."""
NUMBER: Final = re.compile(r"[+-]?\d[\d .,]*\d|[+-]?\d")
_CONTROLS: Final = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_DATE: Final = re.compile(r"\d{1,4}[-./]\d{1,2}[-./]\d{1,4}(?:[T ].*)?")


@dataclass(frozen=True, slots=True)
class Header:
    """The row of the header, the last one of ``rows``; both are 0 if there is none."""

    row: int = 0
    rows: int = 0


def guess_header(top: Sequence[Row]) -> Header:
    """Find the header among a sheet's first rows.

    Titles above the table have only one cell. The first row of the table is its header, unless it
    looks like the rows below. A second row belongs to the header if it fills gaps of the first.
    """
    filled = [(row, cells) for row, cells in top if any(not is_blank(cell) for cell in cells)]
    width = max((_count(cells) for _, cells in filled), default=0)
    table = next(
        (at for at, (_, cells) in enumerate(filled) if _count(cells) >= min(2, width)), None
    )
    if table is None or _is_data(filled[table][1], [cells for _, cells in filled[table + 1 :]]):
        return Header()
    row, cells = filled[table]
    below = filled[table + 1 :]
    if below and below[0][0] == row + 1 and _completes(cells, below[0][1]):
        return Header(row + 1, 2)
    return Header(row, 1)


def header_at(top: Sequence[Row], row: int) -> Header:
    """Return the header at a chosen row; with the row above it, if that is also the guess."""
    guessed = guess_header(top)
    return guessed if row == guessed.row else Header(row, 1 if row else 0)


def unique_headers(top: Sequence[Row], header: Header, width: int) -> list[str]:
    """Name all columns by header, else by letter; a second *Name* becomes *Name 2*."""
    texts = header_texts(top, header, width)
    names: dict[str, None] = {}
    taken = {text for text in texts if text}
    numbers: Counter[str] = Counter()
    for at, text in enumerate(texts):
        base = name = text or letter(at)
        while name in names or (name in taken and name != text):
            numbers[base] += 1
            name = f"{base} {numbers[base] + 1}"
        names[name] = None
    return list(names)


def header_texts(top: Sequence[Row], header: Header, width: int) -> list[str]:
    """Return the header text of each column, or an empty text."""
    rows = dict(top)
    texts = [""] * width
    for row in range(header.row - header.rows + 1, header.row + 1):
        cells = rows.get(row, ())
        is_group = row < header.row
        before = ""
        for at in range(width):
            text = _line(cells[at]) if at < len(cells) else ""
            before = text or (before if is_group else "")
            if before != texts[at]:
                texts[at] = f"{texts[at]} {before}".strip()
    return [text[:LONGEST] for text in texts]


def letter(column: int) -> str:
    """Return the letter of a column, which is counted from 0."""
    text = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(ord("A") + rest) + text
    return text


def is_like_data(cell: Cell) -> bool:
    """Tell whether a cell is a number, a date or an address, which headers hardly ever are."""
    if not isinstance(cell, str):
        return True
    text = trimmed(cell)
    return has_address(text) or any(pattern.fullmatch(text) for pattern in (NUMBER, _DATE))


def has_address(cell: Cell) -> bool:
    """Tell whether a cell is an address, or several, however they are written."""
    if not isinstance(cell, str) or "@" not in cell:
        return False
    found = contacts_in(cell) or ([] if " " in trimmed(cell) else LIKE_ADDRESS.findall(cell))
    return bool(found)


def _is_data(cells: Sequence[Cell], below: Sequence[Sequence[Cell]]) -> bool:
    """Tell whether the first row of a table is data like the rows below it."""
    texts = [cell for cell in cells if not is_blank(cell)]
    if any(map(has_address, texts)):
        return True
    if any(plain(cell) in KNOWN for cell in texts if isinstance(cell, str)):
        return False
    return any(
        is_like_data(cell) and not is_blank(cell) and _mostly_data(below, at)
        for at, cell in enumerate(cells)
    )


def _mostly_data(rows: Sequence[Sequence[Cell]], at: int) -> bool:
    found = [is_like_data(row[at]) for row in rows if at < len(row) and not is_blank(row[at])]
    return not found or sum(found) * 2 > len(found)


def _completes(above: Sequence[Cell], cells: Sequence[Cell]) -> bool:
    """Tell whether a row names columns below a row of group names."""
    texts = [cell for cell in cells if not is_blank(cell)]
    fills_gap = any(
        not is_blank(cell) and (at >= len(above) or is_blank(above[at]))
        for at, cell in enumerate(cells)
    )
    is_named = any(plain(cell) in KNOWN for cell in texts if isinstance(cell, str))
    return fills_gap and is_named and not any(map(is_like_data, texts))


def _count(cells: Sequence[Cell]) -> int:
    return sum(not is_blank(cell) for cell in cells)


def _line(cell: Cell) -> str:
    return " ".join(trimmed(_CONTROLS.sub(" ", Wording().text(cell))).split())
