"""``/mail/test``, ``/tasks/{task_id}/message`` and ``/outbox``: a test, and kept messages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from anyio import to_thread
from fastapi import APIRouter, Path, Query, Request, Response

from desktop.backend.routes.settings import merged
from desktop.backend.shared.batches.batches import letter_of
from desktop.backend.shared.idempotency import idempotency_of, once
from desktop.backend.shared.mail.letter import message_of
from desktop.backend.shared.services import services_of
from desktop.backend.wire import answers
from desktop.backend.wire.json_io import json_response, read
from desktop.backend.wire.mail import MAIL_TEST, MailTest
from desktop.backend.wire.openapi import READS, REPLAYED_HEADER, WRITES, documented
from desktop.backend.wire.parameters import Route, TaskId
from desktop.backend.wire.problems import ProblemError, bad_field

if TYPE_CHECKING:
    from desktop.backend.shared.services import Services

router = APIRouter(tags=["mail"], route_class=Route)


@router.post(
    "/mail/test",
    operation_id="test_mail",
    summary="Send a test mail",
    **documented(
        200,
        answers.MailTested,
        *WRITES,
        409,
        headers=REPLAYED_HEADER,
        body=MailTest,
        keyed=True,
    ),
)
async def send_test(request: Request) -> Response:
    """Send one message with the saved settings, or with settings to try.

    With a template, that message is sent; without ``to`` it goes to the sender.

    If it cannot be sent, the answer is 422 with the server's own words. If it was sent by the saved
    settings with the saved password, a held mail queue resumes.
    """
    services = services_of(request)
    body = await read(request, MAIL_TEST)

    async def test() -> Any:
        return await to_thread.run_sync(_test, body, services)

    answer, replayed = await once(services, idempotency_of(request, body), test)
    return json_response(answer, replayed=replayed)


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


@router.get(
    "/tasks/{task_id}/message",
    operation_id="get_task_message",
    summary="Read the mail of a task",
    **documented(200, answers.SentMessage, *READS, 404, 409),
)
def read_message(task_id: TaskId, request: Request) -> Response:
    """Return the e-mail as it was sent; if none is kept, as it would be now (``remade``)."""
    services = services_of(request)
    task = services.engine.task(task_id)
    if task["message_id"] is None:
        raise ProblemError(404, f"Task {task_id} sends no e-mail.")
    item = None if task["item_id"] is None else services.engine.item(task["item_id"])
    return json_response(services.letters.message(task, item))


@router.get(
    "/outbox",
    operation_id="list_outbox",
    summary="List the messages of practice mode",
    **documented(200, answers.OutboxPage, 422),
)
def read_outbox(
    request: Request,
    after: Annotated[str | None, Query(max_length=400)] = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> Response:
    """List the messages, the newest first; ``next`` is the ``after`` of the following page."""
    outbox = services_of(request).letters.outbox
    if after is not None and outbox.mail(after) is None:
        raise bad_field("after", "There is no such mail in the outbox.")
    mails = outbox.mails(limit, after)
    messages = [message_of(mail) for mail in mails]
    entries = [
        {key: message[key] for key in ("message_id", "at", "to", "subject")} for message in messages
    ]
    is_full = len(mails) == limit
    return json_response({"messages": entries, "next": mails[-1].message_id if is_full else None})


@router.get(
    "/outbox/{message_id}",
    operation_id="get_outbox_message",
    summary="Read a mail of practice mode",
    **documented(200, answers.SentMessage, 404, 422),
)
def read_kept(message_id: Annotated[str, Path(max_length=400)], request: Request) -> Response:
    """Return both parts and the source; ``message_id`` has no angle brackets."""
    mail = services_of(request).letters.outbox.mail(message_id)
    if mail is None:
        raise ProblemError(404, f"There is no mail {message_id} in the outbox.")
    return json_response(message_of(mail))
