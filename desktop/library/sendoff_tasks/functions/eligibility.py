"""Checks of functions and options: what cannot be a task is refused with the reason."""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable
from typing import Any

from sendoff_tasks.clock import LONGEST_S
from sendoff_tasks.functions.source import source_of
from sendoff_tasks.model.tasks import KEY_LIMIT, LaneName

_LOST = "cannot be a task: after a restart it could not be found again"
_NO_SELF = "Use a function of a module, and pass what it needs of self"


def check_kind(fn: Any) -> None:
    """Raise ``TypeError`` for anything but a function that returns once."""
    built_in = inspect.isbuiltin(fn) and inspect.ismodule(fn.__self__)
    if inspect.isclass(fn):
        raise TypeError(f"the class {fn.__qualname__} cannot be a task: a task is a function")
    if not inspect.isfunction(fn) and not built_in:
        if inspect.ismethod(fn):
            raise TypeError(f"the bound method {fn.__qualname__} {_LOST}. {_NO_SELF}")
        name = type(fn).__name__
        raise TypeError(f"{'an' if name[0] in 'AEIOUaeiou' else 'a'} {name} {_LOST}")
    if inspect.isgeneratorfunction(fn) or inspect.isasyncgenfunction(fn):
        raise TypeError(f"{fn.__qualname__} is a generator; a task returns once")


def check_findable(fn: Callable[..., Any]) -> None:
    """Raise ``TypeError`` for a function that cannot be found by its own name."""
    if fn.__name__ == "<lambda>":
        raise TypeError(f"a lambda {_LOST}")
    if "<locals>" in fn.__qualname__:
        raise TypeError(f"{fn.__qualname__}, which is defined inside a function, {_LOST}")
    source = source_of(fn)
    if hasattr(fn, "__wrapped__") and source.held() is not fn:
        raise TypeError(
            f"a wrapper of {source} {_LOST}: another function has that name. Decorate the function"
            " where it is defined"
        )


def check_lane(fn: Callable[..., Any], lane: LaneName) -> None:
    """Raise ``TypeError`` for an unknown lane, and for one that cannot run ``fn``."""
    if lane not in ("io", "cpu", "async"):
        raise TypeError(f"there is no lane {lane!r}; there are io, cpu and async")
    is_async = inspect.iscoroutinefunction(fn)
    if is_async and lane != "async":
        raise TypeError(f"{fn.__qualname__} is an async def; only the async lane can run it")
    if not is_async and lane == "async":
        raise TypeError(f"{fn.__qualname__} is no async def; the async lane cannot run it")


def check_names(**names: str) -> None:
    """Raise ``TypeError`` for a name that could not be shown or typed."""
    for what, name in names.items():
        is_text = isinstance(name, str) and name.isprintable() and name == name.strip()
        if not is_text or not name or name == "<lambda>":
            raise TypeError(f"{name!r} cannot be the {what} of a task")


def check_key(key: object) -> str:
    """Return a unique key; raise ``ValueError`` for an unusable one."""
    if isinstance(key, str) and key.strip() and len(key) <= KEY_LIMIT and key.isprintable():
        return key
    rule = f"a key is 1 to {KEY_LIMIT} printable characters, and more than spaces"
    raise ValueError(f"{rule}, not {brief(key)}")


def check_constant_key(key: str, signature: inspect.Signature) -> None:
    """Raise ``TypeError`` for text that cannot be the key of every call, such as a pattern."""
    try:
        check_key(key)
    except ValueError as error:
        raise TypeError(str(error)) from error
    if "{" in key and "}" in key:
        names = ", ".join(str(p.replace(annotation=p.empty)) for p in signature.parameters.values())
        raise TypeError(
            f"the key {key!r} would be the same for every call; "
            f"of the arguments it is made by key=lambda {names}: f{key!r}"
        )


def check_positive(**limits: float | None) -> None:
    """Raise ``TypeError`` for a limit that is not a number or not more than 0."""
    for what, limit in limits.items():
        if limit is None:
            continue
        check_number(what, limit)
        if not (math.isfinite(limit) and limit > 0):
            raise TypeError(f"{what} must be more than 0, got {limit}")


def check_seconds(**limits: float | None) -> None:
    """Raise ``TypeError`` for a span that is not more than 0 s or is longer than ten years."""
    check_positive(**limits)
    for what, limit in limits.items():
        if limit is not None and limit > LONGEST_S:
            raise TypeError(f"{what} is at most ten years, got {limit:g} s")


def check_text(what: str, value: object) -> None:
    """Raise ``TypeError`` for anything but text, and for blank text."""
    if not (isinstance(value, str) and value.strip()):
        raise TypeError(f"{what} must be text, got {brief(value)}")


def check_number(what: str, value: object) -> None:
    """Raise ``TypeError`` for a value that is not a number; ``True`` is not one."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError(f"{what} must be a number, got {brief(value)}")


def check_whole(what: str, value: object) -> None:
    """Raise ``TypeError`` for a value that is not a whole number; ``True`` is not one."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(f"{what} must be a whole number, got {brief(value)}")


def check_function(what: str, value: object) -> None:
    """Raise ``TypeError`` for a value that cannot be called."""
    if not callable(value):
        raise TypeError(f"{what} must be a function, got {brief(value)}")


def check_plain(what: str, value: object) -> None:
    """Raise ``TypeError`` for a value that cannot be called where nothing can be awaited."""
    check_function(what, value)
    called = value if inspect.isfunction(value) else getattr(value, "__call__", None)  # noqa: B004
    if inspect.iscoroutinefunction(called):
        raise TypeError(f"{what} must be a plain function, got an async def: {brief(value)}")


def brief(value: object) -> str:
    """Return a value's repr for an error, cut after 40 characters."""
    text = repr(value)
    return text if len(text) <= 40 else f"{text[:40]}…"
