"""Durable tasks for any FastAPI app: ``install`` it, then ask for ``DurableTasks`` in a route.

Read ``installing`` (an app gets an engine, which lives and ends with it), ``options`` (what it can
be told), ``app_registry`` (functions all over an app's modules), ``requests`` (the tasks of one
request) and ``status`` (what became of a task, for the one who has its token).
"""

from desktop.engine.fastapi.app_registry import AppRegistry
from desktop.engine.fastapi.installing import install, submitting
from desktop.engine.fastapi.requests import (
    DurableTasks,
    NotCommittedError,
    RequestTasks,
    durable_tasks,
)
from desktop.engine.fastapi.status import status_router

__all__ = [
    "AppRegistry",
    "DurableTasks",
    "NotCommittedError",
    "RequestTasks",
    "durable_tasks",
    "install",
    "status_router",
    "submitting",
]
