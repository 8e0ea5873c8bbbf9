"""``/batches``: drafts are set up, started, stopped, tried again, undone, told."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest
from httpx_sse import EventSource

from desktop.backend import background
from desktop.backend.services import Services
from desktop.contract.items import CONFIRMATION
from desktop.mail.files import BATCHES, Files
from desktop.settings.office_folder import OfficeFolder
from tests import WITHIN
from tests.backend.conftest import Served, bad_paths, eventually_batch, outbox
from tests.looking import eventually

pytestmark = pytest.mark.anyio

NAMED = {"name": "Renewals"}


def rows(*numbers: int, **fields: str) -> dict[str, Any]:
    return {
        "rows": [
            {
                "row": n,
                "item": {"recipient": {"email": f"a{n}@example.org"}, "fields": fields},
            }
            for n in numbers
        ]
    }


async def made(client: httpx.AsyncClient, *numbers: int, **settings: Any) -> str:
    """Make a draft with rows; returns its path."""
    answer = await client.post("/batches", json={**NAMED, **settings})
    assert answer.status_code == 201, answer.text
    place = f"/batches/{answer.json()['batch_id']}"
    assert answer.headers["Location"] == place
    if numbers:
        added = await client.post(f"{place}/rows", json=rows(*numbers))
        assert added.status_code == 200, added.text
    return place


async def test_a_draft_is_what_was_asked_for(client: httpx.AsyncClient) -> None:
    wanted = {
        "name": "Renewals",
        "template": "confirmation",
        "rate": "500/day",
        "run_at": "2030-03-01T08:00:00Z",
        "columns": {"No.": "number", "E-Mail": "email", "Remarks": None},
    }
    place = await made(client, **wanted)
    batch = (await client.get(place)).json()
    run_at = "2030-03-01T08:00:00.000Z"
    assert batch == {**batch, **wanted, "run_at": run_at, "key": ["number"], "state": "draft"}
    assert (batch["tasks"], batch["counts"]["rows"]) == ([CONFIRMATION], 0)
    assert (await client.get("/batches")).json() == {"batches": [batch], "next": None}


async def test_batches_are_paged_the_newest_first_and_there_is_no_other(
    client: httpx.AsyncClient,
) -> None:
    for _ in range(3):
        await made(client)
    page = (await client.get("/batches", params={"limit": 2})).json()
    assert [batch["batch_id"] for batch in page["batches"]] == [3, 2]
    rest = (await client.get("/batches", params={"after": page["next"]})).json()
    assert ([batch["batch_id"] for batch in rest["batches"]], rest["next"]) == ([1], None)
    assert bad_paths(await client.get("/batches", params={"after": "x"})) == ["after"]
    for method, place, body in (
        *(("GET", "", None), ("PUT", "", NAMED), ("DELETE", "", None)),
        *(("POST", f"/{verb}", None) for verb in ("start", "pause", "resume", "cancel", "retry")),
    ):
        answer = await client.request(method, f"/batches/700{place}", json=body)
        assert (answer.status_code, answer.json()["detail"]) == (404, "There is no batch 700.")


async def test_what_is_wrong_is_named(refusing: httpx.AsyncClient) -> None:
    place = await made(refusing)
    bodies: list[tuple[dict[str, Any], str]] = [
        ({}, "name"),
        ({"name": " "}, "name"),
        ({**NAMED, "key": ["title"]}, "key"),
        ({**NAMED, "rate": "500 a day"}, "rate"),
        ({**NAMED, "run_at": "tomorrow"}, "run_at"),
        ({**NAMED, "columns": {"A": "fields."}}, "columns.A"),
        ({**NAMED, "template": "no-such"}, "template"),
        ({**NAMED, "tasks": ["no-such"]}, "tasks.0"),
        ({**NAMED, "odd": 1}, "odd"),
    ]
    for body, path in bodies:
        assert bad_paths(await refusing.post("/batches", json=body)) == [path]
        assert bad_paths(await refusing.put(place, json=body)) == [path]


async def test_a_batch_is_sent_once_whole_and_told_to_its_end(
    client: httpx.AsyncClient, kept: Files, services: Services
) -> None:
    place = await made(client, 2, 3, 4)
    answer = await client.post(f"{place}/start", headers={"Idempotency-Key": "k"})
    assert answer.status_code == 202
    assert answer.json()["counts"]["open"] == 3
    again = await client.post(f"{place}/start", headers={"Idempotency-Key": "k"})
    assert (again.status_code, again.headers["Idempotent-Replayed"]) == (202, "true")
    assert (await client.post(f"{place}/start")).status_code == 409
    done = eventually_batch(services, 1, lambda batch: batch["state"] == "done")
    assert done["counts"]["kept"] == len(outbox(kept)) == 3
    tasks = (await client.get("/tasks", params={"batch_id": 1})).json()["tasks"]
    assert {task["state"] for task in tasks} == {"succeeded"}
    page = (await client.get(f"{place}/rows")).json()["rows"]
    assert {row["task_id"] for row in page} == {task["id"] for task in tasks}
    assert {row["outcome"] for row in page} == {"kept"}
    assert (await client.delete(place)).status_code == 409
    assert (await client.post(f"{place}/cancel")).status_code == 409
    assert (await client.put(place, json=NAMED)).status_code == 409
    assert (await client.post(f"{place}/rows", json=rows(9))).status_code == 409


async def rows_without_task(client: httpx.AsyncClient) -> tuple[int, int]:
    """What the window counts beside the tasks: of running batches, and of paused ones."""
    told = (await client.get("/stats")).json()
    return told["batch_rows"], told["paused_rows"]


async def test_pause_resume_undo_and_cancel(client: httpx.AsyncClient, services: Services) -> None:
    place = await made(client, 2, 3, run_at="2090-01-01T00:00:00Z")
    assert (await client.post(f"{place}/pause")).status_code == 409
    await client.post(f"{place}/start")
    assert (await client.post(f"{place}/pause")).json()["state"] == "paused"
    assert await rows_without_task(client) == (0, 2)
    assert (await client.post(f"{place}/resume")).json()["state"] == "running"
    assert await rows_without_task(client) == (2, 0)
    assert (await client.delete(place)).status_code == 204
    assert (await client.get(place)).json()["state"] == "draft"
    assert (await client.get("/tasks")).json()["tasks"] == []
    eventually_batch(services, 1, lambda batch: batch["counts"]["ready"] == 2)  # checked again
    await client.post(f"{place}/start")
    cancelled = (await client.post(f"{place}/cancel")).json()
    assert (cancelled["state"], cancelled["counts"]["cancelled"]) == ("done", 2)


async def test_a_draft_knows_at_once_what_another_batch_sends(
    client: httpx.AsyncClient, services: Services
) -> None:
    first = await made(client, 2, 3)
    await made(client, 3, 4)
    eventually_batch(services, 2, lambda batch: batch["counts"]["ready"] == 2)
    await client.post(f"{first}/start")
    eventually_batch(services, 2, lambda batch: batch["counts"]["ready"] == 1)


async def test_a_draft_knows_at_once_what_another_batch_no_longer_sends(
    client: httpx.AsyncClient, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(background, "DRAFTS_EVERY", 10 * WITHIN)
    first = await made(client, 2, run_at="2090-01-01T00:00:00Z")
    await client.post(f"{first}/start")
    await made(client, 2)
    eventually_batch(services, 2, lambda batch: batch["counts"]["same"] == 1)
    await client.post(f"{first}/cancel", json={"delay": 0.1})
    eventually_batch(services, 2, lambda batch: batch["counts"]["ready"] == 1)


async def test_a_start_is_undone_by_its_pending_action(
    client: httpx.AsyncClient, services: Services
) -> None:
    place = await made(client, 2, 3)
    headers = {"Idempotency-Key": "press"}
    started = await client.post(f"{place}/start?undo_for=600", headers=headers)
    row = started.json()["pending"]
    assert (row["action"], row["batch_id"], row["touched"]) == ("start", 1, 2)
    again = await client.post(f"{place}/start?undo_for=600", headers=headers)
    assert again.json()["pending"]["id"] == row["id"]
    assert (await client.delete(f"/pending/{row['id']}")).status_code == 204
    assert (await client.get(place)).json()["state"] == "draft"
    assert (await client.get("/tasks")).json()["tasks"] == []


async def test_retry_runs_what_failed(client: httpx.AsyncClient, services: Services) -> None:
    place = await made(client, 2, 3, tasks=["broken"])
    await client.post(f"{place}/start")
    eventually_batch(services, 1, lambda batch: batch["counts"]["failed"] == 2)
    headers = {"Idempotency-Key": "again"}
    answer = await client.post(f"{place}/retry", json={"delay": 600}, headers=headers)
    assert answer.json()["counts"]["failed"] == 2
    again = await client.post(f"{place}/retry", json={"delay": 600}, headers=headers)
    assert again.headers["Idempotent-Replayed"] == "true"
    assert again.json()["pending"] == answer.json()["pending"]
    (row,) = (await client.get("/pending")).json()["pending"]
    assert (row["action"], row["batch_id"], row["touched"]) == ("retry", 1, 2)
    assert (await client.delete(f"/pending/{row['id']}")).status_code == 204
    assert (await client.post(f"{place}/retry")).is_success
    tasks = [task["id"] for task in (await client.get("/tasks")).json()["tasks"]]
    eventually(lambda: [len(services.engine.task(n)["history"]) for n in tasks] == [2, 2])
    assert await rows_without_task(client) == (0, 0)
    assert bad_paths(await client.post(f"{place}/retry", json={"delay": -1})) == ["delay"]


async def test_a_deleted_draft_takes_its_files_along(
    client: httpx.AsyncClient, kept: Files, folder: OfficeFolder
) -> None:
    place = await made(client, 2)
    await client.put(f"{place}/attachments/plan.pdf", content=b"x")
    assert (await client.delete(place)).status_code == 204
    assert (await client.get(place)).status_code == 404
    assert ([*folder.batches.glob("[0-9]*")], kept.folders(BATCHES)) == ([], [])
    assert await made(client) != place


async def test_changed_settings_have_the_rows_checked_again(
    client: httpx.AsyncClient, services: Services
) -> None:
    place = await made(client, 2, 3)
    changed = (await client.put(place, json={**NAMED, "key": ["number"]})).json()
    assert changed["counts"]["unchecked"] == 2
    batch = eventually_batch(services, 1, lambda batch: not batch["counts"]["unchecked"])
    assert batch["counts"]["problems"] == 2
    await client.put(place, json=NAMED)
    batch = eventually_batch(services, 1, lambda batch: not batch["counts"]["unchecked"])
    assert batch["counts"]["ready"] == 2


def test_batches_are_told_as_they_change_and_when_they_go(served: Served) -> None:
    with served.client() as client, client.stream("GET", "/events", timeout=WITHIN) as answer:
        events = EventSource(answer).iter_sse()
        place = client.post("/batches", json=NAMED).headers["Location"]
        heard = next(event for event in events if event.event == "batches")
        (batch,) = json.loads(heard.data)["rows"]
        assert batch == client.get(place).json()
        client.delete(place)
        while True:
            heard = next(event for event in events if event.event == "batches")
            if json.loads(heard.data) == {"rows": [], "gone": [batch["batch_id"]]}:
                return


async def test_the_limit_of_a_started_batch_is_changed(
    client: httpx.AsyncClient, services: Services
) -> None:
    place = await made(client, 1, 2, 3, rate="1/day")
    assert (await client.put(f"{place}/rate", json={"rate": "3/day"})).status_code == 409
    eventually_batch(services, 1, lambda batch: not batch["counts"]["unchecked"])
    assert (await client.post(f"{place}/start")).status_code == 202
    refused = await client.put(f"{place}/rate", json={"rate": "3 a day"})
    assert bad_paths(refused) == ["rate"]
    assert refused.json()["errors"][0]["reason"] == "value.rate_form"
    changed = await client.put(f"{place}/rate", json={"rate": "3/day"})
    assert changed.json()["rate"] == "3/day"
    done = eventually_batch(services, 1, lambda batch: batch["state"] == "done")
    assert done["counts"]["open"] == 0


async def test_a_batch_says_who_else_gets_its_messages_and_its_limit_counts_them(
    client: httpx.AsyncClient, services: Services
) -> None:
    head = "---\nsender: Desk <desk@x.org>\nbcc: archive@x.org\n---\n"
    source = f"{head}{{% block subject %}}s{{% endblock %}}{{% block text %}}t{{% endblock %}}"
    await client.put("/templates/copied", json={"source": source})
    place = await made(client, 2, 3, 4, template="copied", rate="4/day")
    draft = (await client.get(place)).json()
    told = [draft[part] for part in ("sender", "cc", "bcc")]
    assert told == ["Desk <desk@x.org>", "", "archive@x.org"]
    assert draft["leaves"]["last_at"] is not None  # six recipients are more than four
    await client.post(f"{place}/start")
    done = eventually_batch(services, 1, lambda batch: batch["counts"]["kept"] == 2)
    assert done["leaves"]["next_at"] is not None
