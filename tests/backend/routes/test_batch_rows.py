"""Rows of a draft and the files they name: checked, corrected, kept, sent to the sender."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from desktop.backend.routes import batches
from desktop.backend.services import Services
from desktop.mail.files import Files
from desktop.settings.office_folder import OfficeFolder
from tests.backend.conftest import bad_paths, eventually_batch, outbox, settled
from tests.backend.routes.test_batches import made

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


async def test_each_row_is_checked_and_says_what_is_wrong(
    client: httpx.AsyncClient,
) -> None:
    place = await made(client)
    counts = await put(client, place, ADA, BAD, ADA)
    assert (counts["rows"], counts["ready"], counts["problems"], counts["twice"]) == (3, 1, 1, 1)
    (bad,) = await read(client, place, check="problem")
    assert (bad["row"], bad["problem"], bad["path"]) == (3, "bad_address", "recipient.email")
    assert bad["message"] == "There is no @ in this address."
    (twice,) = await read(client, place, check="twice,same")
    assert twice["data"]["row"] == 2
    assert (await put(client, place, ADA, ADA | {"title": "Other"}, ADA))["ready"] == 2


async def test_rows_are_paged(client: httpx.AsyncClient) -> None:
    place = await made(client, 2, 3, 4)
    page = (await client.get(f"{place}/rows", params={"limit": 2})).json()
    assert [row["row"] for row in page["rows"]] == [2, 3]
    rest = await read(client, place, after=page["next"])
    assert [row["row"] for row in rest] == [4]
    for name in ("check", "outcome", "state", "after"):
        assert bad_paths(await client.get(f"{place}/rows", params={name: "odd"})) == [name]


UNREAD: dict[str, Any] = {"problem": "same", "path": "", "text": ""}


async def test_what_no_cell_can_say_and_too_many_rows_refuse_the_call(
    refusing: httpx.AsyncClient,
) -> None:
    place = await made(refusing)
    for row, path in (
        ({"row": 0, "item": {}}, "rows.1.row"),
        ({"row": 3}, "rows.1.item"),
        ({"row": 3, "item": {"odd": 1}}, "rows.1.item.odd"),
        ({"row": 3, "item": {"title": 7}}, "rows.1.item.title"),
        ({"row": 3, "item": {}, "problem": UNREAD}, "rows.1.problem.problem"),
        ({"row": 3, "item": {}, "plain": {"fields": "x"}}, "rows.1.plain.fields"),
        ({"row": 3, "item": {}, "plain": {"recipient.email": "x"}}, "rows.1.plain.recipient.email"),
    ):
        body = {"rows": [{"row": 2, "item": ADA}, row]}
        assert bad_paths(await refusing.post(f"{place}/rows", json=body)) == [path]
    body = {"rows": [{"row": n, "item": {}} for n in range(1, 10_002)]}
    assert bad_paths(await refusing.post(f"{place}/rows", json=body)) == ["rows"]
    assert await read(refusing, place) == []


async def test_cells_that_cannot_be_read_are_kept_until_each_is_corrected(
    client: httpx.AsyncClient, services: Services
) -> None:
    place = await made(client)
    unread = {"problem": "bad_number", "path": "item_id", "text": "A-17"}
    broken = {"problem": "unreadable", "path": "title", "text": "#REF!"}
    bodies = [
        {"row": 2, "item": {**ADA, "run_at": "soon"}, "problem": unread},
        {"row": 3, "item": ADA, "problem": broken},
    ]
    await client.post(f"{place}/rows", json={"rows": bodies})
    services.batches.check_again(1).result()
    eventually_batch(services, 1, lambda batch: batch["counts"]["problems"] == 2)
    row, other = await read(client, place)
    assert (other["problem"], other["data"]) == ("unreadable", {"text": "#REF!"})
    assert (row["problem"], row["data"]) == ("bad_time", {"text": "soon"})
    timed = {**row["item"], "run_at": "2030-03-01T08:00:00Z"}
    corrected = (await client.put(f"{place}/rows/2", json={"item": timed})).json()
    assert (corrected["problem"], corrected["data"]) == ("bad_number", {"text": "A-17"})
    numbered = {**timed, "item_id": 17}
    corrected = (await client.put(f"{place}/rows/2", json={"item": numbered})).json()
    assert corrected["check"] == "ready"


async def test_a_time_in_small_letters_is_sent_at_that_time(
    client: httpx.AsyncClient, services: Services
) -> None:
    place = await made(client)
    await read_in(client, place, {**ADA, "run_at": "2030-03-01t08:00:00z"})
    await client.post(f"{place}/start")
    eventually_batch(services, 1, lambda batch: batch["state"] == "running")
    (task,) = (await client.get("/tasks?batch_id=1")).json()["tasks"]
    assert (task["state"], task["run_at"][:16]) == ("scheduled", "2030-03-01T08:00")


async def test_a_correction_is_answered_checked(client: httpx.AsyncClient) -> None:
    place = await made(client)
    await put(client, place, BAD)
    answer = await client.put(f"{place}/rows/2", json={"item": {"odd": 1}})
    assert bad_paths(answer) == ["item.odd"]
    corrected = (await client.put(f"{place}/rows/2", json={"item": ADA})).json()
    assert (corrected["item"], corrected["check"]) == (ADA, "ready")
    assert corrected["message"] == "Corrected and ready to be sent."
    assert (await client.put(f"{place}/rows/9", json={"item": ADA})).status_code == 404
    assert (await client.get(place)).json()["counts"]["rows"] == 1


READ: dict[str, Any] = {
    "locale": "de_DE", "short_date": "dd.mm.yyyy", "long_date": "", "point": ",", "group": ".",
    "names": [], "plain": [], "kinds": {"Betrag": "number #,##0.00 €", "Da": "yes_no"},
}  # fmt: skip
FEES = {
    "subject": "Fee",
    "text": "{% if Betrag > 10 %}{{ 2 * Betrag }}{% endif %}{% if Da %}da{% endif %}",
}


async def test_a_field_without_the_needed_value_is_the_problem_of_its_row_until_it_is_typed(
    client: httpx.AsyncClient, services: Services
) -> None:
    await client.put("/templates/fees", json={"parts": FEES})
    columns = {"Betrag": "fields.Betrag", "Da": "fields.Da", "Mail": "email"}
    place = await made(client, template="fees", columns=columns, reading=READ)
    fields = {"Betrag": "offen", "Da": "FALSCH"}
    rows = [
        {"row": 2, "item": {**ADA, "fields": fields}, "plain": {"fields.Da": "FALSE"}},
        {
            "row": 3,
            "item": {**ADA, "title": "Other", "fields": {"Betrag": "zwölf", "Da": "ja"}},
            "plain": {"fields.Betrag": "12.5"},
        },
    ]
    assert (await client.post(f"{place}/rows", json={"rows": rows})).json()["ready"] == 1
    (row,) = await read(client, place, check="problem")
    assert (row["problem"], row["path"]) == ("bad_value", "fields.Betrag")
    assert "“Betrag” is “offen”, which is not a number" in row["message"]
    typed = {**row["item"], "fields": {**fields, "Betrag": "12.50"}}
    answer = await client.put(f"{place}/rows/2", json={"item": typed})
    assert bad_paths(answer) == ["item.fields.Betrag"]
    typed["fields"]["Betrag"] = "12,50"
    corrected = (await client.put(f"{place}/rows/2", json={"item": typed})).json()
    assert (corrected["check"], corrected["plain"]) == ("ready", {"fields.Da": "FALSE"})
    typed = {**typed, "fields": {**typed["fields"], "Da": "ja"}}
    corrected = (await client.put(f"{place}/rows/2", json={"item": typed})).json()
    assert "plain" not in corrected, "a typed value is read anew"
    shown = await client.post("/templates/preview", json={"batch_id": 1, "row": 3})
    assert shown.json()["text"].split() == ["25,00", "€da"]
    assert (await client.post(f"{place}/start", json={})).is_success
    eventually_batch(services, 1, lambda batch: not batch["counts"]["open"])
    for number in (1, 2):
        shown = await client.post("/templates/preview", json={"item_id": number})
        assert shown.json()["text"].split() == ["25,00", "€da"]


async def test_rows_are_checked_again_where_their_template_or_the_settings_change(
    client: httpx.AsyncClient, services: Services
) -> None:
    await client.put("/templates/note", json={"parts": PARTS | {"subject": "Yours"}})
    place = await made(client, template="note", key=["number"])
    assert (await put(client, place, {"item_id": 7}))["ready"] == 1  # practice has a recipient
    await client.put("/templates/note", json={"parts": PARTS})
    eventually_batch(services, 1, lambda batch: batch["counts"]["problems"] == 1)
    (row,) = await read(client, place)
    assert (row["problem"], row["data"]) == ("missing_field", {"field": "year"})
    await client.delete("/templates/note")
    eventually_batch(services, 1, lambda batch: not batch["counts"]["unchecked"])
    (row,) = await read(client, place)
    assert (row["problem"], row["data"]) == ("unknown_template", {"template": "note"})
    place = await made(client, key=["number"])
    assert (await put(client, place, {"item_id": 8}))["ready"] == 1
    assert (await client.put("/settings", json={"mail": REAL})).is_success
    eventually_batch(services, 2, lambda batch: batch["counts"]["problems"] == 1)


async def read_in(client: httpx.AsyncClient, place: str, *items: dict[str, Any]) -> dict[str, Any]:
    """Put items as rows of a spreadsheet that is read; returns the batch."""
    rows = [{"row": number, "item": item} for number, item in enumerate(items, 2)]
    await client.post(f"{place}/rows", params={"keep_corrections": True}, json={"rows": rows})
    batch: dict[str, Any] = (await client.get(place)).json()
    return batch


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
    files = {"item": {"recipient": {"email": "ada@example.org"}, "attachments": ["a.pdf"]}}
    assert bad_paths(await client.post("/templates/preview", json=files)) == ["item.batch_id"]
    both = {"batch_id": 1, "row": 2, "item": {}}
    assert bad_paths(await client.post("/templates/preview", json=both)) == ["row"]
    gone = await client.post("/templates/preview", json={"batch_id": 1, "row": 9})
    assert gone.status_code == 404


async def test_a_row_whose_address_is_wrong_is_shown_with_it(client: httpx.AsyncClient) -> None:
    parts = PARTS | {"text": "Dear {{ name }}, you are {{ email }}"}
    await client.put("/templates/note", json={"parts": parts})
    place = await made(client, template="note")
    for row, wrong in enumerate(("ada@@example.org", "<ada", ""), 2):
        item = {"recipient": {"name": "Ada", "email": wrong}, "fields": {"year": "2027"}}
        await client.post(f"{place}/rows", json={"rows": [{"row": row, "item": item}]})
        answer = await client.post("/templates/preview", json={"batch_id": 1, "row": row})
        assert answer.status_code == 200, answer.text
        shown = answer.json()
        assert shown["text"].split() == f"Dear Ada, you are {wrong}".split()
        assert wrong in shown["to"]


async def test_no_number_is_shown_that_the_message_will_not_have(
    client: httpx.AsyncClient, services: Services, kept: Files
) -> None:
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
    assert task["title"] == "Copy of row 2’s e-mail, batch 1"
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
    client: httpx.AsyncClient, services: Services
) -> None:
    text = "{{ all fields }}"
    await client.put("/templates/note", json={"parts": {"subject": "x", "text": text}})
    fields = {"Title 2": "Dr.", "Anything_else": "no", "Size cm": "7", "seat_row": "B", "Plan": "A"}
    headings = ["Title", "Anything else?", "Size (cm)", "seat_row", "Plan!"]
    columns: dict[str, str | None] = {"Mail": "email"}
    columns |= {head: f"fields.{name}" for head, name in zip(headings, fields, strict=True)}
    place = await made(client, template="note", columns=columns)
    assert (await put(client, place, {**ADA, "fields": fields}))["ready"] == 1
    shown = (await client.post("/templates/preview", json={"batch_id": 1, "row": 2})).json()
    lines = ["Title: Dr.", "Anything else? no", "Size (cm): 7", "Seat row: B", "Plan! A"]
    assert shown["text"].splitlines() == lines
    await client.post(f"{place}/start")
    eventually_batch(services, 1, lambda batch: batch["counts"]["kept"] == 1)
    item = (await client.get("/items/1")).json()["item"]
    assert "seat_row" not in item["headings"]


SHEET = "Größe;Ort\r\n1;Köln\r\n".encode("cp1252")


async def endless() -> AsyncIterator[bytes]:
    while True:
        yield b"x" * 65536


async def test_the_sheet_comes_back_as_it_was(
    client: httpx.AsyncClient, folder: OfficeFolder, monkeypatch: pytest.MonkeyPatch
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


async def test_files_go_along_with_the_rows_that_name_them(
    client: httpx.AsyncClient, kept: Files, services: Services
) -> None:
    place = await made(client)
    # as a person writes them; one is named twice
    named = ["JU\u0308RGEN.pdf", "Meier, Anna.pdf, plan.pdf", "Plan.pdf"]
    files = ["Jürgen.pdf", "Meier, Anna.pdf", "plan.pdf"]
    assert (await put(client, place, {**ADA, "attachments": named}))["problems"] == 1
    for file in files:
        answer = await client.put(f"{place}/attachments/{file}", content=b"%PDF-1.7")
        assert answer.json() == {"file": file, "size": 8}
    stored = (await client.get(f"{place}/attachments")).json()["attachments"]
    assert [each["file"] for each in stored] == files
    eventually_batch(services, 1, lambda batch: batch["counts"]["ready"] == 1)
    (row,) = await read(client, place)
    assert row["item"]["attachments"] == files
    await client.post(f"{place}/start")
    eventually_batch(services, 1, lambda batch: batch["state"] == "done")
    (mail,) = outbox(kept)
    assert "plan.pdf" in mail
    assert (await client.delete(f"{place}/attachments/plan.pdf")).status_code == 409


async def test_rows_are_checked_once_for_many_files(
    client: httpx.AsyncClient, services: Services
) -> None:
    place = await made(client)
    files = [f"{number}.pdf" for number in range(3)]
    await put(client, place, {**ADA, "attachments": files})
    revision = services.batches.revision(1)
    for file in files:
        more = {"more": str(file != files[-1])}
        assert services.batches.revision(1) == revision
        await client.put(f"{place}/attachments/{file}", content=b"x", params=more)
    eventually_batch(services, 1, lambda batch: batch["counts"]["ready"] == 1)
    assert services.batches.revision(1) == revision + 1


async def test_a_draft_takes_the_files_of_another_batch(
    client: httpx.AsyncClient, services: Services, kept: Files
) -> None:
    first, second = await made(client), await made(client)
    for file in ("plan.pdf", "map.pdf", "of another.pdf"):
        await client.put(f"{first}/attachments/{file}", content=b"1")
    await put(client, second, {**ADA, "attachments": ["plan.pdf", "map.pdf"]})
    await client.put(f"{second}/attachments/map.pdf", content=b"2")
    some = {"batch_id": 1, "files": ["plan.pdf", "../source", "none.pdf"]}
    taken = await client.post(f"{second}/attachments", json=some)
    assert [each["file"] for each in taken.json()["attachments"]] == ["map.pdf", "plan.pdf"]
    eventually_batch(services, 2, lambda batch: batch["counts"]["ready"] == 1)
    await client.put(f"{second}/attachments/plan.pdf", content=b"new")
    assert services.letters.batch_files.attachment(1, "plan.pdf") == b"1"
    taken = await client.post(f"{second}/attachments", json={"batch_id": 1})
    assert len(taken.json()["attachments"]) == 3
    assert (await client.delete(first)).status_code == 204
    assert services.letters.batch_files.attachment(2, "map.pdf") == b"1"
    assert (await client.post(f"{second}/attachments", json={"batch_id": 9})).status_code == 404


async def test_a_file_that_is_empty_or_taken_away_is_missing(
    client: httpx.AsyncClient, services: Services
) -> None:
    place, item = await made(client), {**ADA, "attachments": ["plan.pdf"]}
    empty = await client.put(f"{place}/attachments/plan.pdf", content=b"")
    assert (empty.status_code, empty.json()["detail"]) == (400, "The file is empty.")
    assert (await put(client, place, item))["problems"] == 1
    refused = await client.post("/items/7", json={**item, "batch_id": 1})
    assert bad_paths(refused) == ["attachments.0"]
    await client.put(f"{place}/attachments/plan.pdf", content=b"x")
    eventually_batch(services, 1, lambda batch: batch["counts"]["ready"] == 1)
    assert (await client.delete(f"{place}/attachments/plan.pdf")).status_code == 204
    assert (await client.delete(f"{place}/attachments/plan.pdf")).status_code == 404
    eventually_batch(services, 1, lambda batch: batch["counts"]["problems"] == 1)
    (row,) = await read(client, place)
    assert (row["problem"], row["data"]) == ("missing_attachment", {"file": "plan.pdf"})


async def test_no_file_is_too_large_or_leads_elsewhere(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = await made(client)
    monkeypatch.setattr(batches, "ATTACHMENTS_LIMIT", 100_000)
    assert (await client.put(f"{place}/attachments/a", content=endless())).status_code == 413
    for name in ("a%7Cb", ".hidden"):
        assert bad_paths(await client.put(f"{place}/attachments/{name}", content=b"")) == ["file"]
    assert (await client.get(f"{place}/attachments")).json() == {"attachments": []}
