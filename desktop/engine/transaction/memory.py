"""What the writer remembers of the store; all of it can be read again from there."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from desktop.contract.states import State
from desktop.contract.tasks import ID_LIMIT
from desktop.engine.attempts.claim import Claim
from desktop.engine.clock import DAY_MS
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
from desktop.engine.transaction.starts import Starts

NEVER: Final = 1 << 62
"""A time that does not come, epoch ms."""


@dataclass(slots=True)
class RunningTask:
    """An attempt under way in a lane, here or of a ``worker``, and its task's row as it is now."""

    record: TaskRecord
    claim: Claim
    lane: str
    queue: str
    worker: str = ""

    @property
    def place(self) -> str:
        """Where it has a slot: a lane of this process, or of a worker."""
        return self.lane if not self.worker else place_of(self.lane, self.worker)

    @property
    def is_current(self) -> bool:
        """Whether the attempt is still its task's own."""
        record = self.record
        return record.attempt == self.claim.attempt and record.state == State.RUNNING


def place_of(lane: str, worker: str) -> str:
    """Name a worker's lane among the busy ones."""
    return f"{lane} of {worker}"


@dataclass(slots=True)
class Indexing:
    """When tasks that came are found by all their words; times are epoch ms, 0 for none."""

    due: int = 0
    at_latest: int = 0
    newest: int = 0  # the last task that was there when the group before looked


@dataclass(slots=True)
class ItemNumbers:
    """What one group knows of the numbers of items: above the ``last`` there are no others.

    Only where it ``is_crowded`` at the highest number there can be, each has to be looked up.
    """

    last: int
    is_crowded: bool

    def note(self, number: int) -> None:
        """Note that an item was added."""
        if number < ID_LIMIT:
            self.last = max(self.last, number)
        else:
            self.is_crowded = True


class Memory:
    """Counts, functions, held queues, batches, the next numbers, and what is running.

    A group changes it as it goes; when the group fails, :meth:`load` puts the store's truth back.
    What is ``running``, how many have ``begun_…`` and the ``trials`` are the process's own: they
    change only after a COMMIT. ``busy_lanes`` counts by ``RunningTask.place``.
    """

    def __init__(self) -> None:
        self.functions: dict[int, FunctionRecord] = {}
        self.counts: defaultdict[tuple[int, str], int] = defaultdict(int)
        self.seen: Counter[str] = Counter()  # failed and uncertain ones that a person put aside
        self.held_queues: dict[str, HeldQueue] = {}
        self.pauses: dict[str, int] = {}  # since when, epoch ms; "" stands for all queues
        self.trials: set[str] = set()  # queues let go on after a hold: one task tries, alone
        self.batches: dict[int, BatchRecord] = {}  # that were started and have open rows
        # Of those the last row that was fed, and the tasks of the next one, which found no place.
        self.stuck: dict[int, tuple[int, list[str]]] = {}
        self.busy_tried: dict[int, int] = {}  # of a batch, the last busy row that was tried again
        self.feeding_is_put_off = False  # the last group left it to the next one
        self.followers = 0  # tasks that wait for others, or will
        self.sources: dict[str, str] = {}  # where decorated functions are defined
        self.schedules: dict[str, ScheduleRecord] = {}
        self.next_schedule = 0  # when a task with a schedule is due next; 0 for all to be looked at
        self.scheduled = 0  # the registry's version that was looked at last for schedules
        self.has_contexts = False  # whether context variables travel with any task
        self.starts = Starts()
        self.pace = Pace()
        self.at_limit = NONE_AT_LIMIT  # what the queues allow that are at it; new in each group
        self.last_task = 0
        self.last_item = 0  # no item has a higher number
        self.last_event = 0
        self.events_floor = 0
        self.next_due = 0  # when time alone moves a task
        self.next_group = NEVER  # when anything else is to be looked at again
        self.next_trim = 0
        self.next_tidy = 0
        self.searched_to = 0  # the last task that is found by all its words
        self.indexing = Indexing()
        self.put_off = 0  # groups in a row in which callers waited while it was due
        self.doubted_until = 0  # epoch ms: the clock has jumped
        self.pruned_to: dict[int, tuple[int, int]] = {}  # by age: end and number of the last seen
        self.registered = 0  # the registry's version that was looked at last
        self.may_have_returned: list[FunctionRecord] = []
        self.told_to = 0  # of the last of these: the last task that was told why it waits
        self.stop_noted = False  # whether the store says that the engine stops
        self.queued_since = QueuedSince()
        self.retention: int | None = None  # how long an app keeps what has ended, ms
        self.running: dict[int, RunningTask] = {}
        self.workers: dict[str, WorkerOffer] = {}  # that take orders; this process' own knowledge
        # Of a queue the processes that cannot run its tasks, and until when, epoch ms.
        self.unable: defaultdict[str, dict[str, int]] = defaultdict(dict)
        self.busy_lanes: Counter[str] = Counter()
        self.busy_queues: Counter[str] = Counter()
        self.begun_lanes: Counter[str] = Counter()
        self.begun_queues: Counter[str] = Counter()
        self._ids: dict[tuple[str, str, str, str], int] = {}

    def load(self, source: Source) -> None:
        """Read everything from the store."""
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
        self.searched_to = int(row[0]) if row else 0
        self.stop_noted = execute(statements.META, (statements.STOPPING,)).fetchone() is not None
        self.next_due, self.next_group = 0, NEVER
        self.pruned_to = {}
        for task_id, running in list(self.running.items()):
            row = execute(statements.TASK, (task_id,)).fetchone()
            if row is not None:
                running.record = TaskRecord(*row)
            if row is None or not running.is_current:  # another program has written to the store
                del self.running[task_id]
        self.busy_lanes = Counter(running.place for running in self.running.values())
        self.busy_queues = Counter(running.queue for running in self.running.values())

    def begin_after(self, last_task: int) -> None:
        """Know that no task has a higher number; since when those there are ready is not known."""
        self.last_task = last_task
        self.queued_since.forget(last_task)

    def under_way(self, claim: Claim) -> RunningTask:
        """Return the attempt where it is still its task's own; else raise ``Fenced``."""
        running = self.running.get(claim.task_id)
        if running is None or not running.is_current or running.claim.attempt != claim.attempt:
            raise Fenced(claim.task_id, claim.attempt)
        return running

    def function_id(self, spec: TaskSpec) -> int | None:
        """Return the number of the function as it is described now, if it has one."""
        return self._ids.get((spec.name, spec.queue, spec.lane, spec.title))

    def add_function(self, function: FunctionRecord) -> None:
        """Note a function that was just inserted."""
        self.functions[function.id] = function
        self._ids[function.name, function.queue, function.lane, function.title] = function.id

    def paused_since(self, queue: str) -> int | None:
        """Tell since when the queue is paused, alone or with all others, epoch ms."""
        if not self.pauses:
            return None
        since = self.pauses.get(queue, NEVER), self.pauses.get(ALL_QUEUES, NEVER)
        return min(since) if min(since) != NEVER else None

    def stands(self, queue: str, now: int) -> bool:
        """Tell whether nothing of the queue may start: it is held or paused; ``now`` in epoch ms.

        From the moment on at which one task may probe, a queue does not stand.
        """
        held = self.held_queues.get(queue)
        if held is not None and not held.may_probe(now):
            return True
        return self.paused_since(queue) is not None

    def turn(self, ended: Iterable[int], begun: Iterable[RunningTask]) -> None:
        """Note the attempts that ended and began with a COMMIT."""
        for task_id in ended:
            del self.running[task_id]
        for running in begun:
            self.running[running.record.id] = running
            self.begun_lanes[running.lane] += 1
            self.begun_queues[running.queue] += 1

    def free_slots(self, worker: WorkerOffer, lane: str) -> int:
        """Tell how many more tasks a worker could run in a lane."""
        return worker.slots.get(lane, 0) - self.busy_lanes[place_of(lane, worker.id)]

    def lacks_slots(self, begun: Iterable[RunningTask]) -> bool:
        """Tell whether a worker has no slots for as many attempts again as these on it."""
        if not self.workers:
            return False
        taken = Counter((each.worker, each.lane) for each in begun)
        return any(
            n > self.free_slots(self.workers[worker], lane)
            for (worker, lane), n in taken.items()
            if worker in self.workers
        )

    def is_clock_doubted(self, now: int) -> bool:
        """Tell whether it jumped less than a day ago, and no age can be relied on, epoch ms."""
        return now < self.doubted_until <= now + DAY_MS

    def unfinished(self) -> dict[str, str]:
        """Return the names of the functions with tasks that may run again, and where they were.

        A function whose place is not known has its name there.
        """
        ends = {State.SUCCEEDED.value}
        left = {f for (f, state), n in self.counts.items() if n and state not in ends}
        names = sorted({self.functions[f].name for f in left})
        return {name: self.sources.get(name, name) for name in names}

    def has_any(self, state: State) -> bool:
        """Tell whether any task is in this state."""
        return any(self.counts[number, state] for number in self.functions)

    def queued(self) -> list[FunctionRecord]:
        """Return the functions with tasks ready to be claimed."""
        return [f for f in self.functions.values() if self.counts[f.id, State.QUEUED]]

    def not_running(self) -> list[FunctionRecord]:
        """Return the functions with open tasks that do not run now."""
        states = (State.SCHEDULED, State.QUEUED, State.WAITING)
        functions = self.functions.values()
        return [f for f in functions if any(self.counts[f.id, state] for state in states)]
