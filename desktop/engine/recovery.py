"""Judging what an earlier run left behind, and letting go what was held."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from desktop.contract.reasons import Reason
from desktop.contract.states import State
from desktop.engine.ending import CRASHES, end
from desktop.engine.group import Group
from desktop.engine.outcomes import Crashed, GivenBack
from desktop.engine.reasons import Because, because
from desktop.engine.starts import forget_old_starts
from desktop.engine.store import statements
from desktop.engine.store.records import START_COUNTS, Function, Hold, TaskRecord

AWAITS_FUNCTION: Final = "It waits for its function's return."
ORPHANED: Final = "The program ended while it ran."
SUSPECTED: Final = "The program ended twice while it ran beside others; each runs in its turn."
APART_MS: Final = 10_000
"""Between the starts of tasks that may be what takes the program down."""

STEP: Final = 500
"""Tasks of one function released in one group, so that it stays short."""


def recover(group: Group) -> None:
    """Judge orphans.

    The lock on the store says that no other engine runs, so whatever is *running* was cut short:
    past its point of no return it is *uncertain*, else it may have begun and is safe to repeat.
    It has crashed, unless the engine was stopping and was killed before it had handed its tasks
    back. What is *queued* never started, and stays as it is.
    """
    orphans = group.select(statements.RUNNING)
    outcome = GivenBack() if _was_stopping(group) else Crashed(ORPHANED)
    for record in orphans:
        end(group, record, outcome)
    _set_apart([record for record in orphans if record.state == State.QUEUED], group)
    forget_old_starts(group)


def note_stop(group: Group) -> None:
    """Write down that the engine stops, once, if anything runs that a kill could cut short."""
    if group.memory.running and not group.memory.stop_noted:
        group.cursor.execute(statements.INSERT_META, (statements.STOPPING, str(group.now)))
        group.memory.stop_noted = True


def _was_stopping(group: Group) -> bool:
    """Read that note, and forget it: it is about the run before this one."""
    was_stopping = group.memory.stop_noted
    if was_stopping:
        group.cursor.execute(statements.DELETE_META, (statements.STOPPING,))
        group.memory.stop_noted = False
    return was_stopping


def _set_apart(orphans: Iterable[TaskRecord], group: Group) -> None:
    """Have those that one more crash would stop run one after the other.

    One of them may take the program down, and the others were only there with it.
    """
    suspects = [record for record in orphans if record.crashes == CRASHES - 1]
    for turn, record in enumerate(suspects):
        if turn:
            run_at = group.now + turn * APART_MS
            counts = record.delayed | START_COUNTS
            alone = because(Reason.ALONE_AFTER_CRASH)
            group.move(record, State.WAITING, SUSPECTED, alone, run_at=run_at, delayed=counts)
            group.due(run_at)


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
