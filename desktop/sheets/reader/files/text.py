"""Reads the separated values of a text file as rows."""

from __future__ import annotations

import io
import re
from collections import Counter
from itertools import chain, pairwise
from typing import TYPE_CHECKING, Final

from desktop.contract.rules.mailbox import Mailbox, recipients_in
from desktop.sheets.faults import SheetError, SheetFault
from desktop.sheets.reader.files.cells import as_it_is, is_blank
from desktop.sheets.reader.files.encodings import encoding_of
from desktop.sheets.reader.files.xml_cells import Marks
from desktop.sheets.separated import PlainCell, line_end_of, rows_of
from sendoff_tasks.model.text import trimmed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from desktop.sheets.description import Note
    from desktop.sheets.reader.files.cells import CellValue, ShownAs, Wording
    from desktop.sheets.reader.files.source import SourceFile

END_OF_DOS: Final = "\x1a"
"""Ctrl-Z, with which old programs end a file."""
DEFUSED: Final = re.compile(r"'(?:[=+\-@\t\r]|\d{3,}\Z)")
"""A cell that could be taken for a formula or a number: our own reports, and shops with postal
codes, put a ``'`` before it."""
_DELIMITERS: Final = "\t;,|"
_WHOLE: Final = re.compile(r"[^\w\s]?\s?-?(?:0|[1-9]\d{0,6})\Z")
DECIMALS: Final = re.compile(r"(?:\d\d?|\d{3}(?:\.\d\d?)?)(?:\s?[^\w\s]|\s[A-Z]{3})?")
"""What follows the comma of an amount, perhaps with its currency: 50, or 234.50 of 1,234.50."""
_SAMPLE: Final = 1 << 16
_LAST_CONTACT: Final = re.compile(r"[;,\n][^;,\n]*\Z")
"""The end of a long sample, which may be cut within an address."""
_SEPARATOR: Final = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)
"""A first line for Excel, which neither shows nor counts it."""


class TextTable:
    """The table of a text file.

    A copy of the file also needs its ``bom``, ``line_end`` and ``prologue`` (Excel's ``sep=``).
    """

    sheets: tuple[str, ...] = ()
    sheet: str | None = None

    def __init__(self, source: SourceFile, encoding: str | None) -> None:
        self._source = source
        found = encoding_of(source.file, encoding)
        self.bom = found.bom
        self.encoding = found.name
        self.readings = found.readings  # a word as each likely encoding reads it, if several are
        sample = self._sample()
        self.line_end = line_end_of(sample)
        separator = _SEPARATOR.match(sample)
        self.prologue = separator[0] if separator else ""
        sample = sample.removeprefix(self.prologue)
        self.delimiter, self._width = shape_of(sample, separator[1] if separator else None)
        self._is_unclear = False
        self._is_list = not separator and is_list_of_contacts(sample)
        self.is_headless = self._is_list and "@" in _lines_of_list(sample)[0]

    def rows(self) -> Iterator[tuple[int, Sequence[CellValue]]]:
        """Read all rows; quoted cells may have line breaks.

        In a list of recipients, each entry is a row.

        Raises:
            SheetError: ``WRONG_ENCODING``.
        """
        if self._is_list:
            lines = (
                [str(each) for each in recipients_in(line)] or [line] for line in self._lines()
            )
            yield from enumerate(([trimmed(cell)] for cell in chain.from_iterable(lines)), 1)
            return
        rows = rows_of(self._lines(), self.delimiter, self._width)
        for row, (cells, self._is_unclear) in enumerate(rows, 1):
            yield row, [*map(_unmarked, cells)]

    def shown_rows(self, _: Wording) -> Iterator[tuple[int, Sequence[CellValue], ShownAs]]:
        """Read all rows; text is as it is shown."""
        for row, cells in self.rows():
            yield row, cells, as_it_is

    def codes_of(self, _: int) -> dict[int, str]:
        """Return that no cell has a number format."""
        return {}

    def is_unclear(self, cells: Sequence[CellValue], named: int) -> bool:
        """Tell whether the row that was just read may have its cells cut in the wrong places.

        ``named`` is the number of cells of the header, 0 without one.
        """
        if self._is_unclear or len(cells) <= named:
            return self._is_unclear
        most = named or self._width or len(cells)
        is_longer = len(cells) > max(named, self._width) > 0 and self.delimiter == ","
        return (is_longer and bool(cuts_in(cells))) or not all(map(is_blank, cells[most:]))

    def marks(self) -> Marks:
        """Return no marks: text hides nothing."""
        return Marks()

    def notes(self) -> dict[Note, int]:
        """Return no notes."""
        return {}

    def _lines(self) -> Iterator[str]:
        self._source.file.seek(len(self.bom))
        ends = self.line_end[-1]  # the other signs stay within cells
        text = io.TextIOWrapper(self._source.file, self.encoding, newline=ends)
        try:
            text.read(len(self.prologue))
            for line in text:
                if whole := line.rstrip(END_OF_DOS):
                    yield whole
        except UnicodeError as error:
            raise SheetError(SheetFault.WRONG_ENCODING, encoding=self.encoding) from error
        finally:
            if not self._source.file.closed:
                text.detach()  # the file stays open

    def _sample(self) -> str:
        self._source.file.seek(len(self.bom))
        return self._source.file.read(_SAMPLE).decode(self.encoding, errors="ignore")


def _unmarked(cell: str) -> str:
    if DEFUSED.match(cell):
        return PlainCell(cell[1:], cell)
    return cell


def cuts_in(cells: Sequence[CellValue]) -> list[int]:
    """Return the cells that may be amounts whose decimals are in the next cell: 12 and 50."""
    texts = [trimmed(cell) if isinstance(cell, str) else "" for cell in cells]
    pairs = enumerate(pairwise(texts))
    return [at for at, (whole, part) in pairs if _WHOLE.match(whole) and DECIMALS.fullmatch(part)]


def is_list_of_contacts(sample: str) -> bool:
    """Tell whether a text holds recipients one after another.

    It may have one heading, and some entries that are no contacts: a *Kassenwart*, or a name alone.
    In a table, which may have several addresses in a row too, one column never has any.
    """
    whole = sample if len(sample) < _SAMPLE // 4 else _LAST_CONTACT.sub("", sample)
    lines = _lines_of_list(whole)
    if lines and "@" not in lines[0] and not any(each in lines[0] for each in _DELIMITERS):
        lines.pop(0)
    if not lines or "@" not in lines[0]:
        return False
    if not any(each in line for line in lines for each in _DELIMITERS):
        return False
    entries = [[isinstance(each, Mailbox) for each in recipients_in(line)] for line in lines]
    if not all(entries):
        return False
    if all(map(all, entries)):
        return True
    counted = [*chain.from_iterable(entries)]
    has_several = any(sum(line) > 1 for line in entries)
    has_text_column = len(entries) > 1 and not all(map(any, zip(*entries, strict=False)))
    return has_several and sum(counted) * 2 >= len(counted) and not has_text_column


def _lines_of_list(text: str) -> list[str]:
    """Return the lines that may name recipients."""
    return [line for line in text.splitlines() if trimmed(line)]


def shape_of(sample: str, delimiter: str | None) -> tuple[str, int]:
    """Find the delimiter, unless it is known, and the number of cells of most rows.

    It is the one with which most rows have the same number of cells (over 1); 0 if there is none.
    """
    lines = list(io.StringIO(sample, newline=line_end_of(sample)[-1]))
    whole = lines[:-1] if len(lines) > 1 and len(sample) >= _SAMPLE // 4 else lines
    best = max(delimiter or _DELIMITERS, key=lambda each: _evenness(whole, each))
    _, width = _evenness(whole, best)
    return best if width or delimiter else ",", width


def _evenness(lines: Iterable[str], delimiter: str) -> tuple[float, int]:
    """Return the share of rows with the most frequent number of cells, and that number."""
    lengths = Counter(len(cells) for cells, _ in rows_of(lines, delimiter) if any(cells))
    rows = sum(lengths.values())
    lengths.pop(1, None)
    if not lengths:
        return 0, 0
    length, count = lengths.most_common(1)[0]
    return count / rows, length
