"""The domain as features of the engine: items, and batches."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from threading import Event
from typing import Any, Final

from desktop.contract.batches import BatchState
from desktop.contract.items import Addressee, NewItem
from desktop.contract.office import OfficeCure
from desktop.contract.rules.mailbox import written_address
from desktop.items.accepting import undo
from desktop.items.batches import acting, limits
from desktop.items.batches.comparing import waits_in_later_batch
from desktop.items.batches.counting import count_batches
from desktop.items.batches.drafting import EditionOf, count_on
from desktop.items.batches.feeding import feed
from desktop.items.batches.identity import template_of
from desktop.items.batches.rows import BatchesUnderWay
from desktop.items.correcting import addressed, current_item, readdress
from desktop.items.do_not_send import LeftOut
from desktop.items.forgetting import ItemRetention, tidy_items
from desktop.items.item_records import ItemRecords, LoneItems, count_on_beyond_lost, texts_in
from desktop.items.practice import put_aside
from desktop.items.reads.batches import BATCHES
from desktop.items.sending import Sending
from desktop.items.tables import item_statements, schema
from desktop.items.tables.batches import BatchRecord
from sendoff_tasks.causes import FoundCause, without
from sendoff_tasks.errors import UnknownId
from sendoff_tasks.functions.spec import TaskSpec
from sendoff_tasks.store.reads.causes import PausedBatch
from sendoff_tasks.store.tables.cursor import Source
from sendoff_tasks.store.tables.pending import PendingRecord
from sendoff_tasks.store.tables.records import TaskRecord
from sendoff_tasks.store.tables.statements import starts_of
from sendoff_tasks.transaction import features
from sendoff_tasks.transaction.group import Group
from sendoff_tasks.transaction.replies import CallerPriority, More
from sendoff_tasks.transaction.searching import SubjectTexts

OURS: Final = "desktop."
"""The modules of the product's own functions."""
RecipientsOf = Callable[[NewItem], int]
"""A function that counts who gets an item's message, which has the edition of its template."""


class ItemFeature(features.Feature):
    """Items, also those that have outlived their tasks."""

    tables = (schema.items, schema.corrections, schema.do_not_send)

    def __init__(
        self,
        retention: ItemRetention,
        edition: EditionOf,
        recipients: RecipientsOf,
        list_in_use: Event,
        sending: Sending,
    ) -> None:
        self.parts = (ItemRecords, LoneItems, partial(LeftOut, list_in_use))
        self._retention = retention
        self._edition = edition
        self._recipients = recipients
        self._sending = sending

    def tidy(self, group: Group) -> bool:
        """Erase or delete a few old items."""
        return tidy_items(group, self._retention)

    def texts_of(self, source: Source, subjects: Sequence[int]) -> Mapping[int, SubjectTexts]:
        """Return the texts of items as they are now."""
        found = source.execute(item_statements.PRESENT, (json.dumps(subjects),)).fetchall()
        return {number: texts_in(*texts) for number, *texts in found}

    def repeat_for(
        self, group: Group, record: TaskRecord, addressee: Addressee
    ) -> features.RepeatFor:
        """Return to whom the repeat of a message goes: a copy, unless it is the item's address."""
        return addressed(group, record, addressee)

    def edition_of(self, group: Group, record: TaskRecord) -> str | None:
        """Return the newest edition of the template of a message's item."""
        if record.item_id is None or record.reference is None:
            return None
        return self._edition(template_of(json.loads(current_item(group, record.item_id).body)))

    def starts_as(self, group: Group, record: TaskRecord) -> int:
        """Return how many get a message: providers count them."""
        if record.item_id is None or record.reference is None or record.is_copy:
            return 1
        try:
            body: NewItem = json.loads(current_item(group, record.item_id).body)
        except UnknownId:
            return 1
        if record.edition is not None:
            body["edition"] = record.edition
        return self._recipients(body)

    def given(self, record: TaskRecord) -> Mapping[str, Any]:
        """Return its item, the addressee of its own, and the edition of its template.

        With ``practice``, whether e-mails are only kept as it begins.
        """
        addressee = None if record.addressee is None else json.loads(record.addressee)
        told = {"item_id": record.item_id, "addressee": addressee, "edition": record.edition}
        told["practice"] = self._sending.is_practice() if self._sending.is_known else None
        return {name: value for name, value in told.items() if value is not None}

    def hold_back(self, group: Group, record: TaskRecord) -> bool:
        """Hold an e-mail that was submitted in the other mode than the one of now."""
        return put_aside(group, record, self._sending)

    def renew(self, group: Group, record: TaskRecord) -> None:
        """Give a task the corrected recipient of its item."""
        readdress(group, record)

    def cause(self, record: TaskRecord, found: FoundCause) -> FoundCause:
        """Leave the mailbox out of the cause of a refused address; its domain becomes the place.

        Refusals of several addresses then share one cause.
        """
        mailbox, _, domain = written_address(record.recipient).rpartition("@")
        if found.cure != OfficeCure.CORRECT_ADDRESS or not mailbox:
            return found
        return without(mailbox, found)._replace(place=domain)

    def trusts(self, spec: TaskSpec) -> bool:
        """Trust the product's own functions."""
        return spec.source.module.startswith(OURS)

    def undo(self, group: Group, record: PendingRecord) -> bool:
        """Take a submitted item back."""
        if record.action == "submit" and record.asked.subject is not None:
            undo(group, record.asked.subject)
            return True
        return False

    def restored(self, group: Group) -> None:
        """Count items on from far above those of the lost store."""
        count_on_beyond_lost(group)


class BatchFeature(features.Feature):
    """Batches; each hook is told in the module that it calls."""

    tables = (schema.batches, schema.batch_rows)
    known = BATCHES

    def __init__(self, retention: ItemRetention, unchecked: Event, sending: Sending) -> None:
        self._retention = retention
        self.parts = (partial(BatchesUnderWay, unchecked, sending),)

    def feed(self, group: Group, rooms: features.FreeSlots, callers: CallerPriority) -> None:
        """Queue what may start now of each batch."""
        feed(group, rooms, callers)

    def is_put_off(self, group: Group) -> bool:
        """Tell whether the next group feeds."""
        return group.part(BatchesUnderWay).is_put_off

    def settle(self, group: Group) -> None:
        """Count the results of rows."""
        count_batches(group)

    def go_on(self, group: Group) -> None:
        """Continue to undo or delete batches."""
        acting.continue_undoing(group)

    def tidy(self, group: Group) -> bool:
        """Start deleting one old batch."""
        return acting.forget_batches(group, self._retention.contents)

    def restored(self, group: Group) -> None:
        """Continue the numbers of batches."""
        count_on(group)

    def carry_out(self, group: Group, record: PendingRecord) -> None:
        """Do the next step of a pending action on a batch."""
        acting.carry_out_on_batch(group, record)

    def undo(self, group: Group, record: PendingRecord) -> More | bool:
        """Turn a started batch back into a draft."""
        if record.action != "start":
            return False
        return acting.undo_start(group, record.asked.batch_id or 0) or True

    def sends_instead(self, group: Group, record: TaskRecord) -> bool:
        """Tell whether a row of a later batch waits that is the task's row, too."""
        is_alone = group.part(BatchesUnderWay).records.keys() <= {record.batch_id}
        return not is_alone and waits_in_later_batch(group, record)

    def hold_back(self, group: Group, record: TaskRecord) -> bool:
        """Put a task aside while its batch has no room."""
        return limits.hold_back(group, record)

    def check_start(self, group: Group, record: TaskRecord, *, anyway: bool) -> None:
        """Raise ``Conflict`` for a task whose batch is paused, or has no room for it."""
        limits.check_batch(group, record, anyway=anyway)

    def rate_of(self, group: Group, record: TaskRecord) -> features.RateOfTask | None:
        """Return the rate that a person set for the task's batch."""
        batch = group.part(BatchesUnderWay).records.get(record.batch_id or 0)
        rates = () if batch is None else limits.rates_of(batch)
        return (starts_of(record.batch_id or 0), rates) if rates else None

    def is_paused(self, group: Group, record: TaskRecord) -> bool:
        """Tell whether the task's batch is paused."""
        batch = group.part(BatchesUnderWay).records.get(record.batch_id or 0)
        return batch is not None and batch.paused_at is not None

    def aside(self, group: Group, records: Iterable[TaskRecord]) -> features.Aside:
        """Count the tasks whose batches have no room."""
        return limits.aside(group, records)

    def to_come(self, reading: features.OneRead) -> features.ToCome:
        """Return the open rows that have no task yet."""
        source, batches = reading.source, _under_way(reading)
        sending = [each for each in batches if each.is_sending]
        paused = [each for each in batches if each.state == BatchState.PAUSED]
        hours = reading.memory.part(BatchesUnderWay).sending
        begins = [limits.begins_at(each, hours, reading.now) for each in sending if each.open]
        rows, paused_rows = (
            sum(limits.to_come(source, e) for e in some) for some in (sending, paused)
        )
        counts = {"batch_rows": rows, "paused_rows": paused_rows, "practice": hours.is_practice()}
        return features.ToCome(begins, counts)

    def behind(self, reading: features.OneRead, batch_id: int | None) -> Counter[str]:
        """Count by queue the tasks that batches will hand in once it accepts more."""
        return limits.behind_queues(reading, _under_way(reading, batch_id))

    def paused(self, reading: features.OneRead, batch_id: int | None) -> Sequence[PausedBatch]:
        """Return the paused batches."""
        return limits.paused_batches(reading, _under_way(reading, batch_id))


def _under_way(reading: features.OneRead, batch_id: int | None = None) -> list[BatchRecord]:
    """Return the batches under way, or one of them; callable from any thread."""
    found = list(reading.memory.part(BatchesUnderWay).records.values())
    return [each for each in found if batch_id in {None, each.id}]


def domain(
    retention: ItemRetention | None = None,
    unchecked: Event | None = None,
    edition: EditionOf = lambda _: None,
    recipients: RecipientsOf = lambda _: 1,
    sending: Sending | None = None,
    list_in_use: Event | None = None,
) -> Sequence[features.Feature]:
    """Return the features with which an engine has items and batches of this ``retention``.

    ``unchecked`` is set after each COMMIT that leaves rows of drafts unchecked. ``edition`` is
    asked for messages that are sent again, ``recipients`` for how many get an item's message, and
    ``sending`` whether messages are kept. In practice mode, kept ones count as sent.
    ``list_in_use`` is set once *Do not send* has an entry.
    """
    retention, sending = retention or ItemRetention(), sending or Sending()
    return [
        ItemFeature(retention, edition, recipients, list_in_use or Event(), sending),
        BatchFeature(retention, unchecked or Event(), sending),
    ]
