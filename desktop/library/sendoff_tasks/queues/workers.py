"""The workers' slots, and processes that cannot run a queue while others can; else it is held.

A process is named as in ``RunningTask.worker``; the engine's own process has the empty name.
"""

from __future__ import annotations

import logging
from collections import Counter, defaultdict
from typing import Final

from sendoff_tasks.functions.spec import TaskSpec
from sendoff_tasks.functions.worker_offer import WorkerOffer
from sendoff_tasks.model.states import State
from sendoff_tasks.store.tables.records import HeldQueue, TaskRecord
from sendoff_tasks.store.tables.statements import starts_of
from sendoff_tasks.transaction.features import starts_as
from sendoff_tasks.transaction.group import Group
from sendoff_tasks.transaction.memory import NEVER, Memory, place_of
from sendoff_tasks.transaction.parts import Part
from sendoff_tasks.transaction.rate_windows import Starts

log = logging.getLogger(__name__)


class Workers(Part):
    """The workers that take orders, by id; nothing of it is in the writer's own tables."""

    def __init__(self) -> None:
        self.offers: dict[str, WorkerOffer] = {}
        self.names: dict[str, str] = {}  # by id, also of those that leave
        self.lacks_slots = False  # whether they lack slots for as many attempts as began last
        # By queue: the processes that cannot run its tasks, and until when, epoch ms.
        self.unable: defaultdict[str, dict[str, int]] = defaultdict(dict)
        self.to_wake: set[str] = set()  # those that have something new to do after this group
        self.collected = (self.to_wake,)

    def commit(self, group: Group) -> None:
        """Note whether any worker lacks the slots for as many attempts again as began."""
        if group.claimed or group.ended:
            self.lacks_slots = bool(self.offers) and self._lacks_slots(group)

    def _lacks_slots(self, group: Group) -> bool:
        taken = Counter((each.worker, each.lane) for each in group.claimed)
        return any(
            n > self.free_slots(group.memory, self.offers[worker], lane)
            for (worker, lane), n in taken.items()
            if worker in self.offers
        )

    def free_slots(self, memory: Memory, worker: WorkerOffer, lane: str) -> int:
        """Return how many more tasks a worker can run in a lane."""
        return worker.slots.get(lane, 0) - memory.busy_lanes[place_of(lane, worker.id)]

    def shift(self, group: Group, ms: int) -> None:
        """Forget temporary exclusions, because the clock that ends them has jumped."""
        for unable in self.unable.values():
            for process in [each for each, until in unable.items() if until < NEVER]:
                del unable[process]


OFFLINE_S: Final = 60.0
"""How long a process that cannot reach a server gets none of its tasks, s."""
HERE: Final = "This process"
_NAME: Final = "SELECT name FROM workers WHERE id = ?"


def leave_to_others(group: Group, record: TaskRecord, why: str, seconds: float | None) -> bool:
    """Take a queue from the process that ran the task, for ``seconds`` or until a release.

    Returns whether another process may run it; the task is then queued again.
    """
    memory, spec = group.memory, group.spec(record)
    running = memory.running.get(record.id)
    if running is None or spec is None:
        return False
    unable, worker = group.part(Workers).unable[running.queue], running.worker
    is_new = unable.get(worker, 0) <= group.now
    until = NEVER if seconds is None else group.now + round(seconds * 1000)
    unable[worker] = max(until, unable.get(worker, 0))
    # A process that has only lost its server may still sign in, so it counts here.
    moment = NEVER - 1 if seconds is None else group.now
    has_others = bool(able(memory, spec, running.queue, moment))
    if has_others and is_new:
        name = _name(group, worker) if worker else HERE
        log.warning(
            "%s can no longer run %s; other processes continue: %s",
            name,
            running.queue,
            why,
        )
    if has_others:
        queue_again(group, record, why)
    return has_others


def queue_again(group: Group, record: TaskRecord, error: str) -> None:
    """Queue a task whose attempt reached no server: it counts for no limit and no rate."""
    forget_start(group, record)
    budget = record.max_attempts + 1
    group.move(record, State.QUEUED, error=error, crashes=0, max_attempts=budget)


def forget_start(group: Group, record: TaskRecord) -> None:
    """Take a task's last attempt out of the rates, because it reached no server."""
    began = group.now if record.started_at is None else record.started_at
    starts, n = group.part(Starts), starts_as(group, record)
    starts.take_back(group, group.memory.functions[record.function].queue, began, n)
    if record.batch_id is not None:
        starts.take_back(group, starts_of(record.batch_id), began, n)


def _name(group: Group, worker: str) -> str:
    row = group.cursor.execute(_NAME, (worker,)).fetchone()
    return f"The worker {row[0] if row else worker}"


def able(memory: Memory, spec: TaskSpec, queue: str, now: int) -> set[str]:
    """Return the processes that have the function and can run its queue."""
    workers = memory.part(Workers)
    found = {each.id for each in workers.offers.values() if each.has(spec)}
    if spec.is_here:
        found.add("")
    unable = workers.unable.get(queue)
    return {each for each in found if unable.get(each, 0) <= now} if unable else found


def candidates(memory: Memory, spec: TaskSpec, queue: str, now: int) -> set[str]:
    """Return the processes that get a queue's tasks.

    If none can run them, one tries. Processes that have only lost their server go first, because a
    failed sign-in holds the queue for a person.
    """
    if not memory.part(Workers).unable.get(queue):
        return able(memory, spec, queue, now)
    found = (able(memory, spec, queue, moment) for moment in (now, NEVER - 1, NEVER))
    return next(filter(None, found), set())


def next_back(memory: Memory, queue: str, now: int) -> int:
    """Return when the next excluded process gets tasks of the queue again, epoch ms."""
    unable = memory.part(Workers).unable.get(queue)
    return min((at for at in unable.values() if at > now), default=NEVER) if unable else NEVER


def releasable(group: Group) -> list[str]:
    """Return the held queues for which there is a worker that has not been tried yet."""
    workers = group.part(Workers)
    for unable in workers.unable.values():
        for gone in unable.keys() - {"", *workers.offers}:
            del unable[gone]
    return [name for name, held in group.memory.held_queues.items() if _is_releasable(group, held)]


def _is_releasable(group: Group, held: HeldQueue) -> bool:
    if held.until is not None:
        return False
    memory = group.memory
    names = {each.name for each in memory.functions.values() if each.queue == held.name}
    specs = (group.registry.get(name) for name in names)
    return any(able(memory, spec, held.name, group.now) - {""} for spec in specs if spec)
