"""What the page serves: itself to everyone, and the tasks' API to those who are let in."""

from __future__ import annotations

import asyncio
import json
import logging
import re
import time
from collections.abc import AsyncIterator, Callable, Collection, Iterable, Mapping
from contextlib import AsyncExitStack
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote
from weakref import WeakSet

import h11
from fastapi import APIRouter, Depends, Request
from fastapi.middleware.asyncexitstack import AsyncExitStackMiddleware
from fastapi.routing import APIRoute
from pydantic import BaseModel, TypeAdapter
from starlette.exceptions import HTTPException
from starlette.middleware.exceptions import ExceptionMiddleware
from starlette.requests import ClientDisconnect
from starlette.responses import FileResponse, JSONResponse, Response, StreamingResponse

from sendoff_tasks.folder.backend_addresses import BackendFileError, read_backend
from sendoff_tasks.folder.keys import hash_of
from sendoff_tasks.folder.tokens import Tokens
from sendoff_tasks.http.guards import LOOKS
from sendoff_tasks.http.page.forwarding import MonitorAway, forwarded
from sendoff_tasks.http.page.shown import (
    ALL,
    Alteration,
    ShownPart,
    change_of,
    events_shown,
    may_search,
)
from sendoff_tasks.http.page.visitors import (
    Right,
    Visitor,
    begin_session,
    holder_of,
    visitor_in,
    visitor_of,
)
from sendoff_tasks.http.wire.problems import RETRY, ProblemError, problem_response
from sendoff_tasks.http.wire.requests import json_response, parse
from sendoff_tasks.model.acts import LONGEST_NAME, WHO
from sendoff_tasks.model.filters import STATE_WORDS
from sendoff_tasks.model.problems import Barred
from sendoff_tasks.model.program import PROGRAM
from sendoff_tasks.model.times import wire_time
from sendoff_tasks.words.table import ENGLISH

if TYPE_CHECKING:
    from starlette.types import ASGIApp

    from sendoff_tasks.facade.engine import Engine
    from sendoff_tasks.folder.backend_addresses import Backend
    from sendoff_tasks.folder.paths import DataFolder
    from sendoff_tasks.http.page_codes import OnceCodes

log = logging.getLogger(__name__)

STATIC: Final = Path(__file__).with_name("static")
MARK: Final = "X-Sendoff-Page"
"""The header that each call of the page has. A form or a link of another site cannot send it."""
ASKED_AT: Final = "X-Sendoff-At"
"""The header of an answer with the time of its request: an action on all that it shows takes none
that came or ended later."""
COOKIE: Final = "sendoff_page_"
"""How the names of the pages' cookies begin."""
STREAM_S: Final = 60.0
"""Seconds after which a stream ends, and the page asks again: so what ``allow`` says now counts."""
BODY_BYTES: Final = 1 << 16
"""The longest body of a call: the page names tasks by a filter, not one by one."""

_HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-cache",
}
_NUMBER: Final = "[0-9]{1,16}"
_REACHED: Final = tuple(
    (method, re.compile(path))
    for method, path in (
        (
            "GET",
            "tasks|tasks/counts|causes|queues|schedules|overview|stats|events|acts|acts/export",
        ),
        ("GET", f"tasks/{_NUMBER}"),
        ("DELETE", f"pending/{_NUMBER}"),
        ("POST", f"tasks/bulk|tasks/{_NUMBER}/(retry|cancel|resolve)"),
        ("POST", "queues/(pause|resume)|queues/.+/(pause|resume|retry)"),
        ("POST", "schedules/.+/(pause|resume|run)"),
    )
)
"""What the page reaches of the API: tasks and what belongs to them, and nothing of a program that
is built on them."""
_RUNS: Final = ("GET functions", "POST tasks")
"""What else it reaches for whoever may run a function."""
_PASSED_ON: Final = ("content-type", "idempotency-key", "last-event-id")
_RETURNED: Final = frozenset({b"content-type", b"content-length", b"retry-after"})

ask_for_token: Final[WeakSet[Engine]] = WeakSet()
"""The engines with a page that is open to whoever has a token."""

Allow = Callable[..., Any]
"""A dependency of the app, that says what a visitor may: a :class:`Right`, or a right and a name.

An error of it, or ``None``, lets nobody in.
"""


class _Login(BaseModel):
    """A token, or a code that a window was given."""

    token: str = ""
    once: str = ""


_LOGIN: Final = TypeAdapter(_Login)


def monitor(
    engine: Engine,
    *,
    allow: Allow | None = None,
    shown: Iterable[ShownPart] = ALL,
    origins: Iterable[str] = (),
) -> ASGIApp:
    """Make the page of an engine's tasks, for an app to mount under any path.

    ``allow`` is a dependency of the app that the page is mounted in: it says who may *look*, *act*
    or *run*. Without it the page asks for a token, one of ``sendoff-tasks token add`` or the one
    that a start prints to its terminal. Any process of the app can serve the page.

    Whoever may only look sees the parts of a task that ``shown`` names. Nobody sees a value whose
    name is that of a secret: ``password``, ``api_key``.

    Changes come from the page's own address. Behind a proxy that tells neither the host nor where a
    request is from, ``origins`` names the address that a browser shows: ``https://shop.example``.
    Raises ``ValueError`` for an unknown part.
    """
    if allow is None:
        ask_for_token.add(engine)
    return page(lambda: engine.folder, allow=allow, shown=shown, origins=origins)


def page(
    find: Callable[[], DataFolder | None],
    *,
    allow: Allow | None = None,
    shown: Iterable[ShownPart] = ALL,
    origins: Iterable[str] = (),
    unoffered: Collection[str] = (),
    codes: OnceCodes | None = None,
) -> ASGIApp:
    """Make the page of the tasks whose monitor a folder names; see :func:`monitor`.

    *Run* does not offer the functions with the names ``unoffered``. The monitor's own page also
    takes the ``codes`` that it made.
    """
    parts = frozenset(shown)
    if not parts <= ALL:
        raise ValueError(f"shown: these are the parts: {', '.join(sorted(ALL))}")
    by_token = allow is None
    served = _Page(find, parts, frozenset(origins), unoffered, by_token=by_token, codes=codes)
    router = APIRouter(route_class=_Closed, dependency_overrides_provider=served)
    who = Depends(allow or served.by_token)

    async def call(request: Request, answer: Any = who) -> Response:
        return await served.call(request, visitor_of(answer))

    async def me(request: Request, answer: Any = who) -> Response:
        return served.me(request, visitor_of(answer))

    router.add_api_route("/api/me", me, methods=["GET"])
    router.add_api_route("/api/session", served.log_in, methods=["POST"])
    router.add_api_route("/api/session", served.log_out, methods=["DELETE"])
    router.add_api_route(
        "/api/{path:path}", call, methods=["GET", "POST", "DELETE"], response_model=None
    )
    if allow is not None:
        door = APIRouter(route_class=_Door, dependency_overrides_provider=served)
        door.add_api_route("/", _file, dependencies=[who], response_model=None)
        router.routes.extend(door.routes)
    router.add_route("/", _file)
    router.add_route("/{name:path}", _file)
    # Both are FastAPI's own around its routes; here the page may stand before them, or without.
    return ExceptionMiddleware(AsyncExitStackMiddleware(router))


class _Closed(APIRoute):
    """A route of the page's calls: only the page calls it, and an error of ``allow`` is *none*."""

    def get_route_handler(self) -> Callable[[Request], Any]:
        handle = super().get_route_handler()
        page: Any = self.dependency_overrides_provider

        async def closed(request: Request) -> Response:
            page.app = request.scope.get("app")
            try:
                is_page = MARK in request.headers
                answer: Response = (
                    await handle(request) if is_page else _refused(403, "not_the_page")
                )
            except ProblemError as error:
                answer = problem_response(error.status, error.detail, errors=error.errors)
            except ClientDisconnect:
                answer = Response(status_code=400)  # which nobody reads
            except Exception as error:
                if not isinstance(error, HTTPException):
                    log.exception("The page refused a request: allow= raised an error")
                said, asked = ENGLISH.say("page", "closed"), _asked(error)
                answer = problem_response(403 if asked is None else 401, said, headers=asked)
            answer.headers.update({**_HEADERS, "Cache-Control": "no-store"})
            return answer

        return closed


class _Door(APIRoute):
    """The page itself, where ``allow`` may send a browser elsewhere, or ask it who is there."""

    def get_route_handler(self) -> Callable[[Request], Any]:
        handle = super().get_route_handler()
        page: Any = self.dependency_overrides_provider

        async def led(request: Request) -> Response:
            page.app = request.scope.get("app")
            try:
                answer: Response = await handle(request)
            except HTTPException as error:
                answer = await _file(request)
                if _asked(error) is not None:
                    answer.status_code = error.status_code
                    answer.headers.update(error.headers or {})
            except Exception:
                log.exception("The page is closed to a visitor: allow= raised an error")
                answer = await _file(request)
            return answer

        return led


def _asked(error: Exception) -> Mapping[str, str] | None:
    """Return how ``allow`` asks who is there, as headers: by 401, or by the way to a login."""
    if not isinstance(error, HTTPException):
        return None
    if error.status_code == 401:
        return error.headers or {}
    return {} if 300 <= error.status_code < 400 else None


_said: Final = partial(ENGLISH.say, "page_call")


def _refused(
    status: int,
    reason: str,
    headers: Mapping[str, str] | None = None,
    barred: Barred | None = None,
) -> Response:
    return problem_response(status, _said(reason), headers=headers, barred=barred)


async def _file(request: Request) -> Response:
    """Send a file of the page; none of them needs a right, and none has a secret."""
    name = request.path_params.get("name") or "index.html"
    if name in _TABLES:
        return JSONResponse(_TABLES[name](), headers=_HEADERS)
    if name not in {each.name for each in STATIC.iterdir()}:
        return Response("There is no such page.", 404, _HEADERS, "text/plain")
    return FileResponse(STATIC / name, headers=_HEADERS)


def _words() -> dict[str, dict[str, list[str]]]:
    """Return the forms of each row, by subject and name; the last is that of most numbers."""
    words: dict[str, dict[str, list[str]]] = {}
    for (subject, name), row in ENGLISH.rows.items():
        words.setdefault(subject, {})[name] = [*filter(None, [row.one]), row.other]
    return words


def _filters() -> dict[str, dict[str, Any]]:
    """Return the parameters of ``GET /tasks`` that each word after ``state:`` means."""
    return {word: meant.parameters() for word, meant in STATE_WORDS.items()}


_TABLES: Final = {"words.json": _words, "filters.json": _filters}
"""The files of the page that are made from tables of the library."""


class _Page:
    """The calls of one page; a process has one for each place where it is mounted."""

    def __init__(
        self,
        find: Callable[[], DataFolder | None],
        shown: frozenset[ShownPart],
        origins: frozenset[str],
        unoffered: Collection[str],
        *,
        by_token: bool,
        codes: OnceCodes | None,
    ) -> None:
        self._find = find
        self._shown = shown
        self._origins = origins
        self._unoffered = unoffered
        self._asks_for_token = by_token
        self._codes = codes
        self._tokens: tuple[Backend, Tokens] | None = None
        self.app: Any = None

    @property
    def dependency_overrides(self) -> dict[Allow, Allow]:
        """Those of the app around the page, for its tests."""
        overrides: dict[Allow, Allow] = getattr(self.app, "dependency_overrides", {})
        return overrides

    async def by_token(self, request: Request) -> Visitor:
        """Return who has the session of this request."""
        session = request.cookies.get(_cookie(request), "")
        public = None if self._codes is None else self._codes.holder(session)
        if public is not None:
            return holder_of(self._known(), public, time.time())
        return visitor_in(self._known(), session)

    def me(self, request: Request, visitor: Visitor) -> Response:
        """Answer who somebody is: their right, their name, and which program makes tokens."""
        told = {"right": visitor.right, "name": visitor.name, "token": self._asks_for_token}
        told |= {"program": PROGRAM.name}
        return JSONResponse({**told, "title": getattr(request.scope.get("app"), "title", "Tasks")})

    async def log_in(self, request: Request) -> Response:
        """Begin a session for a token, or a code; its cookie reaches this page only."""
        self._refuse_foreign(request)
        shown = parse(await _body(request), _LOGIN)
        if shown.once:
            session = None if self._codes is None else self._codes.redeem(shown.once)
        elif self._asks_for_token:  # a terminal may have broken what was copied
            session = begin_session(self._known(), "".join(shown.token.split()))
        else:
            session = None
        if session is None:
            raise ProblemError(403, _said("wrong_code" if shown.once else "wrong_token"))
        return _with_cookie(request, session)

    async def log_out(self, request: Request) -> Response:
        """End the session in this browser."""
        self._refuse_foreign(request)
        return _with_cookie(request, "")

    async def call(self, request: Request, visitor: Visitor) -> Response:
        """Forward a call of the page, if its visitor may and the page has a use for it."""
        path, method = request.path_params["path"], request.method
        if visitor.right is Right.NONE:
            return problem_response(
                401 if self._asks_for_token else 403, ENGLISH.say("page", "closed")
            )
        self._refuse_foreign(request)
        if method not in LOOKS and not visitor.right.includes(Right.ACT):
            return _refused(403, "looks_only", barred=Barred.VIEWER)
        if f"{method} {path}" in _RUNS:
            if visitor.right is not Right.RUN:
                return _refused(403, "acts_only")
        elif not any(method == allowed and at.fullmatch(path) for allowed, at in _REACHED):
            return _refused(404, "not_reached")
        headers = [(name, request.headers[name]) for name in _PASSED_ON if name in request.headers]
        headers.append((WHO, quote(visitor.name[:LONGEST_NAME])))
        target = f"/{quote(path)}" + (f"?{request.url.query}" if request.url.query else "")
        shown = ALL if visitor.right.includes(Right.ACT) else self._shown
        if not may_search(request.query_params, shown):
            return _refused(403, "not_searched")
        change = change_of(path, shown, self._unoffered) if method == "GET" else None
        now = wire_time(time.time_ns() // 1_000_000)
        answer = await self._answer(request, visitor, target, headers, shown, change)
        answer.headers[ASKED_AT] = now
        return answer

    async def _answer(
        self,
        request: Request,
        visitor: Visitor,
        target: str,
        headers: list[tuple[str, str]],
        shown: frozenset[ShownPart],
        change: Alteration | None,
    ) -> Response:
        body = await _body(request)
        held = AsyncExitStack()
        try:
            answer = await held.enter_async_context(
                forwarded(self._backend(), request.method, target, headers, body)
            )
            pieces = answer.pieces
            if change is not None and answer.status == 200:
                async with held:
                    told = json.loads(b"".join([piece async for piece in pieces]))
                return json_response(change(told))
        except (MonitorAway, OSError, h11.RemoteProtocolError):
            await held.aclose()
            return problem_response(503, self._why_away(), headers=RETRY)
        except (UnicodeEncodeError, h11.LocalProtocolError):
            await held.aclose()
            return _refused(400, "not_http")
        if target.startswith("/events") and not shown >= ALL:
            pieces = events_shown(pieces, shown)
        if target.startswith("/events") and self._asks_for_token:
            pieces = self._while_let_in(request, visitor, pieces)
        response = StreamingResponse(_until_end(pieces, held), answer.status)
        response.raw_headers = [pair for pair in answer.headers if pair[0].lower() in _RETURNED]
        return response

    async def _while_let_in(
        self, request: Request, visitor: Visitor, pieces: AsyncIterator[bytes]
    ) -> AsyncIterator[bytes]:
        """Pass events on while the session of their request lasts."""
        async for piece in pieces:
            if await self.by_token(request) != visitor:
                return
            yield piece

    def _backend(self) -> Backend:
        folder = self._find()
        if folder is None:
            raise ProblemError(503, _said("no_monitor"))
        try:
            backend = read_backend(folder.backend_file)
        except BackendFileError:
            backend = None
        if backend is None:
            raise MonitorAway
        return backend

    def _why_away(self) -> str:
        """Say that no process runs the tasks, or which one is to be started."""
        folder = self._find()
        return (folder.worker_away if folder else "") or _said("away")

    def _known(self) -> Tokens:
        """Return the tokens of the monitor that runs now."""
        try:
            backend = self._backend()
        except MonitorAway:
            raise ProblemError(503, self._why_away()) from None
        if self._tokens is None or self._tokens[0] != backend:
            folder = self._find()
            self._tokens = backend, Tokens(backend.token, folder.tokens_file if folder else None)
        return self._tokens[1]

    def _refuse_foreign(self, request: Request) -> None:
        """Refuse a call that does not come from the page's own address.

        Over plain HTTP a read of the page has none of these headers, and one of another site has
        its ``Origin``.
        """
        site = request.headers.get("sec-fetch-site")
        origin = request.headers.get("origin", "")
        host = request.headers.get("host", "").lower()
        is_own = site == "same-origin" or (
            site is None
            and (
                origin in {f"http://{host}", f"https://{host}"}
                or (not origin and request.method in LOOKS)
            )
        )
        if not (is_own or origin in self._origins):
            raise ProblemError(403, _said("elsewhere", address=origin or "an unknown address"))


async def _until_end(pieces: AsyncIterator[bytes], held: AsyncExitStack) -> AsyncIterator[bytes]:
    """Pass the pieces on, for ``STREAM_S`` at most, and close the connection behind them."""
    ends_at = time.monotonic() + STREAM_S
    try:
        while True:
            yield await asyncio.wait_for(anext(pieces), ends_at - time.monotonic())
    except (StopAsyncIteration, OSError, h11.RemoteProtocolError, ProblemError):
        return  # a timeout is an OSError; the page asks again, from the last event that it has
    finally:
        await held.aclose()


async def _body(request: Request) -> bytes:
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > BODY_BYTES:
            raise ProblemError(413, _said("too_large", size=BODY_BYTES))
    return bytes(body)


def cookie_name(port: int | None, path: str) -> str:
    """Return the name of the cookie of the page at a port and below a path.

    Cookies know no ports, and one path may hold another's.
    """
    return COOKIE + hash_of(f"{port} {path}")[:12]


def _cookie(request: Request) -> str:
    return cookie_name(request.url.port, request.scope.get("root_path", ""))


def _with_cookie(request: Request, session: str) -> Response:
    answer = Response(status_code=204)
    answer.set_cookie(
        _cookie(request),
        session,
        max_age=None if session else 0,
        path=None,  # that of the calls, also behind a proxy that adds to it
        # A proxy with TLS may tell only where the page is.
        secure="https" in (request.url.scheme, request.headers.get("origin", "").partition(":")[0]),
        httponly=True,
        samesite="strict",
    )
    return answer
