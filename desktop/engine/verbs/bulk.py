"""Bulk: one verb for many tasks, a few of them a group, so that other callers need not wait."""

from __future__ import annotations

import json
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Final

from desktop.contract.reasons import Reason
from desktop.contract.states import State
from desktop.contract.tasks import BulkAction, BulkAnswer, Skipped
from desktop.engine.errors import Conflict
from desktop.engine.store.file.reader import Reader
from desktop.engine.store.reads.ahead import cause_of_hold
from desktop.engine.store.reads.pages import all_ids
from desktop.engine.store.reads.query import Filter
from desktop.engine.store.tables import statements
from desktop.engine.store.tables.records import TaskRecord
from desktop.engine.submission import Idempotency, Resend
from desktop.engine.transaction.group import Group
from desktop.engine.transaction.replies import More, do_whole
from desktop.engine.verbs.cancel import cancel
from desktop.engine.verbs.change import NOW, SEEN, UNSEEN, change
from desktop.engine.verbs.remove import check_removable, remove
from desktop.engine.verbs.resend import resend
from desktop.engine.verbs.resolve import resolve
from desktop.engine.verbs.retry import retry
from desktop.engine.verbs.submit.idempotency import amend, recall, remember

STEP: Final = 500
"""Tasks one group touches for a bulk call."""
PRACTICE: Final = "It was only kept; a filter that asks for the reason kept has it done for real."

_VERBS: Final[dict[BulkAction, Callable[[Group, TaskRecord], object]]] = {
    "cancel": cancel,
    "retry": retry,
    "done": lambda group, record: resolve(group, record, "done"),
    "again": lambda group, record: resolve(group, record, "again"),
    "run_now": lambda group, record: change(group, record, NOW),
    "seen": lambda group, record: change(group, record, SEEN),
    "unseen": lambda group, record: change(group, record, UNSEEN),
    "remove": check_removable,  # those that may go are forgotten together
}


@dataclass(frozen=True, slots=True)
class Chosen:
    """The tasks a bulk call means: these ids, ascending, while they match the filter if any."""

    ids: Sequence[int]
    filter: Filter | None = None

    def means(self, record: TaskRecord | None, group: Group) -> bool:
        """Tell whether a task matches now, in what attempts and persons change meanwhile."""
        if self.filter is None:
            return True
        states, reasons, seen = self.filter.states, self.filter.reasons, self.filter.seen
        if record is None or (states and record.state not in states):
            return False
        if seen is not None and seen != (record.seen == 1):
            return False
        if self.filter.cause is not None and not _has_cause(group, record, self.filter.cause):
            return False
        return not reasons or record.reason in reasons

    @property
    def may_repeat_kept(self) -> bool:
        """Whether it means what practice kept; a retry of all that match must not send that."""
        return self.filter is None or Reason.KEPT in self.filter.reasons


def _has_cause(group: Group, record: TaskRecord, cause: str) -> bool:
    """Tell whether a task has met a cause, or waited for it with its queue until this call."""
    if record.cause == cause:
        return True
    queue = group.memory.functions[record.function].queue
    held = group.memory.held_queues.get(queue)
    if record.state != State.QUEUED or held is None:
        return record.state == State.QUEUED and queue in group.freed
    return cause_of_hold(held).id == cause


@dataclass(frozen=True, slots=True)
class BulkDone:
    """What a bulk call did; ``replayed`` when its key had been answered before."""

    answer: BulkAnswer
    replayed: bool = False


def choose(which: Sequence[int] | Filter, reader: Reader) -> Chosen:
    """Find the tasks of these numbers, or all there are now that match.

    This is done beside the writer: to find few among many takes a while.
    """
    if not isinstance(which, Filter):
        return Chosen(sorted(set(which)))
    with reader.snapshot() as connection:
        return Chosen(all_ids(connection, which), which)


def bulk(
    group: Group,
    action: BulkAction,
    chosen: Chosen,
    key: Idempotency | None = None,
    delay: float = 0,
) -> BulkDone | More:
    """Do one thing to the tasks that were chosen; what is sent again leaves after ``delay`` s.

    How far it has come is kept with the key, so the same call again, be it while the first is
    under way or after a restart that cut it short, goes on there and touches no task twice.
    """
    last = chosen.ids[-1] if chosen.ids else 0
    return _Step(action, chosen, key, _Progress(last), delay)(group)


@dataclass(frozen=True, slots=True)
class _Progress:
    """How far a bulk call has come; as JSON it is what its key has instead of an answer."""

    last: int  # of what was chosen first; tasks that come later are not meant
    beyond: int = 0
    touched: int = 0
    skipped: Mapping[str, int] = field(default_factory=dict)
    freed: Sequence[str] = ()  # held queues that a retry let go on
    retried: Sequence[str] = ()  # causes that it has tried again
    added: Sequence[Sequence[int]] = ()  # the first and the last of numbers in a row

    def answer(self, action: BulkAction) -> BulkAnswer:
        """Tell what was done, with the new tasks where there may be some."""
        counted = Counter(self.skipped).most_common()
        skipped = [Skipped(why=why, count=count) for why, count in counted]
        answer = BulkAnswer(touched=self.touched, skipped=skipped)
        if action == "resend":
            answer["ids"] = [n for first, last in self.added for n in range(first, last + 1)]
        return answer


@dataclass(frozen=True, slots=True)
class _Step:
    """A bulk call on its way; a step that was rolled back is simply taken again."""

    action: BulkAction
    chosen: Chosen
    key: Idempotency | None
    progress: _Progress
    delay: float

    def __call__(self, group: Group) -> BulkDone | More:
        """Do the next few tasks; tell what was done to all of them, or that there are more."""
        known = recall(group, self.key) if self.key else None
        if known is not None and "beyond" not in known:
            return BulkDone(known, replayed=True)
        progress = self.progress if known is None else _Progress(**known)
        begin = bisect_right(self.chosen.ids, progress.beyond)
        end = bisect_right(self.chosen.ids, progress.last)
        some = self.chosen.ids[begin : min(begin + STEP, end)]
        progress = self._act(group, some, progress)
        if begin + STEP < end or (some and progress.beyond < some[-1]):
            self._keep(group, known, asdict(progress))
            return More(replace(self, progress=progress))
        answer = progress.answer(self.action)
        self._keep(group, known, answer)
        return BulkDone(answer)

    def _act(self, group: Group, some: Sequence[int], so_far: _Progress) -> _Progress:
        """Act on the next few tasks; returns how far the call has come with them."""
        group.freed.update(so_far.freed)
        group.causes.retried.update(so_far.retried)
        given = json.dumps([*some])
        records = {record.id: record for record in group.select(statements.TASKS, given)}
        meant = [each for task_id in some if self.chosen.means(each := records.get(task_id), group)]
        added: list[int] = []
        whys = [(record, self._skips(group, record, added)) for record in meant]
        skipped = Counter(why for _, why in whys if why)
        if self.action == "remove" and not remove(group, [r for r, why in whys if r and not why]):
            return so_far
        return replace(
            so_far,
            added=[*so_far.added, *_runs(added)],
            beyond=some[-1] if some else so_far.beyond,
            touched=so_far.touched + len(meant) - skipped.total(),
            skipped=dict(Counter(so_far.skipped) + skipped),
            freed=sorted(group.freed),
            retried=sorted(group.causes.retried),
        )

    def _skips(self, group: Group, record: TaskRecord | None, added: list[int]) -> str | None:
        """Act on one task, and note the new one there may be; returns why it was left alone."""
        if record is None:
            return "There is no such task."
        if record.reason == Reason.KEPT and not self._may_take_kept:
            return PRACTICE
        try:
            if self.action == "resend":
                added.append(do_whole(resend, group, record, Resend(delay=self.delay)).id)
            else:
                do_whole(_VERBS[self.action], group, record)
        except Conflict as error:
            return error.reason
        return None

    @property
    def _may_take_kept(self) -> bool:
        return self.action == "remove" or self.chosen.may_repeat_kept

    def _keep(self, group: Group, known: Any, answer: Any) -> None:
        """Keep with the key what it is answered, or how far that has come."""
        if self.key:
            (remember if known is None else amend)(group, self.key, answer)


def _runs(numbers: Sequence[int]) -> list[tuple[int, int]]:
    """Tell ascending numbers by the first and the last of those in a row."""
    runs: list[tuple[int, int]] = []
    for number in numbers:
        follows = runs and number == runs[-1][1] + 1
        runs[-1:] = [(runs[-1][0], number)] if follows else [*runs[-1:], (number, number)]
    return runs
