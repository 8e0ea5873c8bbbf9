"""How large a request's body may be: measured while it arrives, whatever its headers say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from desktop.backend.problems import ProblemError, problem_response

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

LIMIT: Final = 1024 * 1024
"""Bytes of an ordinary body."""
BULK_LIMIT: Final = 16 * 1024 * 1024
"""Bytes of a body that brings many items or tasks."""

_BULK_PATHS: Final = frozenset({"/items/batch", "/tasks/bulk"})
_LIST_PATH: Final = "/tasks"
_WHITESPACE: Final = b" \t\r\n"


class BodyLimitMiddleware:
    """Pure ASGI middleware that answers 413 to a body over its path's limit.

    A body whose announced length fits goes through untouched: the HTTP parser holds it to that
    length. One without a length, and a long one to the path whose limit depends on what is in it
    (only a list to ``/tasks`` may be long), are counted chunk by chunk.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, with a counting ``receive`` where it is needed, or answer it."""
        if scope["type"] == "http":
            length = _announced_length(scope)
            if length is None or length > LIMIT:
                counter = _Counter(scope["path"], receive)
                if length is not None and length > counter.highest_limit:
                    await _too_large(counter.highest_limit)(scope, receive, send)
                    return
                receive = counter.receive
        await self._app(scope, receive, send)


def _announced_length(scope: Scope) -> int | None:
    """Tell the body's length in bytes, or ``None`` where it arrives in chunks."""
    length = 0
    for name, value in scope["headers"]:
        if name == b"transfer-encoding":
            return None
        if name == b"content-length":
            length = int(value)
    return length


class _Counter:
    """Counts one request's body as it is received."""

    def __init__(self, path: str, receive: Receive) -> None:
        self._receive = receive
        self._may_be_list = path == _LIST_PATH
        self._limit = BULK_LIMIT if path in _BULK_PATHS else LIMIT
        self._received = 0
        self.highest_limit = BULK_LIMIT if self._may_be_list else self._limit

    async def receive(self) -> Message:
        """Receive the next message; raise a 413 once the body is over its limit."""
        message = await self._receive()
        body = message.get("body", b"")
        if self._may_be_list and (start := body.lstrip(_WHITESPACE)):
            self._may_be_list = False
            if start.startswith(b"["):
                self._limit = BULK_LIMIT
        self._received += len(body)
        if self._received > self._limit:
            raise ProblemError(413, _sentence(self._limit))
        return message


def _sentence(limit: int) -> str:
    return f"The body is larger than the {limit // (1024 * 1024)} MiB this route takes."


def _too_large(limit: int) -> ASGIApp:
    return problem_response(413, _sentence(limit))
