"""Names and functions: what ``@task`` says about a function, and the tasks one engine knows."""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar, overload

from desktop.contract.tasks import Lane
from desktop.engine.backoff import Backoff, exponential
from desktop.engine.context import ContextParameter, context_parameter
from desktop.engine.errors import DuplicateTask
from desktop.engine.source import Source, source_of

Function = TypeVar("Function", bound=Callable[..., Any])
ANY_CALL: Final = inspect.signature(lambda *args, **kwargs: None)
"""What is known of a built-in function that tells no signature."""
_SPEC = "__task__"


@dataclass(frozen=True, slots=True)
class Retry:
    """How many attempts a task has in all, and how long to wait between them."""

    attempts: int = 5
    backoff: Backoff = field(default=exponential(2, cap=3600))

    def __post_init__(self) -> None:
        if self.attempts < 1:
            raise ValueError(f"a task needs at least one attempt, got {self.attempts}")


@dataclass(frozen=True, slots=True)
class TaskSpec:
    """What is known about a task before it runs.

    ``timeout`` is in seconds and counts until the point of no return, ``deadline`` in seconds after
    the task was accepted, ``concurrency`` limits the whole queue. ``reference`` makes, once, when
    the task is accepted, the name its effect is known by outside (a Message-ID).
    ``signature`` is what a caller gives, without the context.
    """

    name: str
    function: Callable[..., Any]
    source: Source
    title: str
    queue: str
    lane: Lane
    retry: Retry = Retry()
    timeout: float | None = None
    deadline: float | None = None
    concurrency: int | None = None
    reference: Callable[[], str] | None = None
    context: ContextParameter | None = None
    signature: inspect.Signature = ANY_CALL

    @property
    def parameters(self) -> list[str]:
        """The names of the parameters a caller gives, in order."""
        return list(self.signature.parameters)

    def check_arguments(self, args: Sequence[Any], kwargs: Mapping[str, Any]) -> None:
        """Raise ``TypeError`` where the function cannot be called like this."""
        try:
            self.signature.bind(*args, **kwargs)
        except TypeError as error:
            raise TypeError(f"the task “{self.name}” cannot be called like this: {error}") from None

    @property
    def wants_context(self) -> bool:
        """Whether the function asks for a ``TaskContext``."""
        return self.context is not None


@overload
def task(fn: Function, /) -> Function: ...
@overload
def task(
    *,
    name: str | None = None,
    title: str | None = None,
    queue: str | None = None,
    lane: Lane | None = None,
    retry: Retry = ...,
    timeout: float | None = None,
    deadline: float | None = None,
    concurrency: int | None = None,
    reference: Callable[[], str] | None = None,
) -> Callable[[Function], Function]: ...
def task(
    fn: Function | None = None,
    /,
    *,
    name: str | None = None,
    title: str | None = None,
    queue: str | None = None,
    lane: Lane | None = None,
    retry: Retry | None = None,
    timeout: float | None = None,
    deadline: float | None = None,
    concurrency: int | None = None,
    reference: Callable[[], str] | None = None,
) -> Any:
    """Describe a function as a task; the function itself is returned, still plainly callable.

    ``name`` defaults to the function's name, ``title`` to the name in words, ``queue`` to the name,
    ``lane`` to ``io``, or ``async`` for an ``async def``. Raises ``TypeError`` or ``ValueError``
    for a description that cannot work.
    """

    def describe(function: Function) -> Function:
        spec = _spec(
            function,
            name or function.__name__,
            title=title,
            queue=queue,
            lane=lane,
            retry=retry or Retry(),
            timeout=timeout,
            deadline=deadline,
            concurrency=concurrency,
            reference=reference,
        )
        setattr(function, _SPEC, spec)
        return function

    return describe if fn is None else describe(fn)


class Registry:
    """The tasks one engine knows, by name."""

    def __init__(self) -> None:
        self._specs: dict[str, TaskSpec] = {}

    def add(self, fn: Callable[..., Any]) -> TaskSpec:
        """Register a function, decorated or plain; again is harmless.

        Raises ``DuplicateTask`` when another function has the name, ``TypeError`` for a function
        that could not be found again.
        """
        spec = spec_for(fn)
        if spec.lane == "cpu":
            _check_importable(spec)
        known = self._specs.setdefault(spec.name, spec)
        if known.function is not spec.function:
            raise DuplicateTask(spec.name, _place(known), _place(spec))
        return known

    def get(self, name: str) -> TaskSpec | None:
        """Return the task of this name, if there is one."""
        return self._specs.get(name)

    def spec_of(self, fn: Callable[..., Any]) -> TaskSpec:
        """Return the function's task, registering it on first use; raises as :meth:`add` does."""
        spec = described(fn)
        known = self._specs.get(spec.name if spec else _full_name(fn))
        return known if known is not None and known.function is fn else self.add(fn)

    def names(self) -> list[str]:
        """Return all names, sorted."""
        return sorted(self._specs)

    def remove(self, names: Iterable[str]) -> None:
        """Forget tasks, so that changed functions can take their names."""
        for name in names:
            self._specs.pop(name, None)


def spec_for(fn: Callable[..., Any]) -> TaskSpec:
    """Return what ``@task`` said about the function, or what holds for a plain one."""
    return described(fn) or _plain_spec(fn)


def described(fn: Callable[..., Any]) -> TaskSpec | None:
    """Return what ``@task`` said about the function, if it was decorated."""
    spec = getattr(fn, _SPEC, None)
    # functools.wraps copies attributes: a wrapper is not the function that was described.
    return spec if isinstance(spec, TaskSpec) and spec.function is fn else None


def _spec(
    function: Callable[..., Any],
    name: str,
    *,
    title: str | None = None,
    queue: str | None = None,
    lane: Lane | None = None,
    retry: Retry,
    timeout: float | None = None,
    deadline: float | None = None,
    concurrency: int | None = None,
    reference: Callable[[], str] | None = None,
) -> TaskSpec:
    is_async = inspect.iscoroutinefunction(function)
    lane = lane or ("async" if is_async else "io")
    _check_lane(function, lane, is_async=is_async)
    _check_positive(timeout=timeout, deadline=deadline, concurrency=concurrency)
    for what, text in (("name", name), ("queue", queue or name)):
        if not text.isprintable() or text != text.strip():
            raise ValueError(f"{text!r} cannot be the {what} of a task")
    signature = _signature(function)
    context = context_parameter(signature)
    return TaskSpec(
        name=name,
        function=function,
        source=source_of(function),
        title=title or _in_words(name),
        queue=queue or name,
        lane=lane,
        retry=retry,
        timeout=timeout,
        deadline=deadline,
        concurrency=concurrency,
        reference=reference,
        context=context,
        signature=_without(signature, context),
    )


def _full_name(fn: Callable[..., Any]) -> str:
    return f"{getattr(fn, '__module__', '')}:{getattr(fn, '__qualname__', '')}"


def _plain_spec(fn: Callable[..., Any]) -> TaskSpec:
    _check_findable(fn)
    return _spec(fn, _full_name(fn), retry=Retry())


def _signature(function: Callable[..., Any]) -> inspect.Signature:
    try:
        return inspect.signature(function)
    except ValueError:
        return ANY_CALL


def _without(signature: inspect.Signature, context: ContextParameter | None) -> inspect.Signature:
    given = [p for p in signature.parameters.values() if context is None or p.name != context.name]
    return signature.replace(parameters=given)


def _check_findable(fn: Callable[..., Any]) -> None:
    """Refuse what has no name of its own to be found by after a restart."""
    built_in = inspect.isbuiltin(fn) and inspect.ismodule(fn.__self__)
    if not inspect.isfunction(fn) and not built_in:
        kind = "a bound method" if inspect.ismethod(fn) else f"a {type(fn).__name__}"
        raise TypeError(f"{kind} cannot be a task: after a restart it could not be found again")
    if fn.__name__ == "<lambda>":
        raise TypeError("a lambda cannot be a task: after a restart it could not be found again")
    if "<locals>" in fn.__qualname__:
        raise TypeError(
            f"{fn.__qualname__} is defined inside a function and cannot be a task: "
            "after a restart it could not be found again"
        )


def _check_lane(function: Callable[..., Any], lane: Lane, *, is_async: bool) -> None:
    if inspect.isgeneratorfunction(function) or inspect.isasyncgenfunction(function):
        raise TypeError(f"{function.__qualname__} is a generator; a task returns once")
    if lane not in {"io", "cpu", "async"}:
        raise ValueError(f"there is no lane {lane!r}; there are io, cpu and async")
    if is_async and lane != "async":
        raise TypeError(f"{function.__qualname__} is an async def; only the async lane can run it")
    if not is_async and lane == "async":
        raise TypeError(f"{function.__qualname__} is no async def; the async lane cannot run it")


def _check_positive(**limits: float | None) -> None:
    for name, limit in limits.items():
        if limit is not None and not (math.isfinite(limit) and limit > 0):
            raise ValueError(f"{name} must be more than 0, got {limit}")


def _check_importable(spec: TaskSpec) -> None:
    """Refuse for the cpu lane what its processes could not import."""
    try:
        found = spec.source.find()
    except ImportError:
        found = None
    if found is not spec.function:
        raise TypeError(f"{spec.source} cannot be imported by name, as the cpu lane needs it to be")


def _in_words(name: str) -> str:
    words = name.rpartition(":")[2].rpartition(".")[2].replace("_", " ").strip()
    return words[:1].upper() + words[1:]


def _place(spec: TaskSpec) -> str:
    """Say for a person where a function is defined."""
    code = getattr(spec.function, "__code__", None)
    return f"{spec.source} ({code.co_filename}:{code.co_firstlineno})" if code else str(spec.source)
