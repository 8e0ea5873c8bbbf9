"""A request needs the launch's token and our own host name."""

from __future__ import annotations

import pytest
from starlette.responses import PlainTextResponse

from desktop.backend.guards.token import TokenMiddleware
from desktop.contract.problems import MEDIA_TYPE
from tests.backend.conftest import PORT, TOKEN, client_of

pytestmark = pytest.mark.anyio

GUARDED = TokenMiddleware(PlainTextResponse("inside"), token=TOKEN, port=PORT)


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
