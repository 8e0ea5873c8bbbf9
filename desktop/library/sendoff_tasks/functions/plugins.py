"""The user's own tasks: from files in the data folder's ``tasks/`` and installed packages."""

from __future__ import annotations

import logging
import stat
import threading
import traceback
from dataclasses import dataclass
from functools import partial
from importlib.metadata import entry_points
from itertools import chain
from typing import TYPE_CHECKING, Any, Final, TypeVar

from sendoff_tasks.errors import EngineError
from sendoff_tasks.folder.safe_files import NotOwn, check_own
from sendoff_tasks.functions.source import UnreadSource, load_file
from sendoff_tasks.functions.spec import described, described_in
from sendoff_tasks.words.table import ENGLISH

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    from sendoff_tasks.functions.registry import Registry
    from sendoff_tasks.functions.spec import TaskSpec

ENTRY_POINTS: Final = "sendoff.tasks"
"""The group of entry points; each names a module with tasks, or one task."""
_PACKAGE: Final = "own_tasks"
"""The package of the folder's files: ``invoices.py`` is ``own_tasks.invoices``."""

log = logging.getLogger(__name__)

_Stamp = tuple[int, ...]
_Loaded = list["Callable[..., Any]"] | BaseException
"""The tasks of a file or package, or what its import raised."""
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
    """A file that was imported: its stamp, the names of the tasks in it, and its error.

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
    files work. A task that several files describe has no function: one may be an old copy, as sync
    tools and editors make. Files whose name begins with ``_`` or ``.`` are ignored. A running
    attempt keeps the code it began with. The log names a file before it is imported: if that ends
    the process, nothing else could tell.
    """

    def __init__(self, folder: Path, registry: Registry) -> None:
        self._folder = folder
        self._registry = registry
        self._taken: dict[str, _ImportedFile] = {}
        self._seen: dict[str, _Stamp] = {}  # the folder's files at the last look
        self._faults: dict[str, PluginError] = {}  # why the folder or a file was not looked at
        self._doubled: dict[str, PluginError] = {}  # the tasks that several files describe
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
            gone = {
                task: ENGLISH.say("function", "file_gone", name=task, file=name)
                for task in self._taken.pop(name).names
            }
            self._registry.exchange(dict.fromkeys(gone, shut.sentence) if shut else gone, ())
        loaded: dict[str, _Loaded] = {}
        for name in names:
            before = self._taken.get(name)
            at_fault = before and (
                before.error or not self._doubled.keys().isdisjoint(before.names)
            )
            again = before and at_fault and is_changed and not before.until_changed
            if before is None or again or before.is_unread or before.stamp != found[name]:
                file = self._folder / name
                loaded[name] = _load(name, partial(load_file, f"{_PACKAGE}.{file.stem}", file))
        told |= dict.fromkeys(error.file for error in self._doubled.values())
        self._doubled = _doubled({name: self._names(name, loaded) for name in names})
        for name in names:
            if name in loaded:
                self._taken[name] = self._take(name, found[name], loaded[name])
                told[name] = self._taken[name].error
            elif held := self._held((each,) for each in self._taken[name].names):
                self._registry.exchange(held, ())
        told |= {error.file: error for error in self._doubled.values()}
        self._explain()
        return told

    def _names(self, name: str, loaded: Mapping[str, _Loaded]) -> tuple[str, ...]:
        """Return the names of the tasks that a file describes; none if it cannot be used."""
        if name in loaded:
            return tuple(chain.from_iterable(_names_of(loaded[name])))
        taken = self._taken[name]
        return () if taken.error else taken.names

    def _held(self, tasks: Iterable[tuple[str, ...]]) -> dict[str, str]:
        """Return the names of those tasks that several files describe, with why they wait."""
        return {
            name: self._doubled[doubled].sentence
            for names in tasks
            for doubled in names
            if doubled in self._doubled
            for name in names
        }

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
            found = self._register({}, _load(entry.value, entry.load))
            if isinstance(found, BaseException):
                self._packages.append(_told(entry.value, found))
        self._explain()
        return self._packages

    def _explain(self) -> None:
        """Give the registry the errors, as the reason for any task name it does not know.

        After a restart, nothing tells which tasks were in a file that cannot be used.
        """
        files = [self._taken[name].error for name in sorted(self._taken)]
        errors = (*self._faults.values(), *files, *self._doubled.values(), *self._packages)
        told = dict.fromkeys(error.sentence for error in errors if error)
        self._registry.explain(" ".join(told))

    def _take(self, name: str, stamp: _Stamp, loaded: _Loaded) -> _ImportedFile:
        """Register the tasks of a file in place of those it had before."""
        before = self._taken[name].names if name in self._taken else ()
        missing = {task: ENGLISH.say("function", "gone", name=task, file=name) for task in before}
        found = self._register(missing | self._held(_names_of(loaded)), loaded)
        if isinstance(found, BaseException):
            told = _told(name, found, self._folder / name)
            self._registry.exchange(dict.fromkeys(before, told.sentence), ())
            until_changed = isinstance(found, StillImporting)
            is_unread = isinstance(found, UnreadSource)
            return _ImportedFile(
                stamp, before, told, until_changed=until_changed, is_unread=is_unread
            )
        return _ImportedFile(stamp, self._names(name, {name: loaded}))

    def _register(
        self, missing: Mapping[str, str], loaded: _Loaded
    ) -> list[TaskSpec] | BaseException:
        """Register tasks, but for those that several files describe; return what was raised."""
        if isinstance(loaded, BaseException):
            return loaded
        tasks = [task for task in loaded if not self._held(_names_of([task]))]
        try:
            return self._registry.exchange(missing, tasks)
        except Exception as error:  # noqa: BLE001 - foreign code describes the tasks
            return error


def _load(name: str, load: Callable[[], Any]) -> _Loaded:
    """Import a file or package; return its tasks, or what was raised."""
    log.info("Importing %s", name)
    return _imported(lambda: _tasks(load()))


def _names_of(loaded: _Loaded) -> list[tuple[str, ...]]:
    """Return the name of each task, with those that it had before."""
    specs = map(described, () if isinstance(loaded, BaseException) else loaded)
    return [(spec.name, *spec.aliases) for spec in specs if spec]


def _doubled(names: Mapping[str, tuple[str, ...]]) -> dict[str, PluginError]:
    """Return an error for each task that several files describe; ``names`` has those of each."""
    files: dict[str, list[str]] = {}
    for file, its in names.items():
        for task in dict.fromkeys(its):
            files.setdefault(task, []).append(file)
    return {
        task: PluginError(
            its[-1], ENGLISH.say("function", "doubled", name=task, files=" and ".join(its)), ""
        )
        for task, its in files.items()
        if len(its) > 1
    }


def _has_tasks(name: str) -> bool:
    return name.endswith(".py") and name[0] not in "_."


def _unread(path: Path, error: OSError) -> PluginError:
    said = ENGLISH.say("function", "file_unread", file=path, why=error.strerror or error)
    return PluginError(path.name, said, "")


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
        return PluginError(name, ENGLISH.say("function", "slow", file=name, why=error), "")
    if isinstance(error, SyntaxError):
        why = error.msg
    elif isinstance(error, EngineError | NotOwn | UnreadSource):
        why = str(error)
    else:
        why = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
    line = _line(error, str(file))
    why = f"line {line}: {why}" if line else why
    said = ENGLISH.say("function", "unusable", file=name, why=why.rstrip("."))
    return PluginError(name, said, "".join(traceback.format_exception(error)))


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
