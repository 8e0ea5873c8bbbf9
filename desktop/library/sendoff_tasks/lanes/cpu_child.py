"""The inside of a cpu-lane process: it runs orders one at a time and exchanges messages."""

from __future__ import annotations

import logging
import os
import sys
import threading
import time
from collections import deque
from concurrent.futures import Future
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

from sendoff_tasks.attempts.attempt import CpuOrder, load, run
from sendoff_tasks.attempts.claim import LOG_BYTES, LOG_LINES, Claim
from sendoff_tasks.attempts.context import hear_logging
from sendoff_tasks.attempts.control import CancelReason, Control, stop_sentence
from sendoff_tasks.attempts.outcomes import Outcome, portable
from sendoff_tasks.errors import EngineError, TaskCancelled
from sendoff_tasks.lanes.os_process import Surroundings, leave, left_behind, settle
from sendoff_tasks.model.states import Refusal
from sendoff_tasks.model.tasks import Level

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

    from sendoff_tasks.functions.lifespan import TaskLifespan
    from sendoff_tasks.functions.source import FunctionSource


PROGRESS_S: Final = 0.05
"""Interval at which progress is sent, s; a task may report it more often."""


@dataclass(frozen=True, slots=True)
class StopMessage:
    """To the process: the engine is stopping; ``check_cancelled`` raises from now on."""


@dataclass(frozen=True, slots=True)
class WrittenMessage:
    """To the process: the point of no return, or a step, is on disk; or why it is not.

    ``reason`` is set if the attempt must stop instead; ``error`` is an error's sentence.
    """

    error: str | None = None
    reason: CancelReason | None = None


@dataclass(frozen=True, slots=True)
class ReadyMessage:
    """From the process, once: it has started and accepts orders."""


@dataclass(frozen=True, slots=True)
class BegunMessage:
    """From the process: the function of an order with a timeout is loaded, and is called now."""


@dataclass(frozen=True, slots=True)
class NoteMessage:
    """From the process: a note of the attempt, with what ``Notes`` is told.

    After the mark of a point of no return, or a step, it waits for :class:`WrittenMessage`.
    """

    kind: Literal["progress", "log", "mark", "step"]
    told: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class EndMessage:
    """From the process: the outcome of the attempt.

    ``is_last`` asks the parent to end the process: the task left a thread at work.
    """

    outcome: Outcome
    is_last: bool


FromProcess = ReadyMessage | BegunMessage | NoteMessage | EndMessage


def serve(orders: Connection, control: Connection, parent: int, level: int) -> None:
    """Run orders until their pipe closes; ``parent`` is the id of the lane's process.

    ``level`` is that of its root logger.

    ``orders`` brings orders and takes all messages back. ``control`` brings messages about the
    running order; when that pipe closes, this process ends at once.
    """
    settle(parent)
    logging.getLogger().setLevel(level)
    hear_logging()
    jobs = CpuRuns()
    _keep_pipes(orders, control, jobs)
    threading.Thread(target=_listen, args=(control, jobs), name="control", daemon=True).start()
    orders.send(ReadyMessage())
    lifespans: dict[FunctionSource, TaskLifespan] = {}
    while (order := _next_order(orders)) is not None:
        job = CpuRun(order, orders)
        jobs.begin(job)
        _run(job, lifespans)
    for each in lifespans.values():
        each.leave()
    leave()


def _run(job: CpuRun, lifespans: dict[FunctionSource, TaskLifespan]) -> None:
    """Run the order and report its end."""
    claim = load(job.order, lifespans)
    before = Surroundings()  # after its modules were imported, which may set up the process
    if isinstance(claim, Claim):
        if job.order.is_timed:
            job.tell_begun()
        outcome = portable(run(claim, job, job.control))
    else:
        outcome = claim
    job.end(outcome, is_last=not before.put_back() or left_behind())


def _keep_pipes(orders: Connection, control: Connection, jobs: CpuRuns) -> None:
    """Keep the pipes from programs the task starts and from forked copies of this process.

    The parent learns of this process's end when the pipes close. A forked copy sends nothing and
    accepts no orders.
    """

    def fall_silent() -> None:
        if jobs.current is not None:
            jobs.current.fall_silent()
        orders.close()
        control.close()

    if sys.platform != "win32":
        for pipe in (orders, control):
            os.set_inheritable(pipe.fileno(), False)
        os.register_at_fork(after_in_child=fall_silent)


def _next_order(orders: Connection) -> CpuOrder | None:
    """Return the next order; ``None`` asks the process to close what the app has opened here."""
    try:
        order: CpuOrder | None = orders.recv()
    except (EOFError, OSError):
        leave()
    return order


def _listen(control: Connection, jobs: CpuRuns) -> None:
    try:
        while True:
            jobs.take(control.recv())
    except (EOFError, OSError):
        leave()


class CpuRuns:
    """The order being run; a stop message also reaches orders that start later."""

    def __init__(self) -> None:
        self.current: CpuRun | None = None
        self._stopping = False

    def begin(self, job: CpuRun) -> None:
        """Make this the order being run."""
        self.current = job
        if self._stopping:  # after setting `current`; `take` does it in the opposite order
            job.take(StopMessage())

    def take(self, message: WrittenMessage | StopMessage) -> None:
        """Handle an answer or a request from the lane."""
        self._stopping = self._stopping or isinstance(message, StopMessage)
        if self.current is not None:
            self.current.take(message)


class CpuRun:
    """One order being run; its notes are sent over the pipe."""

    def __init__(self, order: CpuOrder, connection: Connection) -> None:
        self.order = order
        self.control = Control()
        self._open = True
        self._connection = connection
        # A signal handler, or what the garbage collector frees, may log inside the lock.
        self._lock = threading.RLock()
        self._unsent: deque[FromProcess] = deque()
        self._is_sending = False
        self._progress: NoteMessage | None = None
        self._sent_at = 0.0
        self._later: threading.Timer | None = None
        self._lines = 0
        self._bytes = 0
        self._marks: deque[Future[None]] = deque()  # unanswered requests, in order

    def take(self, message: WrittenMessage | StopMessage) -> None:
        """Handle an answer or a request from the lane."""
        if isinstance(message, StopMessage):
            self.control.cancel(CancelReason.STOP)
            return
        if not self._marks:
            return
        marked = self._marks.popleft()
        if message.reason is not None:
            self.control.cancel(message.reason)
            marked.set_exception(TaskCancelled(stop_sentence(message.reason)))
        elif message.error is not None:
            marked.set_exception(EngineError(Refusal.OTHER, text=message.error))
        else:
            marked.set_result(None)

    def tell_begun(self) -> None:
        """Start the attempt's timeout."""
        with self._lock:
            self._send(BegunMessage())

    def progress(self, claim: Claim, done: float, total: float | None, text: str) -> None:
        """Send the first report at once, and only the last of those that follow, a bit later."""
        with self._lock:
            self._progress = NoteMessage("progress", (done, total, text))
            wait = self._sent_at + PROGRESS_S - time.monotonic()
            if wait <= 0:
                self._flush()
            elif self._later is None:
                self._later = threading.Timer(wait, self._flush_later)
                self._later.daemon = True
                self._later.start()

    def _flush_later(self) -> None:
        with self._lock:
            self._later = None
            self._flush()

    def _flush(self) -> None:
        waiting, self._progress = self._progress, None
        if waiting is not None:
            self._sent_at = time.monotonic()
            self._send(waiting)

    def log(self, claim: Claim, level: Level, text: str) -> None:
        """Send a line, up to one beyond the limits: from that one the ledger notes the cut."""
        with self._lock:
            if self._lines <= LOG_LINES and self._bytes <= LOG_BYTES:
                self._lines += 1
                self._bytes += len(text.encode())
                self._send(NoteMessage("log", (level, text)))

    def point_of_no_return(self, claim: Claim, what: str, to: str) -> Future[None]:
        """Ask the lane to mark the point of no return."""
        return self._request(NoteMessage("mark", (what, to)))

    def step(self, claim: Claim, name: str, result: str) -> Future[None]:
        """Ask the lane to store a step's result."""
        return self._request(NoteMessage("step", (name, result)))

    def _request(self, message: NoteMessage) -> Future[None]:
        with self._lock:
            written = Future[None]()
            if self._open:
                self._marks.append(written)
                self._send(message)
            else:
                written.set_exception(EngineError("engine.no_voice"))
        return written

    def fall_silent(self) -> None:
        """Send nothing more: this is a forked copy of the process, or its attempt is over."""
        self._lock = threading.RLock()  # in a copy no thread is left to release the old one
        self._open = False

    def end(self, outcome: Outcome, *, is_last: bool) -> None:
        """Send the outcome; threads the task left behind can send nothing afterwards.

        ``is_last`` asks the lane to run nothing more in this process.
        """
        with self._lock:
            self._flush()
            self._send(EndMessage(outcome, is_last=is_last))

    def _send(self, message: FromProcess) -> None:
        """Send a message; inside another's sending leave it to that one. The end is the last."""
        if not self._open:
            return
        self._open = not isinstance(message, EndMessage)
        self._unsent.append(message)
        while self._unsent and not self._is_sending:
            self._is_sending = True
            try:
                while self._unsent:
                    self._connection.send(self._unsent.popleft())
            finally:
                self._is_sending = False
