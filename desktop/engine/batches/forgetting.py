"""Forgetting: batches with all their rows, long after they have ended."""

from __future__ import annotations

from typing import Final

from desktop.engine.batches.rows import read_batch, write_batch
from desktop.engine.clock import DAY_MS
from desktop.engine.store.tables import batch_statements as statements
from desktop.engine.store.tables.batches import (
    DELETING,
)
from desktop.engine.transaction.group import Group

KEPT_MS: Final = 400 * DAY_MS
"""How long a batch is kept once no row is open: a year, and some weeks to compare."""
DRAFT_MS: Final = 30 * DAY_MS
"""How long a draft is kept after its last change."""


def forget_batches(group: Group) -> bool:
    """Have one old batch deleted; returns whether there was one."""
    if group.memory.is_clock_doubted(group.now):
        return False
    ages = group.now - DRAFT_MS, group.now - KEPT_MS
    found = group.cursor.execute(statements.OLD_BATCH, ages).fetchone()
    if found is None:
        return False
    batch = read_batch(group, found[0])
    batch.state = DELETING
    write_batch(group, batch)
    group.more = True
    return True
