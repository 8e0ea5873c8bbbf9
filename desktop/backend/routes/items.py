"""``/items``: register items with their tasks, one or many; correct, read and forget them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any, Final

from anyio import to_thread
from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import ValidationError

from desktop.backend.forgetting import forget_person
from desktop.backend.services import services_of
from desktop.backend.submitting import (
    TemplateLook,
    accept_item,
    accept_items,
    bad_calls,
    correct,
    correction_of,
    item_errors,
    item_row,
    keep_reading,
)
from desktop.backend.template_messages import item_changed
from desktop.backend.wire import items as wire
from desktop.backend.wire.parameters import ItemPage, ItemRoute
from desktop.contract.items import (
    CorrectedItem,
    ForgottenPerson,
    ItemDetail,
    ItemFile,
    Items,
)
from desktop.items.accepting import ItemSubmission
from desktop.items.reads.items import ItemSearch, read_item_detail, read_next_item
from sendoff_tasks.http.routes.tasks import with_pending
from sendoff_tasks.http.wire.openapi import documented
from sendoff_tasks.http.wire.parameters import PathNumber
from sendoff_tasks.http.wire.problems import bad_field, field_errors, invalid
from sendoff_tasks.http.wire.requests import (
    idempotency_of,
    json_response,
    parse,
    read,
    undo_for,
    uploaded,
)
from sendoff_tasks.model.tasks import ID_LIMIT
from sendoff_tasks.words.reasons import refused_words
from sendoff_tasks.words.table import ENGLISH
from sendoff_tasks.words.typed import number_problem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desktop.backend.services import Services
    from desktop.items.accepting import AcceptedItems, NewItemRow
    from sendoff_tasks.model.problems import FieldError


FileName = Annotated[str, Path(max_length=255)]
router = APIRouter(tags=["items"], route_class=ItemRoute)

SCHEDULED_HEADERS: Final = {
    "Location": "Where the item is.",
    "X-Task-Ids": "Numbers of its tasks, separated by commas.",
}
"""Headers of an answer that names added tasks, with their descriptions."""


@router.post("/items/batch", **documented(wire.ItemResults, body=wire.ManyItems, keyed=True))
async def create_items(
    request: Request, partial: Annotated[bool, Query(description="Each on its own")] = False
) -> Response:
    """Register up to 10,000 items: all of them or, when one is wrong or conflicts, none.

    With ``partial`` each item is accepted or refused on its own; the answer has a result for each.
    """
    services = services_of(request)
    raw = await request.body()
    judge = _judge_each if partial else _judge_all
    judged = await to_thread.run_sync(judge, raw, request, services)
    accepted = await accept_items(
        judged.submission, judged.errors, services, at="items.{}.tasks", many=True
    )
    # A repeated call has the refusals of the first one: settings may have changed since.
    wrong = judged.wrong if accepted.note is None else accepted.note
    return json_response({"results": _results(accepted, wrong)}, replayed=accepted.replayed)


_Wrong = tuple[int, Any, str]
"""An item that is refused on its own: its position, the number in the request, and why."""


@dataclass(frozen=True, slots=True)
class _JudgedItems:
    """Items to submit, the errors that refuse them all, and the items refused on their own."""

    submission: ItemSubmission
    errors: Sequence[FieldError] = ()
    wrong: Sequence[_Wrong] = ()


def _judge_all(raw: bytes, request: Request, services: Services) -> _JudgedItems:
    """Check all items; one wrong item refuses the call. Takes its time."""
    items, look = parse(raw, wire.MANY_ITEMS)["items"], TemplateLook(services)
    errors: list[FieldError] = []
    for position, item in enumerate(items):
        errors += item_errors(item, services, look, f"items.{position}.")
    rows = [_row(item, services, look) for item in items]
    return _JudgedItems(ItemSubmission(rows, idempotency=idempotency_of(request, items)), errors)


def _judge_each(raw: bytes, request: Request, services: Services) -> _JudgedItems:
    """Check items one by one; takes its time."""
    rows: list[NewItemRow] = []
    wrong: list[_Wrong] = []
    items, look = parse(raw, wire.LOOSE_ITEMS)["items"], TemplateLook(services)
    for position, sent in enumerate(items):
        try:
            item = wire.NUMBERED_ITEM.validate_python(sent)
            errors = item_errors(item, services, look) or _uncallable(item, services, look)
        except ValidationError as error:
            errors = field_errors(error.errors(include_url=False, include_input=False))
        if errors:
            number = sent.get("item_id") if isinstance(sent, dict) else None
            wrong.append((position, number, invalid(errors).detail))
        else:
            rows.append(_row(item, services, look))
    key = idempotency_of(request, items, note=wrong)
    return _JudgedItems(ItemSubmission(rows, partial=True, idempotency=key), wrong=wrong)


def _uncallable(
    item: wire.NumberedItem, services: Services, look: TemplateLook
) -> list[FieldError]:
    return bad_calls([_row(item, services, look)], services, at="tasks")


def _row(item: wire.NumberedItem, services: Services, look: TemplateLook) -> NewItemRow:
    body: Any = {key: value for key, value in item.items() if key != "item_id"}
    return item_row(item.get("item_id"), body, services, look)


def _results(accepted: AcceptedItems, wrong: Sequence[_Wrong]) -> list[wire.ItemResult]:
    """Make the result of each item, in the order of the request."""
    results: list[wire.ItemResult] = []
    for index, number in enumerate(accepted.item_ids):
        if index in accepted.refused:
            why = accepted.refused[index]
            reason = refused_words(ENGLISH, why, {"number": number}) or why  # an older one is said
            results.append({"item_id": number, "status": 409, "error": reason})
        else:
            results.append({"item_id": number, "status": 200})
    for position, number, reason in wrong:  # in ascending order, so each position is right
        results.insert(position, {"item_id": number, "status": 422, "error": reason})
    return results


_EMPTY: Final = b"{}"


@router.post(
    "/items",
    **documented(
        wire.ItemNumber,
        status=201,
        headers=SCHEDULED_HEADERS,
        body=wire.ItemBody,
        body_needed=False,
        keyed=True,
        undoable=True,
    ),
)
async def create_next_item(request: Request) -> Response:
    """Answer once item and tasks are on disk; the backend picks the number."""
    services = services_of(request)
    body = await read(request, wire.NEW_ITEM, empty=_EMPTY)
    key = idempotency_of(request, body)
    accepted = await accept_item(None, body, services, key, undo_for(request))
    (item_id,) = accepted.item_ids
    return _registered(item_id, accepted, 201)


@router.post(
    "/items/{item_id}",
    **documented(
        wire.ItemNumber,
        headers=SCHEDULED_HEADERS,
        body=wire.ItemBody,
        body_needed=False,
        path="item_id",
        keyed=True,
        undoable=True,
    ),
)
async def create_item(request: Request) -> Response:
    """Answer once item and tasks are on disk.

    A repeated request has the same answer and adds no task; another body is a conflict.
    """
    item_id = _item_id_of(request)
    body = await read(request, wire.NEW_ITEM, empty=_EMPTY)
    key = idempotency_of(request, body)
    accepted = await accept_item(item_id, body, services_of(request), key, undo_for(request))
    return _registered(item_id, accepted, 200)


def _item_id_of(request: Request) -> int:
    """Read the path's ``item_id`` as ``Number`` does, at a tenth of the cost."""
    text = request.path_params["item_id"]
    if not (text.isascii() and text.isdigit()):
        raise bad_field("item_id", ENGLISH.say("value", "int_type"))
    if len(text) > len(str(ID_LIMIT)) or not 1 <= int(text) <= ID_LIMIT:
        raise bad_field("item_id", number_problem(ID_LIMIT))
    return int(text)


def _registered(item_id: int, accepted: AcceptedItems, status: int) -> Response:
    task_ids = ",".join(map(str, accepted.task_ids[0]))
    headers = {"Location": f"/items/{item_id}", "X-Task-Ids": task_ids}
    answer = with_pending({"item_id": item_id}, accepted.pending)
    return json_response(answer, status, headers, replayed=accepted.replayed)


@router.put(
    "/items/{item_id}",
    **documented(
        CorrectedItem,
        headers={"X-Task-Ids": "Numbers of the added tasks, separated by commas."},
        body=wire.CorrectionBody,
        keyed=True,
        act=True,
        undoable=True,
    ),
)
async def correct_item(item_id: PathNumber, request: Request) -> Response:
    """Replace the item's body; a task that has not begun, or waits, uses it at its next attempt.

    With `send`, tasks of the item that have ended are added again as new ones. While a task of the
    item runs, the answer is a conflict. An uncertain task stays until it is resolved, and none is
    added in its place. Times in `item` apply to added tasks only.
    """
    services = services_of(request)
    body = await read(request, wire.CORRECTION)
    key = idempotency_of(request, body)
    unread = await to_thread.run_sync(keep_reading, item_id, body["item"], services)
    correction = correction_of(item_id, body, services, key, undo_for(request))
    errors = [*item_errors(body["item"], services, TemplateLook(services), "item."), *unread]
    corrected = await correct(correction, errors, services)
    if corrected.using:
        await to_thread.run_sync(item_changed, services, item_id)
    headers = {"X-Task-Ids": ",".join(map(str, corrected.added))}
    answer = CorrectedItem(
        item_id=item_id,
        using=corrected.using,
        added=corrected.added,
        uncertain=corrected.uncertain,
    )
    if corrected.aside:
        answer["aside"] = corrected.aside
    if corrected.pending:
        answer["pending"] = corrected.pending
    return json_response(answer, headers=headers, replayed=corrected.replayed)


@router.delete(
    "/items/{item_id}",
    **documented(ForgottenPerson, 409, no_content="The person can be forgotten.", act=True),
)
async def forget_item(
    item_id: PathNumber,
    request: Request,
    forget: Annotated[bool, Query(description="Has to be true: it cannot be undone")] = False,
    check: Annotated[bool, Query(description="Only say whether it can be forgotten")] = False,
    do_not_send: Annotated[
        bool, Query(description="Keep a fingerprint, so nothing is sent to that address again")
    ] = False,
) -> Response:
    """Forget a person: name, address, fields and messages, wherever Sendoff keeps them.

    This is done for the item and for all other items with the same address. In kept spreadsheets
    the person's rows are emptied. What remains: numbers and times of the items, whether the person
    was informed, and the Message-IDs of sent messages. What waits is not sent. The answer is a
    conflict while a message to the person is sent, while a batch is still to send one, and while a
    draft has the person. Backups and other copies that may still have the person are named.
    """
    services = services_of(request)
    if not forget:
        raise bad_field("forget", ENGLISH.say("request", "forget"))
    if check:
        await to_thread.run_sync(_check_forgettable, item_id, services)
        return Response(status_code=204)
    forget_it = partial(forget_person, item_id, services, do_not_send=do_not_send)
    return json_response(await to_thread.run_sync(forget_it))


def _check_forgettable(item_id: int, services: Services) -> None:
    """Raise ``UnknownId``, or ``Conflict`` as forgetting the person would; takes its time."""
    register = services.register
    register.check_forgettable(register.person(item_id)).result()


@router.put("/attachments/{file}", **documented(ItemFile, upload=True))
async def upload_attachment(file: FileName, request: Request) -> Response:
    """Store a file, up to 25 MiB or what the account takes; items name its ``id``.

    The answer comes once it is on disk; the same file has the same ``id``. It is kept as long as
    the contents of the items that named it, now or before a correction, and for seven days without
    one.
    """
    letters = services_of(request).letters
    files = letters.batch_files
    place = await to_thread.run_sync(files.place_for_upload, file)
    limit = await to_thread.run_sync(letters.files_limit)
    async with uploaded(request.stream(), place.parent, limit.size, limit.too_much()) as stored:
        named = await to_thread.run_sync(files.take_upload, stored.path, place.name)
    return json_response({"id": named, "size": stored.size})


@router.get("/items", **documented(Items))
def list_items(query: ItemPage, request: Request) -> Response:
    """Return items with their task rows; ``next`` is the ``after`` of the following page.

    A search stops after a while: the page may be short, or empty, while ``next`` is set.
    ``text`` is searched as in ``GET /tasks``.

    ``informed`` says whether the recipient was informed: the first of these that applies to the
    item's messages: one was delivered to the server (``yes``), one may have been (``not_sure``),
    one is on its way (``not_yet``), all failed or were cancelled (``no``), one was kept in practice
    mode (``kept``). It is null if the item has no message. Copies to the sender do not count.

    With ``deeds=true``, each item has what people did about its tasks, the oldest first. With
    ``tasks=none`` the items are those whose tasks are gone, or that never had one; an erased one is
    then found by its number.
    """
    wanted = ItemSearch(
        text=query.text,
        batch_id=query.batch_id,
        informed=tuple(query.informed.split(",")) if query.informed else (),
        after=query.after,
        descending=query.sort.startswith("-"),
        limit=query.limit,
        deeds=query.deeds,
        without_task=query.tasks is not None,
    )
    return json_response(services_of(request).register.page(wanted))


@router.get("/items/next", **documented(wire.ItemNumber))
def get_next_number(request: Request) -> Response:
    """Return the number; it is not reserved, and the first item that is registered gets it."""
    return json_response({"item_id": services_of(request).engine.read(read_next_item)})


@router.get("/items/{item_id}", **documented(ItemDetail))
def get_item(item_id: PathNumber, request: Request) -> Response:
    """Return the current item, its task rows, and its earlier versions, the newest first."""
    services = services_of(request)
    engine = services.engine
    detail = engine.read(read_item_detail, item_id, engine.journal.at_limit)
    return json_response(detail)
