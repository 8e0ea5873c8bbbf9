"""What a process submits to the owner of its folder: waiting requests, and the line sent."""

from __future__ import annotations

import secrets
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any, Final

from desktop.engine.errors import Busy, Closed, EngineError, NotWritable
from desktop.engine.processes.wire import dump_line, dump_wanted, load_answers
from desktop.engine.store.reader_pool import ReaderPool
from desktop.engine.transaction.replies import Answer, LoopReply, answer
from desktop.engine.verbs.lines import LineAnswer, Wanted, result
from desktop.engine.writer.gathering import take_requests
from desktop.engine.writer.writer import BACKLOG

PATIENCE_S: Final = 15.0
"""How long a caller waits for an owner, s; longer than an owner takes to stop."""
NO_ANSWER: Final = "The process that runs the tasks does not answer. Try again."
Reply = Future[Any] | LoopReply


@dataclass(slots=True)
class _Waiting:
    """A request as JSON, its reply, and since when it waits, steady s."""

    wanted: str
    weight: int
    reply: Reply | None
    since: float


class Submitter:
    """Collects requests into lines; each line is sent until it is answered, one at a time.

    Requests that come meanwhile share the next line. ``on_work`` is called, from any thread, when
    there is something to send after there was nothing. ``reader`` reads the owner's store.
    """

    def __init__(self, reader: ReaderPool) -> None:
        self.reader = reader
        self.on_work: Callable[[], None] = lambda: None
        self.process = f"process {secrets.token_hex(16)}"
        self._number = 0
        self._lock = threading.Lock()
        self._waiting: deque[_Waiting] = deque()
        self._backlog = 0
        self._line: bytes | None = None
        self._in_line: list[_Waiting] = []
        self._closed = False
        self._idle = threading.Event()
        self._idle.set()

    @property
    def named(self) -> tuple[str, int]:
        """The names of this process and of its last line."""
        return self.process, self._number

    @property
    def has_work(self) -> bool:
        """Whether anything is unanswered."""
        return self._line is not None or bool(self._waiting)

    def hand_over(self, wanted: Wanted, reply: Reply) -> None:
        """Submit a request, from any thread; raise ``Busy`` if too much waits, or ``Closed``."""
        waiting = _Waiting(dump_wanted(wanted), wanted.weight, reply, time.monotonic())
        with self._lock:
            if self._closed:
                raise Closed
            if self._backlog > BACKLOG:
                raise Busy(1.0)
            self._backlog += waiting.weight
            self._waiting.append(waiting)
            self._idle.clear()
            is_first = len(self._waiting) == 1
        if is_first:
            self.on_work()

    # for the sending thread

    def line(self) -> bytes | None:
        """Return the line to send: the unanswered one again, or the next."""
        if self._line is None and (taken := self._take()):
            self._number += 1
            self._in_line = taken
            self._line = dump_line(self.process, self._number, [w.wanted for w in taken])
        return self._line

    def settle(self, text: bytes) -> None:
        """Pass a line's answers on to the callers."""
        number, answers = load_answers(text)
        if number != self._number or self._line is None:
            return
        answered, self._in_line, self._line = self._in_line, [], None
        told = zip(answered, answers, strict=True)
        answer((w.reply, _read(each)) for w, each in told if w.reply is not None)
        self._look_idle()

    def give_up(self, older_than: float, error: EngineError | None = None) -> None:
        """Refuse requests older than this, s; sent ones may have been accepted nevertheless.

        A line that no caller waits for any more is not sent again.
        """
        before = time.monotonic() - older_than
        with self._lock:
            late = [waiting for waiting in self._waiting if waiting.since <= before]
            self._waiting = deque(w for w in self._waiting if w.since > before)
            self._backlog -= sum(waiting.weight for waiting in late)
        late += [waiting for waiting in self._in_line if waiting.since <= before]
        self._refuse(late, error or NotWritable(NO_ANSWER))
        if all(waiting.reply is None for waiting in self._in_line):
            self._in_line, self._line = [], None
            if self._waiting:
                self.on_work()
        self._look_idle()

    def wait(self, seconds: float) -> None:
        """Block until everything is answered, or for ``seconds``."""
        self._idle.wait(seconds)

    def close(self) -> None:
        """Accept nothing more, and refuse what is left."""
        with self._lock:
            self._closed = True
            left = [*self._in_line, *self._waiting]
            self._waiting.clear()
        self._refuse(left, Closed())
        self._idle.set()
        self.reader.close()

    def _look_idle(self) -> None:
        with self._lock:
            if not self.has_work:
                self._idle.set()

    def _take(self) -> list[_Waiting]:
        """Take the requests of one line: as many as fit a group, or a single large one."""
        with self._lock:
            taken = take_requests(self._waiting)
            self._backlog -= sum(waiting.weight for waiting in taken)
        return taken

    def _refuse(self, waiting: Sequence[_Waiting], error: EngineError) -> None:
        replies = [each.reply for each in waiting if each.reply is not None]
        for each in waiting:
            each.reply = None  # a later answer has no recipient
        answer((reply, (None, error)) for reply in replies)


def _read(each: LineAnswer) -> Answer:
    try:
        return result(each), None
    except EngineError as error:
        return None, error.with_traceback(None)
