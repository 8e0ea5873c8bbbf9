"""The tasks of an app, which are defined in any of its modules."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final

from desktop.engine.functions.registry import Registry
from desktop.engine.functions.source import PROGRAM, FunctionSource, loaded_modules
from desktop.engine.functions.spec import TaskSpec, described_in, spec_for
from desktop.engine.text import sentence

OF_THE_PROGRAM: Final = (
    "{} cannot be a task: it is defined in the program itself (__main__), where no other process "
    "finds it. Move it to a module, or start the app by its module's name: uvicorn main:app"
)

log = logging.getLogger(__name__)


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
        there runs, whatever its task is called now. Tasks whose function is gone are held.
        """
        for name, place in places.items():
            if ":" in place and not self.is_here(name):
                try:
                    spec = self.add(_found(name, place))
                except (Exception, SystemExit) as error:
                    log.exception("The function of the task %s cannot be imported", name)
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
