"""More than the disk takes, or an engine that ends: every route says so, and when to come back."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from typing import Any, Final

import httpx
import pytest

from desktop.backend.services import Services
from sendoff_tasks.model.problems import MEDIA_TYPE
from sendoff_tasks.transaction.group import Group
from tests import WITHIN

pytestmark = pytest.mark.anyio

LIST: Final = 100
BACKLOG: Final = 10 * LIST
"""Tasks that may wait for the writer."""
KEYED: Final = {"Idempotency-Key": "k"}
LATER: Final = {"task": "nothing", "delay": 600}
ITEM: Final = {"tasks": [], "recipient": {"email": "ada@example.org"}}
WRITES: Final[list[tuple[str, str, Any]]] = [
    ("POST", "/items", {}),
    ("POST", "/items/7", {}),
    ("POST", "/items/batch", {"items": [{}]}),
    ("POST", "/items/batch?partial=true", {"items": [{}]}),
    ("DELETE", "/pending/1", None),
    ("POST", "/tasks", LATER),
    ("POST", "/tasks", [LATER]),
    ("POST", "/tasks/bulk", {"action": "cancel", "filter": {}}),
    ("POST", "/tasks/1/cancel", None),
    ("POST", "/tasks/1/retry", None),
    ("POST", "/tasks/1/resolve", {"outcome": "done"}),
    ("POST", "/queues/pause", None),
    ("POST", "/queues/resume", None),
    ("POST", "/queues/mail/pause", None),
    ("POST", "/queues/mail/resume", None),
]
READS: Final = (
    *("/items", "/items/1", "/tasks", "/tasks/1", "/tasks/1/message"),
    *("/queues", "/stats", "/metrics", "/health", "/events"),
)


def is_put_off(answer: httpx.Response, status: int) -> bool:
    """Tell whether it is a whole problem of this status that says when to come back."""
    return (
        answer.status_code == answer.json()["status"] == status
        and answer.headers["content-type"] == MEDIA_TYPE
        and int(answer.headers["Retry-After"]) > 0
    )


@pytest.fixture
def stuck(services: Services) -> Iterator[threading.Event]:
    """Have the writer wait for an event, as it would for a disk that takes nothing."""
    entered, let = threading.Event(), threading.Event()

    def hold(_group: Group) -> None:
        entered.set()
        assert let.wait(WITHIN)

    services.engine.do(hold)
    assert entered.wait(WITHIN)
    yield let
    let.set()


async def test_a_flood_is_put_off_and_what_was_taken_is_kept(
    client: httpx.AsyncClient,
    services: Services,
    stuck: threading.Event,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("sendoff_tasks.writer.writer.BACKLOG", BACKLOG)
    flood = [
        asyncio.create_task(client.post("/tasks", json=[LATER] * LIST))
        for _ in range(BACKLOG // LIST + 3)
    ]
    first, _ = await asyncio.wait(flood, return_when=asyncio.FIRST_COMPLETED)
    assert all(is_put_off(task.result(), 429) for task in first)
    for method, path, body in WRITES:
        answer = await client.request(method, path, json=body, headers=KEYED)
        assert is_put_off(answer, 429), (method, path, answer.text)
    for path in ("/tasks", "/items", "/queues", "/stats", "/metrics"):
        assert (await client.get(path)).status_code == 200
    stuck.set()
    taken = [answer for answer in await asyncio.gather(*flood) if answer.status_code == 201]
    # One more where the backlog was empty before; on a server, what looks for workers waits too.
    assert BACKLOG // LIST <= len(taken) <= BACKLOG // LIST + 1
    assert services.engine.stats()["counts"]["scheduled"] == LIST * len(taken)
    assert (await client.post("/tasks", json=LATER)).status_code == 201


@pytest.mark.usefixtures("stuck")
async def test_settings_are_saved_and_a_mail_is_tried_while_the_disk_is_slow(
    client: httpx.AsyncClient, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sendoff_tasks.writer.writer.BACKLOG", -1)
    answer = await client.put("/settings", json={"mail": {"port": 2525}})
    assert (answer.status_code, answer.json()["mail"]["port"]) == (200, 2525)
    answer = await client.post("/mail/test", json={"to": "ada@example.org"})
    assert answer.status_code == 200
    assert services.letters.outbox.mail(answer.json()["message_id"]) is not None


async def test_once_the_engine_has_ended_everything_is_put_off(
    client: httpx.AsyncClient, services: Services
) -> None:
    services.engine.stop()
    for method, path, body in [*WRITES, *(("GET", path, None) for path in READS)]:
        answer = await client.request(method, path, json=body, headers=KEYED)
        assert is_put_off(answer, 503), (method, path, answer.text)
