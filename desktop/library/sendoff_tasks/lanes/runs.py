"""What all lanes share: the attempts under way, each of which ends once, and their timeouts."""

from __future__ import annotations

import logging
import math
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sendoff_tasks.attempts.attempt import stopped
from sendoff_tasks.attempts.control import CancelReason, Control, go_on
from sendoff_tasks.attempts.outcomes import AGAIN_S, GivenBack, NotBegun
from sendoff_tasks.text import sentence
from sendoff_tasks.words.table import ENGLISH

if TYPE_CHECKING:
    from sendoff_tasks.attempts.claim import AttemptLedger, Claim
    from sendoff_tasks.attempts.outcomes import Outcome
    from sendoff_tasks.model.tasks import LaneName

REST_S: Final = AGAIN_S / 2
"""How long a lane takes no more after the system gave no thread, s; less than ``AGAIN_S``."""

log = logging.getLogger(__name__)


@dataclass(slots=True, eq=False)
class Run:
    """One attempt under way; ``expires`` is the end of its timeout or deadline, monotonic s."""

    claim: Claim
    control: Control
    expires: float | None = None

    def allowed(self, spare: float = 0.0) -> float | None:
        """How long it may run from now on, s: its timeout and ``spare``, or until its deadline."""
        timeout, deadline = self.claim.spec.timeout, self.claim.deadline
        limits = [] if timeout is None else [timeout + spare]
        if deadline is not None:
            limits.append(max(0.0, deadline - time.time()))
        return min(limits, default=None)

    def is_overdue(self, now: float) -> bool:
        """Tell whether its time is over; a timeout counts from the end of a wait for a turn."""
        allowed = self.allowed()
        if allowed is None or self.expires is None or self.expires > now:
            return False
        timeout = self.claim.spec.timeout
        ends = self.control.turn + timeout if timeout is not None else math.inf
        # inf during the wait: look again later
        is_over = allowed == 0 or ends <= now
        self.expires = None if is_over else min(ends, now + allowed)
        return is_over


class TrackedLane(ABC):
    """A lane with a table of its attempts under way; each ends exactly once.

    One thread watches the timeouts. It sleeps until the first of them and then looks at all runs,
    of which there are at most ``slots``. ``give_way`` is passed to each attempt's control.
    """

    name: LaneName

    def __init__(
        self, ledger: AttemptLedger, slots: int, give_way: Callable[[], None] = go_on
    ) -> None:
        self._ledger = ledger
        self._most = slots
        self._full_at = slots  # how many were under way when the system last gave no more
        self._full_until = 0.0  # monotonic s
        self._give_way = give_way
        self._runs: dict[tuple[int, int], Run] = {}
        self._lock = threading.Lock()
        self._changed = threading.Condition(self._lock)
        self._wakes_at: float | None = None
        self._watcher: threading.Thread | None = None
        self._closed = False

    @property
    def slots(self) -> int:
        """How many may be under way; for a while only as many as the system last allowed.

        Otherwise all queued tasks would be tried and put off, one after the other.
        """
        return self._full_at if time.monotonic() < self._full_until else self._most

    def start(self, claim: Claim) -> None:
        """Run the attempt; never blocks, never raises; only one thread may call it.

        If the lane is stopping, the attempt is given back. It is put off if the system gives no
        thread or process, also for watching its timeout.
        """
        run = Run(claim, Control(self._give_way))
        with self._lock:
            closed = self._closed
            if not closed:
                self._runs[claim.task_id, claim.attempt] = run
        if closed:
            self._ledger.finish(claim, GivenBack(begun=False))
            return
        try:
            if run.allowed() is not None:
                self._start_watcher()
            self.launch(run)
        except Exception as error:  # noqa: BLE001 - a lane never raises
            self.end(run, not_begun(error))

    def cancel(self, task_id: int, attempt: int, reason: CancelReason) -> None:
        """Ask an attempt to stop, and interrupt it; one that is not under way here is ignored."""
        run = self._runs.get((task_id, attempt))
        if run is not None and run.control.cancel(reason):
            self.interrupt(run)

    @abstractmethod
    def launch(self, run: Run) -> None:
        """Have an attempt run; raise an error if the system gives no thread or process."""

    @abstractmethod
    def interrupt(self, run: Run) -> None:
        """Stop an attempt that was asked to stop."""

    @abstractmethod
    def time_out(self, run: Run) -> None:
        """Act on an attempt that exceeds its timeout; called once."""

    def watch(self, run: Run, spare: float = 0.0) -> None:
        """Start the attempt's timeout, if it has one; call this just before its function.

        ``spare`` is what it may take besides, s: its function is still to be loaded.
        """
        allowed = run.allowed(spare)
        if allowed is None:
            return
        with self._changed:
            run.expires = time.monotonic() + allowed
            if self._wakes_at is None or run.expires < self._wakes_at:
                self._changed.notify_all()

    def end(self, run: Run, outcome: Outcome) -> bool:
        """Finish the attempt if it is still under way; tell whether it was."""
        with self._lock:
            if self._runs.pop((run.claim.task_id, run.claim.attempt), None) is None:
                return False
            if isinstance(outcome, NotBegun):
                self._full_at, self._full_until = len(self._runs), time.monotonic() + REST_S
            self._ledger.finish(run.claim, outcome)
            if self._closed:
                self._changed.notify_all()
        return True

    def stop_runs(self, grace: float, leave: float) -> None:
        """Let attempts end for ``grace`` s, interrupt the others, give back what ignores that."""
        left = self.close(grace)
        for run in left:
            self.interrupt(run)
        for run in self.close(leave if left else 0):
            self.end(run, stopped(run.claim, run.control))

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
            self.time_out(run)
        except Exception:
            log.exception("Could not stop task %s at its timeout", run.claim.task_id)


def not_begun(error: Exception) -> NotBegun:
    """Return the outcome of an attempt for which the system gave no thread or process."""
    return NotBegun(ENGLISH.say("attempt", "no_room", why=sentence(error)))
