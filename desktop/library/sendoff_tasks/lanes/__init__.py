"""Lanes, which run attempts: on threads (io), in processes (cpu), on an event loop (async).

Read ``runs`` (what all lanes share: the attempts under way), then ``io``, ``loop`` and ``cpu``. A
slot of the cpu lane has two sides: ``cpu_child`` runs inside the process; ``cpu_parent`` follows
the process and replaces it when it dies. ``os_process`` handles priority, memory and the end of a
process. ``right_of_way`` lets requests go first.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sendoff_tasks.attempts.claim import Claim
    from sendoff_tasks.attempts.control import CancelReason
    from sendoff_tasks.model.tasks import LaneName


class Lane(Protocol):
    """Runs claimed attempts and ends each exactly once, with ``AttemptLedger.finish``.

    The caller never has more than ``slots`` claims under way. The lane watches each attempt's
    timeout until its point of no return.
    """

    name: LaneName

    @property
    def slots(self) -> int:
        """How many claims may be under way; fewer for a while after the system gave no more."""

    def start(self, claim: Claim) -> None:
        """Run the attempt; never blocks, never raises.

        If the system gives no thread or process, the attempt ends as ``NotBegun``.
        """

    def cancel(self, task_id: int, attempt: int, reason: CancelReason) -> None:
        """Stop an attempt: by a flag (io), by killing its process (cpu), or in the loop (async).

        Never blocks; an attempt that is not under way here is ignored.
        """

    def stop(self, grace: float) -> None:
        """Ask all attempts to stop, wait up to ``grace`` s, then give back those still running.

        On return every claim has been finished, and the lane starts nothing more.
        """

    def wait_over(self, seconds: float | None) -> bool:
        """After :meth:`stop`, wait for functions that run on, forever for ``None``.

        Returns whether none runs any more.
        """


def stop_all(lanes: Iterable[Lane], grace: float) -> None:
    """Stop lanes at the same time; see ``Lane.stop``."""
    stops = [
        threading.Thread(target=lane.stop, args=(grace,), name=f"stop-{lane.name}")
        for lane in lanes
    ]
    for stop in stops:
        stop.start()
    for stop in stops:
        stop.join()
