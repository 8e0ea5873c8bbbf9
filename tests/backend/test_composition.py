"""The mail queue goes on when its cure may have come: at a start, with settings that changed."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from desktop.backend.application import create_app
from desktop.backend.composition import running_services
from desktop.settings import trusted_files
from tests.backend.conftest import PORT, TOKEN, client_of, outbox, settled, task_ids

if TYPE_CHECKING:
    import httpx

    from desktop.backend.services import Services
    from desktop.settings.paths import DataFolder

pytestmark = pytest.mark.anyio

ADA = {"recipient": {"email": "ada@example.org"}}


async def hold_the_mail_queue(
    client: httpx.AsyncClient, services: Services, folder: DataFolder
) -> int:
    """Have a confirmation held because settings cannot be read, then repair them."""
    folder.settings_file.write_text('[mail]\nport = "x"\n')
    (number,) = task_ids(await client.post("/items/1", json=ADA))
    assert settled(services, number, "waiting")["run_at"] is None
    folder.settings_file.unlink()
    return number


async def test_a_start_lets_a_held_mail_queue_go_on(folder: DataFolder) -> None:
    with running_services(folder, None) as services:
        async with client_of(create_app(services, token=TOKEN, port=PORT)) as client:
            number = await hold_the_mail_queue(client, services, folder)
    with running_services(folder, None) as services:
        assert settled(services, number)["state"] == "succeeded"
        assert services.engine.notices() == []


@pytest.mark.usefixtures("in_folder")
async def test_settings_that_can_be_read_again_let_it_go_on(
    client: httpx.AsyncClient, services: Services, folder: DataFolder
) -> None:
    number = await hold_the_mail_queue(client, services, folder)
    assert (await client.get("/settings")).status_code == 200
    assert settled(services, number)["state"] == "succeeded"


@pytest.mark.usefixtures("in_folder")
async def test_any_task_of_the_queue_that_is_tried_now_lets_it_go_on(
    client: httpx.AsyncClient, services: Services, folder: DataFolder
) -> None:
    folder.settings_file.write_text('[mail]\nport = "x"\n')
    numbers = task_ids(await client.post("/items/1", json=ADA))
    settled(services, numbers[0], "waiting")
    numbers += [task_ids(await client.post(f"/items/{n}", json=ADA))[0] for n in (2, 3)]
    (later,) = task_ids(await client.post("/items/4", json=ADA))
    found = services.engine.task(later)
    assert found["state"] == "queued"
    assert found["why"].startswith("Its queue is held: ")
    answer = await client.post(f"/tasks/{later}/retry")
    assert (answer.status_code, answer.json()["state"]) == (200, "queued")
    assert settled(services, numbers[0], "waiting")["attempt"] == 2  # the oldest tries for all
    assert services.engine.task(later)["state"] == "queued"
    folder.settings_file.write_text("")
    assert (await client.post(f"/tasks/{numbers[0]}/retry")).status_code == 200
    assert {settled(services, number)["state"] for number in (*numbers, later)} == {"succeeded"}


@pytest.mark.usefixtures("in_folder")
@pytest.mark.parametrize(
    "broken", ['[mail]\nport = "x"\n', '[queues.quick]\nrate = "30/mi"\n', "[queues\n"]
)
async def test_a_fault_that_the_mail_settings_cannot_mend_does_not_lead_there(
    client: httpx.AsyncClient, services: Services, folder: DataFolder, broken: str
) -> None:
    folder.settings_file.write_text(broken)
    (number,) = task_ids(await client.post("/items/1", json=ADA))
    settled(services, number, "waiting")
    (told,) = (notice for notice in services.engine.notices() if notice["id"] == "queue:mail")
    assert told["action"] is None
    assert str(folder.settings_file) in told["text"]


PLAN = """---
attachments: plan.txt
---
{% block subject %}The plan{% endblock %}{% block text %}It is attached.{% endblock %}
{% block html %}{% endblock %}
"""


@pytest.mark.usefixtures("in_folder")
async def test_a_message_waits_for_its_attachment_and_no_other_message_does(
    client: httpx.AsyncClient,
    services: Services,
    folder: DataFolder,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(trusted_files, "QUIET", 1.0)
    (folder.templates / "plan.jinja").write_text(PLAN)
    plan = folder.templates / "attachments" / "plan" / "plan.txt"
    plan.parent.mkdir(parents=True)
    os.utime(folder.templates, (0.0, 0.0))  # no built-in template may be about to come back
    with plan.open("wb", buffering=0) as copying:
        copying.write(b"half of ")
        answer = await client.post("/items/1", json={**ADA, "template": "plan"})
        (waits,) = task_ids(answer)
        found = settled(services, waits, "waiting")
        assert "is being written. The message waits until that ends." in (found["error"] or "")
        (other,) = task_ids(await client.post("/items/2", json=ADA))
        assert settled(services, other)["state"] == "succeeded"
        copying.write(b"the plan")
    found = settled(services, waits)
    assert found["state"] == "succeeded"
    assert found["max_attempts"] - found["attempt"] == 7
    whole = f"X-Sendoff-Size: {len(b'half of the plan')}\r\n"
    assert sum(whole in message for message in outbox(services.letters.files)) == 1
