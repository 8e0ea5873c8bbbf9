"""Names and functions: the ``@task`` decorator, and the tasks one engine knows, or one app has."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final, TypeVar, overload

from sendoff_tasks.errors import DuplicateTask
from sendoff_tasks.functions.awaiting import Manager
from sendoff_tasks.functions.backoff import DEFAULT_RETRY, Retry
from sendoff_tasks.functions.eligibility import check_kind
from sendoff_tasks.functions.schedule import Missed
from sendoff_tasks.functions.source import PROGRAM, FunctionSource, loaded_modules
from sendoff_tasks.functions.spec import (
    Key,
    TaskSpec,
    attach,
    describe,
    described,
    described_in,
    plain_name,
    spec_for,
)
from sendoff_tasks.model.tasks import LaneName
from sendoff_tasks.text import sentence
from sendoff_tasks.words.table import ENGLISH

if TYPE_CHECKING:
    from sendoff_tasks.functions.lifespan import TaskLifespan

Around = Callable[[Any], Manager]
"""Makes a context manager of an attempt's ``TaskContext``."""
Function = TypeVar("Function", bound=Callable[..., Any])

log = logging.getLogger(__name__)


@overload
def task(fn: Function, /) -> Function: ...
@overload
def task(
    *,
    name: str | None = None,
    aliases: Collection[str] = (),
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
    kwargs: Mapping[str, Any] | None = None,
) -> Callable[[Function], Function]: ...
def task(fn: Function | None = None, /, *, name: str | None = None, **options: Any) -> Any:
    """Describe a function as a task. The function itself is returned and can still be called.

    ``name`` defaults to the function's name. ``aliases`` are names that it had before: their tasks
    run it, too. ``title`` defaults to the name in words, ``queue`` to the name, ``lane`` to ``io``
    (a thread), or to ``async`` for an ``async def``. The lane ``cpu`` is a process, for functions
    that compute much or may crash. ``timeout`` (s) counts until the point of no return,
    ``deadline`` (s) from when the task is accepted. ``concurrency`` and ``rate`` (``30/min``) limit
    the whole queue. ``key`` is text, or a function of the arguments, also an ``async def``, as in
    ``lambda order: f"report {order}"``: only one task with a key is open at a time. ``reference``
    makes the name by which the outside world knows the task's effect, once for all attempts.
    ``retry=3`` means ``Retry(3)``, three attempts in all.

    ``cron="0 7 * * mon-fri"`` with a ``timezone`` (``Europe/Berlin``; the default is UTC), or
    ``every="10 min"``, makes the task again at each due time, with the arguments
    ``kwargs={"days": 7}`` if it needs any. Of the due times that pass while
    nothing runs, the last one runs late (``missed="run_once"``) or none does (``"skip"``). Raises
    ``TypeError`` for an option that cannot work.
    """
    if isinstance(fn, str):
        raise TypeError(f"the name of a task is an option: @task(name={fn!r})")

    def decorate(function: Function) -> Function:
        check_kind(function)
        spec = describe(function, function.__name__ if name is None else name, **options)
        attach(spec)
        return function

    return decorate if fn is None else decorate(fn)


class Registry:
    """The tasks one engine knows, by name. Thread-safe: a reader sees a change whole or not at all.

    ``on_change`` is called after each change, in the thread that made it. ``around`` makes the
    context manager of each attempt, and ``lifespan`` has the state of each.
    """

    def __init__(self) -> None:
        self.version = 0  # grows with every change
        self.around: Around | None = None
        self.lifespan: TaskLifespan | None = None
        self.on_change: Callable[[], None] = lambda: None
        self._changing = threading.Lock()
        self._specs: Mapping[str, TaskSpec] = {}  # replaced, never changed in place
        self._elsewhere: Mapping[str, TaskSpec] = {}  # functions only workers have; also replaced
        self._aliases: Mapping[str, str] = {}  # old names of tasks; also replaced
        self._withdrawn: Mapping[str, str] = {}
        self._unusable = ""

    @contextmanager
    def _change(self) -> Iterator[None]:
        with self._changing:
            yield
            self.version += 1
        self.on_change()

    def add(self, fn: Callable[..., Any]) -> TaskSpec:
        """Register a function, decorated or plain. Registering it again is harmless.

        Raises ``DuplicateTask`` when another function has the name or an alias, and ``TypeError``
        for a function that could not be found again.
        """
        return self.exchange({}, (fn,))[0]

    def exchange(
        self, names: Mapping[str, str], functions: Iterable[Callable[..., Any]]
    ) -> list[TaskSpec]:
        """Register functions in place of the tasks ``names``, all or none; raise as :meth:`add`.

        ``names`` maps each name to the sentence that its callers get if no function takes it again.
        """
        specs = [_checked(function) for function in functions]
        with self._change():
            known = {name: spec for name, spec in self._specs.items() if name not in names}
            for spec in specs:
                if known.setdefault(spec.name, spec).function is not spec.function:
                    raise DuplicateTask(spec.name, _place(known[spec.name]), _place(spec))
            aliases = _aliases(known)
            withdrawn = {**self._withdrawn, **names}
            self._withdrawn = {n: said for n, said in withdrawn.items() if n not in known}
            self._specs, self._aliases = known, {**self._aliases, **aliases}
        return [known[spec.name] for spec in specs]

    def know_as(self, old: str, name: str) -> None:
        """Have tasks with an ``old`` name run the task that is registered under ``name``."""
        with self._change():
            self._aliases = {**self._aliases, old: name}

    def know_elsewhere(self, specs: Mapping[str, TaskSpec]) -> None:
        """Replace the functions that workers have.

        A function of this process takes precedence over a worker's with the same name.
        """
        if specs == self._elsewhere:
            return
        with self._change():
            gone = self._elsewhere.keys() - specs.keys()
            self._withdrawn = {
                **self._withdrawn,
                **{n: ENGLISH.say("function", "no_worker", name=n) for n in gone},
            }
            self._elsewhere = specs
            self._aliases = {**_aliases(specs), **self._aliases}

    def explain(self, unusable: str) -> None:
        """Set the sentences on unusable files, because an unknown task may be in one of them."""
        if unusable != self._unusable:
            with self._change():
                self._unusable = unusable

    def recall(self, places: Mapping[str, str]) -> None:
        """Learn which tasks an earlier run has left, and where their functions were defined.

        This registry does nothing: all that can run are registered.
        """

    def get(self, name: str) -> TaskSpec | None:
        """Return the task of this name, or that had it before, if there is one."""
        found = self._specs.get(name) or self._elsewhere.get(name)
        if found is None and (now := self._aliases.get(name)) is not None:
            found = self._specs.get(now) or self._elsewhere.get(now)
        return found

    def is_here(self, name: str) -> bool:
        """Tell whether this process itself has the task's function."""
        found = self.get(name)
        return found is not None and found.is_here

    def placed(self, name: str) -> list[str]:
        """Return the names of a task's positional parameters; none if the task is unknown."""
        spec = self.get(name)
        return [] if spec is None else spec.placed

    def find(self, name: str) -> TaskSpec | None:
        """Return the task that a caller names, if its function can be found by now."""
        return self.get(name)

    def why_unknown(self, name: str) -> str:
        """Return a sentence that says why no task has this name."""
        like = [
            f"“{each}”" for each in self.names() if each.endswith(f":{name}")
        ]  # plain functions
        missing = ENGLISH.say("function", "missing", name=name)
        known = ENGLISH.say("function", "alike", names=", ".join(like)) if like else ""
        more = " ".join(filter(None, (known, self._unusable)))
        return self._withdrawn.get(name) or ENGLISH.both(missing, more)

    def spec_of(self, fn: Callable[..., Any]) -> TaskSpec:
        """Return the function's task, registering it on first use; raises as :meth:`add` does."""
        spec = described(fn)
        known = self._specs.get(spec.name if spec else plain_name(fn))
        return known if known is not None and known.function is fn else self.add(fn)

    def specs(self) -> list[TaskSpec]:
        """Return all tasks, sorted by name."""
        return [spec for name in self.names() if (spec := self.get(name)) is not None]

    def names(self) -> list[str]:
        """Return all names, sorted."""
        return sorted({*self._specs, *self._elsewhere})


def _checked(fn: Callable[..., Any]) -> TaskSpec:
    spec = spec_for(fn)
    if spec.lane == "cpu" and spec.source.held() is not spec.function:
        raise TypeError(f"{spec.source} cannot be imported by name, as the cpu lane needs it to be")
    return spec


def _aliases(known: Mapping[str, TaskSpec]) -> dict[str, str]:
    """Map the aliases of tasks to their names; raise ``DuplicateTask`` where two have the same."""
    found: dict[str, str] = {}
    for spec in known.values():
        for alias in spec.aliases:
            other = known.get(alias) or known[found.setdefault(alias, spec.name)]
            if other is not spec:
                raise DuplicateTask(alias, _place(other), _place(spec))
    return found


def _place(spec: TaskSpec) -> str:
    """Return where a function is defined, for a person."""
    code = getattr(spec.function, "__code__", None)
    return f"{spec.source} ({code.co_filename}:{code.co_firstlineno})" if code else str(spec.source)


OF_THE_PROGRAM: Final = (
    "{} cannot be a task: it is defined in the program itself (__main__), where no other process "
    "finds it. Move it to a module, or start the app by its module's name: uvicorn main:app"
)


class AppRegistry(Registry):
    """The functions that ``@task`` describes in loaded modules, and those that were used.

    A function of ``__main__`` is refused with ``TypeError``: after a restart, or from another
    process, it cannot be imported by name.
    """

    def exchange(
        self, names: Mapping[str, str], functions: Iterable[Callable[..., Any]]
    ) -> list[TaskSpec]:
        """Like ``Registry.exchange``; also raises ``TypeError`` for a function of the program."""
        functions = list(functions)
        for function in functions:
            if getattr(function, "__module__", None) in PROGRAM:
                raise TypeError(OF_THE_PROGRAM.format(function.__qualname__))
        return super().exchange(names, functions)

    def add_described(self) -> None:
        """Register every function that ``@task`` has described in a loaded module.

        A script that serves itself (``uvicorn.run("main:app")``) is loaded twice, as the program
        and by its name; the copy with a name is registered. Raises ``TypeError`` for a task that a
        decorator hides.
        """
        for function in _described():
            self.add(function)

    def find(self, name: str) -> TaskSpec | None:
        """Return the task of this name, also from a module loaded after the start."""
        if self.is_here(name):
            return self.get(name)
        for each in _described():
            spec = spec_for(each)
            if name == spec.name or name in spec.aliases:
                return self.add(each)
        return self.get(name)

    def recall(self, places: Mapping[str, str]) -> None:
        """Find the functions of an earlier run's tasks again by importing their modules.

        The places come from this app's own code, through its store. A function that is still found
        there runs, also if its task has another name now. Tasks whose function is gone are held.
        """
        for name, place in places.items():
            if ":" in place and not self.is_here(name):
                try:
                    spec = self.add(_found(name, place))
                except (Exception, SystemExit) as error:
                    log.exception("Could not import the function of task %s", name)
                    why = f"The function {place} cannot be imported: {sentence(error).rstrip('.')}."
                    self.exchange({name: why}, ())
                    continue
                if spec.name != name:
                    self.know_as(name, spec.name)


def _found(name: str, place: str) -> Callable[..., Any]:
    """Import a function from its last known place, or from where its name says that it was."""
    try:
        return _source(place).find()
    except (Exception, SystemExit):
        if ":" not in name or name == place:
            raise
        return _source(name).find()


def _source(place: str) -> FunctionSource:
    module, _, qualname = place.partition(":")
    return FunctionSource(module, qualname)


def _described() -> Iterator[Callable[..., Any]]:
    """Yield the functions that ``@task`` has described in loaded modules except the program's."""
    for module, names in loaded_modules():
        for function in described_in(module, names):
            if function.__module__ not in PROGRAM:
                yield function
