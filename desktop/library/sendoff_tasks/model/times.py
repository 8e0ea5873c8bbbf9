"""Writes times for people and for the wire, and parses rates such as ``30/min``."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Final

LATEST_MS: Final = 253_402_300_799_999
"""The last moment of the year 9999."""


def local_time(ms: int, *, seconds: bool = False) -> str:
    """Write epoch ms as local time.

    With the day, unless it is today, and with the year, unless it is the current one.
    """
    moment = datetime.fromtimestamp(ms / 1000).astimezone()
    time = f"{moment:%H:%M:%S}" if seconds else f"{moment:%H:%M}"
    today = datetime.now(moment.tzinfo).date()
    if moment.date() == today:
        return time
    year = "" if moment.year == today.year else f" {moment.year}"
    return f"{moment.day} {moment:%B}{year}, {time}"


_AGO: Final = re.compile(r"(\d{1,4})([dh])", re.ASCII)
_DATE: Final = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})|(\d{1,2})\.(\d{1,2})\.(\d{4})", re.ASCII)


def names_day(word: str) -> bool:
    """Tell whether a word alone means a day, even one that does not exist."""
    return word.lower() in {"today", "yesterday"} or _DATE.fullmatch(word) is not None


def meant_moment(typed: str, now: float, *, is_end: bool = False) -> float | None:
    """Return the beginning, or the end, of the day or hour that a person means; epoch seconds.

    ``today``, ``yesterday``, ``week`` (its Monday), ``31.1.2030``, ``2030-01-31``, ``7d`` and
    ``24h`` (so many days or hours ago) are known, in local time. ``None`` for anything else.
    """
    typed = typed.lower()
    today = datetime.fromtimestamp(now).astimezone().replace(minute=0, second=0, microsecond=0)
    hour, today = today, today.replace(hour=0)
    days = {"today": 0, "yesterday": 1, "week": today.weekday()}
    ago, date = _AGO.fullmatch(typed), _DATE.fullmatch(typed)
    try:
        if ago is not None and ago[2] == "h":
            return (hour + timedelta(hours=is_end - int(ago[1]))).timestamp()
        if ago is not None or typed in days:
            at = today - timedelta(days=days[typed] if ago is None else int(ago[1]))
        elif date is not None:
            year, month, day = filter(None, date.groups() if date[1] else date.groups()[::-1])
            at = datetime(int(year), int(month), int(day)).astimezone()
        else:
            return None
        return datetime.fromordinal(at.toordinal() + is_end).astimezone().timestamp()
    except (ValueError, OverflowError, OSError):
        return None


def local_stamp(moment: str) -> str:
    """Write an RFC 3339 time as local time with its date: ``2030-01-31 08:00:00``."""
    return f"{datetime.fromisoformat(moment).astimezone():%Y-%m-%d %H:%M:%S}"


def clock_days(now: int, until: int) -> dict[str, str]:
    """Return what a doubted clock says, with its date: the year may be what is wrong; epoch ms."""
    says, ends = (local_stamp(wire_time(moment))[:-3] for moment in (now, until))
    return {"says": says, "ends": ends}


def wire_time(ms: int) -> str:
    """Write epoch ms as RFC 3339 UTC with milliseconds; at most the end of the year 9999."""
    seconds, rest = divmod(ms if ms < LATEST_MS else LATEST_MS, 1000)  # min() takes longer
    return f"{_wire_second(seconds)}.{rest:03}Z"


def epoch(stamp: str | None) -> float | None:
    """Return an RFC 3339 time, which may have a small t or z, as epoch seconds."""
    return None if stamp is None else datetime.fromisoformat(stamp.upper()).timestamp()


def utc_time(at: datetime) -> str:
    """Write a time as RFC 3339 UTC, cut to milliseconds; raise ``OverflowError`` for year 10000."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


@lru_cache(maxsize=1024)
def _wire_second(seconds: int) -> str:
    """Write a second; cached, because the many times of a page share few seconds."""
    return datetime.fromtimestamp(seconds, UTC).isoformat()[:19]


COUNT_LIMIT: Final = 1_000_000

SECOND_MS: Final = 1_000
MINUTE_MS: Final = 60 * SECOND_MS
HOUR_MS: Final = 60 * MINUTE_MS
DAY_MS: Final = 24 * HOUR_MS
_MS: Final = {"s": SECOND_MS, "min": MINUTE_MS, "h": HOUR_MS, "day": DAY_MS}
UNIT_NAMES: Final = {"sec": "s", "second": "s", "minute": "min", "hour": "h", "d": "day"}
"""Other names of the units s, min, h and day."""
_RATE: Final = re.compile(r"\s*(\d{1,99})\s*/\s*([a-z]+)\s*", re.ASCII)


@dataclass(frozen=True, slots=True)
class Rate:
    """At most ``count`` in any span of ``period_ms``; :meth:`parse` reads what ``str`` writes."""

    count: int
    period_ms: int

    @classmethod
    def parse(cls, text: str) -> Rate:
        """Parse ``N/s``, ``N/min``, ``N/h`` or ``N/day``; ``ValueError``: a row of ``value``."""
        found = _RATE.fullmatch(text)
        unit = UNIT_NAMES.get(found[2], found[2]) if found else ""
        if found is None or unit not in _MS:
            raise ValueError("rate_form")
        count = int(found[1])
        if not 1 <= count <= COUNT_LIMIT:
            raise ValueError("rate_count")
        return cls(count, _MS[unit])

    @property
    def unit(self) -> str:
        """The unit of its time: s, min, h or day."""
        return next(unit for unit, ms in _MS.items() if ms == self.period_ms)

    def __str__(self) -> str:
        """Write the shortest form."""
        return f"{self.count}/{self.unit}"


RATES_LIMIT: Final = 2


def parse_rates(text: str) -> tuple[Rate, ...]:
    """Parse one rate, or two that both apply, as in ``30/min, 500/h``; raises as it does."""
    rates = tuple(map(Rate.parse, text.split(",")))
    if len(rates) > RATES_LIMIT or len({each.period_ms for each in rates}) < len(rates):
        raise ValueError("two_rates")
    return rates


def leaves_at(rate: Rate, past: Sequence[int], n: int, now: int) -> int:
    """Return when the ``n``-th start from now on is possible at the earliest, epoch ms; ``n`` ≥ 1.

    ``past`` are the starts that count for the rate at ``now``, oldest first. In a sliding window,
    each start is one period after the start ``rate.count`` before it.
    """
    room = max(0, rate.count - len(past))
    rounds, place = divmod(n - 1, rate.count)
    first = now if place < room else past[len(past) - rate.count + place] + rate.period_ms
    return max(first, now) + rounds * rate.period_ms


def last_leaves_at(limits: Sequence[tuple[Rate, Sequence[int], int]], now: int) -> int:
    """Return when the last of several starts is possible under limits that all apply, epoch ms.

    Each limit has its rate, the past starts that count for it, and the number of starts; the
    longest period comes first. In a round of that, starts come only as the shorter ones allow.
    """
    if not limits:
        return now
    (rate, past, n), *rest = limits
    rounds, place = divmod(n - 1, rate.count)
    in_round = [(each, began, -(-count * (place + 1) // n)) for each, began, count in rest]
    last = max(leaves_at(rate, past, place + 1, now), last_leaves_at(in_round, now))
    return max(last + rounds * rate.period_ms, last_leaves_at(rest, now))
