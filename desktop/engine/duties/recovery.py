"""Judges what an earlier run left behind: tasks that were running, or a store from a backup."""

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
from desktop.engine.dispatch.uncertain import cut_short_words
from desktop.engine.duties.pruner import drop_events
from desktop.engine.events.notices import RESTORED as RESTORED_NOTICE
from desktop.engine.reason_data import because
from desktop.engine.store.tables import item_statements, statements
from desktop.engine.store.tables.item_statements import ITEMS_FLOOR
from desktop.engine.store.tables.records import START_COUNTS, TaskRecord
from desktop.engine.transaction.group import Group
from desktop.engine.transaction.starts import forget_old_starts
from desktop.engine.verbs.pause_queue import pause
from desktop.settings.database_backups import Backup
from desktop.settings.database_restore import RESTORED

ORPHANED: Final = "The program ended while it ran."
SUSPECTED: Final = "The program ended twice while it ran beside others; each runs in its turn."
APART_MS: Final = 10_000
"""Delay between the starts of tasks suspected of crashing the program, ms."""


def recover(group: Group) -> None:
    """Judge the tasks that ran when the program ended.

    The lock on the store means that no other engine runs, so each *running* task was cut short,
    except those that a worker continues. After its point of no return a task becomes *uncertain*;
    before it, the task may have begun and is safe to repeat. The attempt counts as a crash, unless
    the engine was stopping and was killed before it had given its tasks back. When the attempt
    ended is not known. *Queued* tasks never started, and stay as they are.
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
    """Record once that the engine stops, if anything runs that a kill could cut short."""
    if group.memory.running and not group.memory.stop_noted:
        group.cursor.execute(statements.INSERT_META, (statements.STOPPING, str(group.now)))
        group.memory.stop_noted = True


def _was_stopping(group: Group) -> bool:
    """Return whether the earlier run recorded a stop, and delete the record."""
    was_stopping = group.memory.stop_noted
    if was_stopping:
        group.cursor.execute(statements.DELETE_META, (statements.STOPPING,))
        group.memory.stop_noted = False
    return was_stopping


def set_apart(orphans: Iterable[TaskRecord], group: Group) -> None:
    """Make tasks start one at a time that would be held after one more crash.

    One of them may take the program down; the others only ran beside it.
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
"""More numbers than were assigned since any backup; none of them is assigned again."""


def settle_restored(group: Group) -> Notice | None:
    """Pause everything after a restore, because waiting tasks may have been done since.

    Returns the notice for people. Numbers continue far beyond those of the lost store. Windows
    then read everything again, and no new item or task gets the number or idempotency key of one
    that has left traces outside.
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
        "Waiting tasks may have been done since; check them, then resume.",
        action=None,
        active=True,
    )
