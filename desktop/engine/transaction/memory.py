"""The writer's memory of the store; all of it can be read again from there."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Final

from desktop.contract.states import State
from desktop.contract.tasks import ID_LIMIT
from desktop.engine.attempts.claim import Claim
from desktop.engine.errors import Fenced
from desktop.engine.functions.spec import TaskSpec
from desktop.engine.lanes.worker_offer import WorkerOffer
from desktop.engine.store.reads.waits import NONE_AT_LIMIT
from desktop.engine.store.tables import beside_tasks, statements
from desktop.engine.store.tables.batch_statements import UNDER_WAY
from desktop.engine.store.tables.batches import BatchRecord
from desktop.engine.store.tables.beside_tasks import ANY_CONTEXT
from desktop.engine.store.tables.cursor import Source
from desktop.engine.store.tables.item_statements import LAST_ITEM_BELOW
from desktop.engine.store.tables.queues import read_pauses
from desktop.engine.store.tables.records import ALL_QUEUES, FunctionRecord, HeldQueue, TaskRecord
from desktop.engine.store.tables.schedules import SCHEDULES, ScheduleRecord
from desktop.engine.transaction.measuring import Pace, QueuedSince
from desktop.engine.transaction.pending import PendingRecords
from desktop.engine.transaction.starts import Starts
from desktop.engine.transaction.turns import Turns

NEVER: Final = 1 << 62
"""A time that never comes, epoch ms."""


@dataclass(slots=True)
class RunningTask:
    """An attempt under way, here or on a ``worker``, with its task's current row."""

    record: TaskRecord
    claim: Claim
    lane: str
    queue: str
    worker: str = ""

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
class Indexing:
    """When new tasks become searchable by all their words; times are epoch ms, 0 for none."""

    due: int = 0
    at_latest: int = 0
    newest: int = 0  # the last task when the previous group looked
    told: int = 0  # listeners know that tasks up to this one can be found by all their words
    told_at: int = 0


@dataclass(slots=True)
class ItemNumbers:
    """What one group knows of items' numbers: there is none above ``last``.

    If it ``is_crowded`` at the highest possible number, each number has to be looked up.
    """

    last: int
    is_crowded: bool

    def note(self, number: int) -> None:
        """Record that an item was added."""
        if number < ID_LIMIT:
            self.last = max(self.last, number)
        else:
            self.is_crowded = True


class Memory:
    """Counts, functions, held queues, batches, the next numbers, and running attempts.

    A group changes it as it goes; if the group fails, :meth:`load` restores the store's state.
    ``running``, ``begun_…`` and ``trials`` are the process's own and change only after a COMMIT;
    ``turns`` and ``next_age`` are its own, too, and are put back if the group fails.
    ``busy_lanes`` counts by ``RunningTask.place``.
    """

    def __init__(self) -> None:
        self.functions: dict[int, FunctionRecord] = {}
        self.counts: defaultdict[tuple[int, str], int] = defaultdict(int)
        self.seen: Counter[str] = Counter()  # failed and uncertain tasks that a person has seen
        self.held_queues: dict[str, HeldQueue] = {}
        self.pauses: dict[str, int] = {}  # since when, epoch ms; "" stands for all queues
        self.trials: set[str] = set()  # queues released from a hold, in which one task tries alone
        self.batches: dict[int, BatchRecord] = {}  # started, with open rows
        # By batch: the last row fed, and the tasks of the next row, which found no room.
        self.stuck: dict[int, tuple[int, list[str]]] = {}
        self.busy_tried: dict[int, int] = {}  # by batch: the last busy row that was retried
        self.feeding_is_put_off = False  # the last group left it to the next one
        self.followers = 0  # tasks that wait for others, or will
        self.sources: dict[str, str] = {}  # where decorated functions are defined
        self.schedules: dict[str, ScheduleRecord] = {}
        self.next_schedule = 0  # when the next schedule is due; 0: look at all of them
        self.scheduled = 0  # the registry version last looked at for schedules
        self.has_contexts = False  # whether context variables travel with any task
        self.starts = Starts()
        self.pending = PendingRecords()
        self.pace = Pace()
        self.at_limit = NONE_AT_LIMIT  # the limits that queues have reached; new in each group
        self.last_task = 0
        self.last_item = 0  # no item has a higher number
        self.last_event = 0
        self.events_floor = 0
        self.next_due = 0  # when time alone moves a task
        self.next_group = NEVER  # when another group has to follow for any other reason
        self.next_age = NEVER  # when an attempt reaches an age that matters after a crash
        self.next_trim = 0
        self.next_tidy = 0
        self.searched_to = 0  # the last task that can be found by all its words
        self.indexing = Indexing()
        self.put_off = 0  # successive groups in which callers waited while tidying was due
        self.doubted_until = 0  # the clock may be wrong: no age is relied on until then, epoch ms
        self.pruned_to: dict[int, tuple[int, int]] = {}  # by age: end and number of the last seen
        self.registered = 0  # the registry version last looked at
        self.may_have_returned: list[FunctionRecord] = []
        self.told_to = 0  # of the last of these: the last task that got its explanation
        self.stop_noted = False  # whether the store records that the engine stops
        self.turns = Turns()
        self.queued_since = QueuedSince()
        self.retention: int | None = None  # how long an app keeps ended tasks, ms
        self.running: dict[int, RunningTask] = {}
        self.workers: dict[str, WorkerOffer] = {}  # workers that take orders; not in the store
        self.lacks_slots = False  # whether they lack slots for as many attempts as began last
        # By queue: the processes that cannot run its tasks, and until when, epoch ms.
        self.unable: defaultdict[str, dict[str, int]] = defaultdict(dict)
        self.busy_lanes: Counter[str] = Counter()
        self.busy_queues: Counter[str] = Counter()
        self.begun_lanes: Counter[str] = Counter()
        self.begun_queues: Counter[str] = Counter()
        self._ids: dict[tuple[str, str, str, str], int] = {}

    def load(self, source: Source) -> None:
        """Load everything from the store."""
        execute = source.execute
        self.functions = {row[0]: FunctionRecord(*row) for row in execute(statements.FUNCTIONS)}
        self.may_have_returned, self.told_to = list(self.functions.values()), 0
        self._ids = {(f.name, f.queue, f.lane, f.title): f.id for f in self.functions.values()}
        self.counts = defaultdict(int, {(f, s): n for f, s, n in execute(statements.COUNTS)})
        self.seen = Counter(dict(execute(statements.COUNT_SEEN).fetchall()))
        self.held_queues = {row[0]: HeldQueue(*row) for row in execute(statements.QUEUES)}
        self.pauses = read_pauses(source)
        self.batches = {row[0]: BatchRecord(*row) for row in execute(UNDER_WAY)}
        self.stuck = {}
        self.busy_tried = {}
        self.feeding_is_put_off = False
        self.followers = execute(beside_tasks.COUNT_FOLLOWERS).fetchone()[0]
        self.sources = dict(execute(beside_tasks.SOURCES).fetchall())
        self.schedules = {row[0]: ScheduleRecord(*row) for row in execute(SCHEDULES)}
        self.next_schedule = 0
        self.has_contexts = bool(execute(ANY_CONTEXT).fetchone()[0])
        self.starts.load(source)
        self.pending.load(source)
        self.pace.load()
        self.events_floor = int(execute(statements.EVENTS_FLOOR).fetchone()[0])
        self.last_event = execute(statements.LAST_EVENT).fetchone()[0] or self.events_floor
        row = execute(statements.LAST_TASK).fetchone()
        self.begin_after(row[0] if row else 0)
        row = execute(LAST_ITEM_BELOW, (ID_LIMIT + 1,)).fetchone()
        self.last_item = row[0] if row else 0
        row = execute(statements.META, (statements.DOUBTED_UNTIL,)).fetchone()
        self.doubted_until = int(row[0]) if row else 0
        row = execute(statements.META, (statements.SEARCHED_TO,)).fetchone()
        self.searched_to = self.indexing.told = int(row[0]) if row else 0
        self.stop_noted = execute(statements.META, (statements.STOPPING,)).fetchone() is not None
        self.next_due, self.next_group = 0, NEVER
        self.pruned_to = {}
        for task_id, running in list(self.running.items()):
            row = execute(statements.TASK, (task_id,)).fetchone()
            if row is not None:
                running.record = TaskRecord(*row)
            if row is None or not running.is_current:  # another program has changed it
                del self.running[task_id]
        self.busy_lanes = Counter(running.place for running in self.running.values())
        self.busy_queues = Counter(running.queue for running in self.running.values())

    def begin_after(self, last_task: int) -> None:
        """Set the highest task number; when older tasks became ready is then unknown."""
        self.last_task = last_task
        self.queued_since.forget(last_task)

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

    def paused_since(self, queue: str) -> int | None:
        """Return since when the queue is paused, alone or with all others, epoch ms."""
        if not self.pauses:
            return None
        since = self.pauses.get(queue, NEVER), self.pauses.get(ALL_QUEUES, NEVER)
        return min(since) if min(since) != NEVER else None

    def stands(self, queue: str, now: int) -> bool:
        """Return whether the queue is held or paused, so nothing may start; ``now`` in epoch ms.

        A queue does not stand while one of its tasks may probe.
        """
        held = self.held_queues.get(queue)
        if held is not None and not held.may_probe(now):
            return True
        return self.paused_since(queue) is not None

    def turn(self, ended: Collection[int], begun: Collection[RunningTask]) -> None:
        """Record the attempts that ended and began with a COMMIT."""
        if ended or begun:
            self.lacks_slots = self._lacks_slots(begun)
        for task_id in ended:
            del self.running[task_id]
        for running in begun:
            self.running[running.record.id] = running
            self.begun_lanes[running.lane] += 1
            self.begun_queues[running.queue] += 1

    def free_slots(self, worker: WorkerOffer, lane: str) -> int:
        """Return how many more tasks a worker can run in a lane."""
        return worker.slots.get(lane, 0) - self.busy_lanes[place_of(lane, worker.id)]

    def _lacks_slots(self, begun: Iterable[RunningTask]) -> bool:
        """Return whether any worker lacks the slots for as many attempts again as these."""
        if not self.workers:
            return False
        taken = Counter((each.worker, each.lane) for each in begun)
        return any(
            n > self.free_slots(self.workers[worker], lane)
            for (worker, lane), n in taken.items()
            if worker in self.workers
        )

    def is_clock_doubted(self, now: int) -> bool:
        """Return whether the clock may be wrong, by a jump or a start less than a day ago."""
        return now < self.doubted_until

    def unfinished(self) -> dict[str, str]:
        """Map the functions of tasks that may run again to their places.

        A function whose place is not known has its name there.
        """
        ends = {State.SUCCEEDED.value}
        left = {f for (f, state), n in self.counts.items() if n and state not in ends}
        names = sorted({self.functions[f].name for f in left})
        return {name: self.sources.get(name, name) for name in names}

    def has_any(self, state: State) -> bool:
        """Return whether any task is in this state."""
        return any(self.counts[number, state] for number in self.functions)

    def queued(self) -> list[FunctionRecord]:
        """Return the functions with tasks ready to be claimed."""
        return [f for f in self.functions.values() if self.counts[f.id, State.QUEUED]]

    def not_running(self) -> list[FunctionRecord]:
        """Return the functions with open tasks that do not run now."""
        states = (State.SCHEDULED, State.QUEUED, State.WAITING)
        functions = self.functions.values()
        return [f for f in functions if any(self.counts[f.id, state] for state in states)]
