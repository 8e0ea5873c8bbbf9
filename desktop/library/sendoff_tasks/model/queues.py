"""The types of ``/queues`` and ``/overview``."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

from typing_extensions import TypedDict

from sendoff_tasks.model.events import LaneStats
from sendoff_tasks.model.reasons import Reason

HoldKind = Literal[Reason.QUEUE_HELD, Reason.OFFLINE, Reason.QUOTA]
"""Whether a person has to solve a problem, or the queue tries until its server answers."""


class QueueHold(TypedDict):
    """The hold of a queue: since when and why it waits; *resume* does not end it.

    ``action`` names the place in the program where a person can solve the problem.

    - ``queue_held``: a person has to solve a problem. A retry of one of its tasks ends the hold,
      and so does what a person does at the place of ``action``.
    - ``offline``, ``quota``: the server cannot be reached, or takes no more. One task tries at
      ``until``, or at one of the events above. The server's answer ends the hold, and so does the
      end of the last task that could try. ``is_trying`` is true while a try is under way.
    """

    since: str
    kind: HoldKind
    until: str | None
    is_trying: bool
    reason: str
    action: str | None


class Paused(TypedDict):
    """Since when a queue is paused, alone or with all others."""

    since: str


class Queue(TypedDict):
    """One queue; reading it takes O(1) time in the number of tasks.

    At most ``concurrency`` of its tasks run at once. They start at most at ``rate`` (``30/min``, or
    two: ``30/min, 500/h``), and at most ``per_day`` in any 24 hours. Null means no limit.
    ``waits_since`` is since when its oldest task waits for a start or another attempt, or null.
    """

    name: str
    concurrency: int | None
    rate: str | None
    per_day: int | None
    paused: Paused | None
    held: QueueHold | None
    counts: dict[str, int]
    waits_since: str | None


class Process(TypedDict):
    """A process that runs tasks: a worker by its name, or "" for the one that decides."""

    name: str
    lanes: dict[str, LaneStats]


class Queues(TypedDict):
    """``GET /queues``, by name; ``processes`` is empty while none runs the tasks."""

    queues: list[Queue]
    processes: list[Process]


class Span(StrEnum):
    """The period of an overview."""

    HOUR = "hour"
    """Sixty minutes, a point each."""
    DAY = "day"
    """Twenty-four hours, a point each."""


class Figures(TypedDict):
    """Counts and durations of tasks; times are in seconds, null if none is known.

    - ``done``, ``failed``: tasks that ended so by themselves; ``failed`` includes uncertain ones. A
      task leaves these counts when it is tried again, also if its effect was only kept, or when a
      person says that it was done.
    - ``again``: attempts after which a task is tried again
    - ``wait_…``: from the time a task was ready until its start
    - ``run_…``, ``longest``: the duration of attempts that succeeded or failed

    Medians and 95th percentiles are accurate to an eighth.
    """

    done: int
    failed: int
    again: int
    wait_median: float | None
    wait_p95: float | None
    run_median: float | None
    longest: float | None


class Point(Figures):
    """The figures of the minute or hour that begins at ``at``."""

    at: str


class TaskFigures(Figures):
    """The figures of one task: its registered name, and its title."""

    task: str
    title: str


class Overview(TypedDict):
    """``GET /overview``: ``points`` without a gap, the oldest first; ``tasks``, the busiest first.

    It is read from stored counts, in O(1) time in the number of tasks.
    """

    span: str
    since: str
    until: str
    total: Figures
    points: list[Point]
    queues: list[Queue]
    tasks: list[TaskFigures]
