"""Pending actions: what can be undone for a while, because it waits or its tasks do."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import asdict, replace
from typing import cast

from sendoff_tasks.clock import to_ms
from sendoff_tasks.errors import Conflict, InTheWay, UnknownId
from sendoff_tasks.model.states import OPEN, Refusal
from sendoff_tasks.model.tasks import BULK_LIMIT, BulkAction, BulkAnswer
from sendoff_tasks.store.reads.catalogue import read_pending
from sendoff_tasks.store.tables.pending import (
    ANSWER,
    PLAINLY,
    ActionOptions,
    PackedIds,
    PendingRecord,
)
from sendoff_tasks.store.tables.records import TaskRecord
from sendoff_tasks.submission import Idempotency
from sendoff_tasks.transaction.acts import Acts
from sendoff_tasks.transaction.group import Group
from sendoff_tasks.transaction.pending import PendingRecords
from sendoff_tasks.transaction.replies import More
from sendoff_tasks.verbs.bulk import (
    BulkDone,
    BulkSoFar,
    BulkStep,
    BulkTasks,
    StepDone,
    begin,
    look,
    supersedes,
)
from sendoff_tasks.verbs.cancel import cancel
from sendoff_tasks.verbs.submit import recall, remember


def act_later(
    action: BulkAction,
    chosen: BulkTasks,
    delay: float,
    key: Idempotency | None = None,
    asked: ActionOptions = PLAINLY,
) -> Callable[[Group], BulkDone]:
    """Return a verb that has an action done to tasks after ``delay`` s, unless it is undone.

    The answer tells what would be done now, and the pending action if that is anything; only the
    tasks that allow the action now are meant, and other pending actions no longer mean those. Of
    more than ``BULK_LIMIT`` tasks all are meant, and each is judged when the action is carried out;
    until then only actions of the same kind no longer mean them. A task whose *cancel* is pending
    does not start.
    """
    numbers = PackedIds.of(chosen.ids)  # not in the writer, as it may take a while
    is_exact = len(numbers) <= BULK_LIMIT
    asked = replace(asked, key=key.key if key else "", spares_kept=not chosen.may_repeat_kept)

    def act(group: Group) -> BulkDone:
        known = recall(group, key)
        if known is not None:
            return BulkDone(known, replayed=True)
        if is_exact:
            answer, meant = look(group, action, chosen, asked.addressee)
        else:
            answer = BulkAnswer(touched=len(numbers), skipped=[], is_exact=False)
            meant = numbers
        if meant:
            due_at, pending = group.now + to_ms(delay), group.part(PendingRecords)
            if supersedes(action, asked.addressee):
                pending.take_out(group, meant, action=None if is_exact else action)
            record = pending.add(group, action, meant, due_at, asked=asked)
            (answer["pending"],) = read_pending(group.cursor, group.now, [record.id])
        remember(group, key, answer)
        return BulkDone(answer)

    return act


def undo_pending(group: Group, number: int) -> More | None:
    """Forget an action, or stop it where it is if it has begun; doing it twice is harmless then.

    What was done already is undone. Raises ``UnknownId``, ``Conflict`` if it was carried out or
    ended with an error, or ``InTheWay`` if a task of what was done has started.
    """
    pending = group.part(PendingRecords)
    record = pending.get(number)
    if record is not None:
        undone = _undo(group, record) if record.was_done else False
        batch = record.asked.batch_id
        about = ("task", record.action) if batch is None else ("batch", str(batch))
        group.part(Acts).note(group, record.tasks, about=about)
        if record.so_far is None:
            if pending.get(number) is not None:  # else it went with what was undone
                pending.remove(group, number)
        else:
            so_far = BulkSoFar(**record.so_far).answer()
            pending.finish(group, record, BulkAnswer(**so_far, stopped=True))
        return undone if isinstance(undone, More) else None
    done = group.cursor.execute(ANSWER, (number,)).fetchone()
    if done is None:
        raise UnknownId("pending action", number)
    answer: BulkAnswer = json.loads(done[0])
    if "error" in answer:
        raise Conflict(Refusal.BROKE_OFF, text=answer["error"])
    if "stopped" not in answer:
        raise Conflict(Refusal.CARRIED_OUT)
    return None


def _undo(group: Group, record: PendingRecord) -> More | bool:
    """Undo what was done; without a feature of its kind, cancel the tasks that it added."""
    for feature in group.memory.features:
        if undone := feature.undo(group, record):
            return undone
    added = [task for number in record.tasks if (task := group.find(number)) is not None]
    check_not_started(group, added)
    for task in added:
        if task.state in OPEN:
            cancel(group, task)
    return True


def check_not_started(group: Group, tasks: Iterable[TaskRecord]) -> None:
    """Raise ``InTheWay`` with the first task that has started."""
    for task in tasks:
        if task.attempt:
            about = {"task_id": task.id, "state": task.state, "title": group.title_of(task)}
            raise InTheWay(Refusal.BEGUN, **about)


def give_up(group: Group, number: int, why: str) -> None:
    """End an action of which a step failed; the person may ask for it again."""
    record = group.part(PendingRecords).get(number)
    if record is not None:  # its progress may be what could not be read
        touched = (record.so_far or {}).get("touched", 0)
        answer = BulkAnswer(touched=touched, skipped=[], error=why)
        group.part(PendingRecords).finish(group, record, answer)


def carry_out(group: Group, record: PendingRecord) -> None:
    """Do the next step of an action on tasks; some tasks in each group."""
    action = cast("BulkAction", record.action)
    chosen = BulkTasks(record.tasks, spares_kept=record.asked.spares_kept)
    so_far = begin(action, chosen) if record.so_far is None else BulkSoFar(**record.so_far)
    step = BulkStep(action, chosen, None, so_far, record.asked.addressee)
    store_step(group, record, step.advance(group, so_far))


def store_step(group: Group, record: PendingRecord, done: StepDone) -> None:
    """Store how far an action is, or what it did once it is over.

    Actions that were asked for earlier no longer mean the tasks that it was done to.
    """
    pending = group.part(PendingRecords)
    if done.is_over:
        pending.finish(group, record, done.progress.answer())
    else:
        pending.advance(group, record, asdict(done.progress))
    if supersedes(record.action, record.asked.addressee):
        pending.take_out(group, done.touched, record.id - 1)
