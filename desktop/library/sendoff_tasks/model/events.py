"""The events of ``GET /events``: changed rows, counts, notices, and what to read again."""

from __future__ import annotations

from enum import StrEnum
from typing import Any, Final, NotRequired

from typing_extensions import TypedDict

from sendoff_tasks.model.reasons import ReasonData
from sendoff_tasks.model.tasks import Level, PendingRow, TaskRow

TASKS: Final = "tasks"
STATS: Final = "stats"
NOTICE: Final = "notice"
PENDING_ACTIONS: Final = "pending"
FUNCTIONS: Final = "functions"
"""The registered tasks may have changed: a client that shows them reads them again."""
SEARCH: Final = "search"
"""Searches find more tasks: a client that shows a search reads it again."""
RESET: Final = "reset"
CONNECTED: Final = "connected"
"""Said by a client's stream once it is there (again), after the last event."""
DISCONNECTED: Final = "disconnected"
"""Said by a client's stream when it is cut; it reconnects by itself."""

FRAMES_PER_SECOND: Final = 30
FRAME_BYTES: Final = 64 * 1024
"""The longest ``tasks`` frame; a single row that is longer is a ``reset``."""


class TasksEvent(TypedDict):
    """Rows that changed since the last frame, and ids of deleted ones."""

    rows: list[TaskRow]
    gone: list[int]


class PendingEvent(TypedDict):
    """Actions that began to wait, changed or were carried out, and ids of those undone."""

    rows: list[PendingRow]
    gone: list[int]


class SearchEvent(TypedDict):
    """How far the search index has followed.

    Words of fields, arguments and errors find tasks with ids up to ``indexed_to``. A newer task is
    found by its other words.
    """

    indexed_to: int


class Rates(TypedDict):
    """Attempts started and tasks finished a second, over the last ten seconds."""

    started: float
    finished: float


class LaneStats(TypedDict):
    """The slots of a lane, and how many of them are busy."""

    slots: int
    busy: int


class Stats(TypedDict):
    """Counts per state, rates and lanes; reading them takes O(1) time in the number of tasks.

    Features add theirs.

    - ``standing``: queued tasks that a pause or a hold stops
    - ``seen``: failed and uncertain tasks that were marked as seen
    - ``pending``: actions that wait or are being carried out
    - ``done_in``: seconds until all queued tasks have ended, with each queue at its pace of the
      last ten seconds; null if a queue has none
    - ``next_at``: when the next scheduled task starts, or the next that a feature brings; null if
      there is none, or a feature brings some already
    """

    counts: dict[str, int]
    standing: int
    seen: dict[str, int]
    pending: int
    rates: Rates
    done_in: float | None
    next_at: str | None
    lanes: dict[str, LaneStats]


class NoticeId(StrEnum):
    """The id of a notice; one that ends with a colon or a space goes before a name."""

    STORE = "store"
    """The store is damaged, or the disk refuses what is written into it."""
    ENGINE = "engine"
    """An error in the engine keeps tasks from starting."""
    BACKUP = "backup"
    """The last backup failed."""
    RESTORED = "restored"
    """The store is older than its tasks: a backup or a copy."""
    CLOCK = "clock"
    """The clock of the computer may be wrong."""
    SETTINGS = "settings"
    """The settings cannot be used."""
    TOKENS = "tokens"
    """The file of the tokens cannot be read."""
    PAGE = "page"
    """The address that opens the page was used twice."""
    QUEUE = "queue:"
    """This queue is on hold."""
    PAUSED = "paused:"
    """This queue is paused; without a name, all are."""
    OWN_TASKS = "own tasks "
    """This file or package of own tasks cannot be loaded."""


class Notice(TypedDict):
    """A notice for a person; ``active`` false ends it.

    ``action`` names what the window can offer (``mail_settings``), or is null; that of a pause is
    ``resume``. Notices of pauses and held queues also have the text as data: ``reason`` and
    ``reason_data``. Of others, ``refusal`` and ``data`` say the same as an error's.
    """

    id: str
    level: Level
    text: str
    action: str | None
    active: bool
    reason: NotRequired[str]
    reason_data: NotRequired[ReasonData]
    refusal: NotRequired[str]
    data: NotRequired[dict[str, Any]]
