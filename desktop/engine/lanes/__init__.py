"""Where attempts run: threads (io), processes (cpu) and an event loop of its own (async).

Read ``runs`` (the attempts of any lane), then ``io``, ``loop`` and ``cpu``. Each slot of the cpu
lane has two sides: ``cpu_child`` is inside its process, ``cpu_parent`` follows the process and
replaces it when it dies; ``os_process`` asks the system for its priority, its memory and its end.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from desktop.contract.tasks import LaneName
    from desktop.engine.attempts.claim import Claim
    from desktop.engine.attempts.control import CancelReason


class Lane(Protocol):
    """Runs claimed attempts and ends each exactly once, by ``AttemptLedger.finish``.

    The caller never has more than ``slots`` claims under way at once. The lane watches each
    attempt's timeout until its point of no return.
    """

    name: LaneName

    @property
    def slots(self) -> int:
        """How many may be under way now: fewer for a while where the system gave no more."""

    def start(self, claim: Claim) -> None:
        """Run the attempt; never blocks, never raises.

        Where the system gives no thread or process it ends as ``NotBegun``.
        """

    def cancel(self, task_id: int, attempt: int, reason: CancelReason) -> None:
        """Stop the attempt: cooperatively (io), by killing its process (cpu), in the loop (async).

        Never blocks; an attempt that is not under way here is ignored.
        """

    def stop(self, grace: float) -> None:
        """Ask all attempts to stop, wait up to ``grace`` s, then give back what is left.

        On return every claim has been finished; the lane starts nothing more.
        """
