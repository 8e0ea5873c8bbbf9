"""Accept: write tasks, once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final

from desktop.contract.reasons import Reason
from desktop.contract.states import WORDS, State
from desktop.engine.clock import to_ms
from desktop.engine.errors import UnknownId
from desktop.engine.queues.followers import check_order, set_order
from desktop.engine.store.tables.records import DEADLINE_COUNTS, NOT_HELD, START_COUNTS, TaskRecord
from desktop.engine.submission import Accepted
from desktop.engine.transaction.functions import function_id, keep_variables
from desktop.engine.transaction.group import Group
from desktop.engine.transaction.searching import ItemTexts, words_at_once
from desktop.engine.verbs.submit.idempotency import recall_accepted, remember_accepted
from desktop.engine.verbs.submit.prepare import PreparedSubmission, PreparedTask
from desktop.engine.verbs.submit.unique import OpenKeys

MS = 1000
AT_ITS_TIME: Final = "Starts at its time."


def accept(group: Group, submission: PreparedSubmission) -> Accepted:
    """Accept all tasks or none; what is known already gets its first answer.

    Raises ``Conflict`` for a key that was used with another body, ``UnknownId`` for a task of an
    unknown item.
    """
    key = submission.idempotency
    known = recall_accepted(group, key)
    if known is not None:
        return known
    check_order(group, (prepared.task for prepared in submission.tasks))
    tasks = list(_with_item_words(group, submission.tasks))
    writing = TaskWriting(group, (task.key for task in tasks))
    ids = [writing.task(task, task.task.item_id) for task in tasks]
    set_order(group, [task.task for task in tasks], ids, writing.joined)
    single = ids[0] if len(ids) == 1 else None
    accepted = Accepted(
        task_ids=ids,
        joined=frozenset(writing.joined),
        row=None if single is None else group.row(_record(group, single)),
    )
    if key is not None:
        accepted = replace(accepted, note=key.note)
        remember_accepted(group, key, accepted)
    return accepted


def _with_item_words(group: Group, tasks: Iterable[PreparedTask]) -> Iterator[PreparedTask]:
    """Add the words of their items; raise ``UnknownId`` for an unknown item."""
    items: dict[int, ItemTexts] = {}
    for task in tasks:
        number = task.task.item_id
        if number is None:
            yield task
            continue
        if number not in items:
            group.flush()
            items |= group.search.texts([number])
        if number not in items:
            raise UnknownId("item", number)
        found_by = words_at_once(task.task.title, task.task.to, items[number])
        yield replace(task, words=found_by)


def accept_task(group: Group, task: PreparedTask) -> int:
    """Accept one task without an item; return its number, or that of the open task with its key."""
    if task.key is None:
        return add_task(group, task, None).id
    return TaskWriting(group, [task.key]).task(task, None)


def _record(group: Group, number: int) -> TaskRecord:
    return group.new_tasks.get(number) or group.read(number)


class TaskWriting:
    """Adds new tasks to the group; a task whose key is taken joins the open task."""

    def __init__(self, group: Group, keys: Iterable[str | None]) -> None:
        self.added: list[int] = []
        self.joined: set[int] = set()
        self._group = group
        self._keys = OpenKeys(group, keys)

    def task(self, prepared: PreparedTask, item_id: int | None) -> int:
        """Add a task, or join the open task that has its key."""
        name = prepared.spec.name
        other = self._keys.find(name, prepared.key)
        if other is not None:
            self.joined.add(other)
            return other
        number = add_task(self._group, prepared, item_id).id
        self.added.append(number)
        self._keys.take(name, prepared.key, number)
        return number


def add_task(
    group: Group,
    prepared: PreparedTask,
    item_id: int | None,
    resend_of: int | None = None,
    addressee: str | None = None,
) -> TaskRecord:
    """Add a task: queued, or scheduled if its time is in the future."""
    task, spec, now = prepared.task, prepared.spec, group.now
    options = task.options
    run_at = now + to_ms(options.delay or 0) if options.run_at is None else to_ms(options.run_at)
    deadline = None if options.deadline is None else to_ms(options.deadline)
    scheduled = run_at > now
    counts = START_COUNTS if scheduled and options.run_at is None else 0
    if deadline is None and spec.deadline is not None:
        deadline = now + round(spec.deadline * MS)
        counts |= DEADLINE_COUNTS
    record = TaskRecord(
        id=group.next_task_id(),
        rev=group.next_event_id(),
        item_id=item_id,
        function=function_id(group, spec),
        title=task.title,
        recipient=task.to or "",
        state=WORDS[State.SCHEDULED if scheduled else State.QUEUED],
        why=AT_ITS_TIME if scheduled else "",
        reason=Reason.DELAYED.value if scheduled else None,
        held=NOT_HELD,
        attempt=0,
        max_attempts=spec.retry.attempts,
        crashes=0,
        passed=0,
        stopping=0,
        priority=options.priority,
        created_at=now,
        run_at=run_at if scheduled else None,
        deadline=deadline,
        started_at=None,
        finished_at=0,
        progress=None,
        error=None,
        arguments=prepared.arguments,
        result=None,
        reference=prepared.reference,
        key=prepared.key,
        delayed=counts,
        handover=None,
        resend_of=resend_of,
        addressee=addressee,
    )
    if prepared.place is not None:
        record.batch_id, record.batch_row = prepared.place
    group.add(record, prepared.words)
    if task.variables is not None:
        keep_variables(group, record.id, task.variables)
    for moment in (record.run_at, deadline):
        if moment is not None:
            group.due(moment)
    return record
