"""A body over its route's limit is 413 and not read to its end; few large ones come in at once."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING

import pytest
from fastapi import FastAPI, Request, Response

from desktop.backend.guards import body_limit
from desktop.backend.guards.body_limit import AT_ONCE, BULK_LIMIT, LIMIT, SMALL, BodyLimitMiddleware
from desktop.backend.wire import problems
from desktop.contract.problems import MEDIA_TYPE
from tests.backend.conftest import client_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, MutableMapping

    import httpx
    from starlette.types import Receive, Scope, Send

pytestmark = pytest.mark.anyio

PIECE = 64 * 1024


def measuring_app() -> FastAPI:
    """Make an application that answers how long the body was."""
    app = FastAPI()
    problems.install(app)

    @app.post("/{path:path}")
    async def measure(request: Request) -> int:
        return len(await request.body())

    app.add_middleware(BodyLimitMiddleware)
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
    ("/tasks", LIMIT, b"{"),
    ("/tasks", BULK_LIMIT, b" \n["),
]


@pytest.mark.parametrize(("path", "limit", "first"), PATHS)
@pytest.mark.parametrize("chunked", [False, True])
async def test_a_body_at_the_limit_is_taken_whole(
    path: str, limit: int, first: bytes, *, chunked: bool
) -> None:
    answer = await post(path, Upload(limit, first) if chunked else first.ljust(limit))
    assert answer.status_code == 200
    assert answer.json() == limit


@pytest.mark.parametrize(("path", "limit", "first"), PATHS)
@pytest.mark.parametrize("chunked", [False, True])
async def test_one_byte_more_is_413(path: str, limit: int, first: bytes, *, chunked: bool) -> None:
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


class Crowd:
    """An application that keeps every request until it may go on; counts who is inside."""

    def __init__(self) -> None:
        self.inside = 0
        self.most = 0
        self.full = asyncio.Event()
        self.may_go_on = asyncio.Event()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.inside += 1
        self.most = max(self.most, self.inside)
        if self.inside == AT_ONCE:
            self.full.set()
        await self.may_go_on.wait()
        self.inside -= 1
        await Response("taken")(scope, receive, send)


def uploads(chunked: bool, number: int) -> list[bytes | Upload]:
    size = SMALL + 1
    return [Upload(size, b"[") if chunked else b"[".ljust(size) for _ in range(number)]


@pytest.mark.parametrize("chunked", [False, True])
async def test_a_few_large_bodies_at_a_time_and_the_others_wait_their_turn(chunked: bool) -> None:
    crowd = Crowd()
    async with client_of(BodyLimitMiddleware(crowd)) as client:
        asked = [
            asyncio.create_task(client.post("/tasks", content=body))
            for body in uploads(chunked, 3 * AT_ONCE)
        ]
        await crowd.full.wait()
        crowd.may_go_on.set()
        assert [(await answer).status_code for answer in asked] == [200] * len(asked)
    assert crowd.most == AT_ONCE


@pytest.mark.parametrize("chunked", [False, True])
async def test_who_waited_too_long_is_told_to_come_again(
    monkeypatch: pytest.MonkeyPatch, chunked: bool
) -> None:
    monkeypatch.setattr(body_limit, "PLACE_WITHIN", 0.05)
    crowd = Crowd()
    async with client_of(BodyLimitMiddleware(crowd)) as client:
        inside = [
            asyncio.create_task(client.post("/tasks", content=body))
            for body in uploads(chunked, AT_ONCE)
        ]
        await crowd.full.wait()
        (late,) = uploads(chunked, 1)
        refused = await client.post("/tasks", content=late)
        assert refused.status_code == 429
        assert refused.headers["retry-after"] == "2"
        crowd.may_go_on.set()
        for answer in inside:
            assert (await answer).status_code == 200
        assert (await client.post("/tasks", content=uploads(chunked, 1)[0])).status_code == 200


async def test_small_bodies_wait_for_no_place() -> None:
    crowd = Crowd()
    async with client_of(BodyLimitMiddleware(crowd)) as client:
        large = [
            asyncio.create_task(client.post("/tasks", content=body))
            for body in uploads(False, AT_ONCE)
        ]
        await crowd.full.wait()
        crowd.full.clear()
        crowd.inside = 0
        small = [asyncio.create_task(client.post("/tasks", content=b"{}")) for _ in range(AT_ONCE)]
        await crowd.full.wait()
        crowd.may_go_on.set()
        await asyncio.gather(*large, *small)


async def test_a_sender_that_stops_halfway_gives_its_place_away(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(body_limit, "ARRIVES_WITHIN", 0.05)
    sent: list[MutableMapping[str, object]] = []

    async def send(message: MutableMapping[str, object]) -> None:
        sent.append(message)

    async def receive() -> MutableMapping[str, object]:
        await asyncio.Event().wait()
        raise AssertionError("it came after all")

    length = str(SMALL + 1).encode()
    scope = {"type": "http", "path": "/tasks", "headers": [(b"content-length", length)]}
    limited = BodyLimitMiddleware(measuring_app())
    for _ in range(AT_ONCE + 1):
        await limited(scope, receive, send)
    assert [told["status"] for told in sent if "status" in told] == [429] * (AT_ONCE + 1)
