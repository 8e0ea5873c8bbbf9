"""``/mail/test`` and ``/templates``: a test message, and the templates of messages."""

from __future__ import annotations

from dataclasses import replace
from html import escape
from typing import TYPE_CHECKING, Annotated, Any, Final, cast

from anyio import to_thread
from fastapi import APIRouter, Path, Query, Request, Response

from desktop.backend.batches import letter_of
from desktop.backend.routes.settings import merged
from desktop.backend.services import services_of
from desktop.backend.template_messages import (
    messages_of,
    needing,
    still_to_leave,
    take_newest,
    template_changed,
)
from desktop.backend.wire import mail
from desktop.backend.wire.mail import (
    LETTERHEAD_CHANGE,
    MAIL_TEST,
    SHOWN,
    TAKE_NEWEST,
    TEMPLATE_CHANGE,
    LetterheadChange,
    MailTest,
    Shown,
    TakeNewest,
    TemplateChange,
)
from desktop.contract.office import office_task
from desktop.contract.rules.addresses import address_problem
from desktop.items.reads.messages import NeedOf
from sendoff_tasks.http.wire.openapi import documented
from sendoff_tasks.http.wire.parameters import PathNumber, Route
from sendoff_tasks.http.wire.problems import ProblemError, bad_field
from sendoff_tasks.http.wire.requests import json_response, read
from sendoff_tasks.words.table import ENGLISH

if TYPE_CHECKING:
    from desktop.backend.services import Services
    from desktop.backend.template_operations import TemplateOperations
    from desktop.contract.items import NewItem

NO_ADDRESS: Final = "no-address@example.org"
"""Stands for an address that cannot be written to, while its message is made to be shown."""

router = APIRouter(tags=["mail"], route_class=Route)


@router.post("/mail/test", **documented(mail.MailTested, 409, body=MailTest))
async def test_mail(request: Request) -> Response:
    """Send one message with the saved settings, or with settings to try.

    With a template, that message is sent; without ``to`` it goes to the sender.

    If it cannot be sent, the answer is 422 with the server's own words. If it was sent by the saved
    settings with the saved password, a held mail queue resumes.
    """
    body = await read(request, MAIL_TEST)
    return json_response(await to_thread.run_sync(_test, body, services_of(request)))


def _test(body: MailTest, services: Services) -> dict[str, Any]:
    change = body.get("mail", {})
    saved = services.settings.shown()
    settings, password = merged(saved, {"mail": change}), change.get("password")
    letter = None
    if {"template", "source", "parts"} & body.keys():
        letter = letter_of(body, services)
    answer = services.letters.test(settings, password, body.get("to"), letter)
    if settings == saved and password is None:
        services.effects.try_mail()
    return answer


@router.get("/tasks/{task_id}/message", **documented(mail.SentMessage, 409))
def get_task_message(
    task_id: PathNumber,
    request: Request,
    again: Annotated[bool, Query(description="As sending it again would")] = False,
) -> Response:
    """Return the e-mail as it was sent; if none is kept, as it would be now (``remade``)."""
    services = services_of(request)
    task = office_task(services.engine.task(task_id))
    if task["message_id"] is None:
        raise ProblemError(404, ENGLISH.say("no_copy", "no_e-mail", task_id=task_id))
    item = None if task["item_id"] is None else services.register.item(task["item_id"])
    return json_response(services.letters.message(task, item, again=again))


TemplateName = Annotated[str, Path(max_length=100)]
FileName = Annotated[str, Path(max_length=255)]


@router.get("/templates", **documented(mail.TemplateNames))
def list_templates(request: Request) -> Response:
    """List the built-in templates and the person's own, with the fields that each needs."""
    return json_response(_operations(request).listed())


@router.get("/templates/{name}", **documented(mail.TemplateView))
def get_template(name: TemplateName, request: Request) -> Response:
    """Return source and parts; a person's own template replaces a built-in one of its name."""
    return json_response(_with_held(_operations(request).one(name), request))


@router.put("/templates/{name}", **documented(mail.TemplateView, 409, body=TemplateChange))
async def replace_template(name: TemplateName, request: Request) -> Response:
    """Save the template as the person's own, if it compiles; messages from now on use it.

    A message that is planned already keeps the text and attachments with which it was planned.

    Its former text is kept as a version; the last 20 versions are kept.
    """
    body = await read(request, TEMPLATE_CHANGE)
    if body.get("name", name) != name:
        raise bad_field("name", ENGLISH.say("request", "other_name"))
    return json_response(await to_thread.run_sync(_write, name, body, request))


@router.delete("/templates/{name}", **documented(None, 409, status=204))
def delete_template(name: TemplateName, request: Request) -> Response:
    """Delete a template of the person's own; a built-in one of the same name comes back.

    409 while open tasks need it.
    """
    _operations(request).delete(name, *still_to_leave(services_of(request), name))
    template_changed(services_of(request), name)
    return Response(status_code=204)


@router.get("/templates/{name}/messages", **documented(mail.TemplateMessages))
def get_template_messages(name: TemplateName, request: Request) -> Response:
    """Count the messages that need the template, and name those that cannot be made with it."""
    _operations(request).check(name)
    return json_response(messages_of(services_of(request), name))


@router.post("/templates/{name}/newest", **documented(mail.NewestTaken, body=TakeNewest))
async def take_newest_template(name: TemplateName, request: Request) -> Response:
    """Replace the text and attachments with which messages were planned by those of today."""
    body = await read(request, TAKE_NEWEST)
    return json_response(await to_thread.run_sync(_taken, name, body, request))


@router.get("/templates/{name}/versions/{version}", **documented(mail.TemplateOfOld))
def get_template_version(
    name: TemplateName, version: Annotated[str, Path(max_length=40)], request: Request
) -> Response:
    """Return a version that a save or a deletion has replaced."""
    return json_response(_operations(request).version(name, version))


@router.put(
    "/templates/{name}/attachments/{file}",
    **documented(mail.AttachedFile, upload=True),
)
async def attach_file(name: TemplateName, file: FileName, request: Request) -> Response:
    """Store a file, which goes along once the template is written with ``parts`` that name it.

    A file of the same name is replaced. A file that ``attachments`` of the next write do not name
    is deleted. All files of a template are 25 MiB at most.
    """
    return json_response(await _operations(request).store(name, file, request.stream()))


@router.post("/templates/preview", **documented(mail.Previewed, 404, 409, body=Shown))
async def preview_template(request: Request) -> Response:
    """Return the message as it would be now.

    It has ``name?`` where the item lacks a field, or where the field is empty. A line that has only
    an empty note or only ``all fields`` is left out, as in what is sent. An address of a row that
    cannot be written to stands there as it is.
    """
    body = await read(request, SHOWN)
    return json_response(await to_thread.run_sync(_preview, body, services_of(request)))


@router.get("/letterhead", **documented(mail.LetterheadView))
def get_letterhead(request: Request) -> Response:
    """Return what all letters share: templates whose text is Markdown."""
    return json_response(_operations(request).letterhead())


@router.put("/letterhead", **documented(mail.LetterheadView, body=LetterheadChange))
async def replace_letterhead(request: Request) -> Response:
    """Write what all letters share. A letter that is planned already keeps its letterhead."""
    body = await read(request, LETTERHEAD_CHANGE)
    return json_response(await to_thread.run_sync(_write_letterhead, body, request))


def _write_letterhead(body: LetterheadChange, request: Request) -> dict[str, Any]:
    operations, services = _operations(request), services_of(request)
    written = operations.write_letterhead(body)
    for name in services.letters.templates.letters():
        template_changed(services, name)
    return written


def _preview(body: Shown, services: Services) -> dict[str, Any]:
    letter = letter_of(body, services)
    given = letter.item.get("recipient")
    if "row" not in body or not given or address_problem(given.get("email", "")) is None:
        return services.letters.preview(letter)
    named = cast("NewItem", {**letter.item, "recipient": {**given, "email": NO_ADDRESS}})
    shown = services.letters.preview(replace(letter, item=named))
    wrong = given.get("email", "")
    texts = ("to", "subject", "text")
    as_read = {name: str(shown[name]).replace(NO_ADDRESS, wrong) for name in texts}
    as_html = {
        name: shown[name].replace(NO_ADDRESS, escape(wrong)) for name in ("html", "subject_html")
    }
    values = {name: text.replace(NO_ADDRESS, wrong) for name, text in shown["values"].items()}
    return {**shown, **as_read, **as_html, "values": values}


def _taken(name: str, body: TakeNewest, request: Request) -> dict[str, Any]:
    _operations(request).check(name)
    services, needs = services_of(request), {"open": NeedOf.NOT_RUNNING, "kept": NeedOf.KEPT}
    taken = sum(take_newest(services, name, needs[kind]) for kind in {*body["kinds"]})
    template_changed(services, name)
    held = needing(services, name, NeedOf.FIXED)
    return {"taken": taken, "held": [each.task for each in held]}


def _write(name: str, body: TemplateChange, request: Request) -> dict[str, Any]:
    services, written = services_of(request), _operations(request).write(name, body)
    if body.get("held"):
        take_newest(services, name, NeedOf.HELD)
    template_changed(services, name)
    return _with_held(written, request)


def _with_held(template: dict[str, Any], request: Request) -> dict[str, Any]:
    """Add the tasks that were held until the template was corrected."""
    held = needing(services_of(request), template["name"], NeedOf.FIXED)
    return {**template, "held": [each.task for each in held]}


def _operations(request: Request) -> TemplateOperations:
    from desktop.backend.template_operations import TemplateOperations

    return TemplateOperations(services_of(request).letters.templates)
