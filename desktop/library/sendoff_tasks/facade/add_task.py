"""Adding tasks, typed like the call itself, so type checkers check the arguments; their end."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections.abc import (
    AsyncGenerator,
    Awaitable,
    Callable,
    Collection,
    Coroutine,
    Iterable,
    Mapping,
    Sequence,
)
from concurrent.futures import Future
from contextlib import aclosing
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final, Generic, ParamSpec, TypeVar, TypeVarTuple, overload

from sendoff_tasks.attempts.context import TaskContext
from sendoff_tasks.errors import BadCall, EngineError, ResultNotKept, TaskFailed
from sendoff_tasks.functions.arguments import NOT_KEPT, decode_result
from sendoff_tasks.functions.eligibility import brief, check_seconds
from sendoff_tasks.model.states import OPEN, State
from sendoff_tasks.model.tasks import BULK_LIMIT, TaskRow
from sendoff_tasks.store.reads.detail import Ending, read_ending
from sendoff_tasks.submission import NO_OPTIONS, Place, TaskOptions
from sendoff_tasks.verbs.submit import PreparedSubmission, PreparedTask, prepare_task

if TYPE_CHECKING:
    import typing_extensions

    from sendoff_tasks.facade.engine import Engine


T = TypeVar("T")
FIRST_S: Final = 0.02
LONGEST_S: Final = 0.5
"""The first and the longest pause between two looks at the store, s."""
NOT_ON_DISK: Final = (
    "the task has no number: it is not on disk yet (await ref.result() waits for that), or its "
    "request has failed"
)


async def follow(read: Callable[[], T], is_over: Callable[[T], bool]) -> AsyncGenerator[T, None]:
    """Yield what ``read`` returns, which may block, and again each time that it has changed.

    Ends after the first that ``is_over``. Another process may run the task, and only the store is
    shared by all of them, so it is looked at: soon at first, and then twice a second.
    """
    last: T | None = None
    pause = FIRST_S
    while True:
        found = await asyncio.to_thread(read)
        if found != last:
            yield found
            last = found
        if is_over(found):
            return
        await asyncio.sleep(pause)
        pause = min(pause * 1.5, LONGEST_S)


async def result_of(engine: Engine, number: int) -> Any:
    """Return the result of a task once it has succeeded.

    Raises ``TaskFailed``, ``ResultNotKept`` or ``UnknownId``.
    """

    def read() -> Ending:
        with engine.reading() as (source, _):
            return read_ending(source, number)

    async with aclosing(follow(read, lambda each: each.state not in OPEN)) as changes:
        async for each in changes:
            ending = each
    if ending.state != State.SUCCEEDED:
        raise TaskFailed(ending.state, ending.error)
    if ending.result == NOT_KEPT:
        raise ResultNotKept
    return None if ending.result is None else decode_result(ending.result)


def add_in_groups(
    engine: Engine, options: TaskOptions, func: Function, arguments: Iterable[Sequence[Any]]
) -> list[int]:
    """Add a call for each of the arguments, ``BULK_LIMIT`` in a COMMIT; see ``add_tasks``."""
    calls = enumerate(arguments)
    prepared = [_prepared(engine, options, func, place, args) for place, args in calls]
    added: list[int] = []
    for first in range(0, len(prepared), BULK_LIMIT):
        group = prepared[first : first + BULK_LIMIT]
        try:
            if engine.at_once is not None:
                added += [engine.at_once(each.task) for each in group]
            else:
                added += engine.submit(PreparedSubmission(group)).result().task_ids
        except EngineError as error:
            error.added = added
            raise
    return added


def _prepared(
    engine: Engine, options: TaskOptions, func: Function, place: int, args: Sequence[Any]
) -> PreparedTask:
    """Check one of many calls; an error names its place."""
    if not isinstance(args, Sequence) or isinstance(args, str | bytes):
        raise BadCall(f"arguments[{place}] must be a tuple with a call's arguments: {brief(args)}")
    try:
        return prepare_task(engine.task_of(func, args, options=options), engine.config.registry)
    except BadCall as error:
        why, *more = error.args
        raise BadCall(f"arguments[{place}]: {why}", *more) from error.__cause__


P = ParamSpec("P")
R = TypeVar("R")
Ts = TypeVarTuple("Ts")  # mypy does not see that ``*args: Any`` takes them, too
With = TypeVar("With", covariant=True)
if TYPE_CHECKING:  # a plain ``TaskRef`` is a TaskRef[Any]
    Returned = typing_extensions.TypeVar("Returned", covariant=True, default=Any)
else:
    Returned = TypeVar("Returned", covariant=True)
Function = Callable[..., Any] | str
"""A function, or the name of a task."""


Ref = TypeVar("Ref")
Add = Callable[[TaskOptions, Function, Sequence[Any], Mapping[str, Any]], Ref]
"""Adds a call with options."""
AddMany = Callable[[TaskOptions, Function, Iterable[Sequence[Any]]], list[int]]
"""Adds many calls with options."""


class AddsTasks:
    """An object to which tasks can be added; ``add_task`` returns a reference to the new task.

    Arguments are checked against the function's parameters, and the reference knows what it
    returns. A context parameter is left out: it is the last one, or has the default ``CURRENT``.
    """

    _options: TaskOptions = NO_OPTIONS

    def __init__(self, add: Add[TaskRef[Any]], options: TaskOptions) -> None:
        self._add = add
        self._options = options

    @overload
    def add_task(self, func: str, *args: Any, **kwargs: Any) -> TaskRef[Any]: ...
    @overload
    def add_task(
        self, func: Callable[P, Coroutine[Any, Any, R]], *args: P.args, **kwargs: P.kwargs
    ) -> TaskRef[R]: ...
    @overload
    def add_task(self, func: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> TaskRef[R]: ...
    @overload
    def add_task(self, func: Callable[[*Ts, TaskContext], R], /, *args: *Ts) -> TaskRef[R]: ...
    def add_task(self, func: Any, *args: Any, **kwargs: Any) -> TaskRef[Any]:  # type: ignore[misc]
        """Run ``func(*args, **kwargs)`` durably in the background; callable from any thread.

        Raises ``TypeError`` for a function, an argument or a key that cannot be stored, and
        ``DuplicateTask`` if another function has its name.
        """
        return self._add(self._options, func, args, kwargs)


class AddsTasksAsync(AddsTasks):
    """An object to which tasks can be added from coroutines, too."""

    def __init__(self, add: Add[TaskRef[Any]], add_async: Any, options: TaskOptions) -> None:
        super().__init__(add, options)
        self._add_async: Add[Awaitable[TaskRef[Any]]] = add_async

    @overload
    def add_task_async(self, func: str, *args: Any, **kwargs: Any) -> Awaitable[TaskRef[Any]]: ...
    @overload
    def add_task_async(
        self, func: Callable[P, Coroutine[Any, Any, R]], *args: P.args, **kwargs: P.kwargs
    ) -> Awaitable[TaskRef[R]]: ...
    @overload
    def add_task_async(
        self, func: Callable[P, R], *args: P.args, **kwargs: P.kwargs
    ) -> Awaitable[TaskRef[R]]: ...
    @overload
    def add_task_async(
        self, func: Callable[[*Ts, TaskContext], R], /, *args: *Ts
    ) -> Awaitable[TaskRef[R]]: ...
    def add_task_async(self, func: Any, *args: Any, **kwargs: Any) -> Awaitable[TaskRef[Any]]:  # type: ignore[misc]
        """Like ``add_task``, for a coroutine: the event loop is not blocked."""
        return self._add_async(self._options, func, args, kwargs)


class AddsManyTasks(AddsTasksAsync):
    """An object to which thousands of tasks can be added at once, too."""

    def __init__(
        self, add: Add[TaskRef[Any]], add_async: Any, add_many: AddMany, options: TaskOptions
    ) -> None:
        super().__init__(add, add_async, options)
        self._add_many = add_many

    def add_tasks(
        self,
        func: Callable[[*Ts], Any] | Callable[[*Ts, TaskContext], Any] | str,
        arguments: Iterable[tuple[*Ts]],
    ) -> list[int]:
        """Add a call of ``func`` for each tuple of arguments; returns the tasks' numbers.

        For thousands at once: ``engine.add_tasks(remind, [(1,), (2,)])``. They start in any order.
        All are checked first: ``BadCall`` names the one that cannot be added by its place, and none
        is. Up to 10,000 are one COMMIT: all or none. More are added in groups of so many; an error
        then has the numbers of those that were ``added`` before. Blocks; raises as ``add_task``.
        """
        return self._add_many(self._options, func, arguments)


class TaskRef(Generic[Returned]):
    """A task: one that was added, or the one with a number, as in ``TaskRef(engine, 7)``."""

    __slots__ = ("_number", "engine")

    def __init__(self, engine: Engine, number: int | None = None) -> None:
        self.engine = engine
        self._number = number

    @property
    def number(self) -> int:
        """The task's number; ``RuntimeError`` if the task is not on disk.

        A task of a request is there once the route is over, or its result was waited for.
        """
        if self._number is None:
            raise RuntimeError(NOT_ON_DISK)
        return self._number

    @number.setter
    def number(self, number: int) -> None:
        self._number = number

    @property
    def token(self) -> str:
        """A name of 128 random bits by which the task can be looked up: see ``status_router``.

        For a task that is on disk this waits for the disk, too: a coroutine awaits
        ``asyncio.wrap_future(engine.token_of(ref.number))`` instead.
        """
        return self.engine.token_of(self.number).result()

    @overload
    async def result(
        self: TaskRef[Coroutine[Any, Any, R]],
        timeout: float | None = None,  # noqa: ASYNC109
    ) -> R: ...
    @overload
    async def result(self, timeout: float | None = None) -> Returned: ...  # noqa: ASYNC109
    async def result(self, timeout: float | None = None) -> Any:  # noqa: ASYNC109
        """Wait until the task has ended, at most ``timeout`` s, and return what it returned.

        What the request has added so far is put on disk first, and begins. Raises ``TimeoutError``,
        ``TaskFailed`` if the task failed, was cancelled or is uncertain, ``ResultNotKept`` if it
        returned a value that could not be kept, as its log then says, and what a request raises
        whose tasks cannot be kept. The task is not affected if this is cancelled.
        """
        async with asyncio.timeout(timeout):
            await self.keep()
            return await result_of(self.engine, self.number)

    def cancel(self) -> Future[TaskRow]:
        """Cancel the task, as ``engine.cancel``; ``RuntimeError`` if it is not on disk yet."""
        return self.engine.cancel(self.number)

    async def keep(self) -> None:
        """Return once the task is on disk."""


class TakesOptions(ABC, Generic[With]):
    """An object to which tasks can be added with options."""

    def options(
        self,
        *,
        delay: float | None = None,
        run_at: datetime | float | None = None,
        deadline: datetime | float | None = None,
        priority: int = 0,
        key: str | None = None,
        parallel: bool = False,
        after: TaskRef[Any] | int | Collection[TaskRef[Any] | int] | None = None,
    ) -> With:
        """Set when and how a task runs: ``tasks.options(delay=60).add_task(…)``.

        The task starts ``delay`` s from now, or at ``run_at`` (a float is epoch s). It fails if it
        is not done by ``deadline``, a time or s from now. A higher ``priority`` starts first. Only
        one task with a ``key`` is open at a time. A task of a request waits for the one before it,
        unless it has ``parallel``, ``delay`` or ``run_at``; tasks of an engine do not wait. With
        ``after``, an added task or its number, or several of them, it starts once all of them have
        succeeded. Raises ``TypeError`` or ``ValueError`` for an option that cannot be used.
        """
        if deadline is not None and not isinstance(deadline, datetime):
            check_seconds(deadline=deadline)
            deadline = self.now() + deadline
        if delay is not None and run_at is not None:
            raise ValueError("a task begins after a delay or at run_at, not both")
        if not isinstance(after, Collection):
            after = [] if after is None else [after]
        wanted = TaskOptions(
            delay=delay,
            run_at=_epoch("run_at", run_at),
            deadline=_epoch("deadline", deadline),
            priority=priority,
            key=key,
            after=tuple(map(self._place_of, after)),
            parallel=parallel,
        )
        begins = wanted.run_at if delay is None else self.now() + delay
        if begins is not None and wanted.deadline is not None and wanted.deadline <= begins:
            raise ValueError("the deadline must be after the task's delay or run_at")
        return self._with(wanted)

    @abstractmethod
    def _with(self, options: TaskOptions) -> With: ...

    def _place_of(self, after: TaskRef[Any] | int) -> Place | int:
        """Return the place or number of an added task; ``RuntimeError`` if it has none yet."""
        return after.number if isinstance(after, TaskRef) else after

    @abstractmethod
    def now(self) -> float:
        """Return the current time, epoch s."""


def _epoch(what: str, moment: datetime | float | None) -> float | None:
    if not isinstance(moment, datetime):
        return moment
    if moment.tzinfo is None:
        raise TypeError(f"{what} must have a time zone, got {moment!r}")
    return moment.timestamp()
