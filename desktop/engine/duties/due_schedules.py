"""Makes tasks at the due times of their schedules."""

from __future__ import annotations

from typing import Final

from desktop.engine.functions.schedule import DueRule
from desktop.engine.functions.spec import TaskSpec
from desktop.engine.schedules import ScheduleRecords, next_due, put, take
from desktop.engine.store.tables.schedules import ScheduleRecord
from desktop.engine.transaction.group import Group
from desktop.engine.transaction.memory import NEVER

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
