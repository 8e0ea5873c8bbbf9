"""Durable tasks: what a task function needs to describe itself; cheap to import.

From the top down; each folder tells its own order of reading:

- ``testing`` stands in for an app's engine in tests, ``worker`` is a process that runs attempts
  for another; ``fastapi`` is the drop-in for ``BackgroundTasks``, ``processes`` how several share
  one folder; ``facade`` is the engine as a program uses it.
- ``writer`` is the one writing thread: each round of its ``core`` is one transaction, then COMMIT,
  then the answers and the attempts. The core has no thread, clock or randomness of its own, so
  a simulator can own it.
- ``duties`` is work the engine does by itself, ``verbs`` what callers ask for; ``batches`` and
  ``schedules`` are both for spreadsheets, and for tasks that run at certain times.
- ``dispatch`` takes tasks from queued to running, and says what becomes of them at the end.
- ``events`` tells what changed, in commit order and without a gap.
- ``queues`` is what a queue allows: limits, holds, pauses, missing functions.
- ``transaction`` is one group of changes, and what the writer remembers of the store.
- ``lanes`` are where ``attempts`` run; ``functions`` is what can be run.
- ``sqlite`` and ``postgres`` are what lies below the rules: transactions in a file, on a server.
- ``store`` has the tables and every line of SQL.
- ``errors``, ``reasons``, ``submission``, ``clock``, ``text`` and ``log_rate_limit`` are the base.
"""

from __future__ import annotations

from desktop.engine.attempts.context import CURRENT, TaskContext
from desktop.engine.errors import (
    Final,
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
    "Final",
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
