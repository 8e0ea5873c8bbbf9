"""The schedules there are: those of registered functions."""

from __future__ import annotations

from desktop.contract.functions import LastRun, Schedule
from desktop.contract.times import wire_time
from desktop.engine.functions.registry import Registry, TaskSpec
from desktop.engine.functions.schedule import Cron, Every, Rule
from desktop.engine.store.tables.cursor import Source
from desktop.engine.store.tables.schedules import SCHEDULES, STATE_OF_TASK, ScheduleRecord


def read_schedules(connection: Source, registry: Registry, now: float) -> list[Schedule]:
    """Read them by name; ``now`` in epoch s."""
    records = {row[0]: ScheduleRecord(*row) for row in connection.execute(SCHEDULES)}
    found = []
    for name in registry.names():
        spec = registry.get(name)
        if spec is not None and spec.schedule is not None:
            found.append(_tell(connection, spec, spec.schedule, records.get(name), now))
    return found


def _tell(
    connection: Source,
    spec: TaskSpec,
    rule: Rule,
    record: ScheduleRecord | None,
    now: float,
) -> Schedule:
    paused_at = None if record is None else record.paused_at
    if record is None:  # the writer is about to see it for the first time
        next_at: int | None = rule.next_after(now) * 1000
    else:
        next_at = record.next_at
    return Schedule(
        name=spec.name,
        title=spec.title,
        cron=rule.line if isinstance(rule, Cron) else None,
        every=str(rule) if isinstance(rule, Every) else None,
        timezone=rule.timezone if isinstance(rule, Cron) else None,
        missed=rule.missed,
        next_at=None if next_at is None else wire_time(next_at),
        last=None if record is None else _last(connection, record),
        paused_at=None if paused_at is None else wire_time(paused_at),
    )


def _last(connection: Source, record: ScheduleRecord) -> LastRun | None:
    if record.last_at is None or record.last_task is None:
        return None
    row = connection.execute(STATE_OF_TASK, (record.last_task,)).fetchone()
    state = None if row is None else row[0]
    return LastRun(at=wire_time(record.last_at), task_id=record.last_task, state=state)
