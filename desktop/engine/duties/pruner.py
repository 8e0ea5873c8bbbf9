"""Deletes rows that are too old or too many, a few per group: ended tasks, events, answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import chain
from typing import Final

from desktop.contract.states import State
from desktop.engine.batches.undoing import forget_batches
from desktop.engine.clock import DAY_MS
from desktop.engine.store.tables import causes, item_statements, statements
from desktop.engine.store.tables.records import BriefRecord
from desktop.engine.transaction.group import Group
from desktop.engine.transaction.measuring import drop_old
from desktop.engine.verbs.remove import forget, forget_items

KEPT: Final[Mapping[int, Sequence[State]]] = {
    30 * DAY_MS: (State.SUCCEEDED, State.CANCELLED),
    90 * DAY_MS: (State.FAILED, State.UNCERTAIN),
}
"""How long what has ended is kept, ms: longer where a person may still have to look at it."""
MOST: Final = 2_000_000
"""Tasks that are kept at most in each of these states; the first accepted are forgotten first."""
STEP: Final = 100
"""Tasks forgotten in one group: some 500 rows, with their history, words and events."""
LINES: Final = 500
"""Lines of log deleted in one group, and attempts."""
EVENTS: Final = 100_000
"""Events kept at most."""
EVENTS_MS: Final = DAY_MS
"""How long an event is kept at most."""
ANSWERS_MS: Final = 7 * DAY_MS
"""How long an Idempotency-Key is kept."""
ROWS: Final = 500
"""Rows forgotten in one group; more when the group itself brings more."""
EVERY_MS: Final = 60_000
"""How often there is a look whether something is old enough, and whether there is room to give."""
_START: Final = (0, 1 << 62)
"""Where the walk through the ended begins: behind those that have not, whose end is 0."""


def prune(group: Group) -> bool:
    """Forget a few tasks; returns whether there may be more.

    What has not ended never goes, and items go with their last task. The item with the highest
    number stays: it says where counting goes on.
    """
    return _too_many(group) or _too_old(group)


def _kept(group: Group) -> Mapping[int, Sequence[State]]:
    """Tell how long what has ended is kept here: an app may say another time than ``KEPT``."""
    retention = group.memory.retention
    return (
        KEPT
        if retention is None
        else dict(zip((retention, 3 * retention), KEPT.values(), strict=True))
    )


def _too_many(group: Group) -> bool:
    for state in chain.from_iterable(KEPT.values()):
        count = sum(group.memory.counts[function, state] for function in group.memory.functions)
        if count > MOST:
            oldest = _read(group, statements.OLDEST_IN, state, min(STEP, count - MOST))
            tasks = _without_last_item(group, oldest)
            if tasks:
                _forget(group, tasks)
                return True
    return False


def _too_old(group: Group) -> bool:
    """Walk through the ended in their order, and remember how far: some stay longer than others."""
    if group.memory.is_clock_doubted(group.now):
        return False
    reached = group.memory.pruned_to
    for kept, states in _kept(group).items():
        begin = reached.get(kept, _START)
        ended = _read(group, statements.ENDED, *begin, group.now - kept, STEP)
        if ended:
            tasks = [task for task in ended if task.state in states]
            if _forget(group, _without_last_item(group, tasks)):
                reached[kept] = (ended[-1].finished_at, ended[-1].id)
            return True
    return False


def _read(group: Group, statement: str, *parameters: int | str) -> list[BriefRecord]:
    group.flush()
    return [BriefRecord(*row) for row in group.cursor.execute(statement, parameters)]


def _without_last_item(group: Group, tasks: list[BriefRecord]) -> list[BriefRecord]:
    (last,) = group.cursor.execute(item_statements.LAST_ITEM).fetchone()
    return [task for task in tasks if task.item_id is None or task.item_id != last]


def _forget(group: Group, tasks: list[BriefRecord]) -> bool:
    """Forget tasks, and the items that have none any more; returns whether all of them are gone."""
    if not forget(group, tasks, LINES):
        return False
    forget_items(group, {task.item_id for task in tasks if task.item_id is not None})
    return True


def trim(group: Group) -> None:
    """Forget events beyond their number or age, and answers beyond their age.

    The newest event always stays: its number is where counting goes on.
    """
    memory = group.memory
    surplus = memory.last_event - memory.events_floor - EVENTS
    if surplus >= ROWS:
        drop_events(group, memory.events_floor + surplus)
    if group.now >= memory.next_trim:
        memory.next_trim = group.now + EVERY_MS
        if not memory.is_clock_doubted(group.now):
            _trim_by_age(group)


def _trim_by_age(group: Group) -> None:
    group.flush()
    before = group.now - EVENTS_MS
    oldest = group.cursor.execute(statements.OLDEST_EVENTS, (ROWS + 1,)).fetchall()
    aged = [number for number, at in oldest[:-1] if at < before]
    if aged:
        drop_events(group, aged[-1])
    drop_old(group.cursor, group.now)
    group.cursor.execute(causes.FORGET_CAUSES, (group.now - max(_kept(group)),))
    group.cursor.execute(statements.DELETE_ANSWERS, (group.now - ANSWERS_MS, ROWS))
    if len(aged) == ROWS or group.cursor.rowcount == ROWS:
        group.memory.next_trim = group.now
        group.more = True


def drop_events(group: Group, floor: int) -> None:
    """Drop stored events up to ``floor``; who has seen less than that is told to read afresh."""
    group.cursor.execute(statements.DELETE_EVENTS, (floor,))
    group.cursor.execute(statements.SET_META, (str(floor), "events_floor"))
    group.memory.events_floor = floor


PAUSE_MS: Final = 20
"""Between two steps, so most of the time disk and interpreter are free for others."""
BUSY: Final = 8
"""Under constant load every eighth group still does one step, or the store would grow for ever."""


def tidy(group: Group, give_back: Callable[[], bool], *, alone: bool) -> None:
    """Do one step, and note when the next is due; ``alone``: no caller waits for the group.

    ``give_back`` gives some room back to the disk; it returns whether there may be more to give.
    """
    memory = group.memory
    if group.now < memory.next_tidy:
        return
    memory.put_off = 0 if alone else memory.put_off + 1
    if memory.put_off % BUSY:
        return
    memory.next_tidy = group.now + EVERY_MS
    if prune(group) or forget_batches(group) or give_back():
        memory.next_tidy = group.now + PAUSE_MS
