"""What ended in a span, and histograms of times, small enough to be written with each group."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any, Final

FINE: Final = 3
"""Bits of a time that its class tells: each octave has four classes, so one is right within an
eighth."""


def class_of(ms: int) -> int:
    """Return the class a time belongs to; those below 8 ms have one each."""
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
    """Return the time that ``share`` (0 … 1) of those counted do not exceed, ms; None for none."""
    wanted, seen = share * sum(classes.values()), 0
    for number in sorted(classes):
        seen += classes[number]
        if seen >= wanted and seen:
            return middle_of(number)
    return None


class Tally:
    """Counts and times of one function in one span."""

    __slots__ = ("again", "done", "failed", "longest", "runs", "waits")

    def __init__(self) -> None:
        self.done = 0
        self.failed = 0
        self.again = 0
        self.longest = 0
        self.waits: dict[int, int] = {}
        self.runs: dict[int, int] = {}

    def add(self, other: Tally) -> None:
        """Count what another has counted, too."""
        self.done += other.done
        self.failed += other.failed
        self.again += other.again
        self.longest = max(self.longest, other.longest)
        for mine, others in ((self.waits, other.waits), (self.runs, other.runs)):
            for number, n in others.items():
                mine[number] = mine.get(number, 0) + n

    def values(self) -> tuple[Any, ...]:
        """Return the columns of its row, behind the key."""
        return (
            *(self.done, self.failed, self.again, self.longest),
            *(_written(self.waits), _written(self.runs)),
        )

    @classmethod
    def read(cls, row: Iterable[Any]) -> Tally:
        """Read what :meth:`values` gave."""
        tally = cls()
        tally.done, tally.failed, tally.again, tally.longest, waits, runs = row
        tally.waits, tally.runs = _read(waits), _read(runs)
        return tally


def _written(classes: dict[int, int]) -> str:
    return "{" + ",".join([f'"{number}":{n}' for number, n in classes.items()]) + "}"


def _read(text: str) -> dict[int, int]:
    return {int(number): n for number, n in json.loads(text).items()}
