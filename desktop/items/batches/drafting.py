"""Drafting: makes and sets up a batch; nothing of it runs yet."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Final

from desktop.contract.batches import BatchState
from desktop.engine.submission import Idempotency
from desktop.engine.transaction.group import Group
from desktop.engine.verbs.submit import recall, remember
from desktop.items.batches.rows import COUNT_OF, NewBatchRow, read_batch, read_draft
from desktop.items.batches.under_way import write_batch
from desktop.items.tables import batch_statements as statements
from desktop.items.tables.batch_records import BatchRecord

BATCHES: Final = 10_000
"""More numbers than were assigned since any backup; none of them is assigned again."""


@dataclass(frozen=True, slots=True)
class Created:
    """The number of a new batch; ``replayed`` if its key had been answered before."""

    batch_id: int
    replayed: bool = False


def create(group: Group, wanted: NewBatchRow, key: Idempotency | None) -> Created:
    """Make a draft; raise ``UnknownId`` if the batch that it continues is gone."""
    known = recall(group, key)
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
    remember(group, key, batch.id)
    return Created(batch.id)


def count_on(group: Group) -> None:
    """Continue the numbers far beyond those of a lost store, whose batches have left files."""
    last = group.cursor.execute(statements.LAST_BATCH).fetchone()
    group.cursor.execute(statements.FORGET_LAST_BATCH)
    group.cursor.execute(statements.SET_LAST_BATCH, ((last[0] if last else 0) + BATCHES,))


def change(group: Group, number: int, wanted: NewBatchRow) -> BatchRecord:
    """Change a draft's settings; its rows become unchecked if that may matter to them."""
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
    """Mark every row of a draft as unchecked."""
    batch.revision += 1
    for name in COUNT_OF.values():
        setattr(batch, name, 0)


def check_again(group: Group, number: int) -> BatchRecord:
    """Have a draft's rows checked again, because what checks depend on has changed."""
    batch = read_draft(group, number)
    uncheck(batch)
    write_batch(group, batch)
    return batch


def check_drafts_again(
    group: Group, *, but: int | None = None, template: str | None = None
) -> None:
    """Have the rows of all drafts but one checked again, or of drafts that may use a template.

    A draft without a template may use any, because its rows name their own.
    """
    for row in group.cursor.execute(statements.DRAFTS).fetchall():
        batch = BatchRecord(*row)
        if batch.id != but and (template is None or batch.template in {None, template}):
            uncheck(batch)
            write_batch(group, batch)


def keep_sheet(group: Group, number: int, name: str | None) -> BatchRecord:
    """Store the name of the spreadsheet kept with a draft."""
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
        "reading": json.dumps(wanted.reading, ensure_ascii=False) if wanted.reading else None,
    }
