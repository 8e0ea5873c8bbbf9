"""The user's own tasks: from files in the data folder's ``tasks/`` and installed packages."""

from __future__ import annotations

import logging
import stat
import threading
import traceback
from dataclasses import dataclass
from importlib.metadata import entry_points
from typing import TYPE_CHECKING, Any, Final, TypeVar

from desktop.engine.errors import EngineError
from desktop.engine.functions.source import UnreadSource, load_file
from desktop.engine.functions.spec import described, described_in
from desktop.settings.safe_files import NotOwn, check_own

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from desktop.engine.functions.registry import Registry
    from desktop.engine.functions.spec import TaskSpec

ENTRY_POINTS: Final = "sendoff.tasks"
"""The group of entry points; each names a module with tasks, or one task."""
_PACKAGE: Final = "sendoff_tasks"
"""The package of the folder's files: ``invoices.py`` is ``sendoff_tasks.invoices``."""

log = logging.getLogger(__name__)

_Stamp = tuple[int, ...]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class PluginError:
    """A file or package whose tasks cannot be used.

    ``sentence`` names it and says why; ``trace`` is the traceback for its author.
    """

    file: str
    sentence: str
    trace: str


@dataclass(frozen=True, slots=True)
class _ImportedFile:
    """A file that was imported: its stamp, the names of its tasks, and its error.

    If ``until_changed``, it is not imported again before the file itself is changed. If
    ``is_unread``, the system did not let it be read, and it is read again at the next look.
    """

    stamp: _Stamp
    names: tuple[str, ...]
    error: PluginError | None = None
    until_changed: bool = False
    is_unread: bool = False


class OwnTasks:
    """Keeps the registry in step with the folder's files; called by one thread at a time.

    A file that cannot be imported, or claims a task name that is taken, is reported; the other
    files work. Files whose name begins with ``_`` or ``.`` are ignored. A running attempt keeps the
    code it began with. The log names a file before it is imported: if that ends the process,
    nothing else could tell.
    """

    def __init__(self, folder: Path, registry: Registry) -> None:
        self._folder = folder
        self._registry = registry
        self._taken: dict[str, _ImportedFile] = {}
        self._seen: dict[str, _Stamp] = {}  # the folder's files at the last look
        self._faults: dict[str, PluginError] = {}  # why the folder or a file was not looked at
        self._packages: list[PluginError] = []  # the packages that cannot be used

    def look(self) -> Mapping[str, PluginError | None]:
        """Import new and changed files, and remove the tasks of deleted files.

        Returns the error of each of these files, ``None`` if there is none or the file is gone, and
        that of the folder if it has changed. A file with an error is tried again once any file has
        changed, as the cause may be in another one. If its import did not end, or ended the
        process, it is only tried again once it has changed itself; if it could not be read, at
        each look.
        """
        found, faults = self._files()
        is_changed = found != self._seen or faults != self._faults
        if not is_changed and not any(taken.is_unread for taken in self._taken.values()):
            return {}
        told: dict[str, PluginError | None] = {
            name: faults.get(name, self._taken[name].error if name in self._taken else None)
            for name in {**self._faults, **faults}
            if faults.get(name) != self._faults.get(name)
        }
        shut = faults.get(self._folder.name)
        self._seen, self._faults = found, faults
        names = list(filter(_has_tasks, found))
        for name in self._taken.keys() - names:
            told[name] = None
            why = "There is no task named “{}” any more: {} is gone."
            gone = {task: why.format(task, name) for task in self._taken.pop(name).names}
            self._registry.exchange(dict.fromkeys(gone, shut.sentence) if shut else gone, ())
        for name in names:
            before = self._taken.get(name)
            again = before and before.error and is_changed and not before.until_changed
            if before is None or again or before.is_unread or before.stamp != found[name]:
                file = self._folder / name
                self._taken[name] = self._take(file, found[name], before.names if before else ())
                told[name] = self._taken[name].error
        self._explain()
        return told

    def _files(self) -> tuple[dict[str, _Stamp], dict[str, PluginError]]:
        """Find the folder's files by name; none in a folder that other users can change.

        What cannot be looked at now stays as it was seen, with its error.
        """
        folder = self._folder
        try:
            check_own(folder)
            files = sorted(folder.iterdir())
        except NotOwn as error:
            told = PluginError(folder.name, f"No file in {folder.name} is used: {error}.", "")
            return {}, {folder.name: told}
        except (FileNotFoundError, NotADirectoryError):
            return {}, {}
        except OSError as error:
            return self._seen, {folder.name: _unread(folder, error)}
        found: dict[str, _Stamp] = {}
        faults: dict[str, PluginError] = {}
        for file in files:
            try:
                stamp = _stamp(file)
            except OSError as error:
                stamp = self._seen.get(file.name)
                if _has_tasks(file.name):
                    faults[file.name] = _unread(file, error)
            if stamp is not None:
                found[file.name] = stamp
        return found, faults

    def load_packages(self) -> list[PluginError]:
        """Register the tasks of installed packages; return the errors of the others."""
        for entry in sorted(entry_points(group=ENTRY_POINTS), key=lambda entry: entry.name):
            found = self._register({}, entry.value, entry.load)
            if isinstance(found, BaseException):
                self._packages.append(_told(entry.value, found))
        self._explain()
        return self._packages

    def _explain(self) -> None:
        """Give the registry the errors, as the reason for any task name it does not know.

        After a restart, nothing tells which tasks were in a file that cannot be used.
        """
        files = [self._taken[name].error for name in sorted(self._taken)]
        errors = (*self._faults.values(), *files, *self._packages)
        told = [error.sentence for error in errors if error]
        self._registry.explain(" ".join(told))

    def _take(self, file: Path, stamp: _Stamp, before: tuple[str, ...]) -> _ImportedFile:
        """Import a file; its tasks replace those it had before."""
        reason = "There is no task named “{}” in {} any more."
        missing = {task: reason.format(task, file.name) for task in before}
        name = f"{_PACKAGE}.{file.stem}"
        found = self._register(missing, file.name, lambda: load_file(name, file))
        if isinstance(found, BaseException):
            told = _told(file.name, found, file)
            self._registry.exchange(dict.fromkeys(before, told.sentence), ())
            until_changed = isinstance(found, StillImporting)
            is_unread = isinstance(found, UnreadSource)
            return _ImportedFile(
                stamp, before, told, until_changed=until_changed, is_unread=is_unread
            )
        return _ImportedFile(stamp, tuple(spec.name for spec in found))

    def _register(
        self, missing: Mapping[str, str], name: str, load: Callable[[], Any]
    ) -> list[TaskSpec] | BaseException:
        """Import a file or package and register its tasks; return them, or what was raised."""
        log.info("%s is imported", name)
        tasks = _imported(lambda: _tasks(load()))
        if isinstance(tasks, BaseException):
            return tasks
        try:
            return self._registry.exchange(missing, tasks)
        except Exception as error:  # noqa: BLE001 - foreign code describes the tasks
            return error


def _has_tasks(name: str) -> bool:
    return name.endswith(".py") and name[0] not in "_."


def _unread(path: Path, error: OSError) -> PluginError:
    sentence = (
        f"{path} cannot be read ({error.strerror or error}). Its tasks stay as they were, and "
        "Sendoff tries again by itself. If this lasts, check who may read it."
    )
    return PluginError(path.name, sentence, "")


def _stamp(file: Path) -> _Stamp | None:
    """Return what each change of a file or of its rights changes; ``None`` if it is no file."""
    try:
        found = file.stat()
    except (FileNotFoundError, NotADirectoryError):  # it was deleted, or is a broken link
        return None
    written = found.st_mtime_ns, found.st_size, found.st_ino
    rights = found.st_mode, found.st_uid, found.st_gid
    return (*written, *rights) if stat.S_ISREG(found.st_mode) else None


def _tasks(found: Any) -> list[Callable[..., Any]]:
    """List a module's own ``@task`` functions, or return the one function that was named."""
    if described(found) is not None:
        return [found]
    return [
        function
        for function in described_in(found.__name__, vars(found))
        if f"{function.__module__}.".startswith(f"{found.__name__}.")
    ]


def _told(name: str, error: BaseException, file: Path | None = None) -> PluginError:
    if isinstance(error, StillImporting):
        return PluginError(name, f"{name} {error}; its tasks wait until it is corrected.", "")
    if isinstance(error, SyntaxError):
        why = error.msg
    elif isinstance(error, EngineError | NotOwn | UnreadSource):
        why = str(error)
    else:
        why = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
    line = _line(error, str(file))
    where = f"line {line}: " if line else ""
    sentence = f"The tasks in {name} cannot be used: {where}{why.rstrip('.')}."
    return PluginError(name, sentence, "".join(traceback.format_exception(error)))


def _line(error: BaseException, file: str) -> int | None:
    """Return the line of the file that failed: its syntax error, or its last line in the trace."""
    if isinstance(error, SyntaxError) and error.filename == file:
        return error.lineno
    lines = [f.lineno for f in traceback.extract_tb(error.__traceback__) if f.filename == file]
    return lines[-1] if lines else None


IMPORT_WITHIN: Final = 5.0
"""Seconds that an import is waited for."""


class StillImporting(Exception):
    """An import that has not ended and is no longer waited for."""


def _imported(load: Callable[[], T]) -> T | BaseException:
    """Call ``load`` in a thread; return its result, or the exception that it raised.

    After ``IMPORT_WITHIN`` that is ``StillImporting``, even if the thread, which nothing can end,
    finishes later.
    """
    outcome: list[T | BaseException] = []

    def run() -> None:
        try:
            outcome.append(load())
        except BaseException as error:  # noqa: BLE001 - foreign code
            outcome.append(error)

    thread = threading.Thread(target=run, name="import", daemon=True)
    thread.start()
    thread.join(IMPORT_WITHIN)
    late = StillImporting(f"has not finished importing after {IMPORT_WITHIN:g} s")
    return next(iter(outcome), late)
