"""How it went: counts and times of the last hour or day, and each queue as it is now."""

from __future__ import annotations

from enum import StrEnum
from typing import TypedDict

from desktop.contract.queues import Queue


class Span(StrEnum):
    """How far an overview looks back."""

    HOUR = "hour"
    """Sixty minutes, a point each."""
    DAY = "day"
    """Twenty-four hours, a point each."""


class Figures(TypedDict):
    """What became of tasks, and how long they took; times are seconds, null where none is known.

    ``done`` and ``failed`` count tasks that ended so by themselves, ``again`` attempts after which
    a task is tried again. ``wait_…`` is the time from when a task was ready to its start,
    ``run_…`` how long an attempt ran that succeeded or failed. Medians and 95th percentiles are
    right within an eighth.
    """

    done: int
    failed: int
    again: int
    wait_median: float | None
    wait_p95: float | None
    run_median: float | None
    longest: float | None


class Point(Figures):
    """The figures of one minute or hour, which begins ``at``."""

    at: str


class TaskFigures(Figures):
    """The figures of one task: its registered name, and its title."""

    task: str
    title: str


class Overview(TypedDict):
    """``GET /overview``: ``points`` are without a gap, the oldest first; ``tasks`` by how many ran.

    It is told from counts that are kept, in the same time however many tasks there are.
    """

    span: str
    since: str
    until: str
    total: Figures
    points: list[Point]
    queues: list[Queue]
    tasks: list[TaskFigures]
