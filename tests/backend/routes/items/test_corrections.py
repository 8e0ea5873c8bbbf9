"""``PUT /items/{item_id}``: what an item is from now on; what it was is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests import WITHIN
from tests.backend.conftest import bad_paths, outbox, settled, task_ids

if TYPE_CHECKING:
    import httpx

    from desktop.backend.shared.services import Services
    from desktop.mail.files import Files
    from tests.backend.conftest import Gate

pytestmark = pytest.mark.anyio

ADA: dict[str, Any] = {"recipient": {"name": "Ada", "email": "ada@example.com"}, "title": "Opera"}
BO: dict[str, Any] = {"recipient": {"name": "Bo", "email": "bo@example.org"}, "title": "Ballet"}


async def put(client: httpx.AsyncClient, item: Any, **more: Any) -> httpx.Response:
    return await client.put("/items/1", json={"item": item, **more})


async def test_a_message_that_waits_goes_to_the_corrected_address(
    client: httpx.AsyncClient, services: Services, kept: Files
) -> None:
    (task,) = task_ids(await client.post("/items/1", json={**ADA, "delay": 600}))
    answer = await put(client, BO)
    assert answer.status_code == 200, answer.text
    assert answer.json() == {"item_id": 1, "using": [task], "added": [], "uncertain": []}
    assert answer.headers["X-Task-Ids"] == ""
    row = (await client.get(f"/tasks/{task}")).json()
    assert (row["to"], row["state"]) == ("Bo <bo@example.org>", "scheduled")
    await client.patch(f"/tasks/{task}", json={"run_at": None})
    assert settled(services, task)["state"] == "succeeded"
    (mail,) = outbox(kept)
    assert 'To: "Bo" <bo@example.org>' in mail


async def test_it_is_read_with_what_it_was_before(client: httpx.AsyncClient) -> None:
    await client.post("/items/1", json={**ADA, "delay": 600})
    assert (await client.get("/items/1")).json()["versions"] == []
    await put(client, BO)
    item = (await client.get("/items/1")).json()
    assert (item["title"], item["recipient"]) == ("Ballet", BO["recipient"])
    assert item["item"] == BO
    assert item["corrected_at"] >= item["created_at"]
    (first,) = item["versions"]
    assert first == {"at": item["created_at"], "item": {**ADA, "delay": 600}}
    (listed,) = (await client.get("/items")).json()["items"]
    assert listed["title"] == "Ballet"
    assert "versions" not in listed


async def test_what_was_sent_is_sent_again_once_however_often_it_is_asked(
    client: httpx.AsyncClient, services: Services, kept: Files
) -> None:
    (task,) = task_ids(await client.post("/items/1", json=ADA))
    settled(services, task)
    body, key = {"item": BO, "send": True}, {"Idempotency-Key": "click"}
    first = await client.put("/items/1", json=body, headers=key)
    (added,) = task_ids(first)
    assert settled(services, added)["resend_of"] == task
    again = await client.put("/items/1", json=body, headers=key)
    assert again.json() == first.json()
    assert again.headers["Idempotent-Replayed"] == "true"
    assert len(outbox(kept)) == 2
    other = await client.put("/items/1", json={"item": ADA}, headers=key)
    assert other.status_code == 409


async def test_a_submission_still_is_the_first_one(client: httpx.AsyncClient) -> None:
    await client.post("/items/1", json={**ADA, "delay": 600})
    await put(client, BO)
    again = await client.post("/items/1", json={**ADA, "delay": 600})
    assert again.headers["Idempotent-Replayed"] == "true"
    assert (await client.post("/items/1", json=BO)).status_code == 409


async def test_the_task_that_runs_is_named(client: httpx.AsyncClient, gate: Gate) -> None:
    (task,) = task_ids(await client.post("/items/1", json={**ADA, "tasks": ["gated"]}))
    assert gate.begun.wait(WITHIN)
    answer = await put(client, BO)
    assert answer.status_code == 409
    assert answer.json()["conflict"] == {"task_id": task, "state": "running"}
    assert (await client.get("/items/1")).json()["versions"] == []


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({}, "item"),
        ({"item": {"recipient": {"email": "ada"}}}, "item.recipient.email"),
        ({"item": {"template": "unknown"}}, "item.template"),
        ({"item": {"tasks": ["unknown"]}}, "item.tasks.0"),
        ({"item": {}, "delay": -1}, "delay"),
        ({"item": {"delay": 1, "run_at": "2027-01-01T00:00:00Z"}}, "item.run_at"),
        ({"item": {}, "resend": True}, "resend"),
    ],
)
async def test_what_is_wrong_is_named_and_changes_nothing(
    client: httpx.AsyncClient, body: Any, path: str
) -> None:
    await client.post("/items/1", json={**ADA, "delay": 600})
    assert bad_paths(await client.put("/items/1", json=body)) == [path]
    assert (await client.get("/items/1")).json()["versions"] == []


async def test_a_correction_makes_no_item(client: httpx.AsyncClient) -> None:
    answer = await put(client, BO)
    assert answer.status_code == 404
    assert answer.json()["detail"] == "There is no item 1."
