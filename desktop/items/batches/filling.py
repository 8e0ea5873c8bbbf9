"""Filling: rows are added to a draft, corrected in it, and checked against each other."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from itertools import groupby
from operator import attrgetter
from typing import Final

from desktop.contract.batches import CheckData, RowCheck
from desktop.contract.rules.corrections import (
    as_read,
    corrected_again,
    corrections_in,
    is_used,
    stored_form,
    with_values,
)
from desktop.contract.rules.templates import DEFAULT
from desktop.engine.errors import UnknownId
from desktop.engine.transaction.group import Group
from desktop.engine.transaction.replies import More
from desktop.items.accepting import written
from desktop.items.batches.comparing import compare
from desktop.items.batches.identity import (
    content_of,
    identity_of,
    origins_of,
)
from desktop.items.batches.rows import COUNT_OF, CheckedRow, read_draft, read_rows
from desktop.items.batches.under_way import write_batch
from desktop.items.tables import batch_statements as statements
from desktop.items.tables.batch_records import PLAIN, BatchRecord, RowRecord, item_of, plain_of

STEP: Final = 100
"""Rows added to a draft in one group, which takes a few ms."""


def put_rows(
    group: Group, number: int, rows: Sequence[CheckedRow], revision: int, *, begun: int = 0
) -> BatchRecord | More:
    """Put rows into a draft, replacing earlier ones with the same numbers, a few in each group.

    Rows that were checked for another ``revision`` of its settings are unchecked.
    """
    batch = read_draft(group, number)
    some = rows[begun : begun + STEP]
    letter = batch.template or DEFAULT
    _write_rows(group, batch, [_record(batch, letter, row, revision) for row in some])
    batch.changed_at = group.now
    write_batch(group, batch)
    if begun + STEP < len(rows):
        return More(lambda later: put_rows(later, number, rows, revision, begun=begun + STEP))
    return batch


def correct_row(
    group: Group, number: int, row: CheckedRow, revision: int, typed: Collection[str] = ()
) -> BatchRecord | More:
    """Put a row as a person corrected it; the values read from the file are kept beside it.

    A value whose path is in ``typed`` is also sent if its item has been corrected.
    """
    before = group.cursor.execute(statements.ROW, (number, row.row)).fetchone()
    if before is None:
        raise UnknownId("row", row.row)
    stored = RowRecord(*before)
    known = corrections_in(stored.corrections)
    made = corrected_again(item_of(stored), known, row.item, typed)
    corrected = replace(row, corrections=made, plain=plain_of(stored))
    return put_rows(group, number, [corrected], revision)


def _record(batch: BatchRecord, letter: str, row: CheckedRow, revision: int) -> RowRecord:
    key, item = json.loads(batch.key), row.item
    origin = None
    typed = {e.path for e in row.corrections if is_used(e, item) and not e.is_as_read}
    plain = {path: value for path, value in row.plain.items() if path not in typed}
    compared = with_values(row.body, plain)
    if row.corrections:
        origin = origins_of(key, letter, as_read(item, row.corrections))[0]
    return RowRecord(
        batch_id=batch.id,
        row=row.row,
        revision=revision,
        item=written({**item, PLAIN: plain} if plain else item),
        recipient=row.to,
        identity=identity_of(key, letter, row.number, compared),
        content=content_of(compared),
        checked=RowCheck.READY if row.problem is None else RowCheck.PROBLEM,
        problem=row.problem,
        data=json.dumps(dict(row.data), ensure_ascii=False) if row.data else None,
        path=row.path,
        corrections=stored_form(row.corrections),
        origin=origin,
    )


def _write_rows(group: Group, batch: BatchRecord, rows: Iterable[RowRecord]) -> None:
    """Write rows, and check them against all rows of the draft with the same identity."""
    new = {row.row: row for row in rows}
    numbers = json.dumps([*new])
    before = {each.row: each for each in read_rows(group, statements.SOME_ROWS, batch.id, numbers)}
    batch.rows += len(new) - len(before)
    _count_corrections(batch, before.values(), -1)
    _count_corrections(batch, new.values(), 1)
    touched = {row.identity for row in (*new.values(), *before.values()) if row.identity}
    given = json.dumps(sorted(touched))
    before |= {each.row: each for each in read_rows(group, statements.ROWS_ALIKE, given, batch.id)}
    after = _checked(group, batch, {**before, **new}.values())
    changed = [row for row in after if row != before.get(row.row)]
    group.cursor.executemany(statements.PUT_ROW, changed)
    _count(batch, before.values(), -1)
    _count(batch, after, 1)


def _checked(group: Group, batch: BatchRecord, rows: Iterable[RowRecord]) -> list[RowRecord]:
    """Check rows against each other and against what was sent; the first of a key counts."""
    by_identity = sorted(rows, key=lambda row: (row.identity or "", row.row))
    judged: list[RowRecord] = []
    for _, alike in groupby(by_identity, key=attrgetter("identity")):
        first: int | None = None
        for row in alike:
            current = row.revision == batch.revision
            if not current or row.identity is None or row.checked == RowCheck.PROBLEM:
                judged.append(row)
            elif first is not None:
                twice = json.dumps(CheckData(row=first, key=json.loads(batch.key)))
                judged.append(row._replace(checked=RowCheck.TWICE, data=twice))
            else:
                first = row.row
                judged.append(compare(group, batch, row).of(row))
    return judged


def _count_corrections(batch: BatchRecord, rows: Iterable[RowRecord], sign: int) -> None:
    for row in rows:
        if row.corrections:
            item = json.loads(row.item)
            made = [each for each in corrections_in(row.corrections) if not each.is_as_read]
            used = sum(is_used(each, item) for each in made)
            batch.corrected += sign * used
            batch.unused += sign * (len(made) - used)


def _count(batch: BatchRecord, rows: Iterable[RowRecord], sign: int) -> None:
    counted = Counter(COUNT_OF[row.checked] for row in rows if row.revision == batch.revision)
    for name, n in counted.items():
        setattr(batch, name, getattr(batch, name) + sign * n)
