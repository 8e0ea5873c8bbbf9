"""The responses that tasks wait for; only the writer's memory knows them.

In the store these tasks are queued like all others, so the next start claims them at once. A
response is named by the process that sends it, which is empty for this one, and by a number:
``process 4f…/7``.
"""

from __future__ import annotations

import json
from collections import Counter, deque
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from sendoff_tasks.model.states import State
from sendoff_tasks.store.tables.cursor import Source
from sendoff_tasks.store.tables.records import TaskRecord
from sendoff_tasks.store.tables.statements import QUEUED_AMONG, TASKS
from sendoff_tasks.transaction.parts import Watcher

if TYPE_CHECKING:
    from sendoff_tasks.transaction.group import Group

SILENCE_MS: Final = 600_000
"""How long tasks wait for a response of another process, ms: its end may be lost."""


class Responses(Watcher):
    """The tasks of each response that was not sent yet: none of them is claimed."""

    def __init__(self) -> None:
        self.over: deque[str] = deque()
        """Responses of this process that are over; any thread appends."""
        self.queued: Counter[int] = Counter()
        """How many queued tasks of each function wait."""
        self._tasks: dict[str, Sequence[int]] = {}
        self._names: dict[int, str] = {}  # the response of each task
        self._functions: dict[int, int] = {}  # of those tasks that are queued
        self._leases: dict[str, int] = {}  # of other processes, epoch ms; the first ends first
        self._new: set[str] = set()
        self._let_go: set[int] = set()  # queued tasks that wait no more
        self.collected = (self._new, self._let_go)

    def load(self, source: Source) -> None:
        """Count again which of the tasks are queued."""
        if self._names:
            found = source.execute(QUEUED_AMONG, (json.dumps([*self._names]),)).fetchall()
            self._functions = dict(found)
            self.queued = Counter(self._functions.values())

    def undo(self) -> None:
        """Forget the responses of a failed group; their tasks may be submitted again."""
        for name in self._new:
            if name not in self._tasks:
                self.over.append(name)
            self.end(name)

    def shift(self, group: Group, ms: int) -> None:
        """Keep what is left of the time that tasks wait."""
        self._leases = {name: until + ms for name, until in self._leases.items()}

    def moved(self, record: TaskRecord, before: str) -> None:
        """Follow a task that waits to another state."""
        if record.id in self._names:
            self._uncount(record.id)
            if record.state == State.QUEUED:
                self._count(record)

    def hold(self, group: Group, response: str, tasks: Sequence[int]) -> None:
        """Have new tasks wait for a response."""
        self._tasks[response] = tasks
        self._new.add(response)
        if _process_of(response):
            self._leases[response] = group.now + SILENCE_MS
        for number in tasks:
            self._names[number] = response
            record = group.read(number)
            if record.state == State.QUEUED:
                self._count(record)

    def __contains__(self, number: object) -> bool:
        """Tell whether a task waits for a response; any thread may ask."""
        return number in self._names

    def end(self, response: str) -> None:
        """Let the tasks of a response go, if there are any."""
        self._leases.pop(response, None)
        for number in self._tasks.pop(response, ()):
            del self._names[number]
            if self._uncount(number):
                self._let_go.add(number)

    def end_all(self, process: str) -> None:
        """Let the tasks of a process go that has ended."""
        for name in [each for each in self._tasks if _process_of(each) == process]:
            self.end(name)

    def settle(self, group: Group) -> None:
        """Let tasks go whose response is over, or takes too long.

        They are read at once, so that no queue has to be searched for them.
        """
        while self.over:
            self.end(self.over.popleft())
        for name, until in [*self._leases.items()]:
            if until > group.now:
                group.again_at(until)
                break
            self.end(name)
        if self._let_go:
            found = group.select(TASKS, json.dumps([*self._let_go]))
            group.ready |= {record.id: record for record in found}

    def _count(self, record: TaskRecord) -> None:
        self._functions[record.id] = record.function
        self.queued[record.function] += 1

    def _uncount(self, number: int) -> bool:
        """Take a task out of the count; tell whether it was in it."""
        function = self._functions.pop(number, None)
        if function is not None:
            self.queued[function] -= 1
        return function is not None


def _process_of(response: str) -> str:
    return response.rpartition("/")[0]
