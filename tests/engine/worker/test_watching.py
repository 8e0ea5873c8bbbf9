"""Workers seen by the process that decides: what they note is looked for when there is some."""

from __future__ import annotations

import json
from contextlib import closing

import pytest
from fastapi import FastAPI

from desktop.engine.errors import Busy
from desktop.engine.fastapi import install
from desktop.engine.fastapi.app_registry import AppRegistry
from desktop.engine.functions.worker_offer import WorkerOffer
from desktop.engine.postgres import orders
from desktop.engine.postgres.connection import Connection
from desktop.engine.processes import workers
from desktop.engine.processes.server_link import ServerLink
from desktop.engine.transaction.group import Group
from desktop.engine.transaction.replies import Request
from desktop.engine.writer.writer import Inbox
from tests.engine.processes.looking import later

pytestmark = pytest.mark.anyio

LONG = 1000.0
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
