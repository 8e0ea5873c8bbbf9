"""``/batches/{batch_id}/rows``: add rows to a draft, correct them, and read their outcome."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from anyio import to_thread
from fastapi import APIRouter, Query, Request, Response

from desktop.backend.shared.batches.batches import draft_of, row_item
from desktop.backend.shared.from_bodies import accept
from desktop.backend.shared.idempotency import idempotency_of
from desktop.backend.shared.services import services_of
from desktop.backend.wire.batches import ROW_CORRECTION, ROWS, RowCorrection, RowsBody
from desktop.backend.wire.check_sentences import with_message, with_messages
from desktop.backend.wire.json_io import json_response, parse, read
from desktop.backend.wire.openapi import READS, WRITES, documented
from desktop.backend.wire.parameters import BatchId, Route, RowNumber, RowQuery
from desktop.backend.wire.problems import bad_field
from desktop.contract.batch_rows import BatchRow, RowPage
from desktop.contract.batches import ROW_COPY, BatchCounts, RowCheck, RowOutcome
from desktop.contract.rules.mailbox import parse_mailbox
from desktop.contract.states import State
from desktop.contract.tasks import TaskRow
from desktop.engine.store.reads.batches.batch_rows import RowFilter
from desktop.engine.submission import NewTask, Submission

if TYPE_CHECKING:
    from desktop.backend.shared.services import Services

router = APIRouter(tags=["batches"], route_class=Route)


@router.post(
    "/batches/{batch_id}/rows",
    operation_id="add_rows",
    summary="Put rows into a draft",
    **documented(
        200,
        BatchCounts,
        *WRITES,
        404,
        409,
        body=RowsBody,
    ),
)
async def add(
    batch_id: BatchId, request: Request, *, keep_corrections: Annotated[bool, Query()] = False
) -> Response:
    """Check up to 10,000 rows and store them all; an existing row is replaced.

    A wrong cell is stored as the problem of its row. An error that no cell can cause, such as an
    unknown key, refuses the call. The answer counts the draft's rows by check.

    With `keep_corrections`, the rows are those of a spreadsheet. A value that was corrected in this
    row, or in the same row of an earlier batch, is corrected again if the spreadsheet's value is
    still the same and the row is for the same person.
    """
    services, raw = services_of(request), await request.body()
    return json_response(await to_thread.run_sync(_add, batch_id, raw, keep_corrections, services))


def _add(batch_id: int, raw: bytes, keep: bool, services: Services) -> BatchCounts:
    """Check and store rows; takes its time."""
    from desktop.backend.shared.batches.drafts import put

    draft_of(batch_id, services)
    rows = parse(raw, ROWS)["rows"]
    return put(services, batch_id, rows, keep_corrections=keep)["counts"]


@router.get(
    "/batches/{batch_id}/rows",
    operation_id="list_rows",
    summary="Read the rows of a batch",
    **documented(200, RowPage, *READS, 404),
)
def read_page(batch_id: BatchId, query: RowQuery, request: Request) -> Response:
    """Return rows in order, with their check and outcome.

    `check`, `outcome` and `state` take one or several words; a row has to match each parameter.
    `next` is the ``after`` of the following page.
    """
    wanted = RowFilter(
        [RowCheck(word) for word in _words(query.check)],
        [RowOutcome(word) for word in _words(query.outcome)],
        [State(word) for word in _words(query.state)],
    )
    page = services_of(request).engine.batches.rows(batch_id, wanted, query.after, query.limit)
    return json_response(with_messages(page))


def _words(text: str | None) -> list[str]:
    return text.split(",") if text else []


@router.put(
    "/batches/{batch_id}/rows/{row}",
    operation_id="correct_row",
    summary="Correct a row of a draft",
    **documented(
        200,
        BatchRow,
        *WRITES,
        404,
        409,
        body=RowCorrection,
    ),
)
async def correct(batch_id: BatchId, row: RowNumber, request: Request) -> Response:
    """Replace the row's item; the answer is the checked row.

    The spreadsheet's own values are kept beside it: see `keep_corrections` of POST.
    """
    services = services_of(request)
    body = await read(request, ROW_CORRECTION)
    corrected = await to_thread.run_sync(_correct, batch_id, row, body, services)
    return json_response(with_message(corrected))


def _correct(batch_id: int, row: int, body: RowCorrection, services: Services) -> BatchRow:
    """Check and store a row; takes its time."""
    from desktop.backend.shared.batches.drafts import correct

    correct(services, batch_id, row, body)
    return services.engine.batches.row(batch_id, row)


@router.post(
    "/batches/{batch_id}/rows/{row}/to_me",
    operation_id="send_row",
    summary="Send the message of a row to the sender",
    **documented(
        201,
        TaskRow,
        *READS,
        404,
        409,
        429,
        headers={"Location": "The task that sends it."},
        keyed=True,
    ),
)
async def send_to_me(batch_id: BatchId, row: RowNumber, request: Request) -> Response:
    """Send the row's message to the address of the setting `mail.sender`.

    The row does not change, and no item is registered.
    """
    services = services_of(request)
    to = await to_thread.run_sync(_sender_of, batch_id, row, services)
    task = NewTask(ROW_COPY, args=(batch_id, row), to=to)
    key = idempotency_of(request, None)
    accepted = await accept(Submission(tasks=(task,), idempotency=key), [], services, at="row")
    ((task_id,),) = accepted.task_ids
    headers = {"Location": f"/tasks/{task_id}"}
    return json_response(accepted.row, 201, headers, replayed=accepted.replayed)


def _sender_of(batch_id: int, row: int, services: Services) -> str:
    """Return the sender's address if the row's message can be made, else ``ProblemError`` 422."""
    from desktop.backend.shared.mail.letter import Letter

    item, number = row_item(services.engine, batch_id, row)
    to = parse_mailbox(services.settings.get().mail.sender)
    item = {**item, "recipient": {"name": to.name, "email": to.address}}
    missing = services.letters.preview(Letter(item, number, None))["unknown"]
    if missing:
        raise bad_field("fields", f"The template needs “{missing[0]['field']}”.")
    return str(to)
