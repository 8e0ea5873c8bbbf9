"""Accepting: items and their tasks are written once, in the group's transaction; undoing that."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from itertools import chain
from typing import Any, Final

from desktop.contract.items import CONFIRMATION
from desktop.contract.office import OfficeRefusal
from desktop.items.item_records import ItemRecords, Numbers
from desktop.items.tables import item_statements
from sendoff_tasks.errors import BadCall, BadKey, Conflict, UnknownId
from sendoff_tasks.functions.registry import Registry
from sendoff_tasks.model.tasks import ID_LIMIT, PendingRow
from sendoff_tasks.store.tables.pending import ActionOptions
from sendoff_tasks.submission import Idempotency, NewTask, start_after
from sendoff_tasks.transaction.group import Group
from sendoff_tasks.transaction.pending import PendingRecords
from sendoff_tasks.verbs import submit
from sendoff_tasks.verbs.pending import check_not_started
from sendoff_tasks.verbs.remove import delete_tasks


@dataclass(frozen=True, slots=True)
class NewItemRow:
    """One item to accept with its tasks.

    With ``item_id`` ``None`` it gets the highest number so far plus one. ``body`` is the validated
    body; two bodies are *the same* when they are equal as JSON values. The function of a task gets
    the item's number *before* the task's own arguments.
    """

    item_id: int | None
    body: Mapping[str, Any]
    tasks: Sequence[NewTask]


@dataclass(frozen=True, slots=True)
class ItemSubmission:
    """Items to accept in one transaction: all or none.

    With ``partial``, an item that conflicts is refused alone and the others are accepted. A single
    item can be taken back for ``undo_for`` s, and its tasks start once that time is over.
    """

    items: Sequence[NewItemRow]
    idempotency: Idempotency | None = None
    partial: bool = False
    undo_for: float = 0


@dataclass(frozen=True, slots=True)
class AcceptedItems:
    """The answer to an :class:`ItemSubmission`, given after the COMMIT.

    ``item_ids`` holds the items' numbers in order, ``task_ids`` one list for each item.
    ``replayed`` is true when nothing new was accepted: the key was known, or every item existed
    with an equal body. ``replayed_items`` and ``refused`` (an ``OfficeRefusal`` by position) report
    on single items. ``joined`` has those of ``task_ids`` that were already open with the same key.
    ``note`` is the note that first came with the key. ``pending`` is the action by which a new item
    can be taken back.
    """

    item_ids: list[int]
    task_ids: list[list[int]]
    replayed: bool
    replayed_items: frozenset[int]
    refused: Mapping[int, str] = field(default_factory=dict)
    joined: frozenset[int] = frozenset()
    note: Any = None
    pending: PendingRow | None = None


@dataclass(frozen=True, slots=True)
class ItemCorrection:
    """A new body for an item, and whether its tasks that have ended run again.

    ``item`` has the new body; with ``send`` its ``tasks`` are added. They can be undone for
    ``undo_for`` s, and start once that time is over. ``to`` is the recipient shown in the rows.
    """

    item: NewItemRow
    to: str | None
    send: bool
    idempotency: Idempotency | None = None
    undo_for: float = 0


@dataclass(frozen=True, slots=True)
class CorrectionAnswer:
    """The answer to an :class:`ItemCorrection`: task numbers.

    ``using`` are tasks that have not begun or are between attempts; they use the corrected item.
    ``added`` are new; ``aside`` counts those of them that their batch will hold back, by reason and
    queue. ``uncertain`` stay as they are. ``pending`` is the action by which those ``added`` can be
    undone.
    """

    using: list[int]
    added: list[int]
    uncertain: list[int]
    aside: dict[str, dict[str, int]] = field(default_factory=dict)
    pending: PendingRow | None = None
    replayed: bool = False


@dataclass(frozen=True, slots=True)
class PreparedItem:
    """An item whose body is JSON."""

    item_id: int | None
    body: str
    tasks: list[submit.PreparedTask]

    def numbered(self, item_id: int) -> PreparedItem:
        """Return the item with its number; raise ``BadKey`` for a bad key of a task."""
        try:
            tasks = [task.with_first(item_id) for task in self.tasks]
        except BadCall as error:
            raise BadKey(str(error)) from error
        return PreparedItem(item_id, self.body, tasks)


@dataclass(frozen=True, slots=True)
class PreparedItems:
    """A submission that was checked and encoded."""

    items: list[PreparedItem]
    idempotency: Idempotency | None
    partial: bool
    undo_for: float = 0

    @property
    def weight(self) -> int:
        """The size in rows."""
        tasks = [*chain.from_iterable(item.tasks for item in self.items)]
        return submit.weight_of([*(item.body for item in self.items)], tasks)


def prepare_items(submission: ItemSubmission, registry: Registry) -> PreparedItems:
    """Check and encode a submission; this needs no store.

    Raises ``UnknownTask``, ``BadCall`` or ``ValueError``.
    """
    items, wait = [], submission.undo_for
    for new in submission.items:
        number, title = new.item_id, new.body.get("title")
        if number is not None and not 1 <= number <= ID_LIMIT:
            raise ValueError(f"an item's number is 1 … {ID_LIMIT}, not {number}")
        some = (start_after(task, wait) for task in new.tasks)
        tasks = [submit.prepare_task(task, registry, (number,), title) for task in some]
        items.append(PreparedItem(number, written(new.body), tasks))
    return PreparedItems(items, submission.idempotency, submission.partial, wait)


def written(body: Mapping[str, Any], *, in_order: bool = False) -> str:
    """Return JSON with keys in the given order, or sorted if ``in_order``; ``2.0`` becomes ``2``.

    Messages list an item's fields in this order: as a person typed them, or as the columns of a
    spreadsheet.
    """
    text = json.dumps(_whole(body), ensure_ascii=False, sort_keys=in_order, separators=(",", ":"))
    text.encode()  # a message is never sent with other characters: a ValueError for half a one
    return text


def canonical(body: Mapping[str, Any]) -> str:
    """Return JSON in which equal values have equal text."""
    return written(body, in_order=True)


def is_same_body(one: str, other: str) -> bool:
    """Tell whether two encoded bodies are equal apart from the order of their keys."""
    return one == other or canonical(json.loads(one)) == canonical(json.loads(other))


def _whole(value: Any) -> Any:
    match value:
        case str():  # the usual case, ten times as fast as the test for a mapping
            return value
        case float() if value.is_integer():
            return int(value)
        case dict() | Mapping():
            return {key: _whole(each) for key, each in value.items()}
        case list() | tuple():
            return [_whole(each) for each in value]
    return value


def accept_items(group: Group, submission: PreparedItems) -> AcceptedItems:
    """Accept all items or none; what is known already gets its first answer.

    Raises ``Conflict`` for a number or key that was used with another body, ``BadKey`` if a unique
    key cannot be made.
    """
    key = submission.idempotency
    known = _recall(group, key)
    if known is not None:
        return known
    accepted = _write(group, list(_plan(group, submission)))
    if submission.undo_for and not (accepted.replayed or accepted.refused):
        asked = ActionOptions(key=key.key if key else "", subject=accepted.item_ids[0])
        tasks = sorted({*accepted.task_ids[0]} - accepted.joined)
        pending, wait = group.part(PendingRecords), submission.undo_for
        row = pending.offer_undo(group, "submit", wait, asked, tasks)
        accepted = replace(accepted, pending=row)
    if key is not None:
        accepted = replace(accepted, note=key.note)
        told = asdict(accepted)
        for name in ("replayed_items", "joined"):
            told[name] = [*told[name]]
        submit.remember(group, key, told)
    return accepted


def answered_items(group: Group, submission: ItemSubmission) -> AcceptedItems | None:
    """Return the answer to a submission that came before; ``None`` for a new one.

    This writes nothing, and works even for tasks whose function is gone by now. Raises ``Conflict``
    as :func:`accept_items` does.
    """
    answered = _recall(group, submission.idempotency)
    if answered is not None:
        return answered
    if len(submission.items) != 1 or submission.items[0].item_id is None:
        return None
    number, body = submission.items[0].item_id, written(submission.items[0].body)
    known = _known_item(group, number)
    if known is None:
        return None
    if not is_same_body(known.body, body):
        raise Conflict(OfficeRefusal.NUMBER_TAKEN, number=number)
    return AcceptedItems([number], [known.task_ids], replayed=True, replayed_items=frozenset({0}))


def _recall(group: Group, key: Idempotency | None) -> AcceptedItems | None:
    known = submit.recall(group, key)
    if known is None:
        return None
    return AcceptedItems(
        item_ids=known["item_ids"],
        task_ids=known["task_ids"],
        replayed=True,
        replayed_items=frozenset(known["replayed_items"]),
        refused={int(place): reason for place, reason in known["refused"].items()},
        joined=frozenset(known["joined"]),
        note=known["note"],
        pending=known.get("pending"),
    )


class _ExistingItem:
    """An existing item: its body and the tasks accepted with it."""

    def __init__(self, body: str, first_task: int, task_count: int, joined: str | None) -> None:
        self.body = body
        own = range(first_task, first_task + task_count)
        self.task_ids: list[int] = json.loads(joined) if joined else list(own)


_Step = tuple[int, PreparedItem, _ExistingItem | str | None]
"""A number, its item, and: the existing item, why it is refused, or ``None`` for a new item."""


def _plan(group: Group, submission: PreparedItems) -> Iterator[_Step]:
    """Check every item before anything is written."""
    brought: dict[int, str] = {}
    own = [item.item_id for item in submission.items if item.item_id is not None]
    numbers = Numbers(group, own)
    for item in submission.items:
        number = item.item_id
        if number is None:
            number = numbers.next()
            item = item.numbered(number)
            brought[number] = item.body
            yield number, item, None
            continue
        if len(own) < len(submission.items):
            numbers.follow(number)
        known = _known_item(group, number)
        body = known.body if known else brought.get(number)
        if body is not None and not is_same_body(body, item.body):
            why = OfficeRefusal.NUMBER_TAKEN if known else OfficeRefusal.NUMBER_TWICE
            if not submission.partial:
                raise Conflict(why, number=number)
            yield number, item, why
        else:
            brought[number] = item.body
            if known is None:
                name_message(group, item.tasks, f"item {number} {item.body}")
            yield number, item, known


ID_DIGITS: Final = 28
"""Hexadecimal digits of such a Message-ID before its @: 112 bits, so no two are alike."""


def name_message(group: Group, tasks: Sequence[submit.PreparedTask], of: str) -> None:
    """Give the confirmation among new tasks the one Message-ID that ``of`` has in this store."""
    for task in tasks:
        if task.spec.name == CONFIRMATION and task.reference is not None:
            task.reference = message_id_of(group, task.reference, of)
            return


def message_id_of(group: Group, reference: str, of: str) -> str:
    """Return the Message-ID that ``of`` has in this store, with the domain of a new one.

    An older store gives it the same one again, so ``sent/`` shows whether it has left. ``of`` names
    the number of an item, or a row, and has what is said: another person's item with the same
    number is another message.
    """
    name = hashlib.sha256(f"{group.part(ItemRecords).store} {of}".encode()).hexdigest()
    return f"<{name[:ID_DIGITS]}@{reference.partition('@')[2]}"


def _new_item(group: Group, number: int) -> _ExistingItem | None:
    new = group.part(ItemRecords).new.get(number)
    return None if new is None else _ExistingItem(*new[2:6])


def _known_item(group: Group, number: int) -> _ExistingItem | None:
    new = _new_item(group, number)
    if new is not None or number > group.part(ItemRecords).last:
        return new  # saves a statement, after which the writer would wait for the GIL
    row = group.cursor.execute(item_statements.ITEM, (number,)).fetchone()
    return None if row is None else _ExistingItem(*row)


def _write(group: Group, plan: list[_Step]) -> AcceptedItems:
    new = (task for _, item, known in plan if known is None for task in item.tasks)
    writing = submit.TaskWriting(group, (task.key for task in new))
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
            continue
        ids, own = _write_item(group, writing, number, item)
        task_ids.append(ids)
        is_silent |= not own
    if is_silent:
        group.all_changed()
    return AcceptedItems(
        item_ids=[number for number, _, _ in plan],
        task_ids=task_ids,
        replayed=len(replayed) == len(plan) > 0,
        replayed_items=frozenset(replayed),
        refused=refused,
        joined=frozenset(writing.joined),
    )


def _write_item(
    group: Group, writing: submit.TaskWriting, number: int, item: PreparedItem
) -> tuple[list[int], list[int]]:
    """Write an item and its tasks; return the numbers of its tasks, and of those that are new."""
    before = len(writing.added)
    ids = [writing.task(task, number) for task in item.tasks]
    own = writing.added[before:]
    first, count = own[0] if own else 0, len(own)
    joined = None if ids == [*range(first, first + count)] else json.dumps(ids)
    row = number, group.now, item.body, first, count, joined
    group.part(ItemRecords).add(row, map(group.new_tasks.get, own))
    return ids, own


def undo(group: Group, item_id: int) -> None:
    """Delete an item if none of its tasks has started; its number becomes free again.

    Raises ``InTheWay`` with the task that has started, ``Conflict`` if it came with a batch, or
    ``UnknownId``.
    """
    tasks = group.select(item_statements.TASKS_OF_ITEM, item_id)
    if group.cursor.execute(item_statements.ITEM, (item_id,)).fetchone() is None:
        raise UnknownId("item", item_id)
    for task in tasks:
        if task.batch_id is not None:
            raise Conflict(OfficeRefusal.ITEM_IN_BATCH)
    check_not_started(group, tasks)
    delete_tasks(group, tasks)
    if not tasks:
        group.all_changed()
    group.cursor.execute(item_statements.DELETE_ITEM, (item_id,))
    group.cursor.execute(item_statements.DELETE_CORRECTIONS, (json.dumps([item_id]),))
