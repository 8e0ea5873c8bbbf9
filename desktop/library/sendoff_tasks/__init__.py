"""Durable background tasks for FastAPI: the names that an app imports.

``install`` gives an app an engine, ``DurableTasks`` replaces ``BackgroundTasks``, and ``task``
describes a function. Each name is imported when it is first used. The packages from the top down;
each ``__init__`` names its own order of reading:

- ``shell`` and ``client`` are the commands and calls of another process. ``http`` serves them the
  tasks of an engine.
- ``stand_ins`` replaces an app's engine in tests. ``worker`` is a process that runs attempts for
  another process. ``fastapi`` is the drop-in for ``BackgroundTasks``. ``processes`` lets several
  processes share one data folder. ``facade`` is the engine as a program uses it.
- ``writer`` is the writer thread. Each round of its ``core`` is one transaction: it commits, then
  sends the answers and starts the attempts. The core has no thread, clock or randomness of its
  own, so a simulator can drive it.
- ``duties`` are what the engine does by itself, ``verbs`` what callers ask for. ``schedules`` has
  both, for tasks that run at certain times.
- ``dispatch`` moves tasks from queued to running, and to their next state after an attempt.
- ``events`` reports changes in commit order and without a gap.
- ``queues`` decides what a queue allows: limits, holds, pauses, missing functions.
- ``transaction`` is one group of changes, and what the writer remembers of the store. A program
  that is built on the engine adds its own as ``transaction.features``.
- ``lanes`` run ``attempts``; ``functions`` holds the functions that can be run.
- ``sqlite`` and ``postgres`` are the databases below the rules: a file, or a server.
- ``store`` has the tables of the engine and every line of its SQL.
- ``words`` has every text about tasks, which the window, the shell and the API say.
- ``errors``, ``causes`` (and reasons as rows store them), ``submission``, ``clock``, ``text`` and
  ``log_rate_limit`` are the base; below them are the files of the ``folder``, and the ``model``:
  the types of tasks, which all share.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from sendoff_tasks.attempts.context import CURRENT, TaskContext
    from sendoff_tasks.errors import (
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
    from sendoff_tasks.facade.add_task import TaskRef
    from sendoff_tasks.facade.engine import Engine
    from sendoff_tasks.fastapi import DurableTasks, install, status_router, submitting
    from sendoff_tasks.functions.arguments import register_type
    from sendoff_tasks.functions.backoff import Retry, exponential
    from sendoff_tasks.functions.registry import task
    from sendoff_tasks.http.page import Right, monitor
    from sendoff_tasks.model.filters import TaskFilter
    from sendoff_tasks.store.reads.query import TaskQuery


_HOMES: Final = {
    "sendoff_tasks.model.filters": ("TaskFilter",),
    "sendoff_tasks.attempts.context": ("CURRENT", "TaskContext"),
    "sendoff_tasks.errors": (
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
    "sendoff_tasks.facade.add_task": ("TaskRef",),
    "sendoff_tasks.facade.engine": ("Engine",),
    "sendoff_tasks.fastapi": ("DurableTasks", "install", "status_router", "submitting"),
    "sendoff_tasks.functions.arguments": ("register_type",),
    "sendoff_tasks.functions.backoff": ("Retry", "exponential"),
    "sendoff_tasks.functions.registry": ("task",),
    "sendoff_tasks.http.page": ("Right", "monitor"),
    "sendoff_tasks.store.reads.query": ("TaskQuery",),
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
    "GiveUp",
    "NeedsPerson",
    "NotWritable",
    "ResultNotKept",
    "Retry",
    "RetryLater",
    "Right",
    "TaskCancelled",
    "TaskContext",
    "TaskFailed",
    "TaskFilter",
    "TaskQuery",
    "TaskRef",
    "Uncertain",
    "UnknownId",
    "Unreachable",
    "exponential",
    "install",
    "monitor",
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
