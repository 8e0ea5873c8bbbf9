"""Queues as ``GET /queues`` tells them, and the overview of how the last hour or day went."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal, TypedDict

from desktop.contract.reasons import Reason

WayOut = Literal["mail_settings", "tasks_folder"]
"""Where the window can lead to what ends a hold."""
HoldKind = Literal[Reason.QUEUE_HELD, Reason.OFFLINE, Reason.QUOTA]
"""Whether a person has to fix something, or the queue tries by itself until its server answers."""


class QueueHold(TypedDict):
    """Since when a queue waits, and why; *resume* does not end it.

    Where ``kind`` is ``queue_held``, a retry of one of its tasks ends it, or where ``action`` is
    ``mail_settings``, mail settings that are saved or a test message that arrives. Else its server
    is ``offline`` or takes no more (``quota``): then one task tries at ``until``, or when one of
    these happens. The server's answer ends it, or that no task is left that could ask it.
    ``is_trying``: its time has come, and what that try finds is not known yet.
    """

    since: str
    kind: HoldKind
    until: str | None
    is_trying: bool
    reason: str
    action: WayOut | None


class Paused(TypedDict):
    """Since when a queue is paused, alone or with all others."""

    since: str


class Queue(TypedDict):
    """One queue; O(1) in tasks.

    ``concurrency`` of its tasks run at once at most, or any number; they begin as often as ``rate``
    (``30/min``) allows, or at once, and not more than ``per_day`` in any 24 hours.
    """

    name: str
    concurrency: int | None
    rate: str | None
    per_day: int | None
    paused: Paused | None
    held: QueueHold | None
    counts: dict[str, int]


class Queues(TypedDict):
    """``GET /queues``, by name."""

    queues: list[Queue]


class Span(StrEnum):
    """How far an overview looks back."""

    HOUR = "hour"
    """Sixty minutes, a point each."""
    DAY = "day"
    """Twenty-four hours, a point each."""


class Figures(TypedDict):
    """What became of tasks, and how long they took; times are seconds, null where none is known.

    ``done`` and ``failed`` count tasks that ended so by themselves, uncertain ones with those that
    failed, until they are tried again, as what practice mode kept may be, or a person says that
    they were done; ``again`` counts attempts after which a task is tried again. ``wait_…`` is the
    time from when a task was ready to its start, ``run_…`` how long an attempt ran that succeeded
    or failed. Medians and 95th percentiles are right within an eighth.
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
