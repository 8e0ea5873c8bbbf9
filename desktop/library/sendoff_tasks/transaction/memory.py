"""The writer's memory of the store; all of it can be read again from there."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

from sendoff_tasks.attempts.claim import Claim
from sendoff_tasks.errors import Fenced
from sendoff_tasks.functions.spec import TaskSpec
from sendoff_tasks.model.states import State
from sendoff_tasks.model.times import DAY_MS
from sendoff_tasks.store.reads.waits import NONE_AT_LIMIT
from sendoff_tasks.store.tables import statements
from sendoff_tasks.store.tables.cursor import Source
from sendoff_tasks.store.tables.records import ALL_QUEUES, FunctionRecord, HeldQueue, TaskRecord
from sendoff_tasks.store.tables.statements import read_pauses
from sendoff_tasks.transaction.measuring import GroupMeasures
from sendoff_tasks.transaction.parts import Part, Watcher
from sendoff_tasks.transaction.responses import Responses

if TYPE_CHECKING:
    from sendoff_tasks.transaction.features import Feature
    from sendoff_tasks.transaction.group import Group

NEVER: Final = 1 << 62
"""A time that never comes, epoch ms."""
P = TypeVar("P", bound=Part)


@dataclass(slots=True)
class RunningTask:
    """An attempt under way, here or on a ``worker``, with its task's current row."""

    record: TaskRecord
    claim: Claim
    lane: str
    queue: str
    worker: str

    @property
    def place(self) -> str:
        """The lane whose slot it takes: one of this process, or of a worker."""
        return self.lane if not self.worker else place_of(self.lane, self.worker)

    @property
    def is_current(self) -> bool:
        """Whether the attempt still owns its task."""
        record = self.record
        return record.attempt == self.claim.attempt and record.state == State.RUNNING


def place_of(lane: str, worker: str) -> str:
    """Return the name of a worker's lane among the busy ones."""
    return f"{lane} of {worker}"


@dataclass(slots=True)
class ClockDoubt:
    """Why no age is relied on for a day, because the clock may be wrong; each is a row of ``meta``.

    A doubt lasts until ``doubted_until``, epoch ms, and is told to people; in it, starts found the
    clock ``set_back`` ms behind. A start long after the last event was at ``rested_at``, epoch ms.
    """

    doubted_until: int = 0
    set_back: int = 0
    rested_at: int = 0


class Memory:
    """Tasks by function and state, queues, the next numbers and times, and running attempts.

    A group changes it as it goes; if the group fails, :meth:`load` restores the store's state.
    ``running`` is the process's own and changes only after a COMMIT. ``busy_lanes`` counts by
    ``RunningTask.place``. Each feature keeps what it remembers in a part of its own.
    """

    def __init__(self, parts: Iterable[Part], features: Sequence[Feature]) -> None:
        self.functions: dict[int, FunctionRecord] = {}
        self.counts: defaultdict[tuple[int, str], int] = defaultdict(int)
        self.seen: Counter[str] = Counter()  # failed and uncertain tasks that a person has seen
        self.held_queues: dict[str, HeldQueue] = {}
        self.pauses: dict[str, int] = {}  # since when, epoch ms; "" stands for all queues
        self.at_limit = NONE_AT_LIMIT  # the limits that queues have reached; new in each group
        self.last_task = 0
        self.last_event = 0
        self.next_due = 0  # when time alone moves a task
        self.next_group = NEVER  # when another group has to follow for any other reason
        self.doubt = ClockDoubt()
        self.running: dict[int, RunningTask] = {}
        self.busy_lanes: Counter[str] = Counter()
        self.busy_queues: Counter[str] = Counter()
        self.folder: Path | None = None  # of the store; none for a database on a server
        self.measured = GroupMeasures()
        self.responses = Responses()
        self.features = features
        parts = [self.measured, self.responses, *parts]
        self.watchers = [each for each in parts if isinstance(each, Watcher)]
        self._of_all = [each for each in self.watchers if not each.of_subjects]
        self._parts: dict[type[Part], Any] = {type(each): each for each in parts}
        self._ids: dict[tuple[str, str, str, str], int] = {}

    def part(self, kind: type[P]) -> P:
        """Return what a feature remembers."""
        part: P = self._parts[kind]
        return part

    @property
    def parts(self) -> Iterable[Part]:
        """What each feature remembers."""
        return self._parts.values()

    def watchers_of(self, subject: int | None) -> Sequence[Watcher]:
        """Return who is told of the tasks of a subject, or of those without one."""
        return self.watchers if subject is not None else self._of_all

    def load(self, source: Source) -> None:
        """Load everything from the store."""
        execute = source.execute
        self.functions = {row[0]: FunctionRecord(*row) for row in execute(statements.FUNCTIONS)}
        self._ids = {(f.name, f.queue, f.lane, f.title): f.id for f in self.functions.values()}
        self.counts = defaultdict(int, {(f, s): n for f, s, n in execute(statements.COUNTS)})
        self.seen = Counter(dict(execute(statements.COUNT_SEEN).fetchall()))
        self.held_queues = {row[0]: HeldQueue(*row) for row in execute(statements.QUEUES)}
        self.pauses = read_pauses(source)
        self.last_event = statements.read_newest_event(source)
        row = execute(statements.LAST_TASK).fetchone()
        self.last_task = row[0] if row else 0
        for key in statements.DOUBTED_UNTIL, statements.SET_BACK, statements.RESTED_AT:
            setattr(self.doubt, key, int(statements.read_meta(source, key) or 0))
        self.next_due, self.next_group = 0, NEVER
        for task_id, running in list(self.running.items()):
            row = execute(statements.TASK, (task_id,)).fetchone()
            if row is not None:
                running.record = TaskRecord(*row)
            if row is None or not running.is_current:  # another program has changed it
                del self.running[task_id]
        self.busy_lanes = Counter(running.place for running in self.running.values())
        self.busy_queues = Counter(running.queue for running in self.running.values())
        for part in self.parts:
            part.load(source)

    def begin(self, group: Group) -> None:
        """Begin a group."""
        for part in self.parts:
            part.begin(group)

    def undo(self) -> None:
        """Undo the group that failed; :meth:`load` restores the rest."""
        for part in self.parts:
            part.undo()

    def commit(self, group: Group) -> None:
        """Record the attempts that ended and began with a COMMIT."""
        for task_id in group.ended:
            del self.running[task_id]
        for running in group.claimed:
            self.running[running.record.id] = running
        for part in self.parts:
            part.commit(group)

    def under_way(self, claim: Claim) -> RunningTask:
        """Return the attempt if it still owns its task; else raise ``Fenced``."""
        running = self.running.get(claim.task_id)
        if running is None or not running.is_current or running.claim.attempt != claim.attempt:
            raise Fenced(claim.task_id, claim.attempt)
        return running

    def function_id(self, spec: TaskSpec) -> int | None:
        """Return the number of the function as it is described now, if it has one."""
        return self._ids.get((spec.name, spec.queue, spec.lane, spec.title))

    def add_function(self, function: FunctionRecord) -> None:
        """Add a function that was just inserted."""
        self.functions[function.id] = function
        self._ids[function.name, function.queue, function.lane, function.title] = function.id

    def is_stopped(self, queue: str, now: int) -> bool:
        """Tell whether the queue is held or paused, so nothing may start; ``now`` in epoch ms.

        A queue is not stopped while one of its tasks may probe.
        """
        held = self.held_queues.get(queue)
        if held is not None and not held.may_probe(now):
            return True
        return not self.pauses.keys().isdisjoint({queue, ALL_QUEUES})

    def is_clock_doubted(self, now: int) -> bool:
        """Tell whether the clock may be wrong, by a jump or a start less than a day ago."""
        doubt = self.doubt
        return now < doubt.doubted_until or 0 <= now - doubt.rested_at < DAY_MS

    def has_any(self, state: State) -> bool:
        """Tell whether any task is in this state."""
        return any(self.counts[number, state] for number in self.functions)

    def queued(self) -> list[FunctionRecord]:
        """Return the functions with tasks ready to be claimed."""
        counts, waiting = self.counts, self.responses.queued
        every = self.functions.values()
        return [f for f in every if counts[f.id, State.QUEUED] > waiting[f.id]]
