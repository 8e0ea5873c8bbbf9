"""Claims the tasks that may start now: which functions have room, and which task is next."""

from __future__ import annotations

import json
from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sendoff_tasks.attempts.claim import Claim
from sendoff_tasks.dispatch.after_attempt import CRASHES, expire, wait_for_turn
from sendoff_tasks.functions.spec import TaskSpec
from sendoff_tasks.functions.worker_offer import WorkerOffer
from sendoff_tasks.lanes import Lane
from sendoff_tasks.model.states import State
from sendoff_tasks.model.tasks import BULK_LIMIT
from sendoff_tasks.model.times import Rate
from sendoff_tasks.queues.holds import Trials, free_queue
from sendoff_tasks.queues.limits import Limits
from sendoff_tasks.queues.workers import Workers, candidates, next_back
from sendoff_tasks.store.reads.waits import AtLimit, ReachedLimit
from sendoff_tasks.store.tables import statements
from sendoff_tasks.store.tables.beside_tasks import read_steps
from sendoff_tasks.store.tables.records import (
    NO_REFERENCE_YET,
    FunctionRecord,
    HeldQueue,
    TaskRecord,
)
from sendoff_tasks.store.tables.statements import FIRST_QUEUED, QUEUED_BY_AGE
from sendoff_tasks.transaction.features import given_to, starts_as
from sendoff_tasks.transaction.function_rows import give_reference, variables_of
from sendoff_tasks.transaction.group import Group
from sendoff_tasks.transaction.memory import RunningTask
from sendoff_tasks.transaction.parts import Part
from sendoff_tasks.transaction.pending import PendingRecords
from sendoff_tasks.transaction.rate_windows import Starts
from sendoff_tasks.transaction.uncertain import is_asked_again

LEFT: Final = 5
"""One slot in ``LEFT`` is reserved for other queues."""


@dataclass(slots=True)
class _Place:
    """Where the tasks of one function may run; it holds for one group."""

    spec: TaskSpec
    slots: int  # of this process's lane; 0 if only workers have the function or can run the queue
    at_once: int  # tasks of the queue that may run at once
    rates: Sequence[Rate]
    held: HeldQueue | None
    workers: Sequence[WorkerOffer]  # those that have the function and can run the queue


class Claimer:
    """Claims queued tasks for the lanes of one engine, in one group."""

    def __init__(self, group: Group, lanes: Mapping[str, Lane], store: str) -> None:
        self._group = group
        self._starts = group.part(Starts)
        self._workers = group.part(Workers)
        self._trials = group.part(Trials)
        self._lanes = lanes
        self._limits = group.part(Limits)
        self._limits.look(group.registry, group.memory.functions)
        self._store = store
        self._places: dict[int, _Place | None] = {}  # None if nothing may start
        self._begun: dict[str, tuple[Sequence[Rate], int]] = {}  # starts by what rates count
        self._needs: dict[str, int] = {}  # starts that a queue's next task counts as
        self._freed: set[str] = set()  # queues with room that the next group may fill

    def lane(self, function: FunctionRecord) -> str | None:
        """Return the name of the lane that runs the function's tasks; ``None`` without one."""
        spec = self._group.registry.get(function.name)
        return spec.lane if spec is not None and spec.lane in self._lanes else None

    def room(self, function: FunctionRecord) -> int:
        """Return how many tasks of this function may start now."""
        place = self._place(function)
        return 0 if place is None else self._room(place, function.queue)

    def _room(self, place: _Place, queue: str) -> int:
        room = min(self._free_slots(place), place.at_once - self._group.memory.busy_queues[queue])
        if place.rates:
            room = min(room, self._starts.room(self._group, queue, place.rates))
        return room if place.held is None else min(room, 1 - self._count_probes(place.held))

    def _free_slots(self, place: _Place) -> int:
        memory, lane = self._group.memory, place.spec.lane
        free = place.slots - memory.busy_lanes[lane]
        for worker in place.workers:
            free = max(0, free) + max(0, self._workers.free_slots(memory, worker, lane))
        return free

    def _place(self, function: FunctionRecord) -> _Place | None:
        if function.id not in self._places:
            self._places[function.id] = self._look_up(function)
        return self._places[function.id]

    def _look_up(self, function: FunctionRecord) -> _Place | None:
        memory, queue = self._group.memory, function.queue
        spec = self._group.registry.get(function.name)
        if (
            spec is None
            or spec.lane not in self._lanes
            or memory.is_stopped(queue, self._group.now)
        ):
            return None
        workers = [each for each in self._workers.offers.values() if each.has(spec)]
        can = candidates(memory, spec, queue, self._group.now)
        self._group.again_at(next_back(memory, queue, self._group.now))
        return _Place(
            spec=spec,
            slots=self._lanes[spec.lane].slots if spec.is_here and "" in can else 0,
            at_once=self._concurrency(queue, spec.lane),
            rates=self._limits.of(queue).rates,
            held=memory.held_queues.get(queue),
            workers=[each for each in workers if each.id in can],
        )

    def _choose(self, place: _Place) -> str:
        """Return the worker with the largest share of free slots; empty for this process."""
        memory, lane = self._group.memory, place.spec.lane
        chosen, most = "", 0.0
        if place.slots:
            most = (place.slots - memory.busy_lanes[lane]) / place.slots
        for worker in place.workers:
            free = self._workers.free_slots(memory, worker, lane)
            if free > 0 and free / worker.slots[lane] > most:
                chosen, most = worker.id, free / worker.slots[lane]
        return chosen

    def _count_probes(self, held: HeldQueue) -> int:
        """Return how many tasks run that began after the held queue allowed one to probe."""
        running = (*self._group.memory.running.values(), *self._group.claimed)
        since = held.until or 0
        return sum(
            each.queue == held.name and each.is_current and (each.record.started_at or 0) >= since
            for each in running
        )

    def _concurrency(self, queue: str, lane: str) -> int:
        """Return how many tasks of the queue may run at once.

        Without a limit, some threads are reserved for other queues: a task that hangs in a thread
        cannot be stopped, and tasks of one queue must not block everything.
        """
        if self._trials.has(queue):
            return 1
        slots = self._slots(lane)
        shared = slots if lane == "cpu" else slots - slots // LEFT
        return self._limits.of(queue).concurrency or shared

    def _slots(self, lane: str) -> int:
        """Return how many tasks of a lane can run at once, here and on all workers."""
        own = self._lanes[lane].slots
        return own + sum(each.slots.get(lane, 0) for each in self._workers.offers.values())

    def look_again(self, function: FunctionRecord) -> None:
        """Schedule a group for when a rate has room again for a task of this function."""
        full = self._next_allowed(function.queue)
        if full is not None:
            self._group.again_at(full[0])

    def close(self) -> AtLimit:
        """Store the starts of this group; return the limits of the queues that are at one.

        The next group is due when a rate allows the next start.
        """
        group, memory = self._group, self._group.memory
        for name, (rates, n) in self._begun.items():
            self._starts.write(group, name, rates, n)
        self._follow_waits()
        at_limit = AtLimit()
        at_limit.unanswered = memory.responses
        for function in memory.queued():
            queue, place = function.queue, self._place(function)
            if place is None or queue in at_limit:
                continue
            if queue in memory.held_queues:
                continue
            at_once, full = place.at_once, self._next_allowed(queue)
            busy, slots = memory.busy_queues[queue], self._slots(place.spec.lane)
            if full is not None:
                moment, rate = full
                group.again_at(moment)
                at_limit[queue] = ReachedLimit(rate, until=moment)
            elif busy >= at_once and (self._limits.of(queue).concurrency or at_once < slots):
                at_limit[queue] = ReachedLimit(at_once)
            elif (place.slots or place.workers) and self._free_slots(place) <= 0:
                at_limit[queue] = ReachedLimit(slots, lane=place.spec.lane)
        return at_limit

    def _follow_waits(self) -> None:
        """Schedule a group for when a task may probe the server that its queue waits for.

        The wait ends if no task will probe: none is left, or a limit delays them longer.
        """
        group, memory = self._group, self._group.memory
        if not memory.held_queues:
            return
        queued = {each.queue for each in memory.queued()}
        for held in list(memory.held_queues.values()):
            if held.until is not None and not held.may_probe(group.now):
                group.again_at(held.until)
            elif held.until is not None and not memory.busy_queues[held.name]:
                is_put_off = any(each.is_put_off(group) for each in memory.features)
                has_next = is_put_off or held.name in queued | self._freed
                if not has_next or self._next_allowed(held.name) is not None:
                    free_queue(group, held.name)

    def _next_allowed(self, queue: str) -> tuple[int, Rate] | None:
        """Return when the queue's rates allow the next start, and which rate delays it until then.

        ``None`` means that they allow it now.
        """
        n = self._needs.get(queue, 1)
        return self._starts.full(self._group, queue, self._limits.of(queue).rates, n)

    def take(self, record: TaskRecord) -> bool:
        """Begin the next attempt of a queued task; return ``False`` if there is no room for it.

        A task past its deadline fails instead, even before the stager reaches it. A task that a
        feature holds back waits, and one that was cut short twice waits for its turn. In all
        these cases the next group chooses another task.
        """
        group = self._group
        function = group.memory.functions[record.function]
        place = self._place(function)
        if place is None or self._room(place, function.queue) <= 0:
            return False
        if place.rates:
            self._needs[function.queue] = starts_as(group, record)
            if self._next_allowed(function.queue) is not None:
                return False
        if self._ends_or_waits(record):
            self._freed.add(function.queue)
            group.more = True
            return True
        if record.reference == NO_REFERENCE_YET:
            give_reference(group, record, place.spec)
        group.move(
            record,
            State.RUNNING,
            attempt=record.attempt + 1,
            started_at=group.now,
            passed=0,
            stopping=0,
            progress=None,
        )
        claim = Claim(
            task_id=record.id,
            attempt=record.attempt,
            max_attempts=record.max_attempts,
            spec=place.spec,
            arguments=record.arguments,
            given=given_to(group.memory.features, record),
            deadline=None if record.deadline is None else record.deadline / 1000,
            reference=record.reference or None,
            idempotency_key=f"{self._store}.{record.id}",
            steps=read_steps(group.cursor, record.id) if record.attempt > 1 else None,
            variables=variables_of(group, record.id),
            asked_again=record.attempt > 1 and is_asked_again(group, record),
            around=group.registry.around,
            lifespan=group.registry.lifespan,
        )
        worker = self._choose(place) if place.workers else ""
        group.enter(RunningTask(record, claim, place.spec.lane, function.queue, worker))
        self._count_start(place, function.queue, record)
        return True

    def _ends_or_waits(self, record: TaskRecord) -> bool:
        """End or delay a task that may not start now; tell whether that happened."""
        group = self._group
        if record.deadline is not None and record.deadline <= group.now:
            expire(group, record)
            return True
        if any(feature.hold_back(group, record) for feature in group.memory.features):
            return True
        return record.crashes == CRASHES - 1 and wait_for_turn(group, record)

    def _count_start(self, place: _Place, queue: str, record: TaskRecord) -> None:
        group = self._group
        counted = [(queue, place.rates)] if place.rates else []
        for feature in () if record.batch_id is None else group.memory.features:
            own = feature.rate_of(group, record)
            counted += [] if own is None else [own]
        more = starts_as(group, record) if counted else 0
        for name, rates in counted:
            self._starts.count(name, group.now, more)
            _, n = self._begun.get(name, (rates, 0))
            self._begun[name] = rates, n + more
        self._needs.pop(queue, None)


BY_AGE: Final = 8
"""One start in ``BY_AGE`` of a lane, and of a queue, goes to the oldest task, so no priority blocks
another forever."""


class StartCounts(Part):
    """How many attempts have begun in each lane, and of each queue, since the engine's start."""

    def __init__(self) -> None:
        self.lanes: Counter[str] = Counter()
        self.queues: Counter[str] = Counter()

    def commit(self, group: Group) -> None:
        """Count the attempts that began."""
        for running in group.claimed:
            self.lanes[running.lane] += 1
            self.queues[running.queue] += 1


def serve(group: Group, claimer: Claimer) -> None:
    """Start queued tasks while there is room, the best first, of functions that have room.

    A task that is new in the group and starts at once is never written as *queued*, nor read again.
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
        _fill(group, claimer, lane, lines)


def _fill(group: Group, claimer: Claimer, lane: str, lines: list[_Line]) -> None:
    """Fill one lane: by priority, then by fewer running tasks of the queue, then by number."""
    memory = group.memory
    begun = memory.part(StartCounts).lanes[lane]
    in_queues: defaultdict[str, int] = defaultdict(int, memory.part(StartCounts).queues)
    while lines:
        by_age = _is_by_age(begun)
        line = _next(group, lines, by_age=by_age)
        queue = line.function.queue
        by_age = by_age or _is_by_age(in_queues[queue])
        task = line.oldest(group) if by_age else line.tasks[0]
        if claimer.take(task):
            if task.state == State.RUNNING:  # it was neither ended nor delayed instead
                begun += 1
                in_queues[queue] += 1
            line.drop(task)
        else:
            line.tasks.clear()
        if not line.tasks:
            lines.remove(line)


def _next(group: Group, lines: list[_Line], *, by_age: bool) -> _Line:
    if len(lines) == 1:
        return lines[0]
    if by_age:
        return min(lines, key=lambda line: line.oldest(group).id)
    busy = group.memory.busy_queues
    return min(lines, key=lambda line: line.rank(busy[line.function.queue]))


LOOK_AROUND: Final = 1_000
"""Queued tasks among which the oldest is looked for while the cancel of some is pending."""


class _Line:
    """The queued tasks of one function, the best first, as many as may start.

    ``by_age`` has the numbers of the oldest ones; of a line in the store they are read if needed.
    """

    def __init__(
        self,
        function: FunctionRecord,
        tasks: Iterable[TaskRecord],
        by_age: Sequence[int] | None = None,
    ) -> None:
        self.function = function
        self.tasks = deque(tasks)
        self._most = len(self.tasks)
        self._by_age = by_age
        self._gone: set[int] = set()

    def rank(self, running: int) -> tuple[int, int, int]:
        """Return the sort key of its best task; ``running`` counts the queue's running tasks."""
        best = self.tasks[0]
        return -best.priority, running, best.id

    def oldest(self, group: Group) -> TaskRecord:
        """Return its oldest task; the best one, should all that were read be gone."""
        if self._by_age is None:
            found = group.cursor.execute(QUEUED_BY_AGE, (self.function.id, self._most))
            self._by_age = [number for (number,) in found.fetchall()]
        best = self.tasks[0]
        number = next((each for each in self._by_age if each not in self._gone), best.id)
        return best if number == best.id else group.read(number)

    def drop(self, task: TaskRecord) -> None:
        """Remove a task that was taken."""
        if self.tasks[0] is task:
            self.tasks.popleft()
        else:
            self.tasks = deque(other for other in self.tasks if other is not task)
        self._gone.add(task.id)


def _line(group: Group, function: FunctionRecord, fresh: list[TaskRecord], room: int) -> _Line:
    """Return the queued tasks of a function; if all are ``fresh``, none has to be read."""
    responses = group.memory.responses
    waiting = responses.queued[function.id]
    if to_cancel := group.part(PendingRecords).to_cancel:
        most = room + waiting + min(to_cancel + LOOK_AROUND, BULK_LIMIT)
        return _without_waiting(group, function, room, most)
    if waiting:
        fresh = [task for task in fresh if task.id not in responses]
    if group.memory.counts[function.id, State.QUEUED] - waiting == len(fresh):
        return _Line(function, sorted(fresh, key=_rank), sorted(task.id for task in fresh))
    if waiting:
        return _without_waiting(group, function, room, room + waiting)
    return _Line(function, group.select(statements.CLAIMABLE, function.id, room))


def _without_waiting(group: Group, function: FunctionRecord, room: int, most: int) -> _Line:
    """Return those of the first ``most`` queued tasks of a function that wait for nothing more.

    Others wait for a response, or their cancel is pending. If all those that are read are to be
    cancelled, the rest waits too, until that is carried out or undone.
    """
    group.flush()
    queued = group.cursor.execute(FIRST_QUEUED, (function.id, most)).fetchall()
    pending, responses = group.part(PendingRecords), group.memory.responses
    free = [
        number
        for _, number in queued
        if not (number in responses or pending.is_to_be_cancelled(number))
    ]
    found = group.select(statements.TASKS, json.dumps(free[:room]))
    return _Line(function, sorted(found, key=_rank), sorted(free))


def _is_by_age(begun: int) -> bool:
    return begun % BY_AGE == BY_AGE - 1


def _rank(task: TaskRecord) -> tuple[int, int]:
    return -task.priority, task.id
