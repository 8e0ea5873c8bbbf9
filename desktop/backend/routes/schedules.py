"""``/schedules``: tasks that run by themselves at set times; pause, resume and run now."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Annotated

from anyio import to_thread
from fastapi import APIRouter, Path, Request, Response

from desktop.backend.requests import idempotency_of
from desktop.backend.services import services_of
from desktop.backend.wire.json_io import json_response
from desktop.backend.wire.openapi import READS, documented
from desktop.backend.wire.parameters import Route
from desktop.contract.tasks import Schedule, Schedules, TaskRow
from desktop.engine import schedules

if TYPE_CHECKING:
    from collections.abc import Callable

    from desktop.engine.schedules import MadeTask
    from desktop.engine.transaction.group import Group

router = APIRouter(tags=["schedules"], route_class=Route)

Name = Annotated[str, Path(description="As in `GET /schedules`.")]

_ONE = documented(200, Schedule, *READS, 404, 429)


@router.get(
    "/schedules",
    operation_id="list_schedules",
    summary="Tasks that run by themselves, and when",
    **documented(200, Schedules, *READS),
)
def read_all(request: Request) -> Response:
    """List each task with `cron` or `every`, its next due time, and the result of its last run."""
    services = services_of(request)
    found = services.engine.read(schedules.read_schedules, services.registry, services.engine.now())
    return json_response({"schedules": found})


@router.post(
    "/schedules/{name:path}/pause",
    operation_id="pause_schedule",
    summary="Pause a schedule",
    **_ONE,
)
async def pause(name: Name, request: Request) -> Response:
    """Add no task at the schedule's due times until it is resumed. Survives a restart."""
    return await _steered(name, request, schedules.pause)


@router.post(
    "/schedules/{name:path}/resume",
    operation_id="resume_schedule",
    summary="Resume a schedule",
    **_ONE,
)
async def resume(name: Name, request: Request) -> Response:
    """Continue with the next due time; due times that passed meanwhile are skipped."""
    return await _steered(name, request, schedules.resume)


@router.post(
    "/schedules/{name:path}/run",
    operation_id="run_schedule",
    summary="Run a schedule's task now",
    **documented(
        201,
        TaskRow,
        *READS,
        404,
        409,
        429,
        headers={"Location": "The new task."},
        keyed=True,
    ),
)
async def run(name: Name, request: Request) -> Response:
    """Add the schedule's task now, also while it is paused; its due times do not change.

    If the task has a `key` and a task with this key is open, the answer is that task.
    """
    key = idempotency_of(request, None)
    run_now = partial(schedules.run_now, name=name, key=key)
    started: MadeTask = await services_of(request).engine.ask(run_now)
    headers = {"Location": f"/tasks/{started.row['id']}"}
    return json_response(started.row, 201, headers, replayed=started.replayed)


async def _steered(name: str, request: Request, verb: Callable[[Group, str], None]) -> Response:
    services = services_of(request)
    engine = services.engine
    await engine.ask(lambda group: verb(group, name))
    read = partial(engine.read, schedules.read_schedule, services.registry, engine.now(), name)
    return json_response(await to_thread.run_sync(read))
