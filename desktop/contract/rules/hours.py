"""Sending hours: on which days, and from when to when, mail-outs may be sent, in local time."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

DAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
"""The days as they are written, from Monday on."""
FOREVER: Final = 32_503_680_000_000
"""The end of hours that do not end, epoch ms: not every system knows local times of year 3000."""
DAY_MINUTES: Final = 24 * 60
_DAY: Final = "|".join(DAYS)
_HOURS: Final = re.compile(
    rf"({_DAY})(?:-({_DAY}))? (\d\d?):([0-5]\d)-(\d\d?):([0-5]\d)", re.ASCII | re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class SendingHours:
    """From ``begin`` to ``end``, minutes of a day, on the days from ``first`` to ``last``.

    Monday is 0; the last day may be before the first: from Sunday to Thursday. A time that does not
    exist, or exists twice, because the clocks are changed counts by the offset before the change.
    """

    first: int
    last: int
    begin: int
    end: int

    @classmethod
    def parse(cls, text: str) -> SendingHours:
        """Parse ``Mon-Sat 8:00-18:00``; ``ValueError``: a row of ``mail``."""
        found = _HOURS.fullmatch(text)
        if found is None:
            raise ValueError("hours_form")
        first, last = (DAYS.index((found[n] or found[1]).capitalize()) for n in (1, 2))
        begin, end = (int(found[n]) * 60 + int(found[n + 1]) for n in (3, 5))
        if not begin < end <= DAY_MINUTES:
            raise ValueError("hours_order")
        return cls(first, last, begin, end)

    def __str__(self) -> str:
        """Write what :meth:`parse` reads."""
        days = dict.fromkeys((DAYS[self.first], DAYS[self.last]))
        times = (f"{minute // 60}:{minute % 60:02}" for minute in (self.begin, self.end))
        return f"{'-'.join(days)} {'-'.join(times)}"

    def span(self, moment: int) -> tuple[int, int]:
        """Return the next time at which the hours begin or go on, and their end; epoch ms."""
        day = datetime.fromtimestamp(moment / 1000).astimezone().toordinal()
        while True:
            begin, end = _moment(day, self.begin), _moment(day, self.end)
            is_in = (day - 1 - self.first) % 7 <= (self.last - self.first) % 7  # day 1 is a Monday
            if is_in and max(begin, moment) < end:
                return max(begin, moment), end
            day += 1


def _moment(day: int, minute: int) -> int:
    """Return a minute of a local day, which is given by its ordinal; epoch ms."""
    at = datetime.fromordinal(day) + timedelta(minutes=minute)
    return round(at.timestamp() * 1000)
