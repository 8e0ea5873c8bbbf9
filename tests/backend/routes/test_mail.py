"""Test messages, the messages of practice mode, and messages that are held."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest

from desktop.backend.services import Services
from desktop.mail.files import SETTINGS, Files
from sendoff_tasks.model.states import State
from tests.backend.conftest import attach, bad_paths, settled, task_ids
from tests.looking import eventually
from tests.mail.server import running

pytestmark = pytest.mark.anyio

OTHER = (
    "{% block subject %}Other{% endblock %}{% block text %}Other{% endblock %}"
    "{% block html %}Other{% endblock %}"
)


@pytest.fixture
def nowhere(closed_port: int) -> dict[str, Any]:
    """Name a server that is not there."""
    server = {"transport": "smtp", "host": "127.0.0.1", "port": closed_port, "security": "none"}
    return {**server, "sender": "desk@example.org"}


async def test_a_test_in_practice_mode_goes_to_the_outbox(
    client: httpx.AsyncClient, services: Services
) -> None:
    answer = await client.post("/mail/test", json={"to": "me@example.org"})
    assert answer.status_code == 200, answer.text
    found = answer.json()
    assert set(found) == {"ok", "message_id", "text", "log"}
    assert found["ok"] is True
    assert found["text"].endswith(".")
    kept = services.letters.outbox.mail(found["message_id"])
    assert kept is not None
    assert "me@example.org" in kept.to


async def test_settings_that_are_not_saved_can_be_tried(
    client: httpx.AsyncClient, nowhere: dict[str, Any]
) -> None:
    before = (await client.get("/settings")).json()
    body = {"to": "me@example.org", "mail": nowhere}
    answer = await client.post("/mail/test", json=body)
    assert answer.status_code == 422
    assert str(nowhere["port"]) in answer.json()["detail"]
    assert (await client.get("/settings")).json() == before


async def test_a_refused_login_is_an_error_of_the_password(client: httpx.AsyncClient) -> None:
    with running() as server:
        given = server.settings(user="ada")
        mail = {name: getattr(given, name) for name in ("host", "port", "security", "user")}
        mail |= {"transport": "smtp", "sender": "desk@example.org", "password": "wrong"}
        answer = await client.post("/mail/test", json={"to": "me@example.org", "mail": mail})
    assert bad_paths(answer) == ["mail.password"]
    (wrong,) = answer.json()["errors"]
    assert wrong["reason"].startswith("sending.login")
    assert wrong["data"]["user"] == "ada"
    assert "refused the user name or password of ada: 535" in answer.json()["detail"]


async def test_a_server_without_passwords_is_an_error_of_the_sign_in(
    client: httpx.AsyncClient,
) -> None:
    with running() as server:
        server.faults["AUTH"] = "535 5.7.139 basic authentication is disabled"
        given = server.settings(user="ada")
        mail = {name: getattr(given, name) for name in ("host", "port", "security", "user")}
        mail |= {"transport": "smtp", "sender": "desk@example.org", "password": "right"}
        answer = await client.post("/mail/test", json={"to": "me@example.org", "mail": mail})
    assert bad_paths(answer) == ["mail.sign_in"]


async def test_a_bad_field_is_named(refusing: httpx.AsyncClient) -> None:
    bodies: list[tuple[dict[str, Any], str]] = [
        ({}, "to"),
        ({"to": "x"}, "to"),
        ({"to": "me@example.org", "mail": {"port": 0}}, "mail.port"),
        ({"to": "me@example.org", "mail": {"colour": 1}}, "mail.colour"),
        ({"to": "me@example.org", "cc": "x"}, "cc"),
    ]
    for body, path in bodies:
        assert bad_paths(await refusing.post("/mail/test", json=body)) == [path]


async def hold_the_mail_queue(client: httpx.AsyncClient, services: Services, port: int = 9) -> int:
    """Have a confirmation held for want of a password; gives the task's number."""
    place = {"transport": "smtp", "host": "localhost", "port": port}
    login = {**place, "security": "none", "user": "ada", "sender": "ada@example.org"}
    await client.put("/settings", json={"mail": login})
    recipient = {"email": "ada@example.org"}
    (number,) = task_ids(await client.post("/items/1", json={"recipient": recipient}))
    # The queue may be held before the task begins.
    await asyncio.to_thread(eventually, lambda: len(services.engine.notices()) == 1)
    held = settled(services, number, "waiting", "queued")
    assert held["run_at"] is None
    return number


async def test_a_green_test_lets_a_held_mail_queue_go_on(
    client: httpx.AsyncClient, services: Services, kept: Files
) -> None:
    with running() as server:
        number = await hold_the_mail_queue(client, services, port=server.port)
        kept.write(SETTINGS, kept.read(SETTINGS).replace(b'user = "ada"', b'user = ""'))
        answer = await client.post("/mail/test", json={"to": "me@example.org"})
        assert answer.status_code == 200
        settled(services, number)
    assert settled(services, number)["state"] == "succeeded"
    assert services.engine.notices() == []


@pytest.mark.parametrize("mail", [{"transport": "practice"}, {"password": "pässword"}])
async def test_a_green_test_of_others_says_nothing_of_the_held_ones(
    client: httpx.AsyncClient, services: Services, mail: dict[str, Any]
) -> None:
    with running() as server:
        number = await hold_the_mail_queue(client, services, port=server.port)
        answer = await client.post("/mail/test", json={"to": "me@example.org", "mail": mail})
    assert answer.status_code == 200, answer.text
    assert services.engine.task(number)["run_at"] is None
    assert len(services.engine.notices()) == 1


PRACTICE = {"transport": "practice", "user": ""}


async def test_so_do_new_mail_settings(client: httpx.AsyncClient, services: Services) -> None:
    number = await hold_the_mail_queue(client, services)
    await client.put("/settings", json={"mail": PRACTICE, "open": "keep"})
    assert settled(services, number)["state"] == "succeeded"
    assert services.engine.notices() == []


class TestMessage:
    async def test_what_left_is_shown_as_it_left_and_what_has_not_as_it_would(
        self, client: httpx.AsyncClient, services: Services
    ) -> None:
        await attach(client, "confirmation", "sieben Sätze.txt", b"x" * 7)
        named = [{"file": "sieben Sätze.txt", "size": 7}]
        preview = (await client.post("/templates/preview", json={"item": {}})).json()
        (number,) = task_ids(await client.post("/items/41", json={"delay": 600}))
        later = (await client.get(f"/tasks/{number}/message")).json()
        assert (later["to"], later["remade"]) == ("you@example.org", True)
        assert f"Message-ID: <{later['message_id']}>" in later["source"]
        (number,) = task_ids(await client.post("/items/42"))
        settled(services, number)
        left = (await client.get(f"/tasks/{number}/message")).json()
        kept = services.letters.outbox.mail(left["message_id"])
        assert kept is not None
        assert (left["source"], "remade" in left) == (kept.source, False)
        assert [each["files"] for each in (preview, later, left)] == [named] * 3

    async def test_what_a_server_got_is_shown_as_it_got_it_also_in_place_of_its_practice(
        self, client: httpx.AsyncClient, services: Services
    ) -> None:
        body = {"recipient": {"email": "ada@example.org"}}
        (number,) = task_ids(await client.post("/items/42", json=body))
        assert settled(services, number)["reason"] == "kept"
        with running() as server:
            real = {"transport": "smtp", "host": "localhost", "port": server.port}
            way = {"security": "none", "user": "", "sender": "Box <box@example.org>"}
            await client.put("/settings", json={"mail": {**real, **way}})
            (await client.post(f"/tasks/{number}/retry")).raise_for_status()
            eventually(lambda: server.mails)
            assert settled(services, number)["reason"] != "kept"
            sent = server.mails[0].original_content
        await client.put("/settings", json={"mail": {"sender": "Other <other@example.org>"}})
        services.letters.templates.save("confirmation", OTHER)
        message = (await client.get(f"/tasks/{number}/message")).json()
        assert message["source"].encode() == sent
        assert message["from"] == "Box <box@example.org>"
        assert "remade" not in message

    async def test_a_task_without_a_mail_is_404(self, client: httpx.AsyncClient) -> None:
        (number,) = task_ids(await client.post("/items/42", json={"tasks": ["nothing"]}))
        assert (await client.get(f"/tasks/{number}/message")).status_code == 404
        assert (await client.get("/tasks/999/message")).status_code == 404


ADA = {"name": "Ada", "email": "ada@example.org"}


async def written(client: httpx.AsyncClient, text: str) -> None:
    parts = {"subject": "s", "text": text}
    change = {"parts": parts, "held": True}
    (await client.put("/templates/Letter", json=change)).raise_for_status()


async def held(client: httpx.AsyncClient, services: Services) -> int:
    await written(client, "Seat {{ seat }}")
    made = await client.post("/items/1", json={"recipient": ADA, "template": "Letter"})
    (number,) = task_ids(made)
    settled(services, number, State.WAITING)
    return number


async def told(client: httpx.AsyncClient, number: int) -> tuple[Any, ...]:
    row = (await client.get(f"/tasks/{number}")).json()
    assert (row["state"], row["reason"], row["attempt"]) == ("waiting", "held_for_person", 1)
    return row["why"], row["error"], row["reason_data"].get("fixed", False)


async def cures(client: httpx.AsyncClient) -> list[str]:
    return [cause["cure"] for cause in (await client.get("/causes")).json()["causes"]]


NEEDS = "The template “Letter” needs “{}”, which is missing."


async def test_a_text_where_a_number_is_needed_holds_it_until_it_is_corrected(
    client: httpx.AsyncClient, services: Services
) -> None:
    await written(client, "{% if fee > 10 %}{{ 2 * fee }}{% endif %}")
    body = {"recipient": ADA, "template": "Letter", "fields": {"fee": "open"}}
    (number,) = task_ids(await client.post("/items/1", json=body))
    settled(services, number, State.WAITING)
    why, *_ = await told(client, number)
    assert "“fee” is “open”, which is not a number. The template “Letter” uses it in line 1" in why
    body["fields"] = {"fee": "12.50"}
    (await client.put("/items/1", json={"item": body})).raise_for_status()
    assert (await told(client, number))[2]
    await client.post("/tasks/bulk", json={"action": "try_now", "ids": [number]})
    shown = await client.post("/templates/preview", json={"item_id": 1})
    assert shown.json()["text"].strip() == "25.00"


async def test_it_follows_its_template(client: httpx.AsyncClient, services: Services) -> None:
    number = await held(client, services)
    needs = NEEDS.format("seat")
    assert await told(client, number) == (needs, needs, False)
    detail = (await client.get(f"/tasks/{number}")).json()
    assert (detail["template"], detail["lacks"]) == ("Letter", ["seat"])
    assert await cures(client) == ["edit_template"]
    await written(client, "Hello")
    why, error, is_fixed = await told(client, number)
    assert why != needs
    assert (error, is_fixed) == (None, True)
    assert await cures(client) == ["retry"]
    await written(client, "Row {{ line }} {{ seat }}")
    needs = NEEDS.format("line")
    assert await told(client, number) == (needs, needs, False)
    assert await cures(client) == ["edit_template"]
    await written(client, "{{ seat.row }}")  # which no field of an item has
    assert await told(client, number) == (NEEDS.format("seat"), NEEDS.format("seat"), False)
    await written(client, "{{ name.row }} {{ line }}")
    assert await told(client, number) == (NEEDS.format("row"), NEEDS.format("row"), False)
    await written(client, "Row {{ line }} {{ seat }}")
    await attach(client, "Letter", "plan.pdf", b"%PDF")
    assert await told(client, number) == (needs, needs, False)
    await written(client, "Hello")
    assert (await told(client, number))[2]
    (await client.post(f"/tasks/{number}/retry")).raise_for_status()
    settled(services, number, State.SUCCEEDED)


async def test_it_follows_its_item(client: httpx.AsyncClient, services: Services) -> None:
    number = await held(client, services)
    item = {"recipient": ADA, "template": "Letter", "fields": {"seat": "F7"}}
    (await client.put("/items/1", json={"item": item})).raise_for_status()
    assert (await told(client, number))[1:] == (None, True)


async def test_a_lost_template_is_not_replaced_by_the_built_in_one_by_itself(
    client: httpx.AsyncClient, services: Services
) -> None:
    parts = {"subject": "s", "text": "My own words"}
    (await client.put("/templates/confirmation", json={"parts": parts})).raise_for_status()
    (sent,) = task_ids(await client.post("/items/1", json={"recipient": ADA}))
    settled(services, sent, State.SUCCEEDED)
    services.letters.files.remove("templates/confirmation.jinja")
    (number,) = task_ids(await client.post("/items/2", json={"recipient": ADA}))
    settled(services, number, State.WAITING)
    why, error, _ = await told(client, number)
    assert why == error
    assert "Your template “confirmation” is gone" in why
    assert (await client.get("/templates/confirmation")).json()["own"]
    assert (await client.delete("/templates/confirmation")).status_code == 204
    assert (await told(client, number))[1:] == (None, True)
    (await client.post(f"/tasks/{number}/retry")).raise_for_status()
    settled(services, number, State.SUCCEEDED)
    assert not (await client.get("/templates/confirmation")).json()["own"]
