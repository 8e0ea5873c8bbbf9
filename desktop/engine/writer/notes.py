"""What an attempt has to say while it runs, and how each note is written down."""

from __future__ import annotations

from concurrent.futures import Future
from dataclasses import dataclass
from typing import Final

from desktop.contract.reasons import Reason
from desktop.contract.states import State
from desktop.engine.attempts.claim import Claim, Level
from desktop.engine.attempts.control import SENTENCES, CancelReason, HandOver
from desktop.engine.attempts.outcomes import Outcome
from desktop.engine.dispatch.ending import end
from desktop.engine.errors import EngineError, Fenced, TaskCancelled
from desktop.engine.reasons import because
from desktop.engine.transaction.group import Group


@dataclass(frozen=True, slots=True)
class LogNote:
    """A line for the log; ``at`` in epoch ms."""

    claim: Claim
    at: int
    level: Level
    text: str


@dataclass(frozen=True, slots=True)
class ProgressNote:
    """How far it is, as JSON."""

    claim: Claim
    text: str


@dataclass(frozen=True, slots=True)
class Overdue:
    """It runs past its timeout; ``stops`` where that cancels it."""

    claim: Claim
    stops: bool


@dataclass(frozen=True, slots=True)
class MarkNote:
    """It is about to do what cannot be undone; ``future`` waits for that to be on disk."""

    claim: Claim
    future: Future[None]
    handover: HandOver


@dataclass(frozen=True, slots=True)
class EndNote:
    """It is over."""

    claim: Claim
    outcome: Outcome


ANSWERED: Final = frozenset({State.SUCCEEDED, State.FAILED, State.UNCERTAIN})
"""How a task ends whose attempt has found out whether its queue can go on."""

Note = LogNote | ProgressNote | Overdue | MarkNote | EndNote
Refusal = tuple[MarkNote, BaseException]


def write_notes(group: Group, notes: list[Note]) -> list[Refusal]:
    """Write notes in their order; a late one changes nothing.

    Returns the points of no return that were refused, and why.
    """
    refused: list[Refusal] = []
    logged: set[int] = set()
    for note in notes:
        try:
            _write(group, note, logged)
        except (EngineError, TaskCancelled) as error:
            if isinstance(note, MarkNote):
                refused.append((note, error))
            elif not isinstance(error, Fenced):
                raise
    for task_id in logged:
        record = group.memory.running[task_id].record
        if record.state == "running":  # else the change that ended it says so
            group.change(record)
    return refused


def _write(group: Group, note: Note, logged: set[int]) -> None:
    running = group.memory.under_way(note.claim)
    record = running.record
    match note:
        case LogNote(_, at, level, text):
            group.log(record, at, level, text)
            logged.add(record.id)
        case ProgressNote(_, text):
            group.change(record, progress=text)
        case Overdue(claim, stops):
            limit = claim.spec.timeout or 0.0
            fate = "it is being cancelled" if stops else "it cannot be stopped"
            late = because(Reason.OVERDUE, limit=limit, stops=stops)
            group.explain(record, f"Over its {limit:g} s; {fate}.", late)
        case MarkNote(_, _, handover):
            if record.stopping:
                raise TaskCancelled(SENTENCES[CancelReason.PERSON])
            group.change(record, passed=1, handover=handover.encode())
        case EndNote(_, outcome):
            end(group, record, outcome)
            group.leave(running)
            if record.state in ANSWERED:
                group.tried.add(running.queue)
