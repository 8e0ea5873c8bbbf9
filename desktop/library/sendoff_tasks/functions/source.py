"""Where a function is defined, so another process can find it without pickled code."""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from importlib.machinery import ModuleSpec, SourceFileLoader
from importlib.util import find_spec, module_from_spec
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any, Final

from sendoff_tasks.folder.safe_files import NotOwn, await_quiet, read_own

PROGRAM: Final = frozenset({"__main__", "__mp_main__"})
"""Names of the module a program was started with, in it and in its child processes."""
_NAMES: Final = vars(ModuleType)["__dict__"]


@dataclass(frozen=True, slots=True)
class FunctionSource:
    """``module:qualname`` and, for a module Python cannot import by name, its file.

    ``stamp`` is the file's modification time in ns when it was loaded. A process that loaded the
    module from an older file loads it again.
    """

    module: str
    qualname: str
    file: str | None = None
    stamp: int = 0

    def __str__(self) -> str:
        return f"{self.module}:{self.qualname}"

    def find(self) -> Callable[..., Any]:
        """Import the module if needed and return the function; ``ImportError`` if it is gone."""
        found: Any = self._module()
        for part in self.qualname.split("."):
            found = getattr(found, part, None)
        if callable(found):
            return found  # type: ignore[no-any-return]
        raise ImportError(f"{self} is not there any more.")

    def held(self) -> Callable[..., Any] | None:
        """Return what has this name now, if anything that can be called."""
        try:
            return self.find()
        except ImportError:
            return None

    def _module(self) -> ModuleType:
        if self.file is None:
            return _imported(self.module)
        loaded = sys.modules.get(self.module)
        if loaded is not None and getattr(loaded, "__stamp__", None) == self.stamp:
            return loaded
        return load_file(self.module, Path(self.file))


def _imported(name: str) -> ModuleType:
    """Import a module; by where it is started, an app is ``shop.main`` or ``main``."""
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        is_itself = error.name is not None and f"{name}.".startswith(f"{error.name}.")
        other = _shorter(name) or _longer(name) if is_itself else None
        if other is None:
            raise
        return importlib.import_module(other)


def _shorter(name: str) -> str | None:
    """Return a name without the first packages by which the same file is found, if there is one."""
    _, _, rest = name.partition(".")
    while rest:
        with suppress(ImportError, ValueError):
            found = find_spec(rest)
            ends = f"/{name.replace('.', '/')}"
            origin = "" if found is None or found.origin is None else Path(found.origin).as_posix()
            if origin.endswith((f"{ends}.py", f"{ends}/__init__.py")):
                return rest
        _, _, rest = rest.partition(".")
    return None


def _longer(name: str) -> str | None:
    """Return the only loaded module of the app's own that has this name inside a package."""
    found = [
        each
        for each, module in sys.modules.copy().items()
        if each.endswith(f".{name}") and not is_foreign(getattr(module, "__file__", None) or "<>")
    ]
    return found[0] if len(found) == 1 else None


def is_foreign(file: str) -> bool:
    """Tell whether a module's file is of Python itself or of an installed package."""
    return file.startswith(("<", _PYTHON)) or not _INSTALLED.isdisjoint(Path(file).parts)


_PYTHON: Final = f"{Path(os.__file__).parent}{os.sep}"
_INSTALLED: Final = frozenset({"site-packages", "dist-packages"})


class UnreadSource(ImportError):
    """A file that cannot be read now, and perhaps later: for example, too many are open."""


class _SourceOnlyLoader(SourceFileLoader):
    """Reads the source, never cached bytecode, whose check counts whole seconds only."""

    def get_code(self, fullname: str) -> CodeType:
        file = self.get_filename(fullname)
        try:
            source = read_own(Path(file))
        except (NotOwn, PermissionError):  # a cure changes the file
            raise
        except OSError as error:
            raise UnreadSource(f"it cannot be read ({error.strerror or error})") from error
        return self.source_to_code(source, file)


def load_file(name: str, file: Path) -> ModuleType:
    """Load a Python file as the module ``name``, replacing an older one; its exceptions pass.

    The module is entered in ``sys.modules``, so its functions can be found by name. If the import
    fails, it is taken out again. Half of a file may be valid Python, so a file that is being
    written is waited for. Raises ``NotOwn`` for a file that other users can change, and
    ``UnreadSource`` for one that can perhaps be read later.
    """
    if not await_quiet(file):
        raise ImportError(f"{file.name} is still being written")
    loader = _SourceOnlyLoader(name, str(file))
    module = module_from_spec(ModuleSpec(name, loader, origin=str(file), is_package=False))
    module.__file__ = str(file)
    module.__dict__["__stamp__"] = file.stat().st_mtime_ns
    before = sys.modules.get(name)
    sys.modules[name] = module
    try:
        loader.exec_module(module)
    except BaseException:
        if sys.modules.get(name) is module:  # else a newer one has replaced it
            if before is None:
                del sys.modules[name]
            else:
                sys.modules[name] = before
        raise
    return module


def source_of(function: Callable[..., Any]) -> FunctionSource:
    """Return where ``function`` is defined."""
    module = sys.modules.get(function.__module__)
    stamp = getattr(module, "__stamp__", None)
    if module is None or stamp is None:
        return FunctionSource(function.__module__, function.__qualname__)
    return FunctionSource(function.__module__, function.__qualname__, module.__file__, stamp)


def loaded_modules() -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the name and the contents of each loaded module without importing anything.

    Lazy modules and objects that stand for modules are never touched. Other threads may be
    importing at the same time.
    """
    for name, module in sys.modules.copy().items():
        if issubclass(type(module), ModuleType):
            yield name, dict(_NAMES.__get__(module))
