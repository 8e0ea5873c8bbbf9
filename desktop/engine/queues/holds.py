"""Holds: of queues, each with one notice, and of tasks whose function is missing."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from typing import Final

from desktop.contract.events import Notice
from desktop.contract.reasons import Reason
from desktop.contract.states import State
from desktop.engine.attempts.outcomes import Held
from desktop.engine.reason_data import Because, because
from desktop.engine.store.reads.stops import because_held, held_words
from desktop.engine.store.tables import statements
from desktop.engine.store.tables.cursor import Source
from desktop.engine.store.tables.records import FunctionRecord, HeldQueue, Hold, TaskRecord
from desktop.engine.transaction.functions import keep_source
from desktop.engine.transaction.group import Group
from desktop.engine.transaction.parts import Part

AWAITS_FUNCTION: Final = "It waits for its function's return."
HELD: Final = (
    "Tasks of %s are held: %s They go on when it is back, or when the function that has replaced it"
    " has this name in @task(aliases=[…])."
)
STEP: Final = 500
"""Tasks of one function released in one group, which keeps the group short."""

log = logging.getLogger(__name__)


class Trials(Part):
    """Queues released from a hold: in one that is tried, one task starts alone."""

    def __init__(self) -> None:
        self.freed: set[str] = set()  # in this group
        self.begun: set[str] = set()  # trials that begin with this group
        self.tried: set[str] = set()  # queues in which a task has ended
        self._under_way: set[str] = set()

    def begin(self, group: Group) -> None:
        """Forget what a failed group began."""
        for queues in (self.freed, self.begun, self.tried):
            queues.clear()

    def commit(self, group: Group) -> None:
        """Begin and end the trials."""
        self._under_way = (self._under_way | self.begun) - self.tried

    def has(self, queue: str) -> bool:
        """Return whether one task of a queue tries alone."""
        return (queue in self._under_way or queue in self.begun) and queue not in self.tried


class Returned(Part):
    """Functions with tasks that may have been registered again, until each was looked at."""

    def __init__(self) -> None:
        self.version = 0  # of the registry, as last looked at
        self.left: list[FunctionRecord] = []
        self.told_to = 0  # of the last of these: the last task that got its explanation

    def load(self, source: Source) -> None:
        """Look at all of them again."""
        functions = source.execute(statements.FUNCTIONS)
        self.look_at([FunctionRecord(*row) for row in functions])

    def look_at(self, functions: Iterable[FunctionRecord]) -> None:
        """Look at these from now on."""
        self.left, self.told_to = [*functions], 0


def queue_notice(held: HeldQueue, *, active: bool) -> Notice:
    """Return the notice of a held queue; with ``active`` false it takes the notice back."""
    reason = because_held(held)
    return Notice(
        id=f"queue:{held.name}",
        level="error" if held.until is None else "warning",
        text=held.reason if held.until is None else held_words(held),
        action=held.action,
        active=active,
        reason=reason.reason.value,
        reason_data=reason.data,
    )


def keep_hold(group: Group, held: HeldQueue) -> None:
    """Store a hold, replacing the queue's previous one."""
    group.cursor.execute(statements.DELETE_QUEUE, (held.name,))
    group.cursor.execute(statements.INSERT_QUEUE, held)
    group.memory.held_queues[held.name] = held


def hold_queue(group: Group, name: str, outcome: Held) -> HeldQueue:
    """Hold the queue for a person, with one notice however many of its tasks find the same."""
    before = group.memory.held_queues.get(name)
    if before is not None and before.until is None:
        return before
    server, code, enhanced, _ = outcome.answer
    held = HeldQueue(name, outcome.error, outcome.action, group.now, server, code)
    held = held._replace(enhanced=enhanced)
    keep_hold(group, held)
    group.notices.append(queue_notice(held, active=True))
    group.changed_together(name)
    return held


def free_queue(group: Group, name: str) -> None:
    """Release a held queue and take its notice back."""
    held = group.memory.held_queues.pop(name, None)
    if held is not None:
        group.cursor.execute(statements.DELETE_QUEUE, (name,))
        group.notices.append(queue_notice(held, active=False))
        group.part(Trials).freed.add(name)
        group.changed_together(name)


def hold_without_function(group: Group) -> None:
    """Hold queued tasks whose function is not registered, until it is registered again."""
    for function in group.memory.queued():
        if group.registry.get(function.name) is not None:
            continue
        records = group.select(statements.CLAIMABLE, function.id, STEP)
        if records:
            log.warning(HELD, function.name, group.registry.why_unknown(function.name))
        for record in records:
            hold_task_without_function(group, function, record)
        group.more = group.more or len(records) == STEP


def release_returned(group: Group) -> None:
    """Release tasks whose function is registered again; look at each once per registry change.

    Tasks whose function is still missing get the current explanation.
    """
    returned = group.part(Returned)
    if returned.version != group.registry.version:
        returned.version = group.registry.version
        returned.look_at(group.memory.functions.values())
    while returned.left:
        function = returned.left[-1]
        spec = group.registry.get(function.name)
        if spec is None:
            handled = _explain_missing(group, function)
        else:
            keep_source(group, spec, function.name)
            handled = release_held(group, function, Hold.FUNCTION)
        if handled == STEP:
            group.more = True
            return
        returned.left.pop()
        returned.told_to = 0


def release_held(group: Group, function: FunctionRecord, hold: Hold) -> int:
    """Queue some of the function's tasks held for this reason; ``STEP`` if there are more."""
    records = group.select(statements.HELD, hold.value, function.id, STEP)
    for record in records:
        group.move(record, State.QUEUED, held=Hold.NOTHING.value)
    return len(records)


def hold_task_without_function(group: Group, function: FunctionRecord, record: TaskRecord) -> None:
    """Hold a task until its function, which is not registered, returns."""
    why, reason = _missing_function(group, function)
    group.move(record, State.WAITING, why, reason, held=Hold.FUNCTION.value)


def _missing_function(group: Group, function: FunctionRecord) -> tuple[str, Because]:
    """Return why tasks of a missing function wait."""
    missing = group.registry.why_unknown(function.name)
    reason = because(Reason.HELD_FOR_FUNCTION, task=function.name, text=missing)
    return f"{missing} {AWAITS_FUNCTION}", reason


def _explain_missing(group: Group, function: FunctionRecord) -> int:
    (why, reason), returned = _missing_function(group, function), group.part(Returned)
    held = Hold.FUNCTION.value, function.id, returned.told_to
    records = group.select(statements.HELD_BEHIND, *held, STEP)
    for record in records:
        returned.told_to = record.id
        if record.why != why:
            group.explain(record, why, reason)
    return len(records)
