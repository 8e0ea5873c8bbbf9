"""The person's own tasks: files in the data folder's ``tasks/``, and installed packages."""

from __future__ import annotations

import traceback
from dataclasses import dataclass
from functools import partial
from importlib.metadata import entry_points
from typing import TYPE_CHECKING, Any, Final

from desktop.engine.errors import EngineError
from desktop.engine.registry import described
from desktop.engine.source import load_file

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from desktop.engine.registry import Registry

ENTRY_POINTS: Final = "sendoff.tasks"
"""The group of entry points; each names a module with tasks, or one task."""
_PACKAGE: Final = "sendoff_tasks"
"""What files of the folder are named by as modules: ``sendoff_tasks.invoices``."""


@dataclass(frozen=True, slots=True)
class PluginError:
    """A file or package whose tasks cannot be used.

    ``sentence`` names it and says why; ``trace`` is for whoever wrote it.
    """

    file: str
    sentence: str
    trace: str


def load_plugins(folder: Path, registry: Registry) -> list[PluginError]:
    """Register every ``@task`` of the folder's files and of the installed packages.

    One that does not import, or wants a name that is taken, is told about; the others work.
    Files whose name begins with ``_`` are left to be imported by others.
    """
    errors = []
    for name, load in [*_files(folder), *_packages()]:
        before = set(registry.names())
        try:
            for function in _tasks(load()):
                registry.add(function)
        except (Exception, SystemExit) as error:  # noqa: BLE001 - somebody else's file
            registry.remove(set(registry.names()) - before)
            errors.append(_told(name, error))
    return errors


def _files(folder: Path) -> Iterator[tuple[str, Callable[[], Any]]]:
    for file in sorted(folder.glob("[!_.]*.py")):
        yield file.name, partial(load_file, f"{_PACKAGE}.{file.stem}", file)


def _packages() -> Iterator[tuple[str, Callable[[], Any]]]:
    for entry in sorted(entry_points(group=ENTRY_POINTS), key=lambda entry: entry.name):
        yield entry.value, entry.load


def _tasks(found: Any) -> list[Callable[..., Any]]:
    """List a module's own described functions, or the one that was named."""
    if described(found) is not None:
        return [found]
    return [
        value
        for value in vars(found).values()
        if callable(value)
        and described(value) is not None
        and f"{value.__module__}.".startswith(f"{found.__name__}.")
    ]


def _told(name: str, error: BaseException) -> PluginError:
    if isinstance(error, SyntaxError):
        where = f"line {error.lineno}: " if error.lineno else ""
        why = f"{where}{error.msg}"
    elif isinstance(error, EngineError):
        why = str(error)
    else:
        why = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
    trace = "".join(traceback.format_exception(error))
    return PluginError(name, f"The tasks in {name} cannot be used: {why}", trace)
