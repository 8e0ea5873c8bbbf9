"""The due times of the task that runs by itself, as they are read after each commit."""

from __future__ import annotations

from typing import Any

from sendoff_tasks.schedules import RETAINED_MS
from tests.simulation.computer.clock import Clock
from tests.simulation.judging.broken import expect
from tests.simulation.stage.functions import CHIME_S

TAKEN = "SELECT due_at, task_id FROM due_times"
NOTED = "SELECT count(*) FROM due_times WHERE task_id = ?"
ONCE = "a due time has one task"


class DueTimes:
    """Remembers, through every crash, which due time led to which task."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._taken: dict[int, int] = {}
        self._there: dict[int, int] = {}  # as they were read last
        self._since: float | None = None  # from when on all have to be there, epoch s

    def look(self, connection: Any) -> None:
        """Read them, and compare with what was read before."""
        rows: dict[int, int] = dict(connection.execute(TAKEN).fetchall())
        if rows == self._there:
            return
        lost = [
            f"that at {due} led to task {task_id}, and to {rows.get(due)} by now"
            for due, task_id in self._taken.items() - rows.items()
            if due >= self._clock.furthest * 1000 - RETAINED_MS
        ]
        expect(not lost, ONCE, "; ".join(sorted(lost)))
        newest = max(rows, default=0)
        early = newest > self._clock.furthest * 1000
        expect(not early, "not early", f"a due time to come is taken: {newest}")
        tasks = [*rows.values()]
        expect(len(tasks) == len({*tasks}), ONCE, f"one task for two: {sorted(tasks)}")
        self._taken |= rows
        self._there = rows

    def made(self, connection: Any, task_id: int) -> None:
        """See that a task was made for a due time, and that this was noted with it."""
        (count,) = connection.execute(NOTED, (task_id,)).fetchone()
        expect(count == 1, ONCE, f"task {task_id} was made for {count}")

    def complete(self, now: float) -> None:
        """See that the last one is taken, by a program at rest whose clock was never set."""
        if self._since is None:
            self._since = now
        last = int(now // CHIME_S) * CHIME_S
        there = last <= self._since or last * 1000 in self._taken
        expect(there, "no due time is left out", f"that at {last} has no task")
