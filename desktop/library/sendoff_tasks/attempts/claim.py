"""What an attempt is given, the notes it may write, and how both ends travel to a worker."""

from __future__ import annotations

import json
from collections.abc import Mapping
from concurrent.futures import Future
from dataclasses import asdict, dataclass, fields
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Final, Protocol, get_args

from sendoff_tasks.attempts.outcomes import Deferred, Fault, Outcome, Succeeded
from sendoff_tasks.causes import ServerAnswer
from sendoff_tasks.functions.registry import Around
from sendoff_tasks.functions.spec import TaskSpec
from sendoff_tasks.model.causes import CauseKind
from sendoff_tasks.model.reasons import Reason
from sendoff_tasks.model.tasks import Level

if TYPE_CHECKING:
    from sendoff_tasks.functions.lifespan import TaskLifespan

LOG_LINES: Final = 1000
LOG_BYTES: Final = 256 * 1024
"""How much ``writer.notes.Ledger`` keeps of an attempt's log; then one line says that more came."""


@dataclass(slots=True)  # a frozen one takes three times as long to make
class Claim:
    """One attempt handed to a lane: the task's number, its function and its arguments.

    ``arguments`` and ``variables`` (context variables) are encoded. ``deadline`` is in epoch s.
    ``reference`` is the name by which the outside world knows the effect. ``idempotency_key`` is
    the same in all attempts of the task. ``given`` is what features give it. ``steps`` maps the
    names of stored steps to their encoded results. ``asked_again`` tells whether a person had the
    task run again after it was uncertain; where that is not known, as on a worker, it is true.
    ``around`` makes the context manager in which the function is called. ``lifespan`` has the state
    that the app has opened for it.
    """

    task_id: int
    attempt: int
    max_attempts: int
    spec: TaskSpec
    arguments: str
    given: Mapping[str, Any] | None = None
    deadline: float | None = None
    reference: str | None = None
    idempotency_key: str = ""
    steps: dict[str, str] | None = None
    variables: str | None = None
    asked_again: bool = True
    around: Around | None = None
    lifespan: TaskLifespan | None = None


class Notes(Protocol):
    """The notes a running attempt may write; safe from any thread.

    Every call is fenced by ``(claim.task_id, claim.attempt)``: a late call changes nothing.
    """

    def progress(self, claim: Claim, done: float, total: float | None, text: str) -> None:
        """Report progress; never blocks. Of many reports in a row only the last is written."""

    def log(self, claim: Claim, level: Level, text: str) -> None:
        """Add a line to the attempt's log; never blocks; capped at ``LOG_LINES``, ``LOG_BYTES``."""

    def point_of_no_return(self, claim: Claim, what: str, to: str) -> Future[None]:
        """Mark the attempt, with what is handed over to whom; resolved once that is on disk.

        The future raises ``Fenced``, ``TaskCancelled`` or another ``EngineError``; then nothing
        is marked.
        """

    def step(self, claim: Claim, name: str, result: str) -> Future[None]:
        """Store a step's encoded result; resolved once that is on disk.

        The future raises ``Fenced`` or another ``EngineError``; then nothing is stored.
        """


class AttemptLedger(Notes, Protocol):
    """Where a lane records its attempts; safe from any thread."""

    def overdue(self, claim: Claim, *, stops: bool) -> None:
        """Record that the attempt ran past its timeout, and whether that cancels it."""

    def finish(self, claim: Claim, outcome: Outcome) -> None:
        """Record the end of the attempt; never blocks, never raises."""


_OUTCOMES: Final[dict[str, type[Any]]] = {kind.__name__: kind for kind in get_args(Outcome)}


_HERE: Final = {"spec", "asked_again", "around", "lifespan"}
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
    if fault := told.get("fault"):
        told["fault"] = Fault(**{**fault, "kind": CauseKind(fault["kind"])})
    if kind is Deferred:
        told["why"] = Reason(told["why"])
    outcome: Outcome = kind(**told)
    return outcome
