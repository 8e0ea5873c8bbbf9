"""Same, changed, twice: a row against what was sent before, and against its own spreadsheet."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from desktop.contract.batches import BatchKey, CheckData, RowCheck
from desktop.engine.batches.identity import changes_between, content_of
from desktop.engine.batches.rows import number_of
from desktop.engine.errors import UnknownId
from desktop.engine.store.tables import batch_statements as statements
from desktop.engine.store.tables.batches import (
    BatchRecord,
    RowRecord,
)
from desktop.engine.transaction.group import Group
from desktop.engine.verbs.items import present_item


class Verdict(NamedTuple):
    """What a row without a problem is checked as, and what belongs to that."""

    check: RowCheck
    data: CheckData


def compare(group: Group, batch: BatchRecord, row: RowRecord) -> Verdict:
    """Compare a row with the row of its identity that was started last.

    Where rows are recognized by their number, an item of that number counts as well.
    """
    earlier = _find(group, statements.EARLIER, row.identity, row.batch_id)
    return _against_item(group, batch, row) if earlier is None else _against_row(earlier, row)


class Elsewhere:
    """Which of some rows have their identity in another batch too: mostly none has."""

    def __init__(self, group: Group, rows: Sequence[RowRecord]) -> None:
        self._found: set[str] = set()
        if rows:
            given = json.dumps([row.identity for row in rows if row.identity is not None])
            found = group.cursor.execute(statements.ELSEWHERE, (given, rows[0].batch_id))
            self._found = {identity for (identity,) in found}

    def has(self, row: RowRecord) -> bool:
        """Tell whether any other batch has a row of this identity."""
        return row.identity in self._found


def compare_again(
    group: Group, batch: BatchRecord, row: RowRecord, elsewhere: Elsewhere
) -> Verdict:
    """Compare a row of a started batch that is about to leave, by what was sent up to now.

    What a batch that was started later says of it stands: its older words are not sent after the
    newer ones.
    """
    if not elsewhere.has(row):
        return _against_item(group, batch, row)
    own = row.batch_id
    newer = _find(group, statements.NEWER_WORDS, row.identity, own, own, row.content)
    if newer is not None:
        return Verdict(RowCheck.TWICE, _about(newer))  # ``send_same`` does not send it either
    sent = _find(group, statements.SENT_BEFORE, row.identity, own)
    return _against_item(group, batch, row) if sent is None else _against_row(sent, row)


def _against_row(earlier: RowRecord, row: RowRecord) -> Verdict:
    same = earlier.content == row.content
    return _verdict(_about(earlier), json.loads(earlier.item), row, same=same)


def _about(other: RowRecord) -> CheckData:
    about = CheckData(batch_id=other.batch_id, row=other.row)
    if other.item_id is not None:
        about["item_id"] = other.item_id
    return about


def _against_item(group: Group, batch: BatchRecord, row: RowRecord) -> Verdict:
    number = number_of(row)
    if number is not None and json.loads(batch.key) == [BatchKey.NUMBER]:
        body = _item(group, number)
        if body is not None:
            about = CheckData(batch_id=None, item_id=number)
            return _verdict(about, body, row, same=content_of(body) == row.content)
    return Verdict(RowCheck.READY, CheckData())


def _find(group: Group, statement: str, *given: Any) -> RowRecord | None:
    found = group.cursor.execute(statement, given).fetchone()
    return None if found is None else RowRecord(*found)


def _item(group: Group, number: int) -> Mapping[str, Any] | None:
    try:
        body: Mapping[str, Any] = json.loads(present_item(group, number).body)
    except UnknownId:
        return None
    return body


def _verdict(about: CheckData, before: Mapping[str, Any], row: RowRecord, *, same: bool) -> Verdict:
    if same:
        return Verdict(RowCheck.SAME, about)
    changes = changes_between(before, json.loads(row.item))
    return Verdict(RowCheck.CHANGED, CheckData(**about, changes=changes))
