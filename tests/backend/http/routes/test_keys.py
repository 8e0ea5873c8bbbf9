"""A call with a key acts once and has its first answer, whatever has changed since."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from desktop.backend.services import Services
from desktop.contract.items import CONFIRMATION
from tests.backend.conftest import bad_paths

pytestmark = pytest.mark.anyio

KEY = {"Idempotency-Key": "k" * 200}
ADA: dict[str, Any] = {"recipient": {"name": "Ada", "email": "ada@example.org"}, "delay": 600}
ADA["fields"] = {"seat": 7, "row": "F"}
CY: dict[str, Any] = {"recipient": {"name": "Cy", "email": "cy@example.org"}, "delay": 600}
LATER: dict[str, Any] = {"task": "nothing", "delay": 600}
ITEM = ("/items/1", ADA)
CANCELLED = ("/tasks/1/cancel", None)
PAUSED = ("/queues/pause", None)
DRAFT = ("/batches", {"name": "May"})
ROWS = ("/batches/1/rows", {"rows": [{"row": 2, "item": ADA | {"delay": 0}}]})
STARTED = ("/batches/1/start?undo_for=600", None)
Calls = list[tuple[str, Any]]


async def told(client: httpx.AsyncClient) -> list[Any]:
    """Read what is there."""
    paths = ("/stats", "/pending", "/items", "/batches")
    stats, pending, items, batches = [(await client.get(path)).json() for path in paths]
    states = [(each["batch_id"], each["state"]) for each in batches["batches"]]
    waits = [{**each, "due_in": None} for each in pending["pending"]]
    return [stats["counts"], waits, items["counts"], states]  # drafts are checked meanwhile


def lasting(answer: httpx.Response) -> Any:
    """Read an answer without what is left of the time to undo."""
    told = answer.json() if answer.content else None
    if isinstance(told, dict) and "pending" in told:
        told["pending"]["due_in"] = None
    return told


@pytest.mark.parametrize(
    ("before", "call", "other"),
    [
        ([], ("POST", "/items", ADA), ("/items", CY)),
        ([], ("POST", "/items/batch", {"items": [ADA]}),
         ("/items/batch?partial=true", {"items": [ADA]})),
        ([], ("POST", "/items/batch?partial=true", {"items": [ADA, {"item_id": 0}]}),
         ("/items/batch?partial=true", {"items": [CY]})),
        ([ITEM, CANCELLED], ("PUT", "/items/1?undo_for=60", {"item": CY, "send": True}),
         ("/items/1", {"item": ADA})),
        ([], ("POST", "/items/7?undo_for=60", ADA), ("/items/7", CY)),
        ([], ("POST", "/tasks?undo_for=60", LATER), ("/tasks", LATER)),
        ([], ("POST", "/tasks", LATER), ("/tasks", {**LATER, "priority": 1})),
        ([], ("POST", "/tasks", [LATER, LATER]), ("/tasks", [LATER])),
        ([ITEM], ("POST", "/tasks/bulk", {"action": "cancel", "ids": [1]}),
         ("/tasks/bulk", {"action": "retry", "ids": [1]})),
        ([ITEM], ("POST", "/tasks/bulk", {"action": "cancel", "ids": [1], "delay": 600}),
         ("/tasks/bulk", {"action": "cancel", "ids": [1]})),
        ([ITEM, CANCELLED, PAUSED], ("POST", "/tasks/bulk", {"action": "resend", "ids": [1]}),
         ("/tasks/bulk", {"action": "resend", "ids": [1], "to_me": True})),
        ([], ("POST", *DRAFT), ("/batches", {"name": "June"})),
        ([DRAFT, ROWS], ("POST", *STARTED), ("/batches/1/start?undo_for=60", None)),
        ([DRAFT, ROWS, STARTED], ("POST", "/batches/1/cancel", {"delay": 600}),
         ("/batches/1/cancel", None)),
        ([DRAFT, ROWS, STARTED], ("DELETE", "/batches/1", None), ("/batches/1?delay=5", None)),
    ],
)  # fmt: skip
async def test_the_same_key_acts_once_and_is_no_key_for_anything_else(
    client: httpx.AsyncClient, before: Calls, call: tuple[str, str, Any], other: tuple[str, Any]
) -> None:
    for path, body in before:
        assert (await client.post(path, json=body)).is_success
    method, path, body = call
    nothing = await told(client)
    first = await client.request(method, path, json=body, headers=KEY)
    once = await told(client)
    same = json.loads(json.dumps(body), object_pairs_hook=lambda pairs: dict(reversed(pairs)))
    again = await client.request(method, path, json=same, headers=KEY)
    assert first.is_success, first.text
    assert (again.status_code, lasting(again)) == (first.status_code, lasting(first))
    assert again.headers.get("X-Task-Ids") == first.headers.get("X-Task-Ids")
    assert "Idempotent-Replayed" not in first.headers
    assert again.headers["Idempotent-Replayed"] == "true"
    path, body = other
    assert (await client.request(method, path, json=body, headers=KEY)).status_code == 409
    assert (await client.post("/tasks", json={"task": "broken"}, headers=KEY)).status_code == 409
    assert await told(client) == once != nothing


NEEDS: dict[str, Any] = {"tasks": ["nothing", CONFIRMATION], "delay": 600}
NOTE = {"name": "May", "template": "note"}


@pytest.mark.parametrize(
    ("path", "body", "missing"),
    [
        ("/items", NEEDS, ["tasks.0", "recipient"]),
        ("/items/42", NEEDS, ["tasks.0", "recipient"]),
        ("/items/batch", {"items": [NEEDS]}, ["items.0.tasks.0", "items.0.recipient"]),
        ("/items/batch?partial=true", {"items": [{"item_id": 0}, NEEDS, {}]}, None),
        ("/tasks", LATER, ["task"]),
        ("/tasks", [LATER, LATER], ["0.task", "1.task"]),
        ("/batches", NOTE, ["template"]),
    ],
)
async def test_the_same_again_has_its_first_answer_though_what_it_needs_is_gone(
    client: httpx.AsyncClient, services: Services, path: str, body: Any, missing: list[str] | None
) -> None:
    source = (await client.get("/templates/confirmation")).json()["source"]
    await client.put("/templates/note", json={"source": source})
    headers = {} if path == "/items/42" else KEY
    first = await client.post(path, json=body, headers=headers)
    assert first.is_success, first.text
    services.registry.exchange({"nothing": ""}, ())
    smtp = {"transport": "smtp", "host": "localhost", "sender": "desk@example.org"}
    assert (await client.delete("/templates/note")).is_success
    assert (await client.put("/settings", json={"mail": smtp})).is_success
    again = await client.post(path, json=body, headers=headers)
    assert (again.status_code, again.json()) == (first.status_code, first.json())
    assert again.headers.get("X-Task-Ids") == first.headers.get("X-Task-Ids")
    assert again.headers["Idempotent-Replayed"] == "true"
    if missing is not None:
        fresh = path.replace("42", "43")
        assert bad_paths(await client.post(fresh, json=body)) == missing


async def test_the_same_correction_again_has_its_first_answer_though_its_template_is_gone(
    client: httpx.AsyncClient,
) -> None:
    source = (await client.get("/templates/confirmation")).json()["source"]
    await client.put("/templates/note", json={"source": source})
    await client.post("/items/42", json={"tasks": []})
    body = {"item": {"template": "note", "tasks": ["nothing"]}, "send": True}
    first = await client.put("/items/42", json=body, headers=KEY)
    assert first.is_success, first.text
    assert (await client.delete("/templates/note")).is_success
    again = await client.put("/items/42", json=body, headers=KEY)
    assert (again.status_code, again.json()) == (first.status_code, first.json())
    assert again.headers["X-Task-Ids"] == first.headers["X-Task-Ids"]
    assert again.headers["Idempotent-Replayed"] == "true"
    assert bad_paths(await client.put("/items/42", json=body)) == ["item.template"]
    other = await client.put("/items/42", json=body | {"send": False}, headers=KEY)
    assert other.status_code == 409
