"""``POST /tasks/bulk``: one action on many tasks, by number or by filter."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from desktop.engine.verbs.bulk.bulk import STEP
from tests.backend.conftest import bad_paths, settled

if TYPE_CHECKING:
    import httpx

    from desktop.backend.shared.services import Services

pytestmark = pytest.mark.anyio


async def scheduled(client: httpx.AsyncClient, count: int, name: str = "nothing") -> list[int]:
    body = [{"task": name, "delay": 600} for _ in range(count)]
    ids: list[int] = (await client.post("/tasks", json=body)).json()["ids"]
    return ids


async def test_named_tasks_are_cancelled_and_the_others_are_counted_with_their_reason(
    client: httpx.AsyncClient, services: Services
) -> None:
    first, second, third = await scheduled(client, 3)
    await client.post(f"/tasks/{third}/cancel")
    body = {"action": "cancel", "ids": [first, second, third, 999]}
    answer = await client.post("/tasks/bulk", json=body)
    assert answer.status_code == 200
    assert answer.json()["touched"] == 2
    assert sum(skipped["count"] for skipped in answer.json()["skipped"]) == 2
    assert services.engine.stats()["counts"]["cancelled"] == 3


async def test_a_preview_does_nothing_and_a_repeated_call_has_the_first_answer(
    client: httpx.AsyncClient,
) -> None:
    await scheduled(client, 3)
    body = {"action": "cancel", "filter": {"task": "nothing"}}
    told = (await client.post("/tasks/bulk", json={**body, "preview": True})).json()
    assert told == {"touched": 3, "skipped": [], "is_exact": True, "queues": {"nothing": 3}}
    for _ in range(2):
        done = await client.post("/tasks/bulk", json=body, headers={"Idempotency-Key": "a key"})
        assert done.json() == {"touched": 3, "skipped": []}


async def test_an_action_with_a_delay_waits_and_can_be_undone(
    client: httpx.AsyncClient, services: Services
) -> None:
    first, second = await scheduled(client, 2)
    body = {"action": "cancel", "ids": [first, second], "delay": 600}
    answer = (await client.post("/tasks/bulk", json=body)).json()
    pending = answer.pop("pending")
    assert answer == {"touched": 2, "skipped": [], "queues": {"nothing": 2}}
    (row,) = (await client.get("/pending")).json()["pending"]
    assert row == pending | {
        "action": "cancel",
        "touched": 2,
        "is_exact": True,
        "filter": None,
        "batch_id": None,
        "done": 0,
        "answer": None,
    }
    assert services.engine.task(first)["state"] == "scheduled"
    place = f"/pending/{row['id']}"
    assert (await client.delete(place)).status_code == 204
    assert (await client.delete(place)).status_code == 404
    assert (await client.get("/pending")).json() == {"pending": []}


async def test_what_was_carried_out_is_not_undone(
    client: httpx.AsyncClient, services: Services
) -> None:
    (number,) = await scheduled(client, 1)
    body = {"action": "cancel", "ids": [number], "delay": 0.01}
    answer = (await client.post("/tasks/bulk", json=body)).json()
    assert answer["touched"] == 1, answer
    pending = answer["pending"]
    await asyncio.to_thread(settled, services, number)
    refused = await client.delete(f"/pending/{pending['id']}")
    assert refused.status_code == 409
    assert services.engine.task(number)["state"] == "cancelled"


async def test_a_filter_means_all_that_match(client: httpx.AsyncClient, services: Services) -> None:
    await scheduled(client, 5)
    (other,) = await scheduled(client, 1, "broken")
    body = {"action": "cancel", "filter": {"task": "nothing", "state": "scheduled,waiting"}}
    assert (await client.post("/tasks/bulk", json=body)).json()["touched"] == 5
    assert services.engine.task(other)["state"] == "scheduled"


async def test_failed_tasks_are_retried(client: httpx.AsyncClient, services: Services) -> None:
    answer = await client.post("/tasks", json={"task": "broken"})
    number = answer.json()["id"]
    settled(services, number)
    answer = await client.post("/tasks/bulk", json={"action": "retry", "ids": [number]})
    assert answer.json()["touched"] == 1


async def test_the_same_key_acts_once(client: httpx.AsyncClient) -> None:
    ids = await scheduled(client, 2)
    headers = {"Idempotency-Key": "k"}
    body = {"action": "cancel", "ids": ids}
    first = await client.post("/tasks/bulk", json=body, headers=headers)
    again = await client.post("/tasks/bulk", json=body, headers=headers)
    assert first.json() == again.json() == {"touched": 2, "skipped": []}
    assert "Idempotent-Replayed" not in first.headers
    assert again.headers["Idempotent-Replayed"] == "true"
    other = await client.post("/tasks/bulk", json={**body, "action": "retry"}, headers=headers)
    assert other.status_code == 409


async def test_the_same_key_while_the_first_call_is_under_way_acts_once(
    client: httpx.AsyncClient,
) -> None:
    await scheduled(client, 3 * STEP)
    body = {"action": "cancel", "filter": {"state": "scheduled"}}
    headers = {"Idempotency-Key": "k"}
    calls = [client.post("/tasks/bulk", json=body, headers=headers) for _ in range(3)]
    answers = [(answer.status_code, answer.json()) for answer in await asyncio.gather(*calls)]
    assert answers == [(200, {"touched": 3 * STEP, "skipped": []})] * 3


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({"action": "explode", "ids": [1]}, "action"),
        ({"ids": [1]}, "action"),
        ({"action": "retry"}, "ids"),
        ({"action": "retry", "ids": [0]}, "ids.0"),
        ({"action": "retry", "filter": {"colour": 1}}, "filter.colour"),
        ({"action": "retry", "ids": [1], "filter": {}}, "ids"),
        ({"action": "retry", "ids": [1], "to_me": True}, "to_me"),
        ({"action": "resend", "filter": {}, "to_me": True}, "to_me"),
        ({"action": "resend", "ids": [1, 2], "to": {"email": "a@x.org"}}, "to"),
        ({"action": "resend", "ids": [1], "to": {"email": "a@x.org"}, "to_me": True}, "to_me"),
    ],
)
async def test_a_bad_field_is_named(
    client: httpx.AsyncClient, body: dict[str, object], path: str
) -> None:
    assert bad_paths(await client.post("/tasks/bulk", json=body)) == [path]


@pytest.mark.parametrize("text", ["*", "", "  ", "…"])
async def test_a_text_without_a_word_does_not_mean_every_task(
    client: httpx.AsyncClient, services: Services, text: str
) -> None:
    await client.post("/tasks", json={"task": "nothing", "delay": 600})
    body = {"action": "cancel", "filter": {"text": text}}
    assert bad_paths(await client.post("/tasks/bulk", json=body)) == ["filter.text"]
    assert services.engine.stats()["counts"]["scheduled"] == 1


@pytest.mark.parametrize("sort", ["-id", "state", "to"])
async def test_such_a_text_is_in_no_task(client: httpx.AsyncClient, sort: str) -> None:
    await client.post("/tasks", json={"task": "nothing", "delay": 600})
    page = (await client.get("/tasks", params={"text": "*", "sort": sort})).json()
    assert (page["tasks"], page["total"]) == ([], 0)
