"""What becomes of requests when the process that was to answer them is gone."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager, contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from fastapi import FastAPI

from tests import WITHIN
from tests.looking import eventually

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    import psycopg

pytestmark = pytest.mark.anyio

HEADS = "SELECT count(*) FROM sendoff.relayed WHERE number = 1 AND recipient = %s"
ALL_HEADS = "SELECT head FROM sendoff.relayed WHERE number = 1 ORDER BY id"
LOOKS = """SELECT count(*) FROM sendoff.relayed WHERE head LIKE '%%"GET"%%'"""
WAITS = """SELECT count(*) FROM pg_stat_activity
    WHERE application_name LIKE 'spare %%' AND wait_event_type = 'Lock'"""
CUT_OFF = """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE application_name LIKE 'spare %'"""
GONE = "SELECT count(*) FROM sendoff.relayed WHERE head = '{\"gone\": true}'"
FIRST = "sendoff web-1 7 first"


@pytest.fixture
def database(server: Any, monkeypatch: pytest.MonkeyPatch) -> str:
    from desktop.engine.processes.server import handing_over  # which needs the driver

    monkeypatch.setattr(handing_over, "ORPHANED_S", 0.0)
    return str(server.database())


@contextmanager
def holding(database: str, name: str) -> Iterator[psycopg.Connection[Any]]:
    """Hold the tasks, by a name, and answer nothing, until the session is closed."""
    import psycopg

    from desktop.engine.postgres.database.holder import LOCK

    with psycopg.connect(database, autocommit=True) as session:
        session.execute("SELECT set_config('application_name', %s, false)", (name,))
        session.execute("SELECT pg_advisory_lock(%s)", (LOCK,))
        yield session


@contextmanager
def locked(database: str) -> Iterator[None]:
    """Have what is passed on wait for the server."""
    import psycopg

    with psycopg.connect(database) as session:
        session.execute("LOCK TABLE sendoff.relayed IN EXCLUSIVE MODE")
        yield


@asynccontextmanager
async def spare_of(database: str) -> AsyncIterator[httpx.AsyncClient]:
    """Serve as a spare, which answers by an app of its own once it runs the tasks."""
    from desktop.backend.relay.spare import Spare

    own = FastAPI()

    @own.api_route("/{path:path}", methods=["GET", "POST", "DELETE"])
    async def answer(path: str) -> str:
        return path

    spare = Spare(database, lambda: own)
    spare.serve(asyncio.get_running_loop())
    transport = httpx.ASGITransport(app=spare)
    try:
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            yield client
    finally:
        await asyncio.to_thread(spare.end)


async def relayed(session: psycopg.Connection[Any], count: int) -> None:
    """Wait until so many requests are on their way to the first process."""
    await found(session, HEADS, count, FIRST)


async def found(session: psycopg.Connection[Any], counts: str, count: int, *given: str) -> None:
    """Wait until the server counts so many."""
    is_so = partial(_counts, session, counts, count, *given)
    await asyncio.to_thread(eventually, is_so)


def _counts(session: psycopg.Connection[Any], counts: str, count: int, *given: str) -> bool:
    return session.execute(counts.encode(), given).fetchone() == (count,)


async def test_what_can_be_repeated_is_asked_again_and_of_the_rest_it_says_so(
    database: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "desktop.backend.relay.spare")
    with holding(database, FIRST) as session:
        async with spare_of(database) as client:
            asked = [
                asyncio.create_task(request)
                for request in (
                    client.get("/tasks"),
                    client.post("/items/7"),
                    client.post("/tasks", headers={"Idempotency-Key": "one"}),
                    client.post("/tasks/7/cancel"),
                    client.delete("/items/8"),
                )
            ]
            await relayed(session, len(asked))
            session.close()
            answers = [await each for each in asked]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 503, 503]
    assert answers[0].json() == "tasks"
    assert "Look whether this was done" in answers[3].json()["detail"]
    assert caplog.messages.count("Requests are relayed to process 7 on web-1") == 1


async def test_what_was_given_up_while_the_server_was_away_is_not_sent_later(database: str) -> None:
    with holding(database, FIRST) as session:
        async with spare_of(database) as client:
            with locked(database):
                asked = asyncio.create_task(client.post("/tasks/7/cancel"))
                await found(session, WAITS, 1)
                session.execute(CUT_OFF)
                assert (await asked).status_code == 503
            looked = asyncio.create_task(client.get("/tasks"))
            await found(session, LOOKS, 1)
            heads = session.execute(ALL_HEADS).fetchall()
            session.close()
            assert (await looked).status_code == 200
    assert len(heads) == 1


async def test_what_a_client_shows_to_be_let_in_stays_out_of_the_database(database: str) -> None:
    with holding(database, FIRST) as session:
        async with spare_of(database) as client:
            asked = asyncio.create_task(client.get("/tasks", headers={"Authorization": "Bearer x"}))
            await relayed(session, 1)
            (head,) = session.execute(ALL_HEADS).fetchall()
            session.close()
            assert (await asked).status_code == 200
    assert "Bearer" not in head[0]


async def test_where_no_process_runs_the_tasks_requests_wait_for_one(database: str) -> None:
    async with spare_of(database) as client:
        assert (await client.get("/tasks")).json() == "tasks"


async def test_a_client_that_goes_is_told_to_the_process_that_answers_it(database: str) -> None:
    with holding(database, FIRST) as session:
        async with spare_of(database) as client:
            asked = asyncio.create_task(client.get("/events"))
            await relayed(session, 1)
            asked.cancel()
            await found(session, GONE, 1)


async def test_who_waits_in_vain_is_told_whether_it_is_for_the_database_or_the_other_process(
    database: str, closed_port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A spare without a connection of its own blamed the process that runs the tasks."""
    from desktop.backend.relay import spare
    from desktop.engine.processes.server import handing_over
    from desktop.engine.processes.submitter import NO_ANSWER

    async def told(client: httpx.AsyncClient) -> Any:
        answer = await client.get("/tasks")
        assert answer.status_code == 503
        return answer.json()["detail"]

    monkeypatch.setattr(spare, "PATIENCE_S", 0.05)
    async with spare_of(f"postgresql://shop@127.0.0.1:{closed_port}/shop") as client:
        assert await told(client) == spare.CUT_OFF
    monkeypatch.setattr(handing_over, "ORPHANED_S", 1000.0)
    async with spare_of(database) as client, asyncio.timeout(WITHIN):
        while (sentence := await told(client)) == spare.CUT_OFF:
            pass  # it is not connected yet
    assert sentence == NO_ANSWER
