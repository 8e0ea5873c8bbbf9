"""Items that begin later, and corrections of items."""

from __future__ import annotations

import logging
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from desktop.backend.services import Services
from desktop.contract.tasks import Deed
from desktop.engine.store.backup import back_up
from desktop.mail.files import Files
from desktop.settings.paths import DataFolder
from tests import WITHIN
from tests.backend.conftest import Gate, bad_paths, eventually_batch, outbox, settled, task_ids
from tests.backend.routes.test_items import ADA

pytestmark = pytest.mark.anyio


class TestUndo:
    async def test_while_nothing_has_started_the_item_goes_and_its_number_is_free(
        self, client: httpx.AsyncClient
    ) -> None:
        (number,) = task_ids(await client.post("/items/42", json={"delay": 600}))
        answer = await client.delete("/items/42")
        assert (answer.status_code, answer.content) == (204, b"")
        assert (await client.get("/items/42")).status_code == 404
        assert (await client.get(f"/tasks/{number}")).status_code == 404
        again = await client.post("/items/42", json={"title": "another"})
        assert again.status_code == 200
        assert "Idempotent-Replayed" not in again.headers

    async def test_while_a_task_of_it_runs_every_change_is_409_and_names_that_task(
        self, client: httpx.AsyncClient, gate: Gate
    ) -> None:
        (number,) = task_ids(await client.post("/items/42", json={**ADA, "tasks": ["gated"]}))
        assert gate.begun.wait(WITHIN)
        undone = await client.delete("/items/42")
        assert undone.status_code == 409
        assert str(number) in undone.json()["detail"] or "Gated" in undone.json()["detail"]
        corrected = await client.put("/items/42", json={"item": BALLET})
        forgotten = await client.delete("/items/42?forget=true")
        for answer in (corrected, forgotten):
            assert answer.status_code == 409
            assert answer.json()["conflict"] == {"task_id": number, "state": "running"}
        item = (await client.get("/items/42")).json()
        assert (item["recipient"], item["versions"]) == (ADA["recipient"], [])


class TestReading:
    async def test_an_item_comes_back_as_it_was_registered(self, client: httpx.AsyncClient) -> None:
        body = {**ADA, "title": "Booking", "fields": {"seats": 2, "row": "F"}, "delay": 600}
        await client.post("/items/42", json=body)
        item = (await client.get("/items/42")).json()
        assert item["item_id"] == 42
        assert item["title"] == "Booking"
        assert item["recipient"] == ADA["recipient"]
        assert item["fields"] == {"seats": 2, "row": "F"}
        assert item["template"] is None
        assert [row["task"] for row in item["tasks"]] == ["send_confirmation_email"]

    async def test_what_is_not_there_is_404_and_says_so(self, refusing: httpx.AsyncClient) -> None:
        for method, body in (("GET", None), ("DELETE", None), ("PUT", {"item": BALLET})):
            answer = await refusing.request(method, "/items/42", json=body)
            assert (answer.status_code, answer.json()["detail"]) == (404, "There is no item 42.")

    async def test_the_list_says_who_was_told_and_is_narrowed_by_it(
        self, client: httpx.AsyncClient, services: Services
    ) -> None:
        (first,) = task_ids(await client.post("/items/1", json=ADA))
        await client.post("/items/2", json={**ADA, "title": "Opera", "delay": 600})
        await client.post("/items/3", json={"tasks": []})
        settled(services, first, "succeeded")
        page = (await client.get("/items", params={"informed": "kept,not_yet"})).json()
        assert [(each["item_id"], each["informed"]) for each in page["items"]] == [
            (2, "not_yet"),
            (1, "kept"),
        ]
        assert page["counts"] == {
            "yes": 0, "not_sure": 0, "not_yet": 1, "no": 0, "kept": 1, "none": 1
        }  # fmt: skip
        found = (await client.get("/items", params={"text": "opera"})).json()
        assert [each["item_id"] for each in found["items"]] == [2]

    async def test_a_page_has_what_persons_did_where_it_is_asked_for(
        self, client: httpx.AsyncClient
    ) -> None:
        (task,) = task_ids(await client.post("/items/1", json={**ADA, "delay": 600}))
        await client.post("/items/2", json={**ADA, "delay": 600})
        for verb in ("cancel", "retry"):
            assert (await client.post(f"/tasks/{task}/{verb}")).status_code == 200
        asked = {"deeds": "true", "sort": "item_id"}
        page = (await client.get("/items", params=asked)).json()
        told = [[(each["task_id"], each["text"]) for each in one["deeds"]] for one in page["items"]]
        assert told == [[(task, Deed.CANCELLED), (task, Deed.RETRIED)], []]
        cy = {**ADA, "recipient": {"email": "cy@example.org"}}
        await client.put("/items/2", json={"item": cy})
        one, two = (await client.get("/items", params=asked)).json()["items"]
        assert "bodies" not in one
        assert [each["item"]["recipient"] for each in two["bodies"]] == [
            cy["recipient"],
            ADA["recipient"],
        ]
        page = (await client.get("/items")).json()
        assert not any({"deeds", "bodies"} & item.keys() for item in page["items"])

    async def test_pages_hold_every_item_once_in_order(self, client: httpx.AsyncClient) -> None:
        numbers = [3, 1, 4, 15, 9, 26, 5]
        for number in numbers:
            await client.post(f"/items/{number}", json={"tasks": []})
        for sort in ("item_id", "-item_id"):
            seen: list[int] = []
            query: dict[str, Any] = {"sort": sort, "limit": 3}
            while query.get("after", True):
                page = (await client.get("/items", params=query)).json()
                seen += [item["item_id"] for item in page["items"]]
                query["after"] = page["next"]
            assert seen == sorted(numbers, reverse=sort.startswith("-"))

    async def test_a_bad_query_is_422_at_its_key(self, refusing: httpx.AsyncClient) -> None:
        for query in ("limit=0", "limit=1001", "sort=title", "after=x", "page=2", "informed=odd"):
            assert bad_paths(await refusing.get(f"/items?{query}")) == [query.partition("=")[0]]


OPERA: dict[str, Any] = {"recipient": {"name": "Ada", "email": "ada@example.com"}, "title": "Opera"}
BALLET: dict[str, Any] = {"recipient": {"name": "Bo", "email": "bo@example.org"}, "title": "Ballet"}


async def put(client: httpx.AsyncClient, item: Any, **more: Any) -> httpx.Response:
    return await client.put("/items/1", json={"item": item, **more})


async def test_a_message_that_waits_goes_to_the_corrected_address_and_what_was_is_kept(
    client: httpx.AsyncClient, services: Services, kept: Files
) -> None:
    first_body = {**OPERA, "delay": 600}
    (task,) = task_ids(await client.post("/items/1", json=first_body))
    assert (await client.get("/items/1")).json()["versions"] == []
    answer = await put(client, BALLET)
    assert answer.status_code == 200, answer.text
    assert answer.json() == {"item_id": 1, "using": [task], "added": [], "uncertain": []}
    assert answer.headers["X-Task-Ids"] == ""
    row = (await client.get(f"/tasks/{task}")).json()
    assert (row["to"], row["state"]) == ("Bo <bo@example.org>", "scheduled")
    item = (await client.get("/items/1")).json()
    assert (item["title"], item["recipient"]) == ("Ballet", BALLET["recipient"])
    assert item["item"] == BALLET
    assert item["corrected_at"] >= item["created_at"]
    assert item["versions"] == [{"at": item["created_at"], "item": first_body}]
    (listed,) = (await client.get("/items")).json()["items"]
    assert (listed["title"], "versions" in listed) == ("Ballet", False)
    await client.patch(f"/tasks/{task}", json={"run_at": None})
    assert settled(services, task)["state"] == "succeeded"
    (mail,) = outbox(kept)
    assert 'To: "Bo" <bo@example.org>' in mail


async def test_what_was_sent_is_sent_again_where_that_is_asked(
    client: httpx.AsyncClient, services: Services, kept: Files
) -> None:
    (task,) = task_ids(await client.post("/items/1", json=OPERA))
    settled(services, task)
    (added,) = task_ids(await put(client, BALLET, send=True))
    assert settled(services, added)["resend_of"] == task
    assert len(outbox(kept)) == 2


async def test_what_is_wrong_is_named_and_changes_nothing(refusing: httpx.AsyncClient) -> None:
    await refusing.post("/items/1", json={**OPERA, "delay": 600})
    bodies: list[tuple[dict[str, Any], str]] = [
        ({}, "item"),
        ({"item": {"recipient": {"email": "ada"}}}, "item.recipient.email"),
        ({"item": {"template": "unknown"}}, "item.template"),
        ({"item": {"tasks": ["unknown"]}}, "item.tasks.0"),
        ({"item": {}, "delay": -1}, "delay"),
        ({"item": {"delay": 1, "run_at": "2027-01-01T00:00:00Z"}}, "item.run_at"),
        ({"item": {}, "resend": True}, "resend"),
    ]
    for body, path in bodies:
        assert bad_paths(await refusing.put("/items/1", json=body)) == [path]
    assert (await refusing.get("/items/1")).json()["versions"] == []


class TestForget:
    async def test_nothing_of_the_person_is_left_and_backups_are_named(
        self,
        client: httpx.AsyncClient,
        services: Services,
        kept: Files,
        folder: DataFolder,
        in_folder: None,
    ) -> None:
        tasks = [task_ids(await client.post(f"/items/{n}", json=ADA))[0] for n in (1, 2)]
        for task in tasks:
            settled(services, task)
        kept.write("sent/1.2@localhost.eml", b"To: =?utf-8?q?A?= <ADA@example.org>\r\n\r\nHi")
        kept.write("sent/1.3@localhost.eml", b"To: Bada <bada@example.org>\r\n\r\nHi Ada")
        text = "550 no such user <ada@example.org>\n550 bada@example.org\n"
        (folder.logs / "backend.log").write_text(text)
        log = logging.FileHandler(folder.logs / "backend.log")
        logging.getLogger().addHandler(log)
        old = back_up(folder.db, datetime(2020, 1, 1, tzinfo=UTC))
        backup = back_up(folder.db, datetime.now(UTC))
        try:
            answer = await client.delete("/items/1?forget=true")
        finally:
            logging.getLogger().removeHandler(log)
            log.close()
        assert answer.status_code == 200
        told = answer.json()
        assert (told["items"], told["batches"]) == ([1, 2], [])
        assert [each["file"] for each in told["backups"]] == [str(backup)]
        assert outbox(kept) == []
        assert kept.names("sent") == ["1.3@localhost.eml"]
        assert (folder.logs / "backend.log").read_text() == "550 bada@example.org\n"
        item = (await client.get("/items/2")).json()
        assert (item["erased"], item["informed"], item["recipient"]) == (True, "kept", None)
        old.unlink()
        backup.unlink()
        with closing(sqlite3.connect(folder.db)) as store:
            store.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        has_her = [
            file.name
            for file in folder.root.rglob("*")
            if file.is_file()
            and b"ada@example.org" in file.read_bytes().lower()
            and file.name != "1.3@localhost.eml"
        ]
        assert has_her in ([], ["backend.log"])
        again = await client.delete("/items/1?forget=true")
        assert (again.status_code, again.json()["items"]) == (200, [1])

    async def test_an_ended_batch_loses_its_spreadsheet(
        self, client: httpx.AsyncClient, services: Services
    ) -> None:
        number = (await client.post("/batches", json={"name": "May"})).json()["batch_id"]
        sheet = b"E-Mail\nada@example.org\n"
        place = f"/batches/{number}/source"
        (await client.put(place, params={"name": "May.csv"}, content=sheet)).raise_for_status()
        rows = {"rows": [{"row": 2, "item": ADA}]}
        (await client.post(f"/batches/{number}/rows", json=rows)).raise_for_status()
        eventually_batch(services, number, lambda batch: batch["counts"]["unchecked"] == 0)
        (await client.post(f"/batches/{number}/start")).raise_for_status()
        eventually_batch(services, number, lambda batch: batch["state"] == "done")
        item = services.batches.rows(number)["rows"][0]["item_id"]
        answer = await client.delete(f"/items/{item}?forget=true")
        assert answer.json()["batches"] == [number]
        assert (await client.get(place)).status_code == 404
        assert services.batches.get(number)["sheet"] is None
