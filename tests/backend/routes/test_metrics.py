"""``GET /metrics`` tells what happened, and asks for the token as every route does."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from desktop.backend.application import create_app
from tests.backend.conftest import PORT, TOKEN, client_of, settled

if TYPE_CHECKING:
    import httpx

    from desktop.backend.parts.parts import Parts

pytestmark = pytest.mark.anyio


def values(answer: httpx.Response) -> dict[str, float]:
    """Read the values by name and labels."""
    lines = [line for line in answer.text.splitlines() if not line.startswith("#")]
    return {name: float(value) for name, _, value in (line.rpartition(" ") for line in lines)}


async def test_what_ran_is_counted(client: httpx.AsyncClient, parts: Parts) -> None:
    before = values(await client.get("/metrics"))
    assert before["sendoff_attempts_started_total"] == 0
    assert before["sendoff_oldest_queued_seconds"] == 0
    for _ in range(3):
        settled(parts, (await client.post("/tasks", json={"task": "nothing"})).json()["id"])
    await client.post("/tasks", json={"task": "broken", "delay": 600})
    answer = await client.get("/metrics")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    found = values(answer)
    assert found['sendoff_tasks{queue="nothing",state="succeeded"}'] == 3
    assert found['sendoff_tasks{queue="broken",state="scheduled"}'] == 1
    assert found['sendoff_queue_paused{queue="mail"}'] == 0
    assert found["sendoff_attempts_started_total"] == 3
    assert found["sendoff_attempts_finished_total"] == 3
    assert found["sendoff_last_event_id"] > before["sendoff_last_event_id"]
    assert found["sendoff_store_bytes"] > 0
    assert found['sendoff_lane_slots{lane="io"}'] == 40


async def test_without_the_token_nothing_is_told(parts: Parts) -> None:
    async with client_of(create_app(parts, token=TOKEN, port=PORT), token=None) as stranger:
        assert (await stranger.get("/metrics")).status_code == 401
