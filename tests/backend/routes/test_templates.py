"""Templates are written, read, deleted; their messages are counted and tried."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator, Sequence
from typing import Any

import httpx
import pytest

from desktop.backend.services import Services
from desktop.mail.files import SETTINGS, Files
from desktop.mail.transport import PracticeOutbox
from desktop.settings.office_folder import OfficeFolder
from sendoff_tasks.model.states import State
from tests import WITHIN
from tests.backend.conftest import bad_paths, eventually_batch, outbox, settled, task_ids

pytestmark = pytest.mark.anyio

GOOD = (
    "{% block subject %}Ticket {{ number }}{% endblock %}"
    "{% block text %}Dear {{ name }}, row {{ fields.row }}{% endblock %}"
    "{% block html %}<p>Dear {{ name }}</p>{% endblock %}"
)
ITEM = {
    "recipient": {"name": "Ada <b>", "email": "ada@example.org"},
    "fields": {"row": "F"},
}


async def test_an_own_one_is_kept_listed_and_used(client: httpx.AsyncClient) -> None:
    assert "confirmation" in (await client.get("/templates")).json()["templates"]
    built_in = (await client.get("/templates/confirmation")).json()
    assert (built_in["name"], built_in["own"]) == ("confirmation", False)
    assert "{% block subject %}" in built_in["source"]
    answer = await client.put("/templates/ticket", json={"source": GOOD})
    assert answer.status_code == 200, answer.text
    kept = answer.json()
    assert (kept["name"], kept["source"], kept["own"]) == ("ticket", GOOD, True)
    assert kept["fields"] == ["row"]
    assert (await client.get("/templates/ticket")).json()["source"] == GOOD
    assert "ticket" in (await client.get("/templates")).json()["templates"]
    assert (await client.post("/items/1", json={"template": "ticket"})).status_code == 200


async def test_one_that_does_not_compile_is_refused_with_its_line(
    refusing: httpx.AsyncClient,
) -> None:
    answer = await refusing.put("/templates/bad", json={"source": "{% block subject %}\n{{ x"})
    assert bad_paths(answer) == ["source"]
    assert "line" in answer.json()["detail"]
    assert (await refusing.get("/templates/bad")).status_code == 404
    answer = await refusing.put("/templates/a", json={"name": "b", "source": GOOD})
    assert bad_paths(answer) == ["name"]  # it is that of the path


async def test_a_preview_shows_the_mail_of_an_item_that_is_not_there(
    client: httpx.AsyncClient,
) -> None:
    shown = {"source": GOOD, "item": ITEM, "item_id": 7}
    answer = await client.post("/templates/preview", json=shown)
    assert answer.status_code == 200, answer.text
    mail = answer.json()
    parts = {"from", "reply_to", "to", "cc", "bcc", "subject", "text", "html", "source", "files"}
    assert set(mail) == parts | {"unknown", "subject_html", "marked", "values"}
    assert mail["unknown"] == []
    assert mail["subject"] == mail["subject_html"] == "Ticket 7"
    assert "row F" in mail["text"]
    assert "&lt;b&gt;" in mail["html"]
    assert "Subject: Ticket 7" in mail["source"]
    assert (await client.get("/items/7")).status_code == 404
    await client.post("/items/41", json={"tasks": []})
    usual = (await client.post("/templates/preview", json={"item": {}})).json()
    assert "42" in usual["subject"] + usual["text"]  # of the usual template, by the next number


async def test_what_cannot_be_rendered_is_named(refusing: httpx.AsyncClient) -> None:
    bodies: list[tuple[dict[str, Any], str]] = [
        ({"item": {}, "template": "no-such"}, "template"),
        ({"item": {}, "source": "{{ x"}, "source"),
        ({"item": {}, "source": GOOD.replace("{{ number }}", "{{ 1 / 0 }}")}, "source"),
        ({"parts": {"subject": "s", "text": "t", "reply_to": "x"}}, "parts.reply_to"),
        ({"source": GOOD, "parts": {"subject": "s", "text": "t"}}, "parts"),
        ({"item": {"recipient": {"email": "x"}}}, "item.recipient.email"),
        ({"parts": {"subject": "s", "text": "Dear\n{{ name"}}, "parts.text"),
    ]
    for body, path in bodies:
        answer = await refusing.post("/templates/preview", json=body)
        assert bad_paths(answer) == [path]
    assert answer.json()["errors"][0]["message"].startswith("Line 2: ")  # of the text


async def test_without_settings_that_can_be_read_there_is_no_preview_and_it_is_said_why(
    client: httpx.AsyncClient, kept: Files
) -> None:
    kept.write(SETTINGS, b"[mail")
    answer = await client.post("/templates/preview", json={"item": {}, "source": GOOD})
    assert answer.status_code == 409
    assert kept.where(SETTINGS) in answer.json()["detail"]


PARTS = {"subject": "Your {{ year }}", "text": "Dear {{ first_name }}, {{ titel }}", "html": None}


async def test_the_parts_are_written_and_the_rest_of_the_file_stays(
    client: httpx.AsyncClient,
) -> None:
    made = await client.put(
        "/templates/Renewal 2", json={"parts": {**PARTS, "reply_to": "office@example.org"}}
    )
    assert made.status_code == 200, made.text
    kept = made.json()
    addresses = {"sender": "", "reply_to": "office@example.org", "cc": "", "bcc": ""}
    assert kept["parts"] == {**PARTS, **addresses, "format": ""}
    assert kept["fields"] == ["year"]
    await client.put("/templates/Renewal 2", json={"parts": {**PARTS, "subject": "new"}})
    (version,) = (await client.get("/templates/Renewal 2")).json()["versions"]
    before = (await client.get(f"/templates/Renewal 2/versions/{version['version']}")).json()
    assert before["parts"]["subject"] == "Your {{ year }}"
    assert (await client.get("/templates/Renewal 2/versions/1")).status_code == 404


async def test_unknown_fields_are_marked_with_their_place(client: httpx.AsyncClient) -> None:
    await client.post("/items/7", json={**ITEM, "fields": {"year": 2027}, "tasks": []})
    shown = (await client.post("/templates/preview", json={"parts": PARTS, "item_id": 7})).json()
    assert shown["subject"] == "Your 2027"
    assert shown["text"] == "Dear Ada <b>, titel?\n"
    assert shown["unknown"] == [
        {"field": "titel", "block": "text", "line": 1, "column": 27, "nearest": "title"}
    ]
    missing = await client.post("/templates/preview", json={"parts": PARTS, "item_id": 8})
    assert missing.status_code == 404
    example = (await client.post("/templates/preview", json={"parts": PARTS})).json()
    assert (example["subject"], example["text"]) == ("Your ‹year›", "Dear Ada, titel?\n")


async def test_what_an_item_of_another_template_lacks_is_an_example_in_the_editor(
    client: httpx.AsyncClient, kept: Files
) -> None:
    await client.post("/items/7", json={**ITEM, "tasks": []})
    text = {**PARTS, "text": "Dear {{ first_name }}"}
    shown = (await client.post("/templates/preview", json={"parts": text, "item_id": 7})).json()
    assert (shown["subject"], shown["marked"]) == ("Your ‹year›", [])
    assert [each["field"] for each in shown["unknown"]] == ["year"]
    answer = await client.post("/mail/test", json={"parts": text, "item_id": 7})
    assert answer.status_code == 200, answer.text
    (sent,) = outbox(kept)
    assert "Dear Ada" in sent
    new = (await client.post("/templates/preview", json={"parts": text, "item": ITEM})).json()
    assert new["marked"] == ["year"], "one that is typed shows what it lacks"


async def test_a_file_goes_along_and_leaves_no_trace_when_it_is_refused(
    client: httpx.AsyncClient, kept: Files
) -> None:
    await client.put("/templates/note", json={"parts": PARTS})
    place = "/templates/note/attachments"
    big = b"x" * (3 * 1024 * 1024)
    answer = await client.put(f"{place}/Größe.pdf", content=big)
    assert answer.json() == {"file": "Größe.pdf", "size": len(big)}
    assert (await client.get("/templates/note")).json()["attachments"] == []
    named = {"parts": {**PARTS, "attachments": ["Größe.pdf"]}}
    saved = await client.put("/templates/note", json=named)
    assert saved.json()["attachments"] == [answer.json()]

    async def endless() -> AsyncIterator[bytes]:
        while True:
            yield big

    assert (await client.put(f"{place}/huge.bin", content=endless())).status_code == 413
    assert bad_paths(await client.put(f"{place}/a%7Cb", content=b"x")) == ["file"]
    assert (await client.put("/templates/no/attachments/a", content=b"x")).status_code == 404
    attached = kept.below("templates/attachments/note")
    assert attached.names() == ["Größe.pdf"]
    shown = {"template": "note", "parts": {**PARTS, "attachments": []}}
    assert (await client.post("/templates/preview", json=shown)).json()["files"] == []
    (await client.put("/templates/note", json={"parts": shown["parts"]})).raise_for_status()
    assert (await client.get("/templates/note")).json()["attachments"] == []
    assert attached.names() == ["Größe.pdf"]  # a version names it that can be brought back
    lost = {"parts": {**PARTS, "attachments": ["gone.pdf"]}}
    refused = await client.put("/templates/note", json=lost)
    assert bad_paths(refused) == ["parts.attachments"]


@pytest.mark.usefixtures("in_folder")
async def test_an_attachment_that_cannot_be_read_is_told_by_each_request(
    client: httpx.AsyncClient, services: Services
) -> None:
    await client.put("/templates/note", json={"parts": PARTS})
    place = services.letters.templates.place_for("note", "plan.pdf")
    place.write_bytes(b"plan")
    named = {"parts": {**PARTS, "attachments": ["plan.pdf"]}}
    (await client.put("/templates/note", json=named)).raise_for_status()
    place.unlink()
    place.symlink_to(place)
    assert (await client.get("/templates/note")).status_code == 200
    for body, path in (({"template": "note"}, "template"), (named, "parts")):
        refused = await client.post("/templates/preview", json={"template": "note", **body})
        assert bad_paths(refused) == [path]
        assert "“plan.pdf” of the template “note” cannot be read: " in refused.json()["detail"]
    assert bad_paths(await client.put("/templates/note", json=named)) == ["parts"]


async def test_a_template_that_is_no_text_is_told_and_can_be_replaced_or_deleted(
    client: httpx.AsyncClient, kept: Files
) -> None:
    """As an editor writes it that has another encoding."""
    note, foreign = "/templates/note", "Grüße".encode("latin-1")
    kept.write("templates/note.jinja", foreign)
    told = "is not UTF-8. Save it as UTF-8."
    for answer in (await client.get(note), await client.put(note, json={"parts": PARTS})):
        assert answer.status_code == 422
        assert told in answer.json()["detail"]
    assert (await client.get(f"{note}/messages")).json()["open"] == 0
    (await client.put(f"{note}/attachments/a.txt", content=b"x")).raise_for_status()
    (version,) = (await client.put(note, json={"source": GOOD})).json()["versions"]
    before = await client.get(f"{note}/versions/{version['version']}")
    assert before.status_code == 422
    assert told in before.json()["detail"]
    kept.write("templates/note.jinja", foreign)
    assert (await client.delete(note)).status_code == 204


@pytest.mark.usefixtures("in_folder")
async def test_a_folder_in_place_of_a_template_is_told_and_stays_and_a_link_to_itself_is_none(
    client: httpx.AsyncClient, folder: OfficeFolder
) -> None:
    place, loop = folder.templates / "note.jinja", folder.templates / "loop.jinja"
    place.mkdir()
    loop.symlink_to(loop)
    body: dict[str, Any] = {"source": GOOD}
    for method in ("GET", "PUT", "DELETE"):
        told = await client.request(method, "/templates/note", json=body)
        assert told.status_code == 422
        assert f"{place} cannot be read: " in told.json()["detail"]
    assert place.is_dir()
    assert "loop" not in (await client.get("/templates")).text
    assert (await client.get("/templates/loop")).status_code in {404, 422}


@pytest.mark.parametrize("name", ["..%2F..%2Fsettings", ".hidden", "a%0Ab", "a%00b", "no-such"])
async def test_no_name_leads_out_of_the_folder(refusing: httpx.AsyncClient, name: str) -> None:
    for path in (name, f"{name}/versions/1"):
        assert (await refusing.get(f"/templates/{path}")).status_code == 404
    if name != "no-such":
        answer = await refusing.put(f"/templates/{name}", json={"source": GOOD})
        assert answer.status_code in {404, 422}


async def test_a_version_with_a_bad_head_is_shown_as_its_source(
    client: httpx.AsyncClient, kept: Files
) -> None:
    bad = f"---\nfoo: bar\n---\n{GOOD}"
    kept.write("templates/note.jinja", bad.encode())
    (version,) = (await client.put("/templates/note", json={"source": GOOD})).json()["versions"]
    before = (await client.get(f"/templates/note/versions/{version['version']}")).json()
    assert before["source"] == bad
    assert before["parts"]["text"] == ""


async def test_a_template_that_open_tasks_need_is_not_deleted(client: httpx.AsyncClient) -> None:
    await client.put("/templates/note", json={"parts": {**PARTS, "text": "x", "subject": "y"}})
    item = {**ITEM, "template": "note"}
    added = (await client.post("/items/1?undo_for=3600", json=item)).json()
    answer = await client.delete("/templates/note")
    assert answer.status_code == 409
    assert "needed by 1 open task" in answer.json()["detail"]
    await client.delete(f"/pending/{added['pending']['id']}")
    assert (await client.delete("/templates/note")).status_code == 204
    assert (await client.get("/templates/note")).status_code == 404
    assert (await client.delete("/templates/confirmation")).status_code == 409


async def test_a_test_of_a_template_goes_to_the_sender(
    client: httpx.AsyncClient, kept: Files
) -> None:
    body = {"parts": {**PARTS, "text": "Dear {{ name }}"}, "item": {**ITEM, "fields": {"year": 1}}}
    answer = await client.post("/mail/test", json=body)
    assert answer.status_code == 200, answer.text
    (text,) = outbox(kept)
    assert "To: sendoff@localhost" in text
    assert "Dear Ada <b>" in text
    unknown = await client.post("/mail/test", json={"parts": PARTS, "item": ITEM})
    assert bad_paths(unknown) == ["parts"]


TEXT: dict[str, Any] = {"subject": "Fees", "text": "Dear {{ name }}, {{ fee }}"}
ADA = {"name": "Ada", "email": "ada@example.org"}
LACKS_FEE = "The template “note” needs “fee”, which is missing."


async def written(client: httpx.AsyncClient, name: str, **body: Any) -> dict[str, Any]:
    answer = await client.put(f"/templates/{name}", json={"parts": TEXT, **body})
    assert answer.status_code == 200, answer.text
    template: dict[str, Any] = answer.json()
    return template


async def test_the_messages_that_need_a_template_are_counted(
    client: httpx.AsyncClient, services: Services
) -> None:
    await written(client, "note", parts={**TEXT, "text": "Hello"})
    body: dict[str, Any] = {"recipient": ADA, "template": "note"}
    await client.post("/items/1", json={**body, "delay": 3600})
    await client.post("/items/2", json={**body, "fields": {"fee": "3"}, "delay": 3600})
    made = await client.post("/items/3", json={**body, "deadline": "2020-01-01T00:00:00Z"})
    settled(services, task_ids(made)[0], State.FAILED)
    needs: dict[str, Any] = {"open": 2, "again": 1, "older": [], "fields": []}
    needs |= {"fault": None, "counts_are_exact": True}
    assert (await client.get("/templates/note/messages")).json() == needs
    await written(client, "note")
    of_open = {"kind": "open", "count": 2, "at": None, "stuck": 1}
    needs |= {"older": [of_open], "fields": ["fee"], "fault": LACKS_FEE}
    set_for = {"name": "x", "template": "note", "run_at": "2099-01-01T08:00:00Z"}
    place = (await client.post("/batches", json=set_for)).headers["Location"]
    row = {"recipient": ADA, "fields": {"fee": "3"}}
    lacks_fee = {"recipient": {"email": "bo@example.org"}}
    rows = [{"row": 1, "item": row}, {"row": 2, "item": lacks_fee}]
    (await client.post(f"{place}/rows", json={"rows": rows})).raise_for_status()
    (await client.post(f"{place}/start")).raise_for_status()
    needs["open"] += 1  # the other row stayed behind
    lacking = [(await client.get(f"/tasks/{n}")).json()["lacks"] for n in (1, 2, 3)]
    assert lacking == [[], [], ["fee"]]  # the third needs it to be sent again
    assert (await client.get("/templates/note/messages")).json() == needs
    await written(client, "note", parts={**TEXT, "text": "{{ fee }} {{ plus }}"})
    told = (await client.get("/templates/note/messages")).json()
    assert told == {
        **needs,
        "older": [{**of_open, "count": 3, "stuck": 3}],
        "fields": ["fee", "plus"],
    }
    answer = await client.delete("/templates/note")
    assert "needed by 3 open tasks" in answer.json()["detail"]


async def test_more_messages_than_are_counted_are_told(client: httpx.AsyncClient) -> None:
    await written(client, "note", parts={**TEXT, "text": "Hello"})
    set_for = {"name": "x", "template": "note", "run_at": "2099-01-01T08:00:00Z"}
    place = (await client.post("/batches", json=set_for)).headers["Location"]
    for first in (1, 501):
        numbers = range(first, first + 500)
        items = [{"recipient": {"email": f"ada{number}@example.org"}} for number in numbers]
        rows = [{"row": n, "item": item} for n, item in zip(numbers, items, strict=True)]
        (await client.post(f"{place}/rows", json={"rows": rows})).raise_for_status()
    (await client.post(f"{place}/start")).raise_for_status()
    await written(client, "note")
    told = (await client.get("/templates/note/messages")).json()
    assert (told["older"][0]["stuck"], told["counts_are_exact"]) == (1000, False)
    answer = await client.delete("/templates/note")
    assert "needed by at least 1,000 open tasks" in answer.json()["detail"]


async def test_a_message_names_what_it_lacks_whatever_became_of_it(
    client: httpx.AsyncClient, services: Services
) -> None:
    body: dict[str, Any] = {"recipient": ADA, "template": "note"}
    await written(client, "note", parts={**TEXT, "text": "Hello"})
    sent = await client.post("/items/1", json=body)
    settled(services, task_ids(sent)[0], State.SUCCEEDED)
    await client.post("/items/2", json={**body, "delay": 3600})
    (await client.post("/tasks/2/cancel")).raise_for_status()
    await client.post("/items/3", json={**body, "deadline": "2020-01-01T00:00:00Z"})
    settled(services, 3, State.FAILED)
    await written(client, "note")
    for number in (1, 2, 3):
        task = (await client.get(f"/tasks/{number}")).json()
        assert (task["template"], task["lacks"]) == ("note", ["fee"]), task["state"]
    left_empty = {"item": {**body, "fields": {"fee": ""}}}
    (await client.put("/items/2", json=left_empty)).raise_for_status()
    assert (await client.get("/tasks/2")).json()["lacks"] == []


async def test_only_held_messages_that_can_be_made_are_named_after_a_save(
    client: httpx.AsyncClient, services: Services
) -> None:
    await written(client, "note", parts={**TEXT, "text": "{{ fee }} {{ plus }}"})
    body: dict[str, Any] = {"recipient": ADA, "template": "note"}
    await client.post("/items/1", json={**body, "fields": {"plus": "3"}})
    await client.post("/items/2", json={**body, "fields": {"fee": "3"}})
    for number in (1, 2):
        settled(services, number, State.WAITING)
    letter_added = {"parts": {**TEXT, "text": "{{ fee }} {{ plus }}!"}, "held": True}
    assert (await written(client, "note", **letter_added))["held"] == []
    assert (await written(client, "note", held=True))["held"] == [2]
    assert (await client.get("/templates/note")).json()["held"] == [2]
    assert (await written(client, "note", **letter_added))["held"] == []


async def test_a_message_that_is_handed_over_is_not_one_that_waits(
    client: httpx.AsyncClient, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    made_it, leaves = threading.Event(), threading.Event()
    send = PracticeOutbox.send

    def slowly(*args: Any) -> str:
        made_it.set()
        assert leaves.wait(WITHIN)
        return send(*args)

    monkeypatch.setattr(PracticeOutbox, "send", slowly)
    await written(client, "note", parts={**TEXT, "text": "Hello"})
    (made,) = task_ids(await client.post("/items/1", json={"recipient": ADA, "template": "note"}))
    assert made_it.wait(WITHIN)
    await written(client, "note")
    told = (await client.get("/templates/note/messages")).json()
    leaves.set()
    assert (told["open"], told["older"]) == (1, [])
    settled(services, made, State.SUCCEEDED)


async def test_a_message_counts_as_not_sent_by_its_newest_task(
    client: httpx.AsyncClient, services: Services
) -> None:
    await written(client, "note", parts={**TEXT, "text": "Hello"})
    body: dict[str, Any] = {"recipient": ADA, "template": "note"}
    late = {**body, "deadline": "2020-01-01T00:00:00Z"}
    (failed,) = task_ids(await client.post("/items/1", json=late))
    settled(services, failed, State.FAILED)
    (cancelled,) = task_ids(await client.post("/items/2", json={**body, "delay": 3600}))
    (await client.post(f"/tasks/{cancelled}/cancel")).raise_for_status()

    async def again() -> int:
        return int((await client.get("/templates/note/messages")).json()["again"])

    assert await again() == 2
    (await client.post("/queues/pause")).raise_for_status()
    resent = await client.post("/tasks/bulk", json={"action": "resend", "ids": [failed]})
    assert await again() == 1
    (await client.post(f"/tasks/{resent.json()['ids'][0]}/cancel")).raise_for_status()
    assert await again() == 2  # as if it had not been sent again


FILLED: dict[str, Any] = {"recipient": ADA, "template": "note", "fields": {"fee": "3"}}


async def started(
    client: httpx.AsyncClient, items: Sequence[dict[str, Any]], **settings: Any
) -> str:
    """Start a batch of these items with the template “note”; returns its path."""
    body = {"name": "x", "template": "note", **settings}
    place = (await client.post("/batches", json=body)).headers["Location"]
    rows = [{"row": number, "item": item} for number, item in enumerate(items, 1)]
    (await client.post(f"{place}/rows", json={"rows": rows})).raise_for_status()
    (await client.post(f"{place}/start")).raise_for_status()
    return place


async def test_a_planned_message_keeps_its_text_and_its_files(
    client: httpx.AsyncClient, services: Services
) -> None:
    text = {**TEXT, "text": "The old text.", "attachments": ["terms.txt"]}
    await written(client, "note", parts={**text, "attachments": []})
    file = "/templates/note/attachments/terms.txt"
    (await client.put(file, content=b"the old terms")).raise_for_status()
    await written(client, "note", parts=text)
    body: dict[str, Any] = {"recipient": ADA, "template": "note"}
    await client.post("/items/1", json={**body, "delay": 3600})
    (await client.put(file, content=b"the newer terms")).raise_for_status()
    await written(client, "note", parts={**text, "text": "The new text."})
    shown = (await client.get("/tasks/1/message")).json()
    assert ("The old text." in shown["text"], shown["files"][0]["size"]) == (True, 13)
    await client.post("/items/2", json=body)
    (await client.patch("/tasks/1", json={"run_at": "2020-01-01T00:00:00Z"})).raise_for_status()
    settled(services, 1, State.SUCCEEDED)
    settled(services, 2, State.SUCCEEDED)
    for number, said, size in ((1, "The old text.", 13), (2, "The new text.", 15)):
        sent = (await client.get(f"/tasks/{number}/message")).json()
        assert said in sent["text"]
        assert sent["files"] == [{"file": "terms.txt", "size": size}]


async def test_a_planned_batch_keeps_its_text_also_of_rows_that_are_no_tasks_yet(
    client: httpx.AsyncClient, services: Services, kept: Files
) -> None:
    await written(client, "note", parts={**TEXT, "text": "The old text."})
    place = await started(client, [{"recipient": ADA}], run_at="2099-01-01T08:00:00Z")
    await written(client, "note", parts={**TEXT, "text": "The new text."})
    (older,) = (await client.get("/templates/note/messages")).json()["older"]
    assert older == {"kind": "open", "count": 1, "at": "2099-01-01T08:00:00.000Z", "stuck": 0}
    (await client.delete(place)).raise_for_status()
    (await client.put(place, json={"name": "x", "template": "note"})).raise_for_status()
    eventually_batch(services, 1, lambda batch: batch["counts"]["ready"] == 1)  # checked again
    (await client.post(f"{place}/start")).raise_for_status()
    eventually_batch(services, 1, lambda batch: batch["counts"]["kept"] == 1)
    assert "The new text." in outbox(kept)[0]  # it was started again


async def test_planned_and_kept_messages_take_the_new_text_when_that_is_wanted(
    client: httpx.AsyncClient, services: Services
) -> None:
    await written(client, "note", parts={**TEXT, "text": "The old text."})
    body: dict[str, Any] = {"recipient": ADA, "template": "note"}
    await client.post("/items/1", json={**body, "run_at": "2099-01-01T08:00:00Z"})
    settled(services, task_ids(await client.post("/items/2", json=body))[0], State.SUCCEEDED)
    await started(
        client, [{"recipient": {"email": "bo@example.org"}}], run_at="2099-01-01T08:00:00Z"
    )
    await written(client, "note", parts={**TEXT, "text": "{{ fee }}"})
    told = (await client.get("/templates/note/messages")).json()
    of_open = {"kind": "open", "count": 2, "at": "2099-01-01T08:00:00.000Z", "stuck": 2}
    assert told["older"] == [of_open, {"kind": "kept", "count": 1, "at": None, "stuck": 1}]
    assert (told["fields"], told["fault"]) == (["fee"], LACKS_FEE)
    await written(client, "note", parts={**TEXT, "text": "The new text."})
    newest = {"kinds": ["open", "kept"]}
    answer = await client.post("/templates/note/newest", json=newest)
    assert answer.json() == {"taken": 2, "held": []}
    assert (await client.get("/templates/note/messages")).json()["older"] == []
    assert "The new text." in (await client.get("/tasks/1/message")).json()["text"]
    kept = (await client.get("/tasks/2/message")).json()  # as it would be sent now
    assert ("The new text." in kept["text"], kept["remade"]) == (True, True)
    (await client.post("/tasks/2/retry")).raise_for_status()
    settled(services, 2, State.SUCCEEDED)
    assert "The new text." in (await client.get("/tasks/2/message")).json()["text"]
    assert (await client.post("/templates/none/newest", json=newest)).status_code == 404


async def test_held_for_a_fault_of_the_template_only_a_save_from_there_is_taken(
    client: httpx.AsyncClient, services: Services
) -> None:
    await written(client, "note")
    await client.post("/items/1", json={"recipient": ADA, "template": "note"})
    settled(services, 1, State.WAITING)
    await client.post("/items/2", json={**FILLED, "delay": 3600})
    mended = {**TEXT, "text": "The new text."}
    assert (await written(client, "note", parts=mended))["held"] == []
    assert (await client.get("/tasks/1")).json()["lacks"] == ["fee"]
    assert (await written(client, "note", parts=mended, held=True))["held"] == [1]
    (await client.post("/tasks/1/retry")).raise_for_status()
    settled(services, 1, State.SUCCEEDED)
    assert "The new text." in (await client.get("/tasks/1/message")).json()["text"]
    assert "Dear Ada, 3" in (await client.get("/tasks/2/message")).json()["text"]


async def test_what_is_sent_again_takes_the_newest_text_and_a_retry_its_own(
    client: httpx.AsyncClient, services: Services
) -> None:
    await written(client, "note", parts={**TEXT, "text": "The old text."})
    for number in (1, 2, 3):
        await client.post(f"/items/{number}", json={"recipient": ADA, "template": "note"})
        settled(services, number, State.SUCCEEDED)
    await written(client, "note", parts={**TEXT, "text": "The new text."})
    for number, age, more in ((1, "old", ""), (1, "new", "?again=true")):
        shown = (await client.get(f"/tasks/{number}/message{more}")).json()
        assert f"The {age} text." in shown["text"]
    assert (await client.get("/tasks/1")).json()["is_older"]
    again = {"action": "resend", "ids": [1]}
    (await client.post("/tasks/bulk", json=again)).raise_for_status()
    (await client.post("/tasks/2/retry")).raise_for_status()
    corrected = {"item": {"recipient": ADA, "template": "note", "title": "x"}, "send": True}
    (await client.put("/items/3", json=corrected)).raise_for_status()
    for number, age in ((4, "new"), (2, "old"), (5, "new")):
        settled(services, number, State.SUCCEEDED)
        assert f"The {age} text." in (await client.get(f"/tasks/{number}/message")).json()["text"]
        detail = (await client.get(f"/tasks/{number}")).json()
        assert detail["is_older"] == (age == "old")


async def test_a_copy_of_what_was_not_sent_has_the_text_that_its_preview_shows(
    client: httpx.AsyncClient, services: Services
) -> None:
    await written(client, "note", parts={**TEXT, "text": "The old text."})
    body = {"recipient": ADA, "template": "note", "delay": 3600}
    (task,) = task_ids(await client.post("/items/1", json=body))
    (await client.post(f"/tasks/{task}/cancel")).raise_for_status()
    await written(client, "note", parts={**TEXT, "text": "The new text."})
    copy = {"action": "resend", "ids": [task], "to_me": True}
    (await client.post("/tasks/bulk", json=copy)).raise_for_status()
    for number in (task, task + 1):
        assert "The old text." in (await client.get(f"/tasks/{number}/message")).json()["text"]
