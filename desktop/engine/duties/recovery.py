"""Judging the tasks that an earlier run left running."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from desktop.contract.reasons import Reason
from desktop.contract.states import State
from desktop.engine.attempts.outcomes import Crashed, GivenBack
from desktop.engine.dispatch.ending import CRASHES, end
from desktop.engine.reasons import because
from desktop.engine.store.tables import statements
from desktop.engine.store.tables.records import START_COUNTS, TaskRecord
from desktop.engine.transaction.group import Group
from desktop.engine.transaction.starts import forget_old_starts

ORPHANED: Final = "The program ended while it ran."
SUSPECTED: Final = "The program ended twice while it ran beside others; each runs in its turn."
APART_MS: Final = 10_000
"""Delay between the starts of tasks suspected of crashing the program."""


def recover(group: Group) -> None:
    """Judge orphans.

    The lock on the store says that no other engine runs, so each *running* task was cut short:
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
