"""Apps that share a database: one runs the tasks, the others submit, and one takes over."""

from __future__ import annotations

import asyncio
import threading
from contextlib import ExitStack, closing
from pathlib import Path
from threading import Event
from types import SimpleNamespace
from typing import Any, cast

import psycopg
import pytest

from desktop.client.api import Api
from sendoff_tasks.client.errors import BackendGone
from sendoff_tasks.errors import EngineError, NotWritable
from sendoff_tasks.fastapi import AppRegistry, submitting
from sendoff_tasks.folder.lock_file import is_held
from sendoff_tasks.folder.paths import DataFolder
from sendoff_tasks.postgres.connection import Connection
from sendoff_tasks.postgres.writer_store import FREE, LOCK, take_lock
from sendoff_tasks.processes import on_server, server_link, sharing, workers
from sendoff_tasks.processes.server_link import (
    SIGN_OF_LIFE,
    Holder,
    ServerLink,
    Takeover,
    connected,
)
from sendoff_tasks.processes.submitting import LineServer
from sendoff_tasks.store.errors import StoreError
from tests import WITHIN
from tests.engine.fastapi.app import App
from tests.engine.lanes.tasks import returns
from tests.engine.processes.looking import later, owns
from tests.engine.processes.test_faults import (
    test_a_block_that_submits_leaves_a_process_that_takes_part_as_it_is,
    test_a_call_that_cannot_be_done_costs_its_caller_and_no_other,
)
from tests.engine.processes.test_responses import (
    test_a_task_begins_once_the_owner_has_ended,
    test_a_task_of_a_process_that_ends_begins,
    test_a_task_of_another_process_waits_for_its_response,
    test_a_word_that_is_lost_is_as_good_as_silence,
)
from tests.engine.processes.test_sharing import (
    test_a_name_that_means_another_function_here_is_refused,
    test_a_process_that_does_not_own_the_folder_adds_and_reads,
    test_what_cannot_be_accepted_is_told_as_by_the_owner,
)
from tests.looking import backend_of, eventually

pytestmark = pytest.mark.anyio

__all__ = [
    "test_a_block_that_submits_leaves_a_process_that_takes_part_as_it_is",
    "test_a_call_that_cannot_be_done_costs_its_caller_and_no_other",
    "test_a_name_that_means_another_function_here_is_refused",
    "test_a_process_that_does_not_own_the_folder_adds_and_reads",
    "test_a_task_begins_once_the_owner_has_ended",
    "test_a_task_of_a_process_that_ends_begins",
    "test_a_task_of_another_process_waits_for_its_response",
    "test_a_word_that_is_lost_is_as_good_as_silence",
    "test_what_cannot_be_accepted_is_told_as_by_the_owner",
]


@pytest.fixture
def apps(url: str, monkeypatch: pytest.MonkeyPatch) -> list[App]:
    monkeypatch.setattr(AppRegistry, "add_described", lambda _: None)  # other tests' modules
    return [App(url) for _ in range(3)]


def end_sessions(url: str, which: str = "%") -> None:
    """End sessions with the database, as a restart of the server does."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid, 60000) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            " AND application_name LIKE %s",
            (which,),
        )


def appends(path: str, text: str) -> None:
    with Path(path).open("a") as file:
        file.write(text)


async def add(app: App, numbers: range, file: Path) -> None:
    """Add tasks from an app; those that were refused are added again."""
    for number in numbers:
        while True:
            try:
                await app.engine.add_task_async(appends, str(file), f"{number}\n")
            except EngineError:
                await asyncio.sleep(0)
            else:
                break


def lines(file: Path) -> set[int]:
    return set(map(int, file.read_text().split())) if file.exists() else set()


async def test_when_the_process_that_runs_the_tasks_ends_another_takes_over(
    apps: list[App], tmp_path: Path
) -> None:
    done = tmp_path / "done"

    first, *others = apps
    owner = first.started()
    await owner.__aenter__()
    async with others[0].started(), others[1].started():
        adding = [
            asyncio.create_task(add(app, range(n, n + 40), done))
            for n, app in ((0, others[0]), (40, others[1]))
        ]
        await later(done.exists)
        await owner.__aexit__(None, None, None)
        await asyncio.gather(*adding)
        await later(lambda: lines(done) == set(range(80)))
        assert owns(others[0]) is not owns(others[1])


async def test_when_all_sessions_end_the_same_process_goes_on(
    apps: list[App], url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server_link, "ORPHANED_S", 1000.0)
    owner, other, _ = apps
    done = tmp_path / "done"

    async with owner.started(), other.started():
        adding = asyncio.create_task(add(other, range(60), done))
        await later(done.exists)
        end_sessions(url)
        await adding
        await later(lambda: lines(done) == set(range(60)))
        assert (owns(owner), owns(other)) == (True, False)


async def test_a_process_that_was_cut_off_gives_up_and_submits(
    apps: list[App], url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sendoff_tasks.postgres import writer_store

    owner, other, _ = apps
    monkeypatch.setattr(server_link, "ORPHANED_S", 0.0)
    connect = writer_store.PostgresWriterStore._reconnect
    cut_off: Any = None

    def not_now(self: Any) -> None:
        if self is not cut_off:
            connect(self)

    async with owner.started(), other.started():
        await owner.engine.add_task_async(returns, 1)
        cut_off = owner.engine._run.store.writer_store  # type: ignore[union-attr]
        monkeypatch.setattr(writer_store.PostgresWriterStore, "_reconnect", not_now)
        end_sessions(url, cut_off.session_name)
        await later(lambda: owns(other))
        cut_off = None
        await later(lambda: not owns(owner))
        got = await asyncio.gather(*(app.engine.add_task_async(returns, 2) for app in apps[:2]))
        assert len({ref.number for ref in got}) == 2
        await later(lambda: other.engine.stats()["counts"]["succeeded"] == 3)


async def test_a_script_submits_with_the_app_and_without(
    apps: list[App], url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server_link, "ORPHANED_S", 0.0)
    app, script, _ = apps

    def submit(*values: int) -> list[int]:
        with submitting(script.app) as engine:
            return [engine.add_task(returns, value).number for value in values]

    alone = await asyncio.to_thread(submit, 1, 2)
    with psycopg.connect(url) as connection:
        assert connection.execute("SELECT 1 FROM sendoff.handed").fetchall() == []
    async with app.started():
        beside = await asyncio.to_thread(submit, 3)
        await later(lambda: app.engine.stats()["counts"]["succeeded"] == 3)
        assert owns(app)
    assert len({*alone, *beside}) == 3


async def test_a_mistake_in_the_talk_with_the_server_ends_it_for_a_moment_only(
    apps: list[App], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    owner, other, _ = apps
    mistakes = [ZeroDivisionError("here"), ZeroDivisionError("there")]

    def breaking(method: Any) -> Any:
        async def call(*args: Any) -> Any:
            if mistakes:
                raise mistakes.pop()
            return await method(*args)

        return call

    async with owner.started(), other.started():
        for name in ("waiting", "answer"):
            monkeypatch.setattr(ServerLink, name, breaking(getattr(ServerLink, name)))
        await other.engine.add_task_async(returns, 1)
        assert not mistakes
    assert "ZeroDivisionError: there" in caplog.text


async def test_a_process_shows_life_while_its_writer_refuses_and_an_import_takes_long(
    apps: list[App], url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner, other, _ = apps
    monkeypatch.setattr(workers, "LOOK_S", 0.01)

    def refuses(_: Any) -> None:
        raise NotWritable("the server is gone")

    monkeypatch.setattr(on_server, "_check_session", refuses)
    importing, goes_on = threading.Event(), threading.Event()

    async def learn(self: Any, wanted: Any) -> None:
        importing.set()
        await asyncio.to_thread(goes_on.wait, WITHIN)

    def last_asked() -> Any:
        with psycopg.connect(url) as connection:
            return connection.execute(
                "SELECT query_start FROM pg_stat_activity WHERE query = %s"
                " AND application_name = %s",
                (SIGN_OF_LIFE, owner.engine.session_name),
            ).fetchone()

    async with owner.started(), other.started():
        assert owns(owner)
        monkeypatch.setattr(LineServer, "learn", learn)
        adding = asyncio.ensure_future(other.engine.add_task_async(returns, 1))
        await later(importing.is_set)
        try:
            await later(last_asked)
            before = last_asked()
            await later(lambda: last_asked() not in {before, None})
        finally:
            goes_on.set()
        await adding


async def test_a_process_that_cannot_take_over_says_so_once_and_tries_again(
    apps: list[App], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    owner, other, _ = apps
    monkeypatch.setattr(sharing, "FAILED_S", 0.01)
    monkeypatch.setattr(server_link, "ORPHANED_S", 0.0)
    tried = 0

    def fails() -> None:
        nonlocal tried
        tried += 1
        raise StoreError("the tables are of another version")

    there = owner.started()
    await there.__aenter__()
    async with other.started():
        with monkeypatch.context() as patch:
            patch.setattr(other.engine, "start", fails)
            await there.__aexit__(None, None, None)
            await later(lambda: tried > 2)
        await later(lambda: owns(other))
    assert caplog.text.count("this process cannot run the tasks") == 1


done = Event()


@pytest.mark.anyio
@pytest.mark.usefixtures("app_alone")
async def test_the_process_that_runs_the_tasks_has_their_monitor(url: str, tmp_path: Path) -> None:
    data = DataFolder(tmp_path / "monitor")
    apps = [App(url, monitor=True, data_dir=data.root) for _ in range(2)]

    def sees(number: int) -> str:
        api = Api(backend_of(data))
        try:
            return str(api.task(number)["state"])
        except BackendGone:
            return "gone"
        finally:
            api.close()

    first, second = (app.started() for app in apps)
    await first.__aenter__()
    async with second:
        number = (await apps[1].engine.add_task_async(returns, 1)).number
        await later(lambda: sees(number) == "succeeded")
        seen = backend_of(data)
        await first.__aexit__(None, None, None)
        await later(lambda: sees(number) == "succeeded")
        assert backend_of(data) != seen
    assert data.waits_for_backend
    assert not data.db.exists()
    assert not is_held(data.backend_lock)
    data.db.touch()
    with pytest.raises(StoreError, match="another data_dir"):
        async with App(url, monitor=True, data_dir=data.root).started():
            pass


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
    succession = Takeover()
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

    succession = Takeover()
    with closing(Connection(url)) as ending:
        assert take_lock(ending)
        asyncio.run(act())


async def test_a_process_has_its_time_to_come_back_after_each_loss_of_the_server(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 1000.0
    monkeypatch.setattr(server_link, "time", SimpleNamespace(monotonic=lambda: now))

    succession = Takeover()
    for _ in range(2):
        async with connected(url) as link:
            assert not await succession.is_open(link)
            now += server_link.ORPHANED_S + 1
            assert await succession.is_open(link)
