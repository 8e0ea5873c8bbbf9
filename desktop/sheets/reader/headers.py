"""Finds the header of a sheet, the names of its columns, and the headings that it knows.

Headings are known in some thirty languages. They are compared in the form of ``plain``: lower
case, without accents and punctuation.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from desktop.contract.batches import Target
from desktop.contract.rules.mailbox import LIKE_ADDRESS, contacts_in
from desktop.contract.rules.names import IN_BRACKETS
from desktop.sheets.description import PROBLEM_HEADING, REPORT_HEADINGS
from desktop.sheets.reader.files.cells import Wording, is_blank
from sendoff_tasks.model.text import plain, trimmed

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from desktop.sheets.reader.files.cells import CellValue

    CellRow = tuple[int, Sequence[CellValue]]


_TABLE: Final = tomllib.loads(Path(__file__).with_name("headings.toml").read_text("utf-8"))


def _words(text: str) -> frozenset[str]:
    return frozenset(plain(word) for word in text.split(","))


HEADERS: Final = {Target(name): _words(text) for name, text in _TABLE["targets"].items()}
"""A date of dispatch is none of ``SEND_AT``: a shop means the parcel."""

_INTERNAL: Final = _words(_TABLE["internal"])
_REMARKS: Final = (
    HEADERS[Target.NOTE] - _words("message, note, nota, notas, not, hinweis")
) | _words("bem, bemerk, anm, anmerk, rem, obs, opm, uw, pozn, прим, wiedervorlage")
"""Words, and short forms of them, that also make a longer heading one of remarks."""
_FOR_OFFICE: Final = re.compile(
    r"to do|.*\b(?:(?:office|internal) use|(?:staff|office|admin|board) only"
    r"|nur (?:fur )?(?:den |das |die )?(?:vorstand|buro|verwaltung|kassier))\b.*"
)
_GERMAN_REMARK: Final = re.compile(r"\w+(?:bemerkung|notiz|vermerk|kommentar)(?:en|e)?")


def is_remark(heading: str) -> bool:
    """Tell whether a heading, in the form of ``plain``, is that of remarks.

    They are mostly not meant for the recipient.
    """
    words = heading.split()
    if heading in HEADERS[Target.NOTE] or _FOR_OFFICE.fullmatch(heading):
        return True
    return any(
        word in _INTERNAL or word in _REMARKS or _GERMAN_REMARK.fullmatch(word) for word in words
    )


_AMOUNTS: Final = _words(_TABLE["amounts"])
_GERMAN_AMOUNT: Final = re.compile(r"\w+(?:betrag|preis|gebuhr|beitrag|kosten|summe)")


def is_amount(heading: str) -> bool:
    """Tell whether a heading, in the form of ``plain``, is that of amounts of money."""
    return any(word in _AMOUNTS or _GERMAN_AMOUNT.fullmatch(word) for word in heading.split())


_TOTALS: Final = _words(_TABLE["totals"])


def is_of_totals(text: str) -> bool:
    """Tell whether a text may stand beside totals: *Summe*, *Total 2027*."""
    first, *_ = plain(text).split() or [""]
    return first in _TOTALS


_EXPORTS: Final = [(_words(each["signs"]), _words(each["own"])) for each in _TABLE["exports"]]
"""Headings by which the exports of Outlook, forms, shops and newsletters are known, and the columns
that these programs add for themselves."""


def technical(headings: Collection[str]) -> frozenset[str]:
    """Return those of a sheet's headings that a program has for itself, not for recipients.

    They are in the form of ``plain``.
    """
    known = [words for signs, words in _EXPORTS if not signs.isdisjoint(headings)]
    return frozenset(headings) & frozenset().union(*known)


def added_by_report(headers: Sequence[str]) -> set[int]:
    """Return the columns that a report has added; a report on a report adds a number to them."""
    known = {PROBLEM_HEADING, *(REPORT_HEADINGS if REPORT_HEADINGS[0] in headers else ())}
    return {at for at, header in enumerate(headers) if header.rstrip(" 0123456789") in known}


SURNAMES: Final = _words(_TABLE["surnames"])
"""Headings of last names."""
FULL_NAMES: Final = _words(_TABLE["full_names"])
PEOPLE: Final = _words(_TABLE["people"])
"""Headings of people; their values may be names, and may as well be *yes* or a number."""
NAMES: Final = _words(_TABLE["names"])
"""Headings of whole names. Beside a column of last names they are first names, and beside a column
of first names they are last names."""
FORM_IDS: Final = _words("id, response id, answer id, antwort id, submission id")
"""Headings of the numbers that a form gives its answers."""
PERSON_NUMBERS: Final = _words(_TABLE["person_numbers"])
"""Headings of numbers of people. They are fields: an item has another number."""
KNOWN: Final = frozenset().union(
    *HEADERS.values(), SURNAMES, FULL_NAMES, PEOPLE, NAMES, PERSON_NUMBERS
)
_BESIDE: Final = _words(_TABLE["beside"])
"""Words beside the name or the address in a heading that do not change its meaning."""
NOT_NAMES: Final = _words(_TABLE["not_names"])
"""Values that are no names of people."""
_PARTS: Final = re.compile(r"[/|\n]")


def readings(heading: str) -> list[str]:
    """Return what a heading may say, the surest first.

    *First Name (Billing)* is also read as *first name*, *Your e-mail* as *e mail*, and *Name / Nom*
    as *name*.
    """
    parts = [heading, IN_BRACKETS.sub(" ", heading), *_PARTS.split(heading)]
    known = dict.fromkeys(map(plain, parts))
    for text in [*known]:
        words = [word for word in text.split() if word not in _BESIDE and not word.isdigit()]
        known.setdefault(" ".join(words))
    return [text for text in known if text]


WIDE_AT: Final = "\uff20"
"""The @ of East Asian keyboards."""
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


def guess_header(top: Sequence[CellRow]) -> Header:
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


def header_at(top: Sequence[CellRow], row: int) -> Header:
    """Return the header at a chosen row; with the row above it, if that is also the guess."""
    guessed = guess_header(top)
    return guessed if row == guessed.row else Header(row, 1 if row else 0)


def unique_headers(top: Sequence[CellRow], header: Header, width: int) -> list[str]:
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


def header_texts(top: Sequence[CellRow], header: Header, width: int) -> list[str]:
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


def is_like_data(cell: CellValue) -> bool:
    """Tell whether a cell is a number, a date or an address, which headers hardly ever are."""
    if not isinstance(cell, str):
        return True
    text = trimmed(cell)
    return has_address(text) or any(pattern.fullmatch(text) for pattern in (NUMBER, _DATE))


def has_address(cell: CellValue) -> bool:
    """Tell whether a cell is an address, or several, however they are written."""
    if not isinstance(cell, str) or ("@" not in cell and WIDE_AT not in cell):
        return False
    cell = cell.replace(WIDE_AT, "@")
    found = contacts_in(cell) or ([] if " " in trimmed(cell) else LIKE_ADDRESS.findall(cell))
    return bool(found)


def _is_data(cells: Sequence[CellValue], below: Sequence[Sequence[CellValue]]) -> bool:
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


def _mostly_data(rows: Sequence[Sequence[CellValue]], at: int) -> bool:
    found = [is_like_data(row[at]) for row in rows if at < len(row) and not is_blank(row[at])]
    return not found or sum(found) * 2 > len(found)


def _completes(above: Sequence[CellValue], cells: Sequence[CellValue]) -> bool:
    """Tell whether a row names columns below a row of group names."""
    texts = [cell for cell in cells if not is_blank(cell)]
    fills_gap = any(
        not is_blank(cell) and (at >= len(above) or is_blank(above[at]))
        for at, cell in enumerate(cells)
    )
    is_named = any(plain(cell) in KNOWN for cell in texts if isinstance(cell, str))
    return fills_gap and is_named and not any(map(is_like_data, texts))


def _count(cells: Sequence[CellValue]) -> int:
    return sum(not is_blank(cell) for cell in cells)


def _line(cell: CellValue) -> str:
    return " ".join(trimmed(_CONTROLS.sub(" ", Wording().text(cell))).split())
