"""Durable background tasks for FastAPI: the names that an app imports.

``install`` gives an app an engine, ``DurableTasks`` replaces ``BackgroundTasks``, and ``task``
describes a function. Each name is documented at its definition in ``desktop.engine``, which is
imported when the name is first used.
"""

from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from desktop.contract.model.filters import Filter
    from desktop.engine.attempts.context import CURRENT, TaskContext
    from desktop.engine.errors import (
        Busy,
        Closed,
        Conflict,
        EngineError,
        GiveUp,
        NeedsPerson,
        NotWritable,
        ResultNotKept,
        RetryLater,
        TaskCancelled,
        TaskFailed,
        Uncertain,
        UnknownId,
        Unreachable,
    )
    from desktop.engine.facade.add_task import TaskRef
    from desktop.engine.facade.engine import Engine
    from desktop.engine.fastapi import DurableTasks, install, status_router, submitting
    from desktop.engine.functions.arguments import register_type
    from desktop.engine.functions.backoff import Retry, exponential
    from desktop.engine.functions.registry import task
    from desktop.engine.store.reads.query import Query


def _check_own() -> None:
    """Raise ``ImportError`` if ``import desktop`` would find another project's package."""
    here = Path(__file__).resolve().parent
    installed, checkout = here.parent / "desktop" / "__init__.py", here.parents[1] / "__init__.py"
    spec = find_spec("desktop")
    found = Path(spec.origin).resolve() if spec is not None and spec.origin else None
    if found not in {installed, checkout}:
        own = installed if installed.exists() else checkout
        where = f"is {found}" if found else "cannot be imported"
        raise ImportError(
            f"sendoff_tasks needs its own package “desktop” ({own}), but “desktop” {where}."
            " Uninstall the other distribution or rename the other file, then reinstall"
            " sendoff-tasks."
        )


_check_own()

_HOMES: Final = {
    "desktop.contract.model.filters": ("Filter",),
    "desktop.engine.attempts.context": ("CURRENT", "TaskContext"),
    "desktop.engine.errors": (
        "Busy",
        "Closed",
        "Conflict",
        "EngineError",
        "GiveUp",
        "NeedsPerson",
        "NotWritable",
        "ResultNotKept",
        "RetryLater",
        "TaskCancelled",
        "TaskFailed",
        "Uncertain",
        "UnknownId",
        "Unreachable",
    ),
    "desktop.engine.facade.add_task": ("TaskRef",),
    "desktop.engine.facade.engine": ("Engine",),
    "desktop.engine.fastapi": ("DurableTasks", "install", "status_router", "submitting"),
    "desktop.engine.functions.arguments": ("register_type",),
    "desktop.engine.functions.backoff": ("Retry", "exponential"),
    "desktop.engine.functions.registry": ("task",),
    "desktop.engine.store.reads.query": ("Query",),
}
"""The names by the modules that define them."""

__all__ = [
    "CURRENT",
    "Busy",
    "Closed",
    "Conflict",
    "DurableTasks",
    "Engine",
    "EngineError",
    "Filter",
    "GiveUp",
    "NeedsPerson",
    "NotWritable",
    "Query",
    "ResultNotKept",
    "Retry",
    "RetryLater",
    "TaskCancelled",
    "TaskContext",
    "TaskFailed",
    "TaskRef",
    "Uncertain",
    "UnknownId",
    "Unreachable",
    "exponential",
    "install",
    "register_type",
    "status_router",
    "submitting",
    "task",
]


if not TYPE_CHECKING:  # a checker then refuses a name that is not there

    def __getattr__(name: str) -> Any:
        """Import a public name when it is first used."""
        for home, names in _HOMES.items():
            if name in names:
                found = globals()[name] = getattr(import_module(home), name)
                return found
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    """List the public names."""
    return __all__
