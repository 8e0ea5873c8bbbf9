"""What a server took before it accepted no more for a time; it tells when later tasks can end."""

from __future__ import annotations

import json
from typing import Final

from sendoff_tasks.model.times import DAY_MS, HOUR_MS, MINUTE_MS, Rate
from sendoff_tasks.store.tables import statements
from sendoff_tasks.store.tables.cursor import Source
from sendoff_tasks.store.tables.records import HeldQueue
from sendoff_tasks.transaction.group import Group

META_KEY: Final = "taken"
"""The key in ``meta`` of what servers took, by queue, as JSON."""
SHORTEST_MS: Final = 10_000
"""A shorter wait tells of no limit that matters."""
LEAST: Final = 5
"""Fewer tasks before a wait tell nothing."""
TAKEN: Final = (
    "SELECT count(*) FROM tasks WHERE finished_at > ? AND finished_at <= ? "
    "AND +tasks.state = 'succeeded' "
    "AND +tasks.function IN (SELECT id FROM functions WHERE queue = ?)"
)


def learn_taken(group: Group, held: HeldQueue) -> None:
    """Note what the server of a queue took, now that its wait has ended.

    The wait shows whether that was in a minute, an hour or a day; until the server is tried again,
    it may take up to twice as long.
    """
    waited = group.now - held.held_at
    if waited < SHORTEST_MS:
        return
    period = next((each for each in (MINUTE_MS, HOUR_MS) if waited <= 2 * each), DAY_MS)
    span = held.held_at - period, held.held_at
    (count,) = group.cursor.execute(TAKEN, (*span, held.name)).fetchone()
    if count < LEAST:
        return
    known = read_taken(group.cursor)
    others = [each for each in known.get(held.name, []) if each.period_ms != period]
    _write(group, {**known, held.name: [Rate(count, period), *others]})


def forget_taken(group: Group, queue: str) -> None:
    """Forget what a queue's server took: a person has set other limits, or another server."""
    known = read_taken(group.cursor)
    if known.pop(queue, None):
        _write(group, known)


def read_taken(source: Source) -> dict[str, list[Rate]]:
    """Return what servers took, by queue, a rate for each period."""
    known = json.loads(statements.read_meta(source, META_KEY) or "{}")
    return {queue: [Rate.parse(each) for each in rates] for queue, rates in known.items()}


def _write(group: Group, known: dict[str, list[Rate]]) -> None:
    text = json.dumps({queue: [*map(str, rates)] for queue, rates in known.items()})
    group.cursor.execute(statements.PUT_META, (META_KEY, text))
