"""The examples run as they are told to: killed and started again, and with one import swapped."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from shutil import copytree
from typing import TYPE_CHECKING

import httpx
import pytest

from desktop.client.api import Api, TaskQuery
from desktop.settings.paths import DataFolder, resources
from tests import WITHIN
from tests.looking import backend_of, eventually

if TYPE_CHECKING:
    from collections.abc import Iterator

EXAMPLES = resources() / "examples"
CHECKOUT = Path(__file__).parents[1]
SWAPPED = "from sendoff_tasks import DurableTasks as BackgroundTasks"
PLAIN_APP = """
from fastapi import FastAPI
import notifications
app = FastAPI()
app.include_router(notifications.router)
"""


class App:
    """An app that uvicorn serves in a process of its own."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        assert process.stderr is not None
        running = (re.search(r"running on (http://\S+)", line) for line in process.stderr)
        url = next(found[1] for found in running if found)
        self.client = httpx.Client(base_url=url, trust_env=False, timeout=WITHIN)


@contextmanager
def serve(app: str, folder: Path, cwd: Path) -> Iterator[App]:
    """Serve ``module:app`` of a folder as the examples say, on a port the system picks."""
    command = [sys.executable, "-m", "uvicorn", "--port", "0", "--app-dir", str(folder), app]
    env = {**os.environ, "PYTHONPATH": str(CHECKOUT)}
    with subprocess.Popen(command, cwd=cwd, env=env, text=True, stderr=subprocess.PIPE) as process:
        try:
            served = App(process)
            yield served
            served.client.close()
        finally:
            process.kill()


@contextmanager
def monitor(folder: Path) -> Iterator[Api]:
    """Look at the shop's tasks as the window does."""
    data = DataFolder(folder / "shop-data")
    api = Api(backend_of(data))
    yield api
    api.close()


def test_the_shop_goes_on_after_a_kill(tmp_path: Path) -> None:
    folder = copytree(EXAMPLES, tmp_path / "examples")
    with serve("shop:app", folder, tmp_path) as shop, monitor(folder) as api:
        answer = shop.client.post("/orders/42", params={"name": "Ada", "seats": 2})
        assert answer.json() == {"order": 42}
        eventually(lambda: api.stats()["counts"]["running"])
        shop.process.send_signal(signal.SIGKILL)
        shop.process.wait(WITHIN)
    assert not (folder / "shop-tickets").exists()
    with serve("shop:app", folder, tmp_path), monitor(folder) as api:
        eventually(lambda: api.stats()["counts"]["succeeded"])
        (row,) = api.page(TaskQuery())["tasks"]
        detail = api.task(row["id"])
    assert (folder / "shop-tickets" / "order-42.txt").read_text() == "Ada, seat 1\nAda, seat 2\n"
    assert detail["title"] == "Tickets: 42, Ada, 2"
    assert detail["result"] == "order-42.txt"
    assert [attempt["outcome"] for attempt in detail["history"]] == ["crashed", "succeeded"]


def plain(folder: Path) -> Path:
    """Write the example as it was before the one import was changed."""
    source = (EXAMPLES / "notifications.py").read_text()
    assert source.count(SWAPPED) == 1
    before = source.replace(SWAPPED, "from fastapi import BackgroundTasks")
    folder.mkdir()
    (folder / "notifications.py").write_text(before)
    (folder / "plain.py").write_text(PLAIN_APP)
    return folder


@pytest.mark.parametrize("durable", [True, False])
def test_code_for_background_tasks_needs_another_import_only(tmp_path: Path, durable: bool) -> None:
    app = "shop:app" if durable else "plain:app"
    folder = copytree(EXAMPLES, tmp_path / "app") if durable else plain(tmp_path / "app")
    with serve(app, folder, tmp_path) as served:
        answer = served.client.post("/notifications/ada@example.org")
        assert answer.json() == {"message": "Notification sent in the background"}
        written = tmp_path / "notifications.txt"
        eventually(lambda: written.exists() and written.read_text())
        assert written.read_text() == "ada@example.org: welcome\n"
