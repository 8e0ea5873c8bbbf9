"""The kinds of notes that attempts leave for the writer."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass

from desktop.engine.attempts.claim import Claim, Level
from desktop.engine.attempts.control import HandOver
from desktop.engine.attempts.outcomes import Outcome
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
