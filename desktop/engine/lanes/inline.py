"""The lane of tests: attempts run one at a time, in the thread that asks for it."""

from __future__ import annotations

from contextvars import Context
from queue import SimpleQueue

from desktop.contract.tasks import LaneName
from desktop.engine.attempts import attempt
from desktop.engine.attempts.claim import AttemptLedger, Claim
from desktop.engine.attempts.control import CancelReason, Control
from desktop.engine.attempts.outcomes import Outcome


class InlineLane:
    """Keeps attempts until the test takes them; a running task may run those it adds."""

    def __init__(self, name: LaneName, ledger: AttemptLedger, claims: SimpleQueue[Claim]) -> None:
        self.name = name
        self.is_open = False
        self._claims = claims
        self._ledger = ledger
        self._running: dict[tuple[int, int], Control] = {}

    @property
    def slots(self) -> int:
        """One more than are running while the test runs tasks, else none."""
        return len(self._running) + 1 if self.is_open else 0

    def start(self, claim: Claim) -> None:
        """Keep the attempt until the test takes it."""
        self._running[claim.task_id, claim.attempt] = Control()
        self._claims.put(claim)

    def run(self, claim: Claim) -> Outcome:
        """Run the attempt to its end."""
        control = self._running[claim.task_id, claim.attempt]
        if claim.spec.lane == "async":
            outcome = Context().run(
                attempt.in_a_loop, attempt.run_async(claim, self._ledger, control)
            )
        else:
            outcome = attempt.run(claim, self._ledger, control)
        self.end(claim, outcome)
        return outcome

    def end(self, claim: Claim, outcome: Outcome) -> None:
        """Report the attempt's outcome to the engine."""
        del self._running[claim.task_id, claim.attempt]
        self._ledger.finish(claim, outcome)

    def cancel(self, task_id: int, attempt: int, reason: CancelReason) -> None:
        """Set the flag that the attempt's ``check_cancelled`` reads."""
        control = self._running.get((task_id, attempt))
        if control is not None:
            control.cancel(reason)

    def stop(self, grace: float) -> None:
        """Do nothing: the stand gives back the attempts that were not taken."""

    def wait_over(self, seconds: float | None) -> bool:
        """Return ``True``: an attempt runs in the thread of its test."""
        return True
