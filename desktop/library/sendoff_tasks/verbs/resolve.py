"""Resolve: a person decides what became of an uncertain task."""

from __future__ import annotations

from typing import Literal

from sendoff_tasks.causes import because
from sendoff_tasks.errors import Conflict
from sendoff_tasks.model.reasons import Reason
from sendoff_tasks.model.states import Refusal, State
from sendoff_tasks.model.tasks import Deed
from sendoff_tasks.store.tables.records import TaskRecord
from sendoff_tasks.transaction.group import Group
from sendoff_tasks.verbs.repeats import Messages
from sendoff_tasks.verbs.retry import check_afresh, start_afresh


def resolve(group: Group, record: TaskRecord, outcome: Literal["done", "again"]) -> None:
    """Make an uncertain task *succeeded* or *queued*; raise what :func:`check_resolve` raises."""
    check_resolve(group, record, outcome)
    if outcome == "again":
        start_afresh(group, record, Deed.AGAIN)
    else:
        group.log_action(record, Deed.DONE)
        settled = because(Reason.SETTLED_BY_PERSON)
        group.move(record, State.SUCCEEDED, settled, error=None)


def check_resolve(group: Group, record: TaskRecord, outcome: Literal["done", "again"]) -> None:
    """Raise ``Conflict`` for a task that is not uncertain, or cannot be done again.

    Also if another task has done the same since, or is about to: the message would arrive twice.
    """
    if record.state != State.UNCERTAIN:
        raise Conflict(Refusal(record.state))
    if outcome == "again":
        Messages(group).check_retry(record)
        check_afresh(group, record)
