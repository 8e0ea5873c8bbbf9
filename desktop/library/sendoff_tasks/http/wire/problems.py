"""The errors of the API, as ``application/problem+json`` (RFC 9457), with their bad fields."""

from __future__ import annotations

import errno
import json
import logging
import types
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.routing import Match, Route

from sendoff_tasks.errors import (
    BadKey,
    Busy,
    Closed,
    Conflict,
    EngineError,
    InTheWay,
    NotWritable,
    UnknownId,
    UnknownTask,
)
from sendoff_tasks.model.problems import MEDIA_TYPE, Barred, FieldError, Problem
from sendoff_tasks.store.reads.query import BadQuery
from sendoff_tasks.words.table import ENGLISH, Said

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from fastapi import FastAPI
    from starlette.requests import Request

log = logging.getLogger(__name__)

AT: Final = "at"
"""Key of an error's context that names the wrong field, in a check of a whole object."""

SAID: Final = "said"
"""Key of an error's context with its text, if a check of ours has found it."""

RETRY: Final = {"Retry-After": "2"}
"""The headers of a refusal that says when, in s, a client may repeat its request."""
_DISK: Final = {
    **dict.fromkeys((errno.ENOSPC, errno.EDQUOT), "store.full"),
    **dict.fromkeys((errno.EROFS, errno.EACCES, errno.EPERM), "api.read_only"),
    **dict.fromkeys((errno.EMFILE, errno.ENFILE), "api.open_files"),
    errno.EIO: "store.disk",
}
"""Why a request that writes cannot use a file, by error number."""


def field_errors(details: Iterable[Mapping[str, Any]]) -> list[FieldError]:
    """Turn ``ValidationError.errors()`` into the ``errors`` of a problem."""
    return [{"path": _path(detail), "message": _sentence(detail)} for detail in details]


def _written(value: Any) -> Any:
    """Write a bound without a zero fraction: ``60`` for ``60.0``."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _path(detail: Mapping[str, Any]) -> str:
    location = list(detail["loc"])
    if AT in detail.get("ctx", {}):
        location.append(detail["ctx"][AT])
    return ".".join(str(part) for part in location)


def _sentence(detail: Mapping[str, Any]) -> str:
    context = detail.get("ctx", {})
    if isinstance(context.get("error"), ValueError):  # raised by a check of ours
        return str(context["error"])
    fields = {name: _written(value) for name, value in context.items()}
    said: str = context.get(SAID) or ENGLISH.fill("value", detail["type"], fields=fields)
    return said or str(detail["msg"])


class ProblemError(Exception):
    """Ends a request with a problem: a status, a sentence, and the bad fields, if any."""

    def __init__(self, status: int, detail: str, errors: Sequence[FieldError] = ()) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.errors = errors

    def answer(self) -> Response:
        """Make its answer."""
        return problem_response(self.status, self.detail, self.errors)


EXPECTED: Final = (
    *(ProblemError, RequestValidationError, ClientDisconnect, OSError),
    *(UnknownId, UnknownTask, BadKey, BadQuery),
    *(Conflict, InTheWay, Busy, NotWritable, Closed),
)
"""The errors that a request may meet; any other one is a bug, but for those of features."""


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
    refused: EngineError | None = None,
    barred: Barred | None = None,
) -> Response:
    """Make the answer of a problem."""
    title = HTTPStatus(status).phrase
    problem: Problem = {"type": "about:blank", "title": title, "status": status, "detail": detail}
    if errors:
        problem["errors"] = [*map(_with_reason, errors)]
    if refused is not None and refused.refusal:
        problem["refusal"], problem["data"] = refused.refusal, dict(refused.data)
    elif isinstance(detail, Said):
        problem["refusal"], problem["data"] = detail.reason, dict(detail.data)
    if barred is not None:
        problem["barred"] = barred
    text = json.dumps(problem, ensure_ascii=False).encode(errors="backslashreplace")
    return Response(text, status, headers, MEDIA_TYPE)


def _with_reason(error: FieldError) -> FieldError:
    message = error["message"]
    if not isinstance(message, Said):
        return error
    return {"reason": message.reason, **error, "data": dict(message.data)}


def install(
    app: FastAPI,
    more: Mapping[type[Exception], Callable[[Any], Response]] = types.MappingProxyType({}),
) -> None:
    """Make ``app`` answer every error, expected or not, with a problem.

    ``more`` makes the answers of further expected errors, by their class.
    """

    async def answered(_: Request, error: Exception) -> Response:
        return next(more[kind](error) for kind in type(error).__mro__ if kind in more)

    for kind in more:
        app.add_exception_handler(kind, answered)
    for kind in EXPECTED:
        app.add_exception_handler(kind, _expected)
    app.add_exception_handler(HTTPException, _http_exception)  # type: ignore[arg-type]
    app.add_exception_handler(Exception, _bug)


async def _expected(request: Request, error: Exception) -> Response:
    """Answer an error of ``EXPECTED``; the text of most of them is for the client."""
    said = str(error)
    match error:
        case ProblemError():
            return error.answer()
        case RequestValidationError():  # its `loc` begins with "path" or "query"
            found = ({**each, "loc": each["loc"][1:]} for each in error.errors())
            return invalid(field_errors(found)).answer()
        case BadKey():
            return bad_field("tasks", said).answer()
        case BadQuery():
            return bad_field(error.field, said).answer()
        case ClientDisconnect():  # it reads no answer
            return problem_response(400, ENGLISH.say("api", "disconnected"))
        case UnknownId():
            return problem_response(404, said, refused=error)
        case UnknownTask():
            return problem_response(422, said, [{"path": "task", "message": said}])
        case Busy():
            after = {"Retry-After": str(max(1, round(error.retry_after)))}
            return problem_response(429, said, headers=after, refused=error)
        case NotWritable():
            return unavailable(error)
        case Closed():
            return unavailable(Closed("api.closing"))
        case OSError():
            if (why := _DISK.get(error.errno or 0)) is None:
                raise error  # a bug
            if request.method in {"GET", "HEAD"}:  # it saves nothing
                why = "api.unread"
            return unavailable(NotWritable(why, why=error.strerror))
        case EngineError():
            return problem_response(409, said, refused=error)
    raise error


def unavailable(refused: EngineError) -> Response:
    """Make the 503 for what may be accepted in a moment."""
    return problem_response(503, str(refused), headers=RETRY, refused=refused)


async def _http_exception(request: Request, error: HTTPException) -> Response:
    row = {404: "nothing_at", 405: "not_allowed"}.get(error.status_code, "")
    fields = {"path": request.url.path, "method": request.method}
    detail = ENGLISH.fill("api", row, fields=fields) or error.detail
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


async def _bug(request: Request, error: Exception) -> Response:
    """Answer 500; Starlette raises ``error`` again, and uvicorn logs its traceback.

    uvicorn then closes the connection, so the answer announces that.
    """
    return problem_response(500, ENGLISH.say("api", "bug"), headers={"Connection": "close"})
