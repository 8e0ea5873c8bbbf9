"""What an earlier run left behind: tasks that ran as it ended, or a store from a backup."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from desktop.contract.events import Notice
from desktop.contract.reasons import Reason
from desktop.contract.states import State
from desktop.engine.attempts.outcomes import Crashed, GivenBack
from desktop.engine.dispatch.after_attempt import CRASHES, end
from desktop.engine.dispatch.after_failure import cut_short_words
from desktop.engine.duties.pruner import drop_events
from desktop.engine.events.notices import RESTORED as RESTORED_NOTICE
from desktop.engine.reasons import because
from desktop.engine.store.tables import item_statements, statements
from desktop.engine.store.tables.item_statements import ITEMS_FLOOR
from desktop.engine.store.tables.records import START_COUNTS, TaskRecord
from desktop.engine.transaction.group import Group
from desktop.engine.transaction.starts import forget_old_starts
from desktop.engine.verbs.pause_queue import pause
from desktop.settings.database_backups import RESTORED, Backup

ORPHANED: Final = "The program ended while it ran."
SUSPECTED: Final = "The program ended twice while it ran beside others; each runs in its turn."
APART_MS: Final = 10_000
"""Delay between the starts of tasks suspected of crashing the program."""


def recover(group: Group) -> None:
    """Judge orphans.

    The lock on the store says that no other engine runs, so each *running* task was cut short,
    except for those that a worker goes on with:
    past its point of no return it is *uncertain*, else it may have begun and is safe to repeat.
    It has crashed, unless the engine was stopping and was killed before it had handed its tasks
    back. When its attempt ended is not known. What is *queued* never started, and stays as it is.
    """
    adopted = group.memory.running
    orphans = [each for each in group.select(statements.RUNNING) if each.id not in adopted]
    was_stopping = _was_stopping(group)
    cut_short = [(each.id, each.attempt) for each in orphans]
    for record in orphans:
        how = cut_short_words(record) if record.passed else ORPHANED
        end(group, record, GivenBack() if was_stopping else Crashed(how))
    group.flush()
    for attempt in cut_short:
        group.cursor.execute(statements.FORGET_END, attempt)
    set_apart(orphans, group)
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


def set_apart(orphans: Iterable[TaskRecord], group: Group) -> None:
    """Have those that one more crash would stop run one after the other.

    One of them may take the program down, and the others were only there with it.
    """
    queued = (record for record in orphans if record.state == State.QUEUED)
    suspects = [record for record in queued if record.crashes == CRASHES - 1]
    for turn, record in enumerate(suspects):
        if turn:
            run_at = group.now + turn * APART_MS
            counts = record.delayed | START_COUNTS
            alone = because(Reason.ALONE_AFTER_CRASH)
            group.move(record, State.WAITING, SUSPECTED, alone, run_at=run_at, delayed=counts)
            group.due(run_at)


ITEMS: Final = 10_000
TASKS: Final = 10_000_000
EVENTS: Final = 1_000_000_000
"""More numbers than were given out since any backup; none of those is given out again."""


def settle_restored(group: Group) -> Notice | None:
    """Pause everything, for what waits may have been done since; returns what to tell people.

    Numbers go on far beyond those of the store that was lost: a window reads all again, and no new
    item has the number, nor a new task the idempotency key, of one that has left traces outside.
    """
    row = group.cursor.execute(statements.META, (RESTORED,)).fetchone()
    if row is None:
        return None
    memory = group.memory
    memory.last_task += TASKS
    (last_item,) = group.cursor.execute(item_statements.LAST_ITEM).fetchone()
    group.cursor.execute(statements.DELETE_META, (ITEMS_FLOOR,))
    group.cursor.execute(statements.INSERT_META, (ITEMS_FLOOR, str(last_item + ITEMS)))
    group.cursor.execute(statements.FORGET_LAST_TASK)
    group.cursor.execute(statements.SET_LAST_TASK, (memory.last_task,))
    group.flush()
    drop_events(group, memory.last_event + EVENTS)
    memory.last_event = memory.events_floor
    pause(group, None)
    group.cursor.execute(statements.DELETE_META, (RESTORED,))
    when = Backup(Path(), datetime.fromtimestamp(int(row[0]) / 1000, UTC), 0).when
    return Notice(
        id=RESTORED_NOTICE,
        level="warning",
        text=f"This is the backup of {when}: what was accepted or done since is not in it. "
        "What waits may have been done since; look through it, then resume.",
        action=None,
        active=True,
    )
