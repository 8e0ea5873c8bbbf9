"""The cpu lane: one process per slot, so a crash, cancel or timeout ends one task alone."""

from __future__ import annotations

from queue import SimpleQueue
from typing import TYPE_CHECKING, Final

from desktop.engine.attempts import attempt as attempts
from desktop.engine.lanes.runs import Run, Runs

if TYPE_CHECKING:
    from desktop.contract.tasks import LaneName
    from desktop.engine.attempts.claim import AttemptLedger, Claim
    from desktop.engine.attempts.control import CancelReason
    from desktop.engine.lanes.cpu_parent import Slot

LEAVE_S: Final = 2.0
"""How long killed processes may take to end, s."""


class CpuLane:
    """Runs attempts in spawned processes, which start on first use and stay warm.

    Cancel and timeout kill the attempt's process and all that its task has started.
    """

    name: LaneName = "cpu"

    def __init__(self, ledger: AttemptLedger, slots: int) -> None:
        self._ledger = ledger
        self._running = Runs(ledger, slots, self._kill)
        self._queue: SimpleQueue[Run | None] = SimpleQueue()
        self._slots: list[Slot] = []

    @property
    def slots(self) -> int:
        """How many attempts may be under way now."""
        return self._running.slots

    def start(self, claim: Claim) -> None:
        """Run the attempt; never blocks, never raises; only one thread may call it."""
        run = self._running.add(claim)
        if run is None:
            return
        if len(self._slots) < len(self._running):
            from desktop.engine.lanes.cpu_parent import Slot  # 4 ms that most starts can save

            try:
                self._slots.append(Slot(self._queue, self._running, self._ledger))
            except Exception as error:  # noqa: BLE001 - a lane never raises
                self._running.put_off(run, error)
                return
        self._queue.put(run)

    def cancel(self, task_id: int, attempt: int, reason: CancelReason) -> None:
        """Kill the attempt's process."""
        run = self._running.find(task_id, attempt)
        if run is not None and run.control.cancel(reason):
            self._kill(run)

    def stop(self, grace: float) -> None:
        """Let attempts end for ``grace`` s, those that check at once; then kill the others."""
        for slot in list(self._slots):
            slot.ask_to_stop()
        left = self._running.close(grace)
        for run in left:
            self._kill(run)
        for run in self._running.close(LEAVE_S if left else 0):
            self._running.end(run, attempts.stopped(run.claim, run.control))
        slots = list(self._slots)  # final: the table of runs is closed
        for _ in slots:
            self._queue.put(None)
        for slot in slots:
            slot.join(LEAVE_S)

    def wait_over(self, seconds: float | None) -> bool:
        """Return ``True``: the processes were killed."""
        return True

    def _kill(self, run: Run) -> None:
        for slot in list(self._slots):
            slot.kill(run)
