"""The types of tasks: the row of the table, the details, actions on many; functions, schedules."""

from __future__ import annotations

from enum import StrEnum
from typing import Any, Final, Literal, NotRequired, get_args

from typing_extensions import TypedDict

from sendoff_tasks.model.reasons import ReasonData

LaneName = Literal["io", "cpu", "async"]
OutcomeWord = Literal[
    "running",
    "succeeded",
    "failed",
    "waiting",
    "too early",
    "offline",
    "quota",
    "cancelled",
    "uncertain",
    "given back",
    "crashed",
]
Level = Literal["info", "warning", "error"]
"""How grave a line of a log, or a notice, is."""
BulkAction = Literal[
    "retry",
    "cancel",
    "done",
    "again",
    "resend",
    "run_now",
    "run_anyway",
    "seen",
    "unseen",
    "remove",
]
"""An action on many tasks.

``run_now`` starts scheduled tasks, ``run_anyway`` also those that the limit of their batch keeps
back; ``remove`` deletes tasks that have ended.
"""
TRIES: Final[frozenset[BulkAction]] = frozenset({"retry", "again"})
"""Actions that retry tasks; the answer names those tasks, so they can be followed."""
MARKS: Final[frozenset[BulkAction]] = frozenset({"seen", "unseen"})
"""Actions that mark tasks; the answer names those tasks, so it can be undone."""
Undoable = Literal["submit", "correct", "run", "start"]
"""What was done already and can be undone for a while: an item submitted, or corrected and sent
again; tasks added; a batch started."""
UNDOABLE: Final[frozenset[str]] = frozenset(get_args(Undoable))
PendingVerb = BulkAction | Undoable | Literal["delete"]
"""An action that can be undone; ``delete`` is of a draft."""
SortKey = Literal["id", "created_at", "finished_at", "state", "task", "took"]
"""The keys by which a page can be sorted; equal keys go by id.

``task`` is the title of the function, without case; ``took`` is the duration of the last attempt.
By ``finished_at`` and ``took``, tasks that have not ended come before all others.
"""

PAGE_LIMIT: Final = 1000
"""Rows of a page of ``GET /tasks``."""
BULK_LIMIT: Final = 10_000
"""Tasks in one call."""
KEY_LIMIT: Final = 200
"""Characters of a task's unique key, and of an ``Idempotency-Key``."""
GRACE_LIMIT: Final = 3600
"""Seconds for which an action can be undone."""
ID_LIMIT: Final = 2**53 - 1
"""The highest id; every JSON reader keeps numbers up to this exact."""


class Progress(TypedDict):
    """The progress of a running attempt, in units that the task chooses."""

    done: float
    total: float | None
    text: str


class TaskRow(TypedDict):
    """One row of the table; times are RFC 3339 UTC with milliseconds.

    - ``rev``: grows with each change, so the higher one is the newer
    - ``reason``: a ``reasons.Reason`` or null, with its ``reason_data``; ``why``: the same in
      English words, for shells and scripts
    - ``batch_id``: the batch that the task belongs to; ``run_at``: its start or next attempt
    - ``resend_of``: the task that this one repeats
    - ``seen``: a person has marked the failed or uncertain task as seen
    - ``cause``: its cause in ``GET /causes``, until it succeeds. While a hold, an outage or a pause
      keeps it from starting, that is its cause; a paused batch that keeps it from its next attempt
      does not change the cause.
    """

    id: int
    rev: int
    task: str
    title: str
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
    seen: bool
    batch_id: int | None
    cause: str | None


class IdsPart(TypedDict):
    """A part of ``GET /tasks/ids``: the next numbers, at most 50,000, in order.

    ``as_of`` is the newest event that the whole list has, the same in each part.
    """

    ids: list[int]
    as_of: str


class TaskPatch(TypedDict, total=False):
    """The body of ``PATCH /tasks/{task_id}``; a ``run_at`` of ``None`` means now."""

    run_at: str | None
    priority: int
    seen: bool


class Attempt(TypedDict):
    """One attempt of a task's history, or ``count`` successive ones of one outage.

    ``attempt`` is the number of the last of them, ``started_at`` the start of the first.
    ``finished_at`` is null while it runs, and if the end of the program cut it short at an unknown
    time. ``worker`` names the worker that ran it; null means the process that decides.
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
    """An action of a person on a task, which a line of its log tells."""

    CANCELLED = "cancelled"
    RETRIED = "retried"
    DONE = "done"
    AGAIN = "again"
    SEEN = "seen"
    UNSEEN = "unseen"


class LogLine(TypedDict):
    """One line of a task's log, by the task or the engine; of very many, some are left out.

    ``deed`` is the :class:`Deed` that it tells, or null.
    """

    at: str
    attempt: int
    level: Level
    text: str
    deed: Deed | None


class HandedOver(TypedDict):
    """What a task handed over at its point of no return: the evidence if no answer came.

    ``what`` and ``to`` are texts of the task, empty if it gave none.
    """

    at: str
    what: str
    to: str


class TaskDetail(TaskRow):
    """The row of a task with its history, log, arguments and result.

    - ``parameters``: the names of the ``args``, as far as the current function has them
    - ``steps``: the names of its steps that are done, in their order
    - ``followers``: the numbers of tasks that wait for it, the first hundred
    - ``reference``: the name by which the outside world knows its effect
    - ``repeated_by``: the newest task that does, or has done, the same as this ended one; a retry
      is then refused. Without such a task, the repeat of a person that came to nothing.
    """

    history: list[Attempt]
    log: list[LogLine]
    steps: list[str]
    followers: list[int]
    args: list[Any]
    parameters: list[str]
    kwargs: dict[str, Any]
    result: Any
    reference: str | None
    handed_over: HandedOver | None
    repeated_by: int | None


class TaskPage(TypedDict):
    """One keyset page of the table.

    A search may stop after a while: then the page is short or empty, ``next`` is set, and ``total``
    is not exact.
    """

    tasks: list[TaskRow]
    next: str | None
    as_of: str
    total: int
    total_is_exact: bool


class TaskCounts(TypedDict):
    """``GET /tasks/counts``: the tasks of a filter by state; the filter's own states do not count.

    A pause or a hold stops ``standing`` of the queued ones. ``seen`` of the failed and uncertain
    ones were marked as seen. If ``is_exact`` is false, there are more tasks, and only the newest
    are counted.
    """

    counts: dict[str, int]
    standing: int
    seen: dict[str, int]
    is_exact: bool


class Skipped(TypedDict):
    """The tasks that a bulk call left alone for one reason; ``refusal`` is ``why`` as data."""

    why: str
    count: int
    refusal: str


class BulkAnswer(TypedDict):
    """What a bulk call did, or would do.

    - ``touched``: the number of tasks that it changed; ``skipped``: those it left alone
    - ``stopping``: of a *cancel*, running tasks that were asked to stop
    - ``kept``: of a *remove*, tasks whose effect had only been kept
    - ``stopped``: true if a person stopped it before all was done; ``error``: why it ended early
    - ``ids``: the new tasks of a *resend*, the tasks of a *retry* or *again*, or those that *seen*
      or *unseen* changed; only if 10,000 tasks at most were touched

    - ``pending``: the action, if it waits; ``touched`` and ``skipped`` then tell what it would do
      now. If ``is_exact`` is false, it means more than 10,000 tasks, and none was checked yet

    Only a preview and a call with ``delay`` have:

    - ``queues``: the tasks that would be touched, by queue
    - ``aside``: those of them that their batch keeps from starting, by reason and queue
    - ``is_exact``: false if there are more tasks; a preview then counts only the first ones
    """

    touched: int
    skipped: list[Skipped]
    stopping: NotRequired[int]
    kept: NotRequired[int]
    stopped: NotRequired[bool]
    error: NotRequired[str]
    ids: NotRequired[list[int]]
    pending: NotRequired[PendingRow]
    is_exact: NotRequired[bool]
    queues: NotRequired[dict[str, int]]
    aside: NotRequired[dict[str, dict[str, int]]]


class PendingRow(TypedDict):
    """An action that waits so that it can be undone, is carried out or was carried out.

    What is :data:`UNDOABLE` was done already: ``due_in`` is how long it can still be undone.

    - ``key``: the ``Idempotency-Key`` of its call; empty if it had none
    - ``tasks``: the first and the last of each run of its tasks; empty if there are very many
    - ``batch_id``: the batch that it is on; null if it is on tasks
    - ``subject``: the number of what it is about, of a feature: the item of a *submit* or *correct*
    - ``touched``: the tasks that it means, of which some may not allow it; or rows of the batch
    - ``filter``: that of the call; null if it named its tasks
    - ``due_in``: the seconds until it is carried out, at the time of the answer
    - ``done``: those handled so far; once it has ended, ``answer`` tells what was done
    - ``answer``: what it did, once it was carried out; null before
    """

    id: int
    key: str
    action: PendingVerb
    due_in: float
    tasks: list[list[int]]
    touched: int
    filter: dict[str, Any] | None
    batch_id: int | None
    subject: int | None
    done: int
    answer: BulkAnswer | None


class AddedTask(TaskRow):
    """The row of an added task; ``pending`` is the action by which it can be undone."""

    pending: NotRequired[PendingRow]


BY_PLACE: Final = "x-by-place"
"""Key in a parameter's schema: it is passed in ``args``, in the order of ``properties``."""
REST: Final = "x-rest"
"""Key in a parameter's schema: a list whose members are passed at the end of ``args``."""
MEMBERS: Final = "x-members"
"""Key in an enum's schema: the names of its members, in the order of ``enum``."""

DECIMAL: Final = "decimal"
"""``format`` of a number that may be passed as a text, to keep all its digits."""


class TaskFunction(TypedDict):
    """A registered task.

    ``doc`` is the function's docstring. ``parameters`` is the JSON Schema of an object with the
    arguments, without the context. A parameter without a schema takes any JSON value.
    """

    name: str
    title: str
    doc: str
    lane: LaneName
    queue: str
    parameters: dict[str, Any]


class TaskFunctions(TypedDict):
    """``GET /functions``, by title."""

    functions: list[TaskFunction]


class LastRun(TypedDict):
    """The last task of a schedule; ``state`` is null once that task was removed."""

    at: str
    task_id: int
    state: str | None


class ScheduledRun(TypedDict):
    """The task of a due time; it took ``took`` seconds, null if it has not ended."""

    task_id: int
    state: str
    took: float | None


class Schedule(TypedDict):
    """A schedule of a task: either a ``cron`` line in a ``timezone``, or a span ``every``.

    ``next_at`` is null while it is paused. ``missed`` decides about due times that pass while
    nothing runs: ``run_once`` or ``skip``. ``runs`` are the tasks of its last due times, the newest
    first.
    """

    name: str
    title: str
    queue: str
    cron: str | None
    every: str | None
    timezone: str | None
    missed: str
    next_at: str | None
    last: LastRun | None
    runs: list[ScheduledRun]
    paused_at: str | None


class Schedules(TypedDict):
    """``GET /schedules``, by name."""

    schedules: list[Schedule]
