"""``/queues`` and ``/overview``: limits, counts and statistics; pause, resume and try now."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Annotated, Any

from anyio import to_thread
from fastapi import APIRouter, Path, Request, Response

from desktop.backend.services import services_of
from desktop.backend.wire.json_io import json_response
from desktop.backend.wire.openapi import READS, documented
from desktop.backend.wire.parameters import OverviewQuery, Route
from desktop.backend.wire.problems import ProblemError
from desktop.contract.queues import Overview, Queue, Queues

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Future

    from desktop.engine.facade.engine import Engine

router = APIRouter(tags=["queues"], route_class=Route)

Name = Annotated[str, Path(description="As in `GET /queues`.")]

_ALL = documented(200, Queues, *READS, 429)
_ONE = documented(200, Queue, *READS, 404, 429)


@router.get(
    "/queues",
    operation_id="list_queues",
    summary="Queues, their limits and their counts",
    **documented(200, Queues, *READS),
)
def queues(request: Request) -> Response:
    """List the queues; the time this takes does not depend on the number of tasks."""
    return json_response({"queues": services_of(request).engine.queues()})


@router.post("/queues/pause", operation_id="pause_queues", summary="Pause all queues", **_ALL)
async def pause_all(request: Request) -> Response:
    """Start no new task of any queue until it is resumed; running tasks continue.

    The pause survives a restart. A queue that is already paused keeps its own *since*.
    """
    return await _of_all(request, lambda engine: engine.pause(None))


@router.post("/queues/resume", operation_id="resume_queues", summary="Resume all queues", **_ALL)
async def resume_all(request: Request) -> Response:
    """Resume all queues, including those that were paused one by one.

    A held queue stays held: `held` says why, and what ends it.
    """
    return await _of_all(request, lambda engine: engine.resume(None))


@router.post(
    "/queues/{name:path}/pause", operation_id="pause_queue", summary="Pause a queue", **_ONE
)
async def pause(name: Name, request: Request) -> Response:
    """Start no new task of the queue until it is resumed; running tasks continue.

    The pause survives a restart.
    """
    return await _of_one(name, request, lambda engine: engine.pause(name))


@router.post(
    "/queues/{name:path}/resume", operation_id="resume_queue", summary="Resume a queue", **_ONE
)
async def resume(name: Name, request: Request) -> Response:
    """Resume the queue; if all queues were paused, the others stay paused.

    A held queue stays held: `held` says why, and what ends it.
    """
    return await _of_one(name, request, lambda engine: engine.resume(name))


@router.post("/queues/{name:path}/retry", operation_id="retry_queue", summary="Try now", **_ONE)
async def retry(name: Name, request: Request) -> Response:
    """Let a held queue try at once, with one task; the others follow after the server's answer.

    A queue that is not held stays as it is.
    """
    return await _of_one(name, request, lambda engine: engine.release(name))


async def _of_all(request: Request, change: Callable[[Engine], Future[None]]) -> Response:
    engine = services_of(request).engine
    await asyncio.wrap_future(change(engine))
    return json_response({"queues": await to_thread.run_sync(engine.queues)})


async def _of_one(name: str, request: Request, change: Callable[[Engine], Future[Any]]) -> Response:
    engine = services_of(request).engine
    await to_thread.run_sync(_queue, engine, name)
    await asyncio.wrap_future(change(engine))
    return json_response(await to_thread.run_sync(_queue, engine, name))


def _queue(engine: Engine, name: str) -> Queue:
    found = next((queue for queue in engine.queues() if queue["name"] == name), None)
    if found is None:
        raise ProblemError(404, f"There is no queue named “{name}”.")
    return found


@router.get(
    "/overview",
    operation_id="get_overview",
    summary="What ended in the last hour or day, and how long it took",
    **documented(200, Overview, *READS),
)
def overview(query: OverviewQuery, request: Request) -> Response:
    """Return the last hour by minutes, or the last day by hours, and the current queues.

    Each end of a task is counted in its own transaction, so no table is scanned and a restart loses
    nothing. Minutes are kept for three hours, hours for eight days.
    """
    return json_response(services_of(request).engine.overview(query.span))
