"""The kinds of notes that attempts leave for the writer; those of workers come as rows."""

from __future__ import annotations

import json
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Final

from desktop.engine.attempts.claim import Claim, Level
from desktop.engine.attempts.control import HandOver
from desktop.engine.attempts.outcomes import Outcome
from desktop.engine.attempts.travel import decode_outcome, encode_outcome
from desktop.engine.errors import EngineError, Fenced, TaskCancelled
from desktop.engine.transaction.replies import run_logged, settle


@dataclass(frozen=True, slots=True)
class LogNote:
    """A line for an attempt's log; ``at`` in epoch ms."""

    claim: Claim
    at: int
    level: Level
    text: str


@dataclass(frozen=True, slots=True)
class ProgressNote:
    """An attempt's progress, as JSON."""

    claim: Claim
    text: str


@dataclass(frozen=True, slots=True)
class Overdue:
    """An attempt runs past its timeout; ``stops`` if that cancels it."""

    claim: Claim
    stops: bool


@dataclass(frozen=True, slots=True)
class MarkNote:
    """An attempt reaches its point of no return; ``future`` resolves once that is on disk."""

    claim: Claim
    future: Future[None]
    handover: HandOver


@dataclass(frozen=True, slots=True)
class StepNote:
    """A step has returned; ``future`` resolves once its encoded result is on disk."""

    claim: Claim
    future: Future[None]
    at: int
    name: str
    result: str


@dataclass(slots=True)  # a frozen one takes three times as long to make
class EndNote:
    """An attempt has ended."""

    claim: Claim
    outcome: Outcome


AwaitedNote = MarkNote | StepNote
"""A note that an attempt waits for until it is on disk."""
Note = LogNote | ProgressNote | Overdue | AwaitedNote | EndNote
Refusal = tuple[AwaitedNote, BaseException]
"""A note that could not be written, and why."""


def answer_awaited(refused: Sequence[Refusal], notes: Sequence[Note] = ()) -> None:
    """Answer the attempts that wait for notes: the refused ones, then the others, now on disk."""
    for awaited, error in refused:
        run_logged(settle, awaited.future, (None, error))
    for note in notes:
        if isinstance(note, AwaitedNote) and not note.future.done():
            run_logged(settle, note.future, (None, None))


WRITTEN: Final = "written"
"""The answer to an awaited note that is on disk."""
_FENCED: Final = "fenced"


def encode(note: Note) -> tuple[str, str]:
    """Encode a note as its kind and its content."""
    match note:
        case LogNote(_, _, level, text):
            return "log", json.dumps([level, text])
        case ProgressNote(_, text):
            return "progress", text
        case Overdue(_, stops):
            return "overdue", json.dumps(stops)
        case MarkNote(_, _, handover):
            return "mark", json.dumps([handover.what, handover.to])
        case StepNote(_, _, _, name, result):
            return "step", json.dumps([name, result])
        case EndNote(_, outcome):
            return "end", encode_outcome(outcome)


def decode(claim: Claim, kind: str, told: str, now: int) -> Note:
    """Reverse :func:`encode`; times are ``now``, epoch ms, because machines' clocks differ.

    Raises ``ValueError`` for anything else.
    """
    match kind:
        case "log":
            level, text = json.loads(told)
            return LogNote(claim, now, level, text)
        case "progress":
            return ProgressNote(claim, told)
        case "overdue":
            return Overdue(claim, json.loads(told))
        case "mark":
            return MarkNote(claim, Future(), HandOver(now, *json.loads(told)))
        case "step":
            return StepNote(claim, Future(), now, *json.loads(told))
        case "end":
            return EndNote(claim, decode_outcome(told))
        case _:
            raise ValueError(f"a worker cannot note {kind!r}")


def answer_to(error: BaseException | None) -> str:
    """Encode the answer to an awaited note."""
    if error is None:
        return WRITTEN
    if isinstance(error, Fenced):
        return _FENCED
    kind = "cancelled" if isinstance(error, TaskCancelled) else "error"
    return json.dumps({kind: str(error)})


def error_of(claim: Claim, answer: str) -> BaseException | None:
    """Reverse :func:`answer_to`."""
    if answer == WRITTEN:
        return None
    if answer == _FENCED:
        return Fenced(claim.task_id, claim.attempt)
    told = json.loads(answer)
    return TaskCancelled(told["cancelled"]) if "cancelled" in told else EngineError(told["error"])
