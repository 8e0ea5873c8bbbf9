"""The mail queue goes on when its cure may have come: at a start, with settings that changed."""

from __future__ import annotations

import httpx
import pytest

from desktop.backend.application import create_app
from desktop.backend.composition import running_services
from desktop.backend.services import Services
from desktop.settings.office_folder import OfficeFolder
from tests.backend.conftest import PORT, TOKEN, client_of, settled, task_ids

pytestmark = pytest.mark.anyio

ADA = {"recipient": {"email": "ada@example.org"}}


async def hold_the_mail_queue(
    client: httpx.AsyncClient, services: Services, folder: OfficeFolder
) -> int:
    """Have a confirmation held because settings cannot be read, then repair them."""
    folder.settings_file.write_text('[mail]\nport = "x"\n')
    (number,) = task_ids(await client.post("/items/1", json=ADA))
    assert settled(services, number, "waiting")["run_at"] is None
    folder.settings_file.unlink()
    return number


async def test_a_start_lets_a_held_mail_queue_go_on(folder: OfficeFolder) -> None:
    with running_services(folder, None) as services:
        async with client_of(create_app(services, token=TOKEN, port=PORT)) as client:
            number = await hold_the_mail_queue(client, services, folder)
    with running_services(folder, None) as services:
        assert settled(services, number)["state"] == "succeeded"
        assert services.engine.notices() == []


@pytest.mark.usefixtures("in_folder")
async def test_settings_that_can_be_read_again_let_it_go_on(
    client: httpx.AsyncClient, services: Services, folder: OfficeFolder
) -> None:
    number = await hold_the_mail_queue(client, services, folder)
    assert (await client.get("/settings")).status_code == 200
    assert settled(services, number)["state"] == "succeeded"


@pytest.mark.usefixtures("in_folder")
@pytest.mark.parametrize(
    "broken", ['[mail]\nport = "x"\n', '[queues.quick]\nrate = "30/mi"\n', "[queues\n"]
)
async def test_a_fault_that_the_mail_settings_cannot_mend_does_not_lead_there(
    client: httpx.AsyncClient, services: Services, folder: OfficeFolder, broken: str
) -> None:
    folder.settings_file.write_text(broken)
    (number,) = task_ids(await client.post("/items/1", json=ADA))
    settled(services, number, "waiting")
    (told,) = (notice for notice in services.engine.notices() if notice["id"] == "queue:mail")
    assert told["action"] is None
    assert str(folder.settings_file) in told["text"]
