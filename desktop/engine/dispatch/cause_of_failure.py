"""The cause of a failed attempt; failures with the same cause are counted and shown together."""

from __future__ import annotations

from desktop.contract.causes import CauseKind, Cure
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
from desktop.engine.dispatch.uncertain import handed_over, why_uncertain
from desktop.engine.reason_data import ServerAnswer
from desktop.engine.store.tables.records import TaskRecord
from desktop.engine.transaction.group import Group


def meet_cause(group: Group, record: TaskRecord, outcome: Outcome) -> None:
    """Record the cause of a failed attempt, unless the reason of the next state tells it."""
    found = None if isinstance(outcome, Succeeded) else _cause_of(group, record, outcome)
    if found is not None:
        group.causes.meet(record, found)


def _cause_of(group: Group, record: TaskRecord, outcome: Outcome) -> FoundCause | None:
    task = group.memory.functions[record.function].name
    match outcome:
        case Failed(error) | Later(error):
            return _without_mailbox(outcome.fault.cause(task, error, outcome.answer), record)
        case Held(said, whole_queue=False):
            found = outcome.fault.cause(task, said, outcome.answer)
            return found._replace(cure=found.cure or Cure.RETRY)
        case LeftUncertain(error) if outcome.fault.kind is CauseKind.EXCEPTION:
            return outcome.fault.cause(task, error)
        case LeftUncertain() | Crashed() | GivenBack() if record.passed or isinstance(
            outcome, LeftUncertain
        ):
            told = handed_over(record)
            answer = ServerAnswer(told.to or None if told else None)
            return cause_of_reason(why_uncertain(outcome, record), task=task, answer=answer)
        case _:
            return None


def _without_mailbox(found: FoundCause, record: TaskRecord) -> FoundCause:
    """Leave the mailbox out of the cause of a refused address; its domain becomes the place.

    Refusals of several addresses then share one cause.
    """
    mailbox, _, domain = record.recipient.rpartition("<")[2].rstrip(">").rpartition("@")
    if found.cure is not Cure.CORRECT_ADDRESS or not mailbox:
        return found
    return without(mailbox, found)._replace(place=domain)
