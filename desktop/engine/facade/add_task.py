"""Adding tasks, typed like the call itself, so type checkers check the arguments."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Generic, ParamSpec, TypeVar, overload

from desktop.engine.attempts.context import TaskContext
from desktop.engine.functions.eligibility import check_key, check_number, check_seconds, check_whole
from desktop.engine.submission import NewTask, Place

P = ParamSpec("P")
Ref = TypeVar("Ref", covariant=True)
With = TypeVar("With", covariant=True)
A = TypeVar("A")
B = TypeVar("B")
C = TypeVar("C")
D = TypeVar("D")
E = TypeVar("E")
F = TypeVar("F")
Function = Callable[..., Any] | str
"""A function, or the name of a task."""


class AddsTasks(ABC, Generic[Ref]):
    """An object to which tasks can be added; ``add_task`` returns a reference to the new task.

    Arguments are checked against the function's parameters. A context parameter is left out: it has
    the default ``CURRENT``, or is the last one after up to six arguments.
    """

    @overload
    def add_task(self, func: str, *args: Any, **kwargs: Any) -> Ref: ...
    @overload
    def add_task(self, func: Callable[P, Any], *args: P.args, **kwargs: P.kwargs) -> Ref: ...
    @overload
    def add_task(self, func: Callable[[TaskContext], Any]) -> Ref: ...
    @overload
    def add_task(self, func: Callable[[A, TaskContext], Any], a: A, /) -> Ref: ...
    @overload
    def add_task(self, func: Callable[[A, B, TaskContext], Any], a: A, b: B, /) -> Ref: ...
    @overload
    def add_task(self, func: Callable[[A, B, C, TaskContext], Any], a: A, b: B, c: C, /) -> Ref: ...
    @overload
    def add_task(
        self, func: Callable[[A, B, C, D, TaskContext], Any], a: A, b: B, c: C, d: D, /
    ) -> Ref: ...
    @overload
    def add_task(
        self, func: Callable[[A, B, C, D, E, TaskContext], Any], a: A, b: B, c: C, d: D, e: E, /
    ) -> Ref: ...
    @overload
    def add_task(
        self,
        func: Callable[[A, B, C, D, E, F, TaskContext], Any],
        a: A,
        b: B,
        c: C,
        d: D,
        e: E,
        f: F,
        /,
    ) -> Ref: ...
    def add_task(self, func: Any, *args: Any, **kwargs: Any) -> Ref:
        """Run ``func(*args, **kwargs)`` durably in the background; callable from any thread.

        Raises ``TypeError`` for a function, an argument or a key that cannot be stored, and
        ``DuplicateTask`` if another function has its name.
        """
        return self._add(func, args, kwargs)

    @abstractmethod
    def _add(self, func: Function, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Ref: ...


class TaskRef:
    """A task added to a request; ``number`` is its number once it is on disk."""

    __slots__ = ()
    number: int | None

    @property
    def token(self) -> str:
        """A name of 128 random bits by which the task can be looked up: see ``status_router``."""
        raise NotImplementedError


def number_of(task: TaskRef | int | None) -> int | None:
    """Return a task's number; raise ``RuntimeError`` if the task is not on disk yet."""
    if not isinstance(task, TaskRef):
        return task
    if task.number is None:
        raise RuntimeError("the task that it is after belongs to a request that is not over")
    return task.number


@dataclass(frozen=True, slots=True)
class AddOptions:
    """When and how a task runs; times are epoch s, ``delay`` s."""

    delay: float | None = None
    run_at: float | None = None
    deadline: float | None = None
    priority: int = 0
    key: str | None = None
    parallel: bool = False
    after: TaskRef | int | None = None

    @property
    def is_in_line(self) -> bool:
        """Whether the task starts behind the one before it in its request."""
        return not (self.parallel or self.delay is not None or self.run_at is not None)

    def applied_to(self, task: NewTask, after: Place | int | None) -> NewTask:
        """Return the task with these options; ``after`` is the one it follows."""
        return replace(
            task,
            delay=self.delay,
            run_at=self.run_at,
            deadline=self.deadline,
            priority=self.priority,
            key=self.key,
            after=after,
        )


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
        after: TaskRef | int | None = None,
    ) -> With:
        """Set when and how a task runs: ``tasks.options(delay=60).add_task(…)``.

        The task starts ``delay`` s from now, or at ``run_at`` (a float is epoch s). It fails if it
        is not done by ``deadline``, a time or s from now. A higher ``priority`` starts first. Only
        one task with a ``key`` is open at a time. A task of a request waits for the one before it,
        unless it has ``parallel``, ``delay`` or ``run_at``; tasks of an engine do not wait. With
        ``after``, an added task or its number, it starts once that task has succeeded. Raises
        ``TypeError`` or ``ValueError`` for an option that cannot be used.
        """
        if delay is not None:
            check_number("delay", delay)
            if not (math.isfinite(delay) and delay >= 0):
                raise ValueError(f"delay must be 0 s or more, got {delay}")
        if deadline is not None and not isinstance(deadline, datetime):
            check_seconds(deadline=deadline)
            deadline = self.now() + deadline
        check_whole("priority", priority)
        if after is not None and not isinstance(after, TaskRef):
            check_whole("after, where it is no task that was added,", after)
        wanted = AddOptions(
            delay=delay,
            run_at=_epoch("run_at", run_at),
            deadline=_epoch("deadline", deadline),
            priority=priority,
            key=None if key is None else check_key(key),
            parallel=parallel,
            after=after,
        )
        return self._with(wanted)

    @abstractmethod
    def _with(self, wanted: AddOptions) -> With: ...

    @abstractmethod
    def now(self) -> float:
        """Return the current time, epoch s."""


def _epoch(what: str, moment: datetime | float | None) -> float | None:
    if moment is None:
        return None
    if isinstance(moment, datetime):
        if moment.tzinfo is None:
            raise TypeError(f"{what} must have a time zone, got {moment!r}")
        return moment.timestamp()
    check_number(what, moment)
    return moment


class WithOptions(AddsTasks[Ref]):
    """Adds tasks with options."""

    def __init__(
        self,
        add: Callable[[AddOptions, Function, Sequence[Any], Mapping[str, Any]], Ref],
        options: AddOptions,
    ) -> None:
        self._with = add
        self._options = options

    def _add(self, func: Function, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Ref:
        return self._with(self._options, func, args, kwargs)


class EngineWithOptions(WithOptions[int]):
    """Adds an engine's tasks with options, also from coroutines."""

    def __init__(
        self,
        add: Callable[[AddOptions, Function, Sequence[Any], Mapping[str, Any]], int],
        add_async: Callable[
            [AddOptions, Function, Sequence[Any], Mapping[str, Any]], Awaitable[int]
        ],
        options: AddOptions,
    ) -> None:
        super().__init__(add, options)
        self._with_async = add_async

    @overload
    def add_task_async(self, func: str, *args: Any, **kwargs: Any) -> Awaitable[int]: ...
    @overload
    def add_task_async(
        self, func: Callable[P, Any], *args: P.args, **kwargs: P.kwargs
    ) -> Awaitable[int]: ...
    def add_task_async(self, func: Function, *args: Any, **kwargs: Any) -> Awaitable[int]:
        """Like ``add_task``, for a coroutine: the event loop is not blocked."""
        return self._with_async(self._options, func, args, kwargs)
