"""Bulk: one verb for many tasks, a few of them a group, so that nobody waits behind them."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, Literal

from desktop.contract.tasks import BulkAnswer, Skipped
from desktop.engine.errors import Conflict, UnknownId
from desktop.engine.group import Group
from desktop.engine.inbox import More
from desktop.engine.query import Filter
from desktop.engine.store.pages import matching_ids
from desktop.engine.store.records import TaskRecord
from desktop.engine.submission import Idempotency
from desktop.engine.verbs.cancel import cancel
from desktop.engine.verbs.idempotency import recall, remember
from desktop.engine.verbs.resolve import resolve
from desktop.engine.verbs.retry import retry

STEP: Final = 500
"""Tasks one group touches for a bulk call."""

Action = Literal["cancel", "retry", "done", "again"]

_VERBS: Final[dict[Action, Callable[[Group, TaskRecord], None]]] = {
    "cancel": cancel,
    "retry": retry,
    "done": lambda group, record: resolve(group, record, "done"),
    "again": lambda group, record: resolve(group, record, "again"),
}


@dataclass(frozen=True, slots=True)
class BulkDone:
    """What a bulk call did; ``replayed`` when its key had been answered before."""

    answer: BulkAnswer
    replayed: bool = False


def bulk(
    group: Group, action: Action, which: Sequence[int] | Filter, key: Idempotency | None = None
) -> BulkDone | More:
    """Do one thing to the tasks of these numbers, or to all there are now that match."""
    known = recall(group, key) if key else None
    if known is not None:
        answer = BulkAnswer(touched=known["touched"], skipped=known["skipped"])
        return BulkDone(answer, replayed=True)
    which = which if isinstance(which, Filter) else sorted(set(which))
    return _Step(action, which, key, last=group.memory.last_task)(group)


@dataclass(frozen=True, slots=True)
class _Step:
    """A bulk call on its way; a step that was rolled back is simply taken again."""

    action: Action
    which: Sequence[int] | Filter
    key: Idempotency | None
    last: int  # tasks that come later are not meant
    beyond: int = 0
    freed: frozenset[str] = frozenset()  # held queues that a retry let go on
    touched: int = 0
    skipped: Counter[str] = field(default_factory=Counter)

    def __call__(self, group: Group) -> BulkDone | More:
        """Do the next few tasks, or tell what was done to all of them."""
        group.freed |= self.freed
        ids = self._next_ids(group)
        if not ids:
            return self._done(group)
        skipped = Counter(why for task_id in ids if (why := self._skips(group, task_id)))
        return More(
            replace(
                self,
                beyond=ids[-1],
                freed=frozenset(group.freed),
                touched=self.touched + len(ids) - skipped.total(),
                skipped=self.skipped + skipped,
            )
        )

    def _next_ids(self, group: Group) -> Sequence[int]:
        if isinstance(self.which, Filter):
            group.flush()
            ids = matching_ids(group.connection, self.which, self.beyond, STEP)
            return [number for number in ids if number <= self.last]
        begin = bisect_right(self.which, self.beyond)
        return self.which[begin : begin + STEP]

    def _skips(self, group: Group, task_id: int) -> str | None:
        """Act on one task; returns why it was left alone."""
        try:
            _VERBS[self.action](group, group.read(task_id))
        except Conflict as error:
            return error.reason
        except UnknownId:
            return "There is no such task."
        return None

    def _done(self, group: Group) -> BulkDone:
        skipped = [Skipped(why=why, count=n) for why, n in self.skipped.most_common()]
        answer = BulkAnswer(touched=self.touched, skipped=skipped)
        if self.key:
            remember(group, self.key, answer)
        return BulkDone(answer)
