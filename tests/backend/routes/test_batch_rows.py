"""Rows of a draft and the files they name: checked, corrected, kept, sent to the sender."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from desktop.backend.routes import batches
from tests.backend.conftest import bad_paths, eventually_batch, outbox, settled
from tests.backend.routes.test_batches import made

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    import httpx

    from desktop.backend.services import Services
    from desktop.mail.files import Files
    from desktop.settings.paths import DataFolder

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
async def test_a_word_that_is_none_is_refused(refusing: httpx.AsyncClient, name: str) -> None:
    place = await made(refusing)
    assert bad_paths(await refusing.get(f"{place}/rows", params={name: "odd"})) == [name]


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
    refusing: httpx.AsyncClient, row: dict[str, Any], path: str
) -> None:
    place = await made(refusing)
    body = {"rows": [{"row": 2, "item": ADA}, row]}
    assert bad_paths(await refusing.post(f"{place}/rows", json=body)) == [path]
    assert await read(refusing, place) == []


async def test_no_call_brings_more_than_ten_thousand_rows(refusing: httpx.AsyncClient) -> None:
    place = await made(refusing)
    body = {"rows": [{"row": n, "item": {}} for n in range(1, 10_002)]}
    assert bad_paths(await refusing.post(f"{place}/rows", json=body)) == ["rows"]


async def test_a_cell_that_cannot_be_read_is_kept_until_it_is_corrected(
    client: httpx.AsyncClient, services: Services
) -> None:
    place = await made(client)
    unread = {"problem": "unreadable", "path": "title", "text": "#REF!"}
    body = {"rows": [{"row": 2, "item": ADA, "problem": unread}]}
    await client.post(f"{place}/rows", json=body)
    services.batches.check_again(1).result()
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
    services.batches.check_again(1).result()
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
    services.batches.check_again(1).result()
    _, (stored,) = services.batches.unchecked(1, 10)
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


async def test_a_row_is_shown_as_it_will_leave(client: httpx.AsyncClient) -> None:
    await client.put("/templates/note", json={"parts": PARTS})
    place = await made(client, template="note")
    await put(client, place, {**ADA, "fields": {"year": "2027"}})
    answer = await client.post("/templates/preview", json={"batch_id": 1, "row": 2})
    assert answer.status_code == 200, answer.text
    shown = answer.json()
    assert (shown["subject"], shown["text"]) == ("Your 2027", "Dear Ada\n")
    assert shown["to"] == "Ada <ada@example.org>"
    body = {"batch_id": 1, "row": 2, "parts": PARTS | {"subject": "New {{ year }}"}}
    assert (await client.post("/templates/preview", json=body)).json()["subject"] == "New 2027"
    for bad, path in (({"row": 2}, "batch_id"), ({"batch_id": 1}, "row")):
        assert bad_paths(await client.post("/templates/preview", json=bad)) == [path]
    both = {"batch_id": 1, "row": 2, "item": {}}
    assert bad_paths(await client.post("/templates/preview", json=both)) == ["row"]
    gone = await client.post("/templates/preview", json={"batch_id": 1, "row": 9})
    assert gone.status_code == 404


async def test_no_number_is_shown_that_the_message_will_not_have(
    client: httpx.AsyncClient, services: Services, kept: Files
) -> None:
    """The number that is free now was shown, and each row of the preview had the same."""
    parts = {"subject": "No. {{ number }}", "text": "{{ number * 2 - 1 }} of {{ number }}"}
    await client.put("/templates/note", json={"parts": parts})

    async def shown(number: int) -> str:
        row = {"batch_id": number, "row": 2}
        answer = (await client.post("/templates/preview", json=row)).json()
        subject, text = answer["subject"], answer["text"]
        assert subject.removeprefix("No. ") in answer["html"].replace("&#8249;", "‹")
        return f"{subject} {text}"

    place = await made(client, template="note")
    await put(client, place, ADA)
    assert await shown(1) == "No. ‹number› ‹number› of ‹number›\n"
    copy = (await client.post(f"{place}/rows/2/to_me")).json()
    settled(services, copy["id"])
    (mail,) = outbox(kept)
    told = "=E2=80=B9number=E2=80=BA of =E2=80=B9number=E2=80=BA"
    assert told in mail.replace("=\r\n", "")
    assert (await client.post("/items", json={"title": "between"})).status_code == 201
    await client.post(f"{place}/start")
    eventually_batch(services, 1, lambda batch: batch["counts"]["kept"] == 1)
    changed = await made(client, template="note")
    await put(client, changed, {**ADA, "fields": {"year": "2028"}})
    assert await shown(2) == "No. 2 3 of 2\n"  # its item is corrected, and has a number


async def test_a_row_is_sent_to_the_sender_alone(
    client: httpx.AsyncClient, services: Services, kept: Files
) -> None:
    await client.put("/templates/note", json={"parts": PARTS})
    place = await made(client, template="note")
    await put(client, place, {**BAD, "fields": {"year": "2027"}}, ADA)
    headers = {"Idempotency-Key": "k"}
    answer = await client.post(f"{place}/rows/2/to_me", headers=headers)
    assert answer.status_code == 201, answer.text
    task = settled(services, answer.json()["id"])
    assert (task["state"], task["to"]) == ("succeeded", "Sendoff <sendoff@localhost>")
    (mail,) = outbox(kept)
    assert "Subject: Your 2027" in mail
    assert 'To: "Sendoff" <sendoff@localhost>' in mail
    assert "Dear Alan" in mail
    again = await client.post(f"{place}/rows/2/to_me", headers=headers)
    assert again.headers["Idempotent-Replayed"] == "true"
    message = await client.get(f"/tasks/{task['id']}/message")
    assert message.json()["subject"] == "Your 2027"
    assert (await client.get("/items")).json()["items"] == []
    assert bad_paths(await client.post(f"{place}/rows/3/to_me")) == ["fields"]
    assert (await client.post(f"{place}/rows/9/to_me")).status_code == 404


async def test_every_column_stands_under_its_heading(
    client: httpx.AsyncClient, services: Services, kept: Files
) -> None:
    text = "{{ E-Mail-Adresse }}|{{ Mitgliedsnr. }}|{{ Achternaam }}|{{ Betreff }}"
    await client.put("/templates/note", json={"parts": {"subject": "x", "text": text}})
    columns: dict[str, str | None]
    columns = {"E-Mail-Adresse": "email", "Mitgliedsnr.": "number", "Betreff": "title"}
    columns |= {"Achternaam": "name", "Voornaam": "first_name", "Name": None}
    place = await made(client, template="note", key=["number"], columns=columns)
    ada = {**ADA, "recipient": {"name": "Ada Lovelace", "email": "ada@example.org"}}
    assert (await put(client, place, {**ada, "item_id": 7}))["ready"] == 1
    shown = (await client.post("/templates/preview", json={"batch_id": 1, "row": 2})).json()
    assert (shown["text"], shown["unknown"]) == ("ada@example.org|7|Lovelace|Renewal\n", [])
    await client.post(f"{place}/start")
    eventually_batch(services, 1, lambda batch: batch["counts"]["kept"] == 1)
    (mail,) = outbox(kept)
    assert "ada@example.org|7|Lovelace|Renewal" in mail
    item = (await client.get("/items/7")).json()["item"]
    assert item["headings"]["Voornaam"] == "first_name"
    item["recipient"]["email"] = "ada@new.example"
    assert (await client.put("/items/7", json={"item": item})).is_success
    shown = (await client.post("/templates/preview", json={"item_id": 7})).json()
    assert shown["text"] == "ada@new.example|7|Lovelace|Renewal\n"


async def test_a_message_lists_the_fields_as_the_spreadsheet_does(
    client: httpx.AsyncClient, services: Services, kept: Files
) -> None:
    """It said *Title 2* and *Anything else* where the sheet has *Title* and *Anything else?*."""
    text = "{{ all fields }}"
    await client.put("/templates/note", json={"parts": {"subject": "x", "text": text}})
    fields = {"Title 2": "Dr.", "Anything_else": "no", "Size cm": "7", "seat_row": "B", "Plan": "A"}
    fields["Shirt"] = "M"
    headings = ["Title", "Anything else?", "Size (cm)", "seat_row", "Plan!", "Shirt:"]
    columns: dict[str, str | None] = {"Mail": "email"}
    columns |= {head: f"fields.{name}" for head, name in zip(headings, fields, strict=True)}
    place = await made(client, template="note", columns=columns)
    lines = [
        "Title: Dr.",
        "Anything else? no",
        "Size (cm): 7",
        "Seat row: B",
        "Plan! A",
        "Shirt: M",
    ]
    assert (await put(client, place, {**ADA, "fields": fields}))["ready"] == 1
    shown = (await client.post("/templates/preview", json={"batch_id": 1, "row": 2})).json()
    assert shown["text"].splitlines() == lines
    await client.post(f"{place}/start")
    eventually_batch(services, 1, lambda batch: batch["counts"]["kept"] == 1)
    (mail,) = outbox(kept)
    assert all(line in mail for line in lines)
    item = (await client.get("/items/1")).json()["item"]
    assert "seat_row" not in item["headings"]
    assert (await client.put("/items/1", json={"item": item})).is_success


SHEET = "Größe;Ort\r\n1;Köln\r\n".encode("cp1252")


async def endless() -> AsyncIterator[bytes]:
    while True:
        yield b"x" * 65536


async def test_the_sheet_comes_back_as_it_was(
    client: httpx.AsyncClient, folder: DataFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = await made(client)
    assert (await client.get(f"{place}/source")).status_code == 404
    answer = await client.put(f"{place}/source", params={"name": "Größe 1.csv"}, content=SHEET)
    assert answer.json()["sheet"] == "Größe 1.csv"
    kept = await client.get(f"{place}/source")
    assert kept.content == SHEET
    assert "Gr%C3%B6%C3%9Fe%201.csv" in kept.headers["content-disposition"]
    monkeypatch.setattr(batches, "SHEET_BYTES", 100_000)
    assert (await client.put(f"{place}/source", content=endless())).status_code == 413
    assert (await client.get(f"{place}/source")).content == SHEET
    assert [path.name for path in (folder.batches / "1").iterdir()] == ["source"]
    bad = await client.put(f"{place}/source", params={"name": "../x"}, content=b"")
    assert bad_paths(bad) == ["name"]
    assert (await client.put("/batches/9/source", content=b"")).status_code == 404
    await client.post(f"{place}/start")
    assert (await client.put(f"{place}/source", content=b"")).status_code == 409


async def test_a_file_goes_along_with_the_rows_that_name_it(
    client: httpx.AsyncClient, kept: Files, services: Services
) -> None:
    place = await made(client)
    assert (await put(client, place, {**ADA, "attachments": ["plan.pdf"]}))["problems"] == 1
    empty = await client.put(f"{place}/attachments/plan.pdf", content=b"")
    assert (empty.status_code, empty.json()["detail"]) == (400, "The file is empty.")
    answer = await client.put(f"{place}/attachments/plan.pdf", content=b"%PDF-1.7")
    assert answer.json() == {"file": "plan.pdf", "size": 8}
    assert (await client.get(f"{place}/attachments")).json() == {"attachments": [answer.json()]}
    eventually_batch(services, 1, lambda batch: batch["counts"]["ready"] == 1)
    await client.post(f"{place}/start")
    eventually_batch(services, 1, lambda batch: batch["state"] == "done")
    (row,) = await read(client, place)
    settled(services, row["task_id"])
    (mail,) = outbox(kept)
    assert "plan.pdf" in mail
    assert (await client.delete(f"{place}/attachments/plan.pdf")).status_code == 409


async def test_a_file_that_is_taken_away_is_missing(
    client: httpx.AsyncClient, services: Services
) -> None:
    place = await made(client)
    await client.put(f"{place}/attachments/plan.pdf", content=b"x")
    await put(client, place, {**ADA, "attachments": ["plan.pdf"]})
    assert (await client.delete(f"{place}/attachments/plan.pdf")).status_code == 204
    assert (await client.delete(f"{place}/attachments/plan.pdf")).status_code == 404
    eventually_batch(services, 1, lambda batch: batch["counts"]["problems"] == 1)
    (row,) = await read(client, place)
    assert row["message"] == "The file “plan.pdf” was not added to this batch."


async def test_an_empty_file_is_missing_before_the_batch_is_started(
    client: httpx.AsyncClient,
) -> None:
    place = await made(client)
    await client.put(f"{place}/attachments/plan.pdf", content=b"")
    item = {**ADA, "attachments": ["plan.pdf"]}
    assert (await put(client, place, item))["problems"] == 1
    (row,) = await read(client, place)
    assert row["problem"] == "missing_attachment"
    refused = await client.post("/items/7", json={**item, "batch_id": 1})
    assert [each["path"] for each in refused.json()["errors"]] == ["attachments.0"]


async def test_a_file_is_found_by_the_name_that_a_person_wrote(
    client: httpx.AsyncClient, services: Services
) -> None:
    place = await made(client)
    named = ["JU\u0308RGEN.pdf", "Meier, Anna.pdf, plan.pdf"]
    assert (await put(client, place, {**ADA, "attachments": named}))["problems"] == 1
    for file in ("Jürgen.pdf", "Meier, Anna.pdf", "plan.pdf"):
        await client.put(f"{place}/attachments/{file}", content=b"x")
    eventually_batch(services, 1, lambda batch: batch["counts"]["ready"] == 1)
    (row,) = await read(client, place)
    assert row["item"]["attachments"] == ["Jürgen.pdf", "Meier, Anna.pdf", "plan.pdf"]


async def test_no_file_is_too_large_or_leads_elsewhere(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = await made(client)
    monkeypatch.setattr(batches, "ATTACHMENTS_LIMIT", 100_000)
    assert (await client.put(f"{place}/attachments/a", content=endless())).status_code == 413
    for name in ("a%7Cb", ".hidden"):
        assert bad_paths(await client.put(f"{place}/attachments/{name}", content=b"")) == ["file"]
    assert (await client.get(f"{place}/attachments")).json() == {"attachments": []}
