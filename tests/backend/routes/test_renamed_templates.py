"""A template that is renamed is the same letter; what needs one is counted before it goes."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import pytest

from desktop.backend.following.draft_checks import DraftChecks
from desktop.contract.states import State
from desktop.mail.templates.source import TemplateParts
from desktop.mail.transport import Outbox
from tests import WITHIN
from tests.backend.conftest import bad_paths, eventually_batch, settled, task_ids

if TYPE_CHECKING:
    import httpx

    from desktop.backend.shared.services import Services

pytestmark = pytest.mark.anyio

TEXT: dict[str, Any] = {"subject": "Fees", "text": "Dear {{ name }}, {{ fee }}"}
ADA = {"name": "Ada", "email": "ada@example.org"}
LACKS_FEE = "The template “Note” needs “fee”, which is missing."
ROWS = [
    {"row": n, "item": {"item_id": n, "recipient": ADA, "fields": {"fee": "3"}}} for n in (1, 2)
]


async def written(client: httpx.AsyncClient, name: str, **body: Any) -> dict[str, Any]:
    answer = await client.put(f"/templates/{name}", json={"parts": TEXT, **body})
    assert answer.status_code == 200, answer.text
    template: dict[str, Any] = answer.json()
    return template


async def draft(client: httpx.AsyncClient, template: str) -> str:
    body = {"name": "Renewals", "template": template, "columns": {"No.": "number"}}
    place = (await client.post("/batches", json=body)).headers["Location"]
    (await client.post(f"{place}/rows", json={"rows": ROWS})).raise_for_status()
    return str(place)


async def test_a_renamed_template_sends_nothing_twice(
    client: httpx.AsyncClient, services: Services
) -> None:
    await written(client, "fees")
    sent, later = await draft(client, "fees"), await draft(client, "fees")
    await client.post(f"{sent}/start")
    eventually_batch(services, 1, lambda batch: batch["state"] == "done")
    await client.post("/items/3", json={"recipient": ADA, "template": "fees", "delay": 3600})
    await written(client, "Fees 2026", rename_of="fees")
    again = [await draft(client, name) for name in ("Fees 2026", "fees")]
    for number, place in enumerate([later, *again], 2):
        eventually_batch(services, number, lambda batch: batch["counts"]["unchecked"] == 0)
        batch = (await client.get(place)).json()
        assert (batch["template"], batch["counts"]["same"]) == ("Fees 2026", 2)
    assert (await client.get(sent)).json()["template"] == "Fees 2026"
    listed = (await client.get("/templates")).json()
    assert listed["templates"] == ["confirmation", "Fees 2026"]
    assert not listed["deleted"]
    assert listed["details"][1]["earlier"] == ["fees"]
    assert (await client.get("/templates/fees")).json()["name"] == "Fees 2026"
    shown = await client.post("/templates/preview", json={"template": "fees", "item_id": 1})
    assert shown.json()["text"] == "Dear Ada, 3\n"
    assert (await client.delete("/templates/fees")).status_code == 409
    assert (await client.get("/items/3")).json()["template"] == "Fees 2026"
    assert (await client.get("/items")).json()["items"][0]["template"] == "Fees 2026"
    for body in ({"parts": TEXT}, {"parts": TEXT, "copy_of": "Fees 2026"}):  # item 3 knows it so
        assert bad_paths(await client.put("/templates/fees", json=body)) == ["name"]
    await written(client, "fees", rename_of="Fees 2026")
    assert (await client.get(later)).json()["template"] == "fees"


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
    await written(client, "Note", rename_of="note")
    needs |= {"stuck": [1], "fields": ["fee"], "fault": LACKS_FEE}
    set_for = {"name": "x", "template": "Note", "run_at": "2099-01-01T08:00:00Z"}
    place = (await client.post("/batches", json=set_for)).headers["Location"]
    row = {"recipient": ADA, "fields": {"fee": "3"}}
    lacks_fee = {"recipient": {"email": "bo@example.org"}}
    rows = [{"row": 1, "item": row}, {"row": 2, "item": lacks_fee}]
    (await client.post(f"{place}/rows", json={"rows": rows})).raise_for_status()
    (await client.post(f"{place}/start")).raise_for_status()
    needs["open"] += 1  # the other row stayed behind
    lacking = [(await client.get(f"/tasks/{n}")).json()["lacks"] for n in (1, 2, 3)]
    assert lacking == [["fee"], [], []]
    for name in ("Note", "note"):
        assert (await client.get(f"/templates/{name}/messages")).json() == needs
    await written(client, "Note", parts={**TEXT, "text": "{{ fee }} {{ plus }}"})
    told = (await client.get("/templates/Note/messages")).json()
    of_rows = {"rows": 1, "batches": [{"batch_id": 1, "rows": 1}]}
    assert told == {**needs, "stuck": [1, 2], **of_rows, "fields": ["fee", "plus"]}
    assert (await client.get("/tasks/1")).json()["lacks"] == ["fee", "plus"]
    answer = await client.delete("/templates/Note")
    assert "needed by 3 open tasks" in answer.json()["detail"]
    wrong = {"rename_of": "note", "copy_of": "note", "parts": TEXT}
    assert bad_paths(await client.put("/templates/x", json=wrong)) == ["rename_of"]


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


async def test_a_rename_takes_no_other_template_s_place(client: httpx.AsyncClient) -> None:
    for name in ("fees", "note", "confirmation"):
        await written(client, name)
    for name in ("note", "confirmation"):
        answer = await client.put(f"/templates/{name}", json={"parts": TEXT, "rename_of": "fees"})
        assert bad_paths(answer) == ["name"]
    body = {"parts": TEXT, "rename_of": "confirmation"}
    answer = await client.put("/templates/welcome", json=body)
    assert (answer.status_code, "keeps that name" in answer.json()["detail"]) == (409, True)


async def test_a_rename_that_is_asked_for_again_is_answered_as_the_first_time(
    client: httpx.AsyncClient, services: Services
) -> None:
    await written(client, "fees")
    place = await draft(client, "fees")
    body = {**TEXT, "text": "Hello"}
    first = await written(client, "Fees 2026", rename_of="fees", parts=body)
    assert await written(client, "Fees 2026", rename_of="fees", parts=body) == first
    assert (await client.get(place)).json()["template"] == "Fees 2026"
    answer = await client.put("/templates/other", json={"parts": TEXT, "rename_of": "fees"})
    assert (answer.status_code, "called “Fees 2026” now" in answer.json()["detail"]) == (409, True)
    unknown = await client.put("/templates/none", json={"parts": TEXT, "rename_of": "none"})
    assert bad_paths(unknown) == ["rename_of"]


async def test_after_a_rename_that_was_cut_short_drafts_know_the_new_name(
    client: httpx.AsyncClient, services: Services
) -> None:
    await written(client, "fees")
    place = await draft(client, "fees")
    text = TemplateParts("Fees", "Hello")
    services.letters.templates.rename("fees", "Fees 2026", text)  # as far as a kill let it come
    DraftChecks(services).look()  # as the next start does
    assert (await client.get(place)).json()["template"] == "Fees 2026"
