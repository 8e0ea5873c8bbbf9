"""What a caller hands in to be done, and what it gets back once that is on disk."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from desktop.contract.tasks import Addressee, TaskRow


class Place(NamedTuple):
    """The place of a task among the loose ones of its submission; 0 is the first."""

    number: int


@dataclass(slots=True, unsafe_hash=True)  # frozen it takes three times as long to make
class NewTask:
    """One task to accept.

    ``task`` is the registered name. ``args`` and ``kwargs`` are typed JSON, as
    ``functions.arguments`` writes it. ``item_id`` ties a loose task to an item; a task inside a
    :class:`NewItemRow` belongs to that item anyway and is called with the item's number *before*
    its own ``args``. ``to`` is ``Name <address>``; ``title`` replaces the task's own. It starts
    ``delay`` seconds after it is accepted, or at ``run_at`` (epoch s), else at once; where it has
    not been done by ``deadline`` (epoch s) it fails. The higher ``priority`` starts first. Of the
    tasks of one name with one ``key`` only one is open: another is answered with that one.

    It begins ``behind`` another loose task of its submission, by its place there: once that has
    ended or waits for another attempt. It begins ``after`` a task, by its number or its place, once
    that has succeeded. ``token`` is a name that cannot be guessed, to ask for it. ``variables`` are
    the context variables that travel with it, as ``functions.variables`` writes them.
    """

    task: str
    args: Sequence[Any] = ()
    kwargs: Mapping[str, Any] = field(default_factory=dict)
    item_id: int | None = None
    to: str | None = None
    title: str | None = None
    delay: float | None = None
    run_at: float | None = None
    deadline: float | None = None
    priority: int = 0
    key: str | None = None
    behind: Place | None = None
    after: Place | int | None = None
    token: str | None = None
    variables: str | None = None


@dataclass(frozen=True, slots=True)
class NewItemRow:
    """One item to accept with its tasks.

    ``item_id`` ``None`` lets the engine pick the highest number so far plus one. ``body`` is what
    was sent, after validation: two bodies are *the same* when they are equal as JSON values.
    """

    item_id: int | None
    body: Mapping[str, Any]
    tasks: Sequence[NewTask] = ()


@dataclass(frozen=True, slots=True)
class Idempotency:
    """An ``Idempotency-Key`` and a hash of the request it came with; kept seven days.

    ``note`` is JSON of the caller's own, which comes back with the first answer and every replay.
    """

    key: str
    body_hash: str
    note: Any = None


@dataclass(frozen=True, slots=True)
class Submission:
    """Items and loose tasks to accept in one transaction: all or none.

    With ``partial`` an item that conflicts is refused alone and the others are accepted.
    """

    items: Sequence[NewItemRow] = ()
    tasks: Sequence[NewTask] = ()
    idempotency: Idempotency | None = None
    partial: bool = False


@dataclass(frozen=True, slots=True)
class Accepted:
    """The answer to a :class:`Submission`, given after the COMMIT.

    ``item_ids`` holds the number of each item in order. ``task_ids`` holds one list for each item,
    and a last one for the loose tasks when there are any. ``replayed`` is true when nothing new was
    scheduled: the key was known, or every item was there already with an equal body.
    ``replayed_items`` and ``refused`` (position → sentence) tell of single items.
    ``joined`` are the numbers among ``task_ids`` of tasks that were open with the same key.
    ``row`` is the row of the task as it was accepted where the submission is one loose task.
    ``note`` is the one the key came with the first time.
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
    """What an item is from now on, and whether its tasks that have ended are done again.

    ``item`` has the new body; its ``tasks`` are added with ``send``. One whose ``run_at`` has
    passed starts after its ``delay``. ``to`` is the recipient that rows show.
    """

    item: NewItemRow
    to: str | None = None
    send: bool = False
    idempotency: Idempotency | None = None


@dataclass(frozen=True, slots=True)
class Corrected:
    """The answer to a :class:`ItemCorrection`: tasks by their numbers.

    ``using`` have not begun, or are between attempts, and use the corrected item; ``added`` are
    new; ``uncertain`` stay as they are.
    """

    using: list[int]
    added: list[int]
    uncertain: list[int]
    replayed: bool = False


@dataclass(frozen=True, slots=True)
class Resend:
    """How a task that has ended is repeated as a new one, after ``delay`` seconds.

    Without an ``addressee`` it has that of the first task, else its item's present recipient.
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
    """What to change about a task; ``None`` leaves it.

    ``run_at`` is in epoch s; a time that has passed is now.
    """

    run_at: float | None = None
    priority: int | None = None
    seen: bool | None = None
