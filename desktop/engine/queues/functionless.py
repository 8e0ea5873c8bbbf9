"""Tasks whose function is missing: held until it is back, then released."""

from __future__ import annotations

from typing import Final

from desktop.contract.reasons import Reason
from desktop.contract.states import State
from desktop.engine.reasons import Because, because
from desktop.engine.store.tables import statements
from desktop.engine.store.tables.records import Function, Hold, TaskRecord
from desktop.engine.transaction.group import Group


def hold_functionless(group: Group) -> None:
    """Hold what is queued for functions that are not registered, until they are there again."""
    for function in group.memory.queued():
        if group.registry.get(function.name) is not None:
            continue
        records = group.select(statements.CLAIMABLE, function.id, STEP)
        for record in records:
            hold_functionless_task(group, function, record)
        group.more = group.more or len(records) == STEP


AWAITS_FUNCTION: Final = "It waits for its function's return."


STEP: Final = 500
"""Tasks of one function released in one group, so that it stays short."""


def release_returned(group: Group) -> None:
    """Let tasks go on whose function is there again; each is looked at once for each change.

    Those whose function still is missing say why it is by now.
    """
    memory = group.memory
    if memory.registered != group.registry.version:
        memory.registered = group.registry.version
        memory.may_have_returned, memory.told_to = list(memory.functions.values()), 0
    returned = memory.may_have_returned
    while returned:
        function = returned[-1]
        is_there = group.registry.get(function.name) is not None
        told = release_held(group, function, Hold.FUNCTION) if is_there else _tell(group, function)
        if told == STEP:
            group.more = True
            return
        returned.pop()
        memory.told_to = 0


def release_held(group: Group, function: Function, hold: Hold) -> int:
    """Queue some of the function's tasks that are held for this, ``STEP`` where there are more."""
    records = group.select(statements.HELD, hold.value, function.id, STEP)
    for record in records:
        group.move(record, State.QUEUED, held=Hold.NOTHING.value)
    return len(records)


def hold_functionless_task(group: Group, function: Function, record: TaskRecord) -> None:
    """Hold a task until its function, which is not registered, is there again."""
    why, reason = _functionless(group, function)
    group.move(record, State.WAITING, why, reason, held=Hold.FUNCTION.value)


def _functionless(group: Group, function: Function) -> tuple[str, Because]:
    """Say why what is to be run by this function waits."""
    missing = group.registry.why_unknown(function.name)
    reason = because(Reason.HELD_FOR_FUNCTION, task=function.name, text=missing)
    return f"{missing} {AWAITS_FUNCTION}", reason


def _tell(group: Group, function: Function) -> int:
    (why, reason), behind = _functionless(group, function), group.memory.told_to
    records = group.select(statements.HELD_BEHIND, Hold.FUNCTION.value, function.id, behind, STEP)
    for record in records:
        group.memory.told_to = record.id
        if record.why != why:
            group.explain(record, why, reason)
    return len(records)
