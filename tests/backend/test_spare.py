"""Two backends on one database: one answers, the other is a spare that takes its place."""

from __future__ import annotations

import asyncio
import json
import logging
import sys
from collections.abc import Iterator
from contextlib import ExitStack, closing
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest
from starlette.types import ASGIApp

from desktop.backend.application import create_spare_app
from desktop.settings.office_folder import OfficeFolder
from sendoff_tasks.facade.opening import announce
from sendoff_tasks.folder.keys import proof
from sendoff_tasks.words.table import ENGLISH
from tests import WITHIN
from tests.backend.conftest import PORT, client_of
from tests.backend.conftest import TOKEN as TOKEN_HERE
from tests.backend.serve import TOKEN, Serve
from tests.benchmarks.backend.idle import wakes
from tests.looking import eventually

AT_MOST = 8.0
"""Wake-ups a second: each backend asks the server every second."""
STRETCH = 3.0
ADA = {"recipient": {"email": "ada@example.org"}}
ADDRESS = "https://one.example.org"
NONCE = "ab" * 16


@pytest.fixture
def database(server: Any) -> str:
    return str(server.database())


@pytest.fixture
def both(tmp_path: Path, database: str) -> Iterator[tuple[Serve, Serve]]:
    """Give the one that runs the tasks, and its spare."""
    with ExitStack() as stack:
        first = Serve(tmp_path / "first", database, "--address", ADDRESS)
        stack.enter_context(closing(first))
        second = stack.enter_context(closing(Serve(tmp_path / "second", database)))
        yield first, second


def test_a_spare_refuses_everything_and_says_where_the_tasks_run(
    both: tuple[Serve, Serve], tmp_path: Path
) -> None:
    _, spare = both
    eventually(lambda: "address" in spare.client.get("/health").json())
    health = spare.client.get("/health", params={"nonce": NONCE})
    assert health.status_code == HTTPStatus.SERVICE_UNAVAILABLE
    assert health.headers["retry-after"] == "2"
    told = health.json()
    assert (told["status"], told["address"], told["access"]) == ("spare", ADDRESS, "full")
    assert told["proof"] == proof(TOKEN, NONCE)
    for refused in (spare.client.get("/tasks"), spare.client.post("/items/1", json=ADA)):
        assert refused.status_code == HTTPStatus.SERVICE_UNAVAILABLE
        assert ADDRESS in refused.json()["detail"]
    stranger = {"Authorization": "Bearer x"}
    assert spare.client.get("/tasks", headers=stranger).status_code == HTTPStatus.UNAUTHORIZED
    page = {"Origin": "http://evil.example"}
    assert spare.client.get("/tasks", headers=page).status_code == HTTPStatus.FORBIDDEN
    # In the folder of either no other backend begins.
    assert all(OfficeFolder(tmp_path / name).waits_for_backend for name in ("first", "second"))


def test_it_names_no_other_server_than_the_one_that_runs_the_tasks(
    database: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    from desktop.backend.on_server import Spare
    from sendoff_tasks.postgres.connection import Connection
    from sendoff_tasks.postgres.mark import ServerMark
    from sendoff_tasks.postgres.opening import idle
    from sendoff_tasks.postgres.writer_store import take_lock

    async def refusal(app: ASGIApp) -> str:
        async with client_of(app) as client:
            assert (await client.get("/health")).status_code == HTTPStatus.SERVICE_UNAVAILABLE
            return str((await client.get("/tasks")).json()["detail"])

    caplog.set_level(logging.INFO)
    name = "sendoff one 7 token"
    announce(database, name, ADDRESS)
    spare = Spare(database, ServerMark(), lambda: None)
    app = create_spare_app(spare, token=TOKEN_HERE, port=PORT, tokens_file=tmp_path / "none")
    assert asyncio.run(refusal(app)) == ENGLISH.say("server", "spare")
    with spare:
        with closing(Connection(database)) as one:
            one.execute("SELECT set_config('application_name', ?, false)", (name,))
            assert take_lock(one)
            eventually(lambda: spare.address == ADDRESS)
            assert asyncio.run(refusal(app)) == ENGLISH.say("server", "spare_of", address=ADDRESS)
        eventually(lambda: spare.address is None)
        with idle(database):
            eventually(lambda: "Another process runs the tasks" in caplog.text)
            assert asyncio.run(refusal(app)) == ENGLISH.say("server", "spare")


@pytest.mark.skipif(sys.platform != "linux", reason="Linux alone tells of wake-ups")
def test_with_nothing_to_do_both_come_to_rest(both: tuple[Serve, Serve]) -> None:
    first, second = (each.process.pid for each in both)
    eventually(lambda: wakes(first, STRETCH) <= AT_MOST)
    eventually(lambda: wakes(second, STRETCH) <= AT_MOST)


@pytest.mark.parametrize("how", ["kill", "terminate"])
def test_when_the_first_ends_the_spare_goes_on(both: tuple[Serve, Serve], how: str) -> None:
    first, spare = both
    later = first.client.post("/items/1", json={**ADA, "delay": 3600})
    assert later.status_code == HTTPStatus.OK
    after = first.client.get("/tasks").json()["as_of"]
    getattr(first.process, how)()
    eventually(lambda: spare.client.get("/health").status_code == HTTPStatus.OK)
    (task,) = spare.client.post("/items/2", json=ADA).headers["x-task-ids"].split(",")
    with spare.client.stream("GET", "/events", params={"after": after}) as stream:
        rows = (
            row
            for line in stream.iter_lines()
            if line.startswith("data:") and '"rows"' in line
            for row in json.loads(line.removeprefix("data:"))["rows"]
        )
        assert any(row["id"] == int(task) and row["state"] == "succeeded" for row in rows)
    assert spare.client.get("/tasks").json()["total"] == 2
    first.process.wait(WITHIN)
