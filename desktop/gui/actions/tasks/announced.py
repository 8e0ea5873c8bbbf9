"""A pending action on tasks, as the window tells of it."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Final

from desktop.client.api import new_key
from desktop.contract.items import MAIL_QUEUE
from desktop.contract.states import State
from desktop.contract.tasks import BulkAnswer
from desktop.gui.table.task_actions import Everything
from desktop.gui.tasks.pending_actions import PendingAction
from desktop.gui.tasks.task_row import stamp
from desktop.gui.tasks.words.verbs import (
    SENDING,
    after_batch,
    announced,
    beside,
    counted,
    nothing_to_do,
    starts_apart,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

    from desktop.contract.tasks import PendingRow
    from desktop.gui.frame.notices.toast import Toast
    from desktop.gui.table.task_actions import Verb, Which

SENDS: Final = frozenset({"resend", "to_me"})
"""Verbs that make a new task, which the backend delays for the grace period."""


@dataclass(eq=False)
class Announced:
    """An action that the backend carries out after the grace period; ``looked`` is its answer.

    ``said`` is the verb whose texts are used. ``key`` makes a repeated call harmless; ``number`` is
    the action's own, once the backend has it. ``to`` has the addresses of messages if there are
    few, ``named`` the numbers of all matching tasks if they are known. ``waiting`` counts waiting
    tasks by batch and reason, as in :class:`PendingAction`.
    """

    verb: Verb
    which: Which
    said: str
    key: str = field(default_factory=new_key)
    looked: BulkAnswer | None = None
    to: Sequence[str] = ()
    toast: Toast | None = None
    named: list[int] | None = None
    waiting: Mapping[tuple[int, str], int] = field(default_factory=dict)
    number: int | None = None
    is_undone: bool = False

    @classmethod
    def of_row(cls, row: PendingRow) -> Announced:
        """Return an action that another window or program has asked for."""
        looked = BulkAnswer(touched=row["touched"], skipped=[])
        ids = numbers_in(row["tasks"])
        return cls(row["action"], ids, row["action"], looked=looked, number=row["id"])

    @property
    def meant(self) -> Which:
        """The tasks of the action, by number if known."""
        return self.which if self.named is None else self.named

    @property
    def count(self) -> int | None:
        """The number of tasks, if known."""
        if self.looked is not None:
            return self.looked["touched"]
        return self.which.count if isinstance(self.which, Everything) else len(self.which)

    @property
    def started(self) -> PendingAction:
        """The action as rows and buttons show it."""
        found = started(self.said, self.which, self.count, self.named or ())
        if self.verb != "retry":
            return found
        return replace(found, waiting=self.waiting or _waiting(found))

    def words(self, when: Callable[..., str], left: int) -> str:
        """Say what will happen in ``left`` seconds, and which tasks are left alone.

        ``when`` is :meth:`Toasts.when`.
        """
        later, now = announced(self.said)
        when = partial(when, releases=self.verb == "retry")
        aside = {} if self.looked is None else self.looked.get("aside", {})
        starts, apart = starts_of(self._queues, aside, when, left)
        what = counted(self.said, self.count)
        said = later.format(what=what, s=left, when=starts) if left else now
        if self.looked is not None and self.count == 0:
            said = nothing_to_do()
        more = [*beside(self.looked, self.count)] if self.looked else []
        if "{when}" in later:
            more[:0] = apart
        return "\n".join([said, *filter(None, [", ".join(self.to)]), *more])

    @property
    def _queues(self) -> Mapping[str, int]:
        """Return the number of its tasks by queue, if known."""
        if self.looked is not None:
            return self.looked.get("queues", {})
        return {MAIL_QUEUE: 1} if self.said in SENDING else {}


def numbers_in(runs: Iterable[Sequence[int]]) -> list[int]:
    """Return the numbers of these runs, each given by its first and last."""
    return [number for first, last in runs for number in range(first, last + 1)]


def starts_of(
    queues: Mapping[str, int],
    aside: Mapping[str, Mapping[str, int]],
    when: Callable[..., str],
    left: int,
) -> tuple[str, list[str]]:
    """Say when tasks start, normally in ``left`` seconds, and which of them start later.

    ``aside`` counts the tasks that their batch delays, by reason and queue; ``queues`` includes
    them.
    """
    by_start, free = Counter[str](), Counter(queues)
    for reason, counts in aside.items():
        by_start[after_batch(reason)] += sum(counts.values())
        free.subtract(counts)
    for queue, n in (+free).items():
        by_start[when(0, queue)] += n
    if len(by_start) == 1:
        return next(iter(by_start)) or when(left, ""), []
    return when(left, ""), [starts_apart(n, words) for words, n in by_start.items() if words]


def started(
    said: str, which: Which, count: int | None, named: Collection[int] = ()
) -> PendingAction:
    """Return a pending action as rows and buttons show it.

    ``named`` are the numbers of all matching tasks, if known.
    """
    if isinstance(which, Everything):
        return PendingAction(said, frozenset(named), which.query, count)
    return PendingAction(said, frozenset(which), None, len(which))


def _waiting(found: PendingAction) -> dict[tuple[int, str], int]:
    """Count waiting tasks by batch and reason, if the filter alone tells both."""
    query = found.query
    if query is None or query.batch_id is None or query.states != (State.WAITING.value,):
        return {}
    is_one = len(query.reasons) == 1 and found.count is not None
    return {(query.batch_id, query.reasons[0]): found.count or 0} if is_one else {}


def overlap(which: Which, of: Which) -> bool:
    """Tell whether two actions have tasks in common."""
    if isinstance(which, Everything) or isinstance(of, Everything):
        both = isinstance(which, Everything) and isinstance(of, Everything)
        return both and which.query == of.query  # type: ignore[union-attr]
    return not frozenset(which).isdisjoint(of)


def as_announced(which: Which) -> Which:
    """Limit *all that match* to the current tasks, without those that come or end later."""
    if not isinstance(which, Everything) or which.query.known_at is not None:
        return which
    return replace(which, query=replace(which.query, known_at=stamp(time.time())))


def is_same(verb: Verb, which: Which, other_verb: Verb, other: Which) -> bool:
    """Tell whether two actions are the same; *all that match* compares without count and time."""
    if isinstance(which, Everything) and isinstance(other, Everything):
        which, other = (
            replace(each, count=None, query=replace(each.query, known_at=None))
            for each in (which, other)
        )
    return (verb, which) == (other_verb, other)
