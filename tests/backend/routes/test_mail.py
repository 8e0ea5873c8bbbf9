"""Mail tests say what the server said; a task's mail can be read before and after it left."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from desktop.mail.files import SETTINGS
from tests.backend.conftest import bad_paths, settled, task_ids
from tests.looking import eventually
from tests.mail.server import running

if TYPE_CHECKING:
    import httpx

    from desktop.backend.shared.services import Services
    from desktop.mail.files import Files

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


async def test_a_test_in_practice_mode_goes_to_the_outbox(client: httpx.AsyncClient) -> None:
    answer = await client.post("/mail/test", json={"to": "me@example.org"})
    assert answer.status_code == 200, answer.text
    found = answer.json()
    assert set(found) == {"ok", "message_id", "text", "log"}
    assert found["ok"] is True
    assert found["text"].endswith(".")
    mail = (await client.get(f"/outbox/{found['message_id']}")).json()
    assert "me@example.org" in mail["to"]


async def test_settings_that_are_not_saved_can_be_tried(
    client: httpx.AsyncClient, nowhere: dict[str, Any]
) -> None:
    before = (await client.get("/settings")).json()
    body = {"to": "me@example.org", "mail": nowhere}
    answer = await client.post("/mail/test", json=body)
    assert answer.status_code == 422
    assert str(nowhere["port"]) in answer.json()["detail"]
    assert (await client.get("/settings")).json() == before


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({}, "to"),
        ({"to": "x"}, "to"),
        ({"to": "me@example.org", "mail": {"port": 0}}, "mail.port"),
        ({"to": "me@example.org", "mail": {"colour": 1}}, "mail.colour"),
        ({"to": "me@example.org", "cc": "x"}, "cc"),
    ],
)
async def test_a_bad_field_is_named(
    client: httpx.AsyncClient, body: dict[str, Any], path: str
) -> None:
    assert bad_paths(await client.post("/mail/test", json=body)) == [path]


async def test_the_same_key_sends_one_mail(client: httpx.AsyncClient) -> None:
    headers = {"Idempotency-Key": "k"}
    body = {"to": "me@example.org"}
    first = await client.post("/mail/test", json=body, headers=headers)
    again = await client.post("/mail/test", json=body, headers=headers)
    assert first.json() == again.json()
    assert again.headers["Idempotent-Replayed"] == "true"
    assert len((await client.get("/outbox")).json()["messages"]) == 1


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


@pytest.mark.usefixtures("no_password")
async def test_a_green_test_lets_a_held_mail_queue_go_on(
    client: httpx.AsyncClient, services: Services, kept: Files
) -> None:
    number = await hold_the_mail_queue(client, services)
    kept.write(SETTINGS, b'[mail]\ntransport = "practice"\n')
    answer = await client.post("/mail/test", json={"to": "me@example.org"})
    assert answer.status_code == 200
    assert settled(services, number)["state"] == "succeeded"
    assert services.engine.notices() == []


@pytest.mark.usefixtures("no_password")
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


@pytest.mark.usefixtures("no_password")
async def test_so_do_new_mail_settings(client: httpx.AsyncClient, services: Services) -> None:
    number = await hold_the_mail_queue(client, services)
    await client.put("/settings", json={"mail": {"transport": "practice", "user": ""}})
    assert settled(services, number)["state"] == "succeeded"
    assert services.engine.notices() == []


class TestMessage:
    async def test_what_left_is_shown_as_it_left(
        self, client: httpx.AsyncClient, services: Services
    ) -> None:
        (number,) = task_ids(await client.post("/items/42"))
        settled(services, number)
        message = (await client.get(f"/tasks/{number}/message")).json()
        kept = (await client.get(f"/outbox/{message['message_id']}")).json()
        assert message == kept

    async def test_what_has_not_left_is_shown_as_it_would(self, client: httpx.AsyncClient) -> None:
        (number,) = task_ids(await client.post("/items/42", json={"delay": 600}))
        answer = await client.get(f"/tasks/{number}/message")
        assert answer.status_code == 200
        message = answer.json()
        assert message["to"] == "you@example.org"
        assert f"Message-ID: <{message['message_id']}>" in message["source"]
        assert message["remade"] is True

    async def test_what_a_server_got_is_shown_as_it_got_it(
        self, client: httpx.AsyncClient, services: Services
    ) -> None:
        with running() as server:
            real = {"transport": "smtp", "host": "localhost", "port": server.port}
            way = {"security": "none", "user": "", "sender": "Box <box@example.org>"}
            await client.put("/settings", json={"mail": {**real, **way}})
            body = {"recipient": {"email": "ada@example.org"}}
            (number,) = task_ids(await client.post("/items/42", json=body))
            assert settled(services, number)["state"] == "succeeded"
            sent = server.mails[0].original_content
        await client.put("/settings", json={"mail": {"sender": "Other <other@example.org>"}})
        services.letters.templates.save("confirmation", OTHER)
        message = (await client.get(f"/tasks/{number}/message")).json()
        assert message["source"].encode() == sent
        assert message["from"] == "Box <box@example.org>"
        assert "remade" not in message

    async def test_the_files_of_a_message_are_named_before_and_after_it_left(
        self, client: httpx.AsyncClient, services: Services
    ) -> None:
        await client.put("/templates/confirmation/attachments/sieben Sätze.txt", content=b"x" * 7)
        named = [{"file": "sieben Sätze.txt", "size": 7}]
        preview = (await client.post("/templates/preview", json={"item": {}})).json()
        later = task_ids(await client.post("/items/41", json={"delay": 600}))
        (sent,) = task_ids(await client.post("/items/42"))
        settled(services, sent)
        messages = [
            (await client.get(f"/tasks/{number}/message")).json() for number in (*later, sent)
        ]
        assert [each["files"] for each in (preview, *messages)] == [named] * 3

    async def test_a_task_without_a_mail_is_404(self, client: httpx.AsyncClient) -> None:
        (number,) = task_ids(await client.post("/items/42", json={"tasks": ["nothing"]}))
        assert (await client.get(f"/tasks/{number}/message")).status_code == 404
        assert (await client.get("/tasks/999/message")).status_code == 404
