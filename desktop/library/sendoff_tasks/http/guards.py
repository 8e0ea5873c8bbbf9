"""The guards before the routes: token and origin, the size of a body, the right of way."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote

from sendoff_tasks.folder.tokens import token_id
from sendoff_tasks.http.wire.parameters import WHO_ASKS
from sendoff_tasks.http.wire.problems import problem_response
from sendoff_tasks.model.acts import LONGEST_NAME, WHO, computer_user
from sendoff_tasks.model.problems import Access, Barred
from sendoff_tasks.model.program import command
from sendoff_tasks.words.table import ENGLISH

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.responses import Response
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from sendoff_tasks.folder.tokens import Tokens
    from sendoff_tasks.lanes.right_of_way import RightOfWay

OPEN_PATHS: Final = frozenset({"/health"})
"""Paths that need no token; their ``Host`` and ``Origin`` are checked too."""
KNOWN: Final = "is_ours"
"""Key in the ``state`` of a request whose token allows something."""
ACCESS: Final = "access"
"""Key in the ``state`` of a request with a known token: the access that it gives."""
LOOKS: Final = frozenset({"GET", "HEAD"})
"""Methods that change nothing."""
OPEN_PAGE: Final = "/page/once"
"""The path of a call that gives no more than its token does."""


ALLOWED: Final = frozenset({Access.FULL, Access.VIEWER})
"""Kinds of access that let a request through."""
_WHO: Final = WHO.lower().encode()


class TokenMiddleware:
    """ASGI middleware that lets a request through, or answers 401 or 403.

    A web page in a browser can reach a loopback port directly (its ``Origin`` shows that) or by a
    host name that resolves to 127.0.0.1 (its ``Host`` shows that).

    The backend listens on ``port``. A streamed answer ends when its token is removed or expires.
    """

    def __init__(self, app: ASGIApp, *, tokens: Tokens, port: int) -> None:
        self._app = app
        self._tokens = tokens
        names = ("127.0.0.1", "localhost", "[::1]")
        hosts = {f"{name}:{port}" for name in names} | (set(names) if port == 80 else set())
        self._hosts = frozenset(host.encode() for host in hosts)
        self._origins = frozenset(f"http://{host}".encode() for host in hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        authorizations: list[bytes] = []
        refusal = self._stranger(scope, authorizations)
        token = _bearer(authorizations)
        if refusal is None:
            refusal = self._let_in(scope, token)
        if refusal is not None:
            await refusal(scope, receive, send)
        elif token is None or self._tokens.is_own(token):
            await self._app(scope, receive, send)
        else:
            await self._app(scope, receive, _while_let_in(token, self._tokens, send))

    def _stranger(self, scope: Scope, authorizations: list[bytes]) -> Response | None:
        """Refuse a wrong host or origin; collects the ``Authorization`` headers."""
        hosts, origins = [], []
        for name, value in scope["headers"]:
            if name == b"host":
                hosts.append(value)
            elif name == b"origin":
                origins.append(value)
            elif name == b"authorization":
                authorizations.append(value)
        if len(hosts) != 1 or hosts[0].lower() not in self._hosts:
            return _refused(Barred.ADDRESS)
        if any(origin.lower() not in self._origins for origin in origins):
            return _refused(Barred.ORIGIN)
        return None

    def _let_in(self, scope: Scope, token: bytes | None) -> Response | None:
        """Store the token's access in the scope; refuse a request that it does not allow."""
        access = None if token is None else self._tokens.access(token)
        if access is not None:
            state = scope.setdefault("state", {})
            state[ACCESS] = access
            if access in ALLOWED:
                state[KNOWN] = True
                if scope["method"] not in LOOKS:
                    state[WHO_ASKS] = self._who(scope, token or b"")
        if access is Access.FULL or scope["path"] in OPEN_PATHS:
            return None
        if access is Access.VIEWER:
            is_look = scope["method"] in LOOKS or scope["path"] == OPEN_PAGE
            return None if is_look else _refused(Barred.VIEWER)
        barred = Barred.EXPIRED if access is Access.EXPIRED else Barred.TOKEN
        return _refused(barred, 401, {"WWW-Authenticate": "Bearer"})

    def _who(self, scope: Scope, token: bytes) -> str:
        """Return the name of a token, or the one that the holder of the start's token tells.

        Only this computer's user can read that token, so it is that user if none is told.
        """
        named = self._tokens.named(token_id(token.decode("ascii", "replace")) or "")
        if named is not None:
            return named.name
        told = next((value for name, value in scope["headers"] if name == _WHO), None)
        who = computer_user() if told is None else unquote(told.decode("latin-1"))
        return "".join(filter(str.isprintable, who))[:LONGEST_NAME]


def _refused(
    barred: Barred, status: int = 403, headers: Mapping[str, str] | None = None
) -> Response:
    said = ENGLISH.say("barred", barred, command=command("token add"))
    return problem_response(status, said, headers=headers, barred=barred)


def _bearer(authorizations: list[bytes]) -> bytes | None:
    if len(authorizations) != 1:
        return None
    scheme, _, token = authorizations[0].partition(b" ")
    return token.strip() if scheme.lower() == b"bearer" else None


def _while_let_in(token: bytes, tokens: Tokens, send: Send) -> Send:
    """Pass an answer on while its token is valid: an event stream lasts for days.

    An answer with a ``Content-Length`` cannot be ended in order: the server closes its connection.
    """
    is_over = has_length = False

    async def passing(message: Message) -> None:
        nonlocal is_over, has_length
        if is_over:
            return
        if message["type"] == "http.response.start":
            has_length = any(name.lower() == b"content-length" for name, _ in message["headers"])
        is_over = bool(message.get("more_body")) and tokens.access(token) not in ALLOWED
        if not is_over:
            await send(message)
        elif not has_length:
            await send({"type": "http.response.body", "body": b""})

    return passing


LIMIT: Final = 1024 * 1024
"""Bytes of an ordinary body."""
BULK_LIMIT: Final = 16 * 1024 * 1024
"""Bytes of a body with many tasks, or as much of a feature."""

LARGE: Final = "/tasks/bulk|/tasks"
"""Paths, as a pattern, of bodies with many tasks."""


class BodyLimitMiddleware:
    """ASGI middleware: 413 for a body over its path's limit.

    The patterns say which paths take ``large`` bodies, and which files that their routes read in
    pieces and limit themselves (``streamed``). The HTTP parser enforces a length that is announced;
    any other body is read here before the route begins.
    """

    def __init__(self, app: ASGIApp, large: str = LARGE, streamed: str = "") -> None:
        self._app = app
        self._large = re.compile(large)
        self._streamed = re.compile(streamed)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, after reading its body where needed, or refuse it."""
        if scope["type"] != "http" or self._streamed.fullmatch(scope["path"]):
            await self._app(scope, receive, send)
            return
        limit = BULK_LIMIT if self._large.fullmatch(scope["path"]) else LIMIT
        size = _announced_length(scope)
        received: list[Message] = []
        if size is None:
            size, more = 0, True
            while more and size <= limit:
                received.append(await receive())
                size += len(received[-1].get("body", b""))
                more = received[-1].get("more_body", False)
        if size > limit:
            said = ENGLISH.say("api", "too_large", size=limit // (1024 * 1024))
            await problem_response(413, said)(scope, receive, send)
            return
        received.reverse()

        async def receive_again() -> Message:
            return received.pop() if received else await receive()

        await self._app(scope, receive_again, send)


def _announced_length(scope: Scope) -> int | None:
    """Return the announced length of the body in bytes; ``None`` for a chunked body."""
    length = 0
    for name, value in scope["headers"]:
        if name == b"transfer-encoding":
            return None
        if name == b"content-length":
            length = int(value)
    return length


class RightOfWayMiddleware:
    """ASGI middleware: a request has the ``right_of_way`` until its answer begins to leave.

    It does not have it while its body arrives, because a client may be slow.
    """

    def __init__(self, app: ASGIApp, *, right_of_way: RightOfWay) -> None:
        self._app = app
        self._right_of_way = right_of_way

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        request = _Request(self._right_of_way, receive, send)
        request.take()
        try:
            await self._app(scope, request.receive, request.send)
        finally:
            request.release()


class _Request:
    """The ``receive`` and ``send`` of a request, and whether it has the right of way."""

    __slots__ = ("_has_it", "_receive", "_right_of_way", "_send")

    def __init__(self, right_of_way: RightOfWay, receive: Receive, send: Send) -> None:
        self._right_of_way = right_of_way
        self._receive = receive
        self._send = send
        self._has_it = False

    def take(self) -> None:
        """Take the right of way."""
        self._has_it = True
        self._right_of_way.take()

    def release(self) -> None:
        """Release the right of way, if the request has it."""
        if self._has_it:
            self._has_it = False
            self._right_of_way.release()

    async def receive(self) -> Message:
        """Wait for the client, without the right of way."""
        self.release()
        message = await self._receive()
        if message["type"] == "http.request":
            self.take()
        return message

    async def send(self, message: Message) -> None:
        """Send a part of the answer; release the right of way with the first part of the body."""
        await self._send(message)
        if message["type"] == "http.response.body":
            self.release()
