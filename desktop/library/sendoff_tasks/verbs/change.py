"""Change: a task's start time, its priority, and whether a person has marked it as seen."""

from __future__ import annotations

from typing import Final

from sendoff_tasks.causes import because
from sendoff_tasks.clock import to_ms
from sendoff_tasks.errors import Conflict
from sendoff_tasks.model.reasons import Reason
from sendoff_tasks.model.states import MOVABLE, OPEN, TROUBLED, Refusal, State
from sendoff_tasks.model.tasks import Deed
from sendoff_tasks.model.times import local_time, wire_time
from sendoff_tasks.store.tables.records import START_COUNTS, Hold, TaskRecord
from sendoff_tasks.submission import TaskChange
from sendoff_tasks.transaction.group import Group
from sendoff_tasks.words.table import ENGLISH

NOW: Final = TaskChange(run_at=0.0)
ANYWAY: Final = TaskChange(run_at=0.0, anyway=True)
SEEN: Final = TaskChange(seen=True)
UNSEEN: Final = TaskChange(seen=False)


def change(group: Group, record: TaskRecord, wanted: TaskChange) -> None:
    """Change a task; raise what :func:`check_change` raises.

    The start time can be changed until the task has begun; a past time means now. Failed and
    uncertain tasks can be marked as seen until they are tried again.
    """
    check_change(group, record, wanted)
    run_at = _run_at(wanted)
    if wanted.priority is not None and wanted.priority != record.priority:
        group.change(record, priority=wanted.priority)
    if wanted.seen is not None and wanted.seen != record.seen:
        group.log_action(record, Deed.SEEN if wanted.seen else Deed.UNSEEN)
        group.change(record, seen=int(wanted.seen))
    if run_at is None:
        return
    if run_at > group.now:
        _reschedule(group, record, run_at)
    elif record.state == State.SCHEDULED:
        group.log(record, group.now, "info", ENGLISH.say("history", "started_now"))
        held = Hold.ANYWAY if wanted.anyway else Hold.NOTHING
        group.move(record, State.QUEUED, run_at=None, held=held.value)


def mark(group: Group, record: TaskRecord, wanted: TaskChange) -> TaskRecord | None:
    """Mark a task as *seen* or not; return it if that changed it."""
    was_seen = bool(record.seen)
    change(group, record, wanted)
    return None if was_seen == wanted.seen else record


def check_change(group: Group, record: TaskRecord, wanted: TaskChange) -> None:
    """Raise ``Conflict`` if a task's state does not allow the whole change."""
    state, run_at = Refusal(record.state), _run_at(wanted)
    if wanted.priority is not None and record.state not in OPEN:
        raise Conflict(state)
    if wanted.seen is not None and record.state not in TROUBLED:
        raise Conflict(state)
    if run_at is None:
        return
    if record.state not in MOVABLE:
        raise Conflict(state)
    if run_at <= group.now:
        group.check_start(record, anyway=wanted.anyway)
    if record.deadline is not None and record.deadline <= run_at:
        raise Conflict(Refusal.DEADLINE, deadline=wire_time(record.deadline))


def _run_at(wanted: TaskChange) -> int | None:
    """Return the wanted start, epoch ms."""
    return None if wanted.run_at is None else to_ms(wanted.run_at)


def _reschedule(group: Group, record: TaskRecord, run_at: int) -> None:
    """Let it start at a time of day, which does not shift when the clock is set."""
    said = ENGLISH.say("history", "start_set", time=local_time(run_at))
    group.log(record, group.now, "info", said)
    schedule(group, record, run_at, record.delayed & ~START_COUNTS)


def schedule(group: Group, record: TaskRecord, run_at: int, delayed: int) -> None:
    """Make a task that has not begun wait for a time, epoch ms; ``delayed`` are its time flags."""
    times = {"run_at": run_at, "delayed": delayed, "held": Hold.NOTHING.value}
    if record.state == State.SCHEDULED:
        group.explain(record, because(Reason.DELAYED), **times)
    else:
        group.move(record, State.SCHEDULED, because(Reason.DELAYED), **times)
    group.due(run_at)
