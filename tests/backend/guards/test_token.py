"""A request needs the launch's token and our own host name."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest
from starlette.responses import PlainTextResponse, StreamingResponse

from desktop.backend.guards.token import TokenMiddleware
from desktop.contract.access import Access
from desktop.contract.problems import MEDIA_TYPE
from desktop.settings.tokens import Tokens, add_token, remove_token
from tests.backend.conftest import PORT, TOKEN, client_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from starlette.types import Message, Receive, Scope, Send

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


async def test_the_token_opens() -> None:
    assert await status() == 200


@pytest.mark.parametrize(
    "authorization",
    ["", "Bearer", "Bearer ", "Bearer wrong", f"Bearer {TOKEN}x", f"Basic {TOKEN}", TOKEN],
)
async def test_anything_else_is_401_and_says_what_is_wanted(authorization: str) -> None:
    async with client_of(GUARDED, token=None) as client:
        answer = await client.get("/stats", headers={"Authorization": authorization})
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"


async def test_no_token_at_all_is_401() -> None:
    async with client_of(GUARDED, token=None) as client:
        assert (await client.get("/stats")).status_code == 401


async def test_two_authorizations_are_401() -> None:
    headers = [("Authorization", f"Bearer {TOKEN}"), ("Authorization", "Bearer wrong")]
    async with client_of(GUARDED, token=None) as client:
        assert (await client.get("/stats", headers=headers)).status_code == 401


async def test_the_case_of_the_scheme_does_not_matter() -> None:
    assert await status(authorization=f"bearer {TOKEN}") == 200


async def test_health_is_open() -> None:
    async with client_of(GUARDED, token=None) as client:
        assert (await client.get("/health")).status_code == 200


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "LOCALHOST", "[::1]"])
async def test_our_own_names_are_known(host: str) -> None:
    assert await status(host=f"{host}:{PORT}") == 200


@pytest.mark.parametrize("path", ["/stats", "/health"])
@pytest.mark.parametrize(
    "host",
    ["evil.example", f"evil.example:{PORT}", "127.0.0.1", f"127.0.0.1:{PORT + 1}", "", "127.0.0.2"],
)
async def test_a_foreign_host_is_403_even_where_no_token_is_needed(path: str, host: str) -> None:
    assert await status(path, host=host) == 403


@pytest.mark.parametrize("path", ["/stats", "/health"])
@pytest.mark.parametrize(
    "origin",
    ["https://evil.example", "null", f"https://127.0.0.1:{PORT}", "http://localhost", "file://"],
)
async def test_a_foreign_origin_is_403(path: str, origin: str) -> None:
    assert await status(path, origin=origin) == 403


async def test_our_own_origin_is_fine() -> None:
    assert await status(origin=f"http://127.0.0.1:{PORT}") == 200


async def test_who_knows_the_token_but_comes_from_another_site_is_still_refused() -> None:
    assert await status(authorization=f"Bearer {TOKEN}", origin="https://evil.example") == 403


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
