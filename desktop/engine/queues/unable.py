"""Processes that cannot run the tasks of a queue: others do, and with the last of them it is held.

A process is named as in ``RunningTask.worker``: empty for the one that decides.
"""

from __future__ import annotations

import logging
from typing import Final

from desktop.contract.states import State
from desktop.engine.functions.spec import TaskSpec
from desktop.engine.store.tables.batch_statements import starts_of
from desktop.engine.store.tables.records import HeldQueue, TaskRecord
from desktop.engine.transaction.group import Group
from desktop.engine.transaction.memory import NEVER, Memory

OFFLINE_S: Final = 60.0
"""How long a process that cannot reach a server is not asked again, s."""
HERE: Final = "This process"
_NAME: Final = "SELECT name FROM workers WHERE id = ?"

log = logging.getLogger(__name__)


def leave_to_others(group: Group, record: TaskRecord, why: str, seconds: float | None) -> bool:
    """Give the process that ran it no more of its queue, for so many s or until a release.

    Returns whether there is another one that may run it; then the task is queued again.
    """
    memory, spec = group.memory, group.spec(record)
    running = memory.running.get(record.id)
    if running is None or spec is None:
        return False
    unable, worker = memory.unable[running.queue], running.worker
    is_new = unable.get(worker, 0) <= group.now
    until = NEVER if seconds is None else group.now + round(seconds * 1000)
    unable[worker] = max(until, unable.get(worker, 0))
    # One that has only lost its server may sign in there: it counts beside one that cannot.
    moment = NEVER - 1 if seconds is None else group.now
    has_others = bool(able(memory, spec, running.queue, moment))
    if has_others and is_new:
        name = _name(group, worker) if worker else HERE
        log.warning("%s runs no more of %s, others go on: %s", name, running.queue, why)
    if has_others:
        queue_again(group, record, why)
    return has_others


def queue_again(group: Group, record: TaskRecord, error: str) -> None:
    """Queue a task whose attempt had no server: that does not count, for no rate either."""
    forget_start(group, record)
    budget = record.max_attempts + 1
    group.move(record, State.QUEUED, error=error, crashes=0, max_attempts=budget)


def forget_start(group: Group, record: TaskRecord) -> None:
    """Count the last attempt of a task for no rate: it reached no server."""
    began = group.now if record.started_at is None else record.started_at
    starts = group.memory.starts
    starts.take_back(group, group.memory.functions[record.function].queue, began)
    if record.batch_id is not None:
        starts.take_back(group, starts_of(record.batch_id), began)


def _name(group: Group, worker: str) -> str:
    row = group.cursor.execute(_NAME, (worker,)).fetchone()
    return f"The worker {row[0] if row else worker}"


def able(memory: Memory, spec: TaskSpec, queue: str, now: int) -> set[str]:
    """Name the processes that have a function, without those that cannot run its queue."""
    found = {each.id for each in memory.workers.values() if each.has(spec)}
    if spec.is_here:
        found.add("")
    unable = memory.unable.get(queue)
    return {each for each in found if unable.get(each, 0) <= now} if unable else found


def candidates(memory: Memory, spec: TaskSpec, queue: str, now: int) -> set[str]:
    """Name the processes that get the tasks of a queue.

    Where none can run them, one tries: first those that have only lost their server, for the answer
    of one that cannot sign in holds the queue for a person.
    """
    if not memory.unable.get(queue):
        return able(memory, spec, queue, now)
    found = (able(memory, spec, queue, moment) for moment in (now, NEVER - 1, NEVER))
    return next(filter(None, found), set())


def next_back(memory: Memory, queue: str, now: int) -> int:
    """Tell when the next process is asked again that could not run a queue, epoch ms."""
    unable = memory.unable.get(queue)
    return min((at for at in unable.values() if at > now), default=NEVER) if unable else NEVER


def ask_again(memory: Memory) -> None:
    """Forget who could not reach a server for a while: the clock that tells its end has jumped."""
    for unable in memory.unable.values():
        for process in [each for each, until in unable.items() if until < NEVER]:
            del unable[process]


def releasable(group: Group) -> list[str]:
    """Name the queues that are held though there is a worker by now that has not been tried."""
    memory = group.memory
    for unable in memory.unable.values():
        for gone in unable.keys() - {"", *memory.workers}:
            del unable[gone]
    return [name for name, held in memory.held_queues.items() if _is_releasable(group, held)]


def _is_releasable(group: Group, held: HeldQueue) -> bool:
    if held.until is not None:
        return False
    memory = group.memory
    names = {each.name for each in memory.functions.values() if each.queue == held.name}
    specs = (group.registry.get(name) for name in names)
    return any(able(memory, spec, held.name, group.now) - {""} for spec in specs if spec)
