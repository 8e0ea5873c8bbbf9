"""Decides which task starts next; the index of queued tasks is the queue, the writer claims."""

from __future__ import annotations

import json
from collections import Counter, defaultdict, deque
from collections.abc import Iterable
from typing import Final

from desktop.contract.states import State
from desktop.contract.tasks import BULK_LIMIT
from desktop.engine.dispatch.claimer import Claimer
from desktop.engine.store.tables import statements
from desktop.engine.store.tables.queues import FIRST_QUEUED, LOWEST, OLDEST
from desktop.engine.store.tables.records import FunctionRecord, TaskRecord
from desktop.engine.transaction.group import Group
from desktop.engine.transaction.parts import Part
from desktop.engine.transaction.pending import PendingRecords

BY_AGE: Final = 8
"""One start in ``BY_AGE`` of a lane, and of a queue, goes to the oldest task, so no priority blocks
another forever."""
LEVELS: Final = 64
"""Priorities in which one search looks for the oldest task; the next search covers the others."""
TOP: Final = 1 << 32
"""A number above every priority."""


class Begun(Part):
    """How many attempts have begun in each lane, and of each queue, since the engine's start."""

    def __init__(self) -> None:
        self.lanes: Counter[str] = Counter()
        self.queues: Counter[str] = Counter()

    def commit(self, group: Group) -> None:
        """Count the attempts that began."""
        for running in group.claimed:
            self.lanes[running.lane] += 1
            self.queues[running.queue] += 1


class Dispatcher:
    """Starts queued tasks while there is room, the best first."""

    def __init__(self) -> None:
        self._below: dict[int, int] = {}  # by function: where the next search starts

    def serve(self, group: Group, claimer: Claimer) -> None:
        """Give each lane its next tasks, of functions that have room.

        A task that is new in the group and starts at once is never written as *queued*, nor read
        again.
        """
        fresh: dict[int, list[TaskRecord]] = {}
        for task in group.ready.values():
            fresh.setdefault(task.function, []).append(task)
        lanes: dict[str, list[_Line]] = {}
        for function in group.memory.queued():
            lane, room = claimer.lane(function), claimer.room(function)
            if lane is not None and room > 0:
                line = _line(group, function, fresh.get(function.id, []), room)
                if line.tasks:
                    lanes.setdefault(lane, []).append(line)
        for lane, lines in lanes.items():
            self._serve(group, claimer, lane, lines)

    def _serve(self, group: Group, claimer: Claimer, lane: str, lines: list[_Line]) -> None:
        """Fill one lane: by priority, then by fewer running tasks of the queue, then by number."""
        memory = group.memory
        begun = memory.part(Begun).lanes[lane]
        in_queues: defaultdict[str, int] = defaultdict(int, memory.part(Begun).queues)
        while lines:
            by_age = _is_by_age(begun)
            line = self._next(group, lines, by_age=by_age)
            queue = line.function.queue
            by_age = by_age or _is_by_age(in_queues[queue])
            task = self._oldest(group, line) if by_age else line.tasks[0]
            if claimer.take(task):
                if task.state == State.RUNNING:  # it was not put aside instead
                    begun += 1
                    in_queues[queue] += 1
                line.drop(task)
            else:
                line.tasks.clear()
            if not line.tasks:
                lines.remove(line)

    def _next(self, group: Group, lines: list[_Line], *, by_age: bool) -> _Line:
        if len(lines) == 1:
            return lines[0]
        if by_age:
            return min(lines, key=lambda line: self._oldest(group, line).id)
        busy = group.memory.busy_queues
        return min(lines, key=lambda line: line.rank(busy[line.function.queue]))

    def _oldest(self, group: Group, line: _Line) -> TaskRecord:
        if line.oldest is None:
            if line.free is not None:
                line.oldest = group.read(min(line.free))
            elif line.whole:
                line.oldest = min(line.tasks, key=lambda task: task.id)
            elif self._is_level(group, line):
                line.oldest = line.tasks[0]
            else:
                number = self._search(group, line.function.id)
                mine = (task for task in line.tasks if task.id == number)
                line.oldest = next(mine, None) or group.read(number)
        return line.oldest

    def _is_level(self, group: Group, line: _Line) -> bool:
        """Return whether all queued tasks have one priority; then the best task is the oldest."""
        if line.lowest is None:
            lowest = group.cursor.execute(LOWEST, (line.function.id,)).fetchone()
            line.lowest = lowest[0]
        return line.tasks[0].priority == line.lowest

    def _search(self, group: Group, function: int) -> int:
        """Return the lowest task number in the next ``LEVELS`` priorities."""
        group.flush()
        found: list[tuple[int, int]] = []
        below = self._below.pop(function, TOP)
        while not found:
            parameters = (function, below, function, function, LEVELS)
            found = group.cursor.execute(OLDEST, parameters).fetchall()
            below = TOP
        if len(found) == LEVELS:
            self._below[function] = found[-1][0]
        return min(number for _, number in found)


class _Line:
    """The queued tasks of one function, the best first; ``whole`` if the store has no more."""

    def __init__(
        self, function: FunctionRecord, tasks: Iterable[TaskRecord], *, whole: bool
    ) -> None:
        self.function = function
        self.tasks = deque(tasks)
        self.whole = whole
        self.oldest: TaskRecord | None = None
        self.free: set[int] | None = None  # those that may start, if some must not
        self.lowest: int | None = None  # priority of the queued tasks, once read

    def rank(self, running: int) -> tuple[int, int, int]:
        """Return the sort key of its best task; ``running`` counts the queue's running tasks."""
        best = self.tasks[0]
        return -best.priority, running, best.id

    def drop(self, task: TaskRecord) -> None:
        """Remove a task that was taken."""
        if self.tasks[0] is task:
            self.tasks.popleft()
        else:
            self.tasks = deque(other for other in self.tasks if other is not task)
        if self.oldest is task:
            self.oldest = None
        if self.free is not None:
            self.free.discard(task.id)


def _line(group: Group, function: FunctionRecord, fresh: list[TaskRecord], room: int) -> _Line:
    """Return the queued tasks of a function; if all are ``fresh``, none has to be read."""
    if group.part(PendingRecords).has_cancels:
        return _without_cancelled(group, function, room)
    if group.memory.counts[function.id, State.QUEUED] == len(fresh):
        return _Line(function, sorted(fresh, key=_rank), whole=True)
    found = group.select(statements.CLAIMABLE, function.id, room)
    return _Line(function, found, whole=len(found) < room)


def _without_cancelled(group: Group, function: FunctionRecord, room: int) -> _Line:
    """Return the queued tasks of a function whose cancel is not pending.

    Beyond ``BULK_LIMIT`` of those, others wait too, until they are cancelled or it is undone.
    """
    group.flush()
    queued = group.cursor.execute(FIRST_QUEUED, (function.id, room + BULK_LIMIT)).fetchall()
    pending = group.part(PendingRecords)
    free = [number for _, number in queued if not pending.is_to_be_cancelled(number)]
    found = group.select(statements.TASKS, json.dumps(free[:room]))
    line = _Line(function, sorted(found, key=_rank), whole=False)
    line.free = {*free}
    return line


def _is_by_age(begun: int) -> bool:
    return begun % BY_AGE == BY_AGE - 1


def _rank(task: TaskRecord) -> tuple[int, int]:
    return -task.priority, task.id
