"""The tables of words in the window: translated, with numbers and times as the person writes them.

Rows reach translators by ``resources/translations/sendoff_en.ts``, which
``python -m tests.translations`` writes: the subject is the context.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QCoreApplication, QLocale

from desktop.gui.kit.words.ages import day_and_time, until
from sendoff_tasks.words.table import WordTable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sendoff_tasks.words.table import WordRow

_SHORTEST: Final = int(QLocale.FloatingPointPrecisionOption.FloatingPointShortest.value)


class TranslatedWords(WordTable):
    """Says rows in the language of the window."""

    def text(self, row: WordRow, n: int | None) -> str:
        """Translate a row; the language has its own forms for a number."""
        if n is None or not row.one:
            return QCoreApplication.translate(row.subject, row.other)
        return QCoreApplication.translate(row.subject, row.other.replace("{n}", "%Ln"), None, n)

    def filled(self, row: WordRow, n: int | None, fields: Mapping[str, object]) -> str:
        """Put the fields into the text of a row; it is not said again."""
        return self.text(row, n).format_map(fields).rstrip()

    def number(self, number: float) -> str:
        """Write a number as the person's language writes it."""
        return QLocale().toString(float(number), "f", _SHORTEST)

    def moment(self, at: float, now: float) -> str:
        """Write a moment as the lists do."""
        return day_and_time(at, now)

    def coming(self, at: float, now: float) -> str:
        """Write when a coming moment is: *in 40 s*."""
        return until(at, now)

    def queue(self, name: str) -> str:
        """Return a queue's name on screen."""
        return self.fill("queue", name) or name


WORDS: Final = TranslatedWords()
say: Final = WORDS.say
