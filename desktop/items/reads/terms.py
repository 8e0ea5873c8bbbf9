"""What batches allow their tasks, for what the engine reads of tasks."""

from __future__ import annotations

from typing import Final

from desktop.engine.store.reads.waits import BatchTerms, KnownBatches
from desktop.engine.store.tables.cursor import Source
from desktop.items.tables.batch_statements import PAUSED, TERMS


class StoredBatches(KnownBatches):
    """Knows batches from their table."""

    def terms(self, source: Source, batch_id: int) -> BatchTerms:
        """Return since when a batch is paused, and its rate."""
        found = source.execute(TERMS, (batch_id,)).fetchone()
        return super().terms(source, batch_id) if found is None else BatchTerms(*found)

    def paused(self, source: Source) -> list[int]:
        """Return the paused batches."""
        return [number for (number,) in source.execute(PAUSED).fetchall()]


BATCHES: Final = StoredBatches()
