"""Making the task of a due time: in one transaction with the note that the time was taken."""

from __future__ import annotations

import logging
from typing import Final

from desktop.engine.clock import DAY_MS
from desktop.engine.errors import Conflict
from desktop.engine.functions.registry import TaskSpec
from desktop.engine.functions.schedule import Rule
from desktop.engine.store.tables.schedules import (
    DELETE_DUE_TIMES,
    DUE_TIME,
    INSERT_DUE_TIME,
    PUT_SCHEDULE,
    ScheduleRecord,
)
from desktop.engine.submission import NewTask
from desktop.engine.text import sentence
from desktop.engine.transaction.group import Group
from desktop.engine.verbs.submit.accept import accept_task
from desktop.engine.verbs.submit.prepare import prepare_task

KEPT_MS: Final = 30 * DAY_MS
"""How long it is known that a due time was taken; a clock may be set back."""
STEP: Final = 100
"""Due times forgotten in one group."""

log = logging.getLogger(__name__)


def put(group: Group, record: ScheduleRecord) -> None:
    """Write a schedule down."""
    group.cursor.execute(PUT_SCHEDULE, record)
    group.memory.schedules[record.name] = record


def next_due(group: Group, name: str, rule: Rule) -> int:
    """Return the first due time to come that was not taken, epoch ms."""
    due = rule.next_after(group.now / 1000)
    while _is_taken(group, name, due * 1000):
        due = rule.next_after(due)
    return due * 1000


def take(group: Group, spec: TaskSpec, record: ScheduleRecord, due: int) -> ScheduleRecord:
    """Make the task of a due time, epoch ms, unless it has one already."""
    if _is_taken(group, spec.name, due):
        return record
    try:
        number = make(group, spec)
    except Conflict:
        log.exception("The task %s was not made at its time", spec.name)
        return record
    group.cursor.execute(INSERT_DUE_TIME, (spec.name, due, number))
    if not group.memory.is_clock_doubted(group.now):
        old = (spec.name, spec.name, group.now - KEPT_MS, STEP)
        group.cursor.execute(DELETE_DUE_TIMES, old)
    return record._replace(last_at=group.now, last_task=number)


def make(group: Group, spec: TaskSpec) -> int:
    """Make a task now; ``Conflict`` where the task's own code does not let it."""
    try:
        prepared = prepare_task(NewTask(spec.name), group.registry)
    except Exception as error:
        raise Conflict(f"The task could not be made: {sentence(error)}") from error
    return accept_task(group, prepared)


def _is_taken(group: Group, name: str, due: int) -> bool:
    return group.cursor.execute(DUE_TIME, (name, due)).fetchone() is not None
