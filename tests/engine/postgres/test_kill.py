"""Processes that are frozen and killed: what was accepted is done, and never twice."""

from __future__ import annotations

import asyncio
import json
import signal
import sys
import threading
from collections import Counter
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import psycopg
import pytest
from fastapi import FastAPI

from desktop.engine import CURRENT, TaskContext
from desktop.engine.errors import EngineError
from desktop.engine.fastapi import install
from desktop.engine.processes import server_link
from tests import forked
from tests.forked import Process
from tests.looking import eventually

SLOTS = 8
CALLERS = 4
OPEN = "SELECT 1 FROM sendoff.tasks WHERE state NOT IN ('succeeded', 'uncertain') LIMIT 1"
SERVE = "from tests.engine.postgres.test_kill import serve; serve({!r}, {!r}, {}, {})"


def send(path: str, number: int, ctx: TaskContext = CURRENT) -> None:
    ctx.point_of_no_return()
    with Path(path).open("ab", buffering=0) as sent:
        sent.write(b"%d\n" % number)


def serve(url: str, path: str, first: int, callers: int) -> None:
    """Serve an app that adds tasks until its standard input closes, and says which it could."""
    patched = pytest.MonkeyPatch()
    for name, seconds in {
        "LOOK_S": 0.2,
        "AGAIN_S": 0.1,
        "ORPHANED_S": 0.5,
        "FROZEN_S": 2.0,
    }.items():
        patched.setattr(server_link, name, seconds)
    app, closing = FastAPI(), threading.Event()
    engine = install(app, database=url, io_slots=SLOTS)

    async def add(caller: int) -> None:
        number = first + caller
        while not closing.is_set():
            try:
                await engine.add_task_async(send, path, number)
            except EngineError:
                await asyncio.sleep(0.1)  # it may have been accepted: that number is not used again
            else:
                print(number, flush=True)
            number += callers

    def wait_for_end() -> None:
        sys.stdin.read()
        closing.set()

    async def run() -> None:
        async with app.router.lifespan_context(app):
            await asyncio.gather(*map(add, range(callers)), asyncio.to_thread(wait_for_end))

    asyncio.run(run())
    raise SystemExit


class Part:
    """One of the processes; ``accepted`` are the tasks it has added."""

    def __init__(
        self, held: ExitStack, url: str, path: Path, first: int, callers: int = CALLERS
    ) -> None:
        self.process: Process = forked.start([], SERVE.format(url, str(path), first, callers))
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        for pipe in (self.process.stdin, self.process.stdout):
            held.enter_context(pipe)
        held.callback(self.process.wait)
        held.callback(self.process.kill)
        self.accepted: list[int] = []

    def adds(self, more: int) -> None:
        """Wait until it has added so many more."""
        assert self.process.stdout is not None
        for _ in range(more):
            self.accepted.append(int(self.process.stdout.readline()))

    def leave(self) -> None:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.close()
        self.accepted += map(int, self.process.stdout.read().split())
        self.process.wait()


@pytest.mark.long
def test_what_was_accepted_is_done_once_or_uncertain(url: str, tmp_path: Path) -> None:
    sent = tmp_path / "sent"

    def ask(question: str) -> Any:
        with psycopg.connect(url) as connection:
            return connection.execute(question.encode()).fetchall()

    with ExitStack() as held:
        first = Part(held, url, sent, 0)
        first.adds(20)
        second = Part(held, url, sent, 1_000_000)
        second.adds(20)
        first.process.send_signal(signal.SIGSTOP)
        second.adds(60)  # some wait for an answer until it has taken over
        first.process.send_signal(signal.SIGCONT)
        first.adds(60)  # by submitting them to the second
        second.process.kill()
        first.adds(60)
        eventually(lambda: not ask("SELECT 1 FROM sendoff.handed"))
        first.leave()
        last = Part(held, url, sent, 0, callers=0)
        eventually(lambda: not ask(OPEN))
        last.leave()
    states = {
        json.loads(arguments)[0][1]: state
        for arguments, state in ask("SELECT arguments, state FROM sendoff.tasks")
    }
    done = Counter(map(int, sent.read_text().split()))
    assert {*first.accepted, *second.accepted} <= states.keys()
    assert max(done.values()) == 1
    succeeded = {number for number, state in states.items() if state == "succeeded"}
    assert succeeded <= done.keys()
    assert sum(state == "uncertain" for state in states.values()) <= 2 * SLOTS
