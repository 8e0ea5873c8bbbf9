"""Times and rates as a person says them: *09:00*, *Fri 27 Nov, 09:00*, *in 40 s*, *0.02 s*."""

from __future__ import annotations

from datetime import datetime
from math import ceil
from typing import Final

from PySide6.QtCore import QCoreApplication, QDate, QLocale, QTime

MINUTE: Final = 60
HOUR: Final = 60 * MINUTE
DAY: Final = 24 * HOUR

EARLY: Final = 0.1
"""Seconds by which a timer may fire early; a countdown that it updates is not late by one then."""

translate = QCoreApplication.translate


def until(moment: float, now: float) -> str:
    """Say when a coming moment is: *in 40 s*, *today 14:00*, *tomorrow 09:00*, or its date."""
    seconds = moment - now
    if seconds <= 0:
        return translate("ages", "now")
    if seconds <= MINUTE - 1:
        return translate("ages", "in %n s", None, max(1, ceil(seconds - EARLY)))
    if seconds < HOUR:
        return translate("ages", "in %n min", None, max(1, round(seconds / MINUTE)))
    days = (_local(moment).date() - _local(now).date()).days
    if days <= 1:
        day = translate("ages", "tomorrow {}") if days else translate("ages", "today {}")
        return day.format(time_of_day(moment))
    return day_and_time(moment, now)


def at_earliest(stopped: str, moment: float, now: float) -> str:
    """Say when something ``stopped`` goes on: *after the pause, not before 14:00*."""
    if moment <= now + MINUTE:
        return stopped
    words = translate("ages", "{stopped}, not before {time}")
    return words.format(stopped=stopped, time=day_and_time(moment, now))


def after_pause(moment: float, now: float) -> str:
    """Say when something paused goes on; when the pause ends is up to a person."""
    return at_earliest(translate("ages", "after the pause"), moment, now)


def day_and_time(moment: float, now: float, *, seconds: bool = False) -> str:
    """Say a moment in the local zone: its time, and its day unless that is today.

    The year is included only if it is not this year. Every table and sentence writes moments like
    this; :func:`whole_moment` is for the tooltip.
    """
    there, here = _local(moment), _local(now)
    said = time_of_day(moment, seconds=seconds)
    if there.date() == here.date():
        return said
    if _has_month_first():
        day = "ddd MMM d" if there.year == here.year else "MMM d, yyyy"
    else:
        day = "ddd d MMM" if there.year == here.year else "d MMM yyyy"
    return f"{QLocale().toString(_day(moment), day)}, {said}"


def since(moment: float, now: float) -> str:
    """Say when a past moment was: *now*, *4 min*, *10:38*, *yesterday*, then its date."""
    there, here = _local(moment), _local(now)
    minutes = int((now - moment) // MINUTE)
    if minutes < 1:
        return translate("ages", "now")
    if minutes < HOUR // MINUTE:
        return translate("ages", "%n min", None, minutes)
    days = (here.date() - there.date()).days
    if days == 1:
        return translate("ages", "yesterday")
    said = day_and_time(moment, now)
    return said.rpartition(", ")[0] if days else said


def day_words(moment: float, now: float) -> str:
    """Say the day of a past moment: *today*, or its date."""
    if _local(moment).date() == _local(now).date():
        return translate("ages", "today")
    return day_and_time(moment, now).rpartition(", ")[0]


def whole_moment(moment: float) -> str:
    """Say a moment in the local zone with its weekday, its year and the second."""
    day = QLocale().toString(_day(moment), QLocale.FormatType.LongFormat)
    return f"{day}, {time_of_day(moment, seconds=True)}"


def minute_of_day(moment: float, now: float) -> str:
    """Say the minute of a moment as part of a sentence: *14:00 today*."""
    said = day_and_time(moment, now)
    same_day = _local(moment).date() == _local(now).date()
    return translate("ages", "{} today").format(said) if same_day else said


def at(moment: float, now: float) -> str:
    """Say when something is or was, at the end of a sentence: *at 14:00*, or its date."""
    said = day_and_time(moment, now)
    same_day = _local(moment).date() == _local(now).date()
    return translate("ages", "at {}").format(said) if same_day else said


def time_of_day(moment: float, *, seconds: bool = False) -> str:
    """Say a moment's time of day in the local zone."""
    locale = QLocale()
    return locale.toString(_time(moment), time_pattern(locale, seconds=seconds))


def clock(moment: float) -> str:
    """Say a moment's time of day to the millisecond, in the locale's form."""
    locale = QLocale()
    pattern = time_pattern(locale, seconds=True)
    return locale.toString(_time(moment), pattern.replace("ss", "ss.zzz"))


def time_pattern(locale: QLocale, *, seconds: bool = False) -> str:
    """Return Qt's pattern for a time of day in a locale."""
    usual = locale.timeFormat(QLocale.FormatType.ShortFormat)
    between = "." if "H.mm" in usual else ":"
    last = f"{between}ss" if seconds else ""
    return f"h:mm{last} Ap" if "a" in usual.casefold() else f"HH{between}mm{last}"


def duration(seconds: float) -> str:
    """Say how long something took; less than a minute in seconds, so a column has one unit."""
    if seconds < 0.01:
        return translate("ages", "< {} s").format(QLocale().toString(0.01))
    if seconds < 10:
        digits = 2 if seconds < 0.1 else 1
        return translate("ages", "{} s").format(QLocale().toString(float(seconds), "f", digits))
    if seconds < MINUTE:
        return translate("ages", "%n s", None, int(seconds))
    if seconds < HOUR:
        minutes, rest = divmod(int(seconds), MINUTE)
        return translate("ages", "{} min {} s").format(minutes, rest)
    hours, rest = divmod(int(seconds), HOUR)
    return translate("ages", "{} h {} min").format(hours, rest // MINUTE)


def _has_month_first() -> bool:
    """Tell whether the locale writes the month before the day."""
    pattern = QLocale().dateFormat(QLocale.FormatType.LongFormat).replace("dddd", "")
    return pattern.find("M") < pattern.find("d")


def _local(moment: float) -> datetime:
    return datetime.fromtimestamp(moment)  # noqa: DTZ006 - the local zone is meant


def _day(moment: float) -> QDate:
    there = _local(moment)
    return QDate(there.year, there.month, there.day)


def _time(moment: float) -> QTime:
    """Return the local time of a moment; a ``QDateTime`` would look for the zone again."""
    there = _local(moment)
    return QTime(there.hour, there.minute, there.second, there.microsecond // 1000)
