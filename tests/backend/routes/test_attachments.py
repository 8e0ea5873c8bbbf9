"""A file of one item: stored first, then named by the item, and sent along."""

from __future__ import annotations

from collections.abc import Iterator
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

import httpx
import pytest
from aiosmtpd.smtp import Envelope

from desktop.backend.services import Services
from desktop.contract.rules.templates import ATTACHMENTS_LIMIT
from desktop.settings.office_folder import OfficeFolder
from desktop.settings.preferences import Settings
from tests.backend.conftest import settled, task_ids
from tests.mail.server import Server, running
from tests.settings.saved import save

pytestmark = pytest.mark.anyio
ADA = {"recipient": {"email": "ada@example.org"}}


@pytest.fixture
def mail(folder: OfficeFolder) -> Iterator[Server]:
    """Run a mail server to which the folder's messages go."""
    with running() as found:
        save(folder.settings_file, Settings(mail=found.settings()))
        yield found


@pytest.fixture
def services(mail: Server, services: Services) -> Services:
    """Give services that send through the server."""
    return services


async def uploaded(client: httpx.AsyncClient, name: str, content: bytes) -> str:
    answer = await client.put(f"/attachments/{name}", content=content)
    assert (answer.status_code, answer.json()["size"]) == (200, len(content))
    return str(answer.json()["id"])


def parsed(envelope: Envelope) -> EmailMessage:
    return message_from_bytes(envelope.original_content or b"", EmailMessage, policy=default)


async def test_an_upload_is_sent_with_its_item_and_again_with_a_resend(
    client: httpx.AsyncClient, services: Services, mail: Server
) -> None:
    named = await uploaded(client, "tïcket.pdf", b"the ticket")
    assert await uploaded(client, "tïcket.pdf", b"the ticket") == named
    (task,) = task_ids(await client.post("/items/1", json={**ADA, "attachments": [named]}))
    settled(services, task, "succeeded")
    resend = {"action": "resend", "ids": [task]}
    (again,) = (await client.post("/tasks/bulk", json=resend)).json()["ids"]
    settled(services, again, "succeeded")
    for each in map(parsed, mail.mails):
        (file,) = each.iter_attachments()
        assert (file.get_filename(), file.get_content()) == ("tïcket.pdf", b"the ticket")
    assert (await client.get("/items/1")).json()["attachments"] == [named]
    shown = (await client.get(f"/tasks/{task}/message")).json()
    assert shown["files"] == [{"file": "tïcket.pdf", "size": 10}]


async def test_a_preview_names_an_upload_with_its_size(client: httpx.AsyncClient) -> None:
    named = await uploaded(client, "plan.pdf", b"the plan")
    item = {**ADA, "attachments": [named]}
    shown = (await client.post("/templates/preview", json={"item": item})).json()
    assert shown["files"] == [{"file": "plan.pdf", "size": 8}]


async def test_a_correction_replaces_the_file_of_what_was_not_sent(
    client: httpx.AsyncClient, services: Services, mail: Server
) -> None:
    wrong, right = [await uploaded(client, f"{n}.pdf", n.encode()) for n in ("wrong", "right")]
    (task,) = task_ids(
        await client.post("/items/1", json={**ADA, "attachments": [wrong], "delay": 600})
    )
    corrected = {"item": {**ADA, "attachments": [right]}}
    (await client.put("/items/1", json=corrected)).raise_for_status()
    await client.patch(f"/tasks/{task}", json={"run_at": None})
    settled(services, task, "succeeded")
    (sent,) = map(parsed, mail.mails)
    assert [each.get_filename() for each in sent.iter_attachments()] == ["right.pdf"]
    (before,) = (await client.get("/items/1")).json()["versions"]
    assert before["item"]["attachments"] == [wrong]


async def test_an_item_is_refused_for_a_file_that_is_not_there(client: httpx.AsyncClient) -> None:
    named = f"{'0' * 24}/plan.pdf"
    for name, path in ((named, "attachments.0"), ("../x/plan.pdf", "attachments.0")):
        answer = await client.post("/items/1", json={**ADA, "attachments": [name]})
        assert answer.status_code == 422
        assert [each["path"] for each in answer.json()["errors"]] == [path]
    answer = await client.post("/items/1", json={**ADA, "attachments": ["plan.pdf"]})
    assert [each["path"] for each in answer.json()["errors"]] == ["batch_id"]


async def test_files_have_the_size_of_one_message_together(client: httpx.AsyncClient) -> None:
    half = ATTACHMENTS_LIMIT // 2
    one, other = [await uploaded(client, f"{n}.bin", bytes([n]) * half) for n in (1, 2)]
    last = await uploaded(client, "3.bin", b"333")
    fits = await client.post("/items/1", json={**ADA, "attachments": [one, other], "tasks": []})
    assert fits.status_code == 200
    answer = await client.post("/items/2", json={**ADA, "attachments": [one, other, last]})
    assert [each["path"] for each in answer.json()["errors"]] == ["attachments"]
    answer = await client.put("/attachments/4.bin", content=bytes(ATTACHMENTS_LIMIT + 1))
    assert answer.status_code == 413
    assert (await client.put("/attachments/5.bin", content=b"")).status_code == 400
