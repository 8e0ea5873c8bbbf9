"""The link of a process with the server: what waits there ends when it is told to."""

from __future__ import annotations

import asyncio
from contextlib import ExitStack, closing
from typing import Any, cast

import psycopg
import pytest

from desktop.engine.postgres.connection import Connection
from desktop.engine.postgres.writer_store import take_lock
from desktop.engine.processes import server_link
from desktop.engine.processes.server_link import ServerLink, connected
from tests.looking import eventually

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
    succession = server_link.Succession()
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
