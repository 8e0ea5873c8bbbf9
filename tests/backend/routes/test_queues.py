"""``GET /queues`` tells limits, holds and counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from desktop.contract.states import State
from desktop.engine.errors import NeedsPerson
from desktop.engine.registry import task
from tests.backend.conftest import settled

if TYPE_CHECKING:
    import httpx

    from desktop.backend.parts import Parts

pytestmark = pytest.mark.anyio

NONE = dict.fromkeys(State, 0)


async def test_queues_are_there_before_their_first_task(client: httpx.AsyncClient) -> None:
    answer = await client.get("/queues")
    assert answer.status_code == 200
    assert answer.json()["queues"] == [
        {"name": "broken", "concurrency": None, "held": None, "counts": NONE},
        {"name": "mail", "concurrency": 16, "held": None, "counts": NONE},
        {"name": "nothing", "concurrency": None, "held": None, "counts": NONE},
    ]


async def test_a_held_queue_says_since_when_and_why(
    client: httpx.AsyncClient, parts: Parts
) -> None:
    @task(name="needy", queue="locks")
    def needy() -> None:
        raise NeedsPerson("Bring a key.", queue=True)

    parts.registry.add(needy)
    row = (await client.post("/tasks", json={"task": "needy"})).json()
    settled(parts, row["id"], "waiting", "queued")
    (locks,) = [q for q in (await client.get("/queues")).json()["queues"] if q["name"] == "locks"]
    assert locks["held"]["reason"] == "Bring a key."
    assert locks["held"]["since"] >= row["created_at"]
    assert sum(locks["counts"].values()) == 1
