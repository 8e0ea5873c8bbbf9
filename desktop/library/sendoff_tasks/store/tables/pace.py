"""Figures of minutes and hours: counts of attempts, and histograms of waiting and running times."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any, Final

from sqlalchemy import Column, Integer, Table, Text

from sendoff_tasks.model.states import TROUBLED, State
from sendoff_tasks.store.tables.schema import metadata

FINE: Final = 3
"""Significant bits of a time that its class keeps. Each octave has four classes, so a class is
exact to one eighth."""


def class_of(ms: int) -> int:
    """Return the histogram class of a time, ms; times below 8 ms have one each."""
    if ms < 1 << FINE:
        return max(0, ms)
    bits = ms.bit_length()
    return (bits - FINE << FINE - 1) + (ms >> bits - FINE)


def middle_of(number: int) -> float:
    """Return the middle of a class, ms."""
    half = 1 << FINE - 1
    if number < 1 << FINE:
        return float(number)
    shift = (number - half) // half
    low = (number - shift * half) << shift
    return low + (1 << shift) / 2


def share_of(classes: Mapping[int, int], share: float) -> float | None:
    """Return the time (ms) within which a ``share`` (0 … 1) of those counted stays, or None."""
    wanted, seen = share * sum(classes.values()), 0
    for number in sorted(classes):
        seen += classes[number]
        if seen >= wanted and seen:
            return middle_of(number)
    return None


class Tally:
    """Counts and times of one function in one minute or hour."""

    __slots__ = ("again", "done", "failed", "longest", "runs", "waits")

    def __init__(self) -> None:
        self.done = 0
        self.failed = 0
        self.again = 0
        self.longest = 0
        self.waits: dict[int, int] = {}
        self.runs: dict[int, int] = {}

    def begin(self, waited: int, n: int) -> None:
        """Count ``n`` attempts whose tasks were ready for that long, ms."""
        number = class_of(waited)
        self.waits[number] = self.waits.get(number, 0) + n

    def end(self, state: str, ran: int | None, n: int) -> None:
        """Count ``n`` attempts that left their tasks in this state and ran that long, ms."""
        if state == State.SUCCEEDED:
            self.done += n
        elif state in TROUBLED:
            self.failed += n
        elif state != State.CANCELLED:
            self.again += n
        if ran is not None and state in {State.SUCCEEDED, State.FAILED}:
            self.longest = max(self.longest, ran)
            number = class_of(ran)
            self.runs[number] = self.runs.get(number, 0) + n

    def leave(self, n: int, before: str, to: str) -> None:
        """Recount ``n`` ended tasks that a person settled or that are tried again.

        Tasks that ended before counting began are not known.
        """
        if before == State.SUCCEEDED:
            self.done -= min(n, self.done)
            return
        known = min(n, self.failed)
        self.failed -= known
        if to == State.SUCCEEDED:
            self.done += known

    def add(self, other: Tally) -> None:
        """Add the counts of another tally."""
        self.done += other.done
        self.failed += other.failed
        self.again += other.again
        self.longest = max(self.longest, other.longest)
        for mine, others in ((self.waits, other.waits), (self.runs, other.runs)):
            for number, n in others.items():
                mine[number] = mine.get(number, 0) + n

    def values(self) -> tuple[Any, ...]:
        """Return the row's columns after the key."""
        return (
            *(self.done, self.failed, self.again, self.longest),
            *(_written(self.waits), _written(self.runs)),
        )

    @classmethod
    def read(cls, row: Iterable[Any]) -> Tally:
        """Reverse :meth:`values`."""
        tally = cls()
        tally.done, tally.failed, tally.again, tally.longest, waits, runs = row
        tally.waits, tally.runs = _read(waits), _read(runs)
        return tally


def _written(classes: dict[int, int]) -> str:
    return "{" + ",".join([f'"{number}":{n}' for number, n in classes.items()]) + "}"


def _read(text: str) -> dict[int, int]:
    return {int(number): n for number, n in json.loads(text).items()}


pace = Table(
    # One row for each function with a start or an end in a minute, and one for the hour. ``span``
    # is which of them, ms, and ``at`` its start, epoch ms. ``waits`` and ``runs`` are histograms:
    # JSON objects that map classes (see ``class_of``) to counts.
    "pace",
    metadata,
    Column("span", Integer, primary_key=True),
    Column("at", Integer, primary_key=True),
    Column("function", Integer, primary_key=True),
    Column("done", Integer, nullable=False),
    Column("failed", Integer, nullable=False),
    Column("again", Integer, nullable=False),
    Column("longest", Integer, nullable=False),  # running time, ms
    Column("waits", Text, nullable=False),
    Column("runs", Text, nullable=False),
    sqlite_with_rowid=False,
    sqlite_strict=True,
)

PACE_OF: Final = (
    "SELECT done, failed, again, longest, waits, runs FROM pace"
    " WHERE span = ? AND at = ? AND function = ?"
)
PACE_SINCE: Final = (
    "SELECT at, function, done, failed, again, longest, waits, runs FROM pace"
    " WHERE span = ? AND at >= ? AND at <= ?"
)
DELETE_PACE: Final = "DELETE FROM pace WHERE span = ? AND at < ?"
