"""The guards before the routes: tokens, the size of bodies, the right of way."""

from __future__ import annotations

import json
import time
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI, Request
from starlette.responses import PlainTextResponse, StreamingResponse
from starlette.types import Message, Receive, Scope, Send

from desktop.backend.application import PARTS
from sendoff_tasks.folder.tokens import Tokens, add_token, remove_token
from sendoff_tasks.http.guards import (
    BULK_LIMIT,
    LIMIT,
    BodyLimitMiddleware,
    RightOfWayMiddleware,
    TokenMiddleware,
)
from sendoff_tasks.http.wire import problems
from sendoff_tasks.lanes.right_of_way import RightOfWay
from sendoff_tasks.model.problems import MEDIA_TYPE, Access
from tests.backend.conftest import PORT, TOKEN, client_of

pytestmark = pytest.mark.anyio

GUARDED = TokenMiddleware(PlainTextResponse("inside"), tokens=Tokens(TOKEN, None), port=PORT)


async def status(path: str = "/stats", **headers: str) -> int:
    """Ask with these headers over the ones a good request has."""
    async with client_of(GUARDED) as client:
        answer = await client.get(path, headers=headers)
    if answer.status_code != 200:
        assert answer.headers["content-type"] == MEDIA_TYPE
        assert answer.json()["status"] == answer.status_code
    return answer.status_code


async def test_the_token_opens_from_our_own_names_and_origin_in_any_case_of_its_scheme() -> None:
    assert await status() == 200
    assert await status(authorization=f"bearer {TOKEN}") == 200
    assert await status(origin=f"http://127.0.0.1:{PORT}") == 200
    for host in ("127.0.0.1", "localhost", "LOCALHOST", "[::1]"):
        assert await status(host=f"{host}:{PORT}") == 200


async def test_anything_else_is_401_and_says_what_is_wanted_where_it_is_not_open() -> None:
    tokens = ("", "Bearer", "Bearer ", "Bearer wrong", f"Bearer {TOKEN}x", f"Basic {TOKEN}", TOKEN)
    one = [[("Authorization", token)] for token in tokens]
    two = [("Authorization", f"Bearer {TOKEN}"), ("Authorization", "Bearer wrong")]
    async with client_of(GUARDED, token=None) as client:
        for headers in ([], two, *one):
            answer = await client.get("/stats", headers=headers)
            assert answer.status_code == 401
            assert answer.headers["WWW-Authenticate"] == "Bearer"
        assert (await client.get("/health")).status_code == 200


@pytest.mark.parametrize("path", ["/stats", "/health"])
async def test_a_foreign_host_or_origin_is_403_even_where_no_token_is_needed(path: str) -> None:
    evil, port = "evil.example", PORT + 1
    for host in (evil, f"{evil}:{PORT}", "127.0.0.1", f"127.0.0.1:{port}", "", "127.0.0.2"):
        assert await status(path, host=host) == 403
    for origin in (f"https://{evil}", "null", f"https://127.0.0.1:{PORT}", "http://localhost"):
        assert await status(path, origin=origin) == 403
    for origin in ("file://", f"https://{evil}"):
        assert await status(path, authorization=f"Bearer {TOKEN}", origin=origin) == 403


async def asked(app: TokenMiddleware, token: str, method: str = "GET") -> tuple[int, str]:
    """Ask with a token; gives the status, and what barred it."""
    async with client_of(app, token=token) as client:
        answer = await client.request(method, "/stats")
    return answer.status_code, "" if answer.is_success else answer.json()["barred"]


async def test_tokens_with_a_name_allow_what_they_are_for_and_a_removed_one_nothing(
    tmp_path: Path,
) -> None:
    file = tmp_path / "tokens.json"
    guarded = TokenMiddleware(PlainTextResponse("inside"), tokens=Tokens(TOKEN, file), port=PORT)
    full = add_token(file, "full", Access.FULL)
    viewer = add_token(file, "viewer", Access.VIEWER)
    over = add_token(file, "over", Access.FULL, expires_at=time.time() - 1)
    assert [await asked(guarded, full, verb) for verb in ("GET", "POST")] == [(200, "")] * 2
    assert await asked(guarded, viewer) == (200, "")
    for verb in ("POST", "PUT", "PATCH", "DELETE"):
        assert await asked(guarded, viewer, verb) == (403, "viewer")
    assert await asked(guarded, over) == (401, "expired")
    assert await asked(guarded, viewer.replace("_viewer_", "_full_")) == (401, "token")
    assert await asked(guarded, f"{full[:-1]}{'0' if full[-1] != '0' else '1'}") == (401, "token")
    remove_token(file, "full")
    assert await asked(guarded, full) == (401, "token")
    assert await asked(guarded, TOKEN, "POST") == (200, "")
    file.write_text("half a fi")
    assert await asked(guarded, viewer) == (401, "token")


async def test_an_answer_under_way_ends_when_its_token_is_removed(tmp_path: Path) -> None:
    file = tmp_path / "tokens.json"
    token = add_token(file, "ada", Access.VIEWER)

    async def pieces() -> AsyncIterator[bytes]:
        yield b"one"
        remove_token(file, "ada")
        yield b"two"
        yield b"three"

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await StreamingResponse(pieces())(scope, receive, send)

    guarded = TokenMiddleware(app, tokens=Tokens(TOKEN, file), port=PORT)
    async with client_of(guarded, token=token) as client:
        assert (await client.get("/events")).text == "one"


@pytest.mark.parametrize("length", [None, b"5"])
async def test_an_answer_whose_length_was_told_ends_with_its_connection(
    tmp_path: Path, length: bytes | None
) -> None:
    """A server takes an early end for a mistake, and logs where it was made."""
    file = tmp_path / "tokens.json"
    token = add_token(file, "ada", Access.VIEWER)
    sent: list[Message] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        headers = [] if length is None else [(b"content-length", length)]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b"one", "more_body": True})
        remove_token(file, "ada")
        await send({"type": "http.response.body", "body": b"tw", "more_body": True})
        await send({"type": "http.response.body", "body": b""})

    async def receive() -> Message:
        return {"type": "http.request", "body": b""}

    async def send(message: Message) -> None:
        sent.append(message)

    guarded = TokenMiddleware(app, tokens=Tokens(TOKEN, file), port=PORT)
    headers = {b"host": f"127.0.0.1:{PORT}".encode(), b"authorization": f"Bearer {token}".encode()}
    scope = {"type": "http", "method": "GET", "path": "/x", "headers": [*headers.items()]}
    await guarded(scope, receive, send)
    ends = [] if length else [b""]
    assert [each["body"] for each in sent[1:]] == [b"one", *ends]


PIECE = 64 * 1024


def measuring_app() -> FastAPI:
    """Make an application that answers how long the body was."""
    app = FastAPI()
    problems.install(app)

    @app.post("/{path:path}")
    async def measure(request: Request) -> int:
        return len(await request.body())

    app.add_middleware(BodyLimitMiddleware, large="|".join(each.large for each in PARTS[:2]))
    return app


class Upload:
    """A body in pieces, without a length; remembers how much of it was taken."""

    def __init__(self, size: int, first: bytes = b"") -> None:
        self.size = size
        self.first = first
        self.taken = 0

    async def __aiter__(self) -> AsyncIterator[bytes]:
        piece = self.first + b" " * (PIECE - len(self.first))
        while self.taken < self.size:
            piece = piece[: self.size - self.taken]
            self.taken += len(piece)
            yield piece
            piece = b" " * PIECE


async def post(path: str, body: bytes | Upload) -> httpx.Response:
    async with client_of(measuring_app()) as client:
        return await client.post(path, content=body)


PATHS = [
    ("/items/7", LIMIT, b""),
    ("/mail/test", LIMIT, b""),
    ("/items/batch", BULK_LIMIT, b""),
    ("/tasks/bulk", BULK_LIMIT, b""),
    ("/batches/7/rows", BULK_LIMIT, b""),
    ("/batches/7/rows/3", LIMIT, b""),
    ("/tasks", BULK_LIMIT, b""),
]


@pytest.mark.parametrize(("path", "limit", "first"), PATHS)
@pytest.mark.parametrize("chunked", [False, True])
async def test_a_body_at_the_limit_is_taken_whole_and_one_byte_more_is_413(
    path: str, limit: int, first: bytes, *, chunked: bool
) -> None:
    answer = await post(path, Upload(limit, first) if chunked else first.ljust(limit))
    assert (answer.status_code, answer.json()) == (200, limit)
    answer = await post(path, Upload(limit + 1, first) if chunked else first.ljust(limit + 1))
    assert answer.status_code == 413
    assert answer.headers["content-type"] == MEDIA_TYPE
    assert f"{limit // 2**20} MiB" in answer.json()["detail"]


async def test_an_endless_upload_is_cut_off_at_the_limit() -> None:
    upload = Upload(10**12)
    assert (await post("/items/7", upload)).status_code == 413
    assert upload.taken <= LIMIT + PIECE


async def test_an_announced_length_over_the_limit_is_refused_before_anything_is_read() -> None:
    sent = []

    async def send(message: dict[str, object]) -> None:
        sent.append(message)

    async def receive() -> dict[str, object]:
        raise AssertionError("the body was asked for")

    scope = {
        "type": "http",
        "path": "/items/7",
        "method": "POST",
        "headers": [(b"content-length", b"1000000000")],
    }
    await BodyLimitMiddleware(measuring_app())(scope, receive, send)  # type: ignore[arg-type]
    assert sent[0]["status"] == 413
    assert json.loads(sent[1]["body"])["status"] == 413  # type: ignore[arg-type]


class Counted(RightOfWay):
    """Tells how many requests have it."""

    def __init__(self) -> None:
        super().__init__()
        self.held = 0

    def take(self) -> None:
        super().take()
        self.held += 1

    def release(self) -> None:
        super().release()
        self.held -= 1


async def test_it_is_had_from_the_body_to_the_answer() -> None:
    way = Counted()
    seen: list[tuple[str, int]] = []

    async def app(_scope: Scope, receive: Receive, send: Send) -> None:
        seen.append(("called", way.held))
        await receive()
        seen.append(("has its body", way.held))
        await send({"type": "http.response.start", "status": 200})
        seen.append(("begins to answer", way.held))
        await send({"type": "http.response.body", "more_body": True})
        seen.append(("has sent the first part", way.held))
        await receive()
        seen.append(("its client went", way.held))

    messages = iter([{"type": "http.request"}, {"type": "http.disconnect"}])

    async def receive() -> Message:
        seen.append(("waits", way.held))
        return next(messages)

    async def send(_message: Message) -> None: ...

    await RightOfWayMiddleware(app, right_of_way=way)({"type": "http"}, receive, send)
    assert seen == [
        ("called", 1),
        ("waits", 0),
        ("has its body", 1),
        ("begins to answer", 1),
        ("has sent the first part", 0),
        ("waits", 0),
        ("its client went", 0),
    ]


async def test_a_request_that_fails_gives_it_back() -> None:
    way = Counted()

    async def app(_scope: Scope, _receive: Receive, _send: Send) -> None:
        raise ZeroDivisionError

    async def nothing() -> Message:
        return {"type": "http.disconnect"}

    async def send(_message: Message) -> None: ...

    with pytest.raises(ZeroDivisionError):
        await RightOfWayMiddleware(app, right_of_way=way)({"type": "http"}, nothing, send)
    assert way.held == 0
