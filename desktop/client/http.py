"""HTTP calls to the backend; each returns an answer or raises one of ``client.errors``."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

import httpx

from desktop.client.errors import BackendBroken, BackendGone
from desktop.client.http_errors import answer_error, not_ours, transport_error
from desktop.client.trust import trusted
from desktop.settings.backend_file import LOOPBACK

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from desktop.settings.backend_file import Backend

ANSWER_WITHIN: Final = 30.0
"""Default limit of each wait of a call, in seconds."""
CONNECT_WITHIN: Final = 3.0
CONNECTIONS: Final = 16
KEEP_ALIVE: Final = 60.0
"""Seconds that an idle connection is kept: less than the 75 s after which the backend closes it, so
no call is sent on a connection that is being closed."""


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """A 2xx: its decoded JSON (``None`` for an empty body) and its headers."""

    data: Any
    headers: Mapping[str, str]


def client_options(backend: Backend) -> dict[str, Any]:
    """Return the options of an httpx client for this backend, blocking or not.

    Proxies of the environment are ignored. The loopback needs no TLS, and not loading certificates
    saves 15 ms; for any other address, certificates are verified.
    """
    address = urlsplit(backend.url)
    is_here = address.scheme == "http" and address.hostname in LOOPBACK
    return {
        "base_url": backend.url,
        "headers": {"Authorization": f"Bearer {backend.token}"},
        "trust_env": False,
        "verify": False if is_here else trusted(),
        "timeout": httpx.Timeout(ANSWER_WITHIN, connect=CONNECT_WITHIN),
    }


class Http:
    """One pooled ``httpx.Client`` for all threads."""

    def __init__(self, backend: Backend) -> None:
        limits = httpx.Limits(max_connections=CONNECTIONS, keepalive_expiry=KEEP_ALIVE)
        self._client = httpx.Client(**client_options(backend), limits=limits)

    def close(self) -> None:
        """Close the connections.

        A call under way ends with ``BackendGone``, even if its answer arrives: whether it took
        effect is not known.
        """
        self._client.close()

    def call(
        self,
        method: str,
        path: str,
        *,
        json: object = None,
        content: bytes | IO[bytes] | None = None,
        params: Mapping[str, str | int] | None = None,
        key: str | None = None,
        repeatable: bool = False,
        within: float = ANSWER_WITHIN,
    ) -> HttpAnswer:
        """Send one request and wait for its answer; raises ``ClientError``.

        ``within`` limits each single wait, in seconds: for a free connection, for a piece of the
        request to be taken, for a piece of the answer to arrive. ``key`` is sent as
        ``Idempotency-Key``. If the connection is cut, a call that may be sent twice (a GET, a call
        with a key, a ``repeatable`` one) is sent again: the backend may have closed an idle
        connection at that moment. A ``content`` that is an open file is sent piece by piece.
        """
        request = self._client.build_request(
            method,
            path,
            json=json,
            content=content,
            params=params,
            headers={"Idempotency-Key": key} if key else None,
            timeout=httpx.Timeout(within, connect=CONNECT_WITHIN),
        )
        again = repeatable or method == "GET" or key is not None
        with self._failures(within):
            response = self._send(request, again=again)
        if self._client.is_closed:  # it did not close a connection that was being opened
            response.extensions["network_stream"].close()
        if response.is_success:
            return HttpAnswer(_decoded(response), response.headers)
        raise answer_error(response)

    def download(self, path: str, into: IO[bytes], *, within: float = ANSWER_WITHIN) -> None:
        """Write the body of a ``GET`` into a file, piece by piece.

        Raises ``ClientError``, and ``OSError`` if the file cannot be written.
        """
        waits = httpx.Timeout(within, connect=CONNECT_WITHIN)
        with (
            self._failures(within),
            self._client.stream("GET", path, timeout=waits) as response,
        ):
            if not response.is_success:
                response.read()
                raise answer_error(response)
            for piece in response.iter_bytes():
                into.write(piece)

    @contextmanager
    def _failures(self, within: float) -> Iterator[None]:
        """Translate the errors of httpx to ``ClientError``."""
        try:
            yield
        except httpx.RequestError as error:
            raise transport_error(error, within) from error
        except RuntimeError as error:
            if self._client.is_closed:
                raise BackendGone from error
            raise

    def _send(self, request: httpx.Request, *, again: bool) -> httpx.Response:
        try:
            return self._client.send(request)
        except _CUT:
            if not again:
                raise
            return self._client.send(request)


_CUT: Final = (httpx.RemoteProtocolError, httpx.ReadError, httpx.WriteError)


def _decoded(response: httpx.Response) -> Any:
    if not response.content:
        return None
    try:
        return response.json()
    except ValueError as error:
        raise BackendBroken(not_ours(response.request, response.status_code)) from error
