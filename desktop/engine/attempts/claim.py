"""What an attempt is given, and the notes it may write."""

from __future__ import annotations

from concurrent.futures import Future
from dataclasses import dataclass
from typing import Final, Literal, Protocol

from desktop.engine.attempts.outcomes import Outcome
from desktop.engine.functions.registry import Around
from desktop.engine.functions.spec import TaskSpec

Level = Literal["info", "warning", "error"]


LOG_LINES: Final = 1000
LOG_BYTES: Final = 256 * 1024
"""How much ``writer.notes.Ledger`` keeps of an attempt's log; then one line says that more came."""


@dataclass(slots=True)  # a frozen one takes three times as long to make
class Claim:
    """One attempt handed to a lane: the task's number, its function and its arguments.

    ``arguments`` and ``variables`` (context variables) are encoded. ``deadline`` is in epoch s.
    ``reference`` is the name by which the outside world knows the effect. ``idempotency_key`` is
    the same in all attempts of the task. ``addressee`` is JSON. ``steps`` maps the names of stored
    steps to their encoded results. ``asked_again`` tells whether a person had the task
    run again after it was uncertain; where that is not known, as on a worker, it is true.
    ``around`` makes the context manager in which the function is called.
    """

    task_id: int
    attempt: int
    max_attempts: int
    spec: TaskSpec
    arguments: str
    item_id: int | None = None
    deadline: float | None = None
    reference: str | None = None
    idempotency_key: str = ""
    addressee: str | None = None
    steps: dict[str, str] | None = None
    variables: str | None = None
    asked_again: bool = True
    around: Around | None = None


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
