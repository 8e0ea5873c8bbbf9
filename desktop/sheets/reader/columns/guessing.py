"""Guesses what a column becomes, by its header and its values."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Final

from desktop.contract.rules.names import is_title
from desktop.contract.rules.templates import STANDARD, field_key, field_name
from desktop.contract.rules.text import plain, trimmed, whole_number
from desktop.contract.tasks import ID_LIMIT
from desktop.sheets.description import FIELD, PROBLEM_HEADING, REPORT_HEADINGS, Target, has_zeros
from desktop.sheets.reader.columns.header_words import (
    FULL_NAMES,
    HEADERS,
    NAMES,
    ORDINALS,
    SURNAMES,
)
from desktop.sheets.reader.columns.headers import has_address
from desktop.sheets.reader.files.cells import is_blank, moment_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from desktop.sheets.reader.files.cells import Cell, Wording

SAMPLES: Final = 5
SAMPLE_LENGTH: Final = 200
_LOOKED_AT: Final = 500
"""Values of a column that are read for a guess."""


@dataclass(slots=True)
class Glance:
    """Counts of a column's values by kind, and some samples."""

    samples: list[str] = field(default_factory=list)
    filled: int = 0
    addresses: int = 0
    numbers: int = 0
    moments: int = 0
    titles: int = 0
    ordinals: int = 0

    def wants(self, cell: Cell) -> bool:
        """Tell whether a value counts: it is not blank, and one of the first."""
        return self.filled < _LOOKED_AT and not is_blank(cell)

    def see(self, cell: Cell, wording: Wording, shown: str | None = None) -> None:
        """Count one value; its sample is the text that the sheet has ``shown``."""
        text = trimmed(wording.text(cell))
        self.filled += 1
        self.addresses += has_address(text)
        number = whole_number(text, ID_LIMIT)
        self.numbers += number is not None
        self.ordinals += number == self.filled
        self.moments += isinstance(cell, date) or moment_of(cell, wording) is not None
        self.titles += is_title(text)
        short = (trimmed(wording.exact(cell)) if shown is None else shown)[:SAMPLE_LENGTH]
        if len(self.samples) < SAMPLES and short not in self.samples:
            self.samples.append(short)
        elif has_zeros(short) and not any(map(has_zeros, self.samples)):
            self.samples[-1] = short  # *Import* explains that the zeros are lost

    def counts_rows(self) -> bool:
        """Tell whether the values are 1, 2, 3 and so on."""
        return self.filled > 1 and self.ordinals == self.filled

    def mostly(self, count: int) -> bool:
        """Tell whether ``count`` is more than half of the values, or there are no values."""
        return count * 2 > self.filled or not self.filled


def guess_targets(
    headers: Sequence[str], glances: Sequence[Glance], lower: Sequence[str] | None = None
) -> list[str | None]:
    """Return the probable target of each column; all differ, and empty columns have ``None``.

    ``lower`` has the headers without the row of groups above them, if there are two rows.
    """
    lower = lower or headers
    words = [{plain(header), plain(short)} for header, short in zip(headers, lower, strict=True)]
    found: dict[Target, int] = {}
    for target, fits in _FITS.items():
        for at, (word, glance) in enumerate(zip(words, glances, strict=True)):
            if HEADERS[target].isdisjoint(word) or not fits(glance):
                continue
            if target is Target.NUMBER and word <= ORDINALS and glance.counts_rows():
                continue
            if target not in found or not glances[found[target]].filled:
                found[target] = at
    if Target.EMAIL not in found:
        by_content = [at for at, each in enumerate(glances) if each.addresses * 2 > each.filled]
        if by_content:
            found[Target.EMAIL] = by_content[0]
    _add_names(found, words, glances)
    targets: list[str | None] = [None] * len(headers)
    for target, at in found.items():
        targets[at] = target.value
    own = {at for at, header in enumerate(lower) if _is_own(header, lower)}
    return _with_fields(targets, headers, glances, own)


_FITS: Final[dict[Target, Callable[[Glance], bool]]] = {
    Target.NUMBER: lambda glance: glance.mostly(glance.numbers),
    Target.EMAIL: lambda glance: glance.addresses > 0 or not glance.filled,
    Target.SEND_AT: lambda glance: glance.mostly(glance.moments),
    Target.FIRST_NAME: lambda glance: glance.mostly(glance.filled - glance.addresses),
    Target.TITLE: lambda glance: not glance.filled or not glance.mostly(glance.titles),
    Target.NOTE: lambda _: True,
    Target.ATTACHMENT: lambda _: True,
}
"""Whether a column's values fit a target; targets are assigned in this order."""


def _add_names(
    found: dict[Target, int], words: Sequence[set[str]], glances: Sequence[Glance]
) -> None:
    """Find the column of the name, and that of the first name if the sheet has both.

    A *nombre* beside *apellidos* is the first name. A first name alone is the name.
    """

    def first_of(known: frozenset[str]) -> int | None:
        taken = set(found.values())
        fitting = (
            at
            for at, (word, glance) in enumerate(zip(words, glances, strict=True))
            if not known.isdisjoint(word) and at not in taken and not glance.addresses
        )
        return next(fitting, None)

    surname, name = first_of(SURNAMES), first_of(NAMES)
    if surname is not None:
        found[Target.NAME] = surname
        if name is not None and Target.FIRST_NAME not in found:
            found[Target.FIRST_NAME] = name
        if Target.FIRST_NAME in found:
            return
    full = first_of(FULL_NAMES) if name is None or Target.FIRST_NAME not in found else None
    best = name if name is not None else full if full is not None else surname
    if best is not None:
        found[Target.NAME] = best
        if best == full:
            found.pop(Target.FIRST_NAME, None)
    elif Target.FIRST_NAME in found:
        found[Target.NAME] = found.pop(Target.FIRST_NAME)


def _with_fields(
    targets: list[str | None], headers: Sequence[str], glances: Sequence[Glance], own: set[int]
) -> list[str | None]:
    """Make fields of the other columns with values, named by their headers.

    In a template, standard fields take precedence, so a field *Name* becomes *Name 2*. Columns that
    a report has added (``own``) are left out: with them, no row would be the *same* as before.
    """
    taken = {field_key(name) for name in STANDARD}
    for at, (header, glance) in enumerate(zip(headers, glances, strict=True)):
        if targets[at] is None and glance.filled and at not in own:
            name, number = field_name(header), 2
            while field_key(name) in taken:
                name, number = field_name(header, number), number + 1
            taken.add(field_key(name))
            targets[at] = f"{FIELD}{name}"
    return targets


def _is_own(header: str, headers: Sequence[str]) -> bool:
    """Tell whether a report has added a column; a report on a report adds a number to it."""
    name = header.rstrip(" 0123456789")
    return name == PROBLEM_HEADING or (name in REPORT_HEADINGS and REPORT_HEADINGS[0] in headers)
