"""The system's date format and decimal point, for what messages say."""

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
    """Return what the system's settings say; ``None`` where they name no language.

    Qt knows the languages by itself: they need not be installed, and macOS and Windows are asked
    for their own settings.
    """
    return writing_of(QLocale.system())


def writing_of(locale: QLocale) -> Writing | None:
    """Return a locale's short date, with all digits of the year, and its decimal point."""
    if locale.language() == QLocale.Language.C:
        return None
    date = ""
    for quoted, part, other in _PARTS.findall(locale.dateFormat(QLocale.FormatType.ShortFormat)):
        if part and part not in _STANDS_FOR:
            return None  # the name of a month or a day
        date += _STANDS_FOR[part] if part else (quoted or other).replace("%", "%%")
    return Writing(date, locale.decimalPoint())
