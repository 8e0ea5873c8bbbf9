"""Durable background tasks for FastAPI: the names that an app imports.

``install`` gives an app an engine, ``DurableTasks`` replaces ``BackgroundTasks``, and ``task``
describes a function. Each name is documented at its definition in ``desktop.engine``.
"""

from importlib.util import find_spec
from pathlib import Path


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

from desktop.contract.model.filters import Filter  # noqa: E402
from desktop.engine import (  # noqa: E402 - only after the check
    CURRENT,
    GiveUp,
    NeedsPerson,
    Retry,
    RetryLater,
    TaskCancelled,
    TaskContext,
    Uncertain,
    Unreachable,
    exponential,
    task,
)
from desktop.engine.errors import (  # noqa: E402
    Busy,
    Closed,
    Conflict,
    EngineError,
    NotWritable,
    TaskFailed,
    UnknownId,
)
from desktop.engine.facade.add_task import TaskRef  # noqa: E402
from desktop.engine.facade.engine import Engine  # noqa: E402
from desktop.engine.fastapi import (  # noqa: E402
    DurableTasks,
    install,
    status_router,
    submitting,
)
from desktop.engine.functions.arguments import register_type  # noqa: E402
from desktop.engine.store.reads.query import Query  # noqa: E402

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
