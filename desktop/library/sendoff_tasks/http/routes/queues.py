"""``/queues``, ``/overview``, ``/schedules``: limits, counts, statistics, what runs by itself."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any

from anyio import to_thread
from fastapi import APIRouter, Path, Request, Response

from sendoff_tasks import schedules
from sendoff_tasks.errors import UnknownId
from sendoff_tasks.http.services import task_services
from sendoff_tasks.http.wire.openapi import documented
from sendoff_tasks.http.wire.parameters import OverviewQuery, Route
from sendoff_tasks.http.wire.requests import idempotency_of, json_response
from sendoff_tasks.model.queues import Overview, Queue, Queues
from sendoff_tasks.model.tasks import Schedule, Schedules, TaskRow

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Future

    from sendoff_tasks.facade.engine import Engine
    from sendoff_tasks.schedules import MadeTask
    from sendoff_tasks.transaction.group import Group

router = APIRouter(tags=["queues"], route_class=Route)

Name = Annotated[str, Path(description="As in `GET /queues`.")]

_ALL = documented(Queues, act=True)
_ONE = documented(Queue, act=True)


@router.get("/queues", **documented(Queues))
def list_queues(request: Request) -> Response:
    """List the queues and processes; the time does not depend on the number of tasks."""
    return json_response(_queues(task_services(request).engine))


@router.post("/queues/pause", **_ALL)
async def pause_queues(request: Request) -> Response:
    """Start no new task of any queue until it is resumed; running tasks continue.

    The pause survives a restart. A queue that is already paused keeps its own *since*.
    """
    return await _of_all(request, lambda engine: engine.pause(None))


@router.post("/queues/resume", **_ALL)
async def resume_queues(request: Request) -> Response:
    """Resume all queues, including those that were paused one by one.

    A held queue stays held: `held` says why, and what ends it.
    """
    return await _of_all(request, lambda engine: engine.resume(None))


@router.post("/queues/{name:path}/pause", **_ONE)
async def pause_queue(name: Name, request: Request) -> Response:
    """Start no new task of the queue until it is resumed; running tasks continue.

    The pause survives a restart.
    """
    return await _of_one(name, request, lambda engine: engine.pause(name))


@router.post("/queues/{name:path}/resume", **_ONE)
async def resume_queue(name: Name, request: Request) -> Response:
    """Resume the queue; if all queues were paused, the others stay paused.

    A held queue stays held: `held` says why, and what ends it.
    """
    return await _of_one(name, request, lambda engine: engine.resume(name))


@router.post("/queues/{name:path}/retry", **_ONE)
async def retry_queue(name: Name, request: Request) -> Response:
    """Let a held queue try at once, with one task; the others follow after the server's answer.

    A queue that is not held stays as it is.
    """
    return await _of_one(name, request, lambda engine: engine.release(name))


async def _of_all(request: Request, change: Callable[[Engine], Future[None]]) -> Response:
    engine = task_services(request).engine
    await asyncio.wrap_future(change(engine))
    return json_response(await to_thread.run_sync(_queues, engine))


def _queues(engine: Engine) -> Queues:
    return Queues(queues=engine.queues(), processes=engine.processes())


async def _of_one(name: str, request: Request, change: Callable[[Engine], Future[Any]]) -> Response:
    engine = task_services(request).engine
    await to_thread.run_sync(_queue, engine, name)
    await asyncio.wrap_future(change(engine))
    return json_response(await to_thread.run_sync(_queue, engine, name))


def _queue(engine: Engine, name: str) -> Queue:
    found = next((queue for queue in engine.queues() if queue["name"] == name), None)
    if found is None:
        raise UnknownId("queue", name)
    return found


@router.get("/overview", **documented(Overview))
def get_overview(query: OverviewQuery, request: Request) -> Response:
    """Return the last hour by minutes, or the last day by hours, and the current queues.

    Each end of a task is counted in its own transaction, so no table is scanned and a restart loses
    nothing. Minutes are kept for three hours, hours for eight days.
    """
    return json_response(task_services(request).engine.overview(query.span))


ScheduleName = Annotated[str, Path(description="As in `GET /schedules`.")]

_SCHEDULE = documented(Schedule, act=True)


@router.get("/schedules", **documented(Schedules))
def list_schedules(request: Request) -> Response:
    """List each task with `cron` or `every`, its next due time, and the result of its last run."""
    services = task_services(request)
    found = services.engine.read(schedules.read_schedules, services.registry, services.engine.now())
    return json_response({"schedules": found})


@router.post("/schedules/{name:path}/pause", **_SCHEDULE)
async def pause_schedule(name: ScheduleName, request: Request) -> Response:
    """Add no task at the schedule's due times until it is resumed. Survives a restart."""
    return await _steered(name, request, schedules.pause)


@router.post("/schedules/{name:path}/resume", **_SCHEDULE)
async def resume_schedule(name: ScheduleName, request: Request) -> Response:
    """Continue with the next due time; due times that passed meanwhile are skipped."""
    return await _steered(name, request, schedules.resume)


@router.post(
    "/schedules/{name:path}/run",
    **documented(TaskRow, status=201, headers={"Location": "The new task."}, keyed=True, act=True),
)
async def run_schedule(name: ScheduleName, request: Request) -> Response:
    """Add the schedule's task now, also while it is paused; its due times do not change.

    If the task has a `key` and a task with this key is open, the answer is that task.
    """
    key = idempotency_of(request, None)
    run_now = partial(schedules.run_now, name=name, key=key)
    started: MadeTask = await task_services(request).engine.ask(run_now)
    headers = {"Location": f"/tasks/{started.row['id']}"}
    return json_response(started.row, 201, headers, replayed=started.replayed)


async def _steered(name: str, request: Request, verb: Callable[[Group, str], None]) -> Response:
    services = task_services(request)
    engine = services.engine
    await engine.ask(lambda group: verb(group, name))
    read = partial(engine.read, schedules.read_schedule, services.registry, engine.now(), name)
    return json_response(await to_thread.run_sync(read))
