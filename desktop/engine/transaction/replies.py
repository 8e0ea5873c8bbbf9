"""Doing what callers ask for, whole or not at all, and answering them: threads and coroutines."""

from __future__ import annotations

import asyncio
import logging
import threading
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
        self._unanswered = threading.Lock()
        self._unanswered.acquire()

    def settle(self, result: Answer) -> None:
        """Give the answer, once."""
        self._answer = result
        self._unanswered.release()

    def wait(self) -> Any:
        """Block until the answer is there; return it, or raise it."""
        with self._unanswered:
            value, error = self._answer
        if error is not None:
            raise error
        return value


Reply = Future[Any] | LoopReply | ThreadReply


def answer(replies: Iterable[tuple[Reply, Answer]]) -> None:
    """Give everyone the answer, waking each event loop once; one that fails costs no other."""
    by_loop: dict[asyncio.AbstractEventLoop, list[tuple[asyncio.Future[Any], Answer]]] = {}
    for reply, result in replies:
        try:
            if isinstance(reply, LoopReply):
                by_loop.setdefault(reply.loop, []).append((reply.future, result))
            elif isinstance(reply, ThreadReply):
                reply.settle(result)
            else:
                settle(reply, result)
        except Exception:
            log.exception("An answer was not given")
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
