"""Judging, at the start, what an earlier run left behind."""

from __future__ import annotations

from typing import Final

from desktop.contract.states import State
from desktop.engine.ending import end
from desktop.engine.group import Group
from desktop.engine.outcomes import Crashed
from desktop.engine.store import statements
from desktop.engine.store.records import Hold

ORPHANED: Final = "the program ended while it ran."


def recover(group: Group) -> None:
    """Judge orphans, and let tasks go on whose function is there again.

    The lock on the store says that no other engine runs, so whatever is *running* has crashed:
    past its point of no return it is *uncertain*, else it is the next attempt's turn.
    """
    for record in group.select(statements.RUNNING):
        end(group, record, Crashed(ORPHANED))
    for function in group.memory.functions.values():
        if group.registry.get(function.name) is not None:
            release_held(group, function.id, Hold.FUNCTION)


def release_held(group: Group, function: int, hold: Hold) -> int:
    """Queue the function's tasks that are held for this; returns how many."""
    records = group.select(statements.HELD, hold.value, function)
    for record in records:
        group.move(record, State.QUEUED, held=Hold.NOTHING.value)
    return len(records)
