"""What a person has started and what can still be undone: on disk until it is carried out."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import asdict, dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Any, Final, cast

from desktop.client.api import TaskQuery, new_key
from desktop.contract.items import MAIL_QUEUE
from desktop.contract.states import State
from desktop.gui.table.task_actions import Everything
from desktop.gui.tasks.soon import Started
from desktop.gui.tasks.task_row import stamp
from desktop.gui.tasks.words.verbs import (
    SEND,
    after_batch,
    announced,
    beside,
    counted,
    nothing_to_do,
    starts_apart,
    starts_meanwhile,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from desktop.contract.tasks import BulkAnswer
    from desktop.gui.frame.notices.toast import Toast
    from desktop.gui.table.task_actions import Verb, Which

SENDS: Final = frozenset({"resend", "to_me"})
"""What makes a new task, which the backend holds for the grace period."""


@dataclass(eq=False)
class Announced:
    """What is done once its grace period is over; ``looked`` tells, once known, what it will do.

    ``said`` is the verb whose words are used, ``key`` what makes doing it twice the same as once.
    ``to`` has the addresses that messages go to, where they are few; ``named`` the tasks by their
    numbers, where all that match were read; ``waiting`` counts those of batches, as
    :class:`Started` does.
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

    @property
    def meant(self) -> Which:
        """The tasks it is done to."""
        return self.which if self.named is None else self.named

    @property
    def count(self) -> int | None:
        """How many tasks it means, as far as that is known."""
        if self.looked is not None and self.looked.get("is_exact"):
            return self.looked["touched"]
        return self.which.count if isinstance(self.which, Everything) else len(self.which)

    @property
    def started(self) -> Started:
        """Return what rows and buttons say of it."""
        found = started(self.said, self.which, self.count, self.named or ())
        if self.verb != "retry":
            return found
        return replace(found, waiting=self.waiting or _waiting(found))

    def words(self, when: Callable[..., str], left: int) -> str:
        """Say what will happen in some seconds, and what of the tasks it leaves alone.

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
        if left and self.looked and self.verb == "cancel" and isinstance(self.meant, Everything):
            more.append(starts_meanwhile())
        if "{when}" in later:
            more[:0] = apart
        return "\n".join([said, *filter(None, [", ".join(self.to)]), *more])

    @property
    def _queues(self) -> Mapping[str, int]:
        """Count its tasks by queue, as far as that is known."""
        if self.looked is not None:
            return self.looked.get("queues", {})
        return {MAIL_QUEUE: 1} if self.said in {SEND, *SENDS} else {}

    def as_draft(self, *, due: bool = False) -> dict[str, Any]:
        """Return it as it is kept on disk; ``due`` says that it may have been done."""
        which = self.meant
        if isinstance(which, Everything):
            meant: dict[str, Any] = {"query": asdict(which.query), "count": which.count}
        else:
            meant = {"ids": which, "count": len(which)}
        return {"verb": self.verb, "said": self.said, "due": due, **meant}

    @classmethod
    def from_draft(cls, key: str, draft: dict[str, Any]) -> Announced:
        """Read it again; raises ``TypeError`` for a filter that this version does not know."""
        which: Which
        if "ids" in draft:
            which = list(draft["ids"])
        else:
            told = draft["query"].items()
            query: dict[str, Any] = {
                name: tuple(v) if isinstance(v, list) else v for name, v in told
            }
            which = Everything(TaskQuery(**query), draft["count"])
        return cls(cast("Verb", draft["verb"]), which, draft["said"], key)


def starts_of(
    queues: Mapping[str, int],
    aside: Mapping[str, Mapping[str, int]],
    when: Callable[..., str],
    left: int,
) -> tuple[str, list[str]]:
    """Say when tasks start, ``left`` seconds from now, and of which of them that is not true.

    Those that are put ``aside`` by their batch, by reason and queue, are among those of ``queues``.
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


def started(said: str, which: Which, count: int | None, named: Collection[int] = ()) -> Started:
    """Return what rows and buttons say of tasks that something is started on.

    ``named`` are all that match by their numbers, where those are known.
    """
    if isinstance(which, Everything):
        return Started(said, frozenset(named), which.query, count)
    return Started(said, frozenset(which), None, len(which))


def _waiting(found: Started) -> dict[tuple[int, str], int]:
    """Count waiting tasks by batch and reason, where the filter alone tells it."""
    query = found.query
    if query is None or query.batch_id is None or query.states != (State.WAITING.value,):
        return {}
    is_one = len(query.reasons) == 1 and found.count is not None
    return {(query.batch_id, query.reasons[0]): found.count or 0} if is_one else {}


def is_part(which: Which, of: Which) -> bool:
    """Tell whether two actions have tasks in common."""
    if isinstance(which, Everything) or isinstance(of, Everything):
        both = isinstance(which, Everything) and isinstance(of, Everything)
        return both and which.query == of.query  # type: ignore[union-attr]
    return not frozenset(which).isdisjoint(of)


def as_announced(which: Which) -> Which:
    """Limit *all that match* to what the person has seen: not what comes or ends from now on."""
    if not isinstance(which, Everything) or which.query.known_at is not None:
        return which
    return replace(which, query=replace(which.query, known_at=stamp(time.time())))


def is_same(verb: Verb, which: Which, other_verb: Verb, other: Which) -> bool:
    """Tell whether two actions are the same; of *all that match* the count is ignored."""
    if isinstance(which, Everything) and isinstance(other, Everything):
        which, other = (
            replace(each, count=None, query=replace(each.query, known_at=None))
            for each in (which, other)
        )
    return (verb, which) == (other_verb, other)
