"""The attempts under way in one lane: each ends exactly once, and timeouts are watched."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from desktop.engine.attempts.control import CancelReason, Control, go_on
from desktop.engine.attempts.outcomes import AGAIN_S, GivenBack, NotBegun
from desktop.engine.text import sentence

if TYPE_CHECKING:
    from desktop.engine.attempts.claim import AttemptLedger, Claim
    from desktop.engine.attempts.outcomes import Outcome

REST_S: Final = AGAIN_S / 2
"""How long a lane takes no more after the system gave no thread, s; less than ``AGAIN_S``."""

log = logging.getLogger(__name__)


@dataclass(slots=True, eq=False)
class Run:
    """One attempt under way; ``expires`` is the end of its timeout, monotonic s."""

    claim: Claim
    control: Control
    expires: float | None = None

    def is_overdue(self, now: float) -> bool:
        """Return whether the timeout is over; it counts from the end of a wait for a turn."""
        timeout = self.claim.spec.timeout
        if timeout is None or self.expires is None or self.expires > now:
            return False
        ends = self.control.turn + timeout  # inf during the wait: look again later
        self.expires = min(ends, now + timeout) if ends > now else None
        return self.expires is None


class Runs:
    """A table of runs; ``on_timeout`` is called once for each run that exceeds its timeout.

    One thread watches the timeouts. It sleeps until the first of them and then looks at all runs,
    of which there are at most ``slots``. ``give_way`` is passed to each attempt's control.
    """

    def __init__(
        self,
        ledger: AttemptLedger,
        slots: int,
        on_timeout: Callable[[Run], None],
        give_way: Callable[[], None] = go_on,
    ) -> None:
        self._ledger = ledger
        self._slots = slots
        self._full_at = slots  # how many were under way when the system last gave no more
        self._full_until = 0.0  # monotonic s
        self._on_timeout = on_timeout
        self._give_way = give_way
        self._runs: dict[tuple[int, int], Run] = {}
        self._lock = threading.Lock()
        self._changed = threading.Condition(self._lock)
        self._wakes_at: float | None = None
        self._watcher: threading.Thread | None = None
        self._closed = False

    def __len__(self) -> int:
        return len(self._runs)

    @property
    def slots(self) -> int:
        """How many may be under way; for a while only as many as the system last allowed.

        Otherwise all queued tasks would be tried and put off, one after the other.
        """
        return self._full_at if time.monotonic() < self._full_until else self._slots

    def add(self, claim: Claim) -> Run | None:
        """Add an attempt; if the lane is stopping, give it back and return ``None``.

        An attempt whose timeout cannot be watched is put off.
        """
        run = Run(claim, Control(self._give_way))
        with self._lock:
            closed = self._closed
            if not closed:
                self._runs[claim.task_id, claim.attempt] = run
        if closed:
            self._ledger.finish(claim, GivenBack(begun=False))
            return None
        try:
            if claim.spec.timeout is not None:
                self._start_watcher()
        except Exception as error:  # noqa: BLE001 - a lane never raises
            self.put_off(run, error)
            return None
        return run

    def put_off(self, run: Run, error: Exception) -> None:
        """End an attempt for which the system gave no thread or process."""
        self.end(run, not_begun(error))

    def find(self, task_id: int, attempt: int) -> Run | None:
        """Return the attempt's run while it is under way."""
        return self._runs.get((task_id, attempt))

    def watch(self, run: Run) -> None:
        """Start the attempt's timeout, if it has one; call this just before its function."""
        if run.claim.spec.timeout is None:
            return
        with self._changed:
            run.expires = time.monotonic() + run.claim.spec.timeout
            if self._wakes_at is None or run.expires < self._wakes_at:
                self._changed.notify_all()

    def end(self, run: Run, outcome: Outcome) -> bool:
        """Finish the attempt if it is still under way; return whether it was."""
        with self._lock:
            if self._runs.pop((run.claim.task_id, run.claim.attempt), None) is None:
                return False
            if isinstance(outcome, NotBegun):
                self._full_at, self._full_until = len(self._runs), time.monotonic() + REST_S
            self._ledger.finish(run.claim, outcome)
            if self._closed:
                self._changed.notify_all()
        return True

    def close(self, grace: float) -> list[Run]:
        """Ask all runs to stop, wait up to ``grace`` s, return those still under way."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
            for run in self._runs.values():
                run.control.cancel(CancelReason.STOP)
            self._changed.wait_for(lambda: not self._runs, grace)
            return list(self._runs.values())

    def _start_watcher(self) -> None:
        with self._lock:
            if self._watcher is None and not self._closed:
                watcher = threading.Thread(target=self._watch, name="timeouts", daemon=True)
                watcher.start()
                self._watcher = watcher

    def _watch(self) -> None:
        while True:
            with self._changed:
                if self._closed:
                    return
                now = time.monotonic()
                overdue = [run for run in self._runs.values() if run.is_overdue(now)]
                waits = [r.expires for r in self._runs.values() if r.expires]
                self._wakes_at = min(waits, default=None)
                if not overdue:
                    self._changed.wait(self._wakes_at - now if self._wakes_at else None)
            for run in overdue:
                if run.control.cancel(CancelReason.TIMEOUT):
                    self._act_on_timeout(run)

    def _act_on_timeout(self, run: Run) -> None:
        try:
            self._on_timeout(run)
        except Exception:
            log.exception("Task %s is past its timeout and was not stopped", run.claim.task_id)


def not_begun(error: Exception) -> NotBegun:
    """Return the outcome of an attempt for which the system gave no thread or process."""
    return NotBegun(f"The system cannot run it now: {sentence(error)}")
