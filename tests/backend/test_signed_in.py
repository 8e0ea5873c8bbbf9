"""An account that signs in sends: a real identity provider, and a Graph of ours."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from desktop.backend.services import Services
from desktop.contract.items import MAIL_QUEUE
from desktop.contract.rules.templates import DEFAULT
from desktop.mail.http.services import SERVICES
from desktop.settings.office_folder import OfficeFolder
from desktop.settings.preferences import Settings
from sendoff_tasks.model.queues import QueueHold
from sendoff_tasks.model.reasons import Reason
from tests.backend.conftest import bad_paths, settled, task_ids
from tests.identity_provider import OFFICE, IdentityProvider, idp, provider
from tests.looking import eventually
from tests.mail.web_services import Broken, Said, WebService, serving
from tests.settings.saved import save

__all__ = ["idp", "provider"]
pytestmark = pytest.mark.anyio
ADA = {"recipient": {"email": "ada@example.org"}}


@pytest.fixture
def graph(
    folder: OfficeFolder, idp: IdentityProvider, monkeypatch: pytest.MonkeyPatch
) -> Iterator[WebService]:
    """Run a Graph to which the folder's messages go."""
    with serving("microsoft") as found:
        found.account, found.tokens = OFFICE, None
        monkeypatch.setitem(SERVICES, "microsoft", found.service)
        save(folder.settings_file, Settings(mail=idp.settings()))
        yield found


@pytest.fixture
def services(graph: WebService, idp: IdentityProvider, services: Services) -> Services:
    """Give services whose account has signed in."""
    sign_in(services, idp)
    return services


def sign_in(services: Services, idp: IdentityProvider) -> None:
    mail = services.settings.shown().mail
    services.account.begin(mail, shared=False)
    under_way = services.account.view(mail)["under_way"]
    assert under_way is not None
    idp.follow(under_way["page"])
    eventually(lambda: not services.account.view(mail)["under_way"])
    assert services.account.view(mail)["account"] == OFFICE


async def submitted(client: httpx.AsyncClient) -> int:
    (task,) = task_ids(await client.post("/items", json=ADA))
    return task


def held(services: Services, kind: Reason) -> QueueHold | None:
    queues = {each["name"]: each for each in services.engine.queues()}
    found = queues[MAIL_QUEUE]["held"]
    return found if found is not None and found["kind"] == kind else None


async def test_an_item_is_handed_to_the_provider(
    client: httpx.AsyncClient, services: Services, graph: WebService
) -> None:
    task = settled(services, await submitted(client), "succeeded")
    (mail,) = graph.parsed()
    assert (mail["From"], mail["To"]) == (OFFICE, "ada@example.org")
    assert mail["Message-ID"] == task["reference"]


async def test_a_test_message_goes_the_same_way(
    client: httpx.AsyncClient, services: Services, graph: WebService
) -> None:
    graph.faults.append(Said(401, "InvalidAuthenticationToken", "Access token has been revoked."))
    answer = await client.post("/mail/test", json={"to": "me@example.org"})
    assert answer.status_code == 200, answer.text
    (mail,) = graph.mails
    assert b"It came through Microsoft 365." in mail


async def test_a_withdrawn_sign_in_holds_the_queue_until_somebody_signs_in(
    client: httpx.AsyncClient, services: Services, graph: WebService, idp: IdentityProvider
) -> None:
    settled(services, await submitted(client), "succeeded")
    now = services.account.tokens(services.settings.shown().mail).sign_in
    assert now is not None
    idp.revoke(now.refresh)
    graph.revoke()
    task = await submitted(client)
    hold = eventually(lambda: held(services, Reason.QUEUE_HELD))
    assert hold["action"] == "sign_in"
    sign_in(services, idp)
    found = settled(services, task, "succeeded")
    assert found["attempt"] <= 3
    assert len(graph.mails) == 2


async def test_a_limit_makes_the_queue_wait_as_long_as_the_service_says(
    client: httpx.AsyncClient, services: Services, graph: WebService
) -> None:
    graph.faults.append(Said(429, "ApplicationThrottled", "Slow.", {"Retry-After": "900"}))
    await submitted(client)
    hold = eventually(lambda: held(services, Reason.QUOTA))  # that before the sign-in may end late
    assert hold["action"] == "mail_settings"
    assert "Microsoft 365 takes no more for now" in hold["reason"]


async def test_an_answer_that_is_lost_leaves_the_task_uncertain(
    client: httpx.AsyncClient, services: Services, graph: WebService
) -> None:
    graph.faults.append(Broken.CUT_AFTER)
    task = settled(services, await submitted(client), "uncertain")
    assert task["reason"] == Reason.NO_ANSWER
    assert len(graph.mails) == 1


async def test_attachments_that_are_too_large_for_the_account_are_refused_before_they_are_sent(
    client: httpx.AsyncClient, services: Services, graph: WebService
) -> None:
    answer = await client.put("/attachments/plan.pdf", content=b"x" * 2_000_001)
    assert answer.status_code == 413
    assert "2 MB that Microsoft 365 takes" in answer.text
    halves = [
        (await client.put(f"/attachments/{name}.pdf", content=b"x" * 1_000_001)).json()["id"]
        for name in ("a", "b")
    ]
    refused = await client.post("/items", json={**ADA, "attachments": halves})
    assert bad_paths(refused) == ["attachments"]
    assert "2 MB that Microsoft 365 takes" in refused.text
    await client.put(f"/templates/{DEFAULT}/attachments/map.pdf", content=b"x" * 2_000_001)
    parts = {"subject": "Hi", "text": "Hi", "attachments": ["map.pdf"]}
    saved = await client.put(f"/templates/{DEFAULT}", json={"parts": parts})
    assert saved.status_code == 200, saved.text
    assert bad_paths(await client.post("/items", json=ADA)) == ["template"]
    assert not graph.mails
