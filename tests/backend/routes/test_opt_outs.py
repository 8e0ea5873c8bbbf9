"""Who wants no e-mail, as the spreadsheet says: a draft tells it and leaves nobody out itself."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from desktop.backend.services import Services
from desktop.contract.batches import Batch
from tests.looking import eventually

pytestmark = pytest.mark.anyio

COLUMNS = {"E-Mail": "email", "Status": "fields.Status", "Kein Mailing": None}
SAYS_NO = {"column": "Kein Mailing", "text": "ja"}


def row(number: int, name: str, status: str, **more: Any) -> dict[str, Any]:
    to = {"email": f"{name}@example.org"}
    return {"row": number, "item": {"recipient": to, "fields": {"Status": status}}, **more}


ROWS = [
    row(2, "ada", "active"),
    row(3, "bo", "unsubscribed"),
    row(4, "cy", "abgemeldet"),
    row(5, "di", "active", opted_out=SAYS_NO),
]


async def drafted(client: httpx.AsyncClient, services: Services, **settings: Any) -> int:
    body = {"name": "Members", "columns": COLUMNS, **settings}
    number: int = (await client.post("/batches", json=body)).json()["batch_id"]
    answer = await client.post(f"/batches/{number}/rows", json={"rows": ROWS})
    assert answer.status_code == 200, answer.text
    checked(services, number)
    return number


def checked(services: Services, number: int) -> Batch:
    def look() -> Batch | None:
        batch = services.batches.get(number)
        return None if batch["counts"]["unchecked"] else batch

    return eventually(look)


def done(services: Services, number: int) -> Batch:
    def look() -> Batch | None:
        batch = services.batches.get(number)
        return batch if batch["state"] == "done" else None

    return eventually(look)


async def rows_of(client: httpx.AsyncClient, number: int, **query: str) -> list[dict[str, Any]]:
    found = (await client.get(f"/batches/{number}/rows", params=query)).json()["rows"]
    return list(found)


async def start(client: httpx.AsyncClient, number: int, query: str = "", **options: bool) -> Any:
    answer = await client.post(f"/batches/{number}/start{query}", json=options)
    assert answer.status_code == 202, answer.text
    return answer.json()


async def test_a_draft_tells_who_opts_out_and_leaves_nobody_out_by_itself(
    client: httpx.AsyncClient, services: Services
) -> None:
    number = await drafted(client, services)
    told = (await client.get(f"/batches/{number}")).json()["opted_out"]
    assert told == [
        {"column": "Status", "text": "unsubscribed", "check": "ready", "count": 2},
        {**SAYS_NO, "check": "ready", "count": 1},
    ]
    found = [each.get("opted_out") for each in await rows_of(client, number)]
    said = [{"column": "Status", "text": text} for text in ("unsubscribed", "abgemeldet")]
    assert found == [None, *said, SAYS_NO]
    message = (await rows_of(client, number))[1]["message"]
    assert message.endswith("The spreadsheet says “Status: unsubscribed”.")
    await start(client, number)
    assert done(services, number)["counts"]["kept"] == 4


async def test_rows_that_opt_out_are_left_out_if_asked_with_the_reason(
    client: httpx.AsyncClient, services: Services
) -> None:
    number = await drafted(client, services, run_at="2090-01-01T00:00:00Z")
    counts = (await start(client, number, send_opted_out=False))["counts"]
    assert (counts["open"], counts["left_out"], counts["do_not_send"]) == (1, 3, 3)
    left = await rows_of(client, number, outcome="left_out")
    assert [each["row"] for each in left] == [3, 4, 5]
    assert left[2]["message"] == "The spreadsheet says “Kein Mailing: ja”."
    answer = await client.put(f"/batches/{number}/time", json={"run_at": None})
    assert answer.status_code == 200, answer.text
    counts = done(services, number)["counts"]
    assert (counts["kept"], counts["left_out"]) == (1, 3)
    assert (await client.get("/do-not-send")).json()["count"] == 0


async def test_what_sends_to_the_list_anyway_does_not_send_to_who_opts_out(
    client: httpx.AsyncClient, services: Services
) -> None:
    body = {"entries": [{"address": "ada@example.org"}, {"address": "bo@example.org"}]}
    await client.post("/do-not-send", json=body)
    number = await drafted(client, services)
    checks = {each["check"] for each in services.batches.get(number)["opted_out"] or ()}
    assert checks == {"ready", "do_not_send"}
    await start(client, number, send_anyway=True, send_opted_out=False)
    counts = done(services, number)["counts"]
    assert (counts["kept"], counts["left_out"]) == (1, 3)


async def test_an_undone_start_leaves_the_draft_as_it_was(
    client: httpx.AsyncClient, services: Services
) -> None:
    number = await drafted(client, services)
    pending = (await start(client, number, "?undo_for=600", send_opted_out=False))["pending"]
    assert (await client.delete(f"/pending/{pending['id']}")).status_code == 204
    eventually(lambda: services.batches.get(number)["state"] == "draft")
    assert checked(services, number)["counts"]["ready"] == 4
    assert len(services.batches.get(number)["opted_out"] or ()) == 2


async def test_what_a_person_corrects_is_asked_again_and_what_is_left_out_is_kept(
    client: httpx.AsyncClient, services: Services
) -> None:
    number = await drafted(client, services)
    for corrected in (row(3, "bo", "active"), row(5, "dee", "active")):
        place = f"/batches/{number}/rows/{corrected['row']}"
        answer = await client.put(place, json={"item": corrected["item"]})
        assert answer.status_code == 200, answer.text
    body = {"name": "Members", "columns": COLUMNS, "key": ["email", "title", "name"]}
    assert (await client.put(f"/batches/{number}", json=body)).status_code == 200  # checked again
    told = checked(services, number)["opted_out"] or ()
    assert [(each["text"], each["count"]) for each in told] == [("abgemeldet", 1), ("ja", 1)]


async def test_who_was_sent_to_before_is_told_apart(
    client: httpx.AsyncClient, services: Services
) -> None:
    await start(client, await drafted(client, services))
    again = await drafted(client, services)
    told = services.batches.get(again)["opted_out"] or ()
    assert {each["check"] for each in told} == {"same"}
    await start(client, again, send_same=True, send_opted_out=False)
    assert done(services, again)["counts"]["left_out"] == 3
