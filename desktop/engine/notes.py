"""What an attempt has to say while it runs, and how each note is written down."""

from __future__ import annotations

from concurrent.futures import Future
from dataclasses import dataclass
from typing import Final

from desktop.contract.reasons import Reason
from desktop.contract.states import State
from desktop.engine.attempt import Claim, Level
from desktop.engine.control import SENTENCES, CancelReason
from desktop.engine.ending import end
from desktop.engine.errors import EngineError, Fenced, TaskCancelled
from desktop.engine.group import Group
from desktop.engine.handover import HandOver
from desktop.engine.outcomes import Outcome
from desktop.engine.reasons import because


@dataclass(frozen=True, slots=True)
class LogLine:
    """A line for the log; ``at`` in epoch ms."""

    claim: Claim
    at: int
    level: Level
    text: str


@dataclass(frozen=True, slots=True)
class Progress:
    """How far it is, as JSON."""

    claim: Claim
    text: str


@dataclass(frozen=True, slots=True)
class Overdue:
    """It runs past its timeout; ``stops`` where that cancels it."""

    claim: Claim
    stops: bool


@dataclass(frozen=True, slots=True)
class PointOfNoReturn:
    """It is about to do what cannot be undone; ``future`` waits for that to be on disk."""

    claim: Claim
    future: Future[None]
    handover: HandOver


@dataclass(frozen=True, slots=True)
class Ended:
    """It is over."""

    claim: Claim
    outcome: Outcome


ANSWERED: Final = frozenset({State.SUCCEEDED, State.FAILED, State.UNCERTAIN})
"""How a task ends whose attempt has found out whether its queue can go on."""

Note = LogLine | Progress | Overdue | PointOfNoReturn | Ended
Refusal = tuple[PointOfNoReturn, BaseException]


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
            if isinstance(note, PointOfNoReturn):
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
        case LogLine(_, at, level, text):
            group.log(record, at, level, text)
            logged.add(record.id)
        case Progress(_, text):
            group.change(record, progress=text)
        case Overdue(claim, stops):
            limit = claim.spec.timeout or 0.0
            fate = "it is being cancelled" if stops else "it cannot be stopped"
            late = because(Reason.OVERDUE, limit=limit, stops=stops)
            group.explain(record, f"Over its {limit:g} s; {fate}.", late)
        case PointOfNoReturn(_, _, handover):
            if record.stopping:
                raise TaskCancelled(SENTENCES[CancelReason.PERSON])
            group.change(record, passed=1, handover=handover.encode())
        case Ended(_, outcome):
            end(group, record, outcome)
            group.leave(running)
            if record.state in ANSWERED:
                group.tried.add(running.queue)
