"""One task or many are cancelled, retried, resolved, resent or changed."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest

from desktop.backend.services import Services
from desktop.mail.files import OUTBOX, Files
from tests import WITHIN
from tests.backend.conftest import Gate, bad_paths, settled, task_ids

pytestmark = pytest.mark.anyio

ADA: dict[str, Any] = {"recipient": {"name": "Ada", "email": "ada@example.org"}}
CY: dict[str, Any] = {"name": "Cy", "email": "cy@example.org"}


async def sent(client: httpx.AsyncClient, services: Services) -> int:
    (task,) = task_ids(await client.post("/items/1", json=ADA))
    assert settled(services, task)["state"] == "succeeded"
    return task


async def failed(client: httpx.AsyncClient, services: Services) -> int:
    task = int((await client.post("/tasks", json={"task": "broken"})).json()["id"])
    assert settled(services, task)["state"] == "failed"
    return task


async def resend(client: httpx.AsyncClient, task: int, **more: Any) -> int:
    answer = await client.post("/tasks/bulk", json={"action": "resend", "ids": [task], **more})
    assert answer.status_code == 200, answer.text
    (again,) = answer.json()["ids"]
    return int(again)


async def test_added_tasks_are_undone_by_their_pending_action(client: httpx.AsyncClient) -> None:
    one = (await client.post("/tasks?undo_for=600", json={"task": "nothing"})).json()
    many = (await client.post("/tasks?undo_for=600", json=[{"task": "nothing"}] * 2)).json()
    assert (one["state"], one["pending"]["tasks"]) == ("scheduled", [[one["id"], one["id"]]])
    assert many["pending"]["tasks"] == [many["ids"]]
    assert {row["action"] for row in (await client.get("/pending")).json()["pending"]} == {"run"}
    for answer in (one, many):
        assert (await client.delete(f"/pending/{answer['pending']['id']}")).status_code == 204
    for task in (one["id"], *many["ids"]):
        assert (await client.get(f"/tasks/{task}")).json()["state"] == "cancelled"


async def test_a_message_is_sent_again_under_another_message_id_also_once_its_task_is_gone(
    client: httpx.AsyncClient, services: Services
) -> None:
    task = await sent(client, services)
    again = settled(services, await resend(client, task))
    assert (again["resend_of"], again["to"]) == (task, "Ada <ada@example.org>")
    assert again["message_id"] != services.engine.task(task)["reference"]
    assert len((await client.get("/items/1")).json()["tasks"]) == 2
    body: dict[str, Any] = {"action": "resend", "ids": [task], "to": CY}
    request: dict[str, Any] = {"headers": {"Idempotency-Key": "other"}, "json": body}
    answer = (await client.post("/tasks/bulk", **request)).json()
    await client.post("/tasks/bulk", json={"action": "remove", "ids": [task]})
    assert (await client.get(f"/tasks/{task}")).status_code == 404
    assert (await client.post("/tasks/bulk", **request)).json() == answer


async def test_it_can_go_to_another_and_the_item_stays(
    client: httpx.AsyncClient, services: Services, kept: Files
) -> None:
    first = await sent(client, services)
    recipients: list[tuple[dict[str, Any], str]] = [
        ({"to": CY}, "Cy <cy@example.org>"),
        ({"to_me": True}, "Sendoff <sendoff@localhost>"),
        ({"to_me": False}, "Ada <ada@example.org>"),
    ]
    for body, to in recipients:
        new = settled(services, await resend(client, first, **body))
        assert (new["state"], new["to"]) == ("succeeded", to)
        message_id = (new["message_id"] or "")[1:-1]
        mail = kept.below(OUTBOX).read(f"{message_id}.eml").decode()
        assert f"To: {to}" in mail.replace('"', "")
        shown = (await client.get(f"/tasks/{new['id']}/message")).json()
        assert shown["to"] == to
        assert (await client.get("/items/1")).json()["recipient"] == ADA["recipient"]
    (await client.post("/queues/pause")).raise_for_status()
    waiting = await resend(client, first, to=CY)
    assert (await client.get(f"/tasks/{waiting}")).json()["addressee"] == {**CY, "copy": True}
    shown = (await client.get(f"/tasks/{waiting}/message")).json()
    assert (shown["to"], shown["remade"]) == ("Cy <cy@example.org>", True)
    assert (await client.post(f"/tasks/{waiting}/cancel")).json()["state"] == "cancelled"


async def test_what_has_not_ended_is_not_sent_again(client: httpx.AsyncClient, gate: Gate) -> None:
    task = (await client.post("/tasks", json={"task": "gated"})).json()["id"]
    assert gate.begun.wait(WITHIN)
    body = {"action": "resend", "ids": [task, 99]}
    answer = (await client.post("/tasks/bulk", json=body)).json()
    refusals = {each["refusal"] for each in answer["skipped"]}
    assert (answer["touched"], refusals) == (0, {"running", "not_there"})


async def test_a_task_that_finds_its_own_recipient_has_no_other(
    client: httpx.AsyncClient, services: Services
) -> None:
    task = await failed(client, services)
    bodies: list[dict[str, Any]] = [{"to": CY}, {"to_me": True}]
    for more in bodies:
        body = {"action": "resend", "ids": [task], **more}
        assert bad_paths(await client.post("/tasks/bulk", json=body)) == [*more]
    assert await resend(client, task)


async def test_a_scheduled_task_is_moved_and_run_now(
    client: httpx.AsyncClient, services: Services
) -> None:
    (task,) = task_ids(await client.post("/items/1", json={**ADA, "delay": 600}))
    moved = await client.patch(f"/tasks/{task}", json={"run_at": "2099-01-01T09:00:00+01:00"})
    assert moved.status_code == 200, moved.text
    assert moved.json()["run_at"] == "2099-01-01T08:00:00.000Z"
    assert (await client.patch(f"/tasks/{task}", json={"priority": 7})).json()["priority"] == 7
    assert (await client.patch(f"/tasks/{task}", json={"run_at": None})).status_code == 200
    assert settled(services, task)["state"] == "succeeded"
    late = await client.patch(f"/tasks/{task}", json={"run_at": None})
    assert (late.status_code, late.json()["title"]) == (409, "Conflict")


async def test_what_was_seen_is_found_apart(client: httpx.AsyncClient, services: Services) -> None:
    first, second = await failed(client, services), await failed(client, services)

    async def found(seen: str) -> list[int]:
        rows = (await client.get("/tasks", params={"state": "failed", "seen": seen})).json()
        return [row["id"] for row in rows["tasks"]]

    answer = await client.patch(f"/tasks/{first}", json={"seen": True})
    assert answer.json()["seen"] is True
    assert (await found("true"), await found("false")) == ([first], [second])
    unseen = {"state": "failed", "seen": False}
    for body, touched, named in (
        ({"action": "seen", "filter": unseen}, 1, {"ids": [second]}),
        ({"action": "unseen", "ids": [first, second]}, 2, {"ids": [first, second]}),
        ({"action": "seen", "ids": [first]}, 1, {"ids": [first]}),
        ({"action": "seen", "ids": [first, second]}, 2, {"ids": [second]}),
        ({"action": "seen", "ids": [first]}, 1, {}),
    ):
        answer = await client.post("/tasks/bulk", json=body)
        assert answer.json() == {"touched": touched, "skipped": [], **named}
    assert await found("false") == []


async def test_many_are_sent_again_after_a_while_unless_it_is_undone(
    client: httpx.AsyncClient, services: Services
) -> None:
    tasks = [await failed(client, services) for _ in range(3)]
    body = {"action": "resend", "ids": [*tasks, 99], "delay": 600}
    answer = (await client.post("/tasks/bulk", json=body)).json()
    assert answer["touched"] == 3
    assert answer["skipped"] == [{"why": "1 is gone", "count": 1, "refusal": "not_there"}]
    assert (await client.delete(f"/pending/{answer['pending']['id']}")).status_code == 204
    answer = (await client.post("/tasks/bulk", json={**body, "delay": 0})).json()
    new = [services.engine.task(number) for number in answer["ids"]]
    assert [each["resend_of"] for each in new] == tasks


async def scheduled(client: httpx.AsyncClient, count: int, name: str = "nothing") -> list[int]:
    body = [{"task": name, "delay": 600} for _ in range(count)]
    ids: list[int] = (await client.post("/tasks", json=body)).json()["ids"]
    return ids


async def test_a_filter_means_all_that_match(client: httpx.AsyncClient, services: Services) -> None:
    await scheduled(client, 3)
    (other,) = await scheduled(client, 1, "broken")
    body = {"action": "cancel", "filter": {"task": "nothing", "state": "scheduled,waiting"}}
    told = (await client.post("/tasks/bulk", json={**body, "preview": True})).json()
    assert told == {"touched": 3, "skipped": [], "is_exact": True, "queues": {"nothing": 3}}
    done = await client.post("/tasks/bulk", json=body)
    assert done.json() == {"touched": 3, "skipped": []}
    assert services.engine.task(other)["state"] == "scheduled"
    now = {"action": "run_now", "filter": {"state": "scheduled"}}
    assert (await client.post("/tasks/bulk", json=now)).json()["touched"] == 1
    assert settled(services, other)["state"] == "failed"


async def test_an_action_with_a_delay_waits_and_can_be_undone_until_it_is_carried_out(
    client: httpx.AsyncClient, services: Services
) -> None:
    first, second = await scheduled(client, 2)
    body = {"action": "cancel", "ids": [first, second], "delay": 600}
    answer = (await client.post("/tasks/bulk", json=body)).json()
    pending = answer.pop("pending")
    assert answer == {"touched": 2, "skipped": [], "queues": {"nothing": 2}}
    (row,) = (await client.get("/pending")).json()["pending"]
    assert 0 < row["due_in"] <= pending["due_in"] == 600
    assert row == {**pending, "due_in": row["due_in"]}
    assert services.engine.task(first)["state"] == "scheduled"
    place = f"/pending/{row['id']}"
    assert (await client.delete(place)).status_code == 204
    assert (await client.delete(place)).status_code == 404
    assert (await client.get("/pending")).json() == {"pending": []}
    answer = (await client.post("/tasks/bulk", json={**body, "delay": 0.01})).json()
    await asyncio.to_thread(settled, services, second)
    assert (await client.delete(f"/pending/{answer['pending']['id']}")).status_code == 409
    assert services.engine.task(second)["state"] == "cancelled"


async def test_a_bad_field_is_named(refusing: httpx.AsyncClient) -> None:
    to: dict[str, Any] = {"to": {"email": "a@x.org"}}
    bad: list[tuple[str, str, Any, str]] = [
        ("POST", "bulk", {"action": "explode", "ids": [1]}, "action"),
        ("POST", "bulk", {"ids": [1]}, "action"),
        ("POST", "bulk", {"action": "retry"}, "ids"),
        ("POST", "bulk", {"action": "retry", "ids": [0]}, "ids.0"),
        ("POST", "bulk", {"action": "retry", "filter": {"colour": 1}}, "filter.colour"),
        ("POST", "bulk", {"action": "retry", "ids": [1], "filter": {}}, "ids"),
        ("POST", "bulk", {"action": "retry", "ids": [1], "to_me": True}, "to_me"),
        ("POST", "bulk", {"action": "resend", "filter": {}, "to_me": True}, "to_me"),
        ("POST", "bulk", {"action": "resend", "ids": [1, 2], **to}, "to"),
        ("POST", "bulk", {"action": "resend", "ids": [1], **to, "to_me": True}, "to_me"),
        ("POST", "bulk", {"action": "resend", "ids": [1], "to": {"name": "Cy"}}, "to.email"),
        ("POST", "bulk", {"action": "resend", "ids": [1], "to": {"email": "cy"}}, "to.email"),
        ("POST", "bulk", {"action": "resend", "ids": [1], "delay": -1}, "delay"),
        ("POST", "bulk", {"action": "resend", "ids": [1], "at": 1}, "at"),
        ("PATCH", "1", {}, "run_at"),
        ("PATCH", "1", {"run_at": "tomorrow"}, "run_at"),
        ("PATCH", "1", {"priority": "high"}, "priority"),
        ("PATCH", "1", {"seen": 1}, "seen"),
        ("PATCH", "1", {"state": "succeeded"}, "state"),
    ]
    for method, place, body, path in bad:
        answer = await refusing.request(method, f"/tasks/{place}", json=body)
        assert bad_paths(answer) == [path], (place, body)


async def test_a_text_without_a_word_does_not_mean_every_task(
    client: httpx.AsyncClient, services: Services
) -> None:
    await scheduled(client, 1)
    for text in ("*", "", "  ", "…"):
        body = {"action": "cancel", "filter": {"text": text}}
        assert bad_paths(await client.post("/tasks/bulk", json=body)) == ["filter.text"]
    assert services.engine.stats()["counts"]["scheduled"] == 1
