"""Practice mode: e-mails that were submitted for real wait, and those to practise are not sent."""

from __future__ import annotations

import json
from typing import Final

from desktop.contract.batches import MAIL_TASKS, BatchState
from desktop.contract.items import MAIL_QUEUE
from desktop.contract.office import OfficeCure
from desktop.items.batches import limits
from desktop.items.batches.rows import BatchesUnderWay
from desktop.items.sending import Sending
from desktop.items.tables import batches as statements
from desktop.items.tables.batches import BatchRecord
from sendoff_tasks.causes import because
from sendoff_tasks.model.reasons import Reason
from sendoff_tasks.model.states import OPEN, State
from sendoff_tasks.store.reads.waits import because_held, cause_of_hold
from sendoff_tasks.store.tables.cursor import Source
from sendoff_tasks.store.tables.records import HeldQueue, Hold, TaskRecord
from sendoff_tasks.transaction.group import Group
from sendoff_tasks.transaction.replies import More
from sendoff_tasks.words.table import ENGLISH

STEP: Final = 500
"""Postponed e-mails tried in one group, which keeps the group short."""
_OF_MAIL: Final = (
    "function IN (SELECT id FROM functions WHERE name IN (SELECT atom FROM json_each(?)))"
)
_OPEN: Final = ", ".join(f"'{state}'" for state in sorted(OPEN))
SUBMITTED: Final = f"SELECT created_at FROM tasks WHERE {_OF_MAIL} AND state IN ({_OPEN})"  # noqa: S608
"""When the open e-mails were submitted, epoch ms."""
POSTPONED: Final = (
    f"SELECT * FROM tasks WHERE state = 'waiting' AND {_OF_MAIL} "  # noqa: S608
    f"AND reason = '{Reason.RETRY_LATER}' LIMIT ?"
)
"""The e-mails that wait for their next attempt."""
_NAMES: Final = json.dumps(sorted(MAIL_TASKS))


def put_aside(group: Group, record: TaskRecord, sending: Sending) -> bool:
    """Hold a queued e-mail that was submitted in the other mode; tell whether that happened.

    One that was submitted for real is held as by the mail settings, which release it. Of one that
    was submitted in practice mode a person says whether it is sent.
    """
    if not sending.switches or group.name_of(record.function) not in MAIL_TASKS:
        return False
    submitted = _submitted(group, record)
    if sending.waits(submitted):
        held = _hold(group.now)
        group.causes.meet(record, cause_of_hold(held))
        group.move(record, State.WAITING, because_held(held), held=Hold.QUEUE.value)
        return True
    was_tried = record.attempt > 0 or record.reason == Reason.ASKED_AGAIN
    if was_tried or not sending.asks(submitted):
        return False
    words = ENGLISH.say("sending", "practised")
    asks = because(Reason.HELD_FOR_PERSON, error=words, text=words)
    group.move(record, State.WAITING, asks, held=Hold.PERSON.value)
    return True


def _submitted(group: Group, record: TaskRecord) -> int:
    """Return when a person submitted an e-mail, epoch ms: that of a row when its batch was started.

    What repeats another e-mail was submitted when it was made.
    """
    batch = group.part(BatchesUnderWay).records.get(record.batch_id or 0)
    if batch is None or batch.started_at is None or record.resend_of is not None:
        return record.created_at
    return min(batch.started_at, record.created_at)  # it may be one of an earlier batch


def _hold(since: int) -> HeldQueue:
    """Return the hold of one e-mail, in the form of a hold of its queue, which goes on."""
    words = ENGLISH.say("sending", "waits_for_real")
    return HeldQueue(MAIL_QUEUE, words, OfficeCure.MAIL_SETTINGS, since)


def follow_switch(group: Group, *, practising: bool) -> More | None:
    """Have windows see what batches wait for now; in practice mode, try what is postponed.

    Else each postponed e-mail would say when the server is tried again.
    """
    under_way = group.part(BatchesUnderWay)
    under_way.touched |= under_way.records.keys()
    if not practising:
        return None
    some = group.select(POSTPONED, _NAMES, STEP)
    for record in some:
        group.move(record, State.QUEUED, run_at=None)
    if len(some) < STEP:
        return None
    return More(lambda later: follow_switch(later, practising=practising))


def count_for_real(source: Source, sending: Sending) -> int:
    """Count the open e-mails that practice mode would divert, with rows that are no tasks yet."""
    times = source.execute(SUBMITTED, (_NAMES,)).fetchall()
    batches = [BatchRecord(*row) for row in source.execute(statements.UNDER_WAY).fetchall()]
    rows = [
        limits.to_come(source, each)
        for each in batches
        if each.started_at is not None
        and each.stopped_at is None
        and each.state in {BatchState.RUNNING, BatchState.PAUSED}
        and sending.is_for_real(each.started_at)
    ]
    return sum(sending.is_for_real(at) for (at,) in times) + sum(rows)
