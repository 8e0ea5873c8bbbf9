"""Items are registered, one or many, at once or later, and read."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from desktop.backend.services import Services
from desktop.contract.tasks import ID_LIMIT
from tests.backend.conftest import bad_paths, settled, task_ids

pytestmark = pytest.mark.anyio

ADA = {"recipient": {"name": "Ada Lovelace", "email": "ada@example.org"}}
SMTP = {"transport": "smtp", "host": "localhost", "sender": "desk@example.org"}


async def test_no_body_and_no_content_type_registers_an_item_and_its_confirmation(
    client: httpx.AsyncClient, services: Services
) -> None:
    answer = await client.post("/items/42")
    assert answer.status_code == 200
    assert answer.json() == {"item_id": 42}
    assert answer.headers["Location"] == "/items/42"
    (number,) = task_ids(answer)
    sent = settled(services, number)
    assert (sent["task"], sent["state"]) == ("send_confirmation_email", "succeeded")
    assert sent["to"] == "you@example.org"


async def test_each_named_task_is_called_with_the_items_number(
    client: httpx.AsyncClient, services: Services
) -> None:
    answer = await client.post("/items/7", json={"tasks": ["nothing", "broken"]})
    first, second = task_ids(answer)
    assert settled(services, first)["args"] == [7]
    assert settled(services, second)["state"] == "failed"
    answer = await client.post("/items/8", json={"tasks": []})
    assert answer.headers["X-Task-Ids"] == ""
    assert (await client.get("/items/8")).json()["tasks"] == []


async def test_the_number_that_is_said_to_be_next_is_the_one_given(
    client: httpx.AsyncClient,
) -> None:
    async def given() -> int:
        said = (await client.get("/items/next")).json()
        answer = await client.post("/items", json={"delay": 600})
        assert (answer.status_code, answer.json()) == (201, said)
        assert answer.headers["Location"] == f"/items/{said['item_id']}"
        return int(said["item_id"])

    assert await given() == 1
    (task,) = task_ids(await client.post("/items/40", json={"delay": 600}))
    await client.post("/tasks/bulk", json={"action": "cancel", "ids": [task]})
    await client.post("/tasks/bulk", json={"action": "remove", "ids": [task]})
    assert await given() == 41
    draft = (await client.post("/batches", json={"name": "a.csv"})).headers["Location"]
    rows = [{"row": 2, "item": {**ADA, "item_id": 3000}}]
    await client.post(f"{draft}/rows", json={"rows": rows})
    await client.post(f"{draft}/start", json={"delay": 600})
    assert await given() == 3001
    await client.post(f"/items/{ID_LIMIT}", json={"delay": 600})
    assert await given() == 3002


async def test_the_same_again_has_the_same_answer_and_schedules_nothing(
    client: httpx.AsyncClient, services: Services
) -> None:
    same: list[tuple[Any, Any]] = [
        (None, {}),
        ({}, None),
        ({"title": "A", "priority": 3}, {"priority": 3, "title": "A"}),
        ({"delay": 500}, {"delay": 500.0}),
        ({"fields": {"a": 1, "b": [True, None]}}, {"fields": {"b": [True, None], "a": 1}}),
        ({**ADA, "delay": 60}, {"delay": 60, **ADA}),
    ]
    for number, bodies in enumerate(same, 1):
        one, two = [
            await client.post(f"/items/{number}", **({} if body is None else {"json": body}))
            for body in bodies
        ]
        assert (one.status_code, two.status_code) == (200, 200), bodies
        assert one.json() == two.json()
        assert one.headers["X-Task-Ids"] == two.headers["X-Task-Ids"]
        assert "Idempotent-Replayed" not in one.headers
        assert two.headers["Idempotent-Replayed"] == "true"
        assert sum(services.engine.stats()["counts"].values()) == number


async def test_another_body_is_409_and_changes_nothing(client: httpx.AsyncClient) -> None:
    others: list[tuple[Any, Any]] = [
        ({}, {"title": "A"}),
        ({"title": "A"}, {"title": "B"}),
        ({"fields": {"a": 1}}, {"fields": {"a": True}}),
        ({"fields": {"a": None}}, {"fields": {}}),
        ({}, {"recipient": {"email": "you@example.org"}}),
        ({}, {"tasks": ["send_confirmation_email"]}),
    ]
    for number, (first, other) in enumerate(others, 42):
        await client.post(f"/items/{number}", json=first)
        before = (await client.get(f"/items/{number}")).json()["title"]
        answer = await client.post(f"/items/{number}", json=other)
        assert answer.status_code == 409, other
        assert str(number) in answer.json()["detail"]
        assert (await client.get(f"/items/{number}")).json()["title"] == before


@pytest.mark.parametrize(
    "number", ["0", "-1", "abc", str(ID_LIMIT + 1), "4.2", "4_2", "%2042", "٤٢", "9" * 400]
)
async def test_a_number_that_cannot_be_one_is_422_at_item_id(
    refusing: httpx.AsyncClient, number: str
) -> None:
    assert bad_paths(await refusing.post(f"/items/{number}")) == ["item_id"]
    assert bad_paths(await refusing.get(f"/items/{number}")) == ["item_id"]
    assert bad_paths(await refusing.delete(f"/items/{number}")) == ["item_id"]


async def test_the_largest_number_is_kept_whole(client: httpx.AsyncClient) -> None:
    answer = await client.post(f"/items/{ID_LIMIT}", json={"tasks": []})
    assert answer.json() == {"item_id": ID_LIMIT}
    assert (await client.get(f"/items/{ID_LIMIT}")).json()["item_id"] == ID_LIMIT


async def test_a_refused_item_leaves_nothing_behind(client: httpx.AsyncClient) -> None:
    bodies: list[tuple[dict[str, Any], list[str], str]] = [
        ({"recipient": {"email": "ada"}, "colour": 1}, ["recipient.email", "colour"], ""),
        ({"tasks": ["nothing", "launch_rocket"]}, ["tasks.1"], "launch_rocket"),
        ({"template": "no-such"}, ["template"], "no-such"),
    ]
    for body, paths, named in bodies:
        answer = await client.post("/items/42", json=body)
        assert bad_paths(answer) == paths
        assert named in answer.json()["detail"]
        assert (await client.get("/items/42")).status_code == 404


async def test_an_e_mail_is_called_after_its_own_template(client: httpx.AsyncClient) -> None:
    source = "{% block subject %}S{% endblock %}{% block text %}T{% endblock %}"
    await client.put("/templates/Summer party", json={"source": source})
    for number, template in ((1, "Summer party"), (2, "confirmation")):
        body = {"recipient": {"email": "ada@example.org"}, "template": template}
        await client.post(f"/items/{number}", json=body)
    rows = (await client.get("/tasks")).json()["tasks"]
    assert [row["title"] for row in rows] == ["Confirmation e-mail", "Summer party"]


async def test_a_confirmation_without_a_recipient_names_the_setting(
    client: httpx.AsyncClient,
) -> None:
    answer = await client.put("/settings", json={"mail": SMTP})
    assert answer.status_code == 200, answer.text
    answer = await client.post("/items/42")
    assert bad_paths(answer) == ["recipient"]
    assert "default_recipient" in answer.json()["detail"]
    assert (await client.post("/items/1", json={"tasks": ["nothing"]})).status_code == 200
    assert (await client.post("/items/2", json={**ADA, "delay": 600})).status_code == 200


@pytest.mark.parametrize("key", ["", "k" * 201])
async def test_a_key_that_cannot_be_one_is_422(refusing: httpx.AsyncClient, key: str) -> None:
    answer = await refusing.post("/items", headers={"Idempotency-Key": key})
    assert bad_paths(answer) == ["Idempotency-Key"]


async def test_a_task_begins_when_its_item_says(
    client: httpx.AsyncClient, services: Services
) -> None:
    async def made(**body: Any) -> int:
        (number,) = task_ids(await client.post("/items", json=body))
        return number

    later = services.engine.task(await made(delay=3600, priority=-7))
    assert (later["state"], later["priority"]) == ("scheduled", -7)
    assert later["run_at"] is not None
    assert later["run_at"] > later["created_at"]
    timed = services.engine.task(await made(run_at="2999-03-01T10:30:00.5+01:00"))
    assert timed["run_at"] == "2999-03-01T09:30:00.500Z"
    long_ago = "2001-01-01T00:00:00Z"
    now = await made(run_at=long_ago, tasks=["nothing"])
    assert settled(services, now)["state"] == "succeeded"
    too_late = await made(deadline=long_ago, tasks=["nothing"])
    assert settled(services, too_late)["state"] == "failed"


async def test_one_bad_item_or_conflict_refuses_all(client: httpx.AsyncClient) -> None:
    items: list[Any] = [{"item_id": 1}, {"recipient": {"email": "x"}}, {"tasks": ["missing"]}]
    answer = await client.post("/items/batch", json={"items": items})
    assert bad_paths(answer) == ["items.1.recipient.email"]
    answer = await client.post("/items/batch", json={"items": [items[0], items[2]]})
    assert bad_paths(answer) == ["items.1.tasks.0"]
    await client.post("/items/2", json={"title": "B"})
    items = [{"item_id": 1}, {"item_id": 2, "title": "other"}]
    assert (await client.post("/items/batch", json={"items": items})).status_code == 409
    assert [each["item_id"] for each in (await client.get("/items")).json()["items"]] == [2]


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


async def test_ten_thousand_go_in_one_call_and_one_more_does_not(
    client: httpx.AsyncClient,
) -> None:
    body: dict[str, Any] = {"items": [{"tasks": []}] * 10_000}
    answer = await client.post("/items/batch", json=body)
    assert [each["status"] for each in answer.json()["results"]] == [200] * 10_000
    body["items"].append({})
    assert bad_paths(await client.post("/items/batch", json=body)) == ["items"]


@pytest.mark.parametrize("query", ["", "?partial=true"])
async def test_a_batch_is_an_object_with_items(refusing: httpx.AsyncClient, query: str) -> None:
    assert bad_paths(await refusing.post(f"/items/batch{query}", json={})) == ["items"]
    assert bad_paths(await refusing.post(f"/items/batch{query}", json={"items": 1})) == ["items"]
    assert (await refusing.post(f"/items/batch{query}", content=b"{")).status_code == 400
