"""``/outbox``: the mails of practice mode, as they would have left."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response

from desktop.backend.description import examples
from desktop.backend.description.openapi import documented
from desktop.backend.parts.letters import message_of
from desktop.backend.parts.parts import parts_of
from desktop.backend.parts.responses import json_response
from desktop.backend.wire import answers
from desktop.backend.wire.problems import ProblemError, bad_field

router = APIRouter(tags=["mail"])


@router.get(
    "/outbox",
    operation_id="list_outbox",
    summary="List the mails of practice mode",
    **documented(200, answers.OutboxPage, examples.OUTBOX_PAGE, 422),
)
def read_page(
    request: Request,
    after: Annotated[str | None, Query(max_length=400)] = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> Response:
    """List them, the newest first; ``next`` is the ``after`` of the following page."""
    outbox = parts_of(request).letters.outbox
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
    **documented(200, answers.Message, examples.MESSAGE, 404, 422),
)
def read_one(message_id: Annotated[str, Path(max_length=400)], request: Request) -> Response:
    """Give both its sides and its source; ``message_id`` is without angle brackets."""
    mail = parts_of(request).letters.outbox.mail(message_id)
    if mail is None:
        raise ProblemError(404, f"There is no mail {message_id} in the outbox.")
    return json_response(message_of(mail))
