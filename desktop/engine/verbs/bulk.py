"""Bulk: one verb for many tasks, a few of them a group, so that nobody waits behind them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Final, Literal

from desktop.contract.tasks import BulkAnswer, Skipped
from desktop.engine.errors import Conflict, UnknownId
from desktop.engine.group import Group
from desktop.engine.query import Filter
from desktop.engine.store.pages import matching_ids
from desktop.engine.store.records import TaskRecord
from desktop.engine.submission import Idempotency
from desktop.engine.verbs.accept import recall, remember
from desktop.engine.verbs.cancel import cancel
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


class Bulk:
    """One bulk call on its way through several groups."""

    def __init__(
        self, action: Action, which: Sequence[int] | Filter, key: Idempotency | None
    ) -> None:
        self._verb = _VERBS[action]
        self._which = which if isinstance(which, Filter) else sorted(set(which))
        self._key = key
        self._beyond = 0
        self._last = -1
        self._touched = 0
        self._skipped: Counter[str] = Counter()

    def step(self, group: Group) -> BulkAnswer | None:
        """Do the next few tasks; the answer once there are no more, else ``None``."""
        if self._last < 0:
            known = recall(group, self._key) if self._key else None
            if known is not None:
                return BulkAnswer(touched=known["touched"], skipped=known["skipped"])
            self._last = group.memory.last_task  # what comes later is not meant
        ids = self._next_ids(group)
        for task_id in ids:
            self._touch(group, task_id)
        if ids:
            self._beyond = ids[-1]
            return None
        answer = BulkAnswer(
            touched=self._touched,
            skipped=[Skipped(why=why, count=n) for why, n in self._skipped.most_common()],
        )
        if self._key:
            remember(group, self._key, answer)
        return answer

    def _next_ids(self, group: Group) -> list[int]:
        if isinstance(self._which, Filter):
            group.flush()
            ids = matching_ids(group.connection, self._which, self._beyond, STEP)
            return [number for number in ids if number <= self._last]
        return [number for number in self._which if number > self._beyond][:STEP]

    def _touch(self, group: Group, task_id: int) -> None:
        try:
            self._verb(group, group.read(task_id))
        except Conflict as error:
            self._skipped[error.reason] += 1
        except UnknownId:
            self._skipped["There is no such task."] += 1
        else:
            self._touched += 1
