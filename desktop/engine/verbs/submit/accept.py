"""Accept: write items and tasks, once."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import chain
from typing import Final

from desktop.contract.reasons import Reason
from desktop.contract.states import WORDS, State
from desktop.engine.clock import to_ms
from desktop.engine.errors import BadCall, BadKey, Conflict
from desktop.engine.queues.followers import check_order, set_order
from desktop.engine.store.tables import item_statements
from desktop.engine.store.tables.records import DEADLINE_COUNTS, NOT_HELD, START_COUNTS, TaskRecord
from desktop.engine.submission import Accepted, Submission
from desktop.engine.transaction.functions import function_id, keep_variables
from desktop.engine.transaction.group import Group
from desktop.engine.transaction.items import ItemRecords
from desktop.engine.transaction.searching import words_at_once
from desktop.engine.verbs.corrected_items import CurrentItem, current_item
from desktop.engine.verbs.submit.idempotency import recall_accepted, remember_accepted
from desktop.engine.verbs.submit.item_numbers import Numbers
from desktop.engine.verbs.submit.prepare import (
    PreparedItem,
    PreparedSubmission,
    PreparedTask,
    is_same_body,
    written,
)
from desktop.engine.verbs.submit.unique import OpenKeys

MS = 1000
AT_ITS_TIME: Final = "Starts at its time."
_OTHER_CONTENT = "Item {} already exists with different content."


def accept(group: Group, submission: PreparedSubmission) -> Accepted:
    """Accept all items and tasks or none; what is known already gets its first answer.

    Raises ``Conflict`` for a number or key that was used with another body, ``UnknownId`` for an
    unknown item of a loose task, ``BadKey`` if a unique key cannot be made.
    """
    key = submission.idempotency
    if key is not None:
        known = recall_accepted(group, key)
        if known is not None:
            return known
    check_order(group, (prepared.task for prepared in submission.tasks))
    plan = list(_plan(group, submission))
    loose = list(_with_item_words(group, submission.tasks))
    accepted = _write(group, plan, loose)
    if key is not None:
        accepted = replace(accepted, note=key.note)
        remember_accepted(group, key, accepted)
    return accepted


def _with_item_words(group: Group, tasks: Iterable[PreparedTask]) -> Iterator[PreparedTask]:
    """Add their items' words to loose tasks; raise ``UnknownId`` for an unknown item."""
    items: dict[int, CurrentItem] = {}
    for task in tasks:
        number = task.task.item_id
        if number is None:
            yield task
            continue
        if number not in items:
            items[number] = current_item(group, number)
        found_by = words_at_once(task.task.title, task.task.to, items[number].texts)
        yield replace(task, words=found_by)


def accept_task(group: Group, task: PreparedTask) -> int:
    """Accept one task without an item; return its number, or that of the open task with its key."""
    if task.key is None:
        return add_task(group, task, None).id
    return _Writing(group, [task.key]).task(task, None)


def answered(group: Group, submission: Submission) -> Accepted | None:
    """Return the answer to a submission that came before; ``None`` for a new one.

    This writes nothing, and works even for tasks whose function is gone by now. Raises ``Conflict``
    as :func:`accept` does.
    """
    if submission.idempotency is not None:
        return recall_accepted(group, submission.idempotency)
    if len(submission.items) != 1 or submission.items[0].item_id is None:
        return None
    number, body = submission.items[0].item_id, written(submission.items[0].body)
    known = _known_item(group, number)
    if known is None:
        return None
    if not is_same_body(known.body, body):
        raise Conflict(_OTHER_CONTENT.format(number))
    return Accepted([number], [known.task_ids], replayed=True, replayed_items=frozenset({0}))


class _ExistingItem:
    """An existing item: its body and the tasks accepted with it."""

    def __init__(self, body: str, first_task: int, task_count: int, joined: str | None) -> None:
        self.body = body
        own = range(first_task, first_task + task_count)
        self.task_ids: list[int] = json.loads(joined) if joined else list(own)


_Step = tuple[int, PreparedItem, _ExistingItem | str | None]
"""A number, its item, and: the existing item, why it is refused, or ``None`` for a new item."""


def _plan(group: Group, submission: PreparedSubmission) -> Iterator[_Step]:
    """Check every item before anything is written."""
    brought: dict[int, str] = {}
    own = [item.item_id for item in submission.items if item.item_id is not None]
    numbers = Numbers(group, own)
    for item in submission.items:
        number = item.item_id
        if number is None:
            number = numbers.next()
            item = _numbered(item, number)
            brought[number] = item.body
            yield number, item, None
            continue
        if len(own) < len(submission.items):
            numbers.follow(number)
        known = _known_item(group, number)
        body = known.body if known else brought.get(number)
        if body is not None and not is_same_body(body, item.body):
            reason = _OTHER_CONTENT.format(number)
            if not submission.partial:
                raise Conflict(reason)
            yield number, item, reason
        else:
            brought[number] = item.body
            yield number, item, known


def _numbered(item: PreparedItem, number: int) -> PreparedItem:
    try:
        return item.numbered(number)
    except BadCall as error:
        raise BadKey(str(error)) from error


def _new_item(group: Group, number: int) -> _ExistingItem | None:
    new = group.part(ItemRecords).new.get(number)
    return None if new is None else _ExistingItem(*new[2:6])


def _known_item(group: Group, number: int) -> _ExistingItem | None:
    new = _new_item(group, number)
    if new is not None or number > group.part(ItemRecords).last:
        return new  # saves a statement, after which the writer would wait for the GIL
    row = group.cursor.execute(item_statements.ITEM, (number,)).fetchone()
    return None if row is None else _ExistingItem(*row)


def _write(group: Group, plan: list[_Step], tasks: list[PreparedTask]) -> Accepted:
    new = (task for _, item, known in plan if known is None for task in item.tasks)
    writing = _Writing(group, (task.key for task in chain(new, tasks)))
    replayed: set[int] = set()
    refused: dict[int, str] = {}
    task_ids: list[list[int]] = []
    is_silent = False  # whether an item has no new task, which would tell windows of it
    for place, (number, item, known) in enumerate(plan):
        if isinstance(known, str):
            refused[place] = known
            task_ids.append([])
            continue
        known = known or _new_item(group, number)  # a submission may have the same item twice
        if known is not None:
            replayed.add(place)
            task_ids.append(known.task_ids)
        else:
            task_ids.append(writing.item(number, item))
            is_silent |= not writing.added
    if is_silent:
        group.all_changed()
    loose = [writing.task(task, task.task.item_id) for task in tasks]
    if loose:
        task_ids.append(loose)
        set_order(group, [task.task for task in tasks], loose, writing.joined)
    single = loose[0] if len(loose) == 1 and not plan else None
    return Accepted(
        item_ids=[number for number, _, _ in plan],
        task_ids=task_ids,
        replayed=not loose and len(replayed) == len(plan) > 0,
        replayed_items=frozenset(replayed),
        refused=refused,
        joined=frozenset(writing.joined),
        row=None if single is None else group.row(_record(group, single)),
    )


def _record(group: Group, number: int) -> TaskRecord:
    return group.new_tasks.get(number) or group.read(number)


class _Writing:
    """Adds new items and tasks to the group; a task whose key is taken joins the open task."""

    def __init__(self, group: Group, keys: Iterable[str | None]) -> None:
        self.joined: set[int] = set()
        self._group = group
        self._keys = OpenKeys(group, keys)
        self.added: list[int] = []  # numbers of new tasks since the current item began

    def item(self, number: int, item: PreparedItem) -> list[int]:
        """Add an item; if it is submitted again, the same tasks are returned."""
        group, own = self._group, self.added
        own.clear()
        ids = [self.task(task, number) for task in item.tasks]
        first, count = own[0] if own else 0, len(own)
        is_told = ids == [*range(first, first + count)]
        joined = None if is_told else json.dumps(ids)
        row = number, group.now, item.body, first, count, joined
        group.part(ItemRecords).add(row, map(group.new_tasks.get, own))
        return ids

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
