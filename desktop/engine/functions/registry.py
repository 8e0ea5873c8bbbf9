"""Names and functions: the ``@task`` decorator, and the tasks one engine knows."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, TypeVar, overload

from desktop.contract.tasks import LaneName
from desktop.engine.errors import DuplicateTask
from desktop.engine.functions.backoff import DEFAULT_RETRY, Retry
from desktop.engine.functions.eligibility import check_importable, check_kind
from desktop.engine.functions.schedule import Missed
from desktop.engine.functions.spec import (
    Key,
    TaskSpec,
    attach,
    describe,
    described,
    plain_name,
    spec_for,
)

Function = TypeVar("Function", bound=Callable[..., Any])
NO_WORKER: Final = "No worker with the task “{}” is running."


@overload
def task(fn: Function, /) -> Function: ...
@overload
def task(
    *,
    name: str | None = None,
    title: str | None = None,
    queue: str | None = None,
    lane: LaneName | None = None,
    retry: Retry | int = DEFAULT_RETRY,
    timeout: float | None = None,
    deadline: float | None = None,
    concurrency: int | None = None,
    rate: str | None = None,
    key: Key | None = None,
    reference: Callable[[], str] | None = None,
    cron: str | None = None,
    every: str | None = None,
    timezone: str | None = None,
    missed: Missed = "run_once",
) -> Callable[[Function], Function]: ...
def task(
    fn: Function | None = None,
    /,
    *,
    name: str | None = None,
    title: str | None = None,
    queue: str | None = None,
    lane: LaneName | None = None,
    retry: Retry | int = DEFAULT_RETRY,
    timeout: float | None = None,
    deadline: float | None = None,
    concurrency: int | None = None,
    rate: str | None = None,
    key: Key | None = None,
    reference: Callable[[], str] | None = None,
    cron: str | None = None,
    every: str | None = None,
    timezone: str | None = None,
    missed: Missed = "run_once",
) -> Any:
    """Describe a function as a task; the function itself is returned, still plainly callable.

    ``name`` defaults to the function's name, ``title`` to the name in words, ``queue`` to the name,
    ``lane`` to ``io`` (a thread), or ``async`` for an ``async def``; ``cpu`` is a process of its
    own, for what computes or may crash. ``timeout`` (s) counts until the point of no return,
    ``deadline`` (s) from when the task is accepted. ``concurrency`` and ``rate``, as in ``30/min``,
    limit the whole queue; ``key`` is text, or made of the arguments, as in
    ``lambda order: f"report {order}"``: of the tasks with one key only one is open. ``reference``
    makes the name its effect is known by outside, once for all attempts. ``retry=3`` means
    ``Retry(3)``, three attempts in all.

    With ``cron="0 7 * * mon-fri"``, in a ``timezone`` (UTC) as in ``Europe/Berlin``, or with
    ``every="10 min"``, the task is made again and again by itself, once for each due time. Of the
    due times that pass while nothing runs the last one is made up for (``missed="run_once"``), or
    none (``"skip"``). Raises ``TypeError`` for an option that cannot work.
    """
    if isinstance(fn, str):
        raise TypeError(f"the name of a task is an option: @task(name={fn!r})")

    def decorate(function: Function) -> Function:
        check_kind(function)
        spec = describe(
            function,
            function.__name__ if name is None else name,
            title=title,
            queue=queue,
            lane=lane,
            retry=retry,
            timeout=timeout,
            deadline=deadline,
            concurrency=concurrency,
            rate=rate,
            key=key,
            reference=reference,
            cron=cron,
            every=every,
            timezone=timezone,
            missed=missed,
        )
        attach(spec)
        return function

    return decorate if fn is None else decorate(fn)


class Registry:
    """The tasks one engine knows, by name; thread-safe: who reads sees all of a change or nothing.

    ``on_change`` is called after each, in the thread that made it. ``practising`` says that
    effects are kept in place of leaving; only then what was kept counts as sent. ``letter_of``
    tells which letter a template is: the same one after it was renamed.
    """

    def __init__(self) -> None:
        self.version = 0  # grows with every change
        self.practising = True
        self.letter_of: Callable[[str], str] = str
        self.on_change: Callable[[], None] = lambda: None
        self._changing = threading.Lock()
        self._specs: Mapping[str, TaskSpec] = {}  # replaced, never changed, and so is the next
        self._elsewhere: Mapping[str, TaskSpec] = {}  # that only workers have, also replaced
        self._withdrawn: Mapping[str, str] = {}
        self._unusable = ""

    def add(self, fn: Callable[..., Any]) -> TaskSpec:
        """Register a function, decorated or plain; again is harmless.

        Raises ``DuplicateTask`` when another function has the name, ``TypeError`` for a function
        that could not be found again.
        """
        return self.exchange({}, (fn,))[0]

    def exchange(
        self, names: Mapping[str, str], functions: Iterable[Callable[..., Any]]
    ) -> list[TaskSpec]:
        """Register functions in place of the tasks ``names``, all at once; or raise as ``add``.

        With each name comes the sentence for callers of that task, if none takes it again.
        """
        specs = [_checked(function) for function in functions]
        with self._changing:
            known = {name: spec for name, spec in self._specs.items() if name not in names}
            for spec in specs:
                if known.setdefault(spec.name, spec).function is not spec.function:
                    raise DuplicateTask(spec.name, _place(known[spec.name]), _place(spec))
            withdrawn = {**self._withdrawn, **names}
            self._withdrawn = {n: said for n, said in withdrawn.items() if n not in known}
            self._specs = known
            self.version += 1
        self.on_change()
        return [known[spec.name] for spec in specs]

    def know_elsewhere(self, specs: Mapping[str, TaskSpec]) -> None:
        """Take the functions that workers have now, in place of those they had before.

        A function of this process goes before one of the same name.
        """
        with self._changing:
            if specs == self._elsewhere:
                return
            gone = self._elsewhere.keys() - specs.keys()
            self._withdrawn = {**self._withdrawn, **{n: NO_WORKER.format(n) for n in gone}}
            self._elsewhere = specs
            self.version += 1
        self.on_change()

    def explain(self, unusable: str) -> None:
        """Take the sentences on files that cannot be used: an unknown task may be in one."""
        with self._changing:
            if unusable == self._unusable:
                return
            self._unusable = unusable
            self.version += 1
        self.on_change()

    def recall(self, places: Mapping[str, str]) -> None:
        """Learn which tasks an earlier run has left, and where their functions were defined.

        Here all that can run are registered.
        """

    def get(self, name: str) -> TaskSpec | None:
        """Return the task of this name, if there is one."""
        return self._specs.get(name) or self._elsewhere.get(name)

    def is_here(self, name: str) -> bool:
        """Tell whether this process itself has the function of a task."""
        return name in self._specs

    def placed(self, name: str) -> list[str]:
        """Return the names of a task's parameters by place; none where it is not there."""
        spec = self.get(name)
        return [] if spec is None else spec.placed

    def find(self, name: str) -> TaskSpec | None:
        """Return the task that a caller names, where its function is to be found by now."""
        return self.get(name)

    def why_unknown(self, name: str) -> str:
        """Say in a sentence why there is no task of this name."""
        like = [
            f"“{each}”" for each in self.names() if each.endswith(f":{name}")
        ]  # plain functions
        known = f"There is {', '.join(like)}." if like else ""
        said = (f"There is no task named “{name}”.", known, self._unusable)
        return self._withdrawn.get(name) or " ".join(filter(None, said))

    def spec_of(self, fn: Callable[..., Any]) -> TaskSpec:
        """Return the function's task, registering it on first use; raises as :meth:`add` does."""
        spec = described(fn)
        known = self._specs.get(spec.name if spec else plain_name(fn))
        return known if known is not None and known.function is fn else self.add(fn)

    def names(self) -> list[str]:
        """Return all names, sorted."""
        return sorted({*self._specs, *self._elsewhere})


def _checked(fn: Callable[..., Any]) -> TaskSpec:
    spec = spec_for(fn)
    if spec.lane == "cpu":
        check_importable(spec.function, spec.source)
    return spec


def _place(spec: TaskSpec) -> str:
    """Say for a person where a function is defined."""
    code = getattr(spec.function, "__code__", None)
    return f"{spec.source} ({code.co_filename}:{code.co_firstlineno})" if code else str(spec.source)
