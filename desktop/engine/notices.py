"""What a person should know now: what ails the store, and which queues are held or paused."""

from __future__ import annotations

from desktop.contract.events import Notice
from desktop.engine.holds import queue_notice
from desktop.engine.journal import Journal
from desktop.engine.pauses import pause_notice, read_pauses
from desktop.engine.store import detail
from desktop.engine.store.errors import StoreDamaged


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
