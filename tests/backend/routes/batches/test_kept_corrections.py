"""What was corrected in a row stays corrected when its spreadsheet is read again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.backend.conftest import eventually_batch
from tests.backend.routes.batches.test_batch_rows import ADA, BAD, put, read
from tests.backend.routes.batches.test_batches import made

if TYPE_CHECKING:
    import httpx

    from desktop.backend.shared.services import Services

pytestmark = pytest.mark.anyio


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


async def test_what_is_typed_as_it_was_read_is_kept_with_the_row(
    client: httpx.AsyncClient, services: Services
) -> None:
    place = await made(client)
    email = "ada@example.org"
    item = {**ADA, "recipient": {"email": email}}
    await put(client, place, item)
    typed = {"item": item, "typed": ["recipient.email"]}
    assert (await client.put(f"{place}/rows/2", json=typed)).json()["corrections"] == []
    services.engine.batches.check_again(1).result()
    _, (stored,) = services.engine.batches.unchecked(1, 10)
    assert stored.corrections == [("recipient.email", email, email)]


async def test_another_person_in_the_row_does_not_get_the_address_that_was_typed_there(
    client: httpx.AsyncClient,
) -> None:
    place = await made(client)
    ada, bert = ({**BAD, "recipient": {"name": name, "email": ""}} for name in ("Ada", "Bert"))
    await read_in(client, place, ada)
    typed = {**ada, "recipient": {"name": "Ada", "email": "ada@example.org"}}
    await client.put(f"{place}/rows/2", json={"item": typed})
    assert (await read_in(client, place, ada))["corrected"] == 1
    assert (await read_in(client, place, bert, ada))["corrected"] == 0
    assert [row["item"] for row in await read(client, place)] == [bert, ada]


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


async def test_the_message_of_a_changed_row_is_shown_as_its_item_was_corrected(
    client: httpx.AsyncClient, services: Services
) -> None:
    place = await made(client, key=["number"])
    numbered = {**ADA, "item_id": 7}
    await read_in(client, place, numbered)
    await client.post(f"{place}/start")
    eventually_batch(services, 1, lambda batch: batch["state"] == "done")
    right = {"name": "Ada", "email": "ada@new.example"}
    item = {**(await client.get("/items/7")).json()["item"], "recipient": right}
    assert (await client.put("/items/7", json={"item": item})).is_success
    again = await made(client, key=["number"])
    await read_in(client, again, {**numbered, "title": "Opera"})
    (row,) = await read(client, again)
    assert row["item"]["recipient"] == ADA["recipient"]  # as the spreadsheet has it
    assert row["message"].endswith(
        "What differs: title: Opera, before Renewal."
        " It stays as it was corrected by hand: email: ada@new.example, before ada@example.org."
    )
    shown = (await client.post("/templates/preview", json={"batch_id": 2, "row": 2})).json()
    assert shown["to"] == "Ada <ada@new.example>"


async def test_a_draft_that_waits_tells_that_its_row_is_older_than_a_correction_by_hand(
    client: httpx.AsyncClient, services: Services
) -> None:
    """*Send 1* of a draft from before put the old value back without a word."""
    place = await made(client, key=["number"])
    numbered = {**ADA, "item_id": 7}
    await read_in(client, place, numbered)
    await client.post(f"{place}/start")
    eventually_batch(services, 1, lambda batch: batch["state"] == "done")
    waits = await made(client, key=["number"])
    batch = await read_in(client, waits, {**numbered, "title": "Opera"})
    assert batch["counts"]["changed"] == 1
    (row,) = await read(client, waits)
    assert "newer" not in row["data"]
    item = {**(await client.get("/items/7")).json()["item"], "title": "Tosca"}
    assert (await client.put("/items/7", json={"item": item})).is_success
    eventually_batch(services, 2, lambda batch: not batch["counts"]["unchecked"])
    (row,) = await read(client, waits)
    assert "newer" in row["data"]
    assert row["data"]["changes"] == [{"field": "title", "before": "Tosca", "after": "Opera"}]
    assert row["data"]["replaced"]


def person(name: str, email: str, **fields: Any) -> dict[str, Any]:
    return {"title": "", "recipient": {"name": name, "email": email}, "fields": fields}


@pytest.mark.parametrize("nothing", ["no address", "-", "n/a", "none", ""])
async def test_what_stands_for_no_address_identifies_nobody(
    client: httpx.AsyncClient, nothing: str
) -> None:
    """A newcomer without an address got another member's, and her message."""
    place = await made(client)
    old = [person(name, nothing, due=550) for name in ("Hugo", "Olga", "")]
    await read_in(client, place, *old)
    for row, item in enumerate(old, 2):
        right = {**item["recipient"], "email": f"{row}@club.example"}
        await client.put(f"{place}/rows/{row}", json={"item": {**item, "recipient": right}})
    await client.post(f"{place}/start")
    new = [person(name, nothing, due=550) for name in ("Ada", "Cy", "")]
    batch = await read_in(client, await made(client), *new, person("", nothing, due=600))
    assert (batch["corrected"], batch["unused"], batch["counts"]["problems"]) == (0, 0, 4)
    assert (await read_in(client, await made(client), *reversed(old)))["corrected"] == 2


async def test_a_name_that_two_rows_without_an_address_have_identifies_neither(
    client: httpx.AsyncClient,
) -> None:
    place, peter, typed = await made(client), person("Peter", "none"), person("Peter", "p@x.org")
    await read_in(client, place, peter)
    await client.put(f"{place}/rows/2", json={"item": typed})
    await client.post(f"{place}/start")
    again = await made(client)
    rows = [{"row": row, "item": peter} for row in (2, 3)]
    for each in rows:  # each comes with a part of the spreadsheet of its own
        assert (await client.get(again)).json()["corrected"] == (each["row"] == 3)
        await client.post(f"{again}/rows", params={"keep_corrections": True}, json={"rows": [each]})
    batch = (await client.get(again)).json()
    assert (batch["corrected"], batch["counts"]["problems"]) == (0, 2)
    await client.put(f"{again}/rows/2", json={"item": typed})
    await client.post(f"{again}/start")
    new = await made(client)
    assert (await read_in(client, new, peter))["corrected"] == 0  # there are two of them
