"""Whatever goes wrong, the answer is a problem with a sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from desktop.backend.application import create_app
from desktop.contract.problems import MEDIA_TYPE
from desktop.engine.errors import Busy, Closed, NotWritable
from tests.backend.conftest import PORT, TOKEN, client_of

if TYPE_CHECKING:
    import httpx

    from desktop.backend.parts import Parts

pytestmark = pytest.mark.anyio


def looked_at(answer: httpx.Response, status: int) -> str:
    """Check that the answer is a whole problem of this status; gives its sentence."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == MEDIA_TYPE
    problem = answer.json()
    assert set(problem) - {"errors"} == {"type", "title", "status", "detail"}
    assert problem["status"] == status
    assert problem["detail"].endswith(".")
    return str(problem["detail"])


async def test_no_such_path(client: httpx.AsyncClient) -> None:
    assert "/nowhere" in looked_at(await client.get("/nowhere"), 404)


@pytest.mark.parametrize("path", ["/docs", "/redoc"])
async def test_pages_that_load_scripts_from_elsewhere_are_not_there(
    client: httpx.AsyncClient, path: str
) -> None:
    looked_at(await client.get(path), 404)


async def test_no_such_method_names_those_there_are(client: httpx.AsyncClient) -> None:
    answer = await client.put("/items/42", json={})
    assert "PUT" in looked_at(answer, 405)
    assert answer.headers["Allow"]


async def test_a_slash_too_many_is_no_redirect(client: httpx.AsyncClient) -> None:
    looked_at(await client.get("/tasks/"), 404)


async def test_a_body_over_the_limit(client: httpx.AsyncClient) -> None:
    looked_at(await client.post("/items/42", content=b" " * (2**20 + 1)), 413)


@pytest.mark.parametrize(
    ("error", "status", "seconds"),
    [
        (Busy(3.2), 429, "3"),
        (Busy(0.01), 429, "1"),
        (NotWritable("The disk is full."), 503, "2"),
        (Closed(), 503, "2"),
    ],
)
async def test_what_passes_says_when_to_come_back(
    parts: Parts,
    monkeypatch: pytest.MonkeyPatch,
    error: Exception,
    status: int,
    seconds: str,
) -> None:
    def refuse(*_: object) -> None:
        raise error

    monkeypatch.setattr(type(parts.engine), "accept", refuse)
    async with client_of(create_app(parts, token=TOKEN, port=PORT)) as client:
        answer = await client.post("/items/42")
    looked_at(answer, status)
    assert answer.headers["Retry-After"] == seconds


async def test_a_defect_is_500_and_keeps_its_secrets(
    parts: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("the password is hunter2")

    monkeypatch.setattr(type(parts.engine), "stats", fail)
    async with client_of(create_app(parts, token=TOKEN, port=PORT)) as client:
        answer = await client.get("/stats")
    looked_at(answer, 500)
    assert "hunter2" not in answer.text
