"""Retry: queue a failed, cancelled or waiting task again."""

from __future__ import annotations

from desktop.contract.reasons import Reason
from desktop.contract.states import RETRYABLE, State
from desktop.engine.errors import Conflict
from desktop.engine.reasons import because
from desktop.engine.store.tables.records import ALL_QUEUES, Hold, TaskRecord
from desktop.engine.transaction.group import Group
from desktop.engine.transaction.replies import More
from desktop.engine.verbs.pause import release
from desktop.engine.verbs.submit.items import readdress
from desktop.engine.verbs.submit.unique import check_unique

RETRIED = "A person asked for another try."
ASKED_AGAIN = because(Reason.ASKED_AGAIN)


def retry(group: Group, record: TaskRecord) -> None:
    """Queue a task with a fresh set of attempts; ``Conflict`` where its state forbids it.

    A person who asks for this wants it to run, so a queue that is held goes on with all its tasks.
    """
    queue = group.memory.functions[record.function].queue
    held = queue in group.memory.held_queues
    if record.state in RETRYABLE or record.reason == Reason.KEPT:
        start_afresh(group, record, RETRIED)
    elif record.state == State.QUEUED and (held or queue in group.freed):
        group.log(record, group.now, "info", RETRIED)
        group.explain(record, RETRIED, ASKED_AGAIN)
    else:
        raise Conflict(_why_not(group, record, queue))
    if held and queue not in group.freed:
        _release_all(group, queue)


def _why_not(group: Group, record: TaskRecord, queue: str) -> str:
    if record.state != State.QUEUED:
        return f"It is {record.state}; only failed, cancelled and waiting tasks are retried."
    if not group.memory.pauses.keys().isdisjoint({queue, ALL_QUEUES}):
        return "It is queued; it starts after its queue is resumed."
    return "It is queued already; it starts without a retry."


def _release_all(group: Group, queue: str) -> None:
    """Do it in this group: only as many as ran together are held with their queue."""
    step = release(group, queue)
    while isinstance(step, More):
        step = step.verb(group)


def start_afresh(group: Group, record: TaskRecord, why: str) -> None:
    """Queue a task as if it were new; its attempts go on counting, its history stays.

    Raises ``Conflict`` where its function is gone, or another open task has its key.
    """
    spec = group.spec(record)
    if spec is None:
        name = group.memory.functions[record.function].name
        raise Conflict(group.registry.why_unknown(name))
    check_unique(group, record)
    readdress(group, record)
    late = record.deadline is not None and record.deadline <= group.now
    group.log(record, group.now, "info", why)
    group.causes.retry(record)
    group.move(
        record,
        State.QUEUED,
        why,
        ASKED_AGAIN,
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
