"""``/templates``: read, change and preview templates and their files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from anyio import to_thread
from fastapi import APIRouter, Path, Request, Response

from desktop.backend.shared.batches.batches import letter_of
from desktop.backend.shared.idempotency import idempotency_of, once
from desktop.backend.shared.services import services_of
from desktop.backend.shared.template_messages import (
    messages_of,
    needing,
    still_to_leave,
    template_changed,
)
from desktop.backend.wire import mail
from desktop.backend.wire.json_io import json_response, read
from desktop.backend.wire.mail import SHOWN, TEMPLATE_CHANGE, Shown, TemplateChange
from desktop.backend.wire.openapi import REPLAYED_HEADER, WRITES, documented
from desktop.backend.wire.parameters import Route
from desktop.backend.wire.problems import bad_field
from desktop.backend.wire.values import AttachedFile, EditId
from desktop.engine.store.reads.messages import NeedOf

if TYPE_CHECKING:
    from desktop.backend.shared.services import Services
    from desktop.backend.shared.template_shelf import TemplateShelf

router = APIRouter(tags=["mail"], route_class=Route)

TemplateName = Annotated[str, Path(max_length=100)]
FileName = Annotated[str, Path(max_length=255)]


@router.get(
    "/templates",
    operation_id="list_templates",
    summary="List the templates",
    **documented(200, mail.TemplateNames),
)
def read_names(request: Request) -> Response:
    """List the built-in templates and the person's own, with the fields that each needs."""
    return json_response(_shelf(request).listed())


@router.get(
    "/templates/{name}",
    operation_id="get_template",
    summary="Read a template",
    **documented(200, mail.TemplateView, 404, 422),
)
def read_one(name: TemplateName, request: Request) -> Response:
    """Return source and parts; a person's own template replaces a built-in one of its name."""
    return json_response(_with_held(_shelf(request).one(name), request))


@router.put(
    "/templates/{name}",
    operation_id="replace_template",
    summary="Write a template",
    **documented(
        200,
        mail.TemplateView,
        *WRITES,
        409,
        body=TemplateChange,
    ),
)
async def write(name: TemplateName, request: Request) -> Response:
    """Save the template as the person's own, if it compiles; the next message uses it.

    Its former text is kept as a version; the last 20 versions are kept.
    """
    body = await read(request, TEMPLATE_CHANGE)
    if body.get("name", name) != name:
        raise bad_field("name", "This is not the name in the path.")
    return json_response(await to_thread.run_sync(_write, name, body, request))


@router.delete(
    "/templates/{name}",
    operation_id="delete_template",
    summary="Delete a template",
    **documented(204, None, 404, 409, 422, 503),
)
def delete(name: TemplateName, request: Request) -> Response:
    """Delete a template of the person's own; a built-in one of the same name comes back.

    409 while open tasks need it.
    """
    _shelf(request).delete(name, still_to_leave(services_of(request), name))
    template_changed(services_of(request), name)
    return Response(status_code=204)


@router.get(
    "/templates/{name}/messages",
    operation_id="get_template_messages",
    summary="Count the messages that need a template",
    **documented(200, mail.TemplateMessages, 404, 422),
)
def read_messages(name: TemplateName, request: Request) -> Response:
    """Count the messages that need the template, and name those that cannot be made with it."""
    template = _shelf(request).one(name)
    return json_response(messages_of(services_of(request), str(template["name"])))


@router.get(
    "/templates/{name}/versions/{version}",
    operation_id="get_template_version",
    summary="Read a template as it was",
    **documented(200, mail.TemplateOfOld, 404, 422),
)
def read_version(
    name: TemplateName, version: Annotated[str, Path(max_length=40)], request: Request
) -> Response:
    """Return a version that a save or a deletion has replaced."""
    return json_response(_shelf(request).version(name, version))


@router.put(
    "/templates/{name}/attachments/{file}",
    operation_id="attach_file",
    summary="Add a file to a template",
    **documented(200, AttachedFile, 400, 404, 503, upload=True),
)
async def attach(
    name: TemplateName, file: FileName, request: Request, edit: EditId | None = None
) -> Response:
    """Store a file; it is attached to each message from now on.

    A file of the same name is replaced. All files of a template are 25 MiB at most. With ``edit``,
    a name that the caller chooses, the file is only staged, for 30 days: it is attached once the
    template is written with ``parts`` that name this ``edit`` and have the file among
    ``attachments``.
    """
    attached = await _shelf(request).attach(name, file, request.stream(), edit)
    if edit is None:
        await to_thread.run_sync(template_changed, services_of(request), name)
    return json_response(attached)


@router.delete(
    "/templates/{name}/attachments/{file}",
    operation_id="detach_file",
    summary="Take a file away from a template",
    **documented(204, None, 404, 422, 503),
)
def detach(name: TemplateName, file: FileName, request: Request) -> Response:
    """Delete the file; waiting messages are sent without it."""
    _shelf(request).detach(name, file)
    template_changed(services_of(request), name)
    return Response(status_code=204)


@router.post(
    "/templates/preview",
    operation_id="preview_template",
    summary="Render a message without sending it",
    **documented(
        200,
        mail.Previewed,
        *WRITES,
        404,
        headers=REPLAYED_HEADER,
        body=Shown,
        keyed=True,
    ),
)
async def preview(request: Request) -> Response:
    """Return the message as it would be now, with ``name?`` where the item lacks a field."""
    services = services_of(request)
    body = await read(request, SHOWN)
    key = idempotency_of(request, body)
    answer, replayed = await once(
        services, key, lambda: to_thread.run_sync(_preview, body, services)
    )
    return json_response(answer, replayed=replayed)


def _preview(body: Shown, services: Services) -> dict[str, Any]:
    return services.letters.preview(letter_of(body, services))


def _write(name: str, body: TemplateChange, request: Request) -> dict[str, Any]:
    services, written = services_of(request), _shelf(request).write(name, body)
    template_changed(services, name)
    return _with_held(written, request)


def _with_held(template: dict[str, Any], request: Request) -> dict[str, Any]:
    """Add the tasks that wait for the template to be corrected."""
    held = needing(services_of(request), template["name"], NeedOf.HELD)
    return {**template, "held": [task_id for task_id, _ in held]}


def _shelf(request: Request) -> TemplateShelf:
    from desktop.backend.shared.template_shelf import TemplateShelf

    return TemplateShelf(services_of(request).letters.templates)
