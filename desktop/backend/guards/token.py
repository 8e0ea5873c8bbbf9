"""Checks the token, host and origin of each request."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from desktop.backend.wire.problems import problem_response
from desktop.contract.access import Access
from desktop.contract.problems import Barred

if TYPE_CHECKING:
    from starlette.responses import Response
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from desktop.settings.tokens import Tokens

OPEN_PATHS: Final = frozenset({"/health"})
"""Paths that need no token; their ``Host`` and ``Origin`` are checked too."""
KNOWN: Final = "is_ours"
"""Key in the ``state`` of a request whose token allows something."""
ACCESS: Final = "access"
"""Key in the ``state`` of a request with a known token: the access that it gives."""
LOOKS: Final = frozenset({"GET", "HEAD"})
"""Methods that change nothing."""


ALLOWED: Final = frozenset({Access.FULL, Access.VIEWER})
"""Kinds of access that let a request through."""
WANTED: Final = (
    "A token is required: the one in this data folder's backend.json, or one "
    "made with `sendoff token add`."
)
EXPIRED: Final = "This token has expired. Ask for a new one, which `sendoff token add` makes."
LOOKS_ONLY: Final = "This token allows you to look. It cannot change anything."


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
            return _refused("The backend answers only to its own address.", Barred.ADDRESS)
        if any(origin.lower() not in self._origins for origin in origins):
            return _refused("Web pages of other sites may not use the backend.", Barred.ORIGIN)
        return None

    def _let_in(self, scope: Scope, token: bytes | None) -> Response | None:
        """Store the token's access in the scope; refuse a request that it does not allow."""
        access = None if token is None else self._tokens.access(token)
        if access is not None:
            state = scope.setdefault("state", {})
            state[ACCESS] = access
            if access in ALLOWED:
                state[KNOWN] = True
        if access is Access.FULL or scope["path"] in OPEN_PATHS:
            return None
        if access is Access.VIEWER:
            is_look = scope["method"] in LOOKS
            return None if is_look else _refused(LOOKS_ONLY, Barred.VIEWER)
        is_over = access is Access.EXPIRED
        return problem_response(
            401,
            EXPIRED if is_over else WANTED,
            headers={"WWW-Authenticate": "Bearer"},
            barred=Barred.EXPIRED if is_over else Barred.TOKEN,
        )


def _refused(sentence: str, barred: Barred) -> Response:
    return problem_response(403, sentence, barred=barred)


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
