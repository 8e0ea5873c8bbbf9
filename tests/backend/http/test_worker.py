"""Workers of a backend with items: what only they have is submitted, run there, or waits."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from desktop import cli
from desktop.backend.application import create_app
from desktop.backend.composition import running_services
from desktop.settings.office_folder import OfficeFolder
from sendoff_tasks.facade.opening import APP, reserve
from sendoff_tasks.shell.tasks import lines
from sendoff_tasks.words.table import ENGLISH
from tests import forked
from tests.backend.conftest import PORT, TOKEN, client_of, task_ids
from tests.engine.processes.looking import later
from tests.forked import Process

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("app_alone")]
OWN = """
import os
from datetime import date
from sendoff_tasks import task
from sendoff_tasks.words.table import ENGLISH

@task(title="Weigh all", queue="scales")
def weighs(month: date, copies: int = 1) -> list:
    "Weigh what came in a month."
    return [os.getpid(), month.year, copies]

@task
def stamps(item_id: int) -> int:
    return os.getpid()
"""


@pytest.fixture
def database(server: Any) -> str:
    return str(server.database())


@pytest.fixture
def start(database: str, tmp_path: Path) -> Iterator[Callable[[], Process]]:
    """Start workers by their command, on a data folder of their own with task files."""
    from tests.engine.worker import conftest

    folder = OfficeFolder(tmp_path / "worker")
    folder.create()
    (folder.tasks / "own.py").write_text(OWN)
    with ExitStack() as held:

        def started() -> Process:
            command = ["worker", "--database", database, "--data-dir", str(folder.root)]
            return held.enter_context(forked.running(command, b"worker: 2.", conftest.FASTER))

        yield started


async def test_what_only_workers_have_is_submitted_and_run_by_them(
    folder: OfficeFolder, database: str, start: Callable[[], Process]
) -> None:
    with running_services(folder, database) as services:

        def state(number: int) -> str:
            return services.engine.task(number)["state"]

        async with client_of(create_app(services, token=TOKEN, port=PORT)) as client:
            weigh = {"task": "weighs", "kwargs": {"month": "2026-05-01"}}
            assert (await client.post("/tasks", json=weigh)).status_code == 422
            worker = start()
            await later(lambda: services.registry.get("stamps"))
            functions = (await client.get("/functions")).json()["functions"]
            known = {each["name"]: each for each in functions}
            assert known["weighs"]["parameters"]["properties"]["month"]["format"] == "date"
            assert (known["weighs"]["title"], known["stamps"]["takes_item"]) == ("Weigh all", True)
            weighed = (await client.post("/tasks", json=weigh)).json()["id"]
            wrong = {"task": "weighs", "kwargs": {"month": "May"}}
            assert (await client.post("/tasks", json=wrong)).status_code == 422
            item = {"recipient": {"email": "ada@example.org"}, "tasks": ["stamps"]}
            (stamped,) = task_ids(await client.post("/items/1", json=item))
            await later(lambda: state(weighed) == state(stamped) == "succeeded")
            told = services.engine.task(weighed)
            assert told["result"] == [worker.pid, 2026, 1]
            assert any(f" {worker.pid}" in line for line in lines(told) if " on " in line)

            await client.post("/queues/scales/pause")
            late = (await client.post("/tasks", json=weigh)).json()["id"]
            worker.terminate()
            assert worker.wait() == 0
            await later(lambda: services.registry.get("weighs") is None)
            await client.post("/queues/scales/resume")
            await later(lambda: state(late) == "waiting")
            assert services.engine.task(late)["reason"] == "held_for_function"
            worker = start()
            await later(lambda: state(late) == "succeeded")
            assert services.engine.task(late)["result"] == [worker.pid, 2026, 1]


def test_an_app_s_worker_needs_its_modules(
    database: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["worker", "--data-dir", str(tmp_path), "--database", database]
    reserve(database, APP)
    assert cli.run(command) == 1
    assert ENGLISH.say("app", "no_module") in capsys.readouterr().err
