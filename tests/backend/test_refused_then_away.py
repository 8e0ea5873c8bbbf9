"""A point of no return is one request's: what was refused is not in doubt because of the next."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

import httpx
import pytest

from desktop.backend.services import Services
from desktop.mail.http.services import SERVICES
from desktop.mail.sign_in import tokens
from desktop.mail.sign_in.issuers import ISSUERS
from desktop.settings.office_folder import OfficeFolder
from desktop.settings.preferences import Settings
from sendoff_tasks.model.reasons import Reason
from tests import WITHIN
from tests.backend.conftest import settled, task_ids
from tests.backend.driving import client_of, wait_for
from tests.conftest import RunningBackend
from tests.mail.issuer import OFFICE, Answer, Issuer, issuing, settings, sign_in
from tests.mail.web_services import Broken, Said, WebService, serving
from tests.settings.saved import save

pytestmark = pytest.mark.anyio

ADA = {"recipient": {"email": "ada@example.org"}}
SOON = {"Retry-After": "1"}


@pytest.fixture(
    params=[
        Said(401, "InvalidAuthenticationToken", "Access token has been revoked."),
        Said(429, "ApplicationThrottled", "Slow.", SOON),
        Said(503, "Busy", "Wait.", SOON),
    ],
    ids=lambda said: str(said.status),
)
def refusal(request: pytest.FixtureRequest) -> Said:
    """Give an answer by which the message was not taken."""
    assert isinstance(request.param, Said)
    return request.param


@pytest.fixture
def issuer() -> Iterator[Issuer]:
    with issuing() as found:
        yield found


@pytest.fixture
def graph(folder: OfficeFolder) -> Iterator[WebService]:
    """Run a Graph to which the folder's messages go; its account has signed in."""
    with serving("microsoft") as found:
        found.account, found.tokens = OFFICE, None
        save(folder.settings_file, Settings(mail=settings()))
        sign_in(folder.password_file, folder.root)
        yield found


@pytest.fixture
def elsewhere(graph: WebService, issuer: Issuer, monkeypatch: pytest.MonkeyPatch) -> None:
    """Send there, and ask the issuer for a token before each request."""
    monkeypatch.setitem(SERVICES, "microsoft", graph.service)
    monkeypatch.setitem(ISSUERS, "microsoft", issuer.played)
    monkeypatch.setattr(tokens, "EARLY", math.inf)


@pytest.fixture
def services(elsewhere: None, services: Services) -> Services:
    """Give services that begin only then."""
    return services


@pytest.mark.parametrize(
    "away",
    [
        Answer(b'{"oops": 1}', 500),
        Answer(b'{"error": "temporarily_unavailable"}', 400),
        Answer(b"<html>"),
    ],
    ids=["500", "unavailable", "unread"],
)
async def test_an_issuer_that_is_away_after_a_refusal_has_the_message_wait(
    client: httpx.AsyncClient,
    services: Services,
    graph: WebService,
    issuer: Issuer,
    refusal: Said,
    away: Answer,
) -> None:
    graph.faults.append(refusal)
    issuer.answers += [issuer.token(), away]
    (task,) = task_ids(await client.post("/items", json=ADA))
    assert settled(services, task)["state"] == "succeeded"
    assert (len(graph.mails), len(graph.paths)) == (1, 2)
    assert not issuer.answers


async def test_a_second_answer_that_is_lost_leaves_it_uncertain(
    client: httpx.AsyncClient, services: Services, graph: WebService, refusal: Said
) -> None:
    graph.faults += [refusal, Broken.CUT_AFTER]
    (task,) = task_ids(await client.post("/items", json=ADA))
    assert settled(services, task)["reason"] == Reason.NO_ANSWER
    assert (len(graph.mails), len(graph.paths)) == (1, 2)


@pytest.mark.parametrize("has_left", [False, True], ids=["before", "after"])
def test_a_kill_leaves_it_uncertain_only_after_the_second_request_left(
    backends: Callable[..., RunningBackend],
    folder: OfficeFolder,
    graph: WebService,
    issuer: Issuer,
    refusal: Said,
    has_left: bool,
) -> None:
    graph.faults += [refusal, *([Broken.SILENT] if has_left else [])]
    issuer.answers += [issuer.token(), issuer.token() if has_left else Answer(silent=True)]
    code = f"{issuer.code}{sending_to(graph)}"
    first = backends(folder.root, code)
    with client_of(first.backend) as client:
        (task,) = task_ids(client.post("/items", json=ADA))
    for _ in range(2):
        assert issuer.asked.acquire(timeout=WITHIN)
    assert not has_left or graph.taken.acquire(timeout=WITHIN)
    first.kill()
    with client_of(backends(folder.root, code).backend) as client:
        wait_for(client, task, "uncertain" if has_left else "succeeded")
    assert (len(graph.mails), len(graph.paths)) == (1, 2)


def sending_to(graph: WebService) -> str:
    """Write what has a backend's process send to this Graph."""
    return (
        "from desktop.mail.http.services import SERVICES\n"
        f"SERVICES['microsoft'] = replace(SERVICES['microsoft'], base={graph.service.base!r})\n"
    )
