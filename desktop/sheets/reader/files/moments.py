"""Reads times as people write them: 24.12.2031 9:00, 12/24/2031 9 AM, 24. Dezember 2031 9 Uhr."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import replace
from datetime import date, datetime, time
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from desktop.sheets.reader.files.cells import LANGUAGES, CellValue, Wording
from sendoff_tasks.model.text import plain, trimmed

if TYPE_CHECKING:
    from collections.abc import Iterable

_WEEKDAY: Final = r"(?:[^\W\d]{2,}\.?,? )?"
_ORDINAL: Final = r"(?:\.|st|nd|rd|th|er|º)?"
_CLOCK: Final = (
    r"(?:(?:,? (?:(?:um|at|à|kl\.?|[-–]) )?|T)(?P<hour>\d{1,2})"
    r"(?:[:.h](?P<minute>\d\d)(?::(?P<second>\d\d))?)?"
    r" ?(?P<half>[ap]\.?m\.?)?(?P<word> ?(?:uhr|h|hrs))?)?"
)
_NUMBERS: Final = (
    r"(?P<one>\d{1,4})(?P<sign>[-./]) ?(?P<two>\d{1,2})(?P=sign) ?(?P<year>\d{4}|\d\d)\.?"
)
_DAY: Final = rf"(?P<day>\d{{1,2}}){_ORDINAL}"
_MONTH: Final = r"(?P<month>[^\W\d]{3,})\.?"
_YEAR: Final = r"(?P<year>\d{4})"
_WRITTEN: Final = tuple(
    re.compile(f"{_WEEKDAY}{day}{_CLOCK}", re.IGNORECASE)
    for day in (
        _NUMBERS,
        f"{_DAY} (?:de |of )?{_MONTH},? (?:de )?{_YEAR}",
        f"{_MONTH} {_DAY},? {_YEAR}",
    )
)
_BY_SLASH: Final = re.compile(r"(\d{1,2})([-/])(\d{1,2})\2\d{2,4}\b")
_MONTHS: Final = 12
_NOON: Final = 12


def moment_of(cell: CellValue, wording: Wording) -> str | None:
    """Read a time as RFC 3339 with the offset of this computer's zone; ``None`` if it is none.

    A cell may be a date or time of the spreadsheet, ISO 8601, or a date as people write it, with or
    without a time. A date alone means its beginning. In a date with dots, the day comes first; with
    other signs, the wording tells.
    """
    match cell:
        case datetime():
            moment = cell
        case date():
            moment = datetime.combine(cell, time())
        case str():
            read = read_moment(cell, wording)
            if read is None:
                return None
            moment = read
        case _:
            return None
    try:
        local = moment if moment.tzinfo else moment.astimezone()
        return local.isoformat(timespec="seconds")
    except (ValueError, OverflowError, OSError):  # before the year 1, or beyond the system's range
        return None


def as_column_writes(cells: Iterable[CellValue], wording: Wording) -> Wording:
    """Return the wording by which a column's dates are read: 25/04/2031 tells of 03/04/2031.

    If the cells contradict each other, no such date is read.
    """
    written = [_BY_SLASH.match(trimmed(cell)) for cell in cells if isinstance(cell, str)]
    pairs = [(int(each[1]) > _MONTHS, int(each[3]) > _MONTHS) for each in written if each]
    is_day_first, is_month_first = (True, False) in pairs, (False, True) in pairs
    if not is_day_first and not is_month_first:
        return wording
    short = "yyyy-mm-dd" if is_day_first and is_month_first else "d/m/yyyy"
    return replace(wording, short_date=short if is_day_first else "m/d/yyyy")


def read_moment(text: str, wording: Wording) -> datetime | None:
    """Read a date as people write it, with or without a time; ``None`` for any other text."""
    text = " ".join(trimmed(text).split())
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        pass
    found = next((found for each in _WRITTEN if (found := each.fullmatch(text))), None)
    if found is None:
        return None
    day, clock = _day_in(found.groupdict(), wording), _clock_in(found)
    return None if day is None or clock is None else datetime.combine(day, clock)


def _day_in(parts: dict[str, str], wording: Wording) -> date | None:
    year = int(parts["year"]) + (2000 if len(parts["year"]) == 2 else 0)
    if "month" in parts:
        month, day = _months(wording).get(plain(parts["month"]), 0), int(parts["day"])
    elif len(parts["one"]) == 4:
        year, month, day = int(parts["one"]), int(parts["two"]), int(parts["year"])
    else:
        first = "d" if parts["sign"] == "." else wording.short_date[0]
        is_doubtful = parts["sign"] == "-" and len(parts["year"]) == 2  # 31-12-24
        if first == "y" or is_doubtful:
            return None
        day, month = int(parts["one"]), int(parts["two"])
        if first == "m":
            day, month = month, day
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _clock_in(found: re.Match[str]) -> time | None:
    """Return the time of day; an hour alone needs a word: *9 Uhr*, *9 AM*."""
    hour, half = found["hour"], (found["half"] or "")[:1].lower()
    if hour is None:
        return time()
    if not (found["minute"] or half or found["word"]) or (half and not 1 <= int(hour) <= _NOON):
        return None
    hours = int(hour) % _NOON + _NOON * (half == "p") if half else int(hour)
    try:
        return time(hours, int(found["minute"] or 0), int(found["second"] or 0))
    except ValueError:
        return None


@lru_cache(maxsize=4)
def _months(wording: Wording) -> dict[str, int]:
    """Return the numbers of months by their names in all known languages."""
    found = defaultdict[str, set[int]](set)
    own = wording.names_of("")
    for names in (*LANGUAGES.values(), *([own] if own else [])):
        for each in (names.months, names.short_months):
            for number, name in enumerate(each, 1):
                found[plain(name)].add(number)
    found["janner"].add(1)  # in Austria
    return {name: min(numbers) for name, numbers in found.items() if len(numbers) == 1}
