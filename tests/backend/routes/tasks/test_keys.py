"""Of the tasks of one name with one ``key`` only one is open; a second is answered with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from desktop.engine.functions.registry import task
from tests.backend.conftest import bad_paths, settled

if TYPE_CHECKING:
    import httpx

    from desktop.backend.shared.services import Services

pytestmark = pytest.mark.anyio

LATER: dict[str, Any] = {"task": "nothing", "key": "monday", "delay": 600}


async def test_a_second_one_is_answered_with_the_first(
    client: httpx.AsyncClient, services: Services
) -> None:
    first = await client.post("/tasks", json={**LATER, "args": [1]})
    second = await client.post("/tasks", json={**LATER, "args": [2]})
    assert (first.status_code, second.status_code) == (201, 200)
    assert second.json() == first.json()
    assert second.headers["Location"] == first.headers["Location"]
    assert "Idempotent-Replayed" not in second.headers
    assert services.engine.stats()["counts"]["scheduled"] == 1


async def test_another_name_or_key_is_another_task(client: httpx.AsyncClient) -> None:
    await client.post("/tasks", json=LATER)
    for body in ({**LATER, "task": "broken"}, {**LATER, "key": "tuesday"}):
        assert (await client.post("/tasks", json=body)).status_code == 201


async def test_once_it_is_over_its_key_is_free(
    client: httpx.AsyncClient, services: Services
) -> None:
    first = (await client.post("/tasks", json={"task": "nothing", "key": "monday"})).json()
    settled(services, first["id"])
    second = await client.post("/tasks", json=LATER)
    assert second.status_code == 201
    assert second.json()["id"] != first["id"]


async def test_in_a_list_its_number_stands_in_its_place(
    client: httpx.AsyncClient, services: Services
) -> None:
    first = (await client.post("/tasks", json=LATER)).json()["id"]
    other = {**LATER, "key": "tuesday"}
    answer = await client.post("/tasks", json=[other, LATER, other])
    assert answer.status_code == 201
    tuesday, monday, again = answer.json()["ids"]
    assert monday == first
    assert again == tuesday
    assert services.engine.stats()["counts"]["scheduled"] == 2


async def test_the_same_call_again_has_the_same_status(
    client: httpx.AsyncClient, services: Services
) -> None:
    first = (await client.post("/tasks", json=LATER)).json()
    headers = {"Idempotency-Key": "k"}
    joined = await client.post("/tasks", json=LATER, headers=headers)
    await client.post(f"/tasks/{first['id']}/cancel")
    again = await client.post("/tasks", json=LATER, headers=headers)
    assert (joined.status_code, again.status_code) == (200, 200)
    assert again.json() == joined.json()
    assert again.headers["Idempotent-Replayed"] == "true"
    assert services.engine.stats()["counts"]["scheduled"] == 0


@pytest.mark.parametrize("key", ["", " ", "x" * 201, "a\nb", "a\u202eb", 7, None, ["a"]])
@pytest.mark.parametrize("many", [False, True])
async def test_a_bad_key_is_named(client: httpx.AsyncClient, key: object, *, many: bool) -> None:
    body = {**LATER, "key": key}
    answer = await client.post("/tasks", json=[LATER, body] if many else body)
    assert bad_paths(answer) == ["1.key" if many else "key"]


async def test_a_key_of_the_tasks_own_that_cannot_be_made_is_a_sentence(
    client: httpx.AsyncClient, services: Services
) -> None:
    @task(name="keyed", key=lambda order: order["number"])
    def keyed(order: object) -> None:
        """Do nothing."""

    services.registry.add(keyed)
    good, bad = {"number": "17"}, {"title": "no number"}
    assert (await client.post("/tasks", json={"task": "keyed", "args": [good]})).status_code == 201
    answer = await client.post("/tasks", json={"task": "keyed", "args": [bad]})
    assert bad_paths(answer) == ["args"]
    assert answer.json()["detail"].startswith("args: The key of the task “keyed” could not be made")
    answer = await client.post("/tasks", json={"task": "keyed", "args": [{"number": 17}]})
    assert bad_paths(answer) == ["args"]
    body = [{"task": "keyed", "args": [each]} for each in (good, bad)]
    assert bad_paths(await client.post("/tasks", json=body)) == ["1.args"]
    assert bad_paths(await client.post("/items", json={"tasks": ["keyed"]})) == ["tasks"]
    assert bad_paths(await client.post("/items/9", json={"tasks": ["keyed"]})) == ["tasks"]
