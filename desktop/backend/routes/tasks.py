"""``/tasks``, where a task may be a message: its repeat goes elsewhere, its details are told.

``/stats`` also counts the rows of batches.
"""

from __future__ import annotations

from inspect import Parameter, cleandoc
from typing import TYPE_CHECKING, Any, Final, TypeVar, cast

from fastapi import APIRouter, Request, Response

from desktop.backend.messages import bare
from desktop.backend.services import services_of
from desktop.backend.submitting import addressee_of
from desktop.backend.template_messages import tell_template
from desktop.backend.wire.items import (
    MAIL_BULK,
    NEW_ITEM_TASK,
    NEW_ITEM_TASKS,
    ItemTaskBody,
    MailBulk,
)
from desktop.backend.wire.parameters import OfficeFilterQuery, OfficeIds, OfficeTasks
from desktop.contract.office import OfficeStats, OfficeTask, office_task
from sendoff_tasks.http.application import TASKS, routes_of
from sendoff_tasks.http.routes import backend, tasks
from sendoff_tasks.http.submitting import loose_task
from sendoff_tasks.http.wire.bodies import Bulk
from sendoff_tasks.http.wire.openapi import documented
from sendoff_tasks.http.wire.parameters import PathNumber, Route
from sendoff_tasks.http.wire.requests import json_response, read
from sendoff_tasks.model.tasks import BulkAnswer

if TYPE_CHECKING:
    from collections.abc import Callable

    from sendoff_tasks.functions.spec import TaskSpec
    from sendoff_tasks.http.services import TaskServices
    from sendoff_tasks.model.problems import FieldError
    from sendoff_tasks.submission import NewTask

F = TypeVar("F", bound="Callable[..., Any]")
router = APIRouter(tags=["tasks"], route_class=Route)


def _in_place_of(endpoint: Callable[..., Any]) -> Callable[[F], F]:
    """Serve a route of tasks by another function; it is described as that of any app."""
    route = next(each for each in routes_of((TASKS,)) if each.endpoint is endpoint)
    return router.api_route(
        route.path,
        methods=[*(route.methods or ())],
        description=route.description,
        status_code=route.status_code,
        response_model=None,
        response_class=cast("type[Response]", route.response_class),
        responses=route.responses,
        openapi_extra=route.openapi_extra,
    )


_ELSEWHERE = """
One confirmation can be sent again to another address (``to``, ``to_me``): the item does not change,
and a message to another address than the item's is a copy, which does not change whether the item's
person is informed. A repeated message has a Message-ID of its own. Items of removed tasks stay.
"""


@router.post(
    "/tasks/bulk",
    description=cleandoc(tasks.act_on_tasks.__doc__ or "") + _ELSEWHERE,
    **documented(BulkAnswer, body=MailBulk, keyed=True, act=True),
)
async def act_on_tasks(request: Request) -> Response:
    """Act on many tasks; a message may go to another address."""
    body = await read(request, MAIL_BULK)
    ids = body.get("ids", [])
    addressee = await addressee_of(body, ids[0], services_of(request)) if ids else None
    return await tasks.act(request, cast("Bulk", body), addressee)


@_in_place_of(tasks.create_task)
async def create_task(request: Request) -> Response:
    """Add tasks, which may belong to items."""
    return await tasks.add(request, _OF_ITEMS)


def _item_task(
    body: ItemTaskBody, services: TaskServices, at: str
) -> tuple[NewTask, list[FieldError]]:
    task, errors = loose_task(body, services, at)
    task.subject = body.get("item_id")
    return task, errors


_OF_ITEMS: Final = tasks.AddedBodies(NEW_ITEM_TASK, NEW_ITEM_TASKS, _item_task, "item")


@_in_place_of(tasks.list_tasks)
def list_tasks(query: OfficeTasks, request: Request) -> Response:
    """Return matching rows in order."""
    return tasks.list_tasks(query, request)


@_in_place_of(tasks.list_ids)
async def list_ids(query: OfficeIds, request: Request) -> Response:
    """Return the numbers of all matching tasks in order."""
    return await tasks.list_ids(query, request)


@_in_place_of(tasks.count_tasks)
def count_tasks(query: OfficeFilterQuery, request: Request) -> Response:
    """Count the matching tasks of every state."""
    return tasks.count_tasks(query, request)


@_in_place_of(tasks.list_functions)
def list_functions(request: Request) -> Response:
    """List every task that can be added, and whether items can name it."""
    registry = services_of(request).registry
    told = tasks.described_functions(registry)
    taking = {spec.name for spec in registry.specs() if takes_item(spec)}
    return json_response({"functions": [{**f, "takes_item": f["name"] in taking} for f in told]})


def takes_item(spec: TaskSpec) -> bool:
    """Tell whether the first parameter is ``item_id`` and no other one is required."""
    first = next(iter(spec.signature.parameters.values()), None)
    if first is None or first.name != "item_id":
        return False
    return first.kind is not Parameter.KEYWORD_ONLY and spec.misfit([1], {}) is None


@router.get("/tasks/{task_id}", **documented(OfficeTask))
def get_task(task_id: PathNumber, request: Request) -> Response:
    """Return the row, its attempts, log, arguments and result; of a message, its template too."""
    services = services_of(request)
    detail = office_task(services.engine.task(task_id))
    tell_template(services, detail)
    if detail["reference"] is not None:  # as the outbox names it
        detail["reference"] = detail["message_id"] = bare(detail["reference"])
    if detail["handed_over"] is not None:
        cast("dict[str, Any]", detail["handed_over"])["message_id"] = detail["message_id"]
    return json_response(detail)


@router.get("/stats", **documented(OfficeStats))
def get_stats(request: Request) -> Response:
    """Return counts; the time this takes does not depend on the number of tasks."""
    return backend.get_stats(request)
