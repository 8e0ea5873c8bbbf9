"""``/batches/{batch_id}``: the spreadsheet, and the files that its rows name."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Annotated

from anyio import to_thread
from fastapi import APIRouter, Path, Query, Request, Response
from starlette.responses import FileResponse

from desktop.backend.shared.batches.batches import check_again, draft_of
from desktop.backend.shared.mail.letters import sheet_of
from desktop.backend.shared.services import services_of
from desktop.backend.shared.uploads import uploaded
from desktop.backend.wire.json_io import json_of, json_response
from desktop.backend.wire.openapi import READS, documented
from desktop.backend.wire.parameters import BatchId, Route
from desktop.backend.wire.problems import ProblemError, bad_field
from desktop.contract.batches import SHEET_BYTES, Batch, BatchFile, BatchFileList
from desktop.contract.rules.templates import ATTACHMENTS_LIMIT
from desktop.contract.rules.text import line_problem

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path as FilePath

    from desktop.backend.shared.services import Services

router = APIRouter(tags=["batches"], route_class=Route)

FileName = Annotated[str, Path(max_length=255)]
NAME_LIMIT = 255
"""Characters of a spreadsheet's name."""
UNNAMED = "spreadsheet"
_MIB = 1024 * 1024


@router.put(
    "/batches/{batch_id}/source",
    operation_id="keep_sheet",
    summary="Keep the spreadsheet itself with its draft",
    **documented(200, Batch, *READS, 400, 404, 409, 429, upload=True),
)
async def keep_sheet(
    batch_id: BatchId,
    request: Request,
    name: Annotated[str, Query(min_length=1, max_length=NAME_LIMIT)] = UNNAMED,
) -> Response:
    """Store the spreadsheet, up to 100 MiB, in place of an earlier one.

    The report is made from it. `name` is the file's name; the batch has it as `sheet`.
    """
    problem = line_problem(name, NAME_LIMIT)
    if problem or "/" in name or "\\" in name:
        raise bad_field("name", problem or "This is not the name of a file.")
    services = services_of(request)
    place = await to_thread.run_sync(_place_for_sheet, batch_id, services)
    refusal = f"The spreadsheet is larger than {SHEET_BYTES // _MIB} MiB."
    async with uploaded(request.stream(), place.parent, SHEET_BYTES, refusal) as upload:
        keep = partial(services.letters.sheets.take_in, upload.path, sheet_of(batch_id))
        await to_thread.run_sync(_keep, keep, batch_id, services)
    return await json_of(services.engine.batches.keep_sheet(batch_id, name))


def _place_for_sheet(batch_id: int, services: Services) -> FilePath:
    draft_of(batch_id, services)
    return services.letters.sheets.place(sheet_of(batch_id))


def _keep(keep: Callable[[], None], batch_id: int, services: Services) -> None:
    """Call ``keep`` to store an upload, unless its batch was started or deleted meanwhile."""
    with services.drafting:
        draft_of(batch_id, services)
        keep()


@router.get(
    "/batches/{batch_id}/source",
    operation_id="get_sheet",
    summary="Read the spreadsheet of a batch",
    response_class=FileResponse,
    **documented(200, bytes, *READS, 404, media="application/octet-stream"),
)
def read_sheet(batch_id: BatchId, request: Request) -> Response:
    """Return the file unchanged."""
    services = services_of(request)
    batch = services.engine.batches.get(batch_id)
    place = services.letters.sheets.path(sheet_of(batch_id))
    if batch["sheet"] is None or not place.is_file():
        raise ProblemError(404, f"The spreadsheet of batch {batch_id} is not kept.")
    return FileResponse(place, media_type="application/octet-stream", filename=batch["sheet"])


@router.get(
    "/batches/{batch_id}/attachments",
    operation_id="list_attachments",
    summary="List the files that were added to a batch",
    **documented(200, BatchFileList, *READS, 404),
)
def read_files(batch_id: BatchId, request: Request) -> Response:
    """List the files by name; rows name them in their ``attachments``."""
    services = services_of(request)
    services.engine.batches.get(batch_id)
    files = services.letters.batch_files.attachments(batch_id)
    return json_response({"attachments": [{"file": f, "size": n} for f, n in files.items()]})


@router.put(
    "/batches/{batch_id}/attachments/{file}",
    operation_id="attach_to_batch",
    summary="Add a file that rows of a draft name",
    **documented(200, BatchFile, *READS, 400, 404, 409, 429, upload=True),
)
async def attach(batch_id: BatchId, file: FileName, request: Request) -> Response:
    """Store a file, up to 25 MiB, in place of one with the same name.

    The draft's rows are checked again in the background.
    """
    services = services_of(request)
    place = await to_thread.run_sync(_place_for, batch_id, file, services)
    refusal = f"“{file}” is larger than the {ATTACHMENTS_LIMIT // _MIB} MiB a message can carry."
    async with uploaded(request.stream(), place.parent, ATTACHMENTS_LIMIT, refusal) as upload:
        keep = partial(services.letters.batch_files.attach, upload.path, batch_id, place.name)
        await to_thread.run_sync(_keep, keep, batch_id, services)
    await to_thread.run_sync(check_again, services, batch_id)
    return json_response({"file": place.name, "size": upload.size})


def _place_for(batch_id: int, file: str, services: Services) -> FilePath:
    draft_of(batch_id, services)
    return services.letters.batch_files.place_for(batch_id, file)


@router.delete(
    "/batches/{batch_id}/attachments/{file}",
    operation_id="detach_from_batch",
    summary="Take a file away from a draft",
    **documented(204, None, *READS, 404, 409, 429),
)
def detach(batch_id: BatchId, file: FileName, request: Request) -> Response:
    """Delete the file; rows that name it get a problem at their next check."""
    services = services_of(request)
    with services.drafting:
        draft_of(batch_id, services)
        is_gone = services.letters.batch_files.detach(batch_id, file)
    if not is_gone:
        raise ProblemError(404, f"Batch {batch_id} has no file “{file}”.")
    check_again(services, batch_id)
    return Response(status_code=204)
