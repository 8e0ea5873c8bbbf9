"""kill -9, stops that run out of time, another version: nothing is lost, and nothing runs twice."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
from collections import Counter
from contextlib import closing, suppress
from http.client import HTTPConnection
from pathlib import Path

import pytest

from desktop.client.api import Api
from sendoff_tasks import TaskContext, task
from sendoff_tasks.client.calls import SortedFilter
from sendoff_tasks.client.health import running_backend
from sendoff_tasks.facade.engine import Engine
from sendoff_tasks.facade.running_engine import EngineConfig
from sendoff_tasks.folder.paths import DataFolder
from sendoff_tasks.functions.registry import Registry
from sendoff_tasks.model.states import OPEN
from sendoff_tasks.model.tasks import TaskRow
from sendoff_tasks.store.errors import StoreInUse
from tests import WITHIN, forked
from tests.engine.survival.shop_process import Shop, open_shop
from tests.looking import eventually

SLOTS = 32

CHILD = """
import sys, threading
from pathlib import Path
from tests.engine.survival.test_kill import start

engine = start(Path(sys.argv[1]))
lock = threading.Lock()

def submit(caller):
    for n in range(1000):
        number = engine.add_task("send", caller * 1000 + n).number
        with lock:
            print(number, caller * 1000 + n, flush=True)

print("begins", flush=True)
for caller in range(7):
    threading.Thread(target=submit, args=(caller,)).start()
submit(7)
threading.Event().wait()
"""


def start(folder: Path) -> Engine:
    """Start an engine whose one task writes its number into a file, once."""

    @task(name="send")
    def send(number: int, ctx: TaskContext) -> None:
        ctx.point_of_no_return()
        with (folder / "sent").open("ab", buffering=0) as sent:
            sent.write(b"%d\n" % number)

    known = Registry()
    known.add(send)
    engine = Engine(EngineConfig(folder / "store.db", known, io_slots=SLOTS))
    engine.start()
    return engine


@pytest.mark.parametrize("enough", [1, 300])
def test_every_accepted_task_is_done_once_or_uncertain(tmp_path: Path, enough: int) -> None:
    (tmp_path / "sent").touch()  # the kill may come before anything was sent
    accepted = accept_until_killed(tmp_path, enough)
    engine = start(tmp_path)
    eventually(lambda: not is_any_open(engine))
    told = {number: engine.task(number) for number in accepted}
    counts = engine.stats()["counts"]
    engine.stop()
    sent = Counter(map(int, (tmp_path / "sent").read_text().split()))
    for number, argument in accepted.items():
        assert told[number]["args"] == [argument]
        if told[number]["state"] == "succeeded":
            assert sent[argument] == 1
        else:
            assert told[number]["state"] == "uncertain"
    assert max(sent.values(), default=1) == 1
    assert counts["uncertain"] <= SLOTS


def is_any_open(engine: Engine) -> bool:
    counts = engine.stats()["counts"]  # all of one moment: a task that begins leaves none unseen
    return any(counts[state] for state in OPEN)


def accept_until_killed(folder: Path, enough: int) -> dict[int, int]:
    """Return number and argument of every task the dead process had accepted."""
    accepted: dict[int, int] = {}
    with forked.running([str(folder)], b"begins", CHILD) as child:
        assert child.stdout is not None
        for line in child.stdout:
            if line.endswith(b"\n"):  # the last one may be torn
                number, argument = map(int, line.split())
                accepted[number] = argument
            if len(accepted) == enough:
                child.kill()
    return accepted


STOPPING = """
import sys, threading
from pathlib import Path
from sendoff_tasks import task
from sendoff_tasks.facade.engine import Engine
from sendoff_tasks.facade.running_engine import EngineConfig
from sendoff_tasks.functions.registry import Registry
from tests.looking import eventually

begun = threading.Event()

@task(name="send")
def send(number):
    begun.set()
    threading.Event().wait()

known = Registry()
known.add(send)
engine = Engine(EngineConfig(Path(sys.argv[1]) / "store.db", known))
engine.start()
engine.add_task("send", 1)
begun.wait()
print("stops", flush=True)
engine.stop(grace=600)
"""


def test_a_kill_before_the_grace_is_over_does_not_count_as_a_crash(tmp_path: Path) -> None:
    database = tmp_path / "store.db"
    with forked.running([str(tmp_path)], b"stops", STOPPING) as child:
        eventually(lambda: child.poll() is not None or read_stopping(database))
        assert child.poll() is None
    engine = start(tmp_path)
    (first, *_) = engine.task(1)["history"]
    engine.stop()
    assert first["outcome"] == "given back"


def read_stopping(database: Path) -> bool:
    if not database.exists():
        return False
    with closing(sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True)) as connection:
        try:
            rows = connection.execute("SELECT 1 FROM meta WHERE key = 'stopping'").fetchall()
        except sqlite3.OperationalError:  # no table yet
            return False
    return rows != []


def stop_with_a_request_open(shop: Shop, database: Path) -> None:
    """Ask the process to end while a request is open, then kill it, as container hosts do."""
    with closing(HTTPConnection("127.0.0.1", shop.client.base_url.port)) as request:
        request.request("GET", "/poll")
        shop.client.get("/")  # by now the other request is open
        shop.process.send_signal(signal.SIGTERM)
        eventually(lambda: read_stopping(database))
        shop.process.kill()
        shop.process.wait()


def test_three_stops_during_a_long_request_hold_no_task(tmp_path: Path) -> None:
    database = tmp_path / "data/sendoff.db"
    for attempt in range(4):
        with open_shop(tmp_path) as shop:
            if not attempt:
                shop.post("/waits")
            assert shop.said() == "waiting"
            if attempt < 3:
                stop_with_a_request_open(shop, database)
    engine = Engine(EngineConfig(database, Registry(), lanes=False))
    engine.start()
    history = engine.task(1)["history"]
    engine.stop()
    assert [each["outcome"] for each in history] == ["given back"] * 3 + ["crashed"]


ENDING = """
import sys, threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from sendoff_tasks import task
from sendoff_tasks.facade import running_engine
from sendoff_tasks.facade.engine import Engine
from sendoff_tasks.facade.running_engine import EngineConfig
from sendoff_tasks.functions.registry import Registry

running_engine.LAST_S = 0.2
begun = threading.Event()
others = ThreadPoolExecutor(1)

@task
def charge():
    begun.set()
    threading.Event().wait()

known = Registry()
known.add(charge)
engine = Engine(EngineConfig(Path(sys.argv[1]) / "store.db", known))
engine.start()
engine.add_task("charge")
begun.wait()
if sys.argv[2] == "asked":
    engine.note_end(is_to_exit=True)
engine.stop(0)
print("stopped", flush=True)
wait = threading.Event().wait
if sys.argv[2] == "asked":
    wait()
others.submit(wait)
"""


def test_a_process_that_functions_keep_alive_ends_itself_and_frees_its_store(
    tmp_path: Path,
) -> None:
    command = [sys.executable, "-c", ENDING, str(tmp_path / "alone"), "main thread ended"]
    for folder in ("asked", "alone"):
        (tmp_path / folder).mkdir()
    with (
        forked.running([str(tmp_path / "asked"), "asked"], b"stopped", ENDING) as asked,
        subprocess.Popen(command, stdout=subprocess.PIPE) as alone,
    ):
        assert alone.stdout is not None
        assert alone.stdout.readline() == b"stopped\n"
        for child, folder in ((asked, "asked"), (alone, "alone")):
            engine = Engine(EngineConfig(tmp_path / folder / "store.db", Registry(), lanes=False))
            eventually(lambda engine=engine: starts(engine))  # type: ignore[misc]
            assert child.wait(WITHIN) == 1  # it ended first
            assert engine.task(1)["history"][-1]["outcome"] == "given back"
            engine.stop()


def starts(engine: Engine) -> bool:
    with suppress(StoreInUse):
        engine.start()
    return engine.is_running


def test_a_process_goes_on_although_a_function_of_a_stopped_engine_runs(tmp_path: Path) -> None:
    """A notebook, or a test, stops an engine and lives on."""
    script = ENDING.replace("others.submit(wait)", "wait(1); print('lives on'); raise SystemExit")
    done = forked.run([str(tmp_path), "not asked"], script)
    assert done.stdout == "stopped\nlives on\n"


APP = """
import socket
import uvicorn
from fastapi import FastAPI
from sendoff_tasks.fastapi import DurableTasks, install

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

class Guest(BaseModel):
    name: str

def greet(guest):
    print("greeting", flush=True)
    while not pathlib.Path("go").exists():
        threading.Event().wait(0.01)
    print("hello", guest.name, flush=True)
"""
WHY = "The function letters:greet cannot be imported: RuntimeError: out of ink."


def write(folder: Path, first: str = "") -> None:
    """Write the app, which imports its task late: after a restart the engine does."""
    folder.joinpath("app.py").write_text(APP)
    folder.joinpath("letters.py").write_text(f"{first}\n{LETTERS}")


def only_row(folder: Path, state: str) -> TaskRow:
    """Look through the monitor until the one task there is comes to a state."""
    data = DataFolder(folder / "data")

    def look() -> TaskRow | None:
        backend = running_backend(data)
        if backend is None:
            return None
        with closing(Api(backend)) as api:
            (row,) = api.page(SortedFilter())["tasks"]
        return row if row["state"] == state else None

    return eventually(look)


def test_a_task_of_another_version_waits_for_it(tmp_path: Path) -> None:
    write(tmp_path)
    with open_shop(tmp_path, "app.py", cwd=tmp_path) as app:
        app.post("/ada")
        assert app.said() == "greeting"
        app.process.kill()
        app.process.wait(WITHIN)
    (tmp_path / "go").touch()
    write(tmp_path, first="raise RuntimeError('out of ink')")
    with open_shop(tmp_path, "app.py", cwd=tmp_path):
        row = only_row(tmp_path, "waiting")
        assert (row["reason_data"]["text"], row["run_at"]) == (WHY, None)
    write(tmp_path)
    with open_shop(tmp_path, "app.py", cwd=tmp_path) as app:
        assert [app.said(), app.said()] == ["greeting", "hello ada"]
        assert only_row(tmp_path, "succeeded")["error"] is None
