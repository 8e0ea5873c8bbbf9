"""Bulk: one verb for many tasks, a few per group, so other callers need not wait."""

from __future__ import annotations

import json
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import partial
from typing import Any, Final

from sendoff_tasks.errors import Conflict
from sendoff_tasks.model.filters import TaskFilter
from sendoff_tasks.model.reasons import NO_REASON, Reason
from sendoff_tasks.model.states import Refusal, State
from sendoff_tasks.model.tasks import (
    BULK_LIMIT,
    MARKS,
    TRIES,
    BulkAction,
    BulkAnswer,
    PendingVerb,
    Skipped,
)
from sendoff_tasks.queues.holds import Trials
from sendoff_tasks.store.reader_pool import ReaderPool
from sendoff_tasks.store.reads.pages import all_ids
from sendoff_tasks.store.reads.waits import KnownByFeature, Stops
from sendoff_tasks.store.tables import statements
from sendoff_tasks.store.tables.pending import PackedIds
from sendoff_tasks.store.tables.records import TaskRecord
from sendoff_tasks.submission import Idempotency
from sendoff_tasks.transaction.acts import Acts
from sendoff_tasks.transaction.features import known_of
from sendoff_tasks.transaction.group import Group
from sendoff_tasks.transaction.pending import PendingRecords
from sendoff_tasks.transaction.replies import More, do_whole
from sendoff_tasks.verbs.cancel import cancel, check_cancel
from sendoff_tasks.verbs.change import ANYWAY, NOW, SEEN, UNSEEN, change, check_change, mark
from sendoff_tasks.verbs.remove import check_not_copied, check_removable, remove
from sendoff_tasks.verbs.repeats import Messages
from sendoff_tasks.verbs.resend import check_resend, resend
from sendoff_tasks.verbs.resolve import check_resolve, resolve
from sendoff_tasks.verbs.retry import check_retry, retry
from sendoff_tasks.verbs.submit import amend, recall, remember
from sendoff_tasks.words.reasons import skipped_words
from sendoff_tasks.words.table import ENGLISH


@dataclass(frozen=True, slots=True)
class BulkTasks:
    """The tasks a bulk call means: these ids, ascending, while they match the filter, if any.

    ``is_all`` is false if more tasks match. ``spares_kept`` leaves those alone that were only
    kept.
    """

    ids: Sequence[int]
    filter: TaskFilter | None = None
    is_all: bool = True
    spares_kept: bool = False

    def means(self, record: TaskRecord | None, group: Group) -> bool:
        """Tell whether a task still matches what attempts and people can change."""
        if self.filter is None:
            return True
        states, reasons, seen = self.filter.states, self.filter.reasons, self.filter.seen
        if record is None or (states and record.state not in states):
            return False
        if seen is not None and seen != (record.seen == 1):
            return False
        known_at = self.filter.known_at
        if known_at is not None and record.finished_at >= known_at * 1000:
            return False
        if self.filter.cause is not None and not _has_cause(group, record, self.filter.cause):
            return False
        return not reasons or (record.reason or NO_REASON) in reasons

    @property
    def may_repeat_kept(self) -> bool:
        """Whether tasks are meant whose effect was only kept; a retry of all matches has none."""
        if self.filter is None:
            return not self.spares_kept
        return Reason.KEPT in self.filter.reasons


def choose(
    which: Sequence[int] | TaskFilter,
    reader: ReaderPool,
    most: int | None = None,
    *,
    known: KnownByFeature,
) -> BulkTasks:
    """Return the tasks with these numbers, or those that match a filter now (the first ``most``).

    This runs beside the writer, because finding few among many takes a while.
    """
    if not isinstance(which, TaskFilter):
        return BulkTasks(sorted(set(which)))
    with reader.snapshot() as connection:
        found = all_ids(connection, which, most, known=known)
    return BulkTasks(found[:most], which, is_all=most is None or len(found) <= most)


def _has_cause(group: Group, record: TaskRecord, cause: str) -> bool:
    """Tell whether a task has met a cause, or waits for it with its queue or batch.

    A queue that this call has released counts as well.
    """
    if record.cause == cause:
        return True
    memory = group.memory
    queue = memory.functions[record.function].queue
    if record.state == State.QUEUED:
        stop = Stops(memory.held_queues, memory.pauses).of(queue)
        is_freed = queue in group.part(Trials).freed and queue not in memory.held_queues
        return is_freed or (stop is not None and stop.cause.id == cause)
    is_paused = any(feature.is_paused(group, record) for feature in memory.features)
    if not is_paused or record.state != State.SCHEDULED:
        return False
    return known_of(memory.features).cause_of(record.batch_id or 0).id == cause


@dataclass(frozen=True, slots=True)
class BulkSoFar:
    """The progress of an action on tasks or rows, stored as JSON until there is an answer."""

    last: int  # the last of the tasks chosen at first; later tasks are not meant
    action: str = ""
    judged: int = 0  # tasks handled so far
    beyond: int = 0  # the last one handled
    touched: int = 0
    stopping: int = 0  # touched tasks that run and were asked to stop
    kept: int = 0  # removed tasks whose effect was only kept
    skipped: Mapping[str, int] = field(default_factory=dict)  # by refusal
    freed: Sequence[str] = ()  # held queues that a retry has released
    retried: Sequence[str] = ()  # causes whose tasks it has retried
    added: Sequence[Sequence[int]] = ()  # tasks named in the answer, as first and last of runs
    newest: int = 0  # the last pending action that was asked for before a call

    def answer(self) -> BulkAnswer:
        """Return what was done so far, with the numbers of new tasks."""
        skipped = [
            Skipped(why=skipped_words(ENGLISH, refusal, count), count=count, refusal=refusal)
            for refusal, count in Counter(self.skipped).most_common()
        ]
        answer = BulkAnswer(touched=self.touched, skipped=skipped)
        if self.stopping:
            answer["stopping"] = self.stopping
        if self.kept:
            answer["kept"] = self.kept
        if self.action == "resend" or self.added:
            answer["ids"] = [n for first, last in self.added for n in range(first, last + 1)]
        return answer


@dataclass(frozen=True, slots=True)
class StepDone:
    """What a step did: the progress after it, and if it was the last.

    ``touched`` are the tasks that it was done to, ascending.
    """

    progress: BulkSoFar
    touched: Sequence[int]
    is_over: bool


STARTS: Final = TRIES | {"resend", "run_now"}
"""Actions that queue tasks, or new ones that do the same, as far as their batch lets them start."""
ActOnTask = Callable[[Group, TaskRecord], object]

_ACTS: Final[dict[BulkAction, tuple[ActOnTask, ActOnTask]]] = {
    "cancel": (check_cancel, cancel),
    "done": (partial(check_resolve, outcome="done"), partial(resolve, outcome="done")),
    "again": (partial(check_resolve, outcome="again"), partial(resolve, outcome="again")),
    "run_now": (partial(check_change, wanted=NOW), partial(change, wanted=NOW)),
    "run_anyway": (partial(check_change, wanted=ANYWAY), partial(change, wanted=ANYWAY)),
    "seen": (partial(check_change, wanted=SEEN), partial(mark, wanted=SEEN)),
    "unseen": (partial(check_change, wanted=UNSEEN), partial(mark, wanted=UNSEEN)),
    "remove": (check_removable, check_not_copied),  # removable tasks are deleted together
}
"""What checks whether an action is allowed (it raises ``Conflict`` if not, and changes nothing),
and what does it; those that send are in :meth:`BulkStep._act`."""


STEP: Final = 500
"""Tasks that a bulk call touches in one group."""


@dataclass(frozen=True, slots=True)
class BulkDone:
    """The answer to a bulk call; ``replayed`` if its key had been answered before."""

    answer: BulkAnswer
    replayed: bool = False


def bulk(
    group: Group,
    action: BulkAction,
    chosen: BulkTasks,
    key: Idempotency | None = None,
    addressee: Mapping[str, Any] | None = None,
) -> BulkDone | More:
    """Do one action to the chosen tasks; repeated ones go to the ``addressee``, if any.

    Progress is stored with the key. The same call again, during the first or after a restart that
    interrupted it, continues there and touches no task twice.
    """
    newest = group.part(PendingRecords).newest
    return BulkStep(action, chosen, key, begin(action, chosen, newest), addressee)(group)


def look(
    group: Group, action: BulkAction, chosen: BulkTasks, addressee: Mapping[str, Any] | None = None
) -> tuple[BulkAnswer, PackedIds]:
    """Return what an action would do now, and the tasks that allow it; change nothing."""
    step = BulkStep(action, chosen, None, begin(action, chosen), addressee, only_looks=True)
    progress, touched = step.act(group, chosen.ids, step.progress)
    answer = progress.answer()
    answer.pop("ids", None)
    functions = group.memory.functions
    answer["queues"] = dict(Counter(functions[each.function].queue for each in touched))
    if action in STARTS and (aside := group.aside(touched)):
        answer["aside"] = aside
    return answer, PackedIds.of(each.id for each in touched)


def preview(group: Group, action: BulkAction, chosen: BulkTasks) -> BulkDone:
    """Return what :func:`bulk` would do, and change nothing."""
    answer, _ = look(group, action, chosen)
    answer["is_exact"] = chosen.is_all
    return BulkDone(answer)


def begin(action: BulkAction, chosen: BulkTasks, newest: int = 0) -> BulkSoFar:
    """Return the progress of a call that has not begun."""
    return BulkSoFar(chosen.ids[-1] if chosen.ids else 0, action, newest=newest)


def supersedes(action: PendingVerb, addressee: Mapping[str, Any] | None) -> bool:
    """Tell whether earlier actions no longer mean its tasks: not for a mark, nor for a copy."""
    return action not in MARKS and addressee is None


@dataclass(frozen=True, slots=True)
class BulkStep:
    """The next step of an action on many tasks; a step that was rolled back is simply repeated."""

    action: BulkAction
    chosen: BulkTasks
    key: Idempotency | None
    progress: BulkSoFar
    addressee: Mapping[str, Any] | None = None
    only_looks: bool = False

    def __call__(self, group: Group) -> BulkDone | More:
        """Handle the next few tasks; return the answer, or ``More`` if tasks are left.

        What is pending for the tasks then no longer means them.
        """
        known = recall(group, self.key)
        if known is not None and "beyond" not in known:
            return BulkDone(known, replayed=True)
        done = self.advance(group, self.progress if known is None else BulkSoFar(**known))
        group.part(Acts).note(group, done.touched, verb=self.action)
        if supersedes(self.action, self.addressee):
            group.part(PendingRecords).take_out(group, done.touched, done.progress.newest)
        if not done.is_over:
            self._store(group, known, asdict(done.progress))
            return More(replace(self, progress=done.progress))
        answer = done.progress.answer()
        self._store(group, known, answer)
        return BulkDone(answer)

    def advance(self, group: Group, so_far: BulkSoFar) -> StepDone:
        """Handle the next few tasks."""
        begin = bisect_right(self.chosen.ids, so_far.beyond)
        end = bisect_right(self.chosen.ids, so_far.last)
        some = self.chosen.ids[begin : min(begin + STEP, end)]
        progress, touched = self.act(group, some, so_far)
        is_left = begin + STEP < end or (some and progress.beyond < some[-1])
        return StepDone(progress, [record.id for record in touched], not is_left)

    def act(
        self, group: Group, some: Sequence[int], so_far: BulkSoFar
    ) -> tuple[BulkSoFar, list[TaskRecord]]:
        """Act on some tasks; return the progress including them, and those that were touched."""
        freed = group.part(Trials).freed
        freed.update(so_far.freed)
        group.causes.retried.update(so_far.retried)
        given = json.dumps([*some])
        records = {record.id: record for record in group.select(statements.TASKS, given)}
        meant = [each for task_id in some if self.chosen.means(each := records.get(task_id), group)]
        added: list[int] = []
        act = self._act(group, so_far.last)
        judged = [(record, self._act_on_one(group, record, act, added)) for record in meant]
        touched = [record for record, why in judged if record is not None and why is None]
        if self.action == "remove" and not self.only_looks and not remove(group, touched):
            return so_far, []
        earlier = so_far.added
        if self.action in TRIES and not self.only_looks:
            added = [record.id for record in touched]
        is_named = self.action in TRIES | MARKS
        if is_named and so_far.touched + len(touched) > BULK_LIMIT:
            earlier, added = [], []
        skipped = Counter(str(why) for _, why in judged if why is not None)
        runs = sum(record.state == State.RUNNING for record in touched)
        kept = sum(record.reason == Reason.KEPT for record in touched)
        progress = replace(
            so_far,
            added=[*earlier, *PackedIds.of(added).runs],
            beyond=some[-1] if some else so_far.beyond,
            judged=so_far.judged + len(some),
            touched=so_far.touched + len(touched),
            stopping=so_far.stopping + (runs if self.action == "cancel" else 0),
            kept=so_far.kept + (kept if self.action == "remove" else 0),
            skipped=dict(Counter(so_far.skipped) + skipped),
            freed=sorted(freed),
            retried=sorted(group.causes.retried),
        )
        return progress, touched

    def _act(self, group: Group, last: int) -> ActOnTask:
        """Return the function for the action; sending also considers the other tasks meant.

        It returns a new task (*resend*) or a task that was newly marked, which the answer names.
        """
        messages = Messages(group, partial(self._means, group, last))
        if self.action == "retry":
            return partial(check_retry if self.only_looks else retry, messages=messages)
        if self.action == "resend":
            if self.only_looks:
                is_elsewhere = self.addressee is not None
                return partial(check_resend, messages=messages, is_elsewhere=is_elsewhere)
            return partial(resend, addressee=self.addressee, messages=messages)
        check, act = _ACTS[self.action]
        return check if self.only_looks else act

    def _means(self, group: Group, last: int, record: TaskRecord) -> bool:
        """Tell whether the call means a task, which must not come after ``last``."""
        ids = self.chosen.ids
        at = bisect_left(ids, record.id)
        is_chosen = at < len(ids) and ids[at] == record.id <= last
        return is_chosen and self.chosen.means(record, group)

    def _act_on_one(
        self, group: Group, record: TaskRecord | None, act: ActOnTask, added: list[int]
    ) -> str | None:
        """Act on one task, and record what the answer names; return why it was skipped."""
        if record is None:
            return Refusal.NOT_THERE
        may_take = self.action == "remove" or self.chosen.may_repeat_kept
        if record.reason == Reason.KEPT and not may_take:
            return Refusal.KEPT
        try:
            new = do_whole(act, group, record)
        except Conflict as error:
            return error.refusal
        if isinstance(new, TaskRecord):
            added.append(new.id)
        return None

    def _store(self, group: Group, known: Any, answer: Any) -> None:
        """Store the answer, or the progress, with the key."""
        if self.key:
            (remember if known is None else amend)(group, self.key, answer)
