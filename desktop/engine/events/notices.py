"""What a person should know now: what ails the store, and which queues are held or paused."""

from __future__ import annotations

from desktop.contract.events import Notice
from desktop.engine.events.journal import Journal
from desktop.engine.queues.holds import queue_notice
from desktop.engine.queues.pauses import pause_notice
from desktop.engine.store.file.errors import StoreDamaged
from desktop.engine.store.reads import detail
from desktop.engine.store.tables.pauses import read_pauses


def read_notices(journal: Journal) -> list[Notice]:
    """Read what stands; of a damaged store, what can be read."""
    try:
        with journal.reader.snapshot() as connection:
            held = [queue_notice(q, active=True) for q in detail.read_held_queues(connection)]
            pauses = read_pauses(connection).items()
    except StoreDamaged:
        return journal.standing
    paused = [pause_notice(queue, since, active=True) for queue, since in pauses]
    return [*journal.standing, *held, *paused]
