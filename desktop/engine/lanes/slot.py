"""One slot of the cpu lane: a thread that follows one process, and replaces it when it dies."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Final

from desktop.engine.attempts.attempt import WorkerOrder, stopped, unforeseen
from desktop.engine.attempts.context import TaskContext
from desktop.engine.attempts.control import CancelReason
from desktop.engine.attempts.outcomes import Crashed, LeftUncertain
from desktop.engine.errors import EngineError, TaskCancelled
from desktop.engine.lanes.messages import (
    EndMessage,
    LogMessage,
    Marked,
    MarkMessage,
    ProgressMessage,
    StopMessage,
)
from desktop.engine.lanes.running import not_begun
from desktop.engine.lanes.worker import Worker
from desktop.engine.text import sentence

if TYPE_CHECKING:
    from queue import SimpleQueue

    from desktop.engine.attempts.claim import AttemptLedger
    from desktop.engine.attempts.outcomes import Outcome
    from desktop.engine.lanes.running import Run, Runs

STARTS: Final = 2
"""Processes tried for one attempt: a warm one may have been killed while nothing ran in it."""


class Slot:
    """Takes runs from a queue shared with its siblings; ``None`` in it ends one of them.

    The process is started by the first run and kept warm. Its parent in the kernel's eyes is this
    thread, which therefore lives as long as the lane.
    """

    def __init__(
        self,
        runs: SimpleQueue[Run | None],
        running: Runs,
        ledger: AttemptLedger,
    ) -> None:
        self._runs = runs
        self._running = running
        self._ledger = ledger
        self._lock = threading.Lock()
        self._run: Run | None = None
        self._worker: Worker | None = None
        self._thread = threading.Thread(target=self._serve, name="cpu-slot", daemon=True)
        self._thread.start()

    def kill(self, run: Run) -> None:
        """Kill the process if it is running this attempt, and not its next one."""
        with self._lock:
            if self._run is run and self._worker is not None:
                self._worker.kill()

    def ask_to_stop(self) -> None:
        """Let the running task's ``check_cancelled`` raise."""
        with self._lock:
            if self._worker is not None:
                self._worker.tell(StopMessage())

    def join(self, seconds: float) -> None:
        """Wait for the thread and its process to be gone."""
        self._thread.join(seconds)

    def _serve(self) -> None:
        while (run := self._runs.get()) is not None:
            with self._lock:
                self._run = run
            try:
                outcome = self._attempt(run)
            except Exception as error:  # noqa: BLE001 - the next run needs this thread
                self._drop_worker()
                outcome = unforeseen(error, run.control)
            with self._lock:
                self._run = None
            if self._worker is not None and self._worker.killed:
                self._drop_worker()  # killed in the moment the attempt had ended by itself
            self._running.end(run, outcome)
        if self._worker is not None:
            self._drop_worker()

    def _attempt(self, run: Run) -> Outcome:
        """Run one attempt to its end; that a process died while it waited does not count."""
        how = ""
        for _ in range(STARTS):
            try:
                worker = self._warm_worker()
            except Exception as error:  # noqa: BLE001 - whatever the system lacks
                return not_begun(error)
            is_ready = worker.is_ready()
            if not run.control.begin():  # and perhaps killed already
                return stopped(run.claim, run.control)
            if is_ready and worker.order(WorkerOrder.of(run.claim)):
                return self._follow(run, worker)
            how = self._drop_worker()
        return Crashed(f"{how} It had not begun.")

    def _warm_worker(self) -> Worker:
        """Return the warm process, or start one."""
        worker = self._worker or Worker()
        with self._lock:
            self._worker = worker
        return worker

    def _follow(self, run: Run, worker: Worker) -> Outcome:
        """Relay what the process says until it has ended its order, or itself."""
        claim = run.claim
        self._running.watch(run)
        while (message := worker.receive()) is not None:
            match message:
                case ProgressMessage():
                    self._ledger.progress(claim, message.done, message.total, message.text)
                case LogMessage():
                    self._ledger.log(claim, message.level, message.text)
                case MarkMessage():
                    worker.tell(self._mark(run, message))
                case EndMessage():
                    if message.is_last:
                        self._drop_worker()
                    return message.outcome
        how = self._drop_worker()
        if worker.killed:
            return stopped(claim, run.control)
        return LeftUncertain(how, "") if run.control.past_point_of_no_return else Crashed(how)

    def _drop_worker(self) -> str:
        """Be rid of the process and say how it ended."""
        with self._lock:
            worker, self._worker = self._worker, None
        return worker.end() if worker is not None else ""

    def _mark(self, run: Run, point: MarkMessage) -> Marked:
        """Mark the point of no return for the process, which waits for the answer."""
        try:
            context = TaskContext(run.claim, self._ledger, run.control)
            context.point_of_no_return(point.what, point.to)
        except TaskCancelled:
            return Marked(reason=run.control.reason or CancelReason.PERSON)
        except EngineError as error:
            return Marked(error=str(error))
        except Exception as error:  # noqa: BLE001 - the process waits for an answer
            return Marked(error=sentence(error))
        return Marked()
