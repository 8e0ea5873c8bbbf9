"""What ``kill -9`` loses, beside three others: ``python -m tests.killed``.

Each app answers 20 requests, each of which adds a task of three seconds. Then the app, and its
worker if it has one, is killed and started again. Every one of them keeps tasks in a file of
SQLite, if at all. The newest version of each is installed into an environment of its own. Exit
status 1 if a task of ours was lost.
"""

from __future__ import annotations

import argparse
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import httpx

from tests.environments import fresh_environment

if TYPE_CHECKING:
    from collections.abc import Iterator

LIBRARY: Final = Path(__file__).resolve().parents[1] / "desktop" / "library"
TASKS: Final = 20
PATIENCE_S: Final = 15.0
"""How long after the second start no further task may end before the rest counts as lost."""
WORK: Final = """
import time


def work(number: int) -> None:
    time.sleep(3)
    with open("done", "a") as done:
        done.write(f"{number}\\n")
"""
PLAIN: Final = """
from fastapi import BackgroundTasks, FastAPI
from work import work

app = FastAPI()


@app.post("/{number}")
def add(number: int, background_tasks: BackgroundTasks) -> None:
    background_tasks.add_task(work, number)
"""
OURS: Final = PLAIN.replace(
    "from fastapi import BackgroundTasks, FastAPI",
    "from fastapi import FastAPI\n"
    "from sendoff_tasks import DurableTasks as BackgroundTasks, install",
).replace("app = FastAPI()", 'app = FastAPI()\ninstall(app, data_dir="data")')
TASKFLOW: Final = PLAIN.replace(
    "from work import work",
    "from fastapi_taskflow import TaskAdmin, TaskManager\nimport work as module",
).replace(
    "app = FastAPI()",
    'tasks = TaskManager(snapshot_db="tasks.db", snapshot_interval=0.2, requeue_pending=True)\n'
    "app = FastAPI()\n"
    "TaskAdmin(app, tasks, auto_install=True)\n"
    "work = tasks.task(persist=True, requeue_on_interrupt=True)(module.work)",
)
HUEY: Final = """
from fastapi import FastAPI
from huey import SqliteHuey
import work

app = FastAPI()
huey = SqliteHuey(filename="huey.db", fsync=True)
work = huey.task()(work.work)


@app.post("/{number}")
def add(number: int) -> None:
    work(number)
"""


@dataclass(frozen=True)
class Contender:
    """A program under the same work: its package, its app, and the command of its worker."""

    name: str
    package: str
    app: str
    worker: tuple[str, ...] = ()


CONTENDERS: Final = (
    Contender("sendoff-tasks", "sendoff-tasks", OURS),
    Contender("BackgroundTasks", "fastapi", PLAIN),
    Contender("fastapi-taskflow", "fastapi-taskflow", TASKFLOW),
    Contender("Huey, 4 workers", "huey", HUEY, ("huey_consumer", "main.huey", "-w", "4")),
)


def main() -> int:
    """Run each of them, and print what it has done; returns 0 if ours has lost nothing."""
    with tempfile.TemporaryDirectory(prefix="sendoff-killed-") as scratch:
        folder = Path(scratch)
        programs = fresh_environment(folder / "all", LIBRARY, "fastapi-taskflow", "huey")
        lost = {}
        print(
            "| | version | answered | run | of them twice | lost |\n"
            "| --- | --- | --: | --: | --: | --: |"
        )
        for each in CONTENDERS:
            ended = _ended(each, programs, folder / each.package)
            lost[each.package] = TASKS - len({*ended})
            figures = (TASKS, len({*ended}), len(ended) - len({*ended}), lost[each.package])
            cells = (each.name, _version(programs, each.package), *map(str, figures))
            print(f"| {' | '.join(cells)} |", flush=True)
    return int(lost["sendoff-tasks"] > 0)


def _ended(contender: Contender, programs: Path, folder: Path) -> list[str]:
    """Have requests answered, kill everything, start it again; returns the tasks that ended."""
    folder.mkdir()
    (folder / "work.py").write_text(WORK)
    (folder / "main.py").write_text(contender.app)
    done = folder / "done"
    done.touch()
    with _started(contender, programs, folder) as url:
        for number in range(TASKS):
            httpx.post(f"{url}/{number}", timeout=PATIENCE_S).raise_for_status()
    with _started(contender, programs, folder):
        quiet_since, before = time.monotonic(), 0
        while time.monotonic() < quiet_since + PATIENCE_S:
            ended = done.read_text().split()
            if len({*ended}) == TASKS:
                break
            if len(ended) > before:
                quiet_since, before = time.monotonic(), len(ended)
            time.sleep(0.1)
    return done.read_text().split()


@contextmanager
def _started(contender: Contender, programs: Path, folder: Path) -> Iterator[str]:
    """Start an app and its worker; gives its address. At the end all of it is killed."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    serve = ("uvicorn", "main:app", "--port", port, "--log-level", "error")
    with ExitStack() as held, (folder / "log").open("a") as log:
        for program, *options in filter(None, (contender.worker, serve)):
            process = subprocess.Popen(
                [programs / program, *options],
                cwd=folder,
                stdout=log,
                stderr=log,
                start_new_session=True,
                env={**os.environ, "PYTHONPATH": str(folder)},
            )
            held.callback(process.wait)
            held.callback(os.killpg, process.pid, signal.SIGKILL)
        with httpx.Client(transport=httpx.HTTPTransport(retries=8)) as client:
            client.get(f"http://127.0.0.1:{port}/docs").raise_for_status()
        yield f"http://127.0.0.1:{port}"


def _version(programs: Path, package: str) -> str:
    command = [str(programs / "python"), "-m", "pip", "show", package]
    shown = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    found = re.search(r"^Version: (.*)$", shown, re.MULTILINE)
    return found[1] if found else ""


if __name__ == "__main__":
    argparse.ArgumentParser(prog="python -m tests.killed", description=__doc__).parse_args()
    sys.exit(main())
