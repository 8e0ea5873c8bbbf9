"""``/do-not-send``: who gets no e-mail; ``/bounces``: the e-mails that came back."""

from __future__ import annotations

import asyncio
from typing import Annotated

from anyio import to_thread
from fastapi import APIRouter, Query, Request, Response

from desktop.backend.bounces import BOUNCES_BYTES, find_bounced
from desktop.backend.services import services_of
from desktop.backend.wire import do_not_send as wire
from desktop.contract.do_not_send import (
    AddedEntries,
    FoundBounces,
    ListedAddresses,
    ListOrigin,
    ListPage,
    MarkedBounces,
    RefusedAddresses,
)
from sendoff_tasks.http.wire.openapi import documented
from sendoff_tasks.http.wire.parameters import Route
from sendoff_tasks.http.wire.requests import json_of, json_response, read, uploaded
from sendoff_tasks.words.table import ENGLISH

router = APIRouter(tags=["do not send"], route_class=Route)


@router.get("/do-not-send", **documented(ListPage))
def list_do_not_send(query: Annotated[wire.ListParameters, Query()], request: Request) -> Response:
    """Return entries, the newest first; ``next`` is the ``after`` of the following page."""
    found = services_of(request).do_not_send.page(query.text, query.after, query.limit)
    return json_response(found)


@router.post("/do-not-send", **documented(AddedEntries, body=wire.ListEntriesBody))
async def add_do_not_send(request: Request) -> Response:
    """Stop e-mails to these addresses from now on, also planned ones and copies.

    Case and spaces do not matter; what is before the @ counts whole, with a `+tag`. An address that
    is on the list stays as it is. With `allowed` they may be written to: they are only not offered
    in `GET /do-not-send/refused` any more.
    """
    body = await read(request, wire.ENTRIES)
    origin, allowed = ListOrigin(body.get("origin", "person")), body.get("allowed", False)
    added = services_of(request).do_not_send.add(body["entries"], origin, allowed=allowed)
    return await json_of(added)


@router.post("/do-not-send/check", **documented(ListedAddresses, body=wire.AddressesBody))
async def check_do_not_send(request: Request) -> Response:
    """Return the entry that stops e-mails to each address, or null."""
    body, services = await read(request, wire.ADDRESSES), services_of(request)
    return json_response(await to_thread.run_sync(services.do_not_send.of, body["addresses"]))


@router.post("/do-not-send/allow", **documented(None, 404, status=204, body=wire.AllowBody))
async def allow_do_not_send(request: Request) -> Response:
    """Allow e-mails to these addresses again; with `again` false, undo that."""
    body = await read(request, wire.ALLOW)
    allowed = services_of(request).do_not_send.allow(body["entries"], again=body.get("again", True))
    await asyncio.wrap_future(allowed)
    return Response(status_code=204)


@router.get("/do-not-send/refused", **documented(RefusedAddresses))
def list_refused(request: Request) -> Response:
    """Return the addresses that servers refused by 5.1.1, 5.1.2, 5.1.10 or 5.2.1 in 30 days.

    So are those of bounces. They are offered for the list; none is put on it by itself.
    """
    return json_response(services_of(request).do_not_send.refused())


@router.post("/bounces", **documented(FoundBounces, upload=True))
async def find_bounces(request: Request) -> Response:
    """Take an .eml, .emlx or .mbox file, up to 100 MiB; nothing is changed by that.

    A bounce is matched by the Message-ID of its e-mail, else if exactly one e-mail to the address
    was sent in the five days before. Else the tasks that may be meant are named, to choose one.
    Messages that could not be read are counted as `unread`: they may be bounces.
    """
    services = services_of(request)
    refusal = ENGLISH.say("request", "large_file", n=BOUNCES_BYTES // 2**20)
    folder = services.folder.batches  # where an unfinished one is swept
    async with uploaded(request.stream(), folder, BOUNCES_BYTES, refusal) as upload:
        return json_response(await to_thread.run_sync(find_bounced, upload.path, services))


@router.post("/bounces/mark", **documented(MarkedBounces, body=wire.BouncedTasksBody))
async def mark_bounces(request: Request) -> Response:
    """Mark sent e-mails as bounced: their tasks stay *succeeded*, with the reason `came_back`.

    With `bounced` false, the mark is taken away. The answer has the tasks that have changed.
    """
    body = await read(request, wire.BOUNCED)
    changed = services_of(request).do_not_send.mark_bounced(
        body["bounces"], bounced=body.get("bounced", True)
    )
    return json_response({"tasks": await asyncio.wrap_future(changed)})
