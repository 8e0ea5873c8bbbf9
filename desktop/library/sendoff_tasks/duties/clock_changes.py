"""When the clock is set, delays and other times that count from a moment shift with it.

Where it jumps, or seems wrong at a start, nothing is deleted for its age for a day.
"""

from __future__ import annotations

from typing import Final

from sendoff_tasks.model.times import DAY_MS, HOUR_MS
from sendoff_tasks.queues.holds import move_probes
from sendoff_tasks.store.tables import statements
from sendoff_tasks.store.tables.records import DEADLINE_COUNTS
from sendoff_tasks.transaction.group import Group

JUMP_MS: Final = HOUR_MS
"""After a larger jump, nothing is deleted for its age for a day, even after a restart. A clock that
was set wrong is corrected by then."""
BEHIND_MS: Final = 60 * 1000
AHEAD_MS: Final = 90 * DAY_MS
"""At a start, the clock may be behind the store's newest event by this much, or ahead of it."""
FAR_AHEAD_MS: Final = 6 * DAY_MS
"""After a start that is further ahead, nothing is deleted for its age for a day, without a notice:
most often the program was off for so long. Less than a key is kept. Once in ``AHEAD_MS``, or a
program that is started once a month for an hour would delete nothing."""
JUMP_S: Final = 0.5
"""A smaller difference is ignored until it has grown, so nothing is off by more than 1 s."""


class Drift:
    """The drift between the time of day and the time that passes, since it was last followed.

    A clock that is set jumps; a machine that sleeps does not, because both clocks continue.
    """

    def __init__(self) -> None:
        self.jump = 0.0  # still to be followed, s
        self._apart: float | None = None

    def look(self, now: float, steady: float) -> None:
        """Compare the time of day, epoch s, with a time that only passes, s."""
        if self._apart is None:
            self._apart = now - steady
        self.jump = self.since_followed(now, steady)

    def since_followed(self, now: float, steady: float) -> float:
        """Return by how many s the clock has jumped that the store does not follow yet."""
        moved = 0.0 if self._apart is None else now - steady - self._apart
        return moved if abs(moved) > JUMP_S else 0.0

    def follow(self, group: Group) -> None:
        """Keep what is left of delays, rates and deadlines; times of day do not shift.

        One event makes windows read again, however many tasks there are; and it tells the next
        start that the clock was followed.
        """
        if self.jump:
            group.cursor.execute(statements.DELETE_META, (statements.LIVED,))
            _shift(group, round(self.jump * 1000))
            group.all_changed()

    def followed(self) -> None:
        """Record that the jump was followed and that this is on disk."""
        if self._apart is not None:
            self._apart += self.jump
        self.jump = 0.0


def _shift(group: Group, ms: int) -> None:
    """Shift everything that counts from a moment."""
    memory, doubt = group.memory, group.memory.doubt
    for part in memory.parts:
        part.shift(group, ms)
    move_probes(group, ms)
    _move_tasks(group, ms)
    memory.next_due = 0
    if abs(ms) > JUMP_MS:
        _doubt(group, group.now + DAY_MS)
        _move_answers(group, ms)
    elif group.now - ms < doubt.doubted_until:
        _doubt(group, doubt.doubted_until + ms, doubt.set_back)


def _move_tasks(group: Group, ms: int) -> None:
    """Shift delays and relative deadlines."""
    for statement in (statements.MOVE_DELAYS, statements.MOVE_DEADLINES):
        group.cursor.execute(statement, (ms,))
    for running in group.memory.running.values():  # their rows are in memory
        record = running.record
        if record.deadline is not None and record.delayed & DEADLINE_COUNTS:
            record.deadline += ms


def doubt_at_start(group: Group) -> None:
    """Doubt a clock that does not fit the store's newest event, or its last doubt.

    One that is behind the event has been set back, so times that count from a moment shift with it.
    An event notes that: they shift once. If the clock was in doubt at that event, it may have been
    put right since, and what happened a moment ago looks old. Where a start had set it back, and it
    is now ahead by as much or more, those times shift forward again: better late than early. One
    that is behind the beginning of the last doubt may be what an earlier doubt was about.
    """
    memory, doubt = group.memory, group.memory.doubt
    row = group.cursor.execute(statements.EVENT_AT, (memory.last_event,)).fetchone()
    if row is None:
        return
    began = doubt.doubted_until - DAY_MS
    is_in_doubt = began - BEHIND_MS <= row[0] < doubt.doubted_until  # at that event
    set_back = doubt.set_back if is_in_doubt else 0
    ahead = group.now - row[0]
    if ahead < -BEHIND_MS:
        _shift_at_start(group, ahead, set_back - ahead)
    elif JUMP_MS < set_back <= ahead:
        _shift_at_start(group, set_back, 0)
    elif group.now < began or (
        ahead > (JUMP_MS if is_in_doubt else AHEAD_MS) and group.now >= doubt.doubted_until
    ):
        _doubt(group, group.now + DAY_MS, set_back)
    elif ahead > FAR_AHEAD_MS and not 0 <= group.now - doubt.rested_at < AHEAD_MS:
        _note(group, statements.RESTED_AT, group.now)


def _shift_at_start(group: Group, ms: int, set_back: int) -> None:
    _shift(group, ms)
    _doubt(group, group.now + DAY_MS, set_back)
    group.all_changed()


def _doubt(group: Group, until: int, set_back: int = 0) -> None:
    """Delete nothing for its age until then, epoch ms; starts found the clock ``set_back``, ms."""
    _note(group, statements.DOUBTED_UNTIL, until)
    _note(group, statements.SET_BACK, set_back)


def _note(group: Group, key: str, value: int) -> None:
    setattr(group.memory.doubt, key, value)
    group.cursor.execute(statements.PUT_META, (key, str(value)))


def _move_answers(group: Group, ms: int) -> None:
    """Keep the age of first answers, as the clock showed it before the jump.

    Answers in the future by that clock are left, because it showed their age wrongly. A clock set
    back shifts only answers that would now be in the future, so none is deleted early.
    """
    first = group.now + 1 if ms < 0 else 0
    group.cursor.execute(statements.MOVE_ANSWERS, (ms, first, group.now - ms))
