"""The messages of a draft's rows: shown as they will leave, and sent to oneself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.backend.conftest import bad_paths, eventually_batch, outbox, settled
from tests.backend.routes.batches.test_batch_rows import ADA, BAD, PARTS, put
from tests.backend.routes.batches.test_batches import made

if TYPE_CHECKING:
    import httpx

    from desktop.backend.shared.services import Services
    from desktop.mail.files import Files

pytestmark = pytest.mark.anyio


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
