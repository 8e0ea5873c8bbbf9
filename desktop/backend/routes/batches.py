"""``/batches``: drafts with their rows and files, their start, and the outcome of each row."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING, Annotated, cast

from anyio import to_thread
from fastapi import APIRouter, Path, Query, Request, Response
from starlette.responses import FileResponse

from desktop.backend import batches
from desktop.backend.batches import check_again, draft_of, row_item
from desktop.backend.messages import sheet_of
from desktop.backend.services import services_of
from desktop.backend.wire import batches as wire
from desktop.backend.wire.parameters import BatchQuery, DeleteQuery, RowQuery
from desktop.contract.batches import (
    ROW_COPY,
    SHEET_BYTES,
    Batch,
    BatchAnswer,
    BatchCounts,
    BatchFile,
    BatchFileList,
    BatchPage,
    BatchRow,
    RowCheck,
    RowOutcome,
    RowPage,
)
from desktop.contract.rules.mailbox import parse_mailbox
from desktop.contract.rules.templates import ATTACHMENTS_LIMIT, FilesLimit
from desktop.items.reads.batches import RowFilter
from sendoff_tasks.http.submitting import accept
from sendoff_tasks.http.wire.bodies import moment
from sendoff_tasks.http.wire.openapi import documented
from sendoff_tasks.http.wire.parameters import PathNumber, Route
from sendoff_tasks.http.wire.problems import ProblemError, bad_field, invalid
from sendoff_tasks.http.wire.requests import (
    REPLAYED,
    idempotency_of,
    json_of,
    json_response,
    parse,
    read,
    undo_for,
    uploaded,
)
from sendoff_tasks.model.tasks import PendingRow, TaskRow
from sendoff_tasks.submission import NewTask, Submission
from sendoff_tasks.verbs.submit import recall
from sendoff_tasks.words.table import ENGLISH
from sendoff_tasks.words.typed import line_problem

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path as FilePath

    from desktop.backend.services import Services
    from desktop.items.batches.acting import BatchAction
    from sendoff_tasks.submission import Idempotency

router = APIRouter(tags=["batches"], route_class=Route)
ValuePath = Annotated[str, Path(max_length=wire.HEADER_LIMIT)]


@router.post(
    "/batches",
    **documented(
        wire.BatchNumber,
        404,
        status=201,
        headers={"Location": "Where the batch is."},
        body=wire.BatchBody,
        keyed=True,
    ),
)
async def create_batch(request: Request) -> Response:
    """Answer once the draft is on disk; rows and files are added by their own routes."""
    services = services_of(request)
    body = await read(request, wire.NEW_BATCH)
    created = await batches.create(body, services, idempotency_of(request, body))
    headers = {"Location": f"/batches/{created.batch_id}"}
    return json_response({"batch_id": created.batch_id}, 201, headers, replayed=created.replayed)


@router.get("/batches", **documented(BatchPage))
def list_batches(query: BatchQuery, request: Request) -> Response:
    """Return batches with their counts; ``next`` is the ``after`` of the following page."""
    return json_response(services_of(request).batches.list(query.after, query.limit))


@router.get("/batches/{batch_id}", **documented(Batch))
def get_batch(batch_id: PathNumber, request: Request) -> Response:
    """Return the batch with its settings, state and counts."""
    return json_response(services_of(request).batches.get(batch_id))


@router.put("/batches/{batch_id}", **documented(Batch, 409, body=wire.BatchSettings))
async def change_batch(batch_id: PathNumber, request: Request) -> Response:
    """Replace all settings of a draft; its rows are checked again in the background.

    Rows that are not checked yet count as `unchecked`.
    """
    services = services_of(request)
    body = await read(request, wire.BATCH_SETTINGS)
    errors = batches.batch_errors(body, services)
    if errors:
        raise invalid(errors)
    wanted = batches.draft_settings(body)
    batch = await asyncio.wrap_future(services.batches.change(batch_id, wanted))
    return json_response(batch)


@router.delete(
    "/batches/{batch_id}",
    **documented(PendingRow, status=202, keyed=True, no_content="The batch was deleted.", act=True),
)
async def delete_batch(batch_id: PathNumber, query: DeleteQuery, request: Request) -> Response:
    """Delete a draft with its files.

    While no message of a started batch has left, it becomes a draft again, and its items and tasks
    are deleted. After that, the answer is a conflict.

    With ``delay`` a draft is deleted after so many seconds, and the answer is the pending action,
    which `DELETE /pending/{id}` undoes. Its files then go within a day.
    """
    services, key = services_of(request), idempotency_of(request, None)
    if query.delay:
        later = services.batches.act("delete", batch_id, query.delay, key)
        acted = await asyncio.wrap_future(later)
        return json_response(acted.answer["pending"], 202, replayed=acted.replayed)
    replayed = await to_thread.run_sync(batches.delete, batch_id, services, key)
    return Response(status_code=204, headers=REPLAYED if replayed else None)


@router.post(
    "/batches/{batch_id}/start",
    **documented(
        BatchAnswer,
        status=202,
        body=wire.StartBatch,
        body_needed=False,
        keyed=True,
        act=True,
        undoable=True,
    ),
)
async def start_batch(batch_id: PathNumber, request: Request) -> Response:
    """Answer once the start is on disk; the tasks are added in groups afterwards.

    Rows with a problem, and rows that were sent before, are left out; their number is
    ``left_out``. ``changed`` sends those that have changed since. While rows are unchecked, the
    answer is a conflict. While the start can be undone, nothing leaves.
    """
    services = services_of(request)
    body = await read(request, wire.START_BATCH, empty=b"{}")
    key = idempotency_of(request, body)
    first = None if key is None else await services.engine.ask(lambda group: recall(group, key))
    wanted = batches.start_options(body, undo_for(request))
    start_it, edition = services.batches.start, services.letters.templates.edition
    started = await to_thread.run_sync(start_it, batch_id, wanted, key, edition)
    batch = cast("BatchAnswer", await asyncio.wrap_future(started))
    for row in await to_thread.run_sync(services.engine.pending):
        if (row["action"], row["batch_id"]) == ("start", batch_id):
            batch["pending"] = row
    return json_response(batch, 202, replayed=first is not None)


@router.post("/batches/{batch_id}/pause", **documented(Batch, 409, act=True))
async def pause_batch(batch_id: PathNumber, request: Request) -> Response:
    """Send no more rows until the batch is resumed; messages on their way arrive."""
    return await json_of(services_of(request).batches.pause(batch_id))


@router.post("/batches/{batch_id}/resume", **documented(Batch, 409, act=True))
async def resume_batch(batch_id: PathNumber, request: Request) -> Response:
    """Send rows again, as the limits allow."""
    return await json_of(services_of(request).batches.resume(batch_id))


@router.put(
    "/batches/{batch_id}/rate",
    **documented(Batch, 409, body=wire.BatchLimit, act=True),
)
async def limit_batch(batch_id: PathNumber, request: Request) -> Response:
    """Set how many attempts may begin in which time; those of the last 24 hours count.

    A postponed or failed attempt counts as one. One that found its server away or at its limit, or
    that was too early, does not.
    """
    body = await read(request, wire.BATCH_LIMIT)
    return await json_of(services_of(request).batches.limit(batch_id, body["rate"]))


@router.put(
    "/batches/{batch_id}/time",
    **documented(Batch, 409, body=wire.BatchTime, act=True),
)
async def put_off_batch(batch_id: PathNumber, request: Request) -> Response:
    """Set when its first message may be sent. Once its time has come, the answer is a 409."""
    at = (await read(request, wire.BATCH_TIME))["run_at"]
    run_at = None if at is None else round(moment(at) * 1000)
    return await json_of(services_of(request).batches.put_off(batch_id, run_at))


@router.post(
    "/batches/{batch_id}/cancel",
    **documented(BatchAnswer, body=wire.ActOnBatch, body_needed=False, keyed=True, act=True),
)
async def cancel_batch(batch_id: PathNumber, request: Request) -> Response:
    """Cancel rows that have not started at once, and ask running attempts to stop.

    With ``delay`` the action waits so many seconds, and no row starts: the answer has it as
    ``pending``, and `DELETE /pending/{id}` undoes it.
    """
    services = services_of(request)
    body = await read(request, wire.ACT_ON_BATCH, empty=b"{}")
    key = idempotency_of(request, body)
    return await _act("cancel", batch_id, services, body.get("delay", 0), key)


@router.post(
    "/batches/{batch_id}/retry",
    **documented(BatchAnswer, body=wire.ActOnBatch, body_needed=False, keyed=True, act=True),
)
async def retry_batch(batch_id: PathNumber, request: Request) -> Response:
    """Retry the rows whose newest task failed, under the batch's rate.

    Uncertain rows and rows marked as seen are not retried. With ``delay`` the action waits, as a
    *cancel* does.
    """
    services = services_of(request)
    body = await read(request, wire.ACT_ON_BATCH, empty=b"{}")
    key = idempotency_of(request, body)
    return await _act("retry", batch_id, services, body.get("delay", 0), key)


async def _act(
    action: BatchAction,
    batch_id: int,
    services: Services,
    delay: float,
    key: Idempotency | None,
) -> Response:
    """Do an action, or have it wait; answer with the batch."""
    batches = services.batches
    acted = await asyncio.wrap_future(batches.act(action, batch_id, delay, key))
    batch = cast("BatchAnswer", await to_thread.run_sync(batches.get, batch_id))
    if "pending" in acted.answer:
        batch["pending"] = acted.answer["pending"]
    return json_response(batch, replayed=acted.replayed)


@router.post("/batches/{batch_id}/rows", **documented(BatchCounts, 409, body=wire.RowsBody))
async def add_rows(
    batch_id: PathNumber, request: Request, *, keep_corrections: Annotated[bool, Query()] = False
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
    from desktop.backend.rows import put

    draft_of(batch_id, services)
    rows = parse(raw, wire.ROWS)["rows"]
    return put(services, batch_id, rows, keep_corrections=keep)["counts"]


@router.get("/batches/{batch_id}/rows", **documented(RowPage))
def list_rows(batch_id: PathNumber, query: RowQuery, request: Request) -> Response:
    """Return rows in order, with their check and outcome.

    `check` and `outcome` take one or several words; a row has to match both parameters.
    `next` is the ``after`` of the following page.
    """
    wanted = RowFilter(
        [RowCheck(word) for word in _words(query.check)],
        [RowOutcome(word) for word in _words(query.outcome)],
    )
    page = services_of(request).batches.rows(batch_id, wanted, query.after, query.limit)
    return json_response({**page, "rows": [wire.with_message(row) for row in page["rows"]]})


def _words(text: str | None) -> list[str]:
    return text.split(",") if text else []


@router.put(
    "/batches/{batch_id}/rows/{row}",
    **documented(BatchRow, 409, body=wire.RowCorrection),
)
async def correct_row(batch_id: PathNumber, row: PathNumber, request: Request) -> Response:
    """Replace the row's item; the answer is the checked row.

    The spreadsheet's own values are kept beside it: see `keep_corrections` of POST. An item with
    `skip` leaves the row out, one without takes it in again.
    """
    services = services_of(request)
    body = await read(request, wire.ROW_CORRECTION)
    corrected = await to_thread.run_sync(_correct, batch_id, row, body, services)
    return json_response(wire.with_message(corrected))


@router.delete(
    "/batches/{batch_id}/rows/{row}/values/{path:path}",
    **documented(BatchRow, 409),
)
def take_back_value(
    batch_id: PathNumber, row: PathNumber, path: ValuePath, request: Request
) -> Response:
    """Put the spreadsheet's value back in place of a correction; the answer is the checked row.

    `path` is the `field` of one of the row's `corrections`. A value that was not corrected stays.
    """
    from desktop.backend.rows import take_back

    services = services_of(request)
    take_back(services, batch_id, row, path)
    return json_response(wire.with_message(services.batches.row(batch_id, row)))


def _correct(batch_id: int, row: int, body: wire.RowCorrection, services: Services) -> BatchRow:
    """Check and store a row; takes its time."""
    from desktop.backend.rows import correct

    correct(services, batch_id, row, body)
    return services.batches.row(batch_id, row)


@router.post(
    "/batches/{batch_id}/rows/{row}/to_me",
    **documented(TaskRow, status=201, headers={"Location": "The task that sends it."}, keyed=True),
)
async def send_row(batch_id: PathNumber, row: PathNumber, request: Request) -> Response:
    """Send the row's message to the address of the setting `mail.sender`.

    The row does not change, and no item is registered.
    """
    services = services_of(request)
    to = await to_thread.run_sync(_sender_of, batch_id, row, services)
    title = f"Copy of row {row}’s e-mail, batch {batch_id}"
    task = NewTask(ROW_COPY, args=(batch_id, row), to=to, title=title)
    key = idempotency_of(request, None)
    accepted = await accept(Submission(tasks=(task,), idempotency=key), [], services, at="row")
    (task_id,) = accepted.task_ids
    headers = {"Location": f"/tasks/{task_id}"}
    return json_response(accepted.row, 201, headers, replayed=accepted.replayed)


def _sender_of(batch_id: int, row: int, services: Services) -> str:
    """Return the sender's address if the row's message can be made, else ``ProblemError`` 422."""
    from desktop.backend.messages import Letter

    item, number = row_item(services.engine, batch_id, row)
    to = parse_mailbox(services.settings.get().mail.sender)
    item = {**item, "recipient": {"name": to.name, "email": to.address}}
    missing = services.letters.preview(Letter(item, number, None))["unknown"]
    if missing:
        raise bad_field("fields", ENGLISH.say("row_problem", "missing_field", **missing[0]))
    return str(to)


FILE_NAME_LIMIT = 255
FileName = Annotated[str, Path(max_length=FILE_NAME_LIMIT)]
UNNAMED = "spreadsheet"
_MIB = 1024 * 1024


@router.put("/batches/{batch_id}/source", **documented(Batch, 409, upload=True))
async def keep_sheet(
    batch_id: PathNumber,
    request: Request,
    name: Annotated[str, Query(min_length=1, max_length=FILE_NAME_LIMIT)] = UNNAMED,
) -> Response:
    """Store the spreadsheet, up to 100 MiB, in place of an earlier one.

    The report is made from it. `name` is the file's name; the batch has it as `sheet`.
    """
    problem = line_problem(name, FILE_NAME_LIMIT)
    if problem or "/" in name or "\\" in name:
        raise bad_field("name", problem or ENGLISH.say("request", "file_name"))
    services = services_of(request)
    place = await to_thread.run_sync(_place_for_sheet, batch_id, services)
    refusal = ENGLISH.say("request", "large_file", n=SHEET_BYTES // _MIB)
    async with uploaded(request.stream(), place.parent, SHEET_BYTES, refusal) as upload:
        keep = partial(services.letters.sheets.take_in, upload.path, sheet_of(batch_id))
        await to_thread.run_sync(_keep, keep, batch_id, services)
    return await json_of(services.batches.keep_sheet(batch_id, name))


def _place_for_sheet(batch_id: int, services: Services) -> FilePath:
    draft_of(batch_id, services)
    return services.letters.sheets.place(sheet_of(batch_id))


def _keep(keep: Callable[[], None], batch_id: int, services: Services) -> None:
    """Call ``keep`` to store an upload, unless its batch was started or deleted meanwhile."""
    with services.drafting:
        draft_of(batch_id, services)
        keep()


@router.get("/batches/{batch_id}/source", **documented(bytes, media="application/octet-stream"))
def get_sheet(batch_id: PathNumber, request: Request) -> Response:
    """Return the file unchanged, but for rows of people who were forgotten: they are empty."""
    services = services_of(request)
    batch = services.batches.get(batch_id)
    place = services.letters.sheet_path(batch_id)
    if batch["sheet"] is None or not place.is_file():
        raise ProblemError(404, ENGLISH.say("no_copy", "sheet", batch=batch_id))
    return FileResponse(place, media_type="application/octet-stream", filename=batch["sheet"])


@router.get("/batches/{batch_id}/attachments", **documented(BatchFileList))
def list_attachments(batch_id: PathNumber, request: Request) -> Response:
    """List the files by name; rows name them in their ``attachments``."""
    services = services_of(request)
    services.batches.get(batch_id)
    return _files_of(batch_id, services)


def _files_of(batch_id: int, services: Services) -> Response:
    files = services.letters.batch_files.attachments(batch_id)
    return json_response({"attachments": [{"file": f, "size": n} for f, n in files.items()]})


@router.post(
    "/batches/{batch_id}/attachments",
    **documented(BatchFileList, 409, body=wire.FilesOfBatch),
)
async def copy_attachments(batch_id: PathNumber, request: Request) -> Response:
    """Add the files in place of those with the same names; the answer lists all of the draft.

    The draft's rows are checked again in the background.
    """
    services = services_of(request)
    body = await read(request, wire.FILES_OF_BATCH)
    other = (await to_thread.run_sync(services.batches.get, body["batch_id"]))["batch_id"]
    keep = partial(services.letters.batch_files.take_from, other, batch_id, body.get("files"))
    await to_thread.run_sync(_keep, keep, batch_id, services)
    await to_thread.run_sync(check_again, services, batch_id)
    return await to_thread.run_sync(_files_of, batch_id, services)


@router.put(
    "/batches/{batch_id}/attachments/{file}",
    **documented(BatchFile, 409, upload=True),
)
async def attach_to_batch(
    batch_id: PathNumber,
    file: FileName,
    request: Request,
    *,
    more: Annotated[bool, Query()] = False,
) -> Response:
    """Store a file, up to 25 MiB, in place of one with the same name.

    The draft's rows are checked again in the background. With `more`, another file follows: they
    are checked after the last one.
    """
    services = services_of(request)
    place = await to_thread.run_sync(_place_for, batch_id, file, services)
    refusal = FilesLimit().too_much()
    async with uploaded(request.stream(), place.parent, ATTACHMENTS_LIMIT, refusal) as upload:
        keep = partial(services.letters.batch_files.attach, upload.path, batch_id, place.name)
        await to_thread.run_sync(_keep, keep, batch_id, services)
    if not more:
        await to_thread.run_sync(check_again, services, batch_id)
    return json_response({"file": place.name, "size": upload.size})


def _place_for(batch_id: int, file: str, services: Services) -> FilePath:
    draft_of(batch_id, services)
    return services.letters.batch_files.place_for(batch_id, file)


@router.delete("/batches/{batch_id}/attachments/{file}", **documented(None, 409, status=204))
def detach_from_batch(batch_id: PathNumber, file: FileName, request: Request) -> Response:
    """Delete the file; rows that name it get a problem at their next check."""
    services = services_of(request)
    with services.drafting:
        draft_of(batch_id, services)
        is_gone = services.letters.batch_files.detach(batch_id, file)
    if not is_gone:
        raise ProblemError(404, ENGLISH.say("no_copy", "file", batch=batch_id, file=file))
    check_again(services, batch_id)
    return Response(status_code=204)
