"""A worker sends confirmations: by the database's settings, templates and files, or not at all."""

from __future__ import annotations

from contextlib import ExitStack, asynccontextmanager
from email import message_from_bytes
from typing import TYPE_CHECKING, Any, cast

import pytest

from desktop.backend.application import create_app
from desktop.backend.composition import running_services
from desktop.backend.following.worker_mail import NO_PASSWORD, WorkerMail
from desktop.contract.batches import ROW_COPY
from desktop.contract.items import CONFIRMATION
from desktop.engine.processes.server import watching
from desktop.settings.paths import DataFolder
from desktop.settings.secrets import PASSWORD_VARIABLE
from tests import forked
from tests.backend.conftest import PORT, TOKEN, client_of, task_ids
from tests.engine.processes.looking import later
from tests.engine.worker.conftest import FASTER
from tests.mail.server import Fault, running
from tests.mail.templates.test_template import with_text

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator
    from pathlib import Path

    import httpx
    from aiosmtpd.smtp import Envelope

    from desktop.backend.shared.services import Services
    from tests.forked import Process
    from tests.mail.server import Server

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("app_alone")]
PASSWORD = "pässword"
ITEMS = 6
QUICKER = (
    f"{FASTER}from desktop.backend.following import worker_mail\n"
    "patched.setattr(worker_mail, 'LOOK_S', 0.2)\n"
)


@pytest.fixture
def database(server: Any) -> str:
    return str(server.database())


@pytest.fixture
def smtp() -> Iterator[Server]:
    with running() as found:
        yield found


@pytest.fixture
def start(database: str, tmp_path: Path) -> Iterator[Callable[..., Process]]:
    """Start a worker on an empty folder of its own, with the password or without one."""
    with ExitStack() as held:

        def started(password: str = "") -> Process:
            folder = DataFolder(tmp_path / f"worker {password}")
            folder.create()
            command = ["worker", "--database", database, "--data-dir", str(folder.root)]
            log = held.enter_context((tmp_path / "log").open("ab"))
            environment = {PASSWORD_VARIABLE: password}
            return held.enter_context(
                forked.running(command, b"Functions", QUICKER, log.fileno(), environment)
            )

        yield started


@asynccontextmanager
async def backend(
    folder: DataFolder, database: str
) -> AsyncIterator[tuple[httpx.AsyncClient, Services]]:
    """Run the backend on the database, and give a client of it."""
    with running_services(folder, database, lanes=True) as services:
        async with client_of(create_app(services, token=TOKEN, port=PORT)) as client:
            yield client, services


async def all_sent(services: Services, tasks: list[int]) -> None:
    await later(lambda: all(services.engine.task(each)["state"] == "succeeded" for each in tasks))


def of_workers(services: Services) -> list[bool]:
    """Tell for each worker that has come whether it sends."""
    workers = services.engine._running.core.memory.workers
    return [CONFIRMATION in each.functions for each in list(workers.values())]


async def prepare(client: httpx.AsyncClient, services: Services, smtp: Server) -> None:
    """Set real sending up, with a template and its file, and keep what is submitted waiting."""
    services.passwords.keep("localhost", "ada", PASSWORD)
    mail = {
        "transport": "smtp", "host": "localhost", "port": smtp.port, "security": "none",
        "user": "ada", "sender": "Desk <desk@example.org>",
    }  # fmt: skip
    assert (await client.put("/settings", json={"mail": mail})).status_code == 200
    source = {"source": with_text("Dear {{ name }}, seat {{ Seat }}")}
    assert (await client.put("/templates/note", json=source)).status_code == 200
    await client.put("/templates/note/attachments/plan.pdf", content=b"the plan")
    await client.post("/queues/mail/pause")


def text_of(mail: Envelope) -> str:
    """Read the plain text of a message with an attachment."""
    text = parsed(mail).get_payload()[0].get_payload()[0].get_payload(decode=True)
    return str(text.decode())


def parsed(mail: Envelope) -> Any:
    return message_from_bytes(cast("bytes", mail.content))


async def submit(client: httpx.AsyncClient, number: int) -> int:
    item = {
        "recipient": {"name": "Ada", "email": f"ada{number}@example.org"},
        "template": "note",
        "fields": {"Seat": f"A{number}"},
    }
    (task,) = task_ids(await client.post(f"/items/{number}", json=item))
    return task


async def test_what_is_posted_at_the_backend_is_sent_by_the_worker(
    folder: DataFolder, database: str, smtp: Server, start: Callable[..., Process]
) -> None:
    async with backend(folder, database) as (client, services):
        await prepare(client, services, smtp)
        tasks = [await submit(client, number) for number in range(1, ITEMS + 1)]
        worker = start(PASSWORD)
        await later(lambda: of_workers(services) == [True])
        await client.post("/queues/mail/resume")
        await all_sent(services, tasks)
        told = [services.engine.task(each) for each in tasks]
        theirs = [each for each in told if f" {worker.pid}" in (each["history"][0]["worker"] or "")]
        assert theirs
        assert [len(each["history"]) for each in told] == [1] * ITEMS
        shown = (await client.get(f"/tasks/{theirs[0]['id']}/message")).json()
    mails = {mail.rcpt_tos[0]: mail for mail in smtp.mails}
    assert len(smtp.mails) == len(mails) == ITEMS
    for number in range(1, ITEMS + 1):
        mail = mails[f"ada{number}@example.org"]
        plan = parsed(mail).get_payload()[1]
        assert text_of(mail) == f"Dear Ada, seat A{number}\r\n"
        assert plan.get_payload(decode=True) == b"the plan"
    assert shown["files"] == [{"file": "plan.pdf", "size": 8}]
    assert "remade" not in shown
    assert worker.poll() is None


async def test_a_copy_of_a_row_is_sent_by_the_worker_as_the_backend_would(
    folder: DataFolder, database: str, smtp: Server, start: Callable[..., Process]
) -> None:
    async with backend(folder, database) as (client, services):
        await prepare(client, services, smtp)
        batch = (await client.post("/batches", json={"name": "May", "template": "note"})).json()
        number = batch["batch_id"]
        item = {"recipient": {"name": "Ada", "email": "ada@example.org"}}
        rows = [{"row": row, "item": {**item, "fields": {"Seat": f"A{row}"}}} for row in (2, 3)]
        await client.post(f"/batches/{number}/rows", json={"rows": rows})
        worker = start(PASSWORD)
        await later(lambda: of_workers(services) == [True])
        copy = {"task": ROW_COPY, "kwargs": {"batch_id": number, "row": 3}}
        tasks = [(await client.post("/tasks", json=copy)).json()["id"] for _ in range(ITEMS)]
        await client.post("/queues/mail/resume")
        await all_sent(services, tasks)
        told = [services.engine.task(each)["history"][0]["worker"] or "" for each in tasks]
    assert any(f" {worker.pid}" in each for each in told)
    assert {str(mail.rcpt_tos) for mail in smtp.mails} == {"['desk@example.org']"}
    assert {text_of(mail) for mail in smtp.mails} == {"Dear Ada, seat A3\r\n"}
    assert len(smtp.mails) == ITEMS


async def test_of_a_worker_killed_past_the_final_dot_the_message_is_evidence(
    folder: DataFolder,
    database: str,
    smtp: Server,
    start: Callable[..., Process],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(watching, "LEASE_S", 1.0)
    smtp.faults["dot"] = Fault.SILENCE
    async with backend(folder, database) as (client, services):
        await prepare(client, services, smtp)
        tasks = [await submit(client, number) for number in range(1, ITEMS + 1)]
        worker = start(PASSWORD)
        await later(lambda: of_workers(services) == [True])
        await client.post("/queues/mail/resume")
        await later(lambda: len(smtp.mails) == ITEMS)
        worker.kill()
        await later(lambda: services.engine.stats()["counts"]["uncertain"])
        smtp.drop_all()
        await later(lambda: services.engine.stats()["counts"]["uncertain"] == ITEMS)
        told = [services.engine.task(each) for each in tasks]
        theirs = [each for each in told if f" {worker.pid}" in (each["history"][0]["worker"] or "")]
        assert theirs
        for each in theirs:
            shown = (await client.get(f"/tasks/{each['id']}/message")).json()
            assert ("remade" in shown, shown["from"]) == (False, "Desk <desk@example.org>")
    assert len(smtp.mails) == ITEMS


async def test_without_the_password_a_worker_leaves_mail_to_others(
    folder: DataFolder, database: str, smtp: Server, start: Callable[..., Process], tmp_path: Path
) -> None:
    async with backend(folder, database) as (client, services):
        await prepare(client, services, smtp)
        start()
        await later(lambda: of_workers(services) == [False])
        assert NO_PASSWORD.format("ada", "localhost") in (tmp_path / "log").read_text()
        tasks = [await submit(client, number) for number in (1, 2)]
        await client.post("/queues/mail/resume")
        await all_sent(services, tasks)
        told = [services.engine.task(each)["history"][0]["worker"] for each in tasks]
        assert told == [None, None]
        await client.put("/settings", json={"mail": {"user": ""}})
        await later(lambda: of_workers(services) == [True])


async def test_a_worker_with_a_wrong_password_leaves_mail_to_the_others(
    folder: DataFolder, database: str, smtp: Server, start: Callable[..., Process], tmp_path: Path
) -> None:
    async with backend(folder, database) as (client, services):
        await prepare(client, services, smtp)
        services.passwords.keep("localhost", "ada", "also wrong")
        wrong = start("wrong")
        await later(lambda: of_workers(services) == [True])
        right = start(PASSWORD)
        await later(lambda: of_workers(services) == [True, True])
        tasks = [await submit(client, number) for number in range(1, ITEMS + 1)]
        await client.post("/queues/mail/resume")
        await all_sent(services, tasks)
        told = [services.engine.task(each) for each in tasks]
        assert all(f" {right.pid}" in (each["history"][-1]["worker"] or "") for each in told)
        assert len(smtp.mails) == ITEMS
        assert (await client.get("/queues")).json()["queues"][0]["held"] is None
        said = "This worker cannot run tasks of mail: localhost refused the login of ada"
        assert said in (tmp_path / "log").read_text()

        right.terminate()
        right.wait()
        await later(lambda: of_workers(services) == [True])
        left = await submit(client, ITEMS + 1)
        await later(lambda: services.engine.task(left)["reason"] == "queue_held")
        assert [each["worker"] for each in services.engine.task(left)["history"]]
        start(PASSWORD)
        await later(lambda: services.engine.task(left)["state"] == "succeeded")
        assert len(smtp.mails) == ITEMS + 1
        assert wrong.poll() is None


async def test_what_a_worker_keeps_in_practice_mode_is_in_the_outbox(
    folder: DataFolder, database: str, start: Callable[..., Process]
) -> None:
    async with backend(folder, database) as (client, services):
        await client.put("/settings", json={"mail": {"sender": "Desk <desk@example.org>"}})
        assert (await client.get("/outbox")).json()["messages"] == []
        await client.post("/queues/mail/pause")
        tasks = [
            task_ids(await client.post(f"/items/{number}"))[0] for number in range(1, ITEMS + 1)
        ]
        worker = start()
        await later(lambda: of_workers(services) == [True])
        await client.post("/queues/mail/resume")
        await all_sent(services, tasks)
        told = [services.engine.task(each) for each in tasks]
        assert any(f" {worker.pid}" in (each["history"][0]["worker"] or "") for each in told)
        assert {each["reason"] for each in told} == {"kept"}
        kept = (await client.get("/outbox")).json()["messages"]
        assert {f"<{each['message_id']}>" for each in kept} == {each["message_id"] for each in told}


def test_settings_of_a_worker_s_own_folder_go_first_and_without_any_it_does_not_send(
    folder: DataFolder, database: str
) -> None:
    with WorkerMail(database, folder) as mail:
        assert not mail.may_send()
    folder.settings_file.write_text("[mail]\n")
    with WorkerMail(database, folder) as mail:
        assert mail.may_send()
