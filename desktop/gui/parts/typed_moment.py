"""A day and a time as text: written in the order of the person's locale, and read as it is typed.

A typed text is read as a whole. What cannot be read is no moment: it never becomes another one.
"""

from __future__ import annotations

import re
from typing import Final

from PySide6.QtCore import QDate, QDateTime, QLocale, QTime

_DATE: Final = re.compile(r"\W*(\d{1,4})([^\w:]+)(\d{1,2})[^\w:]+(\d{1,4})(?:[^\w:]+(.*))?")
_TIME: Final = re.compile(r"(\d{1,2})(?:[:.h](\d{2}))?(?:[:.](\d{2}))?")


def moment_words(moment: QDateTime, locale: QLocale, *, day_only: bool = False) -> str:
    """Write a moment with digits only and a whole year: it can be typed again."""
    day = _plain(locale.dateFormat(QLocale.FormatType.ShortFormat)).strip(" .")
    day = re.sub("y+", "yyyy", re.sub("M{3,}", "MM", day))
    clock = _plain(locale.timeFormat(QLocale.FormatType.ShortFormat))
    between = "." if "H.mm" in clock else ":"
    time = "h:mm Ap" if "a" in clock.casefold() else f"HH{between}mm"
    return str(locale.toString(moment, day if day_only else f"{day}  {time}"))


def read_moment(text: str, locale: QLocale, before: QDateTime) -> QDateTime | None:
    """Read a typed moment, or ``None`` where it is none; without a time it is that of ``before``.

    Day, month and year stand as the locale has them; a year of four digits may go first. Between
    dots the day goes first everywhere, unless the locale itself writes dots in another order.
    """
    found = _DATE.fullmatch(text.strip())
    if found is None:
        return None
    day = _read_day([found[1], found[3], found[4]], locale, dotted="." in found[2])
    time = _read_time(found[5].strip(), locale) if found[5] else before.time()
    if day is None or time is None:
        return None
    made = QDateTime(day, time)
    return made if made.isValid() and made.time() == time else None


def _read_day(numbers: list[str], locale: QLocale, *, dotted: bool) -> QDate | None:
    pattern = _plain(locale.dateFormat(QLocale.FormatType.ShortFormat))
    if dotted and "." not in pattern:
        pattern = "d.M.y"
    order = "yMd" if len(numbers[0]) == 4 else sorted("dMy", key=pattern.find)
    parts = dict(zip(order, numbers, strict=True))
    if len(parts["y"]) not in {2, 4} or len(parts["d"]) > 2 or len(parts["M"]) > 2:
        return None
    year = int(parts["y"]) + (2000 if len(parts["y"]) == 2 else 0)
    day = QDate(year, int(parts["M"]), int(parts["d"]))
    return day if day.isValid() else None


def _read_time(text: str, locale: QLocale) -> QTime | None:
    """Read a time; half a day is named as the locale does, or in English."""
    said = text.casefold()
    halves = {"am": 0, "a.m.": 0, "pm": 12, "p.m.": 12}
    halves |= {locale.amText().casefold(): 0, locale.pmText().casefold(): 12}
    half = next((word for word in sorted(halves, key=len, reverse=True) if word in said), "")
    found = _TIME.fullmatch(said.replace(half, "", 1).strip())
    if found is None or not (half or found[2]):
        return None
    hour = int(found[1])
    if half:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + halves[half]
    time = QTime(hour, int(found[2] or 0), int(found[3] or 0))
    return time if time.isValid() else None


def _plain(pattern: str) -> str:
    """Leave words out of a pattern, and marks of writing direction."""
    return re.sub(r"'[^']*'|[\u200e\u200f\u061c]", "", pattern)
