"""What needs a template is counted before it goes."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import pytest

from desktop.contract.states import State
from desktop.mail.transport import Outbox
from tests import WITHIN
from tests.backend.conftest import settled, task_ids

if TYPE_CHECKING:
    import httpx

    from desktop.backend.shared.services import Services

pytestmark = pytest.mark.anyio

TEXT: dict[str, Any] = {"subject": "Fees", "text": "Dear {{ name }}, {{ fee }}"}
ADA = {"name": "Ada", "email": "ada@example.org"}
LACKS_FEE = "The template “note” needs “fee”, which is missing."


async def written(client: httpx.AsyncClient, name: str, **body: Any) -> dict[str, Any]:
    answer = await client.put(f"/templates/{name}", json={"parts": TEXT, **body})
    assert answer.status_code == 200, answer.text
    template: dict[str, Any] = answer.json()
    return template


async def test_the_messages_that_need_a_template_are_counted(
    client: httpx.AsyncClient, services: Services
) -> None:
    await written(client, "note", parts={**TEXT, "text": "Hello"})
    body: dict[str, Any] = {"recipient": ADA, "template": "note"}
    await client.post("/items/1", json={**body, "delay": 3600})
    await client.post("/items/2", json={**body, "fields": {"fee": "3"}, "delay": 3600})
    made = await client.post("/items/3", json={**body, "deadline": "2020-01-01T00:00:00Z"})
    settled(services, task_ids(made)[0], State.FAILED)
    needs: dict[str, Any] = {"open": 2, "again": 1, "stuck": [], "rows": 0, "fields": []}
    needs |= {"batches": [], "fault": None}
    assert (await client.get("/templates/note/messages")).json() == needs
    await written(client, "note")
    needs |= {"stuck": [1], "fields": ["fee"], "fault": LACKS_FEE}
    set_for = {"name": "x", "template": "note", "run_at": "2099-01-01T08:00:00Z"}
    place = (await client.post("/batches", json=set_for)).headers["Location"]
    row = {"recipient": ADA, "fields": {"fee": "3"}}
    lacks_fee = {"recipient": {"email": "bo@example.org"}}
    rows = [{"row": 1, "item": row}, {"row": 2, "item": lacks_fee}]
    (await client.post(f"{place}/rows", json={"rows": rows})).raise_for_status()
    (await client.post(f"{place}/start")).raise_for_status()
    needs["open"] += 1  # the other row stayed behind
    lacking = [(await client.get(f"/tasks/{n}")).json()["lacks"] for n in (1, 2, 3)]
    assert lacking == [["fee"], [], []]
    assert (await client.get("/templates/note/messages")).json() == needs
    await written(client, "note", parts={**TEXT, "text": "{{ fee }} {{ plus }}"})
    told = (await client.get("/templates/note/messages")).json()
    of_rows = {"rows": 1, "batches": [{"batch_id": 1, "rows": 1}]}
    assert told == {**needs, "stuck": [1, 2], **of_rows, "fields": ["fee", "plus"]}
    assert (await client.get("/tasks/1")).json()["lacks"] == ["fee", "plus"]
    answer = await client.delete("/templates/note")
    assert "needed by 3 open tasks" in answer.json()["detail"]


async def test_a_message_that_is_handed_over_is_not_one_that_waits(
    client: httpx.AsyncClient, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A bar told of 16 messages that could not be made, while they were being sent."""
    made_it, leaves = threading.Event(), threading.Event()
    send = Outbox.send

    def slowly(*args: Any) -> str:
        made_it.set()
        assert leaves.wait(WITHIN)
        return send(*args)

    monkeypatch.setattr(Outbox, "send", slowly)
    await written(client, "note", parts={**TEXT, "text": "Hello"})
    (made,) = task_ids(await client.post("/items/1", json={"recipient": ADA, "template": "note"}))
    assert made_it.wait(WITHIN)
    await written(client, "note")
    told = (await client.get("/templates/note/messages")).json()
    leaves.set()
    assert (told["open"], told["stuck"]) == (1, [])
    settled(services, made, State.SUCCEEDED)


async def test_a_message_counts_as_not_sent_by_its_newest_task(
    client: httpx.AsyncClient, services: Services
) -> None:
    await written(client, "note", parts={**TEXT, "text": "Hello"})
    body: dict[str, Any] = {"recipient": ADA, "template": "note"}
    late = {**body, "deadline": "2020-01-01T00:00:00Z"}
    (failed,) = task_ids(await client.post("/items/1", json=late))
    settled(services, failed, State.FAILED)
    (cancelled,) = task_ids(await client.post("/items/2", json={**body, "delay": 3600}))
    (await client.post(f"/tasks/{cancelled}/cancel")).raise_for_status()

    async def again() -> int:
        return int((await client.get("/templates/note/messages")).json()["again"])

    assert await again() == 2
    resent = await client.post(f"/tasks/{failed}/resend", json={"delay": 3600})
    resent.raise_for_status()
    assert await again() == 1
    (await client.post(f"/tasks/{resent.json()['id']}/cancel")).raise_for_status()
    assert await again() == 2  # as if it had not been sent again
