"""What a person does with a schedule: pause it, resume it, run its task now."""

from __future__ import annotations

from typing import Any, NamedTuple

from desktop.contract.tasks import TaskRow
from desktop.engine.errors import UnknownSchedule
from desktop.engine.functions.registry import Registry, TaskSpec
from desktop.engine.functions.schedule import Rule
from desktop.engine.schedules.making import make, next_due, put
from desktop.engine.store.tables.schedules import ScheduleRecord
from desktop.engine.submission import Idempotency
from desktop.engine.transaction.group import Group
from desktop.engine.verbs.submit.idempotency import recall, remember


class Started(NamedTuple):
    """The row of a task that was made at once, and whether that was told before."""

    row: TaskRow
    replayed: bool = False


def scheduled(registry: Registry, name: str) -> tuple[TaskSpec, Rule]:
    """Return the task that has a schedule, and that; ``UnknownSchedule``."""
    spec = registry.get(name)
    if spec is None or spec.schedule is None:
        raise UnknownSchedule(name)
    return spec, spec.schedule


def pause(group: Group, name: str) -> None:
    """Make no task of it at its due times until it is resumed; again is harmless."""
    record = _record(group, *scheduled(group.registry, name))
    if record.paused_at is None:
        put(group, record._replace(paused_at=group.now, next_at=None))


def resume(group: Group, name: str) -> None:
    """Go on with the next due time; those that passed meanwhile are left out."""
    spec, rule = scheduled(group.registry, name)
    record = _record(group, spec, rule)
    if record.paused_at is not None:
        put(group, record._replace(paused_at=None, next_at=next_due(group, name, rule)))
        group.memory.next_schedule = 0


def run_now(group: Group, name: str, key: Idempotency | None) -> Started:
    """Make its task now, also while it is paused; its due times stay as they are.

    ``Conflict`` where the task's own code does not let it be made. The same key again is answered
    with the row of the first time.
    """
    known: Any = None if key is None else recall(group, key)
    if known is not None:
        return Started(known, replayed=True)
    spec, rule = scheduled(group.registry, name)
    number = make(group, spec)
    put(group, _record(group, spec, rule)._replace(last_at=group.now, last_task=number))
    started = Started(group.row(group.read(number)))
    if key is not None:
        remember(group, key, started.row)
    return started


def _record(group: Group, spec: TaskSpec, rule: Rule) -> ScheduleRecord:
    known = group.memory.schedules.get(spec.name)
    if known is not None:
        return known
    return ScheduleRecord(spec.name, str(rule), next_due(group, spec.name, rule))
