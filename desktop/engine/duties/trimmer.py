"""Trimming what only grows, a few rows a group: old events and old answers."""

from __future__ import annotations

from typing import Final

from desktop.engine.clock import DAY_MS
from desktop.engine.store.tables import statements
from desktop.engine.transaction.group import Group

EVENTS: Final = 100_000
"""Events kept at most."""
EVENTS_MS: Final = DAY_MS
"""How long an event is kept at most."""
ANSWERS_MS: Final = 7 * DAY_MS
"""How long an Idempotency-Key is kept."""
STEP: Final = 500
"""Rows forgotten in one group; more when the group itself brings more."""
EVERY_MS: Final = 60_000
"""How often ages are looked at."""


def trim(group: Group) -> None:
    """Forget events beyond their number or age, and answers beyond their age.

    The newest event always stays: its number is where counting goes on.
    """
    memory = group.memory
    surplus = memory.last_event - memory.events_floor - EVENTS
    if surplus >= STEP:
        drop_events(group, memory.events_floor + surplus)
    if group.now >= memory.next_trim:
        memory.next_trim = group.now + EVERY_MS
        if not memory.is_clock_doubted(group.now):
            _trim_by_age(group)


def _trim_by_age(group: Group) -> None:
    group.flush()
    before = group.now - EVENTS_MS
    oldest = group.cursor.execute(statements.OLDEST_EVENTS, (STEP + 1,)).fetchall()
    aged = [number for number, at in oldest[:-1] if at < before]
    if aged:
        drop_events(group, aged[-1])
    group.cursor.execute(statements.DELETE_ANSWERS, (group.now - ANSWERS_MS, STEP))
    if len(aged) == STEP or group.cursor.rowcount == STEP:
        group.memory.next_trim = group.now
        group.more = True


def drop_events(group: Group, floor: int) -> None:
    """Drop events up to ``floor``; who has seen less than that is told to read afresh."""
    group.flush()
    group.cursor.execute(statements.DELETE_EVENTS, (floor,))
    group.cursor.execute(statements.SET_META, (str(floor), "events_floor"))
    group.memory.events_floor = floor
