"""Who wants no e-mail, as the spreadsheet says: such rows have a check of their own."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from desktop.backend.services import Services
from desktop.contract.batches import Batch
from sendoff_tasks.words.table import ENGLISH
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


LEFT_OUT = ENGLISH.say("row", "left_out")


def said_in(column: str, text: str) -> str:
    return ENGLISH.say("row", "opted_out", column=column, text=text)


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
        {"column": "Status", "text": "unsubscribed", "count": 2},
        {**SAYS_NO, "count": 1},
    ]
    found = [each.get("opted_out") for each in await rows_of(client, number)]
    said = [{"column": "Status", "text": text} for text in ("unsubscribed", "abgemeldet")]
    assert found == [None, *said, SAYS_NO]
    rows = await rows_of(client, number, check="opted_out")
    assert [each["row"] for each in rows] == [3, 4, 5]
    assert rows[0]["message"] == f"{said_in('Status', 'unsubscribed')} {LEFT_OUT}"
    await start(client, number)
    assert done(services, number)["counts"]["kept"] == 4


async def test_rows_that_opt_out_are_left_out_if_asked_with_the_reason(
    client: httpx.AsyncClient, services: Services
) -> None:
    number = await drafted(client, services, run_at="2090-01-01T00:00:00Z")
    counts = (await start(client, number, send_opted_out=False))["counts"]
    assert (counts["open"], counts["left_out"], counts["opted_out"]) == (1, 3, 3)
    left = await rows_of(client, number, outcome="left_out")
    assert [each["row"] for each in left] == [3, 4, 5]
    assert left[2]["message"] == f"{said_in('Kein Mailing', 'ja')} {LEFT_OUT}"
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
    counts = services.batches.get(number)["counts"]
    assert (counts["opted_out"], counts["do_not_send"]) == (3, 1)
    await start(client, number, send_anyway=True, send_opted_out=False)
    counts = done(services, number)["counts"]
    assert (counts["kept"], counts["left_out"]) == (1, 3)
    assert (await client.get("/do-not-send")).json()["count"] == 2


async def test_who_is_on_the_list_too_gets_nothing_unless_both_are_sent_to(
    client: httpx.AsyncClient, services: Services
) -> None:
    await client.post("/do-not-send", json={"entries": [{"address": "bo@example.org"}]})
    await start(client, await drafted(client, services))  # who opts out is sent to, but not bo
    counts = done(services, 1)["counts"]
    assert (counts["kept"], counts["left_out"], counts["do_not_send"]) == (3, 1, 1)


async def test_one_row_is_sent_after_all(client: httpx.AsyncClient, services: Services) -> None:
    number = await drafted(client, services)
    for at in (3, 5):
        row = next(each for each in await rows_of(client, number) if each["row"] == at)
        body = {"item": {**row["item"], "send_anyway": True}}
        row = (await client.put(f"/batches/{number}/rows/{at}", json=body)).json()
        assert row["check"] == "ready"
    await start(client, number, send_opted_out=False)
    counts = done(services, number)["counts"]
    assert (counts["kept"], counts["left_out"]) == (3, 1)


async def test_an_undone_start_leaves_the_draft_as_it_was(
    client: httpx.AsyncClient, services: Services
) -> None:
    number = await drafted(client, services)
    pending = (await start(client, number, "?undo_for=600", send_opted_out=False))["pending"]
    assert (await client.delete(f"/pending/{pending['id']}")).status_code == 204
    eventually(lambda: services.batches.get(number)["state"] == "draft")
    assert checked(services, number)["counts"]["opted_out"] == 3
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


async def test_who_was_sent_to_before_gets_it_again_only_if_both_are_asked_for(
    client: httpx.AsyncClient, services: Services
) -> None:
    await start(client, await drafted(client, services))
    again = await drafted(client, services)
    counts = services.batches.get(again)["counts"]
    assert (counts["same"], counts["opted_out"]) == (1, 3)
    await start(client, again, send_same=True, send_opted_out=False)
    assert done(services, again)["counts"]["left_out"] == 3
    once_more = await drafted(client, services)
    await start(client, once_more, send_opted_out=True)
    counts = done(services, once_more)["counts"]
    assert (counts["left_out"], counts["same"]) == (4, 4)  # they had it before
