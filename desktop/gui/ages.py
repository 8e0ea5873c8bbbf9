"""Times in the words of a person: *2 min ago*, *in 40 s*, *Fri 27 Nov, 09:00*, *20 ms*."""

from __future__ import annotations

from datetime import datetime
from math import ceil
from typing import Final

from PySide6.QtCore import QCoreApplication, QDateTime, QLocale

MINUTE: Final = 60
HOUR: Final = 60 * MINUTE
DAY: Final = 24 * HOUR

translate = QCoreApplication.translate


def age(moment: float, now: float) -> str:
    """Say how long ago a moment was; both are epoch seconds."""
    seconds = now - moment
    if seconds < 2:
        return translate("ages", "now")
    if seconds < MINUTE:
        return translate("ages", "%n s ago", None, int(seconds))
    if seconds < HOUR:
        return translate("ages", "%n min ago", None, int(seconds // MINUTE))
    if seconds < DAY:
        return translate("ages", "%n h ago", None, int(seconds // HOUR))
    return date(moment, now)


def until(moment: float, now: float) -> str:
    """Say when a coming moment is: *in 40 s*, *today 14:00*, *tomorrow 09:00*, or its date."""
    seconds = moment - now
    if seconds <= 0:
        return translate("ages", "now")
    if seconds <= MINUTE - 1:
        return translate("ages", "in %n s", None, ceil(seconds))  # as toasts count down
    if seconds < HOUR:
        return translate("ages", "in %n min", None, max(1, round(seconds / MINUTE)))
    days = (_local(moment).date() - _local(now).date()).days
    if days <= 1:
        day = translate("ages", "tomorrow {}") if days else translate("ages", "today {}")
        return day.format(_format(moment, "HH:mm"))
    return date(moment, now)


def date(moment: float, now: float) -> str:
    """Say a moment's date and time in the local zone; the year only where it is another."""
    same_year = _local(moment).year == _local(now).year
    if _has_month_first():
        return _format(moment, "ddd MMM d, HH:mm" if same_year else "MMM d, yyyy, HH:mm")
    return _format(moment, "ddd d MMM, HH:mm" if same_year else "d MMM yyyy, HH:mm")


def clock(moment: float, *, milliseconds: bool = False) -> str:
    """Say a moment's time of day in the local zone."""
    return _format(moment, "HH:mm:ss.zzz" if milliseconds else "HH:mm:ss")


def clock_or_date(moment: float, now: float) -> str:
    """Say the time of day of a moment of today, else the date too."""
    same_day = _local(moment).date() == _local(now).date()
    return clock(moment) if same_day else date(moment, now)


def exact(moment: float, now: float) -> str:
    """Say a moment to the second in the local zone, with its date unless that is today."""
    same_day = _local(moment).date() == _local(now).date()
    day = "ddd MMM d, yyyy" if _has_month_first() else "ddd d MMM yyyy"
    return clock(moment) if same_day else _format(moment, f"{day}, HH:mm:ss")


def minute_of_day(moment: float, now: float) -> str:
    """Say the minute of a moment as part of a sentence: *14:00 today*."""
    said = minute_or_date(moment, now)
    same_day = _local(moment).date() == _local(now).date()
    return translate("ages", "{} today").format(said) if same_day else said


def minute_or_date(moment: float, now: float) -> str:
    """Say the hour and minute of a moment of today, else the date too."""
    same_day = _local(moment).date() == _local(now).date()
    return _format(moment, "HH:mm") if same_day else date(moment, now)


def duration(seconds: float) -> str:
    """Say how long something took."""
    if seconds < 0.001:
        return translate("ages", "< 1 ms")
    if seconds < 0.1:
        return translate("ages", "%n ms", None, round(seconds * 1000))
    if seconds < 10:
        return translate("ages", "{} s").format(QLocale().toString(float(seconds), "f", 1))
    if seconds < MINUTE:
        return translate("ages", "%n s", None, int(seconds))
    if seconds < HOUR:
        minutes, rest = divmod(int(seconds), MINUTE)
        return translate("ages", "{} min {} s").format(minutes, rest)
    hours, rest = divmod(int(seconds), HOUR)
    return translate("ages", "{} h {} min").format(hours, rest // MINUTE)


def _has_month_first() -> bool:
    """Tell whether typed dates begin with the month here: those that are shown do too, then."""
    pattern = QLocale().dateFormat(QLocale.FormatType.ShortFormat)
    return min("dMy", key=pattern.find) == "M"


def _local(moment: float) -> datetime:
    return datetime.fromtimestamp(moment)  # noqa: DTZ006 - the local zone is meant


def _format(moment: float, pattern: str) -> str:
    return QLocale().toString(QDateTime.fromMSecsSinceEpoch(round(moment * 1000)), pattern)
