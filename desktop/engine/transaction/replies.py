"""Doing what callers ask for, whole or not at all, and answering them: threads and coroutines."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from concurrent.futures import InvalidStateError as AlreadyAnswered
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec

from desktop.engine.errors import EngineError

if TYPE_CHECKING:
    from desktop.engine.transaction.group import Group


@dataclass(slots=True)
class Request:
    """A verb to do in a group and who waits for its answer; ``weight`` is in tasks.

    Who asks for more when answered, as most do, may be in the next group. One that brings what
    workers have noted does so when they have worked: what it reads is asked for ``ahead`` of all
    verbs of the group, and it is done last.
    """

    verb: Callable[[Group], Any]
    reply: Reply
    weight: int = 1
    ahead: Callable[[Group], None] | None = None


@dataclass(frozen=True, slots=True)
class More:
    """What a verb returns that goes on with another one in the next group."""

    verb: Callable[[Group], Any]


log = logging.getLogger(__name__)

Answer = tuple[Any, BaseException | None]


class LoopReply:
    """Answers a coroutine; the answers of one group reach its loop together."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.loop = loop
        self.future: asyncio.Future[Any] = loop.create_future()


class ThreadReply:
    """Answers the one thread that waits, with nothing else a future has: a third of its work."""

    def __init__(self) -> None:
        self._answer: Answer = None, None
        self._others: Sleepers | None = None
        self._unanswered = threading.Lock()
        self._unanswered.acquire()

    def settle(self, result: Answer, others: Sleepers | None = None) -> None:
        """Give the answer, once; among ``others`` it sleeps until its turn."""
        self._answer, self._others = result, others
        if others is None:
            self.wake()
        else:
            others.append(self)

    def wake(self) -> None:
        """Wake the thread, once."""
        self._unanswered.release()

    def wait(self) -> Any:
        """Block until the answer is there; return it, or raise it."""
        with self._unanswered:
            if self._others is not None:
                self._others.wake_one()
            value, error = self._answer
        if error is not None:
            raise error
        return value


class Sleepers(deque[ThreadReply]):
    """Threads that were answered and still sleep: each that wakes up wakes the next one.

    Woken all at once, all but one would sleep a second time, for the interpreter. Who answers wakes
    the first one, and after a moment all that are left: one that waits for the interpreter behind
    other work must not hold up the rest.
    """

    def wake_one(self) -> None:
        """Wake the one that was answered first."""
        with suppress(IndexError):  # another thread may have woken the last one
            self.popleft().wake()

    def wake_all(self) -> None:
        """Wake those that are left."""
        while self:
            self.wake_one()


Reply = Future[Any] | LoopReply | ThreadReply


def answer(replies: Iterable[tuple[Reply, Answer]], sleepers: Sleepers | None = None) -> None:
    """Give everyone the answer, waking each event loop once; one that fails costs no other.

    Where there are ``sleepers``, threads come to them, and the first is woken.
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
            log.exception("An answer was not given")
    if sleepers is not None:
        sleepers.wake_one()
    for loop, answers in by_loop.items():
        run_logged(call_in, loop, _settle_in_loop, answers)


def run_logged(call: Callable[..., None], *args: Any) -> None:
    """Do what must follow a COMMIT; an error is logged, and the rest is still done."""
    try:
        call(*args)
    except Exception:
        log.exception("What had to follow a commit was not done")


def call_in(loop: asyncio.AbstractEventLoop, call: Callable[..., None], *args: Any) -> None:
    """Call in the loop's thread, from any; a loop that has ended has no waiters."""
    with suppress(RuntimeError):
        loop.call_soon_threadsafe(call, *args)


def settle(future: Future[Any], result: Answer) -> None:
    """Finish a future, unless its caller has given up."""
    value, error = result
    try:
        if error is None:
            future.set_result(value)
        else:
            future.set_exception(error)
    except AlreadyAnswered:
        if not future.cancelled():
            log.exception("This was answered before")


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
    """A verb raised ``error`` after it had changed something, which is a mistake in the verb."""

    def __init__(self, error: EngineError) -> None:
        super().__init__(f"A verb changed something, then raised: {error}")
        self.error = error


def do_whole(
    verb: Callable[Concatenate[Group, P], Any], group: Group, *args: P.args, **kwargs: P.kwargs
) -> Any:
    """Do a verb; raises what it raises, but ``HalfDone`` for an ``EngineError`` after a change.

    Nothing catches that but the core, which rolls the group back and does its requests one by one.
    """
    before = group.changes()
    try:
        return verb(group, *args, **kwargs)
    except EngineError as error:
        if group.changes() != before:
            raise HalfDone(error) from error
        raise


def answer_of(request: Request, group: Group) -> Answer:
    """Do a request's verb and return what its caller is told; raises ``HalfDone``."""
    try:
        return do_whole(request.verb, group), None
    except EngineError as error:
        return None, error


def answers_of(requests: Iterable[Request], group: Group) -> list[tuple[Request, Answer]]:
    """Do what is asked for in its order, but last what is asked for ahead. Raises ``HalfDone``."""
    first = [request for request in requests if request.ahead is None]
    last: list[Request] = []
    for request in requests:
        if request.ahead is not None:
            request.ahead(group)
            last.append(request)
    return [(request, answer_of(request, group)) for request in (*first, *last)]
