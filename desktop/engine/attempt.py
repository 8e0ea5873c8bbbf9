"""One attempt's life, top to bottom: decode, call, translate whatever comes into one outcome."""

from __future__ import annotations

from concurrent.futures import Future
from dataclasses import dataclass
from typing import Final, Literal, Protocol

from desktop.engine.control import Control
from desktop.engine.outcomes import Outcome
from desktop.engine.registry import TaskSpec

Level = Literal["info", "warning", "error"]

LOG_LINES: Final = 1000
LOG_BYTES: Final = 256 * 1024
"""What the ledger keeps of an attempt's log; then one line says that more came."""


@dataclass(frozen=True, slots=True)
class Claim:
    """One attempt handed to a lane: the task's number, its function and its arguments.

    ``arguments`` is as ``arguments.encode`` made it; ``deadline`` is in epoch s; ``reference`` is
    the name its effect is known by outside; ``idempotency_key`` is the same in all its attempts.
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


class Ledger(Protocol):
    """What an attempt may write; safe from any thread.

    Every call is fenced by ``(claim.task_id, claim.attempt)``: a late one changes nothing.
    """

    def progress(self, claim: Claim, done: float, total: float | None, text: str) -> None:
        """Note how far the attempt is; never blocks; of many only the last is written."""

    def log(self, claim: Claim, level: Level, text: str) -> None:
        """Add a line to the attempt's log; never blocks; capped at ``LOG_LINES``, ``LOG_BYTES``."""

    def overdue(self, claim: Claim, why: str) -> None:
        """Note on the row that the attempt runs past its timeout and cannot be killed."""

    def point_of_no_return(self, claim: Claim) -> Future[None]:
        """Mark the attempt; resolved once that is on disk.

        The future raises ``Fenced``, ``TaskCancelled`` or another ``EngineError``; nothing is
        marked then.
        """

    def finish(self, claim: Claim, outcome: Outcome) -> None:
        """End the attempt; never blocks, never raises."""


def run(claim: Claim, ledger: Ledger, control: Control) -> Outcome:
    """Run a plain function to its end and say how it ended; never raises."""
    raise NotImplementedError


async def run_async(claim: Claim, ledger: Ledger, control: Control) -> Outcome:
    """Run an ``async def`` function to its end and say how it ended; never raises."""
    raise NotImplementedError
