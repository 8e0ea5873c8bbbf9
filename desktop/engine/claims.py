"""Who may start now: the lanes' free slots, the queues' limits, and the queues that are held."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from desktop.contract.states import State
from desktop.engine.attempt import Claim
from desktop.engine.group import Group
from desktop.engine.lanes import Lane
from desktop.engine.memory import Running
from desktop.engine.store import statements
from desktop.engine.store.records import Function, Hold, TaskRecord

STEP: Final = 500
"""Tasks held in one group for want of their function."""


class Claims:
    """Takes queued tasks for the lanes of one engine, in one group."""

    def __init__(self, group: Group, lanes: Mapping[str, Lane], store: str) -> None:
        self._group = group
        self._lanes = lanes
        self._store = store
        self._limits = _queue_limits(group)

    def room(self, function: Function) -> int:
        """Tell how many tasks of this function may start now."""
        memory = self._group.memory
        spec = self._group.registry.get(function.name)
        lane = self._lanes.get(spec.lane) if spec else None
        if lane is None or function.queue in memory.held_queues:
            return 0
        room = lane.slots - memory.busy_lanes[lane.name]
        limit = self._limits.get(function.queue)
        return room if limit is None else min(room, limit - memory.busy_queues[function.queue])

    def full(self) -> dict[str, int]:
        """Return the queues that have tasks to start and as many running as they may: so many."""
        busy = self._group.memory.busy_queues
        return {queue: limit for queue, limit in self._limits.items() if busy[queue] >= limit}

    def take(self, record: TaskRecord) -> bool:
        """Begin the next attempt of a queued task, unless there is no room for it."""
        group = self._group
        function = group.memory.functions[record.function]
        spec = group.registry.get(function.name)
        if spec is None or self.room(function) <= 0:
            return False
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
            spec=spec,
            arguments=record.arguments,
            item_id=record.item_id,
            deadline=None if record.deadline is None else record.deadline / 1000,
            reference=record.reference,
            idempotency_key=f"{self._store}.{record.id}",
        )
        group.enter(Running(record, claim, spec.lane, function.queue))
        return True


def hold_functionless(group: Group) -> None:
    """Hold what is queued for functions that are not registered, until they are there again."""
    for function in group.memory.queued():
        if group.registry.get(function.name) is not None:
            continue
        records = group.select(statements.CLAIMABLE, function.id, STEP)
        for record in records:
            why = f"There is no task named “{function.name}” any more; it waits for its return."
            group.move(record, State.WAITING, why, held=Hold.FUNCTION.value)
        group.more = group.more or len(records) == STEP


def _queue_limits(group: Group) -> dict[str, int]:
    """Return the concurrency of each queue with tasks to start: the least its functions say."""
    limits: dict[str, int] = {}
    queues = {function.queue for function in group.memory.queued()}
    for function in group.memory.functions.values():
        if function.queue not in queues:
            continue
        spec = group.registry.get(function.name)
        if spec is not None and spec.concurrency is not None:
            limits[function.queue] = min(spec.concurrency, limits.get(function.queue, 1 << 30))
    return limits
