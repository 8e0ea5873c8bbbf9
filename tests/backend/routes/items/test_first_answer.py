"""The same call again has its first answer, even after settings and tasks changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.backend.conftest import bad_paths

if TYPE_CHECKING:
    import httpx

    from desktop.backend.shared.services import Services

pytestmark = pytest.mark.anyio

SMTP = {"transport": "smtp", "host": "localhost", "sender": "desk@example.org"}


@pytest.mark.parametrize(("path", "status"), [("/items", 201), ("/items/42", 200)])
async def test_the_same_again_has_the_first_answer_after_changes(
    client: httpx.AsyncClient, services: Services, path: str, status: int
) -> None:
    headers = {"Idempotency-Key": "k"} if status == 201 else {}
    body = {"tasks": ["nothing", "send_confirmation_email"]}
    first = await client.post(path, json=body, headers=headers)
    assert first.status_code == status
    services.registry.exchange({"nothing": ""}, ())
    await client.put("/settings", json={"mail": SMTP})
    again = await client.post(path, json=body, headers=headers)
    assert (again.status_code, again.json()) == (status, first.json())
    assert again.headers["X-Task-Ids"] == first.headers["X-Task-Ids"]
    assert again.headers["Idempotent-Replayed"] == "true"
    other = await client.post(path, json={**body, "title": "other"}, headers=headers)
    assert other.status_code == 409
    new = await client.post("/items", json=body)
    assert bad_paths(new) == ["tasks.0", "recipient"]


async def test_a_replay_is_the_first_answer_after_settings_changed(
    client: httpx.AsyncClient,
) -> None:
    headers = {"Idempotency-Key": "batch"}
    ada = {"email": "ada@example.org"}
    items = [{"item_id": 0}, {"item_id": 100}, {"item_id": 200, "recipient": ada}, {}]
    one = await client.post("/items/batch?partial=true", json={"items": items}, headers=headers)
    assert [r["status"] for r in one.json()["results"]] == [422, 200, 200, 200]
    whole = {"items": [{"title": "to the default recipient"}]}
    other = {"Idempotency-Key": "whole"}
    first = await client.post("/items/batch", json=whole, headers=other)
    await client.put("/settings", json={"mail": SMTP})
    two = await client.post("/items/batch?partial=true", json={"items": items}, headers=headers)
    assert two.json() == one.json()
    again = await client.post("/items/batch", json=whole, headers=other)
    assert (again.status_code, again.json()) == (200, first.json())
    assert bad_paths(await client.post("/items/batch", json=whole)) == ["items.0.recipient"]


@pytest.mark.parametrize("many", [False, True])
async def test_a_task_whose_function_is_gone_has_its_first_answer(
    client: httpx.AsyncClient, services: Services, many: bool
) -> None:
    headers = {"Idempotency-Key": "k"}
    body: Any = {"task": "nothing", "delay": 600}
    body = [body, body] if many else body
    first = await client.post("/tasks", json=body, headers=headers)
    services.registry.exchange({"nothing": ""}, ())
    again = await client.post("/tasks", json=body, headers=headers)
    assert (again.status_code, again.json()) == (201, first.json())
    assert again.headers["Idempotent-Replayed"] == "true"
    new = await client.post("/tasks", json=body)
    assert bad_paths(new) == (["0.task", "1.task"] if many else ["task"])
