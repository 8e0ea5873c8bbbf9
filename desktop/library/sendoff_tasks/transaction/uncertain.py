"""Whether the effect of a task may have happened: in an attempt that ended uncertain, or before."""

from __future__ import annotations

from sendoff_tasks.attempts.control import HandOver
from sendoff_tasks.attempts.outcomes import Crashed, GivenBack, LeftUncertain, Outcome
from sendoff_tasks.causes import NO_ANSWER, Because, ServerAnswer, because
from sendoff_tasks.model.reasons import Reason
from sendoff_tasks.model.states import State
from sendoff_tasks.model.times import wire_time
from sendoff_tasks.store.tables.records import TaskRecord
from sendoff_tasks.store.tables.statements import ASKED_AGAIN, WAS_UNCERTAIN
from sendoff_tasks.transaction.group import Group
from sendoff_tasks.words.table import ENGLISH


def why_uncertain(outcome: Outcome, record: TaskRecord) -> Reason:
    """Return the reason: no answer came, it was cut short before one, or it may be done."""
    match outcome:
        case LeftUncertain(cut_short=True) if record.stopping:
            return Reason.STOPPED_BY_PERSON
        case LeftUncertain(cut_short=True) | Crashed() | GivenBack():
            return Reason.CUT_SHORT
        case LeftUncertain() if not record.passed:
            return Reason.MAY_BE_DONE
        case _:
            return Reason.NO_ANSWER


def uncertain_because(
    kind: Reason, told: HandOver | None, now: int, error: str | None = None
) -> Because:
    """Return the reason with its data; ``now`` in epoch ms."""
    server = told.to if told and told.to else None
    since = wire_time(now if told is None else told.at)
    return because(kind, ServerAnswer(server), error, since=since)


def cut_short_words(record: TaskRecord) -> str:
    """Return the error of an attempt during which the program ended."""
    told = handed_over(record)
    server = told.to if told and told.to else ""
    return ENGLISH.say("reason", Reason.CUT_SHORT, server and "server", server=server)


def handed_over(record: TaskRecord) -> HandOver | None:
    """Return what the attempt handed over past its point of no return, if that was recorded."""
    return HandOver.decode(record.handover) if record.passed and record.handover else None


def because_cancelled(
    group: Group, record: TaskRecord, reason: Reason, **data: str | None
) -> Because:
    """Return the reason of a cancel, including whether the message may have arrived before."""
    return because(
        reason,
        NO_ANSWER,
        data.get("text"),
        **data,
        may_have_arrived=may_have_arrived(group, record),
    )


def may_have_arrived(group: Group, record: TaskRecord) -> bool | None:
    """Tell whether an earlier attempt may have sent the message; ``None`` if none did.

    A running attempt is not an earlier one. The attempts of a cancelled task that this task
    repeats are.
    """
    if record.reference is None:
        return None
    if _ask(group, record, WAS_UNCERTAIN):
        return True
    if record.resend_of is None or record.is_copy:
        return None
    repeated = group.find(record.resend_of)
    return None if repeated is None or not repeated.may_have_arrived else True


def is_asked_again(group: Group, record: TaskRecord) -> bool:
    """Tell whether a person had it run again after it was uncertain.

    A crash since ends that: the store may have lost how far that attempt came.
    """
    return _ask(group, record, ASKED_AGAIN)


def _ask(group: Group, record: TaskRecord, statement: str) -> bool:
    if record.attempt <= (record.state == State.RUNNING):
        return False
    if record.state != State.RUNNING:  # a running task's were written before it began
        group.flush()
    return bool(group.cursor.execute(statement, (record.id,)).fetchone()[0])
