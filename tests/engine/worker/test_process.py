"""Workers: what another process decides runs there, and nothing runs twice."""

from __future__ import annotations

import asyncio
import json
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing, suppress
from pathlib import Path
from typing import Any

import psycopg
import pytest
from fastapi import FastAPI
from psycopg import errors

from sendoff_tasks.errors import Busy, UnknownTask
from sendoff_tasks.facade.add_task import TaskRef
from sendoff_tasks.facade.engine import Engine
from sendoff_tasks.fastapi import install
from sendoff_tasks.functions.registry import AppRegistry
from sendoff_tasks.functions.spec import describe
from sendoff_tasks.functions.worker_offer import WorkerOffer, tell
from sendoff_tasks.postgres import orders
from sendoff_tasks.postgres.connection import Connection
from sendoff_tasks.processes import server_link, workers
from sendoff_tasks.processes.server_link import ServerLink
from sendoff_tasks.queues.workers import Workers
from sendoff_tasks.transaction.group import Group
from sendoff_tasks.transaction.replies import Request
from sendoff_tasks.worker.process import offer_of
from sendoff_tasks.writer.writer import Inbox
from tests import WITHIN, forked
from tests.engine.fastapi import opening
from tests.engine.postgres.test_processes import end_sessions
from tests.engine.processes.looking import later
from tests.engine.stepped import registry
from tests.engine.worker import tasks
from tests.forked import Process

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("app_alone")]
Start = Callable[..., Process]
DECIDE = "from tests.engine.worker.test_process import decide; decide({!r}, {!r})"
COUNT = "SELECT count(*) FROM sendoff.{}"
LONG = 1000.0


@asynccontextmanager
async def deciding(url: str) -> AsyncIterator[Engine]:
    """Run the tasks of a database in this process, with one slot of its own in each lane."""
    app = FastAPI()
    engine = install(app, database=url, io_slots=1, cpu_slots=1, monitor=False)
    async with app.router.lifespan_context(app):
        yield engine


def decide(url: str, folder: str) -> None:
    """Decide, with its own slot taken, until this process is killed."""

    async def run() -> None:
        async with deciding(url) as engine:
            await engine.add_task_async(tasks.crosses_async, folder)
            await engine.add_task_async(tasks.waits, folder, "here")
            await asyncio.Event().wait()

    asyncio.run(run())


def count(url: str, table: str) -> int:
    with psycopg.connect(url) as connection:
        rows = connection.execute(COUNT.format(table).encode()).fetchall()
        return int(rows[0][0])


async def known(url: str, workers: int) -> None:
    """Wait until so many workers have been met, and no other."""
    await later(lambda: count(url, "workers") == workers)


def left(folder: Path, what: str) -> int | None:
    """Tell the process that has left this, if one has."""
    found = [int(file.name.rpartition(" ")[2]) for file in folder.glob(f"{what} *[0-9]")]
    return found[0] if found else None


async def ended(engine: Engine, task: TaskRef, state: str = "succeeded") -> Any:
    """Wait until a task is in a state; returns it."""
    await later(lambda: engine.task(task.number)["state"] == state)
    return engine.task(task.number)


async def test_attempts_run_in_a_worker_as_they_do_here(
    url: str, start: Start, tmp_path: Path
) -> None:
    folder = str(tmp_path)

    async with deciding(url) as engine:
        add = engine.add_task_async
        worker = start()
        await known(url, 1)
        meeting = [await add(tasks.meets, folder, name, 4) for name in "abcd"]
        where = [(await ended(engine, each))["result"] for each in meeting]
        assert sum(pid == worker.pid for pid in where) == 3
        here = await add(tasks.waits, folder, "here")
        await later(lambda: left(tmp_path, "here 1"))
        adding = await add(tasks.adds, url, folder, "there")
        added = (await ended(engine, adding))["result"]
        assert left(tmp_path, "adds") == worker.pid
        cancelled = await add(tasks.waits, folder, "cancelled")
        given_back = await add(tasks.waits, folder, "back")
        await later(lambda: left(tmp_path, "cancelled 1") == worker.pid)
        cancelled.cancel().result()
        await ended(engine, cancelled, "cancelled")
        computing = [await add(tasks.computes, 10) for _ in range(2)]
        for each in computing:
            told = await ended(engine, each)
            assert (told["result"][1], told["attempt"]) == (45, 2)
            assert [line["text"] for line in told["log"]] == ["begun", "begun"]
            assert told["history"][0]["error"] == "not yet"
        await later(lambda: left(tmp_path, "back 1") == worker.pid)
        worker.terminate()
        assert worker.wait() == 0
        await known(url, 0)
        (tmp_path / "end").touch()
        assert (await ended(engine, given_back))["history"][0]["outcome"] == "given back"
        for task in (here, TaskRef(engine, added)):
            await ended(engine, task)
        assert left(tmp_path, "back 2") != worker.pid
        assert (count(url, "orders"), count(url, "noted")) == (0, 0)


async def test_a_worker_opens_what_its_app_opens_for_tasks_and_closes_it(
    url: str, start: Start, tmp_path: Path
) -> None:
    async with deciding(url) as engine:
        await engine.add_task_async(tasks.waits, str(tmp_path), "here")
        await later(lambda: left(tmp_path, "here 1"))
        named = f"import os; os.environ[{opening.FOLDER!r}] = {str(tmp_path)!r}"
        worker = start(named, "tests.engine.worker.opening_app:app")
        await known(url, 1)
        assert (tmp_path / "opened").read_text() == f"{worker.pid}\n"
        for uses in (1, 2):
            task = await engine.add_task_async(opening.uses)
            assert (await ended(engine, task))["result"] == [worker.pid, uses]
        worker.terminate()
        assert worker.wait() == 0
        assert (tmp_path / "closed").read_text() == f"{worker.pid}\n"
        (tmp_path / "end").touch()


async def test_a_worker_that_gets_sigterm_as_it_begins_to_wait_ends(url: str, start: Start) -> None:
    stop = "from tests.engine.worker import tasks; tasks.stop_as_it_begins_to_wait()"
    async with deciding(url):
        assert await asyncio.to_thread(start(stop).wait, WITHIN) == 0


async def test_a_worker_that_cannot_open_it_does_not_start(url: str, tmp_path: Path) -> None:
    (tmp_path / "broken").touch()
    command = ["worker", "--database", url, "--import", "tests.engine.worker.opening_app"]
    named = f"import os; os.environ[{opening.FOLDER!r}] = {str(tmp_path)!r}"
    async with deciding(url):
        done = await asyncio.to_thread(forked.run, command, named)
    assert done.returncode == 1
    assert "ConnectionError: the cache is out of reach" in done.stderr
    assert count(url, "workers") == 0


async def test_a_function_that_a_worker_cannot_stop_ends_before_its_task_runs_again(
    url: str, start: Start, tmp_path: Path
) -> None:
    folder = str(tmp_path)

    async with deciding(url) as engine:
        here = await engine.add_task_async(tasks.waits, folder, "here")
        await later(lambda: left(tmp_path, "here 1"))
        worker = start(f"from tests.engine.worker import tasks; tasks.leave_late({folder!r})")
        ignoring = await engine.add_task_async(tasks.ignores, folder)
        await later(lambda: left(tmp_path, "ignores 1") == worker.pid)
        worker.terminate()
        await later(lambda: left(tmp_path, "leaves"))
        assert (engine.task(ignoring.number)["state"], count(url, "noted")) == ("running", 0)
        (tmp_path / "go").touch()
        assert await asyncio.to_thread(worker.wait, WITHIN) == 0
        (tmp_path / "end").touch()
        history = (await ended(engine, ignoring))["history"]
        assert [each["outcome"] for each in history] == ["given back", "succeeded"]
        assert history[0]["error"] == "The engine stopped while the task ran."
        await ended(engine, here)


async def test_what_a_dead_or_frozen_worker_ran_runs_elsewhere_or_is_uncertain(
    url: str, start: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = str(tmp_path)
    monkeypatch.setattr(workers, "LOOK_S", 0.1)

    async def lose() -> None:
        """End the leases of those that do not move, and of no other."""
        monkeypatch.setattr(workers, "LEASE_S", 0.0)
        await known(url, 0)
        monkeypatch.setattr(workers, "LEASE_S", LONG)

    monkeypatch.setattr(workers, "LEASE_S", LONG)
    async with deciding(url) as engine:
        add = engine.add_task_async
        here = await add(tasks.waits, folder, "here")
        first = start()
        await known(url, 1)
        (tmp_path / "go").touch()
        safe = await add(tasks.waits, folder, "safe")
        sent = await add(tasks.crosses, folder, "first")
        await later(lambda: left(tmp_path, "safe 1") and left(tmp_path, "first sent 1"))
        first.kill()
        first.wait()
        await lose()
        assert (await ended(engine, sent, "uncertain"))["attempt"] == 1
        (tmp_path / "go").unlink()
        second = start()
        await later(lambda: left(tmp_path, "safe 2") == second.pid)
        late = await add(tasks.crosses, folder, "late")
        await later(lambda: left(tmp_path, "late 1") == second.pid)
        second.send_signal(signal.SIGSTOP)
        await lose()
        assert engine.task(late.number)["state"] == "queued"
        (tmp_path / "go").touch()
        second.send_signal(signal.SIGCONT)
        await later(lambda: left(tmp_path, "late sent 2") == second.pid)
        (tmp_path / "end").touch()
        assert (await ended(engine, late))["attempt"] == 2
        assert left(tmp_path, "late sent 1") is None
        crashed = [each["outcome"] for each in (await ended(engine, safe))["history"]]
        assert crashed == ["crashed", "crashed", "succeeded"]
        await ended(engine, here)


async def test_attempts_outlive_the_process_that_decided_and_every_connection(
    url: str, start: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = str(tmp_path)
    monkeypatch.setattr(workers, "LEASE_S", LONG)
    monkeypatch.setattr(server_link, "ORPHANED_S", 0.0)

    first = forked.start([], DECIDE.format(url, folder))
    assert first.stdin is not None
    assert first.stdout is not None
    with first.stdin, first.stdout:
        worker = start()
        await later(lambda: left(tmp_path, "here 1"))
        async with deciding(url) as engine:
            plain = await engine.add_task_async(tasks.waits, folder, "there")
            crossed = await engine.add_task_async(tasks.crosses_async, folder)
            await later(lambda: left(tmp_path, "there 1") == worker.pid)
            first.kill()
            first.wait()
            await later(lambda: engine.is_running)
            end_sessions(url)
            (tmp_path / "end").touch()
            for each in (plain, crossed):
                told = await ended(engine, each)
                assert (told["result"], told["attempt"]) == (worker.pid, 1)
    worker.terminate()
    assert worker.wait() == 0


async def test_a_limit_of_3_holds_over_three_workers(
    url: str, start: Start, tmp_path: Path
) -> None:

    async with deciding(url) as engine:
        workers = [start() for _ in range(3)]
        await known(url, 3)
        add = engine.add_task_async
        added = [await add(tasks.enters, str(tmp_path), number) for number in range(60)]
        told = [await ended(engine, each) for each in added]
        assert max(each["result"] for each in told) == 3
        where = {attempt["worker"] for each in told for attempt in each["history"]}
        assert len(where) >= 3
        assert left(tmp_path, "in") is None
        for worker in workers:
            worker.terminate()
        assert [worker.wait() for worker in workers] == [0, 0, 0]


async def test_a_worker_that_could_not_be_taken_out_gets_orders_again(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workers, "LOOK_S", 0.1)
    monkeypatch.setattr(workers, "LEASE_S", LONG)
    offer = WorkerOffer("w.1", frozenset(), frozenset(), {"io": 3}).encode()
    refused: list[str] = []

    def bury(group: Group, worker: str, beat: int | None) -> bool:
        if worker != "w.1":
            return False
        group.part(Workers).offers.pop(worker, None)
        monkeypatch.setattr(workers, "LEASE_S", LONG)
        refused.append(worker)
        raise errors.DiskFull

    async with deciding(url) as engine:

        def slots() -> int:
            return engine.measures().lanes["io"]["slots"]

        with closing(Connection(url)) as session:
            older = offer.replace('"variables"', '"others"')
            for name, told in (("u.1", older), ("v.1", "unreadable"), ("w.1", offer)):
                session.execute(orders.JOIN, (name, "a worker", told)).fetchall()
        await later(lambda: slots() == 4)
        assert [each["name"] for each in engine.processes()] == ["", "a worker"]
        assert engine.processes()[1]["lanes"] == {"io": {"slots": 3, "busy": 0}}
        monkeypatch.setattr(workers, "bury", bury)
        monkeypatch.setattr(workers, "LEASE_S", 0.0)
        await later(lambda: refused and slots() == 4)


def test_a_worker_for_certain_queues_offers_only_their_task_functions() -> None:
    offers = [offer_of(registry(), [tasks.__name__], queues) for queues in ([], ["narrow"])]
    found = [(sorted(each.functions), sorted(each.packages)) for each in offers]
    assert found == [(["narrow", "work"], ["tests"]), (["narrow"], [])]


async def test_what_only_a_worker_has_is_submitted_by_its_name_in_any_process(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workers, "LEASE_S", LONG)
    there = describe(len, "there", title="Only there")
    told = {"there": tell(there) or {}}
    offer = WorkerOffer("w.1", frozenset(told), frozenset(), {"io": 3}, told).encode()

    def knows(engine: Engine) -> bool:
        with suppress(UnknownTask):
            return engine.spec_of("there").title == "Only there"
        return False

    async with deciding(url) as first, deciding(url) as second:
        assert (first.is_running, second.is_running) == (True, False)
        with closing(Connection(url)) as session:
            session.execute(orders.JOIN, ("w.1", "a worker", offer)).fetchall()
        await later(lambda: knows(second))
        assert ((await second.add_task_async("there", [1])).number, count(url, "orders")) == (1, 1)


WORKER = "w.1"


async def test_what_is_applied_is_not_looked_for_again(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Notifications come late: what one tells of may have been applied with what came before."""
    for name in ("LOOK_S", "ALONE_S", "LEASE_S"):
        monkeypatch.setattr(workers, name, LONG)
    taken: list[int] = []
    ahead: list[object] = []
    waits = [0]
    take, wait, ask = workers.take, ServerLink.wait, Inbox.ask

    def asked(inbox: Inbox, request: Request) -> None:
        if request.verb is workers.take:
            ahead.append(request.ahead)
        ask(inbox, request)

    def counted(group: Group) -> list[workers.NotedRow]:
        rows = take(group)
        taken.append(len(rows))
        return rows

    async def heard(link: ServerLink, seconds: float) -> bool:
        waits.append(waits[-1] + (seconds == LONG))
        return await wait(link, seconds)

    monkeypatch.setattr(workers, "take", counted)
    monkeypatch.setattr(Inbox, "ask", asked)
    monkeypatch.setattr(ServerLink, "wait", heard)
    monkeypatch.setattr(AppRegistry, "add_described", lambda _: None)  # other tests' modules
    app = FastAPI()
    engine = install(app, database=url, io_slots=1, monitor=False)
    offer = WorkerOffer(WORKER, frozenset(), frozenset(), {"io": 3}).encode()
    row = {"number": 1, "task_id": 7, "attempt": 1, "kind": "log", "told": ""}

    async with app.router.lifespan_context(app):
        with closing(Connection(url)) as session:
            session.execute(orders.JOIN, (WORKER, "a worker", offer)).fetchall()
            await later(lambda: engine.measures().lanes["io"]["slots"] == 4)
            session.execute(orders.NOTE, (WORKER, json.dumps([row]))).fetchall()
            await later(lambda: taken == [1])
            for _ in range(3):
                before = waits[-1]
                told = (orders.NOTED, f"{WORKER} 1")
                session.execute("SELECT pg_notify(?, ?)", told).fetchall()
                await later(lambda: waits[-1] > before)  # noqa: B023 - awaited here
        assert taken == [1]
        assert ahead == [workers.ask_for_notes], "no group waits for what they have yet to note"


async def test_after_a_refused_group_workers_are_looked_for_though_more_was_noted(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("LOOK_S", "ALONE_S", "LEASE_S"):
        monkeypatch.setattr(workers, name, LONG)
    monkeypatch.setattr(AppRegistry, "add_described", lambda _: None)  # other tests' modules
    app = FastAPI()
    engine = install(app, database=url, io_slots=1, monitor=False)
    offer = WorkerOffer(WORKER, frozenset(), frozenset(), {"io": 3}).encode()
    met: list[str] = []
    take, meet = workers.take, workers.meet

    def meet_and_say(group: Group) -> list[str]:
        met.append(WORKER)
        return meet(group)

    monkeypatch.setattr(workers, "meet", meet_and_say)

    async with app.router.lifespan_context(app):
        with closing(Connection(url)) as session:

            def notify(number: int) -> None:
                told = (orders.NOTED, f"{WORKER} {number}")
                session.execute("SELECT pg_notify(?, ?)", told).fetchall()

            def refuse(_: Group) -> list[workers.NotedRow]:
                monkeypatch.setattr(workers, "take", take)
                notify(2)
                raise Busy(1.0)

            session.execute(orders.JOIN, (WORKER, "a worker", offer)).fetchall()
            await later(lambda: engine.measures().lanes["io"]["slots"] == 4)
            before = len(met)
            monkeypatch.setattr(workers, "take", refuse)
            notify(1)
            await later(lambda: len(met) > before)
