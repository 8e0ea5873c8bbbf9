"""The ways of numbers and dates to choose from: the system's, and those of other languages."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from PySide6.QtCore import QLocale

from desktop.sheets.description import Writing

_NAMED: Final = re.compile("M{3,}|d{3,}")
"""The names of months or days in a format."""
_YEAR: Final = re.compile("y+")


_OFFERED: Final = (
    *("cs_CZ", "da_DK", "de_AT", "de_CH", "de_DE", "el_GR", "en_AU", "en_CA", "en_GB", "en_IE"),
    *("en_IN", "en_NZ", "en_US", "en_ZA", "es_AR", "es_ES", "es_MX", "et_EE", "fi_FI", "fr_BE"),
    *("fr_CA", "fr_CH", "fr_FR", "hr_HR", "hu_HU", "it_CH", "it_IT", "ja_JP", "ko_KR", "lt_LT"),
    *("lv_LV", "nb_NO", "nl_BE", "nl_NL", "pl_PL", "pt_BR", "pt_PT", "ro_RO", "ru_RU", "sk_SK"),
    *("sl_SI", "sv_SE", "tr_TR", "uk_UA", "zh_CN"),
)
"""The locales that *Import* offers besides the system's."""


def system_writing() -> Writing | None:
    """Return the way of the system; ``None`` if no language is set.

    Qt has its own data for each language, so the language need not be installed. On macOS and
    Windows it reads the system's own settings.
    """
    return writing_of(QLocale.system())


def writings(used: Writing) -> dict[str, Writing]:
    """Return the ways of numbers and dates to choose from, by their locale: first the one in use.

    The system's is the second one.
    """
    offered: dict[str, Writing] = {}
    for writing in (used, system_writing(), *_offered()):
        if writing is not None:
            offered.setdefault(writing.locale, writing)
    return offered


@cache
def _offered() -> list[Writing | None]:
    """Return the ways of all offered locales, by their names; to put them together takes 10 ms."""
    return [writing_of(QLocale(each)) for each in sorted(_OFFERED, key=locale_name)]


def locale_name(locale: str) -> str:
    """Return the name of a locale in its own language; empty if it has none."""
    found = QLocale(locale)
    if not locale or found.language() == QLocale.Language.C:
        return ""
    return f"{found.nativeLanguageName()} ({found.nativeTerritoryName()})"


def writing_of(locale: QLocale) -> Writing | None:
    """Return a locale's dates, the short one with all digits of the year, its signs and names.

    Short names are those that stand alone: Excel and LibreOffice write *Dez*, and not *Dez.*
    """
    if locale.language() == QLocale.Language.C:
        return None
    whole, short = QLocale.FormatType.LongFormat, QLocale.FormatType.ShortFormat
    date = locale.dateFormat(short)
    if _NAMED.search(date):
        return None
    date = _as_in_sheets(_YEAR.sub("yyyy", date))
    months, days = range(1, 13), range(1, 8)
    names = (
        tuple(locale.monthName(month, whole) for month in months),
        tuple(locale.dayName(day, whole) for day in days),
        tuple(locale.standaloneMonthName(month, short) for month in months),
        tuple(locale.standaloneDayName(day, short) for day in days),
    )
    signs = locale.decimalPoint(), locale.groupSeparator()
    long_date = _as_in_sheets(locale.dateFormat(whole))
    return Writing(date, *signs, locale.name(), names, long_date)


def _as_in_sheets(date: str) -> str:
    """Return a format of Qt as spreadsheets write it."""
    return date.replace("M", "m").replace("'", '"')
