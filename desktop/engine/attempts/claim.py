"""What an attempt is given, and what it may have written down."""

from __future__ import annotations

from concurrent.futures import Future
from dataclasses import dataclass
from typing import Final, Literal, Protocol

from desktop.engine.attempts.outcomes import Outcome
from desktop.engine.functions.spec import TaskSpec

Level = Literal["info", "warning", "error"]


LOG_LINES: Final = 1000


LOG_BYTES: Final = 256 * 1024
"""What the ledger keeps of an attempt's log; then one line says that more came."""


@dataclass(slots=True)  # frozen it takes three times as long to make
class Claim:
    """One attempt handed to a lane: the task's number, its function and its arguments.

    ``arguments`` is as ``arguments.encode`` made it; ``deadline`` is in epoch s; ``reference`` is
    the name its effect is known by outside; ``idempotency_key`` is the same in all its attempts;
    ``addressee`` is JSON; ``steps`` are the results of its steps that are on disk, by name;
    ``variables`` are the context variables that travel with it, encoded.
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


class Notes(Protocol):
    """What an attempt may write while it runs; safe from any thread.

    Every call is fenced by ``(claim.task_id, claim.attempt)``: a late one changes nothing.
    """

    def progress(self, claim: Claim, done: float, total: float | None, text: str) -> None:
        """Note how far the attempt is; never blocks; of many only the last is written."""

    def log(self, claim: Claim, level: Level, text: str) -> None:
        """Add a line to the attempt's log; never blocks; capped at ``LOG_LINES``, ``LOG_BYTES``."""

    def point_of_no_return(self, claim: Claim, what: str, to: str) -> Future[None]:
        """Mark the attempt, with what is handed over to whom; resolved once that is on disk.

        The future raises ``Fenced``, ``TaskCancelled`` or another ``EngineError``; nothing is
        marked then.
        """

    def step(self, claim: Claim, name: str, result: str) -> Future[None]:
        """Keep what a step has returned, encoded; resolved once that is on disk.

        The future raises ``Fenced`` or another ``EngineError``; nothing is kept then.
        """


class AttemptLedger(Notes, Protocol):
    """Where a lane keeps the book of its attempts; safe from any thread."""

    def overdue(self, claim: Claim, *, stops: bool) -> None:
        """Note on the row that the attempt ran past its timeout, and whether that cancels it."""

    def finish(self, claim: Claim, outcome: Outcome) -> None:
        """End the attempt; never blocks, never raises."""
