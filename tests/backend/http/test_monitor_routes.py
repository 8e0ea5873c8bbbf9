"""The API on an app's own engine: everything about tasks, nothing about items and mails."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest

from desktop.backend.services import Services
from sendoff_tasks.http.application import build_app
from tests.backend.conftest import PORT, TOKEN, client_of

pytestmark = pytest.mark.anyio


@pytest.fixture
async def refusing(standing: Services, anyio_backend: str) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(build_app(standing, token=TOKEN, port=PORT)) as talking:
        yield talking


ABSENT = (
    *(("POST", "/items"), ("POST", "/items/7"), ("POST", "/items/batch"), ("DELETE", "/items/7")),
    *(("GET", "/items"), ("GET", "/templates"), ("POST", "/templates/preview")),
    *(("POST", "/mail/test"), ("GET", "/tasks/1/message"), ("GET", "/settings")),
)
PRESENT = ("/tasks", "/queues", "/stats", "/metrics", "/health", "/openapi.json")


async def test_what_is_about_tasks_is_there_and_what_is_about_items_is_not(
    refusing: httpx.AsyncClient,
) -> None:
    for method, path in ABSENT:
        answer = await refusing.request(method, path)
        assert answer.status_code == 404
        assert answer.json()["detail"] == f"There is nothing at {path}."
    for path in PRESENT:
        answer = await refusing.get(path)
        assert answer.status_code == 200
    described = answer.json()["paths"]
    assert "/tasks/{task_id}/retry" in described
    assert not [path for path in described if path.startswith(("/items", "/mail"))]
