"""Names and functions: the ``@task`` decorator, and the tasks one engine knows."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Final, TypeVar, overload

from desktop.contract.rate import Rate
from desktop.contract.tasks import Lane
from desktop.engine.eligibility import check_importable, check_kind
from desktop.engine.errors import DuplicateTask
from desktop.engine.spec import (
    Key,
    Retry,
    TaskSpec,
    attach,
    describe,
    described,
    plain_name,
    spec_for,
)

__all__ = ["Registry", "Retry", "TaskSpec", "described", "spec_for", "task"]

Function = TypeVar("Function", bound=Callable[..., Any])
DEFAULT_RETRY: Final = Retry()


@overload
def task(fn: Function, /) -> Function: ...
@overload
def task(
    *,
    name: str | None = None,
    title: str | None = None,
    queue: str | None = None,
    lane: Lane | None = None,
    retry: Retry = DEFAULT_RETRY,
    timeout: float | None = None,
    deadline: float | None = None,
    concurrency: int | None = None,
    rate: str | None = None,
    key: Key | None = None,
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
    retry: Retry = DEFAULT_RETRY,
    timeout: float | None = None,
    deadline: float | None = None,
    concurrency: int | None = None,
    rate: str | None = None,
    key: Key | None = None,
    reference: Callable[[], str] | None = None,
) -> Any:
    """Describe a function as a task; the function itself is returned, still plainly callable.

    ``name`` defaults to the function's name, ``title`` to the name in words, ``queue`` to the name,
    ``lane`` to ``io``, or ``async`` for an ``async def``. ``rate`` is written as in ``30/min``.
    Raises ``TypeError`` or ``ValueError`` for a description that cannot work.
    """

    def decorate(function: Function) -> Function:
        check_kind(function)
        spec = describe(
            function,
            name or function.__name__,
            title=title,
            queue=queue,
            lane=lane,
            retry=retry,
            timeout=timeout,
            deadline=deadline,
            concurrency=concurrency,
            rate=None if rate is None else Rate.parse(rate),
            key=key,
            reference=reference,
        )
        attach(spec)
        return function

    return decorate if fn is None else decorate(fn)


class Registry:
    """The tasks one engine knows, by name."""

    def __init__(self) -> None:
        self.version = 0  # grows with every change
        self._specs: dict[str, TaskSpec] = {}

    def add(self, fn: Callable[..., Any]) -> TaskSpec:
        """Register a function, decorated or plain; again is harmless.

        Raises ``DuplicateTask`` when another function has the name, ``TypeError`` for a function
        that could not be found again.
        """
        spec = spec_for(fn)
        if spec.lane == "cpu":
            check_importable(spec.function, spec.source)
        known = self._specs.setdefault(spec.name, spec)
        if known.function is not spec.function:
            raise DuplicateTask(spec.name, _place(known), _place(spec))
        self.version += 1
        return known

    def get(self, name: str) -> TaskSpec | None:
        """Return the task of this name, if there is one."""
        return self._specs.get(name)

    def spec_of(self, fn: Callable[..., Any]) -> TaskSpec:
        """Return the function's task, registering it on first use; raises as :meth:`add` does."""
        spec = described(fn)
        known = self._specs.get(spec.name if spec else plain_name(fn))
        return known if known is not None and known.function is fn else self.add(fn)

    def names(self) -> list[str]:
        """Return all names, sorted."""
        return sorted(self._specs)

    def remove(self, names: Iterable[str]) -> None:
        """Forget tasks, so that changed functions can take their names."""
        for name in names:
            self._specs.pop(name, None)
        self.version += 1


def _place(spec: TaskSpec) -> str:
    """Say for a person where a function is defined."""
    code = getattr(spec.function, "__code__", None)
    return f"{spec.source} ({code.co_filename}:{code.co_firstlineno})" if code else str(spec.source)
