"""Who may speak to the backend: our own host name, no foreign web page, the launch's token."""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING, Final

from desktop.backend.wire.problems import problem_response

if TYPE_CHECKING:
    from starlette.responses import Response
    from starlette.types import ASGIApp, Receive, Scope, Send

OPEN_PATHS: Final = frozenset({"/health"})
"""Answered without a token; ``Host`` and ``Origin`` are checked here as well."""
KNOWN: Final = "is_ours"
"""Is in the ``state`` of a request that brought the token."""


class TokenMiddleware:
    """Pure ASGI middleware that lets a request through, or answers 401 or 403.

    A web page in a browser can reach a loopback port: directly (its ``Origin`` gives it away) or
    with a name it made to resolve to 127.0.0.1 (its ``Host`` does).

    ``token`` is the launch's secret, ``port`` the one the backend listens on.
    """

    def __init__(self, app: ASGIApp, *, token: str, port: int) -> None:
        self._app = app
        self._token = token.encode()
        names = ("127.0.0.1", "localhost", "[::1]")
        hosts = {f"{name}:{port}" for name in names} | (set(names) if port == 80 else set())
        self._hosts = frozenset(host.encode() for host in hosts)
        self._origins = frozenset(f"http://{host}".encode() for host in hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer it."""
        refusal = self._refusal(scope) if scope["type"] == "http" else None
        if refusal is None:
            await self._app(scope, receive, send)
        else:
            await refusal(scope, receive, send)

    def _refusal(self, scope: Scope) -> Response | None:
        hosts, origins, authorizations = [], [], []
        for name, value in scope["headers"]:
            if name == b"host":
                hosts.append(value)
            elif name == b"origin":
                origins.append(value)
            elif name == b"authorization":
                authorizations.append(value)
        if len(hosts) != 1 or hosts[0].lower() not in self._hosts:
            return problem_response(403, "The backend answers only to its own address.")
        if any(origin.lower() not in self._origins for origin in origins):
            return problem_response(403, "Web pages of other sites may not use the backend.")
        if self._is_ours(authorizations):
            scope.setdefault("state", {})[KNOWN] = True
            return None
        if scope["path"] in OPEN_PATHS:
            return None
        return problem_response(
            401,
            "A token is required; it is in backend.json in the data folder.",
            headers={"WWW-Authenticate": "Bearer"},
        )

    def _is_ours(self, authorizations: list[bytes]) -> bool:
        if len(authorizations) != 1:
            return False
        scheme, _, token = authorizations[0].partition(b" ")
        return scheme.lower() == b"bearer" and hmac.compare_digest(token.strip(), self._token)
