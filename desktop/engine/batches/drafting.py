"""Drafting: a batch is made, set up, and filled with rows; nothing of it runs."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import groupby
from operator import attrgetter
from typing import Any, Final

from desktop.contract.batches import BatchState, RowCheck
from desktop.contract.rules.corrections import (
    Correction,
    as_read,
    corrected_again,
    corrections_in,
    is_used,
    stored_form,
)
from desktop.contract.rules.templates import DEFAULT
from desktop.engine.batches.comparing import compare
from desktop.engine.batches.identity import (
    content_of,
    identity_of,
    is_same_person,
    may_be_same_person,
    origins_of,
)
from desktop.engine.batches.rows import (
    COUNT_OF,
    CheckedRow,
    NewBatchRow,
    read_batch,
    read_draft,
    read_rows,
    write_batch,
)
from desktop.engine.errors import UnknownId
from desktop.engine.functions.registry import Registry
from desktop.engine.store.tables import batch_statements as statements
from desktop.engine.store.tables.batches import BatchRecord, RowRecord
from desktop.engine.store.tables.cursor import Source
from desktop.engine.submission import Idempotency
from desktop.engine.transaction.group import Group
from desktop.engine.transaction.replies import More
from desktop.engine.verbs.submit.idempotency import recall, remember
from desktop.engine.verbs.submit.prepare import written

STEP: Final = 100
"""Rows put into a draft in one group, which takes some ms."""


@dataclass(frozen=True, slots=True)
class Created:
    """The number of a new batch; ``replayed`` when its key had been answered before."""

    batch_id: int
    replayed: bool = False


def create(group: Group, wanted: NewBatchRow, key: Idempotency | None) -> Created:
    """Make a draft; ``UnknownId`` where the batch is gone that it goes on from."""
    known = recall(group, key) if key is not None else None
    if known is not None:
        return Created(known, replayed=True)
    if wanted.continues is not None:
        read_batch(group, wanted.continues)
    last = group.cursor.execute(statements.LAST_BATCH).fetchone()
    batch = BatchRecord(
        id=1 if last is None else last[0] + 1,
        rev=0,
        state=BatchState.DRAFT,
        created_at=group.now,
        changed_at=group.now,
        started_at=None,
        finished_at=None,
        paused_at=None,
        sheet=None,
        continues=wanted.continues,
        **_settings(wanted),
    )
    write_batch(group, batch)
    if key is not None:
        remember(group, key, batch.id)
    return Created(batch.id)


def change(group: Group, number: int, wanted: NewBatchRow) -> BatchRecord:
    """Set up a draft otherwise; its rows are unchecked where that may matter to them."""
    batch = read_draft(group, number)
    settings = _settings(wanted)
    matters = any(settings[name] != getattr(batch, name) for name in ("key", "template", "tasks"))
    for name, value in settings.items():
        setattr(batch, name, value)
    if matters:
        uncheck(batch)
    batch.changed_at = group.now
    write_batch(group, batch)
    return batch


def uncheck(batch: BatchRecord) -> None:
    """Have every row of a draft checked again."""
    batch.revision += 1
    for name in COUNT_OF.values():
        setattr(batch, name, 0)


def check_again(group: Group, number: int) -> BatchRecord:
    """Have a draft's rows checked again: what they are checked by has changed."""
    batch = read_draft(group, number)
    uncheck(batch)
    write_batch(group, batch)
    return batch


def check_drafts_again(
    group: Group, *, but: int | None = None, template: str | None = None
) -> None:
    """Have all drafts' rows checked again, but one's; or those of drafts that may use a template.

    A draft without a template may use each of them: its rows name their own.
    """
    for row in group.cursor.execute(statements.DRAFTS).fetchall():
        batch = BatchRecord(*row)
        if batch.id != but and (template is None or batch.template in {None, template}):
            uncheck(batch)
            write_batch(group, batch)


def rename_template(group: Group, before: str, now: str) -> None:
    """Have every batch by a template know it by its new name; it stays the same letter."""
    for (number,) in group.cursor.execute(statements.BATCHES_BY_TEMPLATE, (before,)).fetchall():
        with suppress(UnknownId):  # it is being deleted
            batch = read_batch(group, number)
            batch.template = now
            write_batch(group, batch)


def keep_sheet(group: Group, number: int, name: str | None) -> BatchRecord:
    """Note the name of the spreadsheet that is kept with a draft."""
    batch = read_draft(group, number)
    batch.sheet, batch.changed_at = name, group.now
    write_batch(group, batch)
    return batch


def _settings(wanted: NewBatchRow) -> dict[str, Any]:
    return {
        "name": wanted.name,
        "key": json.dumps([*wanted.key]),
        "template": wanted.template,
        "tasks": json.dumps([*wanted.tasks]),
        "rate": wanted.rate,
        "run_at": wanted.run_at,
        "columns": json.dumps(dict(wanted.columns), ensure_ascii=False),
    }


def put_rows(
    group: Group, number: int, rows: Sequence[CheckedRow], revision: int, *, begun: int = 0
) -> BatchRecord | More:
    """Put rows into a draft, each in place of the one there was, a few in each group.

    Rows that were checked by another ``revision`` of its settings are unchecked.
    """
    batch = read_draft(group, number)
    some = rows[begun : begun + STEP]
    letter = group.registry.letter_of(batch.template or DEFAULT)
    _put(group, batch, [_record(batch, letter, row, revision) for row in some])
    batch.changed_at = group.now
    write_batch(group, batch)
    if begun + STEP < len(rows):
        return More(lambda later: put_rows(later, number, rows, revision, begun=begun + STEP))
    return batch


def correct_row(group: Group, number: int, row: CheckedRow, revision: int) -> BatchRecord | More:
    """Put a row as a person corrected it; what was read there is kept beside it."""
    before = group.cursor.execute(statements.ROW, (number, row.row)).fetchone()
    if before is None:
        raise UnknownId("row", row.row)
    stored = RowRecord(*before)
    known = corrections_in(stored.corrections)
    made = corrected_again(json.loads(stored.item), known, row.item)
    return put_rows(group, number, [replace(row, corrections=made)], revision)


def corrections_of(
    source: Source, registry: Registry, number: int, rows: Sequence[CheckedRow]
) -> dict[int, list[Correction]]:
    """Tell what is known of rows of a draft that are read: what was corrected in them, by row.

    That is what was typed into this row of the draft, unless it names another person by now; else
    into one that was read alike: of the batch that the draft goes on from, or of one that was
    started. The last word counts.
    """
    if not source.execute(statements.ANY_CORRECTED).fetchone()[0]:
        return {}
    batch = BatchRecord(*source.execute(statements.BATCH, (number,)).fetchone())
    key, letter = json.loads(batch.key), registry.letter_of(batch.template or DEFAULT)
    origins = {row.row: origins_of(key, letter, row.item) for row in rows}
    given = json.dumps(sorted({each for found in origins.values() for each in found}))
    alike: dict[str, list[tuple[dict[str, Any], list[Correction]]]] = {}
    values = (given, number, batch.continues or 0)
    for origin, item, stored in source.execute(statements.CORRECTED_BEFORE, values):
        made = corrections_in(stored)
        alike.setdefault(origin, []).append((as_read(json.loads(item), made), made))
    known = {}
    for row in rows if alike else ():
        before = [each for origin in origins[row.row] for each in alike.get(origin, ())]
        same = [made for read, made in before if is_same_person(read, row.item)]
        if same:
            known[row.row] = same[-1]
    items = {row.row: row.item for row in rows}
    for row in source.execute(statements.SOME_ROWS, (number, json.dumps([*items]))):
        own = RowRecord(*row)
        made = corrections_in(own.corrections)
        if made and may_be_same_person(as_read(json.loads(own.item), made), items[own.row]):
            known[own.row] = made
    return known


def _record(batch: BatchRecord, letter: str, row: CheckedRow, revision: int) -> RowRecord:
    key, item = json.loads(batch.key), row.item
    origin = None
    if row.corrections:
        origin = origins_of(key, letter, as_read(item, row.corrections))[0]
    return RowRecord(
        batch_id=batch.id,
        row=row.row,
        revision=revision,
        item=written(item),
        recipient=row.to,
        identity=identity_of(key, letter, row.number, row.body),
        content=content_of(row.body),
        checked=RowCheck.READY if row.problem is None else RowCheck.PROBLEM,
        problem=row.problem,
        data=json.dumps(dict(row.data), ensure_ascii=False) if row.data else None,
        path=row.path,
        corrections=stored_form(row.corrections),
        origin=origin,
    )


def _put(group: Group, batch: BatchRecord, rows: Iterable[RowRecord]) -> None:
    """Write rows, and judge them with all others of the draft that have an identity of theirs."""
    new = {row.row: row for row in rows}
    numbers = json.dumps([*new])
    before = {each.row: each for each in read_rows(group, statements.SOME_ROWS, batch.id, numbers)}
    batch.rows += len(new) - len(before)
    _count_corrections(batch, before.values(), -1)
    _count_corrections(batch, new.values(), 1)
    touched = {row.identity for row in (*new.values(), *before.values()) if row.identity}
    given = json.dumps(sorted(touched))
    before |= {each.row: each for each in read_rows(group, statements.ROWS_ALIKE, given, batch.id)}
    after = _judged(group, batch, {**before, **new}.values())
    changed = [row for row in after if row != before.get(row.row)]
    group.cursor.executemany(statements.PUT_ROW, changed)
    _count(batch, before.values(), -1)
    _count(batch, after, 1)


def _judged(group: Group, batch: BatchRecord, rows: Iterable[RowRecord]) -> list[RowRecord]:
    """Check rows against each other and what was sent before; the first of a key counts."""
    by_identity = sorted(rows, key=lambda row: (row.identity or "", row.row))
    judged: list[RowRecord] = []
    for _, alike in groupby(by_identity, key=attrgetter("identity")):
        first: int | None = None
        for row in alike:
            current = row.revision == batch.revision
            if not current or row.identity is None or row.checked == RowCheck.PROBLEM:
                judged.append(row)
            elif first is not None:
                twice = json.dumps({"row": first})
                judged.append(row._replace(checked=RowCheck.TWICE, data=twice))
            else:
                first = row.row
                judged.append(compare(group, batch, row).of(row))
    return judged


def _count_corrections(batch: BatchRecord, rows: Iterable[RowRecord], sign: int) -> None:
    for row in rows:
        if row.corrections:
            item, made = json.loads(row.item), corrections_in(row.corrections)
            used = sum(is_used(each, item) for each in made)
            batch.corrected += sign * used
            batch.unused += sign * (len(made) - used)


def _count(batch: BatchRecord, rows: Iterable[RowRecord], sign: int) -> None:
    counted = Counter(COUNT_OF[row.checked] for row in rows if row.revision == batch.revision)
    for name, n in counted.items():
        setattr(batch, name, getattr(batch, name) + sign * n)
