"""The server dies and its standby takes its place: all goes on there by itself."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import psycopg
import pytest

from sendoff_tasks.errors import EngineError
from sendoff_tasks.facade.engine import Engine
from sendoff_tasks.postgres.opening import PostgresStore
from sendoff_tasks.processes import workers
from tests.benchmarks.peers.services import free_port, new_cluster, postgres_on, standby_of
from tests.engine.lanes.tasks import returns
from tests.engine.postgres.test_full_disk import is_answered
from tests.engine.processes.looking import later
from tests.engine.worker import tasks
from tests.engine.worker.test_process import LONG, Start, deciding, ended, known, left
from tests.looking import eventually

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("app_alone", "server")]
FOLLOWED = "SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync'"


class Pair:
    """A server, and one that has all that was committed there; ``url`` leads to who can write."""

    def __init__(self, held: ExitStack) -> None:
        self._cluster = held.enter_context(new_cluster("--no-sync"))
        self._first = held.enter_context(postgres_on(self._cluster, free_port(), "-c", "fsync=off"))
        eventually(lambda: is_answered(self._first))
        PostgresStore(self._first).close()
        copy = held.enter_context(standby_of(self._first))
        self._second = held.enter_context(postgres_on(copy, free_port(), "-c", "fsync=off"))
        with psycopg.connect(self._first, autocommit=True) as admin:
            admin.execute("ALTER SYSTEM SET synchronous_standby_names = '*'")
            admin.execute("SELECT pg_reload_conf()")
            eventually(lambda: admin.execute(FOLLOWED).fetchone() == (1,))
        hosts = ",".join(
            each.partition("@")[2].partition("/")[0] for each in (self._first, self._second)
        )
        self.url = f"postgresql://benchmark@{hosts}/postgres?target_session_attrs=read-write"

    def fail_over(self) -> None:
        """Have the first one die, and the second one take its place."""
        os.kill(int(Path(self._cluster, "postmaster.pid").read_text().split()[0]), signal.SIGKILL)
        with psycopg.connect(self._second, autocommit=True) as admin:
            admin.execute("SELECT pg_promote()")


@pytest.fixture
def pair() -> Iterator[Pair]:
    with ExitStack() as held:
        yield Pair(held)


@pytest.fixture
def url(pair: Pair) -> str:
    return pair.url


async def add(engine: Engine, accepted: list[int], over: asyncio.Event) -> None:
    """Add tasks until it is over; those that were refused are not in the list."""
    while not over.is_set():
        try:
            accepted.append((await engine.add_task_async(returns, 1)).number)
        except EngineError:
            await asyncio.sleep(0.01)


@pytest.mark.long
async def test_what_was_accepted_and_what_runs_outlives_a_fail_over(
    pair: Pair, url: str, start: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workers, "LEASE_S", LONG)
    folder, accepted = str(tmp_path), list[int]()

    async with deciding(url) as engine, deciding(url) as other:
        here = await engine.add_task_async(tasks.waits, folder, "here")
        worker = start()
        await known(url, 1)
        there = await engine.add_task_async(tasks.waits, folder, "there")
        await later(lambda: left(tmp_path, "there 1") == worker.pid)
        over = asyncio.Event()
        adding = [asyncio.create_task(add(each, accepted, over)) for each in (engine, other)]
        await later(lambda: len(accepted) > 20)
        await asyncio.to_thread(pair.fail_over)
        before = len(accepted)
        await later(lambda: len(accepted) > before + 20)
        over.set()
        await asyncio.gather(*adding)
        (tmp_path / "end").touch()
        for each in (here, there):
            told = await ended(engine, each)
            assert told["attempt"] == 1
        assert told["result"] == worker.pid
        await later(lambda: _done(engine) >= len(accepted) + 2)
        assert {engine.task(each)["state"] for each in accepted} == {"succeeded"}
    worker.terminate()
    assert worker.wait() == 0


def _done(engine: Engine) -> Any:
    return engine.stats()["counts"]["succeeded"]
