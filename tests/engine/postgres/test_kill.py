"""Processes that are frozen and killed, of two versions: all is done, and nothing twice."""

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

from sendoff_tasks import CURRENT, TaskContext
from sendoff_tasks.errors import EngineError
from sendoff_tasks.fastapi import install
from sendoff_tasks.processes import server_link
from tests import forked
from tests.engine.schedules.__main__ import Year
from tests.engine.survival.shop_process import open_shop
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


APP = """
import socket
import uvicorn
from fastapi import FastAPI
from sendoff_tasks.fastapi import DurableTasks, install
from sendoff_tasks.processes import server_link

server_link.ORPHANED_S = 0.2
app = FastAPI()
install(app, database={url!r}, monitor=False)

@app.post("/{{function}}/{{name}}")
async def create(function: str, name: str, background_tasks: DurableTasks) -> None:
    import letters
    background_tasks.add_task(getattr(letters, function), name)

if __name__ == "__main__":
    listener = socket.create_server(("127.0.0.1", 0))
    print(listener.getsockname()[1], flush=True)
    uvicorn.Server(uvicorn.Config(app, log_level="error")).run(sockets=[listener])
"""
LETTERS = """
import pathlib, threading
from sendoff_tasks import task

@task
def greet(name):
    say("greet", name)

@task
def {own}(name):
    print("began", flush=True)
    while not pathlib.Path({place!r}, "go").exists():
        threading.Event().wait(0.01)
    say({own!r}, name)

def say(what, name):
    with pathlib.Path({place!r}, "said").open("a") as file:
        file.write(what + " " + name + "\\n")
"""


@pytest.fixture
def versions(url: str, tmp_path: Path) -> tuple[Path, Path]:
    """Write an app twice: each version greets, and has another function of its own."""
    folders = tmp_path / "old", tmp_path / "new"
    for folder, own in zip(folders, ("part", "welcome"), strict=True):
        folder.mkdir()
        (folder / "app.py").write_text(APP.format(url=url))
        (folder / "letters.py").write_text(LETTERS.format(own=own, place=str(tmp_path)))
    return folders


def states(url: str) -> dict[str, tuple[str, str | None]]:
    """Tell the state and reason of each task, by its function and argument."""
    rows = "SELECT f.name, arguments::jsonb->0->>0, state, reason FROM sendoff.tasks"
    with psycopg.connect(url) as connection:
        found: Any = connection.execute(
            f"{rows} JOIN sendoff.functions AS f ON f.id = function".encode()
        )
        return {f"{name} {to}": (state, why) for name, to, state, why in found}


def waits_for_code(url: str, task: str) -> bool:
    state, why = states(url).get(task, ("", None))
    return state == "waiting" and why is not None


@pytest.mark.long
def test_what_one_version_lacks_waits_for_the_other_and_each_runs_once(
    url: str, versions: tuple[Path, Path], tmp_path: Path
) -> None:
    old, new = versions

    def done(*tasks: str) -> bool:
        found = states(url)
        return all(found.get(task, ("",))[0] == "succeeded" for task in tasks)

    with open_shop(old, "app.py", cwd=old) as first, open_shop(new, "app.py", cwd=new) as second:
        first.post("/greet/ada")
        second.post("/greet/bob")
        second.post("/welcome/cyd")
        eventually(lambda: done("greet ada", "greet bob"))
        eventually(lambda: waits_for_code(url, "welcome cyd"))
        first.post("/part/dan")
        assert first.said() == "began"
        first.process.kill()
        first.process.wait()
        assert second.said() == "began"
        eventually(lambda: waits_for_code(url, "part dan"))
        with open_shop(old, "app.py", cwd=old) as third:
            third.post("/greet/eve")
            eventually(lambda: done("greet eve"))
            second.process.kill()
            second.process.wait()
            assert third.said() == "began"
            eventually(lambda: waits_for_code(url, "welcome cyd"))
            worker = forked.start(["worker", "--database", url, "--import", "letters"], cwd=new)
            assert worker.stdin is not None
            assert worker.stdout is not None
            with worker.stdin, worker.stdout:
                (tmp_path / "go").touch()
                eventually(lambda: done("welcome cyd", "part dan"))
                worker.terminate()
                assert worker.wait() == 0
    assert {state for state, _ in states(url).values()} == {"succeeded"}
    said = Counter((tmp_path / "said").read_text().splitlines())
    assert said == Counter(states(url).keys())


@pytest.mark.long
def test_of_four_processes_one_makes_what_is_due_also_where_it_is_killed_meanwhile(
    url: str, tmp_path: Path
) -> None:
    year = Year(tmp_path, 3, url)
    try:
        assert year.play(kill_every=2, days=3)
    finally:
        year.stop()
    assert year.kills > 1
