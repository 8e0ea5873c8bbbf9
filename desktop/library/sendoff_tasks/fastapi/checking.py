"""Finds the calls of ``add_task`` in an app's source, and tells which of them would be refused."""

from __future__ import annotations

import ast
import builtins
import inspect
import sysconfig
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from importlib import import_module
from importlib.util import resolve_name
from pathlib import Path
from types import MethodType
from typing import Any, Final, get_type_hints

from fastapi import BackgroundTasks

from sendoff_tasks.functions.arguments import encode, refused_type
from sendoff_tasks.functions.registry import AppRegistry
from sendoff_tasks.functions.source import loaded_modules
from sendoff_tasks.functions.spec import TaskSpec
from sendoff_tasks.text import sentence


class CallFate(StrEnum):
    """What happens to a call."""

    KEPT = "kept"
    REFUSED = "refused"
    UNCLEAR = "unclear"
    """Only a request can tell: its function is a variable, or a name that is not known here."""
    IN_MEMORY = "in memory"
    """FastAPI's own ``BackgroundTasks`` in an app that has durable ones; a restart loses it."""


@dataclass(frozen=True, slots=True, order=True)
class FoundCall:
    """A call of ``add_task``: where it stands, as it is written, and what happens to it."""

    file: Path
    line: int
    text: str
    fate: CallFate
    why: str = ""


def find_calls(module: str, *, is_ported: bool) -> list[FoundCall]:
    """Return the calls in loaded modules that belong to no installed package but ``module``'s own.

    In an app that is not ported yet, those of ``BackgroundTasks`` are judged as durable ones.
    Raises ``TypeError`` or ``DuplicateTask`` for what would keep the app from starting.
    """
    registry = AppRegistry()
    registry.add_described()
    judge = _Judge(registry, is_ported=is_ported)
    files = {names["__file__"]: names for names in _own_modules(module.partition(".")[0])}
    found = []
    for file, names in files.items():
        tree = ast.parse(Path(file).read_bytes())
        found += [judge.judged(call, Path(file)) for call in _calls(tree, names, ())]
    return sorted(found)


def _own_modules(package: str) -> Iterator[dict[str, Any]]:
    installed = [
        sysconfig.get_path(each) for each in ("stdlib", "platstdlib", "purelib", "platlib")
    ]
    installed += [str(Path(__file__).parents[1])]
    for name, names in loaded_modules():
        file = names.get("__file__") or ""
        is_own = name.partition(".")[0] == package
        is_source = file.endswith(".py") and Path(file).is_file()
        if is_source and (is_own or not file.startswith(tuple(installed))):
            yield names


Function = ast.FunctionDef | ast.AsyncFunctionDef
Scope = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
_ADDS: Final = frozenset({"add_task", "add_task_async"})


class _Unknown(Exception):
    """Only a request can tell what this is."""


@dataclass(frozen=True, slots=True)
class _Call:
    """A call, the module's variables and the functions and classes around it, outermost first."""

    node: ast.Call
    names: Mapping[str, Any]
    scopes: tuple[Scope, ...]

    def value(self, node: ast.expr) -> Any:
        """Return what an expression is; raise ``_Unknown`` if only a request can tell."""
        match node:
            case ast.Constant(value):
                return value
            case ast.Lambda():
                return lambda: None
            case ast.Name(name):
                return self._named(name)
            case ast.Attribute(ast.Name("self" | "cls"), name) if self._method_of is not None:
                return _bound(self._method_of, name)
            case ast.Attribute(inner, name):
                held = self.value(inner)
                if not hasattr(held, name):
                    raise _Unknown
                return getattr(held, name)
            case ast.Call(func) if self.value(func) is partial:
                return partial(len)
        raise _Unknown

    @property
    def _method_of(self) -> Any:
        """The class in whose method the call is, if it is in one."""
        if len(self.scopes) < 2 or not isinstance(self.scopes[-2], ast.ClassDef):
            return None
        return self.names.get(self.scopes[-2].name)

    def _named(self, name: str) -> Any:
        for scope in reversed(self.scopes):
            for node in () if isinstance(scope, ast.ClassDef) else ast.walk(scope):
                if isinstance(node, Function) and node is not scope and node.name == name:
                    return _local(scope, name)
                if isinstance(node, ast.Import | ast.ImportFrom):
                    for each in node.names:
                        if name == (each.asname or each.name):
                            return self._imported(node, each)
            if not isinstance(scope, ast.ClassDef) and name in _variables(scope):
                raise _Unknown
        if name in self.names:
            return self.names[name]
        if hasattr(builtins, name):
            return getattr(builtins, name)
        raise _Unknown

    def _imported(self, node: ast.Import | ast.ImportFrom, each: ast.alias) -> Any:
        if isinstance(node, ast.Import):
            return import_module(each.name)
        package = str(self.names.get("__package__") or "")
        module = import_module(resolve_name("." * node.level + (node.module or ""), package))
        if hasattr(module, each.name):
            return getattr(module, each.name)
        return import_module(f"{module.__name__}.{each.name}")

    def kind(self, node: ast.expr) -> Any:
        """Return the type that a variable is annotated with, or ``None``."""
        if not isinstance(node, ast.Name):
            return None
        for scope in reversed(self.scopes):
            if isinstance(scope, Function) and node.id in (known := _variables(scope)):
                return self.evaluated(known[node.id])
        return None

    def evaluated(self, annotation: ast.expr | None) -> Any:
        """Return an annotation as type checkers read it; ``None`` if it cannot be read here."""
        if isinstance(annotation, ast.Constant) and isinstance(annotation.value, str):
            annotation = ast.parse(annotation.value, mode="eval").body
        if annotation is None:
            return None
        code = compile(ast.Expression(annotation), "annotation", "eval")
        try:
            return eval(code, dict(self.names))  # noqa: S307 - as typing.get_type_hints does
        except Exception:  # noqa: BLE001 - a name that only type checkers import
            return None


def _calls(node: ast.AST, names: Mapping[str, Any], scopes: tuple[Scope, ...]) -> Iterator[_Call]:
    """Yield each call of ``add_task`` that has a function."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Call) and isinstance(child.func, ast.Attribute):
            is_given = child.args or any(each.arg == "func" for each in child.keywords)
            if child.func.attr in _ADDS and is_given:
                yield _Call(child, names, scopes)
        inner = (*scopes, child) if isinstance(child, Scope) else scopes
        yield from _calls(child, names, inner)


def _variables(scope: Function) -> dict[str, ast.expr | None]:
    """Return a function's variables with their annotations, where they have one."""
    of = scope.args
    found: dict[str, ast.expr | None] = {}
    for node in ast.walk(scope):
        match node:
            case ast.Name(name, ast.Store()):
                found.setdefault(name, None)
            case ast.AnnAssign(ast.Name(name), annotation):
                found[name] = annotation
    for each in (*of.posonlyargs, *of.args, *of.kwonlyargs):
        found[each.arg] = each.annotation
    for rest in filter(None, (of.vararg, of.kwarg)):
        found[rest.arg] = None
    return found


def _local(scope: Scope, name: str) -> Any:
    """Return a function like one that is defined in another."""

    def local() -> None: ...

    local.__qualname__ = f"{scope.name}.<locals>.{name}"
    return local


def _bound(kind: Any, name: str) -> Any:
    """Return a method as its object has it; a static one is a function."""
    if not hasattr(kind, name):
        raise _Unknown
    found = inspect.getattr_static(kind, name)
    return MethodType(found, kind) if inspect.isfunction(found) else getattr(kind, name)


@dataclass(frozen=True, slots=True)
class _Judge:
    """Tells what happens to calls, by the functions that an app knows."""

    registry: AppRegistry
    is_ported: bool

    def judged(self, call: _Call, file: Path) -> FoundCall:
        """Return the call with its fate."""
        fate, why = self._fate(call)
        return FoundCall(file, call.node.lineno, ast.unparse(call.node), fate, why)

    def _fate(self, call: _Call) -> tuple[CallFate, str]:
        node = call.node
        owner = call.kind(node.func.value) if isinstance(node.func, ast.Attribute) else None
        if self.is_ported and owner is BackgroundTasks:
            return CallFate.IN_MEMORY, ""
        named = {each.arg: each.value for each in node.keywords if each.arg is not None}
        func, *placed = [*node.args] if node.args else [named.pop("func")]
        try:
            function = call.value(func)
        except _Unknown:
            return CallFate.UNCLEAR, f"what {ast.unparse(func)} is, only a request can tell"
        except Exception as error:  # noqa: BLE001 - importing runs the app's code
            return CallFate.REFUSED, sentence(error)
        try:
            spec = self._spec_of(function)
            is_whole = len(named) == len(node.keywords) - (not node.args) and not any(
                isinstance(each, ast.Starred) for each in placed
            )
            if is_whole:
                spec.check_arguments(placed, named)
                _check_types(call, spec, placed, named)
        except _Unknown as error:
            return CallFate.UNCLEAR, str(error)
        except Exception as error:  # noqa: BLE001 - whatever it says, a request would be told
            return CallFate.REFUSED, str(error)
        return CallFate.KEPT, ""

    def _spec_of(self, function: Any) -> TaskSpec:
        if not isinstance(function, str):
            return self.registry.spec_of(function)
        spec = self.registry.find(function)
        if spec is None:  # a file of the data folder may have it
            raise _Unknown(self.registry.why_unknown(function))
        return spec


def _check_types(
    call: _Call, spec: TaskSpec, placed: list[ast.expr], named: dict[str, ast.expr]
) -> None:
    """Raise ``TypeError`` for an argument whose value, or type, cannot be kept."""
    wanted: dict[str, Any] = {}
    with suppress(Exception):  # of a name that only type checkers import
        wanted = get_type_hints(spec.function)
    for name, node in spec.signature.bind(*placed, **named).arguments.items():
        if not isinstance(node, ast.expr):
            continue  # of *args or **kwargs
        try:
            encode((), {name: call.value(node)})
        except _Unknown:
            for kind in (call.kind(node), wanted.get(name)):
                if (why := refused_type(kind)) is not None:
                    raise TypeError(f"argument `{name}`{why}") from None
