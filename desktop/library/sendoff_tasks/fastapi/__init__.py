"""Durable tasks for any FastAPI app: ``install`` it, then ask for ``DurableTasks`` in a route.

Read ``installing`` (gives an app an engine that starts and stops with it), ``monitoring`` (whose a
store is, and the app's monitor), ``requests`` (the tasks of one request, or of a transaction of the
app's own), ``responses`` (when those of a request are kept and begin) and ``status`` (a task's
result, for a caller who has its token).
"""

from sendoff_tasks.fastapi.installing import install, submitting
from sendoff_tasks.fastapi.requests import (
    DurableTasks,
    NotCommittedError,
    RequestTasks,
    durable_tasks,
)
from sendoff_tasks.fastapi.status import status_router
from sendoff_tasks.functions.registry import AppRegistry

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
