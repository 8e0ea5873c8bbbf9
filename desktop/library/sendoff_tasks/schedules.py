"""Schedules: tasks that are made again at each due time, ``@task(cron=…)`` or ``@task(every=…)``.

The task of a due time is made once: the task and the note that the time is taken are written in
one transaction. A person can pause a schedule, resume it, or run its task now. The duty
:func:`make_due` looks for due times; ``functions/schedule.py`` has the grammar.
"""

from __future__ import annotations

import logging
from typing import Final, NamedTuple

from sendoff_tasks.errors import Conflict, UnknownId
from sendoff_tasks.functions.registry import Registry
from sendoff_tasks.functions.schedule import Cron, DueRule, Every
from sendoff_tasks.functions.spec import TaskSpec
from sendoff_tasks.model.states import Refusal
from sendoff_tasks.model.tasks import LastRun, Schedule, ScheduledRun, TaskRow
from sendoff_tasks.model.times import DAY_MS, wire_time
from sendoff_tasks.store.tables.beside_tasks import (
    DELETE_DUE_TIMES,
    DUE_TIME,
    INSERT_DUE_TIME,
    LAST_RUNS,
    PUT_SCHEDULE,
    SCHEDULES,
    STATE_OF_TASK,
    ScheduleRecord,
)
from sendoff_tasks.store.tables.cursor import Source
from sendoff_tasks.submission import Idempotency, NewTask
from sendoff_tasks.text import sentence
from sendoff_tasks.transaction.acts import Acts
from sendoff_tasks.transaction.group import Group
from sendoff_tasks.transaction.memory import NEVER
from sendoff_tasks.transaction.parts import Part
from sendoff_tasks.verbs.submit import accept_task, prepare_task, recall, remember

RETAINED_MS: Final = 30 * DAY_MS
"""How long taken due times are retained, in case a clock is set back."""
STEP: Final = 100
"""Taken due times deleted in one group."""

RUNS: Final = 20
"""Runs that are told of a schedule."""

log = logging.getLogger(__name__)


class ScheduleRecords(Part):
    """The schedules by name, and when the next one is due."""

    def __init__(self) -> None:
        self.records: dict[str, ScheduleRecord] = {}
        self.next_at = 0  # epoch ms; 0: look at all of them
        self.version = 0  # of the registry, as last looked at

    def load(self, source: Source) -> None:
        """Read all schedules."""
        self.records = {row[0]: ScheduleRecord(*row) for row in source.execute(SCHEDULES)}
        self.next_at = 0

    def shift(self, group: Group, ms: int) -> None:
        """Look at all of them again: due times do not shift."""
        self.next_at = 0


def put(group: Group, record: ScheduleRecord) -> None:
    """Write a schedule to the store and to memory."""
    group.cursor.execute(PUT_SCHEDULE, record)
    group.part(ScheduleRecords).records[record.name] = record


def next_due(group: Group, name: str, rule: DueRule) -> int:
    """Return the first future due time that is not taken, epoch ms."""
    due = rule.next_after(group.now / 1000)
    while _is_taken(group, name, due * 1000):
        due = rule.next_after(due)
    return due * 1000


def take(group: Group, spec: TaskSpec, record: ScheduleRecord, due: int) -> ScheduleRecord:
    """Make the task of a due time (epoch ms), unless the time is taken."""
    if _is_taken(group, spec.name, due):
        return record
    try:
        number = make(group, spec)
    except Conflict:
        log.exception("Could not make the scheduled task %s", spec.name)
        return record
    group.cursor.execute(INSERT_DUE_TIME, (spec.name, due, number))
    if not group.memory.is_clock_doubted(group.now):
        old = (spec.name, spec.name, group.now - RETAINED_MS, STEP)
        group.cursor.execute(DELETE_DUE_TIMES, old)
    return record._replace(last_at=group.now, last_task=number)


def make(group: Group, spec: TaskSpec) -> int:
    """Make a task now; raise ``Conflict`` where the task's own code prevents it."""
    try:
        prepared = prepare_task(NewTask(spec.name, kwargs=spec.kwargs), group.registry)
    except Conflict:
        raise
    except Exception as error:
        raise Conflict(Refusal.NOT_MADE, text=sentence(error)) from error
    return accept_task(group, prepared)


def _is_taken(group: Group, name: str, due: int) -> bool:
    return group.cursor.execute(DUE_TIME, (name, due)).fetchone() is not None


class MadeTask(NamedTuple):
    """The row of a task that was made at once; ``replayed`` if its key was known."""

    row: TaskRow
    replayed: bool = False


def scheduled(registry: Registry, name: str) -> tuple[TaskSpec, DueRule]:
    """Return a task and its schedule; raise ``UnknownId``."""
    spec = registry.get(name)
    if spec is None or spec.schedule is None:
        raise UnknownId("schedule", name)
    return spec, spec.schedule


def pause(group: Group, name: str) -> None:
    """Stop making tasks at due times until resumed. Pausing twice is harmless."""
    record = _record(group, *scheduled(group.registry, name))
    if record.paused_at is None:
        put(group, record._replace(paused_at=group.now, next_at=None))


def resume(group: Group, name: str) -> None:
    """Continue with the next due time; those that passed during the pause are skipped."""
    spec, rule = scheduled(group.registry, name)
    record = _record(group, spec, rule)
    if record.paused_at is not None:
        put(group, record._replace(paused_at=None, next_at=next_due(group, name, rule)))
        group.part(ScheduleRecords).next_at = 0


def run_now(group: Group, name: str, key: Idempotency | None) -> MadeTask:
    """Make the task now, even while the schedule is paused; due times stay as they are.

    Raises ``Conflict`` where the task's own code prevents it. The same key again returns the row
    of the first call.
    """
    known = recall(group, key)
    if known is not None:
        return MadeTask(known, replayed=True)
    spec, rule = scheduled(group.registry, name)
    number = make(group, spec)
    put(group, _record(group, spec, rule)._replace(last_at=group.now, last_task=number))
    group.part(Acts).note(group, [number])
    started = MadeTask(group.row(group.read(number)))
    remember(group, key, started.row)
    return started


def _record(group: Group, spec: TaskSpec, rule: DueRule) -> ScheduleRecord:
    known = group.part(ScheduleRecords).records.get(spec.name)
    if known is not None:
        return known
    return ScheduleRecord(spec.name, str(rule), next_due(group, spec.name, rule))


def read_schedules(connection: Source, registry: Registry, now: float) -> list[Schedule]:
    """Return the schedules by name; ``now`` in epoch s."""
    records = {row[0]: ScheduleRecord(*row) for row in connection.execute(SCHEDULES)}
    return [
        _schedule_of(connection, spec, spec.schedule, records.get(spec.name), now)
        for spec in registry.specs()
        if spec.schedule is not None
    ]


def read_schedule(connection: Source, registry: Registry, now: float, name: str) -> Schedule:
    """Return one schedule; raise ``UnknownId``."""
    scheduled(registry, name)
    found = {each["name"]: each for each in read_schedules(connection, registry, now)}
    return found[name]


def _schedule_of(
    connection: Source,
    spec: TaskSpec,
    rule: DueRule,
    record: ScheduleRecord | None,
    now: float,
) -> Schedule:
    paused_at = None if record is None else record.paused_at
    if record is None:  # the writer has not seen this schedule yet
        next_at: int | None = rule.next_after(now) * 1000
    else:
        next_at = record.next_at
    return Schedule(
        name=spec.name,
        title=spec.title,
        queue=spec.queue,
        cron=rule.line if isinstance(rule, Cron) else None,
        every=str(rule) if isinstance(rule, Every) else None,
        timezone=rule.timezone if isinstance(rule, Cron) else None,
        missed=rule.missed,
        next_at=None if next_at is None else wire_time(next_at),
        last=None if record is None else _last_run(connection, record),
        runs=[
            ScheduledRun(task_id=number, state=state, took=None if took is None else took / 1000)
            for number, state, took in connection.execute(LAST_RUNS, (spec.name, RUNS))
        ],
        paused_at=None if paused_at is None else wire_time(paused_at),
    )


def _last_run(connection: Source, record: ScheduleRecord) -> LastRun | None:
    if record.last_at is None or record.last_task is None:
        return None
    row = connection.execute(STATE_OF_TASK, (record.last_task,)).fetchone()
    state = None if row is None else row[0]
    return LastRun(at=wire_time(record.last_at), task_id=record.last_task, state=state)


LATE_MS: Final = 60_000
"""How late a due time may be without counting as missed, ms."""


def make_due(group: Group) -> None:
    """Make the tasks that are due by now, and record when the next one is.

    All schedules are examined at the start, and after the functions or the clock have changed.
    """
    schedules, version = group.part(ScheduleRecords), group.registry.version
    afresh = schedules.next_at == 0 or schedules.version != version
    if not afresh and group.now < schedules.next_at:
        return
    schedules.version, schedules.next_at = version, NEVER
    for spec in group.registry.specs():
        if spec.schedule is not None:
            record = _update_schedule(group, spec, spec.schedule, afresh=afresh)
            if record.next_at is not None:
                schedules.next_at = min(schedules.next_at, record.next_at)


def _update_schedule(
    group: Group, spec: TaskSpec, rule: DueRule, *, afresh: bool
) -> ScheduleRecord:
    """Bring one schedule up to date; return its stored record."""
    known = group.part(ScheduleRecords).records
    before = known.get(spec.name)
    older = next((known[alias] for alias in spec.aliases if alias in known), None)
    if before is None and older is not None:
        before = older._replace(name=spec.name)
        put(group, before)
    record = before or ScheduleRecord(spec.name, str(rule), None)
    if record.paused_at is not None:
        record = record._replace(rule=str(rule))
    elif before is None or record.rule != str(rule):
        record = record._replace(rule=str(rule), next_at=next_due(group, spec.name, rule))
    elif record.next_at is None or record.next_at > group.now:
        if afresh:  # a clock set back brings earlier due times
            record = record._replace(next_at=next_due(group, spec.name, rule))
    else:
        due = rule.last_until(record.next_at // 1000, group.now / 1000) * 1000
        if rule.missed == "run_once" or group.now - due <= LATE_MS:
            record = take(group, spec, record, due)
        record = record._replace(next_at=next_due(group, spec.name, rule))
    if record != before:
        put(group, record)
    return record
