"""Practice mode keeps nothing that was submitted for real, and sends nothing that was not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import httpx
import pytest

from desktop.backend.application import create_app
from desktop.backend.services import Services
from desktop.contract.office import OfficeReason, OfficeRefusal, OfficeTask, office_task
from desktop.mail.files import Files
from desktop.settings.office_folder import OfficeFolder
from desktop.settings.preferences import Settings
from desktop.tasks import mail_tasks
from sendoff_tasks.functions.backoff import Retry
from sendoff_tasks.model.problems import MEDIA_TYPE
from sendoff_tasks.model.reasons import Reason
from sendoff_tasks.model.states import State
from tests.backend.conftest import (
    PORT,
    TOKEN,
    client_of,
    outbox,
    services_on,
    settled,
    task_ids,
)
from tests.backend.routes.test_batches import made, rows
from tests.looking import eventually
from tests.mail.server import Server, running
from tests.settings.saved import save

pytestmark = pytest.mark.anyio

PRACTICE = {"transport": "practice"}


@pytest.fixture
def mail_server() -> Iterator[Server]:
    """Run a mail server."""
    with running() as mail_server:
        yield mail_server


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have a postponed e-mail wait for long: the limit of its batch counts the next attempt."""
    monkeypatch.setattr(mail_tasks, "RETRIES", Retry(backoff=lambda attempt, random: 6000.0))


@pytest.fixture
async def real(client: httpx.AsyncClient, mail_server: Server) -> httpx.AsyncClient:
    """Begin real sending."""
    await switch(client, for_real(mail_server))
    return client


def for_real(mail_server: Server) -> dict[str, Any]:
    place = {"transport": "smtp", "host": "localhost", "port": mail_server.port, "security": "none"}
    return {**place, "user": "", "sender": "Box office <box@example.org>"}


async def switch(client: httpx.AsyncClient, mail: dict[str, Any], **more: Any) -> None:
    answer = await client.put("/settings", json={"mail": mail, **more})
    assert answer.status_code == 200, answer.text


async def submit(client: httpx.AsyncClient, number: int, **more: Any) -> int:
    """Submit an item; returns its task."""
    body = {"recipient": {"email": f"p{number}@example.org"}, **more}
    (task,) = task_ids(await client.post(f"/items/{number}", json=body))
    return task


async def act(client: httpx.AsyncClient, action: str, *tasks: int) -> None:
    answer = await client.post("/tasks/bulk", json={"action": action, "ids": [*tasks]})
    assert answer.status_code == 200, answer.text


def because(services: Services, task: int, reason: Reason | OfficeReason) -> OfficeTask:
    """Wait until a task has this reason."""

    def look() -> OfficeTask | None:
        found = office_task(services.engine.task(task))
        return found if found["reason"] == reason else None

    return eventually(look)


def recipients(mail_server: Server) -> list[str]:
    return sorted(mail.rcpt_tos[0].partition("@")[0] for mail in mail_server.mails)


async def test_what_was_submitted_for_real_waits_while_others_practise(
    patient: None, real: httpx.AsyncClient, services: Services, mail_server: Server, kept: Files
) -> None:
    mail_server.faults["MAIL"] = "451 4.7.1 come back later"
    postponed, planned = await submit(real, 1), await submit(real, 2, delay=600)
    place = await made(real, 3, 4, 5, rate="1/h")
    await real.post(f"{place}/start")
    because(services, postponed, Reason.RETRY_LATER)
    first = eventually(lambda: services.batches.rows(1)["rows"][0]["task_id"])
    because(services, first, Reason.RETRY_LATER)
    planned_too = await made(real, 6, 7, run_at="2090-01-01T00:00:00Z")
    await real.post(f"{planned_too}/start")

    refused = await real.put("/settings", json={"mail": PRACTICE})
    assert refused.headers["Content-Type"] == MEDIA_TYPE
    assert (refused.status_code, refused.json()["refusal"]) == (409, OfficeRefusal.STILL_OPEN)
    assert refused.json()["data"] == {"count": 7}
    assert (await real.get("/settings")).json()["mail"]["transport"] == "smtp"

    await switch(real, PRACTICE, open="hold")
    await act(real, "run_now", planned)
    for task in (postponed, planned, first):
        held = because(services, task, Reason.QUEUE_HELD)
        assert (held["state"], held["run_at"]) == (State.WAITING, None)
    batch = services.batches.get(1)
    assert (batch["leaves"]["reason"], batch["leaves"]["last_at"]) == ("queue_held", None)
    trial, later = await submit(real, 8), await submit(real, 9, delay=600)
    trials = await made(real, 10, 11, rate="1/h")
    await real.post(f"{trials}/start")
    eventually(lambda: services.batches.get(3)["counts"]["kept"] == 1)
    assert settled(services, trial)["reason"] == Reason.KEPT
    await act(real, "retry", postponed, planned)  # a person forgets that it is practice
    assert len(outbox(kept)) == 2
    assert [row["task_id"] for row in services.batches.rows(1)["rows"]] == [first, None, None]

    mail_server.faults.clear()
    await switch(real, for_real(mail_server))
    because(services, first, OfficeReason.BATCH_LIMIT)
    await act(real, "run_anyway", first)
    for task in (postponed, planned, first):
        assert settled(services, task)["state"] == State.SUCCEEDED
    await act(real, "run_now", later)
    await real.put(f"{trials}/rate", json={"rate": None})
    row = eventually(lambda: services.batches.rows(3)["rows"][1]["task_id"])
    for task in (row, later):
        because(services, task, Reason.HELD_FOR_PERSON)
    assert recipients(mail_server) == ["a3", "p1", "p2"]
    await act(real, "retry", trial, later)
    assert {settled(services, task)["reason"] for task in (trial, later)} == {None}
    assert recipients(mail_server) == ["a3", "p1", "p2", "p8", "p9"]


async def test_a_trial_takes_the_place_of_nothing_that_was_submitted_for_real(
    real: httpx.AsyncClient, services: Services, mail_server: Server
) -> None:
    planned: dict[str, Any] = {"run_at": "2090-01-01T00:00:00Z", "key": ["email", "title"]}
    place = await made(real, 1, 2, **planned)
    await real.post(f"{place}/start")
    await switch(real, PRACTICE, open="hold")
    trial = await made(real, key=planned["key"])
    await real.post(f"{trial}/rows", json=rows(1, 2, Seat="A1"))
    draft = (await real.get(trial)).json()
    assert (draft["counts"]["changed"], draft["replaces"]) == (2, [])
    await real.post(f"{trial}/start", json={"changed": True})
    eventually(lambda: services.batches.get(2)["counts"]["kept"] == 2)
    await switch(real, for_real(mail_server))
    assert (await real.get(place)).json()["counts"]["open"] == 2
    await real.put(f"{place}/time", json={"run_at": None})
    eventually(lambda: services.batches.get(1)["state"] == "done")
    assert recipients(mail_server) == ["a1", "a2"]


async def test_what_is_open_is_kept_if_a_person_says_so(
    real: httpx.AsyncClient, services: Services, mail_server: Server, kept: Files
) -> None:
    mail_server.faults["MAIL"] = "451 4.7.1 come back later"
    postponed, planned = await submit(real, 1), await submit(real, 2, delay=600)
    because(services, postponed, Reason.RETRY_LATER)
    await switch(real, PRACTICE, open="keep")
    assert settled(services, postponed)["reason"] == Reason.KEPT
    mail_server.faults.clear()
    await switch(real, for_real(mail_server))
    await act(real, "run_now", planned)
    assert settled(services, planned)["reason"] is None
    assert (len(outbox(kept)), recipients(mail_server)) == (1, ["p2"])


async def test_nothing_is_asked_where_nothing_is_open_and_the_first_switch_sends_what_is_planned(
    client: httpx.AsyncClient, services: Services, mail_server: Server
) -> None:
    planned = await submit(client, 1, delay=600)
    await switch(client, for_real(mail_server))
    await act(client, "run_now", planned)
    assert settled(services, planned)["reason"] is None
    await switch(client, PRACTICE)
    trial = await submit(client, 2, delay=600)
    await switch(client, for_real(mail_server))
    await switch(client, PRACTICE)  # a trial does not count
    await act(client, "run_now", trial)
    assert settled(services, trial)["reason"] == Reason.KEPT
    assert recipients(mail_server) == ["p1"]


@pytest.mark.parametrize("is_running", [True, False])
async def test_an_edited_file_holds_them_whenever_it_is_read(
    folder: OfficeFolder, mail_server: Server, *, is_running: bool
) -> None:
    """A backend that is killed between the two writes of a switch finds an edited file."""
    real = Settings(mail=mail_server.settings())
    practice = replace(real, mail=replace(real.mail, transport="practice"))
    save(folder.settings_file, real)
    mail_server.faults["MAIL"] = "451 4.7.1 come back later"
    with services_on(folder, None) as services:
        task = await submitted(services, 1)
        because(services, task, Reason.RETRY_LATER)
        if is_running:
            save(folder.settings_file, practice)
            because(services, task, Reason.QUEUE_HELD)
    save(folder.settings_file, practice)
    with services_on(folder, None) as services:
        because(services, task, Reason.QUEUE_HELD)
        trial = await submitted(services, 2)
        assert settled(services, trial)["reason"] == Reason.KEPT
    mail_server.faults.clear()
    save(folder.settings_file, real)
    with services_on(folder, None) as services:
        assert settled(services, task)["reason"] is None
    assert recipients(mail_server) == ["p1"]


async def submitted(services: Services, number: int) -> int:
    """Submit an item to services that run; returns its task."""
    async with client_of(create_app(services, token=TOKEN, port=PORT)) as client:
        return await submit(client, number)


async def test_a_batch_that_begins_meanwhile_is_sent_once_and_kept_never(
    real: httpx.AsyncClient, services: Services, mail_server: Server, kept: Files
) -> None:
    numbers = range(1, 41)
    place = await made(real, *numbers)
    await real.post(f"{place}/start")
    await switch(real, PRACTICE, open="hold")
    eventually(lambda: not services.engine.stats()["counts"]["running"])
    assert outbox(kept) == []
    await switch(real, for_real(mail_server))
    eventually(lambda: services.batches.get(1)["state"] == "done")
    assert recipients(mail_server) == sorted(f"a{n}" for n in numbers)
