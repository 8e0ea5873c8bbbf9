"""What a column counts as: number, date, yes or no, or text."""

from __future__ import annotations

from collections import Counter
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
from sendoff_tasks.model.text import trimmed

if TYPE_CHECKING:
    from desktop.sheets.reader.files.cells import CellValue

_DAY_FIRST: Final = Wording("dd/mm/yyyy")


FEW: Final = 12
"""Different texts of a column that may be words for a salutation."""

_LONGEST: Final = 40
"""Characters of a word for a salutation."""


@dataclass(slots=True)
class KindCounts:
    """Counts the values of a column by kind; ``ticked`` are check boxes.

    ``is_code`` tells whether a value is a code: 01067. A value that is ``foreign`` is a number as
    another country writes it, one that is ``doubtful`` may be: 1.234.
    ``words`` has the different texts of all rows with their counts: those that tell a salutation,
    which ``tells`` says, and the first few ``others``, of which the rest is only counted.
    """

    filled: int = 0
    numbered: int = 0
    dated: int = 0
    ticked: int = 0
    is_code: bool = False
    foreign: int = 0
    doubtful: int = 0
    forms: set[NumberForm] = field(default_factory=set)
    words: Counter[str] = field(default_factory=Counter)
    tells: bool = False
    others: int = 0
    locale: str = ""

    def note_word(self, text: str) -> None:
        """Count a text, by its words."""
        is_told = is_salutation(text)
        self.tells |= is_told
        if is_told or text in self.words or len(self.words) <= FEW:
            self.words[text] += 1
        else:
            self.others += 1

    @property
    def has_words(self) -> bool:
        """Whether the words of all rows count: they tell a salutation, or are few."""
        return self.tells or len(self.words) <= FEW

    def see(self, cell: CellValue, text: str, wording: Wording, shown: str | None) -> None:
        """Count a value, by its trimmed ``text``; the sheet has ``shown`` it so."""
        self.filled += 1
        self.locale = wording.locale[:2]
        self.note_word(trimmed(shown or wording.exact(cell)))
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
    def told_words(self) -> tuple[tuple[str, int], ...]:
        """The words, the most frequent first, if they count and are short."""
        found = self.words.most_common() if self.has_words else ()
        return tuple(each for each in found if len(each[0]) <= _LONGEST)

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
        greetings = {text: count for text, count in self.words.items() if is_salutation(text)}
        is_told = sum(greetings.values()) * 2 > self.words.total() + self.others
        language = language_told(greetings) if is_told else None
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
