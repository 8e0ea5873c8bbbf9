"""An item as it is now, and correcting it: a new body, for its tasks, and its old one kept."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Container, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import count
from typing import Any, NamedTuple

from desktop.contract.items import CONFIRMATION, Addressee
from desktop.contract.office import OfficeRefusal
from desktop.contract.rules.mailbox import Mailbox, same_address, written_address
from desktop.items import accepting
from desktop.items.item_records import ItemRecords, LoneItems, texts_in
from desktop.items.tables import item_statements
from desktop.items.tables.schema import ERASED
from sendoff_tasks.errors import Conflict, InTheWay, UnknownId
from sendoff_tasks.functions.registry import Registry
from sendoff_tasks.model.reasons import Reason, ReasonData
from sendoff_tasks.model.states import OPEN, RESENDABLE, State
from sendoff_tasks.store.tables.pending import ActionOptions
from sendoff_tasks.store.tables.records import TaskRecord
from sendoff_tasks.submission import Idempotency
from sendoff_tasks.transaction.features import RepeatFor
from sendoff_tasks.transaction.function_rows import give_reference
from sendoff_tasks.transaction.group import Group
from sendoff_tasks.transaction.pending import PendingRecords
from sendoff_tasks.transaction.searching import SubjectTexts, words_at_once
from sendoff_tasks.verbs.repeats import mark_repeated
from sendoff_tasks.verbs.submit import OpenKeys, PreparedTask, add_task, recall, remember
from sendoff_tasks.words.table import ENGLISH


class CurrentItem(NamedTuple):
    """An item's current body, canonical JSON, and its recipient if it was corrected.

    ``first`` is the body it was accepted with, ``corrections`` how often it was corrected, and
    ``corrected_at`` when last. If ``is_erased``, nothing is known but that it was registered.
    """

    first: str
    body: str
    recipient: str | None
    corrections: int = 0
    corrected_at: int = 0
    is_erased: bool = False

    @property
    def texts(self) -> SubjectTexts:
        """The item's texts for its tasks."""
        return texts_in(self.body, self.recipient)


def recipient_of(group: Group, number: int) -> str | None:
    """Return an item's current recipient as rows show it; ``None`` if it has none."""
    item = current_item(group, number)
    if item.recipient is not None:
        return item.recipient
    recipient = json.loads(item.body).get("recipient")
    return None if recipient is None else _shown(recipient)


def addressed(group: Group, record: TaskRecord, addressee: Addressee) -> RepeatFor:
    """Return how the repeat of a message is addressed.

    A message counts as informing its item's recipient if it goes to the item's address: the address
    when it is sent, or one to which the item is corrected afterwards. Any other message is a copy:
    to the sender to look at (``to_me``), or to someone else (``copy``).
    """
    told = addressee.copy()
    told.pop("copy", None)
    if "to_me" not in told and not same_address(told["email"], _own_address(group, record)):
        told["copy"] = True
    is_copy = "to_me" in told or "copy" in told
    text = json.dumps(told, ensure_ascii=False)
    return RepeatFor(text, _shown(told), told["email"].casefold() if is_copy else None)


def _shown(to: Mapping[str, Any]) -> str:
    return str(Mailbox(to.get("name") or "", to["email"]))


def _own_address(group: Group, record: TaskRecord) -> str:
    """Return where a message goes without an addressee, as rows show it; empty if nowhere."""
    own = None if record.item_id is None else recipient_of(group, record.item_id)
    if own is not None:
        return own
    return "" if record.is_copy else record.recipient


def current_item(group: Group, number: int) -> CurrentItem:
    """Return an item as it is now; raise ``UnknownId``."""
    new = group.part(ItemRecords).new.get(number)
    first, is_erased = None if new is None else new[2], False
    if first is None:
        row = group.cursor.execute(item_statements.ITEM, (number,)).fetchone()
        if row is None:
            raise UnknownId("item", number)
        is_erased = row[0] == ERASED
        first = "{}" if is_erased else row[0]
    corrections, body, recipient, at = corrected(group, number) or (0, first, None, 0)
    return CurrentItem(first, body, recipient, corrections, at, is_erased and not corrections)


def corrected(group: Group, number: int) -> tuple[int, str, str | None, int] | None:
    """Return the number, body, recipient and time of an item's last correction, if any."""
    found: tuple[int, str, str | None, int] | None
    found = group.cursor.execute(item_statements.CORRECTION, (number,)).fetchone()
    return found


def readdress(group: Group, record: TaskRecord) -> None:
    """Give a task that runs again its item's corrected recipient."""
    if record.item_id is None or record.addressee is not None:
        return
    _, body, recipient, _ = corrected(group, record.item_id) or (0, "", None, 0)
    if recipient is not None:
        item = texts_in(body, recipient)
        change_recipient(group, record, recipient, item, item)


def change_recipient(
    group: Group, record: TaskRecord, recipient: str, before: SubjectTexts, after: SubjectTexts
) -> None:
    """Change the recipient a task shows, and its words in the search index.

    ``before`` and ``after`` are its item's texts; a repeat goes to the recipient of ``after``. A
    message that may have reached someone keeps its reference for them; sent to another address it
    is another message and gets a new reference.
    """
    old = group.search.of(record, before)
    if recipient != record.recipient:
        if record.state == State.WAITING:
            group.change(record, reason_data=_data_of_answer(record, recipient))
        if record.attempt and not same_address(recipient, record.recipient):
            _make_another_message(group, record, recipient)
        group.change(record, recipient=recipient)
    is_moved = recipient and record.addressee is None and after.recipient != recipient
    next_to = (after.recipient or None) if is_moved else None
    if next_to != record.next_to:
        group.change(record, next_to=next_to)
    group.search.put(record.id, old, group.search.of(record, after))


def _make_another_message(group: Group, record: TaskRecord, recipient: str) -> None:
    """Replace the reference of a task, and note the old one in its log."""
    if record.reference:
        said = ENGLISH.say("history", "redirected", to=recipient, reference=record.reference)
        group.log(record, group.now, "info", said)
        give_reference(group, record, group.spec(record))
        if record.item_id and record.reference and group.name_of(record.function) == CONFIRMATION:
            tasks = group.select(item_statements.TASKS_OF_ITEM, record.item_id)
            named = _message_id(group, record.item_id, record.reference, tasks)
            group.change(record, reference=named)


def _message_id(group: Group, number: int, reference: str, tasks: Sequence[TaskRecord]) -> str:
    """Return the Message-ID of an item as it is now; another one for each time that this was sent.

    ``tasks`` are the item's. The first is that of a new item with this number and content.
    """
    left = {task.reference for task in tasks if _has_left(task)}
    of = f"item {number} {current_item(group, number).body}"
    ids = (accepting.message_id_of(group, reference, f"{of} {n}" if n else of) for n in count())
    return next(each for each in ids if each not in left)


def _has_left(task: TaskRecord) -> bool:
    return task.state == State.SUCCEEDED and task.reason != Reason.KEPT


def _data_of_answer(record: TaskRecord, recipient: str) -> str | None:
    """Return the data of a waiting task's reason (JSON), with the recipient of the old answer."""
    data: ReasonData = json.loads(record.reason_data or "{}")
    about = data.pop("to", record.recipient)
    if about and about != recipient:
        data["to"] = about
    return json.dumps(data, ensure_ascii=False) if data else None


@dataclass(frozen=True, slots=True)
class PreparedCorrection:
    """A correction whose body is encoded JSON; ``tasks`` are the tasks to add."""

    item_id: int
    item: CurrentItem
    tasks: list[PreparedTask]
    idempotency: Idempotency | None
    undo_for: float = 0


def prepare_correction(
    correction: accepting.ItemCorrection, registry: Registry
) -> PreparedCorrection:
    """Check and encode a correction; raise as ``prepare_items`` does."""
    new = correction.item if correction.send else replace(correction.item, tasks=())
    wait = correction.undo_for
    (item,) = accepting.prepare_items(
        accepting.ItemSubmission([new], undo_for=wait), registry
    ).items
    if item.item_id is None:
        raise ValueError("an item is corrected by its number")
    present = CurrentItem(first=item.body, body=item.body, recipient=correction.to or "")
    return PreparedCorrection(item.item_id, present, item.tasks, correction.idempotency, wait)


def answered_correction(group: Group, key: Idempotency | None) -> accepting.CorrectionAnswer | None:
    """Return the answer to a correction that came before; ``None`` for a new one."""
    known = recall(group, key)
    return None if known is None else accepting.CorrectionAnswer(**known | {"replayed": True})


def correct(
    group: Group, correction: PreparedCorrection, *, may_repeat: bool = False
) -> accepting.CorrectionAnswer:
    """Correct an item, and add the wanted tasks that are not open.

    Tasks that have not begun, or are between attempts, use the new body, and if they are wanted the
    edition of the template with which they are. Uncertain tasks stay, and
    none is added in their place. An action that waits for a task that is now to be sent, such as
    *Send again*, no longer means it, unless it sends a copy. An equal body is not a correction;
    tasks already done with it are then not added, unless it ``may_repeat``. Raises ``InTheWay``
    while a task of the item runs, ``UnknownId`` for an unknown item, ``Conflict`` if all that is
    wanted was already done.
    """
    key = correction.idempotency
    answered = answered_correction(group, key)
    if answered is not None:
        return answered
    before = current_item(group, correction.item_id)
    tasks = group.select(item_statements.TASKS_OF_ITEM, correction.item_id)
    for task in tasks:
        if task.state == State.RUNNING:
            title = group.title_of(task)
            about = {"task_id": task.id, "state": task.state, "title": title}
            raise InTheWay(OfficeRefusal.UNDER_WAY, **about)
    using = [task for task in tasks if task.state in OPEN]
    if not accepting.is_same_body(correction.item.body, before.body):
        _write(group, correction, before, tasks)
        may_repeat = True  # the tasks have another effect
    done = {} if may_repeat else _done_tasks(group, tasks, before.corrected_at)
    added = _add_tasks(group, correction, tasks, done)
    editions = {each.spec.name: each.task.edition for each in correction.tasks}
    for task in using:
        edition = editions.get(group.name_of(task.function))
        if edition not in {None, task.edition}:
            group.change(task, edition=edition)
    wanted = {each.spec.name for each in correction.tasks}
    leaving = wanted & {group.name_of(task.function) for task in (*using, *added)}
    sure = [task for task in tasks if task.state != State.UNCERTAIN]
    meant = [task.id for task in sure if group.name_of(task.function) in leaving]
    group.part(PendingRecords).take_out(group, sorted(meant))
    answer = accepting.CorrectionAnswer(
        using=[task.id for task in using],
        added=[task.id for task in added],
        aside=group.aside(added),
        uncertain=[task.id for task in tasks if task.state == State.UNCERTAIN],
    )
    again = [done[task.spec.name] for task in correction.tasks if task.spec.name in done]
    if again and not (answer.using or answer.added or answer.uncertain):
        raise Conflict(OfficeRefusal.UNCHANGED, task_id=again[-1].id)
    if correction.undo_for and added:
        asked = ActionOptions(key=key.key if key else "", subject=correction.item_id)
        pending, new = group.part(PendingRecords), [task.id for task in added]
        row = pending.offer_undo(group, "correct", correction.undo_for, asked, new)
        answer = replace(answer, pending=row)
    remember(group, key, asdict(answer))
    return answer


def _write(
    group: Group, correction: PreparedCorrection, before: CurrentItem, tasks: Sequence[TaskRecord]
) -> None:
    """Store the new body beside the old ones, and update the rows of the item's tasks."""
    now, number = correction.item, before.corrections + 1
    address = written_address(now.recipient or "").casefold()
    row = (correction.item_id, number, group.now, now.body, now.recipient, address)
    group.cursor.execute(item_statements.INSERT_CORRECTION, row)
    for task in tasks:
        recipient = task.recipient
        group.change(task)  # makes windows read the task and its item again
        if task.state in OPEN:
            group.log(task, group.now, "info", ENGLISH.say("history", "corrected"))
            if task.addressee is None:
                recipient = now.recipient or ""
        if task.is_copy and same_address(task.recipient, now.recipient or ""):
            _take_as_own(group, task)
        change_recipient(group, task, recipient, before.texts, now.texts)
    group.part(LoneItems).found.add(correction.item_id)
    if not tasks:
        group.all_changed()


def _take_as_own(group: Group, task: TaskRecord) -> None:
    """Turn a copy to the new address, unless it went to the sender, into the item's own."""
    addressee = json.loads(task.addressee or "{}")
    if not addressee.pop("copy", False):
        return
    group.change(task, addressee=json.dumps(addressee, ensure_ascii=False), copy_for=None)
    group.part(ItemRecords).added(task)  # it informs the recipient from now on
    before = group.find(task.resend_of or 0)
    if before is not None and (task.state in OPEN or task.state == State.SUCCEEDED):
        mark_repeated(group, before, task)


def _done_tasks(group: Group, tasks: Sequence[TaskRecord], since: int) -> dict[str, TaskRecord]:
    """Return, by name, the last tasks done with the item as it has been ``since`` a time."""
    last: dict[str, TaskRecord] = {}
    for task in sorted(tasks, key=lambda each: each.finished_at):
        if task.addressee is None and task.state in RESENDABLE:
            last[group.name_of(task.function)] = task
    return {
        name: task
        for name, task in last.items()
        if _has_left(task) and (task.started_at or 0) >= since
    }


def _add_tasks(
    group: Group,
    correction: PreparedCorrection,
    tasks: Sequence[TaskRecord],
    done: Container[str],
) -> list[TaskRecord]:
    """Add the wanted tasks, except those that are open, uncertain or ``done``."""
    own = [task for task in tasks if task.addressee is None]
    unsettled = Counter(
        group.name_of(task.function)
        for task in own
        if task.state in OPEN or task.state == State.UNCERTAIN
    )
    ended = {group.name_of(task.function): task for task in own if task.state in RESENDABLE}
    keys = OpenKeys(group, (task.key for task in correction.tasks))
    added: list[TaskRecord] = []
    item = current_item(group, correction.item_id)
    for prepared in correction.tasks:
        name, task = prepared.spec.name, prepared.task
        unsettled[name] -= 1
        is_there = unsettled[name] >= 0 or keys.find(name, prepared.key) is not None
        if is_there or name in done:
            continue
        timed = _drop_past_times(group, prepared, correction.undo_for)
        before = ended.get(name)
        timed = replace(timed, words=words_at_once(task.title, task.to, item.texts))
        if name == CONFIRMATION and timed.reference is not None:
            own_id = _message_id(group, correction.item_id, timed.reference, tasks)
            timed = replace(timed, reference=own_id)
        if before is not None and timed.place is None:
            timed = replace(timed, place=before.place)
        resend_of = None if before is None else before.id
        added.append(add_task(group, timed, correction.item_id, resend_of))
        if before is not None:
            mark_repeated(group, before, added[-1])
        keys.take(name, prepared.key, added[-1].id)
    return added


def _drop_past_times(group: Group, prepared: PreparedTask, wait: float) -> PreparedTask:
    """Drop times that have passed; what had such a start then waits for the time to undo."""
    options, now = prepared.task.options, group.now / 1000
    run_at, deadline, delay = options.run_at, options.deadline, options.delay
    if run_at is not None and run_at <= now:
        run_at, delay = None, wait or None
    start = now + (delay or 0) if run_at is None else run_at
    if deadline is not None and deadline <= start:
        deadline = None
    timed = replace(options, run_at=run_at, deadline=deadline, delay=delay)
    return replace(prepared, task=replace(prepared.task, options=timed))
