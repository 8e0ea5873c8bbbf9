"""The cpu lane: one process per slot, so a crash, cancel or timeout ends one task alone."""

from __future__ import annotations

from queue import SimpleQueue
from typing import TYPE_CHECKING, Final

from sendoff_tasks.lanes.runs import Run, TrackedLane

if TYPE_CHECKING:
    from sendoff_tasks.attempts.claim import AttemptLedger
    from sendoff_tasks.lanes.cpu_parent import Slot
    from sendoff_tasks.model.tasks import LaneName

LEAVE_S: Final = 2.0
"""How long killed processes may take to end, s."""


class CpuLane(TrackedLane):
    """Runs attempts in spawned processes, which start on first use and stay warm.

    Cancel and timeout kill the attempt's process and all that its task has started.
    """

    name: LaneName = "cpu"

    def __init__(self, ledger: AttemptLedger, slots: int) -> None:
        super().__init__(ledger, slots)
        self._queue: SimpleQueue[Run | None] = SimpleQueue()
        self._slots: list[Slot] = []

    def launch(self, run: Run) -> None:
        """Leave an attempt to the next free process; there is one for each."""
        if len(self._slots) < len(self._runs):
            from sendoff_tasks.lanes.cpu_parent import Slot  # 4 ms that most starts can save

            self._slots.append(Slot(self._queue, self, self._ledger))
        self._queue.put(run)

    def interrupt(self, run: Run) -> None:
        """Kill the attempt's process."""
        for slot in list(self._slots):
            slot.kill(run)

    time_out = interrupt

    def stop(self, grace: float) -> None:
        """Let attempts end for ``grace`` s, those that check at once; then kill the others."""
        for slot in list(self._slots):
            slot.ask_to_stop()
        self.stop_runs(grace, LEAVE_S)
        slots = list(self._slots)  # final: the table of runs is closed
        for _ in slots:
            self._queue.put(None)
        for slot in slots:
            slot.join(LEAVE_S)

    def wait_over(self, seconds: float | None) -> bool:
        """Return ``True``: the processes were killed."""
        return True
