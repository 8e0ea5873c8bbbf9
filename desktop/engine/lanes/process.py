"""The inside of a cpu-lane process: one order after the other, everything live over one pipe."""

from __future__ import annotations

import threading
import time
from concurrent.futures import Future
from queue import SimpleQueue
from typing import TYPE_CHECKING, Final

from desktop.engine.attempt import LOG_BYTES, LOG_LINES, Claim, Level, Order, run_order
from desktop.engine.control import SENTENCES, CancelReason, Control
from desktop.engine.errors import EngineError, TaskCancelled
from desktop.engine.lanes.messages import (
    Began,
    Ended,
    FromProcess,
    Log,
    Marked,
    PointOfNoReturn,
    Progress,
    Stop,
    ToProcess,
)
from desktop.engine.lanes.surroundings import leave, settle

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

    from desktop.engine.outcomes import Outcome

PROGRESS_S: Final = 0.05
"""A task may report progress as often as it likes; it is sent this often, in s."""


def serve(connection: Connection, parent: int) -> None:
    """Run orders from the pipe until it closes; ``parent`` is the id of the lane's process."""
    settle(parent)
    orders: SimpleQueue[Job] = SimpleQueue()
    threading.Thread(target=_listen, args=(connection, orders), name="pipe", daemon=True).start()
    while True:
        job = orders.get()
        job.begin()
        job.end(run_order(job.order, job, job.control))


def _listen(connection: Connection, orders: SimpleQueue[Job]) -> None:
    """Take what the lane sends; when it is gone, so is this process, whatever it is doing."""
    job: Job | None = None
    try:
        while True:
            while job is not None and job.open and not connection.poll(PROGRESS_S):
                job.flush()
            message: ToProcess = connection.recv()
            if isinstance(message, Order):
                job = Job(message, connection)
                orders.put(job)
            elif job is not None:
                job.take(message)
    except (EOFError, OSError):
        leave()


class Job:
    """One order being run: the attempt's notes, sent over the pipe."""

    def __init__(self, order: Order, connection: Connection) -> None:
        self.order = order
        self.control = Control()
        self.open = True
        self._connection = connection
        self._lock = threading.Lock()
        self._progress: Progress | None = None
        self._sent_at = 0.0
        self._lines = 0
        self._bytes = 0
        self._marked: Future[None] | None = None

    def begin(self) -> None:
        """Say that the order was read and is run now."""
        with self._lock:
            self._send(Began())

    def take(self, message: Marked | Stop) -> None:
        """Take an answer or a request from the lane."""
        if isinstance(message, Stop):
            self.control.cancel(CancelReason.STOP)
            return
        marked, self._marked = self._marked, None
        if marked is None:
            return
        if message.reason is not None:
            self.control.cancel(message.reason)
            marked.set_exception(TaskCancelled(SENTENCES[message.reason]))
        elif message.error is not None:
            marked.set_exception(EngineError(message.error))
        else:
            marked.set_result(None)

    def progress(self, claim: Claim, done: float, total: float | None, text: str) -> None:
        """Send the last of many reports, ``PROGRESS_S`` after the one before it."""
        with self._lock:
            self._progress = Progress(done, total, text)
        if time.monotonic() - self._sent_at >= PROGRESS_S:
            self.flush()

    def flush(self) -> None:
        """Send the report that waits, if one does."""
        with self._lock:
            waiting, self._progress = self._progress, None
            if waiting is not None:
                self._sent_at = time.monotonic()
                self._send(waiting)

    def log(self, claim: Claim, level: Level, text: str) -> None:
        """Send a line; of those the ledger would not keep only the first, so that it says so."""
        with self._lock:
            if self._lines <= LOG_LINES and self._bytes <= LOG_BYTES:
                self._lines += 1
                self._bytes += len(text.encode())
                self._send(Log(level, text))

    def point_of_no_return(self, claim: Claim) -> Future[None]:
        """Ask the lane to mark it."""
        with self._lock:
            self._marked = marked = Future[None]()
            self._send(PointOfNoReturn())
        return marked

    def end(self, outcome: Outcome) -> None:
        """Send how it ended; a thread the task left behind writes nothing more."""
        self.flush()
        with self._lock:
            self._send(Ended(outcome))
            self.open = False

    def _send(self, message: FromProcess) -> None:
        if self.open:
            self._connection.send(message)
