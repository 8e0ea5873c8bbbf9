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
    assert (
        twice["message"] == "It has the same e-mail address and title as row 2 of this spreadsheet."
    )
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
    assert row["message"].startswith("“#REF!” cannot be read for certain.")
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
