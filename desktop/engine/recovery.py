"""Judging what an earlier run left behind, and letting go what was held."""

from __future__ import annotations

from typing import Final

from desktop.contract.states import State
from desktop.engine.ending import end
from desktop.engine.group import Group
from desktop.engine.outcomes import Crashed
from desktop.engine.starts import forget_old_starts
from desktop.engine.store import statements
from desktop.engine.store.records import Function, Hold

ORPHANED: Final = "The program ended while it ran."

STEP: Final = 500
"""Tasks of one function released in one group, so that it stays short."""


def recover(group: Group) -> None:
    """Judge orphans.

    The lock on the store says that no other engine runs, so whatever is *running* has crashed:
    past its point of no return it is *uncertain*, else it may have begun and is safe to repeat.
    What is *queued* never started, and stays as it is.
    """
    for record in group.select(statements.RUNNING):
        end(group, record, Crashed(ORPHANED))
    forget_old_starts(group)


def release_returned(group: Group) -> None:
    """Let tasks go on whose function is there again; each is looked at once for each change."""
    memory = group.memory
    if memory.registered != group.registry.version:
        memory.registered = group.registry.version
        memory.may_have_returned = list(memory.functions.values())
    returned = memory.may_have_returned
    while returned:
        if release_held(group, returned[-1], Hold.FUNCTION) == STEP:
            group.more = True
            return
        returned.pop()


def release_held(group: Group, function: Function, hold: Hold) -> int:
    """Queue some of the function's tasks that are held for this, ``STEP`` where there are more."""
    records = group.select(statements.HELD, hold.value, function.id, STEP)
    if not records or (hold is Hold.FUNCTION and group.registry.get(function.name) is None):
        return 0
    for record in records:
        group.move(record, State.QUEUED, held=Hold.NOTHING.value)
    return len(records)
