"""Requests of callers, done entirely or not at all, and the answers to threads and coroutines."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from concurrent.futures import InvalidStateError as AlreadyAnswered
from contextlib import suppress
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec

from sendoff_tasks.errors import EngineError
from sendoff_tasks.transaction.acts import ASKED, Acts, Asked

if TYPE_CHECKING:
    from sendoff_tasks.transaction.group import Group

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Request:
    """A verb to do in a group, and the reply to its caller; ``weight`` is in tasks.

    Most callers send their next request once they are answered, in time for the next group. A
    request that brings workers' notes is done last in its group: ``ahead`` sends its query before
    all verbs of the group, so the workers have worked in between. ``asked`` is what a
    person asks for.
    """

    verb: Callable[[Group], Any]
    reply: Reply
    weight: int = 1
    ahead: Callable[[Group], None] | None = None
    asked: Asked | None = field(default_factory=ASKED.get)


class CallerPriority(Enum):
    """How near the callers are to a group."""

    WAITING = "one waits for this group"
    NEAR = "one waited for a group shortly before"
    AWAY = "none has come for long"


@dataclass(frozen=True, slots=True)
class More:
    """Returned by a verb to continue with another verb in the next group."""

    verb: Callable[[Group], Any]


Answer = tuple[Any, BaseException | None]


class LoopReply:
    """Answers a coroutine; the answers of one group reach an event loop together."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.loop = loop
        self.future: asyncio.Future[Any] = loop.create_future()


class ThreadReply:
    """Answers one waiting thread; it costs a third of a ``Future``."""

    def __init__(self) -> None:
        self._answer: Answer = None, None
        self._others: Sleepers | None = None
        self._unanswered = threading.Lock()
        self._unanswered.acquire()

    def settle(self, result: Answer, others: Sleepers | None = None) -> None:
        """Set the answer, once; with ``others`` the thread sleeps on until its turn."""
        self._answer, self._others = result, others
        if others is None:
            self.wake()
        else:
            others.append(self)

    def wake(self) -> None:
        """Wake the thread, once."""
        self._unanswered.release()

    def wait(self) -> Any:
        """Block until the answer is there; return or raise it."""
        with self._unanswered:
            if self._others is not None:
                self._others.wake_one()
            value, error = self._answer
        if error is not None:
            raise error
        return value


class Sleepers(deque[ThreadReply]):
    """Answered threads that are still asleep; each one that wakes up wakes the next.

    If all were woken at once, all but one would sleep again to wait for the GIL. The answering
    thread wakes the first, and after a moment all that are left, so one thread waiting for
    the GIL does not hold up the rest.
    """

    def wake_one(self) -> None:
        """Wake the thread that was answered first."""
        with suppress(IndexError):  # another thread may just have woken the last one
            self.popleft().wake()

    def wake_all(self) -> None:
        """Wake all that are left."""
        while self:
            self.wake_one()


Reply = Future[Any] | LoopReply | ThreadReply


def answer(replies: Iterable[tuple[Reply, Answer]], sleepers: Sleepers | None = None) -> None:
    """Give all answers and wake each event loop once; a failing reply does not affect others.

    With ``sleepers``, threads join them, and the first is woken.
    """
    by_loop: dict[asyncio.AbstractEventLoop, list[tuple[asyncio.Future[Any], Answer]]] = {}
    for reply, result in replies:
        try:
            if isinstance(reply, LoopReply):
                by_loop.setdefault(reply.loop, []).append((reply.future, result))
            elif isinstance(reply, ThreadReply):
                reply.settle(result, sleepers)
            else:
                settle(reply, result)
        except Exception:
            log.exception("Could not give a caller its answer")
    if sleepers is not None:
        sleepers.wake_one()
    for loop, answers in by_loop.items():
        run_logged(call_in, loop, _settle_in_loop, answers)


def run_logged(call: Callable[..., None], *args: Any) -> None:
    """Do what must follow a COMMIT; log an error and continue."""
    try:
        call(*args)
    except Exception:
        log.exception("A step after a commit failed")


def call_in(loop: asyncio.AbstractEventLoop, call: Callable[..., None], *args: Any) -> None:
    """Call a function in the loop's thread, from any thread; ignore a loop that has ended."""
    with suppress(RuntimeError):
        loop.call_soon_threadsafe(call, *args)


def settle(future: Future[Any], result: Answer) -> None:
    """Finish a future, unless its caller has cancelled it."""
    value, error = result
    try:
        if error is None:
            future.set_result(value)
        else:
            future.set_exception(error)
    except AlreadyAnswered:
        if not future.cancelled():
            log.exception("A request was answered twice")


def _settle_in_loop(answers: list[tuple[asyncio.Future[Any], Answer]]) -> None:
    for future, (value, error) in answers:
        if future.done():
            continue
        if error is None:
            future.set_result(value)
        else:
            future.set_exception(error)


P = ParamSpec("P")


class HalfDone(RuntimeError):
    """A verb raised ``error`` after it had changed something, which is a bug in the verb."""

    def __init__(self, error: EngineError) -> None:
        super().__init__(f"A verb changed something, then raised: {error}")
        self.error = error


def do_whole(
    verb: Callable[Concatenate[Group, P], Any], group: Group, *args: P.args, **kwargs: P.kwargs
) -> Any:
    """Do a verb; raise what it raises, or ``HalfDone`` for an ``EngineError`` after a change.

    Only the core catches ``HalfDone``: it rolls the group back and does its requests one by one.
    """
    before = group.changes()
    try:
        return verb(group, *args, **kwargs)
    except EngineError as error:
        if group.changes() != before:
            raise HalfDone(error) from error
        raise


def answer_of(request: Request, group: Group) -> Answer:
    """Do a request's verb and return the answer; raise ``HalfDone``."""
    try:
        if request.asked is None:
            return do_whole(request.verb, group), None
        with group.part(Acts).of(group, request.asked):
            return do_whole(request.verb, group), None
    except EngineError as error:
        return None, error


def answers_of(requests: Iterable[Request], group: Group) -> list[tuple[Request, Answer]]:
    """Do requests in order, those with ``ahead`` last; raise ``HalfDone``."""
    first = [request for request in requests if request.ahead is None]
    last: list[Request] = []
    for request in requests:
        if request.ahead is not None:
            request.ahead(group)
            last.append(request)
    return [(request, answer_of(request, group)) for request in (*first, *last)]
