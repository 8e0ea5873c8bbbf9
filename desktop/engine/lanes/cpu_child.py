"""The inside of a cpu-lane process: one order after the other; what it sends and is sent."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections import deque
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from mmap import mmap
from typing import TYPE_CHECKING, Final

from desktop.engine.attempts.attempt import CpuOrder, run_order, unforeseen
from desktop.engine.attempts.claim import LOG_BYTES, LOG_LINES, Claim, Level
from desktop.engine.attempts.control import SENTENCES, CancelReason, Control
from desktop.engine.attempts.outcomes import Outcome
from desktop.engine.errors import EngineError, TaskCancelled
from desktop.engine.lanes.os_process import ROOM, has_room, leave, left_behind, settle, whereabouts

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

    from desktop.engine.attempts.outcomes import Outcome


PROGRESS_S: Final = 0.05
"""A task may report progress as often as it likes; it is sent this often, in s."""


@dataclass(frozen=True, slots=True)
class StopMessage:
    """To the process: the engine is stopping; a task that asks shall stop."""


@dataclass(frozen=True, slots=True)
class WrittenMessage:
    """To the process: the point of no return, or a step, is on disk; or why it is not.

    ``reason`` is set where the attempt shall stop instead; an error travels as its sentence.
    """

    error: str | None = None
    reason: CancelReason | None = None


@dataclass(frozen=True, slots=True)
class ReadyMessage:
    """From the process, once: it has started and takes orders."""


@dataclass(frozen=True, slots=True)
class ProgressMessage:
    """From the process: how far the task is."""

    done: float
    total: float | None
    text: str


@dataclass(frozen=True, slots=True)
class LogMessage:
    """From the process: a line of the task's log."""

    level: Level
    text: str


@dataclass(frozen=True, slots=True)
class MarkMessage:
    """From the process: mark it, with what goes to whom; it waits for :class:`WrittenMessage`."""

    what: str
    to: str


@dataclass(frozen=True, slots=True)
class StepMessage:
    """From the process: keep what a step has returned; it waits for :class:`WrittenMessage`."""

    name: str
    result: str


@dataclass(frozen=True, slots=True)
class EndMessage:
    """From the process: the function has ended like this.

    ``is_last`` asks for the end of the process: the task has left a thread at work, or no memory.
    """

    outcome: Outcome
    is_last: bool


FromProcess = ReadyMessage | ProgressMessage | LogMessage | MarkMessage | StepMessage | EndMessage


def serve(orders: Connection, control: Connection, parent: int) -> None:
    """Run orders until their pipe closes; ``parent`` is the id of the lane's process.

    ``orders`` brings them and takes everything back; ``control`` brings what concerns a running
    one; when that pipe closes, this process ends at once.
    """
    settle(parent)
    home = whereabouts()
    reserve = mmap(-1, ROOM)  # address space, not memory: nothing is written there
    jobs = CpuRuns()
    _keep_pipes(orders, control, jobs)
    threading.Thread(target=_listen, args=(control, jobs), name="control", daemon=True).start()
    orders.send(ReadyMessage())
    while True:
        job = CpuRun(_next_order(orders), orders)
        jobs.begin(job)
        with suppress(OSError):
            os.chdir(home)  # the task before it may have gone elsewhere
        _run(job, reserve)


def _run(job: CpuRun, reserve: mmap) -> None:
    """Run the order and report its end, even when the task has left no memory to do so."""
    outcome: Outcome | None = None
    try:
        outcome = run_order(job.order, job, job.control)
        job.end(outcome, is_last=left_behind() or not has_room())
    except MemoryError as error:
        reserve.close()
        job.end(outcome or unforeseen(error.__cause__ or error, job.control), is_last=True)


def _keep_pipes(orders: Connection, control: Connection, jobs: CpuRuns) -> None:
    """Give no program a task starts, and no copy it forks, the pipes: their closing tells the end.

    A copy holds its tongue and takes no orders.
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


def _next_order(orders: Connection) -> CpuOrder:
    try:
        order: CpuOrder = orders.recv()
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
    """The order being run; the engine's word that it stops reaches those that come later, too."""

    def __init__(self) -> None:
        self.current: CpuRun | None = None
        self._stopping = False

    def begin(self, job: CpuRun) -> None:
        """Note that this one is being run from here on."""
        self.current = job
        if self._stopping:  # looked at after: `take` looks the other way round
            job.take(StopMessage())

    def take(self, message: WrittenMessage | StopMessage) -> None:
        """Take an answer or a request from the lane."""
        self._stopping = self._stopping or isinstance(message, StopMessage)
        if self.current is not None:
            self.current.take(message)


class CpuRun:
    """One order being run: the attempt's notes, sent over the pipe."""

    def __init__(self, order: CpuOrder, connection: Connection) -> None:
        self.order = order
        self.control = Control()
        self._open = True
        self._connection = connection
        self._lock = threading.Lock()
        self._progress: ProgressMessage | None = None
        self._sent_at = 0.0
        self._later: threading.Timer | None = None
        self._lines = 0
        self._bytes = 0
        self._marks: deque[Future[None]] = deque()  # asked for, in their order

    def take(self, message: WrittenMessage | StopMessage) -> None:
        """Take an answer or a request from the lane."""
        if isinstance(message, StopMessage):
            self.control.cancel(CancelReason.STOP)
            return
        if not self._marks:
            return
        marked = self._marks.popleft()
        if message.reason is not None:
            self.control.cancel(message.reason)
            marked.set_exception(TaskCancelled(SENTENCES[message.reason]))
        elif message.error is not None:
            marked.set_exception(EngineError(message.error))
        else:
            marked.set_result(None)

    def progress(self, claim: Claim, done: float, total: float | None, text: str) -> None:
        """Send the first report at once, and of those that follow the last, a little later."""
        with self._lock:
            self._progress = ProgressMessage(done, total, text)
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
        """Send a line; of those the ledger would not keep only the first, so it says so."""
        with self._lock:
            if self._lines <= LOG_LINES and self._bytes <= LOG_BYTES:
                self._lines += 1
                self._bytes += len(text.encode())
                self._send(LogMessage(level, text))

    def point_of_no_return(self, claim: Claim, what: str, to: str) -> Future[None]:
        """Ask the lane to mark it."""
        return self._asked(MarkMessage(what, to))

    def step(self, claim: Claim, name: str, result: str) -> Future[None]:
        """Ask the lane to keep it."""
        return self._asked(StepMessage(name, result))

    def _asked(self, message: MarkMessage | StepMessage) -> Future[None]:
        with self._lock:
            written = Future[None]()
            if self._open:
                self._marks.append(written)
                self._send(message)
            else:
                written.set_exception(EngineError("This process does not speak for the attempt."))
        return written

    def fall_silent(self) -> None:
        """Send nothing more: this is a copy of the process, or its attempt is over."""
        self._lock = threading.Lock()  # in a copy no thread is left to release it
        self._open = False

    def end(self, outcome: Outcome, *, is_last: bool) -> None:
        """Send how it ended; a thread the task left behind writes nothing more.

        ``is_last`` asks the lane to run nothing more in this process.
        """
        with self._lock:
            self._flush()
            self._send(EndMessage(outcome, is_last=is_last))
            self._open = False

    def _send(self, message: FromProcess) -> None:
        if self._open:
            self._connection.send(message)
