"""What ``GET /events`` sends: changed rows, counts, notices for a person, what to read again."""

from __future__ import annotations

from typing import Final, Literal, NotRequired, TypedDict

from desktop.contract.batches import Batch
from desktop.contract.reasons import ReasonData
from desktop.contract.tasks import TaskRow

TASKS: Final = "tasks"
STATS: Final = "stats"
NOTICE: Final = "notice"
BATCHES: Final = "batches"
FUNCTIONS: Final = "functions"
"""The registered tasks may be others now: a client that shows them reads them again."""
RESET: Final = "reset"

FRAMES_PER_SECOND: Final = 30
FRAME_BYTES: Final = 64 * 1024
"""A longer ``tasks`` frame is replaced by a ``reset``."""


class TasksEvent(TypedDict):
    """Rows that changed since the last frame, and ids that are no more."""

    rows: list[TaskRow]
    gone: list[int]


class BatchesEvent(TypedDict):
    """Batches that changed since the last frame, and ids that are no more."""

    rows: list[Batch]
    gone: list[int]


class Rates(TypedDict):
    """Over the last ten seconds: attempts that began a second, and tasks that ended for good."""

    started: float
    finished: float


class LaneStats(TypedDict):
    """How full a lane is."""

    slots: int
    busy: int


class Stats(TypedDict):
    """Counts per state, rates and lanes; O(1) in the number of tasks.

    ``standing`` is how many of the queued ones a pause or a hold stops, ``seen`` how many failed
    and uncertain ones a person has put aside, ``batch_rows`` how many rows of running batches have
    no task yet, ``paused_rows`` how many of batches that are paused. ``done_in`` is in how many
    seconds what is queued has ended, each queue at its own pace of the last ten; null where one has
    none.
    ``next_at`` is when the next task or batch starts that waits for its time; null where none does,
    or the rows of a batch leave already. ``practice`` says that messages are kept, not sent.
    """

    counts: dict[str, int]
    standing: int
    seen: dict[str, int]
    batch_rows: int
    paused_rows: int
    rates: Rates
    done_in: float | None
    next_at: str | None
    practice: bool
    lanes: dict[str, LaneStats]


class Notice(TypedDict):
    """Something a person should know; ``active`` false takes it back.

    ``action`` names the way out the window can offer (``mail_settings``), or is null. The id of a
    pause is ``paused:`` and the queue's name, nothing for all queues; its way out is ``resume``.
    The id of a held queue is ``queue:`` and its name. Of both, ``reason`` and ``reason_data`` are
    the same as data.
    """

    id: str
    level: Literal["info", "warning", "error"]
    text: str
    action: Literal["mail_settings", "tasks_folder", "resume"] | None
    active: bool
    reason: NotRequired[str]
    reason_data: NotRequired[ReasonData]
