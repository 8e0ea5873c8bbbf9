"""HTTP calls to the backend; each returns an answer, or raises one of ``client.errors``."""

from __future__ import annotations

import json
from contextlib import contextmanager
from dataclasses import dataclass
from types import MappingProxyType
from typing import IO, TYPE_CHECKING, Any, Final, cast
from urllib.parse import quote, urlsplit

import httpx

from sendoff_tasks.client.errors import (
    BackendBroken,
    BackendBusy,
    BackendGone,
    ClientError,
    Refused,
    TokenRefused,
    TooSlow,
)
from sendoff_tasks.client.health import BEHIND_A_PROXY, trusted
from sendoff_tasks.folder.backend_addresses import LOOPBACK
from sendoff_tasks.model.acts import WHO, computer_user
from sendoff_tasks.model.problems import MEDIA_TYPE, Barred, Problem
from sendoff_tasks.model.text import whole_characters
from sendoff_tasks.words.reasons import refused_words
from sendoff_tasks.words.table import ENGLISH

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator, Mapping
    from typing import Unpack

    from sendoff_tasks.client.calls import CallOptions
    from sendoff_tasks.folder.backend_addresses import Backend

ANSWER_WITHIN: Final = 30.0
"""Default limit of each wait of a call, in seconds."""
CONNECT_WITHIN: Final = 3.0
CONNECTIONS: Final = 16
KEEP_ALIVE: Final = 60.0
"""Seconds that an idle connection is kept: less than the 75 s after which the backend closes it, so
no call is sent on a connection that is being closed."""
RETRY_AFTER: Final = 1.0
"""Seconds to wait if a 429 or 503 names none."""
_CUT: Final = (httpx.RemoteProtocolError, httpx.ReadError, httpx.WriteError)


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
    who = quote(whole_characters(computer_user())) if is_here else ""  # a token of there has a name
    return {
        "base_url": backend.url,
        "headers": {"Authorization": f"Bearer {backend.token}", WHO: who},
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

    def call(self, method: str, path: str, **options: Unpack[CallOptions]) -> HttpAnswer:
        """Send one request and wait for its answer; raises ``ClientError``.

        ``within`` limits each single wait, in seconds: for a free connection, for a piece of the
        request to be taken, for a piece of the answer to arrive. ``key`` is sent as
        ``Idempotency-Key``. If the connection is cut, a call that may be sent twice (a GET, a call
        with a key, a ``repeatable`` one) is sent again: the backend may have closed an idle
        connection at that moment. A ``content`` that is an open file is sent piece by piece.
        Empty ``params`` are left out.
        """
        key, content = options.get("key"), options.get("content")
        within, params = options.get("within", ANSWER_WITHIN), options.get("params") or {}
        headers = {"Idempotency-Key": key} if key else {}
        if (body := options.get("json")) is not None:
            # httpx would refuse half characters; the backend says what is wrong.
            content, headers["Content-Type"] = json.dumps(body).encode(), "application/json"
        request = self._client.build_request(
            method,
            path,
            content=content,
            params=_written(params),
            headers=headers,
            timeout=httpx.Timeout(within, connect=CONNECT_WITHIN),
        )
        again = options.get("repeatable") or method == "GET" or key is not None
        with self._failures(within):
            response = self._send(request, again=bool(again))
        if self._client.is_closed:  # it did not close a connection that was being opened
            response.extensions["network_stream"].close()
        if response.is_success:
            return HttpAnswer(_decoded(response), response.headers)
        raise answer_error(response)

    def download(
        self,
        path: str,
        into: IO[bytes],
        *,
        within: float,
        params: Mapping[str, Any] = MappingProxyType({}),
    ) -> None:
        """Write the body of a ``GET`` into a file, piece by piece.

        Raises ``ClientError``, and ``OSError`` if the file cannot be written.
        """
        with self._streamed(path, params, within) as response:
            for piece in response.iter_bytes():
                into.write(piece)

    def lines(
        self, path: str, params: Mapping[str, Any], *, within: float = ANSWER_WITHIN
    ) -> Generator[str, None, None]:
        """Yield the lines of the body of a ``GET`` as they come; raises ``ClientError``.

        A generator that is closed earlier closes the connection.
        """
        with self._streamed(path, params, within) as response:
            yield from response.iter_lines()

    @contextmanager
    def _streamed(
        self, path: str, params: Mapping[str, Any], within: float
    ) -> Iterator[httpx.Response]:
        waits = httpx.Timeout(within, connect=CONNECT_WITHIN)
        given = _written(params)
        with (
            self._failures(within),
            self._client.stream("GET", path, params=given, timeout=waits) as response,
        ):
            if not response.is_success:
                response.read()
                raise answer_error(response)
            yield response

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


def _written(params: Mapping[str, Any]) -> dict[str, str]:
    return {
        name: whole_characters(str(value))
        for name, value in params.items()
        if value not in (None, "")
    }


def _decoded(response: httpx.Response) -> Any:
    if not response.content:
        return None
    try:
        return response.json()
    except ValueError as error:
        raise BackendBroken(not_ours(response.request, response.status_code)) from error


def transport_error(error: httpx.RequestError, within: float) -> ClientError:
    """Translate an error of httpx, after a wait of up to ``within`` s."""
    match error:
        case httpx.ReadTimeout() | httpx.WriteTimeout():
            return TooSlow(ENGLISH.say("client", "late", within=f"{within:.0f}"))
        case httpx.PoolTimeout():
            return BackendBusy(ENGLISH.say("client", "busy"), RETRY_AFTER)
        case httpx.TransportError():
            return BackendGone()
    return BackendBroken(not_ours(error.request))


def answer_error(response: httpx.Response) -> ClientError:
    """Translate an answer that is not a 2xx to an error."""
    problem = _problem(response)
    if problem is None:
        is_read = response.request.method == "GET"  # asked again at once if it was too slow
        if response.status_code == httpx.codes.GATEWAY_TIMEOUT and not is_read:
            return TooSlow(ENGLISH.say("client", "slow"))
        if response.status_code in BEHIND_A_PROXY:
            return BackendGone()
        return BackendBroken(not_ours(response.request, response.status_code))
    if response.status_code == httpx.codes.UNAUTHORIZED:
        said = ENGLISH.say("client", "restarted")
        return TokenRefused(said, has_expired=problem.get("barred") == Barred.EXPIRED)
    said = problem["detail"] or problem["title"]
    if response.status_code in {httpx.codes.TOO_MANY_REQUESTS, httpx.codes.SERVICE_UNAVAILABLE}:
        return BackendBusy(said, _retry_after(response), problem)
    if response.is_server_error:
        row = refused_words(ENGLISH, problem.get("refusal", ""), problem.get("data", {}))
        return BackendBroken(row or said)
    return Refused(problem)


def _problem(response: httpx.Response) -> Problem | None:
    """Read problem+json; ``None`` for any other answer."""
    if response.headers.get("content-type", "").partition(";")[0].strip() != MEDIA_TYPE:
        return None
    try:
        body = response.json()
    except ValueError:
        return None
    if not isinstance(body, dict):
        return None
    least = {"type": "about:blank", "title": response.reason_phrase, "detail": ""}
    return cast("Problem", {**least, **body, "status": response.status_code})


def _retry_after(response: httpx.Response) -> float:
    try:
        return max(0.0, float(response.headers["Retry-After"]))
    except (KeyError, ValueError):
        return RETRY_AFTER


def not_ours(request: httpx.Request, status: int | None = None) -> str:
    """Say that another program, or another version of the backend, answered a request."""
    name = "not_ours" if status is None else "not_ours_status"
    return ENGLISH.say("client", name, address=request.url.netloc.decode(), status=status)
