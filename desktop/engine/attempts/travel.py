"""Claims and outcomes as JSON, for attempts that a worker runs; no code travels."""

from __future__ import annotations

import json
from dataclasses import asdict, fields
from operator import attrgetter
from typing import Any, Final, get_args

from desktop.contract.causes import CauseKind, Cure
from desktop.contract.reasons import Reason
from desktop.engine.attempts.claim import Claim
from desktop.engine.attempts.outcomes import Deferred, Fault, Outcome, Succeeded
from desktop.engine.reason_data import ServerAnswer

_OUTCOMES: Final[dict[str, type[Any]]] = {kind.__name__: kind for kind in get_args(Outcome)}


_HERE: Final = {"spec", "asked_again", "around"}
TRAVELLING: Final = frozenset(each.name for each in fields(Claim)) - _HERE
"""The fields of a claim that are sent besides its task; an older worker cannot read all of them."""
_NAMES: Final = sorted(TRAVELLING)
_values: Final = attrgetter(*_NAMES)


def encode_claim(claim: Claim) -> dict[str, Any]:
    """Return a claim as JSON data: the function by name, without the fields that are ``None``."""
    named = zip(_NAMES, _values(claim), strict=True)
    told = {name: value for name, value in named if value is not None}
    told["task"] = claim.spec.name
    return told


def read_claim(text: str) -> tuple[str, dict[str, Any]]:
    """Parse an encoded claim into the task's name and the other fields."""
    told = json.loads(text)
    return str(told.pop("task")), told


def encode_outcome(outcome: Outcome) -> str:
    """Encode an outcome, without its exception."""
    return _NOTHING_TEXT if outcome == _NOTHING else _encode(outcome)


def _encode(outcome: Outcome) -> str:
    told = {f.name: getattr(outcome, f.name) for f in fields(outcome) if f.name != "raised"}
    if "fault" in told:
        told["fault"] = asdict(told["fault"])
    return json.dumps({"ending": type(outcome).__name__, **told})


_NOTHING: Final = Succeeded("null")
_NOTHING_TEXT: Final = _encode(_NOTHING)
"""The most frequent outcome, which skips the JSON encoder and parser."""


def decode_outcome(text: str) -> Outcome:
    """Reverse :func:`encode_outcome`; raise ``ValueError`` or ``KeyError`` for anything else."""
    if text == _NOTHING_TEXT:
        return _NOTHING
    told = json.loads(text)
    kind = _OUTCOMES[told.pop("ending")]
    if "answer" in told:
        told["answer"] = ServerAnswer(*told["answer"])
    if "fault" in told:
        told["fault"] = _fault(told["fault"])
    if kind is Deferred:
        told["why"] = Reason(told["why"])
    outcome: Outcome = kind(**told)
    return outcome


def _fault(told: dict[str, Any]) -> Fault:
    cure = None if told["cure"] is None else Cure(told["cure"])
    return Fault(**{**told, "kind": CauseKind(told["kind"]), "cure": cure})
