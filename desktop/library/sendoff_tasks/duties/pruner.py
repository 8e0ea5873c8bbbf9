"""Deletes rows that are too old or too many, a few per group: ended tasks, events, answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import chain
from typing import Final

from sendoff_tasks.model.states import State
from sendoff_tasks.model.times import DAY_MS
from sendoff_tasks.store.tables import causes, statements
from sendoff_tasks.store.tables.acts import DELETE_ACTS
from sendoff_tasks.store.tables.cursor import Source
from sendoff_tasks.store.tables.records import BriefRecord
from sendoff_tasks.transaction.group import Group
from sendoff_tasks.transaction.measuring import drop_old
from sendoff_tasks.transaction.parts import Part
from sendoff_tasks.verbs.remove import delete_tasks

ENDED: Final[Sequence[Sequence[State]]] = (
    (State.SUCCEEDED, State.CANCELLED),
    (State.FAILED, State.UNCERTAIN),
)
"""States in which tasks are deleted: sooner, and later, as a person may have to look at them."""
MOST: Final = 2_000_000
"""Most tasks kept in each of these states; the first accepted are deleted first."""
STEP: Final = 100
"""Tasks deleted in one group: some 500 rows, with their history, words and events."""
LINES: Final = 500
"""Most log lines, and most attempts, deleted in one group."""
EVENTS: Final = 100_000
"""Most events kept."""
EVENTS_MS: Final = DAY_MS
"""How long an event is retained, ms."""
ANSWERS_MS: Final = 7 * DAY_MS
"""How long an Idempotency-Key is retained, ms."""
ROWS: Final = 500
"""Rows deleted in one group; more if the group itself adds more."""
EVERY_MS: Final = 60_000
"""How often the duty looks for old rows and for disk space to give back, ms."""
_START: Final = (0, 1 << 62)
"""Where the walk through ended tasks begins: after the open ones, whose end is 0."""


class Retention:
    """How long succeeded and cancelled tasks are retained, ms; others three times as long."""

    def __init__(self, tasks: int = 30 * DAY_MS) -> None:
        self.tasks = tasks


class PrunerProgress(Part):
    """When the duty looks next, and how far it is; times are epoch ms."""

    def __init__(self) -> None:
        self.retention = Retention()
        self.events_floor = 0  # the last event that was deleted
        self.next_trim = 0
        self.next_tidy = 0
        self.put_off = 0  # successive groups in which callers waited while tidying was due
        self.pruned_to: dict[int, tuple[int, int]] = {}  # by age: end and number of the last seen

    def load(self, source: Source) -> None:
        """Read which events were deleted, and begin with the oldest task again."""
        self.events_floor = int(source.execute(statements.EVENTS_FLOOR).fetchone()[0])
        self.pruned_to = {}

    def shift(self, group: Group, ms: int) -> None:
        """Look at once, and begin with the oldest task again."""
        self.next_trim = self.next_tidy = group.now
        self.pruned_to = {}


def prune(group: Group) -> bool:
    """Delete a few tasks; tell whether there may be more.

    Open tasks are never deleted.
    """
    return _too_many(group) or _too_old(group)


def _retention(group: Group) -> Mapping[int, Sequence[State]]:
    """Return how long ended tasks are retained."""
    tasks = group.part(PrunerProgress).retention.tasks
    return dict(zip((tasks, 3 * tasks), ENDED, strict=True))


def _too_many(group: Group) -> bool:
    for state in chain.from_iterable(ENDED):
        count = sum(group.memory.counts[function, state] for function in group.memory.functions)
        if count > MOST:
            oldest = _read(group, statements.OLDEST_IN, state, min(STEP, count - MOST))
            delete_tasks(group, oldest, LINES)
            return True
    return False


def _too_old(group: Group) -> bool:
    """Walk through ended tasks in order; remember how far, because some stay longer than others."""
    if group.memory.is_clock_doubted(group.now):
        return False
    reached = group.part(PrunerProgress).pruned_to
    for age, states in _retention(group).items():
        begin = reached.get(age, _START)
        ended = _read(group, statements.ENDED, *begin, group.now - age, STEP)
        if ended:
            tasks = [task for task in ended if task.state in states]
            if delete_tasks(group, tasks, LINES):
                reached[age] = (ended[-1].finished_at, ended[-1].id)
            return True
    return False


def _read(group: Group, statement: str, *parameters: int | str) -> list[BriefRecord]:
    group.flush()
    return [BriefRecord(*row) for row in group.cursor.execute(statement, parameters)]


def trim(group: Group) -> None:
    """Delete events beyond their number or age, and answers beyond their age.

    The newest event always stays, because counting continues from its number.
    """
    memory, tidying = group.memory, group.part(PrunerProgress)
    surplus = memory.last_event - tidying.events_floor - EVENTS
    if surplus >= ROWS:
        drop_events(group, tidying.events_floor + surplus)
    if group.now >= tidying.next_trim:
        tidying.next_trim = group.now + EVERY_MS
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
    group.cursor.execute(DELETE_ACTS, (group.now - min(_retention(group)),))
    group.cursor.execute(causes.FORGET_CAUSES, (group.now - max(_retention(group)),))
    group.cursor.execute(statements.DELETE_ANSWERS, (group.now - ANSWERS_MS, ROWS))
    if len(aged) == ROWS or group.cursor.rowcount == ROWS:
        group.part(PrunerProgress).next_trim = group.now
        group.more = True


def drop_events(group: Group, floor: int) -> None:
    """Delete events up to ``floor``; a listener that has seen less is told to read everything."""
    group.cursor.execute(statements.DELETE_EVENTS, (floor,))
    group.cursor.execute(statements.PUT_META, ("events_floor", str(floor)))
    group.part(PrunerProgress).events_floor = floor


PAUSE_MS: Final = 20
"""Between two steps, ms; most of the time, disk and GIL are free for others."""
BUSY: Final = 8
"""Under constant load every eighth group still does a step, or the store would grow forever."""


def tidy(group: Group, give_back: Callable[[], bool], *, alone: bool) -> None:
    """Do one step, and record when the next is due; ``alone`` means no caller waits for the group.

    ``give_back`` gives room back to the disk and returns whether there may be more to give.
    """
    tidying = group.part(PrunerProgress)
    if group.now < tidying.next_tidy:
        return
    tidying.put_off = 0 if alone else tidying.put_off + 1
    if tidying.put_off % BUSY:
        return
    tidying.next_tidy = group.now + EVERY_MS
    tidied = (feature.tidy(group) for feature in group.memory.features)
    if prune(group) or any(tidied) or give_back():
        tidying.next_tidy = group.now + PAUSE_MS
