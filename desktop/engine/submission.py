"""What callers submit, and the answers they get after the COMMIT."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from desktop.contract.tasks import Addressee, TaskRow
from desktop.engine.functions.eligibility import check_key, check_number, check_whole

PRIORITY_LIMIT: Final = 1 << 31
TIME_LIMIT: Final = 253_402_300_800  # the year 10000, epoch s


class Place(NamedTuple):
    """A task's position among the loose tasks of its submission; 0 is the first."""

    number: int


@dataclass(frozen=True, slots=True)
class TaskOptions:
    """When and how one task runs.

    The task starts ``delay`` s after it is accepted, or at ``run_at`` (epoch s), or at once. It
    fails if it is not done by ``deadline`` (epoch s). A higher ``priority`` starts first. Of the
    tasks with one name and one ``key`` only one is open; submitting another returns that one. A
    task ``after`` others, given by number or place, starts once all of them have succeeded. A task
    of a request or transaction starts behind the one before it, unless it is ``parallel`` or has a
    time. Raises ``ValueError`` or ``TypeError`` for an option that cannot be used.
    """

    delay: float | None = None
    run_at: float | None = None
    deadline: float | None = None
    priority: int = 0
    key: str | None = None
    after: tuple[Place | int, ...] = ()
    parallel: bool = False

    def __post_init__(self) -> None:
        _check_time("delay", self.delay)
        _check_time("run_at", self.run_at)
        _check_time("deadline", self.deadline)
        check_whole("priority", self.priority)
        if abs(self.priority) >= PRIORITY_LIMIT:
            raise ValueError(f"a priority of {self.priority} is out of bounds")
        if self.key is not None:
            check_key(self.key)
        for other in self.after:
            if not isinstance(other, Place):
                check_whole("after, where it is no task that was added,", other)

    @property
    def is_in_line(self) -> bool:
        """Whether the task starts behind the one before it in its request or transaction."""
        return not (self.parallel or self.delay is not None or self.run_at is not None)


def _check_time(what: str, seconds: float | None) -> None:
    if seconds is None:
        return
    check_number(what, seconds)
    if math.isnan(seconds) or seconds < 0:
        raise ValueError(f"{what} must be 0 s or more, got {seconds}")
    if seconds >= TIME_LIMIT:
        raise ValueError(f"{what} is out of bounds: {seconds}")


NO_OPTIONS: Final = TaskOptions()


@dataclass(slots=True, unsafe_hash=True)  # a frozen one takes three times as long to make
class NewTask:
    """One task to accept.

    ``task`` is the registered name. ``args`` and ``kwargs`` have values that
    ``functions.arguments`` can write. ``item_id`` ties a loose task to an item. A task inside a
    :class:`NewItemRow` belongs to that item anyway; its function gets the item's number *before*
    its own ``args``. ``to`` is ``Name <address>``. ``title`` replaces the function's title.

    A task ``behind`` another loose task, given by its place, starts once that task has ended or
    waits for its next attempt. ``token`` is an unguessable name by which the task can be looked up.
    ``variables`` are its context variables, as ``functions.variables`` writes them.
    """

    task: str
    args: Sequence[Any] = ()
    kwargs: Mapping[str, Any] = field(default_factory=dict)
    item_id: int | None = None
    to: str | None = None
    title: str | None = None
    options: TaskOptions = NO_OPTIONS
    behind: Place | None = None
    token: str | None = None
    variables: str | None = None


@dataclass(frozen=True, slots=True)
class NewItemRow:
    """One item to accept with its tasks.

    With ``item_id`` ``None`` the engine takes the highest number so far plus one. ``body`` is the
    validated body; two bodies are *the same* when they are equal as JSON values.
    """

    item_id: int | None
    body: Mapping[str, Any]
    tasks: Sequence[NewTask] = ()


@dataclass(frozen=True, slots=True)
class Idempotency:
    """An ``Idempotency-Key`` and a hash of its request; kept for seven days.

    ``note`` is JSON of the caller's own; the first answer and every replay return it.
    """

    key: str
    body_hash: str
    note: Any = None


@dataclass(frozen=True, slots=True)
class Submission:
    """Items and loose tasks to accept in one transaction: all or none.

    With ``partial``, an item that conflicts is refused alone and the others are accepted.
    """

    items: Sequence[NewItemRow] = ()
    tasks: Sequence[NewTask] = ()
    idempotency: Idempotency | None = None
    partial: bool = False


@dataclass(frozen=True, slots=True)
class Accepted:
    """The answer to a :class:`Submission`, given after the COMMIT.

    ``item_ids`` holds the items' numbers in order. ``task_ids`` holds one list for each item, and
    a last one for the loose tasks if there are any. ``replayed`` is true when nothing new was
    accepted: the key was known, or every item existed with an equal body. ``replayed_items`` and
    ``refused`` (position → sentence) report on single items. ``joined`` has those of ``task_ids``
    that were already open with the same key. ``row`` is the task's row where the submission is
    one loose task. ``note`` is the note that first came with the key.
    """

    item_ids: list[int]
    task_ids: list[list[int]]
    replayed: bool = False
    replayed_items: frozenset[int] = frozenset()
    refused: Mapping[int, str] = field(default_factory=dict)
    joined: frozenset[int] = frozenset()
    row: TaskRow | None = None
    note: Any = None


@dataclass(frozen=True, slots=True)
class ItemCorrection:
    """A new body for an item, and whether its tasks that have ended run again.

    ``item`` has the new body; with ``send`` its ``tasks`` are added. A task whose ``run_at`` has
    passed starts after its ``delay``. ``to`` is the recipient shown in the rows.
    """

    item: NewItemRow
    to: str | None = None
    send: bool = False
    idempotency: Idempotency | None = None


@dataclass(frozen=True, slots=True)
class Corrected:
    """The answer to an :class:`ItemCorrection`: task numbers.

    ``using`` are tasks that have not begun or are between attempts; they use the corrected item.
    ``added`` are new. ``uncertain`` stay as they are.
    """

    using: list[int]
    added: list[int]
    uncertain: list[int]
    replayed: bool = False


@dataclass(frozen=True, slots=True)
class Resend:
    """How to repeat an ended task as a new one, after ``delay`` seconds.

    Without ``addressee`` the new task takes the first task's, or else the item's current recipient.
    """

    addressee: Addressee | None = None
    delay: float = 0
    idempotency: Idempotency | None = None


@dataclass(frozen=True, slots=True)
class Resent:
    """The answer to a :class:`Resend`: the new task's row."""

    row: TaskRow
    replayed: bool = False


@dataclass(frozen=True, slots=True)
class TaskChange:
    """Changes to a task; ``None`` leaves a field as it is.

    ``run_at`` is in epoch s; a past time means now.
    """

    run_at: float | None = None
    priority: int | None = None
    seen: bool | None = None
