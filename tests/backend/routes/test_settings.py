"""``/settings``: read without secrets, changed in services, counted at once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import keyring
import pytest
from keyring.backends import fail

from desktop.backend.services import Services
from desktop.contract.settings import QueueView
from desktop.mail.files import SETTINGS, Files
from desktop.settings import preferences
from desktop.settings.office_folder import OfficeFolder
from tests.backend.conftest import bad_paths
from tests.settings.test_secrets import MemoryKeyring

pytestmark = pytest.mark.anyio


@pytest.fixture
def ring() -> Iterator[MemoryKeyring]:
    """Put a keyring of the test's own in the place of the person's."""
    ring = MemoryKeyring()
    keyring.set_keyring(ring)
    yield ring
    keyring.set_keyring(fail.Keyring())


SMTP: dict[str, Any] = {
    "transport": "smtp",
    "host": "mail.example.org",
    "user": "desk",
    "sender": "Box office <desk@example.org>",
}


async def test_without_a_file_the_defaults_are_shown(refusing: httpx.AsyncClient) -> None:
    shown = (await refusing.get("/settings")).json()
    assert shown.pop("mail") == {
        "transport": "practice",
        "host": "",
        "port": 587,
        "security": "starttls",
        "user": "",
        "sender": "Sendoff <sendoff@localhost>",
        "default_recipient": "you@example.org",
        "sign_in": "",
        "client_id": "",
        "tenant": "",
        "hours": "",
        "sent_copies": "single",
        "password_set": False,
        "password_kept": None,
        "client_secret_set": False,
    }
    keep = {"tasks_days": 30, "messages_days": 30, "contents_days": 365, "items_days": 1095}
    assert shown == {"window": {"grace_seconds": 5.0}, "keep": keep, "queues": {}}


async def test_a_part_is_changed_and_the_rest_stays(client: httpx.AsyncClient, kept: Files) -> None:
    answer = await client.put("/settings", json={"window": {"grace_seconds": 8}})
    assert answer.status_code == 200
    assert answer.json()["window"] == {"grace_seconds": 8}
    change = {"mail": {"default_recipient": "me@example.org"}, "queues": {"mail": {"rate": "1/s"}}}
    answer = await client.put("/settings", json=change)
    settings = preferences.parse_after(None, kept.read(SETTINGS), "")[0]
    assert settings.window.grace_seconds == 8
    assert settings.mail.default_recipient == "me@example.org"
    again = await client.put("/settings", json=answer.json())  # what was read can be sent back
    assert (again.status_code, again.json()) == (200, answer.json()), again.text


async def test_a_queue_keeps_the_limit_that_is_not_named(client: httpx.AsyncClient) -> None:
    await client.put("/settings", json={"queues": {"mail": {"rate": "30/min"}, "b": {}}})
    answer = await client.put("/settings", json={"queues": {"mail": {"concurrency": 4}}})
    assert answer.json()["queues"] == {
        "mail": {"concurrency": 4, "rate": "30/min", "per_day": None},
        "b": {"concurrency": None, "rate": None, "per_day": None},
    }
    answer = await client.put("/settings", json={"queues": {"mail": {"rate": None}}})
    assert answer.json()["queues"]["mail"] == {"concurrency": 4, "rate": None, "per_day": None}
    assert answer.json()["queues"]["mail"].keys() == QueueView.__annotations__.keys()
    answer = await client.put("/settings", json={"queues": {"mail": {"rate": ""}}})
    assert answer.json()["queues"]["mail"] == {"concurrency": 4, "rate": None, "per_day": None}


async def test_a_change_counts_for_the_next_item_and_one_by_hand_too(
    client: httpx.AsyncClient, kept: Files
) -> None:
    await client.put("/settings", json={"mail": {"default_recipient": "me@example.org"}})
    await client.post("/items/1", json={"delay": 600})
    item = (await client.get("/items/1")).json()
    assert item["tasks"][0]["to"] == "me@example.org"
    assert item["recipient"] is None
    kept.write(SETTINGS, b'[mail]\ndefault_recipient = "hand@example.org"\n')
    mail = (await client.get("/settings")).json()["mail"]
    assert mail["default_recipient"] == "hand@example.org"


async def test_a_bad_value_is_named_and_nothing_is_saved(
    refusing: httpx.AsyncClient, standing: Services
) -> None:
    """Each rule of the file's has its test there."""
    changes: list[tuple[dict[str, Any], str]] = [
        ({"mail": {"port": "587"}}, "mail.port"),
        ({"mail": {"transport": "smtp"}}, "mail.host"),
        ({"mail": {**SMTP, "sender": "Me <sendoff@localhost>"}}, "mail.sender"),
        ({"mail": {"transport": "smtp", "host": "localhost"}}, "mail.sender"),
        ({"mail": {"sender": "A\r\nBcc: x@y.zz <a@b.cd>"}}, "mail.sender"),
        ({"mail": {"default_recipient": "x"}}, "mail.default_recipient"),
        ({"mail": {"colour": "red"}}, "mail.colour"),
        ({"mail": []}, "mail"),
        ({"window": {"grace_seconds": -1}}, "window.grace_seconds"),
        ({"keep": {"items_days": 7}}, "keep.items_days"),
        ({"keep": {"items_days": "7"}}, "keep.items_days"),
        ({"queues": {"mail": {"rate": "30/week"}}}, "queues.mail.rate"),
        ({"queues": {"mail": {"concurrency": "4"}}}, "queues.mail.concurrency"),
        ({"queues": {"mail": {"colour": "red"}}}, "queues.mail.colour"),
        ({"queues": {"mail": None}}, "queues.mail"),
        ({"theme": {}}, "theme"),
    ]
    for change, path in changes:
        assert bad_paths(await refusing.put("/settings", json=change)) == [path]
        assert not standing.letters.files.has(SETTINGS)


async def test_the_password_goes_to_the_keyring_and_nowhere_else_until_it_is_emptied(
    client: httpx.AsyncClient, folder: OfficeFolder, kept: Files, ring: MemoryKeyring
) -> None:
    answer = await client.put("/settings", json={"mail": {**SMTP, "password": "s3cret-word"}})
    assert answer.json()["mail"]["password_set"] is True
    assert answer.json()["mail"]["password_kept"] == "keyring"
    assert list(ring.kept.values()) == ["s3cret-word"]
    assert "s3cret-word" not in answer.text
    assert "s3cret-word" not in (await client.get("/settings")).text
    assert b"s3cret-word" not in kept.read(SETTINGS)
    for file in folder.root.rglob("*"):
        assert not file.is_file() or b"s3cret-word" not in file.read_bytes()
    answer = await client.put("/settings", json={"mail": {"password": ""}})
    assert answer.json()["mail"]["password_set"] is False
    assert not ring.kept


async def test_a_password_needs_a_user(client: httpx.AsyncClient, ring: MemoryKeyring) -> None:
    answer = await client.put("/settings", json={"mail": {"password": "s3cret-word"}})
    assert bad_paths(answer) == ["mail.user"]
    assert not ring.kept


async def test_without_a_keyring_the_password_is_refused_with_a_way_out(
    client: httpx.AsyncClient, kept: Files
) -> None:
    answer = await client.put("/settings", json={"mail": {**SMTP, "password": "s3cret-word"}})
    assert bad_paths(answer) == ["mail.password"]
    assert answer.json()["errors"][0]["reason"] == "no_keyring"
    assert "SENDOFF_MAIL_PASSWORD" in answer.json()["detail"]
    assert not kept.has(SETTINGS)


async def test_without_a_keyring_the_password_can_stay_in_memory(
    client: httpx.AsyncClient, folder: OfficeFolder, services: Services
) -> None:
    kept = {**SMTP, "password": "s3cret-word", "keep_password": "session"}
    answer = await client.put("/settings", json={"mail": kept})
    assert answer.json()["mail"]["password_kept"] == "session"
    assert services.passwords.read("mail.example.org", "desk") == "s3cret-word"
    assert "s3cret-word" not in answer.text
    assert b"s3cret-word" not in services.letters.files.read(SETTINGS)
    for file in folder.root.rglob("*"):
        assert not file.is_file() or b"s3cret-word" not in file.read_bytes()
    answer = await client.put("/settings", json={"mail": {"password": ""}})
    assert answer.json()["mail"]["password_kept"] is None


@pytest.mark.parametrize("password", ["s3cret-word", ""])
async def test_a_damaged_file_of_passwords_is_told_at_the_field(
    client: httpx.AsyncClient, folder: OfficeFolder, password: str
) -> None:
    folder.password_file.write_bytes(b"{")
    folder.password_file.chmod(0o600)
    change = {**SMTP, "password": password, "keep_password": "session"}
    answer = await client.put("/settings", json={"mail": change})
    assert bad_paths(answer) == ["mail.password"]
    (error,) = answer.json()["errors"]
    assert error["message"].startswith(f"{folder.password_file} is damaged. Delete it")
    assert folder.password_file.read_bytes() == b"{"


async def test_a_damaged_file_is_told_with_its_line_and_no_mail_leaves_by_other_settings(
    client: httpx.AsyncClient, kept: Files
) -> None:
    kept.write(SETTINGS, b"[mail\nhost = 1\n")
    answer = await client.get("/settings")
    assert answer.status_code == 409
    assert "line 1" in answer.json()["detail"]
    answer = await client.put("/settings", json={"window": {"grace_seconds": 8}})
    assert answer.status_code == 409
    assert kept.read(SETTINGS) == b"[mail\nhost = 1\n"
    assert bad_paths(await client.post("/items/1")) == ["recipient"]
