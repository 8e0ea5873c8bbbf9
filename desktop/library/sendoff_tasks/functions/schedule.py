"""Due times of schedules: cron lines and spans, and the next due time of each."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final, Literal, get_args

from sendoff_tasks.clock import LONGEST_S
from sendoff_tasks.functions.eligibility import brief, check_text
from sendoff_tasks.model.times import UNIT_NAMES

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

Missed = Literal["run_once", "skip"]
"""What happens to due times that pass while nothing runs: the last one runs late, or none does."""

FIELDS: Final = 5
_UNITS: Final = {"s": 1, "min": 60, "h": 3600, "day": 86400}
_SPAN: Final = re.compile(r"\s*(\d{1,9})\s*([a-z]+)\s*", re.ASCII)


class DueRule(ABC):
    """When a task is due; every process computes the same moments. Times are epoch s."""

    __slots__ = ()
    missed: Missed

    @abstractmethod
    def next_after(self, moment: float) -> int:
        """Return the first due time after a moment."""

    def last_until(self, due: int, moment: float) -> int:
        """Return the last due time up to ``moment``; ``due`` is an earlier due time."""
        beyond = int(moment)
        while due < beyond:
            between = (due + beyond) // 2
            found = self.next_after(between)
            if found <= moment:
                due = found
            else:
                beyond = between
        return due


@dataclass(frozen=True, slots=True)
class Every(DueRule):
    """Due at every multiple of ``seconds`` since 1970 in UTC."""

    seconds: int
    missed: Missed = "run_once"

    def next_after(self, moment: float) -> int:
        """Return the first due time after a moment."""
        return (int(moment // self.seconds) + 1) * self.seconds

    def __str__(self) -> str:
        """Return the span in its largest unit: *10 min*."""
        unit = next(unit for unit in reversed(_UNITS) if self.seconds % _UNITS[unit] == 0)
        count = self.seconds // _UNITS[unit]
        return f"{count} {unit}{'s' if unit == 'day' and count > 1 else ''}"


@dataclass(frozen=True, slots=True)
class Cron(DueRule):
    """Due when a cron line of five fields matches the time of day in a time zone.

    When clocks go forward, a skipped time is due at the end of the gap. When they go back, a time
    that comes twice is due the first time. If the hour is ``*``, elapsed hours count, as with
    Debian's cron.
    """

    line: str
    timezone: str
    missed: Missed = "run_once"

    def next_after(self, moment: float) -> int:
        """Return the first due time after a moment; raise ``ValueError`` if there is none."""
        for due in self._times(moment):
            if due > moment:
                return due
        raise ValueError(f"the line {self.line!r} has no time in the next 50 years")

    def _times(self, moment: float) -> Iterator[int]:
        """Yield the due times from a moment on, possibly with some before it."""
        # Some ms of the start, and most programs have no schedule; so below.
        from zoneinfo import ZoneInfo

        from cronsim import CronSim

        zone = ZoneInfo(self.timezone)
        begin = datetime.fromtimestamp(int(moment), zone)
        _, hour, *days = self.line.split()
        if hour == "*":
            # For a single minute cronsim jumps from hour to hour, and past a repeat that a clock
            # set back by half an hour shows. So CronSim yields every minute, filtered here.
            minutes = CronSim(self.line, begin).minutes
            for each in CronSim(" ".join(["*", "*", *days]), begin):
                if each.minute in minutes:
                    yield int(each.timestamp())
        else:
            for each in CronSim(self.line, begin.replace(tzinfo=None)):
                yield _moment_of(each, zone)

    def __str__(self) -> str:
        """Return the line with its time zone."""
        return f"{self.line} {self.timezone}"


def _moment_of(wall: datetime, zone: ZoneInfo) -> int:
    """Return when a wall clock first shows a time, or the end of the gap that skips it."""
    first = int(wall.replace(tzinfo=zone).timestamp())
    shown = datetime.fromtimestamp(first, zone)
    if shown.replace(tzinfo=None) == wall:
        return first
    before, after = int(wall.replace(tzinfo=zone, fold=1).timestamp()), first
    while after - before > 1:  # the clock goes forward between the two
        between = (before + after) // 2
        if datetime.fromtimestamp(between, zone).utcoffset() == shown.utcoffset():
            after = between
        else:
            before = between
    return after


def rule_of(
    cron: str | None, every: str | None, timezone: str | None, missed: Missed
) -> DueRule | None:
    """Parse the options of ``@task``; ``None`` for no schedule, ``TypeError`` for a wrong one."""
    if missed not in get_args(Missed):
        raise TypeError(f"missed is 'run_once' or 'skip', got {brief(missed)}")
    if cron is not None and every is not None:
        raise TypeError("a task has cron or every, not both")
    if cron is None and timezone is not None:
        raise TypeError("timezone is for cron; every counts the time that passes")
    if every is not None:
        return Every(_span(every), missed)
    if cron is not None:
        return _cron(cron, "UTC" if timezone is None else timezone, missed)
    if missed != "run_once":
        raise TypeError("missed is for a task with cron or every")
    return None


def _span(every: str) -> int:
    check_text("every", every)
    found = _SPAN.fullmatch(every)
    unit = found[2] if found else ""
    unit = unit if unit == "s" else unit.removesuffix("s")
    seconds = int(found[1]) * _UNITS.get(UNIT_NAMES.get(unit, unit), 0) if found else 0
    if not 1 <= seconds <= LONGEST_S:
        raise TypeError(f"every is a span as in '10 min'; there are s, min, h and day: {every!r}")
    return seconds


def _cron(line: str, timezone: str, missed: Missed) -> Cron:
    from zoneinfo import ZoneInfo

    from cronsim import CronSimError

    check_text("cron", line)
    check_text("timezone", timezone)
    try:
        ZoneInfo(timezone)
    except (ValueError, LookupError, OSError) as error:
        known = f"no time zone {timezone!r} is known here; one is written as in 'Europe/Berlin'"
        raise TypeError(known) from error
    rule = Cron(" ".join(line.split()), timezone, missed)
    if len(line.split()) != FIELDS:
        raise TypeError(f"cron has five fields, as in '0 7 * * mon-fri': {line!r}")
    try:
        rule.next_after(0)
    except (ValueError, CronSimError) as error:
        raise TypeError(f"cron {line!r} cannot be used: {error}") from error
    return rule
