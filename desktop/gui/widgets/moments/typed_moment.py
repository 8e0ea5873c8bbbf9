"""Writes and reads a day and a time as text in the order of the person's locale."""

from __future__ import annotations

import re
from enum import Enum
from typing import Final

from PySide6.QtCore import QCoreApplication, QDate, QDateTime, QLocale, QTime

from desktop.gui.words.ages import time_pattern

translate = QCoreApplication.translate

_DATE: Final = re.compile(r"\W*(\d{1,4})([^\w:]+)(\d{1,2})[^\w:]+(\d{1,4})(?:[^\w:]+(.*))?")
_DAYS: Final = {"today": 0, "heute": 0, "tomorrow": 1, "morgen": 1, "übermorgen": 2}
"""Words for days, with their distance from today; those of the window's language are added."""
_WORD: Final = re.compile(r"([^\W\d]+)(?:,?\s+(.*))?")
_NAMED: Final = re.compile(
    r"(?:(?P<weekday>[^\W\d]+)\.?,?\s+)?"
    r"(?:(?P<day>\d{1,2})\.?\s*(?P<month>[^\W\d]+)|(?P<first>[^\W\d]+)\.?\s+(?P<second>\d{1,2}))"
    r"\.?(?:,?\s+(?P<year>\d{4}))?(?:,?\s+(?P<time>.*))?"
)
_BETWEEN: Final = "  "
"""The separator of day and time."""
_TIME: Final = re.compile(r"(\d{1,2})(?:[:.h](\d{2}))?(?:[:.](\d{2}))?")


class MomentPart(Enum):
    """The part of a moment that the arrow keys change."""

    DAY = "day"
    HOUR = "hour"
    MINUTE = "minute"


def moment_words(moment: QDateTime, locale: QLocale, *, day_only: bool = False) -> str:
    """Write a moment in digits with a four-digit year: :func:`read_moment` reads it back."""
    day = _plain(locale.dateFormat(QLocale.FormatType.ShortFormat)).strip(" .")
    day = re.sub("y+", "yyyy", re.sub("M{3,}", "MM", day))
    time = time_pattern(locale)
    return str(locale.toString(moment, day if day_only else f"{day}{_BETWEEN}{time}"))


def read_moment(
    text: str, locale: QLocale, before: QDateTime, today: QDate | None = None
) -> QDateTime | None:
    """Read a typed moment; return ``None`` if any part of the text cannot be read.

    Without a time, the time of ``before`` is used. Day, month and year are in the order of the
    locale; a four-digit year may come first. In a date with dots the day comes first, unless the
    locale itself uses dots in another order. The words that the window shows are read, too:
    *tomorrow 09:00*, *Fri 27 Nov, 09:00*.
    """
    typed, found = text.strip(), _DATE.fullmatch(text.strip())
    if found is None:
        day, clock = _read_words(typed, locale, today or QDate.currentDate())
    else:
        day = _read_day([found[1], found[3], found[4]], locale, dotted="." in found[2])
        clock = found[5] or ""
    time = _read_time(clock.strip(), locale) if clock else before.time()
    if day is None or time is None:
        return None
    made = QDateTime(day, time)
    return made if made.isValid() and made.time() == time else None


def part_at(words: str, cursor: int) -> MomentPart:
    """Return the part of a written moment at the cursor; the hour at its end."""
    if not span_of(words, MomentPart.HOUR)[1]:
        return MomentPart.DAY
    for part in (MomentPart.DAY, MomentPart.MINUTE):
        start, length = span_of(words, part)
        if start <= cursor < start + length:
            return part
    return MomentPart.HOUR


def span_of(words: str, part: MomentPart) -> tuple[int, int]:
    """Return the start and length of a part in a written moment."""
    day, _, clock = words.partition(_BETWEEN)
    if part is MomentPart.DAY:
        return 0, len(day)
    numbers = list(re.finditer(r"\d+", clock))
    if not numbers:
        return len(words), 0
    number = numbers[0 if part is MomentPart.HOUR else 1]
    return len(day) + len(_BETWEEN) + number.start(), len(number[0])


def stepped(moment: QDateTime, part: MomentPart, steps: int) -> QDateTime:
    """Return a moment moved by ``steps`` days, hours or five minutes."""
    if part is MomentPart.DAY:
        return moment.addDays(steps)
    return moment.addSecs(steps * (3600 if part is MomentPart.HOUR else 300))


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


def _read_words(text: str, locale: QLocale, today: QDate) -> tuple[QDate | None, str]:
    """Read a day in words; return it with the rest of the text, which is the time."""
    shown = [translate("ages", "today {}"), translate("ages", "tomorrow {}")]
    days = _DAYS | {words.format("").strip().casefold(): n for n, words in enumerate(shown)}
    word = _WORD.fullmatch(text)
    if word is not None and word[1].casefold() in days:
        return today.addDays(days[word[1].casefold()]), word[2] or ""
    found = _NAMED.fullmatch(text)
    if found is None:
        return None, ""
    day = int(found["day"] or found["second"])
    month = _months(locale).get((found["month"] or found["first"]).casefold(), 0)
    read = QDate(int(found["year"] or today.year()), month, day)
    if not found["year"] and read < today:
        read = QDate(today.year() + 1, month, day)
    said = found["weekday"]
    is_right = not said or said.casefold() in _weekdays(locale, read)
    return (read if read.isValid() and is_right else None), found["time"] or ""


def _months(locale: QLocale) -> dict[str, int]:
    lengths = (QLocale.FormatType.ShortFormat, QLocale.FormatType.LongFormat)
    return {
        name.casefold().rstrip("."): month
        for each in (QLocale.c(), locale)
        for length in lengths
        for month in range(1, 13)
        for name in (each.monthName(month, length), each.standaloneMonthName(month, length))
    }


def _weekdays(locale: QLocale, day: QDate) -> set[str]:
    lengths = (QLocale.FormatType.ShortFormat, QLocale.FormatType.LongFormat)
    return {
        each.dayName(day.dayOfWeek(), length).casefold().rstrip(".")
        for each in (QLocale.c(), locale)
        for length in lengths
        if day.isValid()
    }


def _read_time(text: str, locale: QLocale) -> QTime | None:
    """Read a time; am and pm are those of the locale or of English."""
    said, hours = text.casefold(), text.casefold().endswith("uhr")
    said = said.removeprefix("um ").removeprefix("at ").removesuffix("uhr").strip()
    halves = {"am": 0, "a.m.": 0, "pm": 12, "p.m.": 12}
    halves |= {locale.amText().casefold(): 0, locale.pmText().casefold(): 12}
    half = next((word for word in sorted(halves, key=len, reverse=True) if word in said), "")
    found = _TIME.fullmatch(said.replace(half, "", 1).strip())
    if found is None or not (half or hours or found[2]):
        return None
    hour = int(found[1])
    if half:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + halves[half]
    time = QTime(hour, int(found[2] or 0), int(found[3] or 0))
    return time if time.isValid() else None


def _plain(pattern: str) -> str:
    """Remove quoted words and marks of writing direction from a date pattern."""
    return re.sub(r"'[^']*'|[\u200e\u200f\u061c]", "", pattern)
