"""The rows of a draft: put, checked with a sentence, corrected, shown, sent to oneself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.backend.conftest import bad_paths, eventually_batch
from tests.backend.routes.batches.test_batches import made

if TYPE_CHECKING:
    import httpx

    from desktop.backend.shared.services import Services

pytestmark = pytest.mark.anyio

ADA = {"title": "Renewal", "recipient": {"name": "Ada", "email": "ada@example.org"}}
BAD = {"title": "Renewal", "recipient": {"name": "Alan", "email": "alan.example.org"}}
REAL = {"transport": "smtp", "host": "mail.example.org", "sender": "desk@example.org"}
PARTS = {"subject": "Your {{ year }}", "text": "Dear {{ first_name }}"}


async def put(client: httpx.AsyncClient, place: str, *items: dict[str, Any]) -> dict[str, Any]:
    """Put items as rows 2, 3, …; returns the counts."""
    rows = [{"row": number, "item": item} for number, item in enumerate(items, 2)]
    answer = await client.post(f"{place}/rows", json={"rows": rows})
    assert answer.status_code == 200, answer.text
    counts: dict[str, Any] = answer.json()
    return counts


async def read(client: httpx.AsyncClient, place: str, **query: Any) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = (await client.get(f"{place}/rows", params=query)).json()["rows"]
    return rows


async def test_each_row_is_checked_and_says_in_a_sentence_what_is_wrong(
    client: httpx.AsyncClient,
) -> None:
    place = await made(client)
    counts = await put(client, place, ADA, BAD, ADA)
    assert (counts["rows"], counts["ready"], counts["problems"], counts["twice"]) == (3, 1, 1, 1)
    (bad,) = await read(client, place, check="problem")
    assert (bad["row"], bad["problem"], bad["path"]) == (3, "bad_address", "recipient.email")
    assert bad["message"] == "There is no @ in this address."
    (twice,) = await read(client, place, check="twice,same")
    assert twice["message"] == "It is the same entry as row 2 of this spreadsheet."
    assert (await put(client, place, ADA, ADA | {"title": "Other"}, ADA))["ready"] == 2


async def test_rows_are_paged(client: httpx.AsyncClient) -> None:
    place = await made(client, 2, 3, 4)
    page = (await client.get(f"{place}/rows", params={"limit": 2})).json()
    assert [row["row"] for row in page["rows"]] == [2, 3]
    rest = await read(client, place, after=page["next"])
    assert [row["row"] for row in rest] == [4]


@pytest.mark.parametrize("name", ["check", "outcome", "state", "after"])
async def test_a_word_that_is_none_is_refused(client: httpx.AsyncClient, name: str) -> None:
    place = await made(client)
    assert bad_paths(await client.get(f"{place}/rows", params={name: "odd"})) == [name]


@pytest.mark.parametrize(
    ("row", "path"),
    [
        ({"row": 0, "item": {}}, "rows.1.row"),
        ({"row": 3}, "rows.1.item"),
        ({"row": 3, "item": {"odd": 1}}, "rows.1.item.odd"),
        ({"row": 3, "item": {"title": 7}}, "rows.1.item.title"),
        ({"row": 3, "item": {}, "problem": {"problem": "same", "path": "", "text": ""}},
         "rows.1.problem.problem"),
    ],
)  # fmt: skip
async def test_what_no_cell_can_say_refuses_the_call(
    client: httpx.AsyncClient, row: dict[str, Any], path: str
) -> None:
    place = await made(client)
    body = {"rows": [{"row": 2, "item": ADA}, row]}
    assert bad_paths(await client.post(f"{place}/rows", json=body)) == [path]
    assert await read(client, place) == []


async def test_no_call_brings_more_than_ten_thousand_rows(client: httpx.AsyncClient) -> None:
    place = await made(client)
    body = {"rows": [{"row": n, "item": {}} for n in range(1, 10_002)]}
    assert bad_paths(await client.post(f"{place}/rows", json=body)) == ["rows"]


async def test_a_cell_that_cannot_be_read_is_kept_until_it_is_corrected(
    client: httpx.AsyncClient, services: Services
) -> None:
    place = await made(client)
    unread = {"problem": "unreadable", "path": "title", "text": "#REF!"}
    body = {"rows": [{"row": 2, "item": ADA, "problem": unread}]}
    await client.post(f"{place}/rows", json=body)
    services.engine.batches.check_again(1).result()
    services.unchecked.set()
    eventually_batch(services, 1, lambda batch: batch["counts"]["problems"] == 1)
    (row,) = await read(client, place)
    assert row["message"] == "“#REF!” cannot be read."
    corrected = await client.put(f"{place}/rows/2", json={"item": ADA})
    assert corrected.json()["check"] == "ready"


async def test_of_two_cells_that_cannot_be_read_both_are_to_be_corrected(
    client: httpx.AsyncClient,
) -> None:
    place = await made(client)
    unread = {"problem": "bad_number", "path": "item_id", "text": "A-17"}
    item = {**ADA, "run_at": "soon"}
    await client.post(f"{place}/rows", json={"rows": [{"row": 2, "item": item, "problem": unread}]})
    (row,) = await read(client, place)
    assert row["message"] == "“soon” is not a time."
    timed = {**row["item"], "run_at": "2030-03-01T08:00:00Z"}
    corrected = (await client.put(f"{place}/rows/2", json={"item": timed})).json()
    assert corrected["message"] == "“A-17” is not a number that an item can have."
    numbered = {**timed, "item_id": 17}
    corrected = (await client.put(f"{place}/rows/2", json={"item": numbered})).json()
    assert corrected["check"] == "ready"


async def test_a_correction_is_answered_checked(client: httpx.AsyncClient) -> None:
    place = await made(client)
    await put(client, place, BAD)
    answer = await client.put(f"{place}/rows/2", json={"item": {"odd": 1}})
    assert bad_paths(answer) == ["item.odd"]
    corrected = (await client.put(f"{place}/rows/2", json={"item": ADA})).json()
    assert (corrected["item"], corrected["check"]) == (ADA, "ready")
    assert corrected["message"] == "It can be sent."
    assert (await client.put(f"{place}/rows/9", json={"item": ADA})).status_code == 404
    assert (await client.get(place)).json()["counts"]["rows"] == 1


async def read_in(client: httpx.AsyncClient, place: str, *items: dict[str, Any]) -> dict[str, Any]:
    """Put items as rows of a spreadsheet that is read; returns the batch."""
    rows = [{"row": number, "item": item} for number, item in enumerate(items, 2)]
    await client.post(f"{place}/rows", params={"keep_corrections": True}, json={"rows": rows})
    batch: dict[str, Any] = (await client.get(place)).json()
    return batch


async def test_a_row_that_is_read_once_more_stays_corrected_while_it_says_the_same(
    client: httpx.AsyncClient, services: Services
) -> None:
    place = await made(client)
    await put(client, place, BAD)
    good = {"name": "Alan", "email": "alan@example.org"}
    corrected = (
        await client.put(f"{place}/rows/2", json={"item": {**BAD, "recipient": good}})
    ).json()
    change = {"field": "recipient.email", "before": "alan.example.org", "after": "alan@example.org"}
    assert corrected["corrections"] == [change]
    noted = {**BAD, "fields": {"note": "Ulm"}}
    batch = await read_in(client, place, noted)
    assert (batch["counts"]["ready"], batch["corrected"], batch["unused"]) == (1, 1, 0)
    (row,) = await read(client, place)
    assert (row["item"], row["corrections"]) == ({**noted, "recipient": good}, [change])
    home = {**BAD, "recipient": {"name": "Alan", "email": "alan@home.org"}}
    batch = await read_in(client, place, home)
    assert (batch["counts"]["ready"], batch["corrected"], batch["unused"]) == (1, 0, 1)
    services.engine.batches.check_again(1).result()
    services.unchecked.set()
    eventually_batch(services, 1, lambda batch: not batch["counts"]["unchecked"])
    assert (await read_in(client, place, BAD))["corrected"] == 1
    await put(client, place, BAD)  # that is no spreadsheet: it says all there is
    batch = (await client.get(place)).json()
    assert (batch["counts"]["problems"], batch["corrected"], batch["unused"]) == (1, 0, 0)


@pytest.mark.parametrize("key", [["email", "title"], ["number"]])
@pytest.mark.parametrize("email", ["alan.example.org", ""])
async def test_a_spreadsheet_that_was_corrected_and_sent_sends_nothing_again(
    client: httpx.AsyncClient, key: list[str], email: str
) -> None:
    bad = {**BAD, "recipient": {"name": "Alan", "email": email}, "item_id": 17}
    place = await made(client, key=key)
    await read_in(client, place, {**ADA, "item_id": 16}, bad)
    good = {**bad, "recipient": {"name": "Alan", "email": "alan@example.org"}}
    await client.put(f"{place}/rows/3", json={"item": good})
    await client.post(f"{place}/start")
    again = await made(client, key=key)
    batch = await read_in(client, again, {**ADA, "item_id": 16}, bad)
    assert (batch["counts"]["same"], batch["corrected"]) == (2, 1)
    batch = await read_in(client, again, {**ADA, "item_id": 16}, {**bad, "fields": {"note": "x"}})
    assert (batch["counts"]["same"], batch["counts"]["changed"]) == (1, 1)
    other_key = await made(client, key=["number"] if key[0] == "email" else ["email", "title"])
    assert (await read_in(client, other_key, bad))["corrected"] == 1
    bert = {**bad, "recipient": {"name": "Bert", "email": ""}}
    assert (await read_in(client, await made(client, key=key), bert))["corrected"] == 0


async def test_a_draft_knows_what_was_corrected_in_the_one_it_continues(
    client: httpx.AsyncClient,
) -> None:
    missing = await client.post("/batches", json={"name": "x", "continues": 9})
    assert missing.status_code == 404
    place = await made(client)
    await read_in(client, place, BAD)
    await client.put(f"{place}/rows/2", json={"item": ADA})
    other, next_one = await made(client), await made(client, continues=1)
    assert (await client.get(place)).json()["continued_by"] == 3
    assert (await read_in(client, other, ADA, BAD))["corrected"] == 0
    assert (await read_in(client, next_one, {**ADA, "title": "Other"}, BAD))["corrected"] == 2
    last = await made(client, continues=3)
    await client.delete(next_one)
    batch = (await client.get(last)).json()
    assert (batch["continues"], (await client.get(place)).json()["continued_by"]) == (1, 4)


async def test_a_changed_template_has_its_rows_checked_again(
    client: httpx.AsyncClient, services: Services
) -> None:
    await client.put("/templates/note", json={"parts": PARTS | {"subject": "Yours"}})
    place = await made(client, template="note")
    assert (await put(client, place, ADA))["ready"] == 1
    await client.put("/templates/note", json={"parts": PARTS})
    eventually_batch(services, 1, lambda batch: batch["counts"]["problems"] == 1)
    (row,) = await read(client, place)
    assert row["message"] == "The template needs “year”, and this row has none."
    await client.delete("/templates/note")
    eventually_batch(services, 1, lambda batch: not batch["counts"]["unchecked"])
    (row,) = await read(client, place)
    assert (row["problem"], row["data"]) == ("unknown_template", {"template": "note"})


async def test_without_practice_rows_without_a_recipient_have_a_problem(
    client: httpx.AsyncClient, services: Services
) -> None:
    place = await made(client, key=["number"])
    assert (await put(client, place, {"item_id": 7}))["ready"] == 1
    assert (await client.put("/settings", json={"mail": REAL})).is_success
    eventually_batch(services, 1, lambda batch: batch["counts"]["problems"] == 1)
