"""Corrections of rows: kept while a row says the same, taken back, skipped, accepted."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from desktop.backend.services import Services
from sendoff_tasks.words.table import ENGLISH
from tests.backend.conftest import bad_paths, eventually_batch
from tests.backend.routes.test_batch_rows import ADA, BAD, put, read, read_in
from tests.backend.routes.test_batches import made

pytestmark = pytest.mark.anyio


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
    services.batches.check_again(1).result()
    eventually_batch(services, 1, lambda batch: not batch["counts"]["unchecked"])
    assert (await read_in(client, place, BAD))["corrected"] == 1
    await put(client, place, BAD)  # that is no spreadsheet: it says all there is
    batch = (await client.get(place)).json()
    assert (batch["counts"]["problems"], batch["corrected"], batch["unused"]) == (1, 0, 0)


async def test_a_correction_is_changed_and_taken_back_as_often_as_one_likes(
    client: httpx.AsyncClient, services: Services
) -> None:
    place = await made(client)
    await read_in(client, place, BAD)
    email = f"{place}/rows/2/values/recipient.email"
    for address in ("bo@example.org", "alan@example.org"):  # the first was the wrong person's
        item = {**BAD, "recipient": {"name": "Alan", "email": address}}
        row = (await client.put(f"{place}/rows/2", json={"item": item})).json()
        (change,) = row["corrections"]
        assert (change["before"], change["after"]) == ("alan.example.org", address)
        row = (await client.delete(email)).json()
        assert (row["item"], row["check"], row["corrections"]) == (BAD, "problem", [])
        assert (await client.delete(email)).json() == row
        await client.put(f"{place}/rows/2", json={"item": item})
    batch = await read_in(client, place, BAD)
    assert (batch["counts"]["ready"], batch["corrected"]) == (1, 1)
    assert (await client.delete(email)).json()["check"] == "problem"
    assert (await read_in(client, place, BAD))["counts"]["problems"] == 1
    assert (await client.delete(f"{place}/rows/9/values/title")).status_code == 404
    await put(client, place, ADA)
    await client.post(f"{place}/start")
    assert (await client.delete(email)).status_code == 409


async def test_a_value_that_was_taken_back_stays_so_whatever_an_earlier_batch_knows(
    client: httpx.AsyncClient, services: Services
) -> None:
    place = await made(client)
    await read_in(client, place, ADA)
    home = {**ADA, "recipient": {"name": "Ada", "email": "ada@home.example"}}
    await client.put(f"{place}/rows/2", json={"item": home})
    await client.post(f"{place}/start")
    eventually_batch(services, 1, lambda batch: batch["state"] == "done")
    again = await made(client, continues=1)
    assert (await read_in(client, again, ADA))["corrected"] == 1
    row = (await client.delete(f"{again}/rows/2/values/recipient.email")).json()
    assert (row["item"], row["corrections"]) == (ADA, [])
    assert (await read_in(client, again, ADA))["corrected"] == 0


async def test_a_row_is_skipped_and_taken_in_again(
    client: httpx.AsyncClient, services: Services
) -> None:
    place = await made(client)
    await read_in(client, place, ADA, BAD, ADA)
    checks = [row["check"] for row in await read(client, place)]
    assert checks == ["ready", "problem", "twice"]
    for number in (2, 3):
        (row,) = [each for each in await read(client, place) if each["row"] == number]
        skipped = {"item": {**row["item"], "skip": "person"}}
        row = (await client.put(f"{place}/rows/{number}", json=skipped)).json()
        assert (row["check"], row["corrections"]) == ("skipped", [])
        assert row["message"] == ENGLISH.say("row", "skipped")
    checks = [row["check"] for row in await read(client, place)]
    assert checks == ["skipped", "skipped", "ready"]  # the other row of Ada is the first now
    batch = await read_in(client, place, ADA, BAD, ADA)  # as an option has it read again
    assert (batch["counts"]["skipped"], batch["corrected"], batch["unused"]) == (2, 0, 0)
    services.batches.check_again(1).result()
    eventually_batch(services, 1, lambda batch: not batch["counts"]["unchecked"])
    assert [row["check"] for row in await read(client, place)] == checks
    row = (await client.put(f"{place}/rows/2", json={"item": ADA})).json()
    assert (row["check"], row["item"]) == ("ready", ADA)
    odd = await client.put(f"{place}/rows/2", json={"item": {**ADA, "skip": "odd"}})
    assert bad_paths(odd) == ["item.skip"]
    await client.put(f"{place}/rows/2", json=skipped)
    await client.post(f"{place}/start", json={"send_anyway": True, "send_same": True})
    counts = eventually_batch(services, 1, lambda batch: batch["state"] == "done")["counts"]
    assert (counts["kept"], counts["left_out"], counts["skipped"]) == (1, 2, 2)
    again = await made(client, continues=1)
    assert (await read_in(client, again, ADA, BAD, ADA))["counts"]["skipped"] == 0


KINDS = {"Fee": "number #,##0.00 €", "Born": "date", "Town": "text"}
GERMAN: dict[str, Any] = {
    "locale": "de_DE",
    "short_date": "dd.mm.yyyy",
    "long_date": "d. mmmm yyyy",
}
GERMAN |= {"point": ",", "group": ".", "names": [], "plain": [], "kinds": KINDS}


def paid(number: int, **fields: str) -> dict[str, Any]:
    to = {"name": f"P{number}", "email": f"p{number}@example.org"}
    return {"row": number, "item": {"recipient": to, "fields": fields}}


async def test_a_value_that_looks_wrong_needs_a_look_and_is_sent_all_the_same(
    client: httpx.AsyncClient, services: Services
) -> None:
    columns = {"E-Mail": "email", **{name: f"fields.{name}" for name in KINDS}}
    place = await made(client, columns=columns, reading=GERMAN)
    rows = [
        paid(2, Fee="48,00 €", Born="01.02.1960", Town="frei"),
        paid(3, Fee="frei", Born="01.02.1960"),
        paid(4, Fee="-", Town="Ulm"),
        paid(5, Fee="-48,00 €", Born="31.02.1960"),
        paid(6, Town="MÃ¼nchen"),
        paid(7, Fee="48") | {"plain": {"fields.Fee": "48"}},
        paid(8, Born="March") | {"plain": {"fields.Born": "2026-03-01"}},
    ]
    await client.post(f"{place}/rows", json={"rows": rows})
    found = {row["row"]: row for row in await read(client, place, check="doubtful")}
    told = {at: (row["path"], row["data"]) for at, row in found.items()}
    assert told == {
        3: ("fields.Fee", {"text": "frei", "kind": "number"}),
        4: ("fields.Fee", {"text": "-", "kind": "number"}),
        5: ("fields.Born", {"text": "31.02.1960", "kind": "date"}),
        6: ("fields.Town", {"text": "MÃ¼nchen", "kind": ""}),
    }
    assert found[3]["message"] == ENGLISH.say("row", "doubtful", "number", text="frei")
    accepted = {"item": rows[1]["item"], "typed": ["fields.Fee"]}
    row = (await client.put(f"{place}/rows/3", json=accepted)).json()
    assert (row["check"], row["corrections"]) == ("ready", [])
    right = {**rows[2]["item"], "fields": {"Fee": "0,00 €", "Town": "Ulm"}}
    assert (await client.put(f"{place}/rows/4", json={"item": right})).json()["check"] == "ready"
    params = {"keep_corrections": True}
    await client.post(f"{place}/rows", params=params, json={"rows": rows})
    services.batches.check_again(1).result()
    batch = eventually_batch(services, 1, lambda batch: not batch["counts"]["unchecked"])
    assert (batch["counts"]["doubtful"], batch["counts"]["ready"]) == (2, 5)
    await client.post(f"{place}/start")
    batch = eventually_batch(services, 1, lambda batch: batch["state"] == "done")
    assert (batch["counts"]["kept"], batch["counts"]["left_out"]) == (7, 0)
    again = await made(client, columns=columns, reading=GERMAN)
    await client.post(f"{again}/rows", json={"rows": rows})
    assert (await client.get(again)).json()["counts"]["doubtful"] == 0  # they are as before


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


async def test_a_changed_row_is_shown_as_its_item_was_corrected_or_as_it_was_typed_since(
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
    assert row["data"]["changes"] == [{"field": "title", "before": "Renewal", "after": "Opera"}]
    (stays,) = row["data"]["kept"]
    assert (stays["field"], stays["after"]) == ("recipient.email", "ada@new.example")
    shown = (await client.post("/templates/preview", json={"batch_id": 2, "row": 2})).json()
    assert shown["to"] == "Ada <ada@new.example>"
    as_read = {"item": row["item"], "typed": ["recipient.email"]}
    assert (await client.put(f"{again}/rows/2", json=as_read)).json()["corrections"] == []
    shown = (await client.post("/templates/preview", json={"batch_id": 2, "row": 2})).json()
    assert shown["to"] == "Ada <ada@example.org>"
