"""What waits for the writer: requests of callers and notes of attempts; and waking it."""

from __future__ import annotations

import asyncio
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from concurrent.futures import InvalidStateError as AlreadyAnswered
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from desktop.engine.errors import Busy, Closed

if TYPE_CHECKING:
    from desktop.engine.group import Group
    from desktop.engine.notes import Note

BACKLOG: Final = 50_000
"""Tasks and verbs that may wait for the disk; beyond it callers are told to come back."""
GROUP: Final = 2_000
"""Tasks and verbs one group takes, so that it stays short; a larger request goes alone."""
LATER: Final = 0.1
"""Seconds that what nobody waits for (progress, log lines) may wait for company."""
MORE: Final[Any] = object()
"""What a verb returns that goes on in the next group."""


class LoopReply:
    """Answers a coroutine; the answers of one group reach its loop together."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.loop = loop
        self.future: asyncio.Future[Any] = loop.create_future()


@dataclass(slots=True)
class Request:
    """A verb to do in a group and who waits for its answer; ``weight`` is in tasks."""

    verb: Callable[[Group], Any]
    reply: Future[Any] | LoopReply
    weight: int = 1


Answer = tuple[Any, BaseException | None]


def answer(replies: Iterable[tuple[Future[Any] | LoopReply, Answer]]) -> None:
    """Give everyone the answer, waking each event loop once."""
    by_loop: dict[asyncio.AbstractEventLoop, list[tuple[asyncio.Future[Any], Answer]]] = {}
    for reply, result in replies:
        if isinstance(reply, LoopReply):
            by_loop.setdefault(reply.loop, []).append((reply.future, result))
        else:
            settle(reply, result)
    for loop, answers in by_loop.items():
        call_in(loop, _settle_in_loop, answers)


def call_in(loop: asyncio.AbstractEventLoop, call: Callable[..., None], *args: Any) -> None:
    """Call in the loop's thread, from any; in a loop that has ended nobody waits any more."""
    with suppress(RuntimeError):
        loop.call_soon_threadsafe(call, *args)


def settle(future: Future[Any], result: Answer) -> None:
    """Finish a future, unless whoever waited has given up."""
    value, error = result
    try:
        if error is None:
            future.set_result(value)
        else:
            future.set_exception(error)
    except AlreadyAnswered:
        if not future.cancelled():
            raise


def _settle_in_loop(answers: list[tuple[asyncio.Future[Any], Answer]]) -> None:
    for future, (value, error) in answers:
        if future.done():
            continue
        if error is None:
            future.set_result(value)
        else:
            future.set_exception(error)


class Inbox:
    """Where every thread leaves what the writer is to do, without waiting for it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._requests: deque[Request] = deque()
        self._notes: deque[Note] = deque()
        self._later: deque[Note] = deque()
        self._backlog = 0
        self._closed = False
        self._poked = False
        self._later_due: float | None = None
        self._asleep = False
        self._condition = threading.Condition()

    def ask(self, request: Request) -> None:
        """Leave a request; raises ``Busy`` when too much is waiting and ``Closed`` at the end."""
        with self._lock:
            if self._closed:
                raise Closed
            if self._backlog > BACKLOG:
                raise Busy(1.0)
            self._backlog += request.weight
            self._requests.append(request)
        self._wake()

    def again(self, request: Request) -> None:
        """Go on with a request in the next group."""
        with self._lock:
            self._backlog += request.weight
            self._requests.append(request)

    def note(self, note: Note) -> None:
        """Leave what an attempt has to say."""
        self._notes.append(note)
        self._wake()

    def note_later(self, note: Note | None = None) -> None:
        """Leave what may wait for company (``None``: it was left elsewhere)."""
        if note is not None:
            self._later.append(note)
        if self._later_due is None:
            self._later_due = time.monotonic() + LATER
            self._wake()

    def take(self) -> tuple[list[Note], list[Request]]:
        """Take all notes, those that could wait first, and the requests for one group."""
        self._poked = False
        self._later_due = None
        # What ends an attempt was left after all else of it, so it is taken before.
        ending = [self._notes.popleft() for _ in range(len(self._notes))]
        notes = [self._later.popleft() for _ in range(len(self._later))] + ending
        requests: list[Request] = []
        weight = 0
        with self._lock:
            while self._requests and (not requests or weight + self._requests[0].weight <= GROUP):
                request = self._requests.popleft()
                weight += request.weight
                requests.append(request)
            self._backlog -= weight
        return notes, requests

    def put_back(self, notes: list[Note]) -> None:
        """Keep notes that could not be written, in front of the others."""
        self._later.extendleft(reversed(notes))

    def close(self) -> None:
        """Take no more requests; notes are still taken."""
        with self._lock:
            self._closed = True

    @property
    def urgent(self) -> bool:
        """Whether somebody waits for the writer."""
        return bool(self._requests or self._notes or self._poked)

    @property
    def empty(self) -> bool:
        """Whether there is nothing to write."""
        return not (self._requests or self._notes or self._later)

    def wake(self) -> None:
        """Wake the writer though nothing was left."""
        self._poked = True
        self._wake()

    def wait(self, timeout: float | None) -> None:
        """Sleep until somebody waits for the writer, or ``timeout`` s."""
        due = None if timeout is None else time.monotonic() + timeout
        with self._condition:
            self._asleep = True
            while not self.urgent:
                ends = [moment for moment in (due, self._later_due) if moment is not None]
                left = min(ends) - time.monotonic() if ends else None
                if left is not None and left <= 0:
                    break
                self._condition.wait(left)
            self._asleep = False

    def _wake(self) -> None:
        # Left first, looked second: the writer looks again after it said that it sleeps.
        if self._asleep:
            with self._condition:
                self._condition.notify()
