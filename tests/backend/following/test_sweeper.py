"""Mails go with their tasks: what is old and belongs to none is swept."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

import pytest

from desktop.backend.following import sweeper as module
from desktop.backend.following.sweeper import Sweeper
from tests import WITHIN
from tests.backend.conftest import settled, task_ids

if TYPE_CHECKING:
    import httpx

    from desktop.backend.shared.services import Services
    from desktop.mail.files import Files
    from desktop.settings.paths import DataFolder

pytestmark = pytest.mark.anyio


FORGOTTEN = "sent/0123.4567@example.org.eml"
"""A message whose task is no more."""


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take for old what was written within the next minute."""
    monkeypatch.setattr(module, "AGE_S", -60.0)


async def test_an_old_mail_stays_while_its_task_does(
    client: httpx.AsyncClient,
    services: Services,
    kept: Files,
    folder: DataFolder,
    request: pytest.FixtureRequest,
) -> None:
    (task,) = task_ids(await client.post("/items/1"))
    message_id = settled(services, task)["message_id"] or ""
    kept.write(FORGOTTEN, b"")
    Sweeper(services.engine, services.letters, folder).sweep()
    assert kept.has(FORGOTTEN)  # it may be that of a task of this moment
    request.getfixturevalue("at_once")
    Sweeper(services.engine, services.letters, folder).sweep()
    assert not kept.has(FORGOTTEN)
    assert kept.names("outbox") == [f"{message_id[1:-1]}.eml"]


@pytest.mark.usefixtures("at_once")
async def test_an_old_mail_stays_while_the_clock_may_be_wrong(
    services: Services, kept: Files, folder: DataFolder
) -> None:
    kept.write(FORGOTTEN, b"")
    services.engine._running.core.memory.doubted_until = round(time.time() * 1000) + 3_600_000
    Sweeper(services.engine, services.letters, folder).sweep()
    assert kept.has(FORGOTTEN)


async def test_the_files_of_a_forgotten_batch_go(
    client: httpx.AsyncClient, services: Services, kept: Files, folder: DataFolder
) -> None:
    (await client.post("/batches", json={"name": "May"})).raise_for_status()
    for number in (1, 2):
        kept.write(f"batches/{number}/attachments/plan.pdf", b"x")
    Sweeper(services.engine, services.letters, folder).sweep()
    assert services.letters.batch_files.batches() == [1]


@pytest.mark.usefixtures("at_once")
async def test_it_sweeps_by_itself_and_ends_at_once(
    services: Services, kept: Files, folder: DataFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    swept = threading.Event()
    sweep = Sweeper.sweep

    def sweep_and_say(sweeper: Sweeper) -> None:
        sweep(sweeper)
        swept.set()

    monkeypatch.setattr(module, "FIRST_S", 0.0)
    monkeypatch.setattr(Sweeper, "sweep", sweep_and_say)
    kept.write(FORGOTTEN, b"")
    with Sweeper(services.engine, services.letters, folder) as sweeper:
        assert swept.wait(WITHIN)
    assert not kept.has(FORGOTTEN)
    assert not sweeper.thread.is_alive()
