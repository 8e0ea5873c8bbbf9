"""Bounces: the messages that came back are found, and marked so; their tasks stay *succeeded*."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from typing import Any, Final, NamedTuple

from desktop.contract.do_not_send import (
    BouncedTask,
    BounceMatch,
    FoundBounce,
    ReadBounce,
    one_form,
)
from desktop.contract.office import OfficeReason
from desktop.contract.rules.mailbox import written_address
from desktop.items.batches.rows import BatchesUnderWay
from desktop.items.tables import item_statements
from sendoff_tasks.causes import ServerAnswer, because
from sendoff_tasks.model.reasons import Reason
from sendoff_tasks.model.states import State
from sendoff_tasks.model.times import DAY_MS, wire_time
from sendoff_tasks.store.tables.cursor import Source
from sendoff_tasks.store.tables.records import TaskRecord
from sendoff_tasks.text import SENTENCE, storable
from sendoff_tasks.transaction.group import Group
from sendoff_tasks.words.table import ENGLISH

FITS_MS: Final = 5 * DAY_MS
"""A bounce without a Message-ID is of a message that was sent so long before at most, ms.

Servers give up after five days (RFC 5321, 4.5.4.1).
"""
CLOCK_MS: Final = 60 * 60 * 1000
"""So much earlier than ours the clock that dates a bounce may be, ms."""
_SENT: Final = """
SELECT id, recipient, reason FROM tasks WHERE reference IS NOT NULL
AND state = 'succeeded' AND (reason IS NULL OR reason <> 'kept')
"""
_BY_ID: Final = _SENT + "AND reference IN (SELECT atom FROM json_each(?)) ORDER BY id DESC"  # noqa: S608
_BY_ADDRESS: Final = _SENT + "AND finished_at BETWEEN ? AND ? AND instr(lower(recipient), ?) > 0"
_MOST: Final = 20
"""The most tasks among which a person chooses."""
_XTEXT: Final = re.compile(r"\+(2B|3D)")
"""A + or = as few servers encode it (RFC 3461, 4); other digits behind a + are a tag: ada+42@…"""


def find_bounced(source: Source, bounces: Iterable[ReadBounce], now: int) -> list[FoundBounce]:
    """Return which messages bounces are of; takes its time. ``now`` in epoch ms."""
    found: dict[str, FoundBounce] = {}
    for each in bounces:
        form, match, rows = _meant(source, each, now)
        code, enhanced, said = each["code"], each["enhanced"], storable(each["said"], SENTENCE)
        tasks = [
            BouncedTask(
                task_id=row[0],
                code=code,
                # It says why the mailbox of this address refused, and of no other.
                enhanced=enhanced if _is_to(row, form) else None,
                said=said,
            )
            for row in rows[:_MOST]
        ]
        key = f"{form} {[task for task, *_ in rows]}"
        if match == BounceMatch.ASK:  # two of them may be of two messages
            key += f" {each}"
        found.setdefault(key, FoundBounce(address=form, match=match, tasks=tasks))
    return [*found.values()]


_Row = tuple[int, str, str | None]


class _Found(NamedTuple):
    """The tasks that are found for an address in its one ``form``."""

    form: str
    match: BounceMatch
    rows: Sequence[_Row]

    @property
    def is_ours(self) -> bool:
        """Whether one of them is to the address."""
        return any(_is_to(row, self.form) for row in self.rows)


def _meant(source: Source, bounce: ReadBounce, now: int) -> _Found:
    """Match the address as it is written; as it is encoded only if that one is not ours."""
    written = bounce["address"]
    found = _match(source, bounce, one_form(written), now)
    if found.is_ours or not _XTEXT.search(written):
        return found
    decoded = _XTEXT.sub(lambda pair: chr(int(pair[1], 16)), written)
    encoded = _match(source, bounce, one_form(decoded), now)
    return encoded if encoded.is_ours else found


def _match(source: Source, bounce: ReadBounce, form: str, now: int) -> _Found:
    rows: list[_Row] = source.execute(_BY_ID, (json.dumps(bounce["message_ids"]),)).fetchall()
    own = [row for row in rows if _is_to(row, form)]
    if own:
        return _Found(form, *_settled(BounceMatch.MESSAGE_ID, own[:1]))
    if rows:  # to a copy's address, or forwarded
        return _Found(form, BounceMatch.ASK, rows)
    at = min((bounce["at"] or now) + CLOCK_MS, now)
    near: Any = source.execute(_BY_ADDRESS, (at - FITS_MS, at, form.partition("@")[0])).fetchall()
    own = [row for row in near if _is_to(row, form)]
    if len(own) == 1:
        return _Found(form, *_settled(BounceMatch.ADDRESS, own))
    return _Found(form, BounceMatch.ASK if own else BounceMatch.NONE, own)


def _settled(match: BounceMatch, rows: list[_Row]) -> tuple[BounceMatch, list[_Row]]:
    return (BounceMatch.KNOWN if rows[0][2] == OfficeReason.CAME_BACK else match), rows


def _is_to(row: _Row, form: str) -> bool:
    return one_form(written_address(row[1])) == form


def mark_bounced(group: Group, tasks: Iterable[BouncedTask], *, bounced: bool = True) -> list[int]:
    """Mark sent messages as bounced, or take the mark away; return the tasks that changed."""
    changed: list[TaskRecord] = []
    for each in tasks:
        record = group.find(each["task_id"])
        if record is None or not _was_sent(record):
            continue
        if bounced == (record.reason == OfficeReason.CAME_BACK):
            continue
        if bounced:
            said = storable(each["said"], SENTENCE)
            answer = ServerAnswer(code=each["code"], said=said)
            since = wire_time(group.now)
            told = because(OfficeReason.CAME_BACK, answer, enhanced=each["enhanced"], since=since)
            reason, data = told.stored
            group.log(record, group.now, "warning", ENGLISH.say("history", "came_back", said=said))
        else:
            reason, data = None, None
            group.log(record, group.now, "info", ENGLISH.say("history", "not_back"))
        group.change(record, reason=reason, reason_data=data)
        changed.append(record)
    return _followed(group, changed)


def _was_sent(record: TaskRecord) -> bool:
    is_message = record.reference is not None and record.state == State.SUCCEEDED
    return is_message and record.reason != Reason.KEPT


def _followed(group: Group, records: Sequence[TaskRecord]) -> list[int]:
    """Have batches and items follow the mark."""
    for record in records:
        group.part(BatchesUnderWay).moved(record, State.QUEUED)
    group.flush()
    items = [record.item_id for record in records if record.item_id is not None]
    group.cursor.execute(item_statements.RECOUNT_ALL, (group.now, json.dumps(items)))
    return [record.id for record in records]
