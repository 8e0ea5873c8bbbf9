"""``/templates``: read and change them, and see what they make of an item."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from anyio import to_thread
from fastapi import APIRouter, Path, Request, Response

from desktop.backend.parts.idempotency import REPLAYED, idempotency_of, once
from desktop.backend.parts.parts import parts_of
from desktop.backend.wire import answers, examples
from desktop.backend.wire.bodies import PREVIEW, TEMPLATE_TEXT, Preview, TemplateText
from desktop.backend.wire.body import json_response, read
from desktop.backend.wire.openapi import WRITES, documented
from desktop.backend.wire.parameters import Route
from desktop.backend.wire.problems import ProblemError, bad_field

if TYPE_CHECKING:
    from desktop.backend.parts.parts import Parts

router = APIRouter(tags=["mail"], route_class=Route)

TemplateName = Annotated[str, Path(max_length=100)]


@router.get(
    "/templates",
    operation_id="list_templates",
    summary="List the templates",
    **documented(200, answers.TemplateNames, examples.TEMPLATE_NAMES),
)
def read_names(request: Request) -> Response:
    """Give the names of the built-in ones and of the person's own."""
    return json_response({"templates": parts_of(request).letters.templates.names()})


@router.get(
    "/templates/{name}",
    operation_id="get_template",
    summary="Read a template",
    **documented(200, answers.Template, examples.TEMPLATE, 404, 422),
)
def read_one(name: TemplateName, request: Request) -> Response:
    """Give its source; a person's own goes before the built-in one of the same name."""
    return json_response({"name": name, "source": _source(name, parts_of(request))})


@router.put(
    "/templates/{name}",
    operation_id="replace_template",
    summary="Write a template",
    **documented(
        200,
        answers.Template,
        examples.TEMPLATE,
        *WRITES,
        body=(TemplateText, examples.TEMPLATE),
    ),
)
async def write(name: TemplateName, request: Request) -> Response:
    """Keep it as the person's own, if it is a template at all; the next mail uses it."""
    body = await read(request, TEMPLATE_TEXT)
    if body.get("name", name) != name:
        raise bad_field("name", "This is not the name in the path.")
    await to_thread.run_sync(_save, name, body["source"], parts_of(request))
    return json_response({"name": name, "source": body["source"]})


@router.post(
    "/templates/preview",
    operation_id="preview_template",
    summary="Render an item's mail without sending it",
    **documented(
        200,
        answers.Rendered,
        examples.PREVIEWED,
        *WRITES,
        headers=examples.REPLAYED,
        body=(Preview, examples.PREVIEW),
        keyed=True,
    ),
)
async def preview(request: Request) -> Response:
    """Give the mail the item would cause now, by a template there is or by the source of one."""
    parts = parts_of(request)
    body = await read(request, PREVIEW)
    key = idempotency_of(request, body)
    answer, replayed = await once(parts, key, lambda: to_thread.run_sync(_preview, body, parts))
    return json_response(answer, headers=REPLAYED if replayed else None)


def _preview(body: Preview, parts: Parts) -> dict[str, Any]:
    number = body.get("item_id") or parts.engine.next_item_id()
    return parts.letters.preview(body, number)


def _source(name: str, parts: Parts) -> str:
    from desktop.mail.template import UnknownTemplate

    try:
        return parts.letters.templates.source(name)
    except UnknownTemplate as error:
        raise ProblemError(404, str(error)) from error


def _save(name: str, source: str, parts: Parts) -> None:
    from desktop.mail.errors import BadTemplate

    try:
        parts.letters.templates.save(name, source)
    except BadTemplate as error:
        raise bad_field("source", str(error)) from error
