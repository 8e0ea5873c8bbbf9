"""The system's date format and decimal point, for values in messages."""

from __future__ import annotations

import re
from typing import Final

from PySide6.QtCore import QLocale

from desktop.sheets import Writing

_PARTS: Final = re.compile(r"'([^']*)'|([dMy]+)|(.)")
_STANDS_FOR: Final = {
    "d": "%d", "dd": "%d", "M": "%m", "MM": "%m", "y": "%Y", "yy": "%Y", "yyyy": "%Y",
}  # fmt: skip


def system_writing() -> Writing | None:
    """Return the system's date format and decimal point; ``None`` if no language is set.

    Qt has its own data for each language, so the language need not be installed. On macOS and
    Windows it reads the system's own settings.
    """
    return writing_of(QLocale.system())


def writing_of(locale: QLocale) -> Writing | None:
    """Return a locale's short date, with all digits of the year, its signs and its names."""
    if locale.language() == QLocale.Language.C:
        return None
    date = ""
    for quoted, part, other in _PARTS.findall(locale.dateFormat(QLocale.FormatType.ShortFormat)):
        if part and part not in _STANDS_FOR:
            return None  # the name of a month or a day
        date += _STANDS_FOR[part] if part else (quoted or other).replace("%", "%%")
    formats = QLocale.FormatType.LongFormat, QLocale.FormatType.ShortFormat
    names = [
        tuple(name(number, each) for number in range(1, last + 1))
        for each in formats
        for name, last in ((locale.monthName, 12), (locale.dayName, 7))
    ]
    return Writing(date, locale.decimalPoint(), locale.groupSeparator(), tuple(names))
