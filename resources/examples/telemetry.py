"""A trace of OpenTelemetry goes on in the tasks of its request.

The app is ``FastAPI(dependencies=[Depends(carry)])``, with
``install(app, data_dir="data", contextvars=[carrier], around=traced)``.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from opentelemetry import propagate, trace

from sendoff_tasks import TaskContext

carrier: ContextVar[dict[str, str]] = ContextVar("carrier")


async def carry() -> None:
    """Keep the trace of a request for its tasks."""
    headers: dict[str, str] = {}
    propagate.inject(headers)
    carrier.set(headers)


@contextmanager
def traced(ctx: TaskContext) -> Iterator[None]:
    """Make a span of an attempt, below that of the request."""
    parent = propagate.extract(carrier.get({}))
    with trace.get_tracer("tasks").start_as_current_span(ctx.name, context=parent):
        yield
