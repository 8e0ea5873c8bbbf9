"""Durable tasks: the names that a task function uses. Importing this package is cheap.

The subpackages from the top down; each ``__init__`` names its own order of reading:

- ``testing`` replaces an app's engine in tests. ``worker`` is a process that runs attempts for
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
  that is built on the engine adds its own as ``transaction.features``. A task may carry the number
  of an item and of a batch; no statement of the engine names the tables of these.
- ``lanes`` run ``attempts``; ``functions`` holds the functions that can be run.
- ``sqlite`` and ``postgres`` are the databases below the rules: a file, or a server.
- ``store`` has the tables of the engine and every line of its SQL.
- ``errors``, ``causes`` (and reasons as rows store them), ``submission``, ``clock``, ``text`` and
  ``log_rate_limit`` are the base.
"""

from __future__ import annotations

from desktop.engine.attempts.context import CURRENT, TaskContext
from desktop.engine.errors import (
    GiveUp,
    NeedsPerson,
    RetryLater,
    TaskCancelled,
    Uncertain,
    Unreachable,
)
from desktop.engine.functions.backoff import Retry, exponential
from desktop.engine.functions.registry import task

__all__ = [
    "CURRENT",
    "GiveUp",
    "NeedsPerson",
    "Retry",
    "RetryLater",
    "TaskCancelled",
    "TaskContext",
    "Uncertain",
    "Unreachable",
    "exponential",
    "task",
]
