"""When a task runs by itself: lines of cron and spans of time, and the next due time of each."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final, Literal, get_args

from desktop.engine.clock import LONGEST_S
from desktop.engine.functions.eligibility import brief, check_text

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

Missed = Literal["run_once", "skip"]
"""What becomes of due times that pass while nothing runs: the last of them runs late, or none."""

FIELDS: Final = 5
_UNITS: Final = {"s": 1, "min": 60, "h": 3600, "day": 86400}
_NAMES: Final = {"sec": "s", "second": "s", "minute": "min", "hour": "h", "d": "day"}
_SPAN: Final = re.compile(r"\s*(\d{1,9})\s*([a-z]+)\s*", re.ASCII)


class DueRule(ABC):
    """When a task is due: at moments that are the same in every process; times are epoch s."""

    __slots__ = ()
    missed: Missed

    @abstractmethod
    def next_after(self, moment: float) -> int:
        """Return the first due time after a moment."""

    def last_until(self, due: int, moment: float) -> int:
        """Return the last due time up to a moment; ``due`` is one of those."""
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
    """Due each time a span of ``seconds`` is over, counted from 1970 on in UTC."""

    seconds: int
    missed: Missed = "run_once"

    def next_after(self, moment: float) -> int:
        """Return the first due time after a moment."""
        return (int(moment // self.seconds) + 1) * self.seconds

    def __str__(self) -> str:
        """Write it in its largest unit: *10 min*."""
        unit = next(unit for unit in reversed(_UNITS) if self.seconds % _UNITS[unit] == 0)
        count = self.seconds // _UNITS[unit]
        return f"{count} {unit}{'s' if unit == 'day' and count > 1 else ''}"


@dataclass(frozen=True, slots=True)
class Cron(DueRule):
    """Due when a line of five fields fits the time of day in a zone.

    A time of day that is skipped when clocks go forward is due at the end of the gap, and one that
    comes twice when they go back is due the first time. Where the hour is ``*``, the hours that
    pass count, as with Debian's cron.
    """

    line: str
    timezone: str
    missed: Missed = "run_once"

    def next_after(self, moment: float) -> int:
        """Return the first due time after a moment; ``ValueError`` where there is none."""
        for due in self._times(moment):
            if due > moment:
                return due
        raise ValueError(f"the line {self.line!r} has no time in the next 50 years")

    def _times(self, moment: float) -> Iterator[int]:
        """Give the due times from a moment on, and maybe some before it."""
        # Some ms of the start, and most programs have no schedule; so below.
        from zoneinfo import ZoneInfo

        from cronsim import CronSim

        zone = ZoneInfo(self.timezone)
        begin = datetime.fromtimestamp(int(moment), zone)
        _, hour, *days = self.line.split()
        if hour == "*":
            # cronsim jumps to a lone minute, also over one that a clock set back by half an hour
            # shows again; so it gives every minute.
            minutes = CronSim(self.line, begin).minutes
            for each in CronSim(" ".join(["*", "*", *days]), begin):
                if each.minute in minutes:
                    yield int(each.timestamp())
        else:
            for each in CronSim(self.line, begin.replace(tzinfo=None)):
                yield _moment_of(each, zone)

    def __str__(self) -> str:
        """Write the line with its zone."""
        return f"{self.line} {self.timezone}"


def _moment_of(wall: datetime, zone: ZoneInfo) -> int:
    """Return when a clock on the wall first shows a time or, where that is skipped, a later one."""
    first = int(wall.replace(tzinfo=zone).timestamp())
    shown = datetime.fromtimestamp(first, zone)
    if shown.replace(tzinfo=None) == wall:
        return first
    before, after = int(wall.replace(tzinfo=zone, fold=1).timestamp()), first
    while after - before > 1:  # the clock goes forward after the one, and has by the other
        between = (before + after) // 2
        if datetime.fromtimestamp(between, zone).utcoffset() == shown.utcoffset():
            after = between
        else:
            before = between
    return after


def rule_of(
    cron: str | None, every: str | None, timezone: str | None, missed: Missed
) -> DueRule | None:
    """Read the options of ``@task``; ``None`` without a schedule, ``TypeError`` for a wrong one."""
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
    seconds = int(found[1]) * _UNITS.get(_NAMES.get(unit, unit), 0) if found else 0
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
