"""Items as they are now: their current body, and the recipient and the reference of their tasks."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from desktop.contract.reasons import ReasonData
from desktop.contract.rules.mailbox import same_address
from desktop.contract.states import State
from desktop.engine.errors import UnknownId
from desktop.engine.store.tables.cursor import Source
from desktop.engine.store.tables.records import TaskRecord, written
from desktop.engine.store.tables.schema import ERASED
from desktop.engine.transaction.functions import give_reference
from desktop.engine.transaction.group import Group
from desktop.engine.transaction.searching import ItemTexts
from desktop.items.item_records import ItemRecords
from desktop.items.tables import item_statements
from desktop.items.texts import texts_in

ELSEWHERE: Final = "It goes to {} from now on, under a reference of its own; it was {}."


class CurrentItem(NamedTuple):
    """An item's current body, canonical JSON, and its recipient if it was corrected.

    ``first`` is the body it was accepted with, ``corrections`` how often it was corrected, and
    ``corrected_at`` when last. If ``is_erased``, nothing is known but that it was registered.
    """

    first: str
    body: str
    recipient: str | None = None
    corrections: int = 0
    corrected_at: int = 0
    is_erased: bool = False

    @property
    def texts(self) -> ItemTexts:
        """The item's texts for its tasks."""
        return texts_in(self.body, self.recipient)


def texts_of_items(source: Source, items: Sequence[int]) -> Mapping[int, ItemTexts]:
    """Return the current texts of items that are in the store."""
    found = source.execute(item_statements.PRESENT, (json.dumps(items),)).fetchall()
    return {number: texts_in(*texts) for number, *texts in found}


def recipient_of(group: Group, number: int) -> str | None:
    """Return an item's current recipient as rows show it; ``None`` if it has none."""
    item = current_item(group, number)
    if item.recipient is not None:
        return item.recipient
    recipient = json.loads(item.body).get("recipient")
    return None if recipient is None else written(recipient)


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
    group: Group, record: TaskRecord, recipient: str, before: ItemTexts, after: ItemTexts
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
        group.log(record, group.now, "info", ELSEWHERE.format(recipient, record.reference))
        give_reference(group, record, group.spec(record))


def _data_of_answer(record: TaskRecord, recipient: str) -> str | None:
    """Return the data of a waiting task's reason (JSON), with the recipient of the old answer."""
    data: ReasonData = json.loads(record.reason_data or "{}")
    about = data.pop("to", record.recipient)
    if about and about != recipient:
        data["to"] = about
    return json.dumps(data, ensure_ascii=False) if data else None
