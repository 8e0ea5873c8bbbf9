"""Durable tasks: what a task function needs to describe itself; cheap to import."""

from __future__ import annotations

from desktop.engine.backoff import exponential
from desktop.engine.context import TaskContext
from desktop.engine.errors import Final, NeedsPerson, RetryLater, TaskCancelled, Uncertain
from desktop.engine.registry import Retry, task

__all__ = [
    "Final",
    "NeedsPerson",
    "Retry",
    "RetryLater",
    "TaskCancelled",
    "TaskContext",
    "Uncertain",
    "exponential",
    "task",
]
