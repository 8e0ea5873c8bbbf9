"""The link of a process with the server: what waits there ends when it is told to."""

from __future__ import annotations

import asyncio
from contextlib import ExitStack, closing
from types import SimpleNamespace
from typing import Any, cast

import psycopg
import pytest

from desktop.engine.postgres.connection import Connection
from desktop.engine.postgres.writer_store import FREE, LOCK, take_lock
from desktop.engine.processes import server_link
from desktop.engine.processes.server_link import Holder, ServerLink, Succession, connected
from tests.looking import eventually

pytestmark = pytest.mark.anyio

UNLOCKED = (
    "SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM pg_locks JOIN pg_database AS d ON d.oid = database"
    " WHERE locktype = 'advisory' AND datname = current_database())"
)
"""Finds a row once the server has ended the session that had the database."""


@pytest.mark.parametrize("turns", range(5))
def test_a_link_that_is_woken_as_it_is_to_end_ends(turns: int) -> None:
    """Else a process that leaves would go on with what it does there, and never end."""

    async def act() -> bool:
        link = ServerLink(cast("Any", None))
        waiting = asyncio.create_task(link.wait(1000.0))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        link.woken.set()
        for _ in range(turns):
            await asyncio.sleep(0)
        is_early = waiting.cancel()
        await asyncio.wait([waiting])
        return waiting.cancelled() or not is_early

    assert asyncio.run(act())


def test_another_user_says_what_it_needs_to_replace_a_frozen_process(
    url: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(server_link, "FROZEN_S", 0.0)
    user, asker = (f"{each}_{url.rpartition('_')[2]}" for each in ("first", "second"))
    succession = Succession()
    with ExitStack() as held:
        admin = held.enter_context(psycopg.connect(url, autocommit=True))
        for each in (user, asker):
            admin.execute(f"CREATE ROLE {each} LOGIN".encode())
        frozen = held.enter_context(closing(Connection(url.replace("benchmark", user))))
        frozen.execute("SELECT set_config('application_name', 'sendoff web 7 first', false)")
        assert take_lock(frozen)

        async def act() -> None:
            async with connected(url.replace("benchmark", asker)) as link:
                for _ in range(2):
                    assert (await succession.is_open(link), link.is_left) == (False, False)
                (said,) = caplog.messages
                helps = said.partition("`")[2].partition(";")[0]
                assert helps.startswith("GRANT ")
                admin.execute(helps.encode())
                await succession.is_open(link)
                assert link.is_left
                eventually(lambda: admin.execute(UNLOCKED).fetchone())
                assert await succession.is_open(link)

        asyncio.run(act())


def test_an_end_that_is_told_while_one_asks_for_the_process_counts(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server_link, "ORPHANED_S", 1000.0)

    async def act() -> None:
        async with connected(url, FREE) as link:
            find = link.holder

            async def find_before_the_end() -> Holder | None:
                found = await find()
                ending.execute("SELECT pg_advisory_unlock(?)", (LOCK,))
                ending.execute(f"NOTIFY {FREE}")
                while not link.is_left:
                    await link.wait(1.0)
                return found

            monkeypatch.setattr(link, "holder", find_before_the_end)
            assert not await succession.is_open(link)
            monkeypatch.setattr(link, "holder", find)
            assert await succession.is_open(link)

    succession = Succession()
    with closing(Connection(url)) as ending:
        assert take_lock(ending)
        asyncio.run(act())


async def test_a_process_has_its_time_to_come_back_after_each_loss_of_the_server(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 1000.0
    monkeypatch.setattr(server_link, "time", SimpleNamespace(monotonic=lambda: now))

    succession = Succession()
    for _ in range(2):
        async with connected(url) as link:
            assert not await succession.is_open(link)
            now += server_link.ORPHANED_S + 1
            assert await succession.is_open(link)
