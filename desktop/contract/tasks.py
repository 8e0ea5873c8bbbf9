"""A task as it travels over HTTP: the row of the table, and the detail behind it."""

from __future__ import annotations

from enum import StrEnum
from typing import Any, Final, Literal, NotRequired, TypedDict

from desktop.contract.reasons import ReasonData

LaneName = Literal["io", "cpu", "async"]
OutcomeWord = Literal[
    "running",
    "succeeded",
    "failed",
    "waiting",
    "offline",
    "quota",
    "cancelled",
    "uncertain",
    "given back",
    "crashed",
]
BulkAction = Literal[
    "retry", "cancel", "put_off", "done", "again", "resend", "run_now", "seen", "unseen", "remove"
]
"""One thing done to many tasks; ``remove`` forgets those that have ended.

``put_off`` keeps what has not begun from starting for a while, as before a *cancel* with *Undo*.
"""
SortKey = Literal["id", "created_at", "finished_at", "state", "to", "item_id", "task", "took"]
"""What a page can be sorted by; equal keys go by id.

Tasks that have not ended stand before all others by ``finished_at`` and ``took``, tasks without an
item by ``item_id``. ``task`` is the title of the function, upper and lower case alike; ``took`` how
long the last attempt ran.
"""

PAGE_LIMIT: Final = 1000
"""Rows a page of ``GET /tasks`` may have."""
BULK_LIMIT: Final = 10_000
"""Items or tasks one call may bring."""
ID_LIMIT: Final = 2**53 - 1
"""Ids are 1 … this, so every JSON reader keeps them whole."""


class Progress(TypedDict):
    """How far a running attempt is, in units of the task's own."""

    done: float
    total: float | None
    text: str


class TaskRow(TypedDict):
    """One row of the table; ``rev`` grows with each change, the higher wins.

    ``reason`` is one of ``contract.reasons.Reason`` or null, ``reason_data`` what belongs to it;
    ``why`` is the same as an English sentence, for shells and logs.

    ``next_to`` is whom it goes to when it is done once more, where its item was corrected since and
    that is another than ``to``.

    ``batch_id`` is the batch it came with. ``resend_of`` is the task whose effect this one has once
    more, ``copy`` whether that is a copy to the sender or to someone else: it informs no one, and
    settles no failure. ``seen`` is true of a failed or uncertain task that a person has put aside.

    ``cause`` is what it has in common with others (``GET /causes``) while it is failed, uncertain
    or waits for that, and until it succeeds when it is tried again. While a hold, an outage or a
    pause keeps it from starting, it is that; a paused batch that keeps it from its next attempt
    changes nothing.

    Times are RFC 3339 UTC with milliseconds.
    """

    id: int
    rev: int
    item_id: int | None
    task: str
    title: str
    to: str | None
    next_to: str | None
    state: str
    why: str
    reason: str | None
    reason_data: ReasonData
    attempt: int
    max_attempts: int
    progress: Progress | None
    lane: LaneName
    queue: str
    priority: int
    created_at: str
    run_at: str | None
    started_at: str | None
    finished_at: str | None
    error: str | None
    resend_of: int | None
    copy: bool
    seen: bool
    batch_id: int | None
    cause: str | None


class TaskPatch(TypedDict, total=False):
    """The body of ``PATCH /tasks/{task_id}``; a ``run_at`` of ``None`` is now."""

    run_at: str | None
    priority: int
    seen: bool


class Attempt(TypedDict):
    """One attempt of a task's history, or ``count`` in a row that met one outage.

    ``attempt`` is the number of the last of them, ``started_at`` the start of the first.
    ``finished_at`` is null while it runs, and of one that the end of the program cut short: when
    that was is not known.
    ``worker`` names the worker that ran it; null is the process that decides about the tasks.
    """

    attempt: int
    count: int
    started_at: str
    finished_at: str | None
    outcome: OutcomeWord
    error: str | None
    traceback: str | None
    worker: NotRequired[str | None]


class Deed(StrEnum):
    """What a person did about a task, as a line of its log says it."""

    CANCELLED = "It was cancelled."
    RETRIED = "A person asked for another try."
    DONE = "A person said that it was done."
    AGAIN = "A person said to do it again."
    SEEN = "A person marked it as seen."
    UNSEEN = "A person marked it as not seen."


class LogLine(TypedDict):
    """One line a task or the engine wrote about it."""

    at: str
    attempt: int
    level: Literal["info", "warning", "error"]
    text: str


class HandedOver(TypedDict):
    """What a task handed over past its point of no return: the evidence where no answer came.

    ``what`` and ``to`` are the task's own words, empty where it said none.
    """

    at: str
    what: str
    to: str
    message_id: str | None


class Addressee(TypedDict):
    """The recipient of one task alone, in place of its item's.

    ``to_me`` is there, and true, where that is the sender: a copy to look at; ``copy`` where it is
    another address than the item's, which is not informed by it.
    """

    name: NotRequired[str]
    email: str
    to_me: NotRequired[bool]
    copy: NotRequired[bool]


class TaskDetail(TaskRow):
    """The row and everything behind it; ``addressee`` is null where the item's recipient counts.

    ``parameters`` are the names of what ``args`` has, as far as the function there is tells them.
    A message that waits ``lacks`` fields that its ``template`` asks for as it is now, under the
    name it has now; null for anything else. ``repeated_by``
    is the newest task that sends, or has sent since, what one that ended would: a retry is refused.
    Where none does it is the one that a person has made for that, and that came to nothing.
    """

    history: list[Attempt]
    log: list[LogLine]
    args: list[Any]
    parameters: list[str]
    kwargs: dict[str, Any]
    result: Any
    message_id: str | None
    handed_over: HandedOver | None
    addressee: Addressee | None
    lacks: list[str]
    template: str | None
    repeated_by: int | None


class TaskPage(TypedDict):
    """One keyset page of the table.

    A search may stop after a while: the page is then short, or empty, ``next`` is set and ``total``
    is not exact.
    """

    tasks: list[TaskRow]
    next: str | None
    as_of: str
    total: int
    total_is_exact: bool


class TaskCounts(TypedDict):
    """``GET /tasks/counts``: the tasks of a filter by state, whichever states it asks for.

    ``standing`` of the queued ones are stopped by a pause or a hold. Where ``is_exact`` is false
    there are more: the newest of them are counted.
    """

    counts: dict[str, int]
    standing: int
    is_exact: bool


class Skipped(TypedDict):
    """Why some tasks of a bulk call were left alone; ``refusal`` says it as data."""

    why: str
    count: int
    refusal: str


class BulkAnswer(TypedDict):
    """What a bulk call did, or would do.

    ``stopping`` of the tasks that a *cancel* touched run and were asked to stop. ``kept`` of those
    that a *remove* touched were only kept in practice mode. ``ids`` are the new tasks of a
    *resend*; those that a *retry* or *again* touched, or that were not *seen* or *unseen* before,
    where these are some and 10,000 at most were touched. Three are there with a preview only:
    ``queues`` counts by queue those that would be touched, and ``aside``, by reason and queue,
    those of them, if any, that their batch keeps from starting; where ``is_exact`` is false there
    are more tasks, of which the first accepted were looked at.
    """

    touched: int
    skipped: list[Skipped]
    stopping: NotRequired[int]
    kept: NotRequired[int]
    ids: NotRequired[list[int]]
    is_exact: NotRequired[bool]
    queues: NotRequired[dict[str, int]]
    aside: NotRequired[dict[str, dict[str, int]]]


class BulkProgress(TypedDict):
    """How far a bulk call is: ``done`` tasks of ``total`` were looked at, ``touched`` acted on."""

    done: int
    total: int
    touched: int
    is_over: bool
