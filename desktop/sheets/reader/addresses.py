"""Reads the addresses of a list of people: those of all cells, hidden ones too, on each sheet."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple
from unicodedata import normalize

from desktop.contract.do_not_send import entry_problem
from desktop.contract.rules.mailbox import LIKE_ADDRESS
from desktop.sheets.description import Kind
from desktop.sheets.reader.files.cells import Wording
from desktop.sheets.reader.files.source import kind_of
from desktop.sheets.reader.files.text import TextTable
from desktop.sheets.reader.files.workbook import Workbook
from desktop.sheets.reader.headers import WIDE_AT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from desktop.sheets.reader.files.source import SourceFile
    from desktop.sheets.reader.tables import Table

_BETWEEN: Final = re.compile(r"[;,\t\r\n]+")
"""What stands between the entries of a cell."""
_AROUND: Final = " \u00a0\"'“”„<>()[]"
_DOMAIN: Final = re.compile(r"[*%]?@\S+")
"""A whole domain: @alt.example, or *@alt.example."""
_LOOSE: Final = re.compile(r"\S@|@\S")
"""An @ that may be an address's; in a name it stands alone."""
_DOTTED: Final = re.compile(r"[^\s@]+\.[^\s@]+")
"""What may be a domain, or an address without its @."""


class _Cell(NamedTuple):
    """What a cell has: entries for a list, and texts that may be some."""

    text: str
    entries: list[str]
    others: list[str]


def list_entries(source: SourceFile) -> tuple[list[str], list[str]]:
    """Return the entries that a file has for a list, and the texts that may be some; each once.

    Entries are addresses, and domains after an @. A text that may be one has an @, or stands where
    other rows have an entry. Addresses beyond ASCII are such texts, too, in a file that can be
    read in several encodings. Raises ``SheetError``.
    """
    kind = kind_of(source)
    entries: list[str] = []
    others: list[str] = []
    for table in _tables(source, kind):
        rows = [[_read(cell) for cell in cells] for cells in _texts(table)]
        for cell in (cell for cells in rows for cell in cells):
            certain = [each for each in cell.entries if each.isascii() or not table.readings]
            entries += certain
            others += [each for each in cell.entries if each not in certain] + cell.others
        others += _silent(rows)
    source.check_unchanged()
    return [*dict.fromkeys(entries)], [*dict.fromkeys(others)]


def _tables(source: SourceFile, kind: Kind) -> Iterator[Table]:
    if kind is Kind.TEXT:
        yield TextTable(source, None)
        return
    book = Workbook(source, kind)
    yield from map(book.table, book.sheets)


def _texts(table: Table) -> Iterator[list[str]]:
    for _, cells in table.rows():
        texts = [Wording().text(cell).strip() for cell in cells]
        yield [normalize("NFKC", each) if WIDE_AT in each else each for each in texts]


def _read(text: str) -> _Cell:
    cell = _Cell(text, [], [])
    for part in _BETWEEN.split(text) if "@" in text else ():
        piece = part.strip(_AROUND)
        is_domain = _DOMAIN.fullmatch(piece) is not None
        for each in [piece] if is_domain else LIKE_ADDRESS.findall(piece):
            (cell.others if entry_problem(each) else cell.entries).append(each)
        if not is_domain and _LOOSE.search(LIKE_ADDRESS.sub("", piece)):
            cell.others.append(piece)
    return cell


def _silent(rows: list[list[_Cell]]) -> Iterator[str]:
    """Yield the texts of rows without an entry that stand where other rows have one.

    Above the first entry are headings: there, only what looks like an address counts.
    """
    filled = [at for at, cells in enumerate(rows) if any(cell.entries for cell in cells)]
    columns = {at for cells in rows for at, cell in enumerate(cells) if cell.entries}
    for row, cells in enumerate(rows):
        if any(cell.entries or cell.others for cell in cells):
            continue
        is_below = bool(filled) and row > filled[0]
        for at, cell in enumerate(cells):
            has_word = any(map(str.isalpha, cell.text))
            if at in columns and has_word and (is_below or _DOTTED.fullmatch(cell.text)):
                yield cell.text
