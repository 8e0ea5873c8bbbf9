"""How large a request's body may be: measured while it arrives, whatever its headers say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from desktop.backend.problems import problem_response

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

LIMIT: Final = 1024 * 1024
"""Bytes of an ordinary body."""
BULK_LIMIT: Final = 16 * 1024 * 1024
"""Bytes of a body that brings many items or tasks."""

_LIST_PATH: Final = "/tasks"
_BULK_PATHS: Final = frozenset({"/items/batch", "/tasks/bulk", _LIST_PATH})
_WHITESPACE: Final = b" \t\r\n"


class BodyLimitMiddleware:
    """Pure ASGI middleware that answers 413 to a body over its path's limit.

    A body whose announced length fits goes through untouched: the HTTP parser holds it to that
    length. One without a length, and a long one to the path whose limit depends on what is in it
    (only a list to ``/tasks`` may be long), are taken in here before the route begins, which need
    not read its body at all.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, with its body measured where that is needed, or answer it."""
        if scope["type"] == "http":
            length = _announced_length(scope)
            if length is None or length > LIMIT:
                upload = _Upload(scope["path"], receive)
                if not await upload.take_in(length):
                    await _too_large(upload.limit)(scope, receive, send)
                    return
                receive = upload.receive
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


class _Upload:
    """One request's body, received up to its limit and then given to the route."""

    def __init__(self, path: str, receive: Receive) -> None:
        self._receive = receive
        self._may_be_list = path == _LIST_PATH
        self._messages: list[Message] = []
        self.limit = BULK_LIMIT if path in _BULK_PATHS else LIMIT

    async def take_in(self, announced: int | None) -> bool:
        """Receive the whole body; ``False`` once it is over its limit, or is announced to be."""
        if announced is not None and announced > self.limit:
            return False
        received, more = 0, True
        while more:
            message = await self._receive()
            self._messages.append(message)
            body = message.get("body", b"")
            if self._may_be_list and (start := body.lstrip(_WHITESPACE)):
                self._may_be_list = False
                if not start.startswith(b"["):
                    self.limit = LIMIT
            received += len(body)
            if received > self.limit:
                return False
            more = message.get("more_body", False)
        self._messages.reverse()
        return True

    async def receive(self) -> Message:
        """Give the next message that came, then what the connection brings."""
        return self._messages.pop() if self._messages else await self._receive()


def _too_large(limit: int) -> ASGIApp:
    return problem_response(
        413, f"The body is larger than the {limit // (1024 * 1024)} MiB this route takes."
    )
