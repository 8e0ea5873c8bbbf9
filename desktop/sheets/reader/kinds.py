"""What a column counts as: number, date, yes or no, or text."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from desktop.contract.items import ValueKind
from desktop.contract.rules.locales import Signs
from desktop.contract.rules.salutations import (
    DEFAULT_LANGUAGE,
    SALUTATIONS,
    is_salutation,
    language_told,
)
from desktop.contract.rules.values import (
    NumberForm,
    are_yes_and_no,
    common_form,
    form_shown,
    is_code,
    parse_number,
)
from desktop.sheets.reader.files.cells import Wording
from desktop.sheets.reader.files.moments import read_moment

if TYPE_CHECKING:
    from desktop.sheets.reader.files.cells import CellValue

_DAY_FIRST: Final = Wording("dd/mm/yyyy")


@dataclass(slots=True)
class KindCounts:
    """Counts the values of a column by kind; ``ticked`` are check boxes.

    ``is_code`` tells whether a value is a code: 01067. A value that is ``foreign`` is a number as
    another country writes it, one that is ``doubtful`` may be: 1.234.
    ``words`` has different values, until there are more than *yes* and *no*; ``greetings`` those
    that tell a salutation.
    """

    filled: int = 0
    numbered: int = 0
    dated: int = 0
    ticked: int = 0
    is_code: bool = False
    foreign: int = 0
    doubtful: int = 0
    forms: set[NumberForm] = field(default_factory=set)
    words: set[str] = field(default_factory=set)
    greeted: int = 0
    greetings: set[str] = field(default_factory=set)
    locale: str = ""

    def greet(self, text: str) -> None:
        """Count a text that tells a salutation."""
        if is_salutation(text):
            self.greeted += 1
            self.greetings.add(text)

    def see(self, cell: CellValue, text: str, wording: Wording, shown: str | None) -> None:
        """Count a value, by its trimmed ``text``; the sheet has ``shown`` it so."""
        self.filled += 1
        self.locale = wording.locale[:2]
        self.greet(text)
        if len(self.words) <= len(("yes", "no")):
            self.words.add(text)
        is_text, form = isinstance(cell, str), None
        if isinstance(cell, bool):
            self.ticked += 1
        elif isinstance(cell, int | float):
            self.numbered += 1
            form = NumberForm() if shown is None else form_shown(shown, wording)
        elif is_text and (read := parse_number(text, wording)) is not None:
            self.numbered += 1
            form = read[1]
            turned = parse_number(text, _turned(wording))
            self.doubtful += turned is not None and turned[0] != read[0]
        elif is_text and any(map(str.isdigit, text)):
            self.foreign += parse_number(text, _turned(wording)) is not None
        self.forms |= set() if form is None else {form}
        self.is_code |= is_code(shown or text)
        self.dated += isinstance(cell, date) or (is_text and _is_date(text, wording))

    @property
    def kind(self) -> str:
        """What the column counts as: what most of its values are; *yes or no* if all are."""
        if self.filled and (self.ticked * 2 > self.filled or are_yes_and_no(self.words)):
            return ValueKind.YES_NO
        if self.dated * 2 > self.filled:
            return ValueKind.DATE
        is_sure = not self.is_code and not (self.foreign and self.doubtful)
        if self.numbered * 2 > self.filled and is_sure:
            form = common_form(self.forms)
            return f"{ValueKind.NUMBER} {form}" if form != NumberForm() else ValueKind.NUMBER
        language = language_told(self.greetings) if self.greeted * 2 > self.filled else None
        if language is None:
            return ValueKind.TEXT
        own = self.locale if self.locale in SALUTATIONS else DEFAULT_LANGUAGE
        return f"{ValueKind.TEXT} {language or own}"


def _is_date(text: str, wording: Wording) -> bool:
    """Tell whether a text is a date, also one that the column's other ones tell how to read."""
    return not text.isdigit() and any(read_moment(text, way) for way in (wording, _DAY_FIRST))


@lru_cache(maxsize=8)
def _turned(wording: Wording) -> Signs:
    """Return the way with the other sign before decimals: 12,50 in English."""
    return Signs(wording.short_date, *((",", ".") if wording.point == "." else (".", ",")))
