"""Records: rows of tasks, functions and queues as the writer holds them."""

from __future__ import annotations

import json
from dataclasses import dataclass, fields
from enum import StrEnum
from operator import attrgetter
from typing import Any, Final, NamedTuple

from sendoff_tasks.causes import Because
from sendoff_tasks.model.queues import HoldKind
from sendoff_tasks.model.reasons import Reason
from sendoff_tasks.model.states import RESENDABLE, State
from sendoff_tasks.model.tasks import LaneName


class Hold(StrEnum):
    """What a held task waits for."""

    NOTHING = ""
    """It is not held."""
    PERSON = "person"
    """A person has to look at this one task."""
    QUEUE = "queue"
    """Its whole queue is held."""
    CRASHES = "crashes"
    """A person has to look: three crashes in a row are evidence against the task."""
    FUNCTION = "function"
    """Its function has to be registered again."""
    ASIDE = "aside"
    """A feature has put it aside until it may start."""
    ANYWAY = "anyway"
    """Nothing: a person has let it start past the limit for which it was put aside."""
    TASK = "task"
    """Another task, which it follows, comes first."""


NOT_HELD: Final = Hold.NOTHING.value
"""The value of most rows."""


NO_REFERENCE_YET: Final = ""
"""The reference of a task that gets a new one when it starts, because its function is away."""


@dataclass(slots=True)
class TaskRecord:
    """One row of ``tasks``, in the table's order (schema.py); times are epoch ms."""

    id: int
    rev: int
    item_id: int | None
    function: int
    title: str | None
    recipient: str
    state: str
    why: str = ""
    held: str = NOT_HELD
    attempt: int = 0
    max_attempts: int = 1
    crashes: int = 0
    passed: int = 0
    stopping: int = 0
    priority: int = 0
    created_at: int = 0
    run_at: int | None = None
    deadline: int | None = None
    started_at: int | None = None
    finished_at: int = 0
    progress: str | None = None
    error: str | None = None
    arguments: str = "[[],{}]"
    result: str | None = None
    reference: str | None = None
    key: str | None = None
    delayed: int = 0
    handover: str | None = None
    reason: str | None = None
    reason_data: str | None = None
    resend_of: int | None = None
    seen: int | None = None
    addressee: str | None = None
    copy_for: str | None = None
    batch_id: int | None = None
    batch_row: int | None = None
    cause: str | None = None
    past_errors: str | None = None
    next_to: str | None = None
    edition: str | None = None
    ready_at: int | None = None

    @property
    def place(self) -> tuple[int, int] | None:
        """Its batch, and its row there."""
        if self.batch_id is None or self.batch_row is None:
            return None
        return self.batch_id, self.batch_row

    @property
    def is_copy(self) -> bool:
        """Whether it is a copy: it does not stand in for the task that it repeats."""
        return self.copy_for is not None

    @property
    def is_repeatable(self) -> bool:
        """Whether it has ended and its reason can hold the number of a repeat."""
        return self.state in RESENDABLE and self.reason != Reason.CANCELLED_WITH_TASK

    @property
    def noted_repeat(self) -> int | None:
        """The task noted in its reason as the repeat of its effect."""
        if not self.is_repeatable:
            return None
        number: int | None = json.loads(self.reason_data or "{}").get("task_id")
        return number

    @property
    def may_have_arrived(self) -> bool:
        """Whether it was cancelled, and an earlier attempt may have sent its message."""
        if self.state != State.CANCELLED:
            return False
        return bool(json.loads(self.reason_data or "{}").get("may_have_arrived"))

    def reason_columns(self, because: Because | None) -> dict[str, str | None]:
        """Return the columns of the reason that change; usually none."""
        reason, data = (None, None) if because is None else because.stored
        if (self.reason, self.reason_data) == (reason, data):
            return {}
        return {"reason": reason, "reason_data": data}

    def values(self) -> tuple[Any, ...]:
        """Return the row's values in the table's order."""
        return _values(self)


class BriefRecord(NamedTuple):
    """The columns of a task that are needed to delete it."""

    id: int
    item_id: int | None
    function: int
    title: str | None
    recipient: str
    state: str
    attempt: int
    finished_at: int
    batch_id: int | None
    cause: str | None
    arguments: str  # only the searchable beginning
    error: str | None
    seen: int | None
    resend_of: int | None
    past_errors: str | None


START_COUNTS: Final = 1
DEADLINE_COUNTS: Final = 2
"""Flags in ``delayed``: ``run_at`` or ``deadline`` is a delay that shifts when the clock is set. A
time without its flag is a time of day."""


_values = attrgetter(*(field.name for field in fields(TaskRecord)))


class FunctionRecord(NamedTuple):
    """One row of ``functions``."""

    id: int
    name: str
    queue: str
    lane: LaneName
    title: str


PENDING: Final = 2**53
"""The event of a pending action has this and its number with a minus sign, in place of a task."""
ALL_TASKS: Final = 0
"""Stands for a task's number in an event: rows changed without being named, so read all again."""


ALL_QUEUES: Final = ""
"""Stands for a queue's name in a pause of all queues, present and future."""


class HeldQueue(NamedTuple):
    """One row of ``queues``: the queue waits for a person, a fix or its server's answer.

    Times are epoch ms. From ``until`` on, if set, a single task probes.
    """

    name: str
    reason: str
    action: str | None
    held_at: int
    server: str | None = None
    code: int | None = None
    kind: HoldKind = Reason.QUEUE_HELD
    until: int | None = None
    probes: int = 0
    enhanced: str | None = None

    def may_probe(self, now: int) -> bool:
        """Tell whether a single task may probe by now, epoch ms."""
        return self.until is not None and self.until <= now
