"""Cancel: at once before a task has started, or by asking the running attempt to stop."""

from __future__ import annotations

from sendoff_tasks.causes import because
from sendoff_tasks.errors import Conflict
from sendoff_tasks.model.reasons import Reason
from sendoff_tasks.model.states import CANCELLABLE, Refusal, State
from sendoff_tasks.model.tasks import Deed
from sendoff_tasks.model.times import wire_time
from sendoff_tasks.store.tables.records import TaskRecord
from sendoff_tasks.transaction.group import Group
from sendoff_tasks.transaction.uncertain import because_cancelled
from sendoff_tasks.verbs.repeats import bring_back
from sendoff_tasks.words.table import ENGLISH


def cancel(group: Group, record: TaskRecord) -> None:
    """Cancel a task; raise what :func:`check_cancel` raises."""
    check_cancel(group, record)
    if record.state == State.RUNNING:
        _ask_to_stop(group, record)
        return
    group.log_action(record, Deed.CANCELLED)
    by_person = because_cancelled(group, record, Reason.CANCELLED_BY_PERSON)
    group.move(record, State.CANCELLED, by_person, started_at=None)  # no attempt ends
    bring_back(group, record)


def check_cancel(_: Group, record: TaskRecord) -> None:
    """Raise ``Conflict`` for a task that has ended or is past its point of no return."""
    if record.state not in CANCELLABLE:
        raise Conflict(Refusal(record.state))
    if record.state == State.RUNNING and record.passed:
        raise Conflict(Refusal.PAST_RETURN)


def _ask_to_stop(group: Group, record: TaskRecord) -> None:
    if not record.stopping:
        group.log(record, group.now, "info", ENGLISH.say("history", "asked_to_stop"))
        asked = because(Reason.CANCEL_REQUESTED, since=wire_time(group.now))
        group.explain(record, asked, stopping=1)
        group.to_stop.append(group.memory.running[record.id])
