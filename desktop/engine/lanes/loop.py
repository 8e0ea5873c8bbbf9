"""The async lane: ``async def`` functions on an event loop of their own.

A task that blocks this loop delays its siblings, never the API.
"""

from __future__ import annotations

import asyncio
import os
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from contextvars import Context
from typing import TYPE_CHECKING, Final

from desktop.engine.attempts import attempt as attempts
from desktop.engine.lanes.runs import Run, Runs

if TYPE_CHECKING:
    from desktop.contract.tasks import LaneName
    from desktop.engine.attempts.claim import AttemptLedger, Claim
    from desktop.engine.attempts.control import CancelReason
    from desktop.engine.attempts.outcomes import Outcome

LEAVE_S = 1.0
"""How long cancelled tasks may take to end after the grace period, s."""
NICE: Final = 5
"""Added to the niceness of the loop's thread where threads have their own (Linux).

Request threads then need not wait for the core on which a task computes. A higher value would make
them wait longer beside other busy programs: those would keep this thread from its core while it
holds the GIL.
"""


class LoopLane:
    """Runs attempts as asyncio tasks in one thread; cancel and timeout cancel the asyncio task."""

    name: LaneName = "async"

    def __init__(self, ledger: AttemptLedger, slots: int) -> None:
        self._ledger = ledger
        self._running = Runs(ledger, slots, self._time_out)
        self._tasks: dict[Run, asyncio.Task[Outcome]] = {}
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._stopping = False

    @property
    def slots(self) -> int:
        """How many attempts may be under way now."""
        return self._running.slots

    def start(self, claim: Claim) -> None:
        """Run the attempt; never blocks, never raises."""
        run = self._running.add(claim)
        if run is None:
            return
        try:
            self._call(self._begin, run)
        except Exception as error:  # noqa: BLE001 - a lane never raises
            self._running.put_off(run, error)

    def cancel(self, task_id: int, attempt: int, reason: CancelReason) -> None:
        """Cancel the asyncio task; its function can catch that to clean up."""
        run = self._running.find(task_id, attempt)
        if run is not None and run.control.cancel(reason):
            self._call(self._cancel, run)

    def stop(self, grace: float) -> None:
        """Let tasks end for ``grace`` s, cancel the others, give back those that ignore that."""
        left = self._running.close(grace)
        for run in left:
            self._call(self._cancel, run)
        for run in self._running.close(LEAVE_S if left else 0):
            self._running.end(run, attempts.stopped(run.claim, run.control))
        with self._lock:
            self._stopping = True
            loop, self._loop = self._loop, None
        if loop is not None:
            loop.call_soon_threadsafe(loop.stop)
            self.wait_over(LEAVE_S)  # a task that blocks the loop keeps its (daemon) thread

    def wait_over(self, seconds: float | None) -> bool:
        """Wait for the loop's thread, which a task that blocks it keeps."""
        if self._thread is None:
            return True
        self._thread.join(seconds)
        return not self._thread.is_alive()

    def _call(self, step: Callable[[Run], None], run: Run) -> None:
        """Call ``step`` in the loop's thread, which the first call starts."""
        with self._lock:
            if self._stopping:
                return  # the run has been given back
            loop = self._loop or self._open()
            loop.call_soon_threadsafe(step, run)

    def _open(self) -> asyncio.AbstractEventLoop:
        runner = asyncio.Runner(loop_factory=asyncio.new_event_loop)
        loop = runner.get_loop()
        thread = threading.Thread(
            target=self._serve, args=(runner,), name="async-lane", daemon=True
        )
        try:
            thread.start()
        except BaseException:
            runner.close()
            raise
        self._loop, self._thread = loop, thread
        return loop

    def _serve(self, runner: asyncio.Runner) -> None:
        if sys.platform == "linux":
            os.nice(NICE)
        with runner:
            while not self._stopping:
                # SystemExit in an asyncio task that a task created would end the loop for all.
                # The code that awaits that asyncio task gets the exception anyway.
                with suppress(SystemExit, KeyboardInterrupt):
                    runner.get_loop().run_forever()

    def _begin(self, run: Run) -> None:
        self._running.watch(run)
        call = attempts.run_async(run.claim, self._ledger, run.control)
        task = self._tasks[run] = asyncio.get_running_loop().create_task(call, context=Context())
        task.add_done_callback(lambda done: self._end(run, done))

    def _end(self, run: Run, task: asyncio.Task[Outcome]) -> None:
        del self._tasks[run]
        cancelled = task.cancelled()  # before its first step, so there is no outcome
        self._running.end(
            run, attempts.stopped(run.claim, run.control) if cancelled else task.result()
        )

    def _cancel(self, run: Run) -> None:
        task = self._tasks.get(run)
        if task is not None:
            task.cancel()

    def _time_out(self, run: Run) -> None:
        self._ledger.overdue(run.claim, stops=True)
        self._call(self._cancel, run)
