"""The io lane: blocking functions on threads of an executor that the caller passes in."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Executor, Future
from contextlib import suppress
from queue import SimpleQueue
from typing import TYPE_CHECKING, ParamSpec, TypeVar

from sendoff_tasks.attempts import attempt
from sendoff_tasks.attempts.control import go_on
from sendoff_tasks.lanes.runs import Run, TrackedLane

if TYPE_CHECKING:
    from sendoff_tasks.attempts.claim import AttemptLedger
    from sendoff_tasks.model.tasks import LaneName


class IoLane(TrackedLane):
    """Runs attempts on threads of ``executor``, which has at least ``slots`` of them.

    A thread, once taken, waits for further attempts until the lane stops. Submitting each attempt
    to the executor would cost as much as all else here.

    A thread cannot be killed. Cancel and timeout set the flag that ``check_cancelled`` reads. An
    attempt past its timeout is marked overdue, and the function's own ending counts.

    ``give_way`` is called before an attempt computes; it may wait for requests. A thread calls it
    before it takes an attempt and wakes the next thread, so only one thread waits at a time.
    """

    name: LaneName = "io"

    def __init__(
        self,
        executor: Executor,
        ledger: AttemptLedger,
        slots: int,
        give_way: Callable[[], None] = go_on,
    ) -> None:
        super().__init__(ledger, slots, give_way)
        self._executor = executor
        self._begun: deque[Run] = deque()
        self._bell: SimpleQueue[bool] = SimpleQueue()  # True wakes one thread; False ends it
        self._is_rung = False
        self._ringing = threading.Lock()
        self._threads = 0
        self._taking = threading.Lock()
        self._left: set[Run] = set()  # given back by a stop while their functions ran
        self._leaving = threading.Condition()

    def warm_up(self) -> None:
        """Take all threads before the first attempts need them; one that is refused comes later."""
        with suppress(OSError, RuntimeError):
            for most in range(1, self.slots + 1):
                self._take_threads(most)

    def _take_threads(self, most: int) -> None:
        while self._threads < most:
            with self._taking:
                if self._threads < most:
                    self._executor.submit(self._serve)
                    self._threads += 1

    def launch(self, run: Run) -> None:
        """Leave an attempt to the threads, of which there is one for each."""
        self._take_threads(len(self._runs))
        self._begun.append(run)
        self._ring()

    def interrupt(self, run: Run) -> None:
        """Do nothing: the attempt reads its flag."""

    def time_out(self, run: Run) -> None:
        """Mark the attempt as overdue."""
        self._ledger.overdue(run.claim, stops=False)

    def stop(self, grace: float) -> None:
        """Ask all attempts to stop, wait up to ``grace`` s, then give back those still running.

        An attempt that does not end keeps its thread; its later writes are fenced.
        """
        for run in self.close(grace):
            with self._leaving:
                was_open = self.end(run, attempt.stopped(run.claim, run.control))
                if was_open and run.control.begun:
                    self._left.add(run)
        self._bell.put(False)

    def wait_over(self, seconds: float | None) -> bool:
        """Wait for the functions that the stop could not end."""
        with self._leaving:
            return self._leaving.wait_for(lambda: not self._left, seconds)

    def _ring(self) -> None:
        """Wake one more thread, unless one is already waking.

        Waking a thread for each attempt costs more than a short attempt. A woken thread wakes the
        next one if it leaves attempts in the queue.
        """
        with self._ringing:
            if self._is_rung:
                return
            self._is_rung = True
        self._bell.put(True)

    def _serve(self) -> None:
        """Run attempts one at a time, in a thread of the executor."""
        while self._bell.get():
            self._give_way()
            with self._ringing:
                self._is_rung = False  # later attempts ring again
            self._run_all()
        self._bell.put(False)  # for the next thread; a refused call may still have been taken

    def _run_all(self) -> None:
        while (run := self._next()) is not None:
            if self._begun:
                self._ring()
            self._run(run)
            del run  # release its memory before waiting for the next one
            if self._begun:
                self._give_way()

    def _next(self) -> Run | None:
        try:
            return self._begun.popleft()
        except IndexError:
            return None

    def _run(self, run: Run) -> None:
        self.watch(run)
        outcome = attempt.run(run.claim, self._ledger, run.control)
        if not self.end(run, outcome):
            with self._leaving:
                self._left.discard(run)
                self._leaving.notify_all()


P = ParamSpec("P")
T = TypeVar("T")


class DaemonThreads(Executor):
    """An executor with a daemon thread for each call; the io lane's calls are few and long.

    A ``ThreadPoolExecutor`` joins its threads when the program ends, so a blocking task that was
    given back would keep the program from ending. Each thread calls ``begin`` first.
    """

    def __init__(self, begin: Callable[[], None] = go_on) -> None:
        self._begin = begin
        self._threads: list[threading.Thread] = []
        self._closed = False

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Run ``fn`` in a new thread; ``RuntimeError`` after :meth:`shutdown`."""
        if self._closed:
            raise RuntimeError("the executor takes no more calls after its shutdown")
        future: Future[T] = Future()

        def run() -> None:
            try:
                self._begin()
                future.set_result(fn(*args, **kwargs))
            except BaseException as error:  # noqa: BLE001 - passed to the caller
                future.set_exception(error)

        thread = threading.Thread(target=run, name="io", daemon=True)
        thread.start()
        self._threads.append(thread)
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Accept no more calls; wait for the running ones if ``wait``."""
        self._closed = True
        if wait:
            for thread in self._threads:
                thread.join()
