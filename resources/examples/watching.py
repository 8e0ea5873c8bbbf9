"""Each attempt has a scope of its own in Sentry: ``install(app, …, around=watched)``."""

from collections.abc import Iterator
from contextlib import contextmanager

import sentry_sdk
from sentry_sdk.integrations.logging import ignore_logger

from sendoff_tasks import TaskContext

ignore_logger("sendoff.task")  # its records have no scope


@contextmanager
def watched(ctx: TaskContext) -> Iterator[None]:
    """Report what an attempt raises, with the task in its scope."""
    with sentry_sdk.isolation_scope() as scope:
        scope.set_tag("task", ctx.name)
        scope.set_context("task", {"id": ctx.task_id, "attempt": ctx.attempt})
        try:
            yield
        except Exception as error:
            sentry_sdk.capture_exception(error)
            raise
