"""Every error is answered with a problem and a sentence."""

from __future__ import annotations

import errno
import os
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final

import httpx
import pytest
from fastapi.routing import APIRoute

from desktop.backend.application import create_app
from desktop.backend.services import Services
from desktop.items.facade import Register
from desktop.mail.files import FolderFiles
from sendoff_tasks.errors import Busy, Closed, NotWritable
from sendoff_tasks.folder.tokens import add_token
from sendoff_tasks.model.problems import MEDIA_TYPE, Access
from tests.backend.conftest import PORT, TOKEN, bad_paths, client_of

pytestmark = pytest.mark.anyio

GRACE: Final = {"window": {"grace_seconds": 7}}
TEMPLATE: Final = """
{% block subject %}Hello{% endblock %}
{% block text %}Hello{% endblock %}
{% block html %}Hello{% endblock %}
"""


def looked_at(answer: httpx.Response, status: int) -> str:
    """Check that the answer is a whole problem of this status; gives its sentence."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == MEDIA_TYPE
    problem = answer.json()
    assert set(problem) - {"errors", "refusal", "data"} == {"type", "title", "status", "detail"}
    assert problem["status"] == status
    assert problem["detail"].endswith(".")
    return str(problem["detail"])


async def test_a_file_of_tokens_that_cannot_be_used_is_told_until_it_can(
    services: Services, tmp_path: Path
) -> None:
    file = tmp_path / "tokens.json"
    headers = {"Authorization": f"Bearer {add_token(file, 'Ada', Access.VIEWER)}"}
    whole = file.read_bytes()
    app = create_app(services, token=TOKEN, port=PORT, tokens_file=file)
    seen = []
    async with client_of(app) as client:
        for content in (whole[:-9], whole):
            file.write_bytes(content)
            status = (await client.get("/stats", headers=headers)).status_code
            seen.append((status, [each["id"] for each in services.engine.board.active]))
    assert seen == [(401, ["tokens"]), (200, [])]


async def test_what_is_not_there_is_404_also_pages_that_load_scripts_from_elsewhere(
    refusing: httpx.AsyncClient,
) -> None:
    for path in ("/nowhere", "/tasks/", "/docs", "/redoc"):
        assert path in looked_at(await refusing.get(path), 404)


async def test_another_method_is_405_and_names_the_allowed_ones(
    refusing: httpx.AsyncClient,
) -> None:
    for method, path, allowed in (
        ("PATCH", "/items", "GET, POST"),
        ("PATCH", "/items/42", "DELETE, GET, POST, PUT"),
        ("GET", "/items/batch", "POST"),
        ("DELETE", "/items/batch", "POST"),
        ("PUT", "/items/next", "GET"),
        ("GET", "/tasks/bulk", "POST"),
        ("PATCH", "/templates/confirmation", "DELETE, GET, PUT"),
        ("OPTIONS", "/templates/preview", "DELETE, GET, POST, PUT"),
        ("PATCH", "/openapi.json", "GET, HEAD"),
    ):
        answer = await refusing.request(method, path)
        assert method in looked_at(answer, 405)
        assert answer.headers["Allow"] == allowed


async def test_every_route_refuses_a_query_key_it_does_not_know(
    standing: Services, refusing: httpx.AsyncClient
) -> None:
    routes = [
        r for r in create_app(standing, token=TOKEN, port=PORT).routes if isinstance(r, APIRoute)
    ]
    assert len(routes) > 25
    for route in routes:
        (method,) = route.methods or set()
        path = re.sub("{[^}]*}", "42", route.path)
        answer = await refusing.request(method, path, params={"foo": "1"})
        assert bad_paths(answer) == ["foo"], f"{method} {path}"


async def test_a_key_that_comes_twice_is_refused(refusing: httpx.AsyncClient) -> None:
    for path, key in (
        ("/tasks?state=failed&limit=1&state=queued", "state"),
        ("/items?limit=1&limit=2", "limit"),
        ("/batches?after=a&after=b", "after"),
    ):
        assert bad_paths(await refusing.get(path)) == [key]


@pytest.mark.parametrize("path", ["/tasks/1/cancel", "/tasks/1/retry", "/nowhere"])
async def test_a_body_that_no_route_reads_is_held_to_the_limit_too(
    refusing: httpx.AsyncClient, path: str
) -> None:
    async def body() -> AsyncIterator[bytes]:
        for _ in range(3):
            yield b" " * 2**20

    looked_at(await refusing.post(path, content=body()), 413)


@pytest.mark.parametrize(
    ("number", "refusal"),
    [
        (errno.ENOSPC, "store.full"),
        (errno.EDQUOT, "store.full"),
        (errno.EROFS, "api.read_only"),
        (errno.EACCES, "api.read_only"),
        (errno.EMFILE, "api.open_files"),
        (errno.EIO, "store.disk"),
    ],
)
async def test_what_cannot_be_saved_says_why_and_when_to_come_back(
    refusing: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch, number: int, refusal: str
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(Path, "replace", refuse)
    for path, body in (("/settings", GRACE), ("/templates/mine", {"source": TEMPLATE})):
        answer = await refusing.put(path, json=body)
        looked_at(answer, 503)
        assert answer.json()["refusal"] == refusal
        assert int(answer.headers["Retry-After"]) > 0


@pytest.mark.usefixtures("in_folder")
@pytest.mark.parametrize("number", [errno.EACCES, errno.EMFILE, errno.EIO])
async def test_what_cannot_be_read_says_why_and_nothing_of_saving(
    refusing: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(FolderFiles, "names", refuse)
    answer = await refusing.get("/templates")
    looked_at(answer, 503)
    told = answer.json()
    assert (told["refusal"], told["data"]) == ("api.unread", {"why": os.strerror(number)})
    assert int(answer.headers["Retry-After"]) > 0


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
    refusing: httpx.AsyncClient,
    monkeypatch: pytest.MonkeyPatch,
    error: Exception,
    status: int,
    seconds: str,
) -> None:
    def refuse(*_: object) -> None:
        raise error

    monkeypatch.setattr(Register, "accept", refuse)
    answer = await refusing.post("/items/42")
    looked_at(answer, status)
    assert answer.headers["Retry-After"] == seconds


async def test_a_defect_is_500_keeps_its_secrets_and_closes_its_connection(
    refusing: httpx.AsyncClient, standing: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("the password is hunter2")

    monkeypatch.setattr(type(standing.engine), "stats", fail)
    answer = await refusing.get("/stats")
    looked_at(answer, 500)
    assert answer.headers["Connection"] == "close"
    assert "hunter2" not in answer.text
