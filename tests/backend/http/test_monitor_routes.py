"""The API on an app's own engine: everything about tasks, nothing about items and mails."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest

from desktop.backend.application import create_app
from desktop.backend.services import Services
from tests.backend.conftest import PORT, TOKEN, client_of

pytestmark = pytest.mark.anyio


@pytest.fixture
async def refusing(standing: Services, anyio_backend: str) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(create_app(standing, token=TOKEN, port=PORT, items=False)) as talking:
        yield talking


ABSENT = (
    *(("POST", "/items"), ("POST", "/items/7"), ("POST", "/items/batch"), ("DELETE", "/items/7")),
    *(("GET", "/items"), ("GET", "/templates"), ("POST", "/templates/preview")),
    *(("POST", "/mail/test"), ("GET", "/tasks/1/message")),
)
PRESENT = ("/tasks", "/queues", "/stats", "/metrics", "/health", "/settings", "/openapi.json")


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


async def test_a_queue_of_the_app_s_is_limited_from_the_folder_s_settings(
    refusing: httpx.AsyncClient,
) -> None:
    limits = {"queues": {"nothing": {"rate": "30/min", "concurrency": 2}}}
    assert (await refusing.put("/settings", json=limits)).status_code == 200
    queues = (await refusing.get("/queues")).json()["queues"]
    (queue,) = [each for each in queues if each["name"] == "nothing"]
    assert (queue["rate"], queue["concurrency"]) == ("30/min", 2)
