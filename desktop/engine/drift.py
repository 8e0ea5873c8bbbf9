"""The time of day jumps: what counts from when it was set moves along with it."""

from __future__ import annotations

from typing import Final

from desktop.engine.clock import DAY_MS
from desktop.engine.group import Group
from desktop.engine.store import control

HOUR_MS: Final = 3600 * 1000
"""After a greater jump nothing is forgotten for its age for a day: a clock that was set wrong is
set right by then."""
JUMP_S: Final = 0.5
"""A smaller difference is left until it has grown, so that nothing is off by more than 1 s."""


class Drift:
    """How far the time of day has gone away from the time that passes, since it was last followed.

    A clock that is set jumps; a machine that sleeps does not, for both times go on.
    """

    def __init__(self) -> None:
        self.jump = 0.0  # to be followed, s
        self._apart: float | None = None

    def look(self, now: float, steady: float) -> None:
        """Compare the time of day, epoch s, with a time that only passes, s."""
        apart = now - steady
        if self._apart is None:
            self._apart = apart
        moved = apart - self._apart
        self.jump = moved if abs(moved) > JUMP_S else 0.0

    def follow(self, group: Group) -> None:
        """Keep the waits that delays and rates have left; a time of day that was given stays.

        Windows read again by one event, however many tasks it is.
        """
        if not self.jump:
            return
        ms = round(self.jump * 1000)
        memory = group.memory
        memory.starts.move(group, ms)
        group.cursor.execute(control.MOVE_DELAYS, (ms,))
        if group.cursor.rowcount:
            group.all_changed()
        memory.next_due = 0
        memory.next_trim = memory.next_tidy = group.now + (DAY_MS if abs(ms) > HOUR_MS else 0)

    def followed(self) -> None:
        """Note that the jump was followed, and that this is on disk."""
        if self._apart is not None:
            self._apart += self.jump
        self.jump = 0.0
