"""What follows a failed attempt: its cause, why it is uncertain, and the wait before the next."""

from __future__ import annotations

import logging
import math

from desktop.contract.causes import CauseKind, Cure
from desktop.contract.reasons import Reason
from desktop.contract.rules.times import wire_time
from desktop.engine.attempts.control import HandOver
from desktop.engine.attempts.outcomes import (
    Crashed,
    Failed,
    GivenBack,
    Held,
    Later,
    LeftUncertain,
    Outcome,
    Succeeded,
)
from desktop.engine.causes import FoundCause, cause_of_reason, without
from desktop.engine.functions.backoff import Retry
from desktop.engine.reasons import Because, ServerAnswer, because
from desktop.engine.store.tables.records import TaskRecord
from desktop.engine.transaction.group import Group

log = logging.getLogger(__name__)


def meet_cause(group: Group, record: TaskRecord, outcome: Outcome) -> None:
    """Record the cause of a failed attempt, unless the reason of the next state tells it."""
    found = None if isinstance(outcome, Succeeded) else _cause_of(group, record, outcome)
    if found is not None:
        group.causes.meet(record, found)


def _cause_of(group: Group, record: TaskRecord, outcome: Outcome) -> FoundCause | None:
    task = group.memory.functions[record.function].name
    match outcome:
        case Failed(error) | Later(error):
            return _of_address(outcome.fault.cause(task, error, outcome.answer), record)
        case Held(said, whole_queue=False):
            found = outcome.fault.cause(task, said, outcome.answer)
            return found._replace(cure=found.cure or Cure.RETRY)
        case LeftUncertain(error) if outcome.fault.kind is CauseKind.EXCEPTION:
            return outcome.fault.cause(task, error)
        case LeftUncertain() | Crashed() | GivenBack() if record.passed:
            told = handed_over(record)
            answer = ServerAnswer(told.to or None if told else None)
            return cause_of_reason(why_uncertain(outcome, record), task=task, answer=answer)
        case _:
            return None


def why_uncertain(outcome: Outcome, record: TaskRecord) -> Reason:
    """Return why an attempt is uncertain: no answer came, or it was cut short before one."""
    match outcome:
        case LeftUncertain(cut_short=True) if record.stopping:
            return Reason.STOPPED_BY_PERSON
        case LeftUncertain(cut_short=True) | Crashed() | GivenBack():
            return Reason.CUT_SHORT
        case _:
            return Reason.NO_ANSWER


def cut_short_words(record: TaskRecord) -> str:
    """Return the error of an attempt during which the program ended, past its point of no return.

    The text is a sentence.
    """
    told = handed_over(record)
    came = f"{told.to} answered" if told and told.to else "there was an answer"
    return f"The program ended before {came}."


def uncertain_because(kind: Reason, told: HandOver | None, now: int) -> tuple[str, Because]:
    """Return why an attempt past its point of no return is uncertain: a sentence, and its data.

    ``now`` is in epoch ms.
    """
    server = told.to if told and told.to else None
    since = wire_time(now if told is None else told.at)
    came = "answer came" if server is None else f"answer came from {server}"
    match kind:
        case Reason.CUT_SHORT:
            why = f"It ended past its point of no return before an {came}: it may have happened."
        case Reason.STOPPED_BY_PERSON:
            why = f"It was cancelled past its point of no return, before an {came}."
            why += " It may have happened."
        case _:
            why = f"No {came} after its point of no return, so it may have happened."
    return why, because(kind, ServerAnswer(server), since=since)


def handed_over(record: TaskRecord) -> HandOver | None:
    """Return what the attempt handed over past its point of no return, if that was recorded."""
    return HandOver.decode(record.handover) if record.passed and record.handover else None


def wait_after(group: Group, record: TaskRecord) -> float:
    """Return the wait before the next attempt, s; only the task's own failures are counted."""
    spec = group.spec(record)
    retry = spec.retry if spec else Retry()
    failures = retry.attempts - (record.max_attempts - record.attempt)
    try:
        wait = float(retry.backoff(max(1, failures), group.random))
    except BaseException:  # the backoff is an app's code, and this is the writer's thread
        log.exception("The backoff of a task failed; the usual one is used")
        wait = math.nan
    return Retry().backoff(max(1, failures), group.random) if math.isnan(wait) else wait


def _of_address(found: FoundCause, record: TaskRecord) -> FoundCause:
    """Leave the mailbox out of the cause of a refused address; its domain becomes the place.

    Refusals of several addresses then share one cause.
    """
    mailbox, _, domain = record.recipient.rpartition("<")[2].rstrip(">").rpartition("@")
    if found.cure is not Cure.CORRECT_ADDRESS or not mailbox:
        return found
    return without(mailbox, found)._replace(place=domain)
