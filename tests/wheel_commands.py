"""Each command of ``sendoff-tasks`` against a small app, as the wheel installs both."""

from __future__ import annotations

import json
import signal
import subprocess
import time
from typing import TYPE_CHECKING, Any, Final

import httpx

from tests.benchmarks.peers.services import is_installed

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

APP: Final = """
import time

from fastapi import FastAPI

from sendoff_tasks import CURRENT, TaskContext, Uncertain, install, task

app = FastAPI()
install(app, data_dir="data")


@task
def greet(name: str) -> str:
    return f"hello {name}"


@task(retry=1)
def fails() -> None:
    raise ValueError("no paper")


@task(retry=1)
def doubtful() -> None:
    raise Uncertain("no answer")


@task
def waits(ctx: TaskContext = CURRENT) -> None:
    while True:
        ctx.check_cancelled()
        time.sleep(0.05)


@task(cron="0 7 * * *")
def tidy() -> None:
    pass
"""
WITHIN: Final = 60.0


class Commands:
    """Runs commands in an app's folder, and reads what they say."""

    def __init__(self, programs: Path, folder: Path) -> None:
        self.programs = programs
        self.folder = folder
        self.tried: set[str] = set()

    def line(self, *words: str) -> list[str]:
        """Return a command line on the folder's tasks."""
        self.tried.add(words[0])
        return [str(self.programs / "sendoff-tasks"), *words, "--data-dir", "data"]

    def __call__(self, *words: str) -> str:
        """Run a command that has to succeed; returns what it prints."""
        told = subprocess.run(self.line(*words), cwd=self.folder, capture_output=True, text=True)
        assert told.returncode == 0, told
        return told.stdout

    def start(self, name: str, *arguments: str) -> str:
        """Have a task run; returns its number."""
        found = [word for word in self("run", name, *arguments).split() if word.isdigit()]
        assert len(found) == 1, found
        return found[0]

    def show(self, number: str) -> dict[str, Any]:
        """Return a task."""
        task: dict[str, Any] = json.loads(self("show", number, "--json"))
        return task

    def until(self, number: str, state: str, attempt: int = 0) -> None:
        """Wait until a task is in a state."""
        wait_for(lambda: _is_so(self.show(number), state, attempt))


def _is_so(task: dict[str, Any], state: str, attempt: int) -> bool:
    return bool(task["state"] == state and task["attempt"] >= attempt)


def wait_for(holds: Callable[[], bool]) -> None:
    """Wait until something holds."""
    latest = time.monotonic() + WITHIN
    while not holds():
        assert time.monotonic() < latest, holds
        time.sleep(0.1)


def try_commands(programs: Path, folder: Path, names: set[str]) -> None:
    """Try each command of tasks; ``folder`` has the app that is served."""
    run = Commands(programs, folder)
    greeting = run.start("greet", "--arg", "name=Ada")
    run.until(greeting, "succeeded")
    assert f"{greeting}  succeeded" in run("tasks")
    assert "hello Ada" in run("show", greeting)
    failing = run.start("fails")
    run.until(failing, "failed")
    run("retry", failing)
    run.until(failing, "failed", attempt=2)
    unsure = run.start("doubtful")
    run.until(unsure, "uncertain")
    run("resolve", unsure, "--outcome", "done")
    run.until(unsure, "succeeded")
    endless = run.start("waits")
    run.until(endless, "running")
    run("cancel", endless)
    run.until(endless, "cancelled")
    run("pause", "greet")
    later = run.start("greet", "--arg", "name=Bo")
    assert "Queue greet paused since" in run("tasks")
    _undo(run, later)
    run("resume", "greet")
    run.until(later, "succeeded")
    assert "tidy" in run("schedules")
    run("schedules", "run", "tidy")
    _watch(run)
    assert run("token", "add", "desk").strip()
    assert "desk" in run("token", "list")
    run("token", "remove", "desk")
    run("doctor")
    assert endless in run("acts", "cancel")
    assert "http://127.0.0.1" in run("monitor")
    run.tried.add("check")
    check = [str(programs / "sendoff-tasks"), "check", "desk:app"]
    checked = subprocess.run(check, cwd=folder, capture_output=True, text=True)
    assert checked.returncode == 0, checked
    _on_server(run)
    assert run.tried == names, run.tried ^ names
    print(f"sendoff-tasks: {len(names)} commands were tried", flush=True)


def _undo(run: Commands, number: str) -> None:
    """Take back a cancel that still waits."""
    (file,) = run.folder.glob("data/**/backend.json")
    address = json.loads(file.read_text(encoding="utf-8"))
    head = {"Authorization": f"Bearer {address['token']}"}
    body = {"action": "cancel", "ids": [int(number)], "delay": WITHIN}
    answer = httpx.post(f"{address['url']}/tasks/bulk", json=body, headers=head)
    assert answer.status_code < 300, answer.text
    run("undo")
    assert run.show(number)["state"] == "queued"


def _watch(run: Commands) -> None:
    """See a change while it happens."""
    with subprocess.Popen(
        run.line("watch"), cwd=run.folder, stdout=subprocess.PIPE, text=True
    ) as watching:
        assert watching.stdout is not None
        assert "Watching" in watching.stdout.readline()
        number = run.start("greet", "--arg", "name=Cleo")
        assert number in watching.stdout.readline()
        watching.send_signal(signal.SIGINT)
        assert watching.wait(WITHIN) == 0


def _on_server(run: Commands) -> None:
    """Make the tables on a server, and have a worker wait for tasks there; else see it say why."""
    if not is_installed("postgres"):
        for name in ("migrate", "worker"):
            line = [*run.line(name), "--database", "postgresql://127.0.0.1:1/none"]
            told = subprocess.run(line, cwd=run.folder, capture_output=True, text=True)
            assert told.returncode == 1, told
            assert told.stderr, told
        print("sendoff-tasks: no PostgreSQL here, so migrate and worker only say so", flush=True)
        return
    from tests.engine.postgres.server import serving

    with serving() as server:
        url = server.empty()
        run("migrate", "--database", url)
        line = [*run.line("worker"), "--database", url, "--import", "desk"]
        with subprocess.Popen(line, cwd=run.folder, stderr=subprocess.PIPE, text=True) as worker:
            assert worker.stderr is not None
            said = worker.stderr.readline()
            worker.terminate()
            assert worker.wait(WITHIN) == 0
        assert "the worker waits until" in said, said
