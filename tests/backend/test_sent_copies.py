"""A copy of each sent e-mail is in the account's own folder, once, whatever happens meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from threading import Event
from typing import Any

import httpx
import pytest

from desktop.backend import sent_copies
from desktop.backend.sent_copies import SentCopies
from desktop.backend.services import Services
from desktop.items.reads.sent import read_place
from desktop.mail import providers, sent_folder
from desktop.mail.providers import Provider
from sendoff_tasks.words.table import ENGLISH
from tests.backend.conftest import settled
from tests.backend.routes.test_batches import made
from tests.backend.test_practice import PRACTICE, submit, switch
from tests.looking import eventually
from tests.mail.certificates import make_certificates
from tests.mail.imap_server import DROP, Mailbox, mailbox
from tests.mail.server import Server, running

pytestmark = pytest.mark.anyio
OURS = Provider("Ours", "localhost", 587, "starttls", "password", "localhost")


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look all the time, for what was sent just now."""
    monkeypatch.setattr(sent_copies, "LOOK_EVERY", 0.02)
    monkeypatch.setattr(sent_copies, "OWN_COPY_S", 0.0)
    monkeypatch.setattr(sent_copies, "FIRST_RETRY_S", 0.05)
    monkeypatch.setattr(sent_copies, "LAST_RETRY_S", 0.05)
    monkeypatch.setattr(providers, "providers", lambda: (OURS,))


@pytest.fixture
def box(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Mailbox]:
    certificates = make_certificates(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificates.authority))
    with mailbox(certificates.server) as box:
        monkeypatch.setattr(sent_folder, "PORT", box.port)
        yield box


@pytest.fixture
def mail_server() -> Iterator[Server]:
    with running() as server:
        yield server


def account(mail_server: Server, **changes: Any) -> dict[str, Any]:
    """Return mail settings with a password."""
    place = {"transport": "smtp", "host": "localhost", "port": mail_server.port, "security": "none"}
    login = {"user": "ada", "password": "pässword", "keep_password": "session"}
    return {**place, **login, "sender": "Box office <box@example.org>", **changes}


@pytest.fixture
async def real(
    box: Mailbox, client: httpx.AsyncClient, services: Services, mail_server: Server
) -> httpx.AsyncClient:
    await begin(client, services, mail_server)
    return client


async def begin(
    client: httpx.AsyncClient, services: Services, mail_server: Server, **changes: Any
) -> None:
    """Change the settings; wait until copies follow them."""
    before = services.engine.read(read_place)
    await switch(client, account(mail_server, **changes))
    eventually(lambda: services.engine.read(read_place) != before)


async def sent(client: httpx.AsyncClient, services: Services, number: int, **more: Any) -> int:
    task = await submit(client, number, **more)
    assert settled(services, task)["state"] == "succeeded"
    return task


def ids(mail_server: Server) -> list[str]:
    """Return the Message-IDs of what the mail server took."""
    sources = ((each.original_content or b"").decode() for each in mail_server.mails)
    return [each.partition("Message-ID: ")[2].partition("\r\n")[0] for each in sources]


def history(services: Services, task: int) -> list[str]:
    return [line["text"] for line in services.engine.task(task)["log"]]


def says(row: str) -> str:
    return ENGLISH.say("sent_copy", row, why="").strip()


async def test_a_sent_e_mail_has_one_copy_and_no_line(
    real: httpx.AsyncClient, services: Services, mail_server: Server, box: Mailbox
) -> None:
    task = await sent(real, services, 1, bcc="b@example.org")
    eventually(lambda: box.filed)
    assert box.ids() == ids(mail_server)[:1]
    ((_, flags, source),) = box.filed
    assert (flags, b"Bcc: b@example.org" in source) == (r"\Seen", True)
    assert not [line for line in history(services, task) if "folder" in line]
    assert len((await real.get("/tasks")).json()["tasks"]) == 1


async def test_batches_have_copies_only_if_a_person_wants_them(
    real: httpx.AsyncClient, services: Services, mail_server: Server, box: Mailbox
) -> None:
    await real.post(f"{await made(real, 1, 2)}/start")
    eventually(lambda: services.batches.get(1)["counts"]["sent"] == 2)
    await sent(real, services, 3)
    eventually(lambda: box.filed)
    assert box.ids() == ids(mail_server)[2:]
    await begin(real, services, mail_server, sent_copies="all")
    await real.post(f"{await made(real, 4, 5)}/start")
    eventually(lambda: len(box.filed) == 3)
    assert box.ids() == ids(mail_server)[2:]


async def test_who_wants_none_is_not_asked(
    client: httpx.AsyncClient, services: Services, mail_server: Server, box: Mailbox
) -> None:
    await begin(client, services, mail_server)
    await begin(client, services, mail_server, sent_copies="")
    await sent(client, services, 1)
    await begin(client, services, mail_server, sent_copies="single")
    await sent(client, services, 2)
    eventually(lambda: box.filed)
    assert box.ids() == ids(mail_server)[1:]


async def test_an_account_without_a_mailbox_is_not_asked(
    client: httpx.AsyncClient, services: Services, mail_server: Server, box: Mailbox
) -> None:
    looks = SentCopies(services, Event())
    for without in ({"user": ""}, {"host": "127.0.0.1"}):
        mail = account(mail_server, **without)
        del mail["password"], mail["keep_password"]
        await switch(client, mail)
        looks.look()
    await switch(client, {"sign_in": "google", "client_id": "x"})
    looks.look()
    await switch(client, PRACTICE)
    looks.look()
    assert box.logins == 0


async def test_a_failure_is_a_line_and_is_tried_again(
    real: httpx.AsyncClient, services: Services, mail_server: Server, box: Mailbox
) -> None:
    box.password = "another"
    task = await sent(real, services, 1)
    eventually(lambda: box.logins > 3)
    (line,) = (line for line in history(services, task) if "folder" in line)
    assert line.startswith(says("later"))
    box.password = "pässword"
    eventually(lambda: says("filed") in history(services, task))
    assert box.ids() == ids(mail_server)
    assert services.engine.task(task)["state"] == "succeeded"


async def test_an_e_mail_that_is_refused_keeps_no_other_waiting(
    real: httpx.AsyncClient, services: Services, mail_server: Server, box: Mailbox
) -> None:
    box.faults["content"] = "NO too large"
    task = await sent(real, services, 1)
    eventually(lambda: any(line.startswith(says("never")) for line in history(services, task)))
    del box.faults["content"]
    await sent(real, services, 2)
    eventually(lambda: box.filed)
    assert box.ids() == ids(mail_server)[1:]


async def test_what_the_provider_filed_or_an_answer_lost_is_there_once(
    real: httpx.AsyncClient, services: Services, mail_server: Server, box: Mailbox
) -> None:
    box.faults["NOOP"] = DROP
    first = await sent(real, services, 1)
    eventually(lambda: any(line.startswith(says("later")) for line in history(services, first)))
    box.filed.append(("Sent", "", b"Message-ID: " + ids(mail_server)[0].encode() + b"\r\n\r\n"))
    box.faults.clear()
    await sent(real, services, 2)
    eventually(lambda: len(box.filed) == 2)
    eventually(lambda: services.engine.read(read_place).task == 2)
    assert box.ids() == ids(mail_server)


async def test_a_forgotten_e_mail_is_not_filed(
    real: httpx.AsyncClient, services: Services, mail_server: Server, box: Mailbox
) -> None:
    await sent(real, services, 1)
    eventually(lambda: box.filed)
    box.faults["AUTHENTICATE"] = "NO not now"
    await sent(real, services, 2, recipient={"email": "p1@example.org"})
    answer = await real.delete("/items/1?forget=true")
    assert answer.status_code == 200
    place = ENGLISH.say("sent_copy", "folder", user="ada", server="localhost")
    assert place in [each["file"] for each in answer.json()["backups"]]
    box.faults.clear()
    await sent(real, services, 3)
    eventually(lambda: len(box.filed) == 2)
    assert box.ids() == [ids(mail_server)[0], ids(mail_server)[2]]
