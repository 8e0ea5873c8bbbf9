"""The async lane: ``async def`` functions on an event loop of their own, or on the app's.

A task that blocks a loop of their own delays its siblings, never the API.
"""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections.abc import Callable, Coroutine, Generator
from contextvars import Context
from typing import TYPE_CHECKING, Any, Final

from sendoff_tasks.attempts import attempt as attempts
from sendoff_tasks.functions.lifespan import TaskLoop
from sendoff_tasks.lanes.runs import Run, TrackedLane

if TYPE_CHECKING:
    from sendoff_tasks.attempts.claim import AttemptLedger
    from sendoff_tasks.attempts.outcomes import Outcome
    from sendoff_tasks.model.tasks import LaneName

BLOCKS_S: Final = 0.2
"""A task that keeps the app's loop from everything else for longer than this is warned of, s."""
BLOCKS: Final = (
    "The task %s (%s) has blocked the app's event loop for %.1f s, and with it every request: "
    "make it a def"
)
LEAVE_S = 1.0
"""How long cancelled tasks may take to end after the grace period, s."""

log = logging.getLogger(__name__)


class LoopLane(TrackedLane):
    """Runs attempts as asyncio tasks in one thread; cancel and timeout cancel the asyncio task.

    ``loop`` runs them if it is given, and must run until the lane has stopped. If it ``serves`` the
    app, tasks that block it are warned of.
    """

    name: LaneName = "async"

    def __init__(
        self,
        ledger: AttemptLedger,
        slots: int,
        loop: asyncio.AbstractEventLoop | None = None,
        *,
        serves: bool = False,
    ) -> None:
        super().__init__(ledger, slots)
        self._tasks: dict[Run, asyncio.Task[Outcome]] = {}
        self._opening = threading.Lock()
        self._loop = loop
        self._serves = serves
        self._own: TaskLoop | None = None
        self._stopping = False
        self._over = threading.Event()  # set once nothing runs after a stop

    def launch(self, run: Run) -> None:
        """Begin an attempt in the loop."""
        self._call(self._begin, run)

    def interrupt(self, run: Run) -> None:
        """Cancel the asyncio task; its function can catch that to clean up."""
        self._call(self._cancel, run)

    def time_out(self, run: Run) -> None:
        """Mark the attempt as overdue, and interrupt it."""
        self._ledger.overdue(run.claim, stops=True)
        self.interrupt(run)

    def stop(self, grace: float) -> None:
        """Let tasks end for ``grace`` s, cancel the others, give back those that ignore that."""
        self.stop_runs(grace, LEAVE_S)
        with self._opening:
            self._stopping = True
            loop, own = self._loop, self._own
        if own is not None:
            self._over = own.over
            own.stop()
        elif loop is None:
            self._over.set()
        else:
            loop.call_soon_threadsafe(self._look_over)
        self.wait_over(LEAVE_S)  # a task that blocks the loop keeps its (daemon) thread

    def wait_over(self, seconds: float | None) -> bool:
        """Wait for the loop's thread, which a task that blocks it keeps, or for tasks of a loop.

        A task that ignores its cancel ends with a loop of the lane's own, and runs on in another.
        """
        return self._over.wait(seconds)

    def _look_over(self) -> None:
        if self._stopping and not self._tasks:
            self._over.set()

    def _call(self, step: Callable[[Run], None], run: Run) -> None:
        """Call ``step`` in the loop's thread, which the first call starts."""
        with self._opening:
            if self._stopping:
                return  # the run has been given back
            if self._loop is None:
                self._own = TaskLoop()
                self._loop = self._own.loop
            self._loop.call_soon_threadsafe(step, run)

    def _begin(self, run: Run) -> None:
        self.watch(run)
        call: Coroutine[Any, Any, Outcome]
        call = attempts.run_async(run.claim, self._ledger, run.control)
        if self._serves:
            call = _TimedAttempt(call, run)
        task = self._tasks[run] = asyncio.get_running_loop().create_task(call, context=Context())
        task.add_done_callback(lambda done: self._end(run, done))

    def _end(self, run: Run, task: asyncio.Task[Outcome]) -> None:
        del self._tasks[run]
        cancelled = task.cancelled()  # before its first step, so there is no outcome
        if self._own is None:
            self._look_over()
        self.end(run, attempts.stopped(run.claim, run.control) if cancelled else task.result())

    def _cancel(self, run: Run) -> None:
        task = self._tasks.get(run)
        if task is not None:
            task.cancel()


class _TimedAttempt(Coroutine[Any, Any, "Outcome"]):
    """Runs an attempt in the app's loop, and warns of each of its steps that blocks that loop."""

    def __init__(self, call: Coroutine[Any, Any, Outcome], run: Run) -> None:
        self._call = call
        self._about = run.claim.task_id, run.claim.spec.name

    def send(self, value: Any) -> Any:
        """Take the next step."""
        return self._step(self._call.send, value)

    def throw(self, *error: Any) -> Any:
        """Take the next step, with an error such as a cancel."""
        return self._step(self._call.throw, *error)

    def close(self) -> None:
        """Take no further step."""
        self._call.close()

    def __await__(self) -> Generator[Any, Any, Outcome]:
        """Never used: a loop's task calls the other methods."""
        return self._call.__await__()

    def _step(self, step: Callable[..., Any], *given: Any) -> Any:
        began = time.perf_counter()
        try:
            return step(*given)
        finally:
            took = time.perf_counter() - began
            if took > BLOCKS_S:
                log.warning(BLOCKS, *self._about, took)
