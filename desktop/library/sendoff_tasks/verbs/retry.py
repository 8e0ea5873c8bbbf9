"""Retry: queue a failed, cancelled or waiting task again."""

from __future__ import annotations

import json

from sendoff_tasks.causes import because
from sendoff_tasks.errors import Conflict
from sendoff_tasks.functions.spec import TaskSpec
from sendoff_tasks.model.reasons import Reason
from sendoff_tasks.model.states import RETRYABLE, Refusal, State
from sendoff_tasks.model.tasks import Deed
from sendoff_tasks.queues.holds import Trials
from sendoff_tasks.queues.workers import forget_start
from sendoff_tasks.store.tables.records import ALL_QUEUES, Hold, TaskRecord
from sendoff_tasks.transaction.group import Group
from sendoff_tasks.transaction.replies import More
from sendoff_tasks.verbs.pause_queue import release
from sendoff_tasks.verbs.repeats import Messages
from sendoff_tasks.verbs.submit import check_unique

ASKED_AGAIN = because(Reason.ASKED_AGAIN)


def retry(group: Group, record: TaskRecord, messages: Messages | None = None) -> None:
    """Queue a task with a fresh set of attempts; raise what :func:`check_retry` raises.

    The person wants the task to run, so a retry also releases a held queue with all its tasks.
    """
    check_retry(group, record, messages)
    queue = group.memory.functions[record.function].queue
    if record.state == State.QUEUED:
        group.log_action(record, Deed.RETRIED)
        group.explain(record, ASKED_AGAIN)
    else:
        start_afresh(group, record, Deed.RETRIED)
    if queue in group.memory.held_queues and queue not in group.part(Trials).freed:
        _release_all(group, queue)


def check_retry(group: Group, record: TaskRecord, messages: Messages | None = None) -> None:
    """Raise ``Conflict`` if a task's state forbids a retry, or it cannot be queued again.

    Also if another task has done the same since, is about to, or is retried by the same call
    (``messages``): the message would arrive twice. A task that retries by itself stays as it is
    while its batch lets nothing start.
    """
    if record.state in RETRYABLE or record.reason == Reason.KEPT:
        (messages or Messages(group)).check_retry(record)
        check_afresh(group, record)
        if record.run_at is not None:
            group.check_start(record)
        return
    if record.state != State.QUEUED:
        raise Conflict(Refusal(record.state))
    queue = group.memory.functions[record.function].queue
    if queue in group.memory.held_queues or queue in group.part(Trials).freed:
        return
    if not group.memory.pauses.keys().isdisjoint({queue, ALL_QUEUES}):
        raise Conflict(Refusal.PAUSED)
    raise Conflict(Refusal.QUEUED)


def _release_all(group: Group, queue: str) -> None:
    """Release the queue within this group; few tasks are held with it, those that ran together."""
    step = release(group, queue)
    while isinstance(step, More):
        step = step.verb(group)


def check_afresh(group: Group, record: TaskRecord) -> None:
    """Raise ``Conflict`` if a task's function is gone, or another open task has its key."""
    known_spec(group, record)
    check_unique(group, record)


def known_spec(group: Group, record: TaskRecord) -> TaskSpec:
    """Return the spec registered under the task's name; raise ``Conflict`` if there is none."""
    spec = group.spec(record)
    if spec is None:
        name = group.memory.functions[record.function].name
        raise Conflict(Refusal.NO_FUNCTION, text=group.registry.why_unknown(name))
    return spec


def start_afresh(group: Group, record: TaskRecord, deed: Deed) -> None:
    """Queue a task as if it were new; its attempts continue to count, its history stays.

    The caller has called :func:`check_afresh`.
    """
    attempts = known_spec(group, record).retry.attempts
    for feature in group.memory.features:
        feature.renew(group, record)
    late = record.deadline is not None and record.deadline <= group.now
    group.log_action(record, deed)
    group.causes.retry(record)
    if record.held == Hold.PERSON and json.loads(record.reason_data or "{}").get("fixed"):
        forget_start(group, record)  # no attempt reached a server
    group.move(
        record,
        State.QUEUED,
        ASKED_AGAIN,
        held=Hold.NOTHING.value,
        max_attempts=record.attempt + attempts,
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
