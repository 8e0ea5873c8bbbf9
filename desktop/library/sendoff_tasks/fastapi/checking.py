"""Finds the calls of ``add_task`` in an app's source, and tells which of them would be refused."""

from __future__ import annotations

import ast
import builtins
import inspect
import sysconfig
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from importlib import import_module
from importlib.util import resolve_name
from pathlib import Path
from types import FunctionType, MethodType
from typing import Annotated, Any, Final, get_args, get_origin

from fastapi import BackgroundTasks

from sendoff_tasks.errors import BadCall
from sendoff_tasks.functions.annotated_types import hints_of, type_fault
from sendoff_tasks.functions.arguments import encode
from sendoff_tasks.functions.registry import AppRegistry
from sendoff_tasks.functions.source import loaded_modules
from sendoff_tasks.functions.spec import TaskSpec


class CallFate(StrEnum):
    """What happens to a call."""

    KEPT = "kept"
    REFUSED = "refused"
    UNCLEAR = "unclear"
    """Only a request can tell: its function, or the type of an argument, is not known here."""
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
    files = {names["__file__"]: names for names in _own_modules(module.partition(".")[0])}
    found = []
    for file, names in files.items():
        tree = ast.parse(Path(file).read_bytes())
        for call in _calls(tree, names, ()):
            fate, why = _fate(call, registry, is_ported=is_ported)
            line, said = call.node.lineno, ast.unparse(call.node)
            found.append(FoundCall(Path(file), line, said, fate, why))
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


Scope = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
_ADDS: Final = frozenset({"add_task", "add_task_async"})


@dataclass(frozen=True, slots=True)
class _Some:
    """A value that only a request has, and its type, ``Any`` if that is not known either."""

    kind: Any = Any


@dataclass(frozen=True, slots=True)
class _Call:
    """A call, the module's variables and the functions and classes around it, outermost first."""

    node: ast.Call
    names: Mapping[str, Any]
    scopes: tuple[Scope, ...]
    on: ast.expr
    """What ``add_task`` is called on."""

    def value(self, node: ast.expr) -> Any:
        """Return what an expression is; ``_Some`` if only a request can tell."""
        match node:
            case ast.Constant(value):
                return value
            case ast.JoinedStr():
                return _Some(str)
            case ast.Lambda():
                return lambda: None
            case ast.Name("self" | "cls"):
                around = [each.name for each in self.scopes if isinstance(each, ast.ClassDef)]
                return _Some(self.names.get(around[-1], Any) if around else Any)
            case ast.Name(name):
                return self._named(name)
            case ast.List(elts) | ast.Tuple(elts) | ast.Set(elts):
                return self._holding(elts)
            case ast.Dict(keys, values):
                return self._holding([*filter(None, keys), *values])
            case ast.Attribute(inner, name):
                return _attribute(self.value(inner), name)
            case ast.Call(func):
                return _returned(self.value(func))
        return _Some()

    def _holding(self, elements: Iterable[ast.expr]) -> _Some:
        return _Some(list[*(_kind(self.value(each)) for each in elements)])  # type: ignore[misc]

    def _named(self, name: str) -> Any:
        for scope in reversed(self.scopes):
            inside = () if isinstance(scope, ast.ClassDef) else ast.iter_child_nodes(scope)
            match [node for child in inside for node in ast.walk(child) if _binds(node, name)]:
                case []:
                    continue
                case [ast.FunctionDef() | ast.AsyncFunctionDef()]:
                    return _local(scope, name)
                case [(ast.Import() | ast.ImportFrom()) as node]:
                    (alias,) = (each for each in node.names if name == (each.asname or each.name))
                    return self._imported(node, alias)
                case [ast.arg() as node] | [ast.AnnAssign() as node, *_]:
                    return _Some(self._evaluated(node.annotation))
                case [(ast.Assign() | ast.NamedExpr()) as node, ast.Name()]:
                    is_open = isinstance(node.value, ast.List | ast.Dict | ast.Set)
                    return _Some() if is_open else self.value(node.value)
            return _Some()
        return self.names[name] if name in self.names else getattr(builtins, name, _Some())

    def _imported(self, node: ast.Import | ast.ImportFrom, each: ast.alias) -> Any:
        if isinstance(node, ast.Import):
            return import_module(each.name)
        package = str(self.names.get("__package__") or "")
        module = import_module(resolve_name("." * node.level + (node.module or ""), package))
        if hasattr(module, each.name):
            return getattr(module, each.name)
        return import_module(f"{module.__name__}.{each.name}")

    def _evaluated(self, annotation: ast.expr | None) -> Any:
        """Return an annotation as type checkers read it; ``Any`` if it cannot be read here."""
        if isinstance(annotation, ast.Constant) and isinstance(annotation.value, str):
            annotation = ast.parse(annotation.value, mode="eval").body
        if annotation is None:
            return Any
        code = compile(ast.Expression(annotation), "annotation", "eval")
        try:
            found = eval(code, dict(self.names))  # noqa: S307 - as typing.get_type_hints does
        except Exception:  # noqa: BLE001 - a name that only type checkers import
            return Any
        return get_args(found)[0] if get_origin(found) is Annotated else found


def _calls(node: ast.AST, names: Mapping[str, Any], scopes: tuple[Scope, ...]) -> Iterator[_Call]:
    """Yield each call of ``add_task`` that has a function."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Call) and isinstance(child.func, ast.Attribute):
            is_given = child.args or any(each.arg == "func" for each in child.keywords)
            if child.func.attr in _ADDS and is_given:
                yield _Call(child, names, scopes, child.func.value)
        inner = (*scopes, child) if isinstance(child, Scope) else scopes
        yield from _calls(child, names, inner)


def _binds(node: ast.AST, name: str) -> bool:
    """Tell whether a node gives a name its value, or is where a statement that does so names it."""
    match node:
        case (
            ast.Name(bound, ast.Store())
            | ast.arg(bound)
            | ast.AnnAssign(ast.Name(bound))
            | ast.Assign([ast.Name(bound)])
            | ast.NamedExpr(ast.Name(bound))
            | ast.withitem(_, ast.Name(bound))
            | ast.FunctionDef(bound)
            | ast.AsyncFunctionDef(bound)
            | ast.ClassDef(bound)
        ):
            return bound == name
        case ast.Import(names) | ast.ImportFrom(_, names):
            return any(name == (each.asname or each.name) for each in names)
        case ast.Global(bound) | ast.Nonlocal(bound):
            return name in bound
    return False


def _local(scope: Scope, name: str) -> Any:
    """Return a function like one that is defined in another."""

    def local() -> None: ...

    local.__qualname__ = f"{scope.name}.<locals>.{name}"
    return local


def _kind(value: Any) -> Any:
    return value.kind if isinstance(value, _Some) else type(value)


def _attribute(held: Any, name: str) -> Any:
    if not isinstance(held, _Some):
        return getattr(held, name, _Some())
    match inspect.getattr_static(held.kind, name, None):
        case FunctionType() as function:
            return MethodType(function, held.kind)
        case staticmethod() | classmethod():
            return getattr(held.kind, name)
    return _Some(hints_of(held.kind).get(name, Any))


def _returned(function: Any) -> Any:
    """Return what a call of a function or a class gives."""
    if function is partial:
        return partial(len)
    if isinstance(function, type):
        return _Some(function)
    if inspect.iscoroutinefunction(function):
        return _Some()
    return _Some(hints_of(function).get("return", Any))


def _fate(call: _Call, registry: AppRegistry, *, is_ported: bool) -> tuple[CallFate, str]:
    """Return what happens to a call, by the functions that an app knows, and why."""
    node = call.node
    named = {each.arg: each.value for each in node.keywords if each.arg is not None}
    func, *placed = [*node.args] if node.args else [named.pop("func")]
    rest = [each.value for each in placed if isinstance(each, ast.Starred)]
    rest += [each.value for each in node.keywords if each.arg is None]
    try:
        if is_ported and call.value(call.on) == _Some(BackgroundTasks):
            return CallFate.IN_MEMORY, ""
        function = call.value(func)
        if isinstance(function, _Some):
            return CallFate.UNCLEAR, f"what {ast.unparse(func)} is, only a request can tell"
        by = registry.find if isinstance(function, str) else registry.spec_of
        spec = by(function)
        if spec is None:  # a file of the data folder may have it
            return CallFate.UNCLEAR, registry.why_unknown(function)
        if rest:
            return CallFate.UNCLEAR, f"what {ast.unparse(rest[0])} has, only a request can tell"
        spec.check_arguments(placed, named)
        if spec.is_completed(placed, named):
            return CallFate.UNCLEAR, f"what a decorator gives to {spec.name}, only a call can tell"
        faults = [*_faults(call, spec, placed, named)]
    except Exception as error:  # noqa: BLE001 - a request would be told it; imports run code
        return CallFate.REFUSED, str(error)
    if refused := [why for _, why in faults if why]:
        return CallFate.REFUSED, "; ".join(refused)
    if unknown := [what for what, _ in faults]:
        return CallFate.UNCLEAR, f"the type of argument {', '.join(unknown)} is not known"
    return CallFate.KEPT, ""


def _faults(
    call: _Call, spec: TaskSpec, placed: list[ast.expr], named: dict[str, ast.expr]
) -> Iterator[tuple[str, str]]:
    """Yield each argument, or its part, that may not be kept, and why; no text if it is not known.

    Of an argument whose type is not known, the function's own annotation tells.
    """
    wanted = hints_of(spec.function)
    for name, given in spec.signature.bind(*placed, **named).arguments.items():
        if isinstance(given, dict):
            given = (*given.values(),)
        for node in given if isinstance(given, tuple) else (given,):
            value = call.value(node)
            if isinstance(value, _Some):
                fault = type_fault(value.kind)
                if fault == ("", ""):
                    fault = type_fault(wanted.get(name, Any))
                if fault:
                    part, why = fault
                    yield f"`{name}`{part}", why and f"argument `{name}`{part}{why}"
                continue
            try:
                encode((), {name: value})
            except BadCall as error:
                yield name, error.args[0]
