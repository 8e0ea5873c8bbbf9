"""An app that comes back as another version: tasks it does not know wait, and go on later."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from desktop.client.api import Api, TaskQuery
from desktop.client.health import running_backend
from desktop.contract.tasks import TaskRow
from desktop.settings.paths import DataFolder
from tests import WITHIN
from tests.engine.survival.shop_process import open_shop
from tests.looking import eventually

APP = """
import socket
import uvicorn
from fastapi import FastAPI
from desktop.engine.fastapi import DurableTasks, install

app = FastAPI()
install(app, data_dir="data")

@app.post("/{name}")
async def create(name: str, background_tasks: DurableTasks) -> None:
    import letters
    background_tasks.add_task(letters.greet, letters.Guest(name=name))

if __name__ == "__main__":
    listener = socket.create_server(("127.0.0.1", 0))
    print(listener.getsockname()[1], flush=True)
    uvicorn.Server(uvicorn.Config(app, log_level="error")).run(sockets=[listener])
"""
LETTERS = """
import pathlib, threading
from pydantic import BaseModel
from desktop.engine import task

class Guest(BaseModel):
    name: str

{decorator}
def greet(guest):
    print("greeting", flush=True)
    while not pathlib.Path("go").exists():
        threading.Event().wait(0.01)
    print("hello", guest.name, flush=True)
"""
WAITS = " It waits for its function's return."
GONE = "The function letters:greet cannot be imported: "


def write(folder: Path, *, described: bool, change: Callable[[str], str] = str) -> None:
    """Write the app, which imports its task late: after a restart the engine does."""
    folder.joinpath("app.py").write_text(APP)
    letters = LETTERS.format(decorator="@task" if described else "")
    folder.joinpath("letters.py").write_text(change(letters))


def only_row(folder: Path, state: str) -> TaskRow:
    """Look through the monitor until the one task there is comes to a state."""
    data = DataFolder(folder / "data")

    def look() -> TaskRow | None:
        backend = running_backend(data)
        if backend is None:
            return None
        with closing(Api(backend)) as api:
            (row,) = api.page(TaskQuery())["tasks"]
        return row if row["state"] == state else None

    return eventually(look)


@pytest.mark.parametrize(
    ("described", "change", "why"),
    [
        (
            True,
            lambda letters: letters.replace("def greet", "def welcome"),
            f"{GONE}ImportError: letters:greet is not there any more.{WAITS}",
        ),
        (
            False,
            lambda letters: f"raise RuntimeError('out of ink')\n{letters}",
            f"{GONE}RuntimeError: out of ink.{WAITS}",
        ),
        (
            True,
            lambda letters: letters.replace("(guest)", "(guest, table)"),
            "Its function takes other arguments now: missing a required argument: 'table'.",
        ),
    ],
)
def test_a_task_of_another_version_waits_for_it(
    tmp_path: Path, described: bool, change: Callable[[str], str], why: str
) -> None:
    write(tmp_path, described=described)
    with open_shop(tmp_path, "app.py", cwd=tmp_path) as app:
        app.post("/ada")
        assert app.said() == "greeting"
        app.process.kill()
        app.process.wait(WITHIN)
    (tmp_path / "go").touch()
    write(tmp_path, described=described, change=change)
    with open_shop(tmp_path, "app.py", cwd=tmp_path):
        row = only_row(tmp_path, "waiting")
        assert (row["why"], row["run_at"]) == (why, None)
    write(tmp_path, described=described)
    with open_shop(tmp_path, "app.py", cwd=tmp_path) as app:
        assert [app.said(), app.said()] == ["greeting", "hello ada"]
        assert only_row(tmp_path, "succeeded")["error"] is None
