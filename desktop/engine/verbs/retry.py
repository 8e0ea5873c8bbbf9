"""Retry: queue a failed, cancelled or waiting task again."""

from __future__ import annotations

from desktop.contract.states import RETRYABLE, State
from desktop.engine.errors import Conflict
from desktop.engine.group import Group
from desktop.engine.store.records import Hold, TaskRecord

RETRIED = "A person asked for another try."


def retry(group: Group, record: TaskRecord) -> None:
    """Queue a task with a fresh set of attempts; ``Conflict`` where its state forbids it."""
    if record.state not in RETRYABLE:
        raise Conflict(
            f"It is {record.state}; only failed, cancelled and waiting tasks are retried."
        )
    start_afresh(group, record, RETRIED)


def start_afresh(group: Group, record: TaskRecord, why: str) -> None:
    """Queue a task as if it were new; its attempts go on counting, its history stays."""
    spec = group.spec(record)
    if spec is None:
        name = group.memory.functions[record.function].name
        raise Conflict(f"There is no task named “{name}” any more.")
    late = record.deadline is not None and record.deadline <= group.now
    group.log(record, group.now, "info", why)
    group.move(
        record,
        State.QUEUED,
        why,
        held=Hold.NOTHING.value,
        max_attempts=record.attempt + spec.retry.attempts,
        crashes=0,
        passed=0,
        stopping=0,
        run_at=None,
        deadline=None if late else record.deadline,
        finished_at=0,
        progress=None,
        error=None,
        result=None,
    )
