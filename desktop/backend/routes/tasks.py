"""``/tasks``, where a task may be a message: its repeat goes elsewhere, its details are told.

``/stats`` also counts the rows of batches.
"""

from __future__ import annotations

from inspect import cleandoc
from typing import Any, cast

from fastapi import APIRouter, Request, Response

from desktop.backend.letters import bare
from desktop.backend.services import services_of
from desktop.backend.submitting import addressee_of
from desktop.backend.template_messages import tell_template
from desktop.backend.wire.items import MAIL_BULK, MailBulk
from desktop.contract.office import OfficeStats, OfficeTask, office_task
from sendoff_tasks.http.routes import backend, tasks
from sendoff_tasks.http.wire.openapi import READS, REPLAYED_HEADER, WRITES, documented
from sendoff_tasks.http.wire.parameters import PathNumber, Route
from sendoff_tasks.http.wire.requests import json_response, read
from sendoff_tasks.model.tasks import BulkAnswer

router = APIRouter(tags=["tasks"], route_class=Route)

_ELSEWHERE = """
One confirmation can be sent again to another address (``to``, ``to_me``): the item does not change,
and a message to another address than the item's is a copy, which does not change whether the item's
person is informed. A repeated message has a Message-ID of its own. Items of removed tasks stay.
"""


@router.post(
    "/tasks/bulk",
    operation_id="act_on_tasks",
    summary="Act on many tasks",
    description=cleandoc(tasks.act_on_many.__doc__ or "") + _ELSEWHERE,
    **documented(200, BulkAnswer, *WRITES, headers=REPLAYED_HEADER, body=MailBulk, keyed=True),
)
async def act_on_many(request: Request) -> Response:
    """Act on many tasks; a message may go to another address."""
    body = await read(request, MAIL_BULK)
    ids = body.get("ids", [])
    addressee = await addressee_of(body, ids[0], services_of(request)) if ids else None
    return await tasks.act(request, body, addressee)


@router.get(
    "/tasks/{task_id}",
    operation_id="get_task",
    summary="Read a task and everything behind it",
    **documented(200, OfficeTask, *READS, 404),
)
def read_one(task_id: PathNumber, request: Request) -> Response:
    """Return the row, its attempts, log, arguments and result; of a message, its template too."""
    services = services_of(request)
    detail = office_task(services.engine.task(task_id))
    tell_template(services, detail)
    if detail["reference"] is not None:  # as the outbox names it
        detail["reference"] = detail["message_id"] = bare(detail["reference"])
    if detail["handed_over"] is not None:
        cast("dict[str, Any]", detail["handed_over"])["message_id"] = detail["message_id"]
    return json_response(detail)


@router.get(
    "/stats",
    operation_id="get_stats",
    summary="Counts, rates and lanes",
    **documented(200, OfficeStats, *READS),
)
def stats(request: Request) -> Response:
    """Return counts; the time this takes does not depend on the number of tasks."""
    return backend.stats(request)
