"""Notes of a worker's attempts as rows: the inbox's notes without their claim."""

from __future__ import annotations

import json
from concurrent.futures import Future
from typing import Final

from desktop.engine.attempts.claim import Claim
from desktop.engine.attempts.control import HandOver
from desktop.engine.attempts.travel import decode_outcome, encode_outcome
from desktop.engine.errors import EngineError, Fenced, TaskCancelled
from desktop.engine.writer.note_kinds import (
    EndNote,
    LogNote,
    MarkNote,
    Note,
    Overdue,
    ProgressNote,
    StepNote,
)

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
