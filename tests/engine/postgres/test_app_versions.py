"""Two versions of an app at once: what only one can run waits for it, and nothing is lost."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests import forked
from tests.engine.survival.shop_process import open_shop
from tests.looking import eventually

APP = """
import socket
import uvicorn
from fastapi import FastAPI
from desktop.engine.fastapi import DurableTasks, install
from desktop.engine.processes import server_link

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
from desktop.engine import task

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
