"""A body over its route's limit is 413 whatever its headers say, and is not read to its end."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from fastapi import FastAPI, Request

from desktop.backend import problems
from desktop.backend.body_limit import BULK_LIMIT, LIMIT, BodyLimitMiddleware
from desktop.contract.problems import MEDIA_TYPE
from tests.backend.conftest import client_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    import httpx

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
