"""What callers submit, and the answers they get after the COMMIT."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final, NamedTuple

from sendoff_tasks.functions.eligibility import check_key, check_number, check_whole
from sendoff_tasks.model.tasks import PendingRow, TaskRow

PRIORITY_LIMIT: Final = 1 << 31
TIME_LIMIT: Final = 253_402_300_800  # the year 10000, epoch s


class Place(NamedTuple):
    """A task's position in its submission; 0 is the first."""

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
    ``functions.arguments`` can write. ``subject`` is the number of what
    it belongs to, of a feature. ``to`` is ``Name <address>``.
    ``title`` replaces the function's title.

    A task ``behind`` another one of its submission, given by its place, starts once that task has
    ended or waits for its next attempt. ``token`` is an unguessable name by which the task can be
    looked up. ``variables`` are its context variables, as ``Variables`` writes them. ``edition``
    names what a feature makes its effect of, which stays as it is.
    """

    task: str
    args: Sequence[Any] = ()
    kwargs: Mapping[str, Any] = field(default_factory=dict)
    subject: int | None = None
    to: str | None = None
    title: str | None = None
    options: TaskOptions = NO_OPTIONS
    behind: Place | None = None
    token: str | None = None
    variables: str | None = None
    edition: str | None = None


def start_after(task: NewTask, seconds: float) -> NewTask:
    """Return a task that starts in so many seconds at the earliest, unless it has a time."""
    options = task.options
    if not seconds or options.run_at is not None:
        return task
    return replace(task, options=replace(options, delay=max(seconds, options.delay or 0)))


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
    """Tasks to accept in one transaction: all or none.

    They can be undone for ``undo_for`` s, and start once that time is over.
    """

    tasks: Sequence[NewTask]
    idempotency: Idempotency | None = None
    undo_for: float = 0


@dataclass(frozen=True, slots=True)
class SubmissionAnswer:
    """The answer to a :class:`Submission`, given after the COMMIT.

    ``task_ids`` holds the tasks' numbers in order, ``joined`` those of them that were already open
    with the same key. ``replayed`` is true when the submission's own key was known. ``row`` is the
    task's row where it is one task. ``note`` is the note that first came with the key. ``pending``
    is the action by which the added tasks can be undone.
    """

    task_ids: list[int]
    replayed: bool = False
    joined: frozenset[int] = frozenset()
    row: TaskRow | None = None
    note: Any = None
    pending: PendingRow | None = None


@dataclass(frozen=True, slots=True)
class TaskChange:
    """Changes to a task; ``None`` leaves a field as it is.

    ``run_at`` is in epoch s; a past time means now. ``anyway`` lets it past its batch's limit.
    """

    run_at: float | None = None
    priority: int | None = None
    seen: bool | None = None
    anyway: bool = False
