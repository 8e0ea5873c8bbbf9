"""The errors of the API, as ``application/problem+json`` (RFC 9457)."""

from __future__ import annotations

import errno
import json
import logging
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.routing import Match, Route

from desktop.backend.wire.validation import field_errors
from desktop.contract.problems import MEDIA_TYPE, Barred, ConflictingTask, FieldError, Problem
from desktop.engine.errors import (
    BadKey,
    Busy,
    Closed,
    Conflict,
    InTheWay,
    NotWritable,
    UnknownId,
    UnknownKey,
    UnknownSchedule,
    UnknownTask,
)
from desktop.engine.store.reads.query import BadQuery
from desktop.settings.preferences.settings_file import SettingsError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from fastapi import FastAPI
    from starlette.requests import Request

log = logging.getLogger(__name__)

RETRY_AFTER = 2
"""Seconds after which a client may repeat a request that could not be written."""

_UNSAVED: Final = {
    **dict.fromkeys((errno.ENOSPC, errno.EDQUOT), "The disk is full. Nothing was saved."),
    **dict.fromkeys(
        (errno.EROFS, errno.EACCES, errno.EPERM),
        "The data folder is read-only. Nothing was saved.",
    ),
}
"""Why a file cannot be written, by error number."""


class ProblemError(Exception):
    """Ends a request with a problem: a status, a sentence, and the bad fields, if any."""

    def __init__(self, status: int, detail: str, errors: Sequence[FieldError] = ()) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.errors = errors


def bad_field(path: str, message: str) -> ProblemError:
    """Make the 422 for one bad field at a dotted path."""
    return invalid([{"path": path, "message": message}])


def invalid(errors: Sequence[FieldError]) -> ProblemError:
    """Make the 422 for bad fields; its sentence is about the first one."""
    first = errors[0]
    detail = f"{first['path']}: {first['message']}" if first["path"] else first["message"]
    if len(errors) > 1:
        detail += f" ({len(errors) - 1} more)"
    return ProblemError(422, detail, errors)


def problem_response(
    status: int,
    detail: str,
    errors: Sequence[FieldError] = (),
    headers: Mapping[str, str] | None = None,
    conflict: ConflictingTask | None = None,
    barred: Barred | None = None,
) -> Response:
    """Make the answer of a problem."""
    title = HTTPStatus(status).phrase
    problem: Problem = {"type": "about:blank", "title": title, "status": status, "detail": detail}
    if errors:
        problem["errors"] = list(errors)
    if conflict is not None:
        problem["conflict"] = conflict
    if barred is not None:
        problem["barred"] = barred
    text = json.dumps(problem, ensure_ascii=False).encode(errors="backslashreplace")
    return Response(text, status, headers, MEDIA_TYPE)


def install(app: FastAPI) -> None:
    """Make ``app`` answer every error, expected or not, with a problem."""
    for kind, handler in {
        ProblemError: _problem,
        HTTPException: _http_exception,
        RequestValidationError: _invalid,
        ClientDisconnect: _gone,
        Conflict: _conflict,
        InTheWay: _in_the_way,
        UnknownId: _unknown_id,
        UnknownKey: _unknown_id,
        UnknownSchedule: _unknown_id,
        UnknownTask: _unknown_task,
        BadKey: _bad_key,
        Busy: _busy,
        NotWritable: _not_writable,
        Closed: _closed,
        BadQuery: _bad_query,
        SettingsError: _settings,
        OSError: _unsaved,
        Exception: _bug,
    }.items():
        app.add_exception_handler(kind, handler)  # type: ignore[arg-type]


async def _problem(_: Request, error: ProblemError) -> Response:
    return problem_response(error.status, error.detail, error.errors)


async def _http_exception(request: Request, error: HTTPException) -> Response:
    details = {
        404: f"There is nothing at {request.url.path}.",
        405: f"{request.url.path} does not allow {request.method}.",
    }
    detail = details.get(error.status_code, error.detail)
    headers = {"Allow": _allowed(request)} if error.status_code == 405 else error.headers
    return problem_response(error.status_code, detail, headers=headers)


def _allowed(request: Request) -> str:
    """List the methods of a path: each of its routes knows only its own."""
    methods = {
        method
        for route in request.app.routes
        if isinstance(route, Route) and route.matches(request.scope)[0] is not Match.NONE
        for method in route.methods or ()
    }
    return ", ".join(sorted(methods))


async def _invalid(_: Request, error: RequestValidationError) -> Response:
    """Answer FastAPI's errors in the path or query; ``loc`` begins with which of the two it is."""
    problem = invalid(field_errors({**found, "loc": found["loc"][1:]} for found in error.errors()))
    return await _problem(_, problem)


async def _gone(_: Request, error: ClientDisconnect) -> Response:
    """End a request whose client has disconnected and reads no answer."""
    return problem_response(400, "The connection was closed before the body was complete.")


async def _conflict(_: Request, error: Conflict) -> Response:
    return problem_response(409, str(error))


async def _in_the_way(_: Request, error: InTheWay) -> Response:
    conflict: ConflictingTask = {"task_id": error.task_id, "state": error.state}
    return problem_response(409, str(error), conflict=conflict)


async def _unknown_id(_: Request, error: UnknownId | UnknownKey | UnknownSchedule) -> Response:
    return problem_response(404, str(error))


async def _unknown_task(_: Request, error: UnknownTask) -> Response:
    return problem_response(422, str(error), [{"path": "task", "message": str(error)}])


async def _bad_key(request: Request, error: BadKey) -> Response:
    return await _problem(request, bad_field("tasks", str(error)))


async def _bad_query(request: Request, error: BadQuery) -> Response:
    return await _problem(request, bad_field(error.field, error.reason))


async def _busy(_: Request, error: Busy) -> Response:
    seconds = max(1, round(error.retry_after))
    return problem_response(429, str(error), headers={"Retry-After": str(seconds)})


async def _not_writable(_: Request, error: NotWritable) -> Response:
    return problem_response(503, str(error), headers={"Retry-After": str(RETRY_AFTER)})


async def _closed(_: Request, error: Closed) -> Response:
    detail = "The backend is shutting down. Nothing was accepted."
    return problem_response(503, detail, headers={"Retry-After": str(RETRY_AFTER)})


async def _settings(_: Request, error: SettingsError) -> Response:
    """Refuse requests that need the settings while their file cannot be used."""
    return problem_response(409, str(error), error.errors)


async def _unsaved(_: Request, error: OSError) -> Response:
    """Answer 503 if a file cannot be written; any other ``OSError`` is a bug."""
    detail = _UNSAVED.get(error.errno or 0)
    if detail is None:
        raise error
    return problem_response(503, detail, headers={"Retry-After": str(RETRY_AFTER)})


async def _bug(request: Request, error: Exception) -> Response:
    """Answer 500; Starlette raises ``error`` again, and uvicorn logs its traceback.

    uvicorn then closes the connection, so the answer announces that.
    """
    detail = "Something went wrong inside the backend; its log has the details."
    return problem_response(500, detail, headers={"Connection": "close"})
