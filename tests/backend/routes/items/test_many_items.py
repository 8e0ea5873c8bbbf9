"""``POST /items/batch``: all or none, or each on its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.backend.conftest import bad_paths

if TYPE_CHECKING:
    import httpx

    from desktop.backend.shared.services import Services

pytestmark = pytest.mark.anyio


async def test_every_item_has_its_number_in_order(
    client: httpx.AsyncClient, services: Services
) -> None:
    items = [{"item_id": 10, "tasks": []}, {"tasks": ["nothing"]}, {"title": "C", "delay": 60}]
    answer = await client.post("/items/batch", json={"items": items})
    assert answer.status_code == 200, answer.text
    assert answer.json() == {
        "results": [{"item_id": number, "status": 200} for number in (10, 11, 12)]
    }
    assert sum(services.engine.stats()["counts"].values()) == 2


async def test_one_bad_item_refuses_all_and_is_named(client: httpx.AsyncClient) -> None:
    items = [{"item_id": 1}, {"recipient": {"email": "x"}}, {"tasks": ["missing"]}]
    answer = await client.post("/items/batch", json={"items": items})
    assert bad_paths(answer) == ["items.1.recipient.email"]
    answer = await client.post("/items/batch", json={"items": [items[0], items[2]]})
    assert bad_paths(answer) == ["items.1.tasks.0"]
    assert (await client.get("/items")).json()["items"] == []


async def test_one_conflict_refuses_all(client: httpx.AsyncClient) -> None:
    await client.post("/items/2", json={"title": "B"})
    items = [{"item_id": 1}, {"item_id": 2, "title": "other"}]
    answer = await client.post("/items/batch", json={"items": items})
    assert answer.status_code == 409
    assert (await client.get("/items/1")).status_code == 404


async def test_partial_takes_the_good_ones_and_says_why_not_of_the_others(
    client: httpx.AsyncClient,
) -> None:
    await client.post("/items/2", json={"title": "B"})
    items = [
        {"item_id": 1, "delay": 60},
        {"item_id": 2, "title": "other"},
        {"item_id": 3, "recipient": {"email": "x"}},
        "nonsense",
        {"item_id": 4, "tasks": ["missing"]},
        {"delay": 60},
    ]
    answer = await client.post("/items/batch?partial=true", json={"items": items})
    assert answer.status_code == 200
    results = answer.json()["results"]
    assert [result["status"] for result in results] == [200, 409, 422, 422, 422, 200]
    assert [result["item_id"] for result in results] == [1, 2, 3, None, 4, 3]
    assert "no @" in results[2]["error"]
    assert all(("error" in result) == (result["status"] != 200) for result in results)


async def test_the_same_batch_with_the_same_key_is_replayed(client: httpx.AsyncClient) -> None:
    headers = {"Idempotency-Key": "batch"}
    body: dict[str, Any] = {"items": [{"tasks": []}, {"tasks": []}]}
    one = await client.post("/items/batch", json=body, headers=headers)
    two = await client.post("/items/batch", json=body, headers=headers)
    assert one.json() == two.json()
    assert two.headers["Idempotent-Replayed"] == "true"
    assert len((await client.get("/items")).json()["items"]) == 2
    other = await client.post("/items/batch?partial=true", json=body, headers=headers)
    assert other.status_code == 409


async def test_ten_thousand_go_in_one_call_and_one_more_does_not(
    client: httpx.AsyncClient, services: Services
) -> None:
    body: dict[str, Any] = {"items": [{"tasks": ["nothing"], "delay": 3600}] * 10_000}
    assert (await client.post("/items/batch", json=body)).status_code == 200
    assert services.engine.stats()["counts"]["scheduled"] == 10_000
    body["items"].append({})
    assert bad_paths(await client.post("/items/batch", json=body)) == ["items"]


@pytest.mark.parametrize("query", ["", "?partial=true"])
async def test_a_batch_is_an_object_with_items(client: httpx.AsyncClient, query: str) -> None:
    assert bad_paths(await client.post(f"/items/batch{query}", json={})) == ["items"]
    assert bad_paths(await client.post(f"/items/batch{query}", json={"items": 1})) == ["items"]
    assert (await client.post(f"/items/batch{query}", content=b"{")).status_code == 400
