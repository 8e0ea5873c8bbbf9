"""Mails go with their tasks: what is old and belongs to none is swept."""

from __future__ import annotations

import os
import threading
from typing import TYPE_CHECKING, Any

import pytest

from desktop.backend.following import sweeper as module
from desktop.backend.following.sweeper import AGE_S, Sweeper
from tests import WITHIN
from tests.backend.conftest import settled, task_ids

if TYPE_CHECKING:
    from pathlib import Path

    import httpx

    from desktop.backend.shared.parts import Parts
    from desktop.mail.files import Files
    from desktop.settings.paths import DataFolder

pytestmark = pytest.mark.anyio


def age(path: Path) -> None:
    then = path.stat().st_mtime - AGE_S - 60
    os.utime(path, (then, then))


async def test_an_old_mail_stays_while_its_task_does(
    client: httpx.AsyncClient, parts: Parts, folder: DataFolder
) -> None:
    """The first task was accepted long ago and is there; the second was forgotten."""
    kept, forgotten = [task_ids(await client.post(f"/items/{n}"))[0] for n in (1, 2)]
    mails = {}
    for task in (kept, forgotten):
        message_id = settled(parts, task)["message_id"] or ""
        mails[task] = folder.outbox / f"{message_id.strip('<>')}.eml"
        age(mails[task])
    store: Any = parts.engine._running._store
    written = store._connection
    written.execute("UPDATE tasks SET created_at = 1 WHERE id = ?", (kept,))
    fresh = folder.sent / "0123.4567@example.org.eml"
    fresh.write_bytes(b"")
    Sweeper(parts.engine, parts.letters).sweep()
    assert mails[kept].exists()
    assert not mails[forgotten].exists()
    assert fresh.exists()


async def test_the_files_of_a_forgotten_batch_go(
    client: httpx.AsyncClient, parts: Parts, kept: Files
) -> None:
    (await client.post("/batches", json={"name": "May"})).raise_for_status()
    for number in (1, 2):
        kept.write(f"batches/{number}/attachments/plan.pdf", b"x")
    Sweeper(parts.engine, parts.letters).sweep()
    assert parts.letters.batch_files.batches() == [1]


async def test_it_sweeps_by_itself_and_ends_at_once(
    parts: Parts, folder: DataFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    swept = threading.Event()
    sweep = Sweeper.sweep

    def sweep_and_say(sweeper: Sweeper) -> None:
        sweep(sweeper)
        swept.set()

    monkeypatch.setattr(module, "FIRST_S", 0.0)
    monkeypatch.setattr(Sweeper, "sweep", sweep_and_say)
    old = folder.sent / "0123.4567@example.org.eml"
    old.write_bytes(b"")
    age(old)
    with Sweeper(parts.engine, parts.letters) as sweeper:
        assert swept.wait(WITHIN)
    assert not old.exists()
    assert not sweeper._thread.is_alive()
