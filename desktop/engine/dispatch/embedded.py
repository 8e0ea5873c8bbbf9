"""The dispatch of one machine: the index of queued tasks is the queue, claimed by the writer."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain

from desktop.contract.states import State
from desktop.engine.claims import Claims
from desktop.engine.group import Group
from desktop.engine.store import statements
from desktop.engine.store.records import Function, TaskRecord


class Embedded:
    """Claims from our own tables.

    What a group brings and a free lane takes at once is never written as *queued* nor read again.
    """

    def __init__(self) -> None:
        self._fresh: dict[int, list[TaskRecord]] = {}

    def hand_over(self, group: Group, tasks: Sequence[TaskRecord]) -> None:
        """Remember the group's own tasks by function; the rest stands in the index."""
        self._fresh = {}
        for task in tasks:
            self._fresh.setdefault(task.function, []).append(task)

    def revoke(self, group: Group, tasks: Sequence[TaskRecord]) -> None:
        """Do nothing: a task that is not queued is not in the index of queued tasks."""

    def serve(self, group: Group, deliver: Claims) -> None:
        """Deliver the best of all functions for which there is room."""
        best = [
            self._best(group, function, room)
            for function in group.memory.queued()
            if (room := deliver.room(function)) > 0
        ]
        for task in sorted(chain.from_iterable(best), key=_rank):
            deliver.take(task)

    def _best(self, group: Group, function: Function, room: int) -> list[TaskRecord]:
        fresh = self._fresh.get(function.id, [])
        if group.memory.counts[function.id, State.QUEUED] == len(fresh):
            return sorted(fresh, key=_rank)[:room]
        return group.select(statements.CLAIMABLE, function.id, room)


def _rank(task: TaskRecord) -> tuple[int, int]:
    return -task.priority, task.id
