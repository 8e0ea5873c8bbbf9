"""Stops that run out of time: what was cut short is given back, not suspected."""

from __future__ import annotations

import signal
import subprocess
import sys
from contextlib import closing, suppress
from http.client import HTTPConnection
from pathlib import Path

import pytest

from desktop.engine.facade.engine import Engine
from desktop.engine.functions.registry import Registry
from desktop.engine.store.errors import StoreInUse
from tests import WITHIN
from tests.engine.survival.shop_process import Shop, open_shop
from tests.engine.survival.test_kill import read_stopping
from tests.looking import eventually


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
    engine = Engine(database, Registry(), lanes=False)
    engine.start()
    history = engine.task(1)["history"]
    engine.stop()
    assert [each["outcome"] for each in history] == ["given back"] * 3 + ["crashed"]


ENDING = """
import sys, threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from desktop.engine import task
from desktop.engine.facade import running_engine
from desktop.engine.facade.engine import Engine
from desktop.engine.functions.registry import Registry

running_engine.LAST_S = 0.2
begun = threading.Event()
others = ThreadPoolExecutor(1)

@task
def charge():
    begun.set()
    threading.Event().wait()

known = Registry()
known.add(charge)
engine = Engine(Path(sys.argv[1]) / "store.db", known)
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


@pytest.mark.parametrize("how", ["asked", "main thread ended"])
def test_a_process_that_functions_keep_alive_ends_itself_and_frees_its_store(
    tmp_path: Path, how: str
) -> None:
    command = [sys.executable, "-c", ENDING, str(tmp_path), how]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == b"stopped\n"
        engine = Engine(tmp_path / "store.db", Registry(), lanes=False)
        eventually(lambda: starts(engine))
        assert child.wait(WITHIN) == 1  # it ended first
    assert engine.task(1)["history"][-1]["outcome"] == "given back"
    engine.stop()


def starts(engine: Engine) -> bool:
    with suppress(StoreInUse):
        engine.start()
    return engine.is_running


def test_a_process_goes_on_although_a_function_of_a_stopped_engine_runs(tmp_path: Path) -> None:
    """A notebook, or a test, stops an engine and lives on."""
    script = ENDING.replace("others.submit(wait)", "wait(1); print('lives on', flush=True)")
    command = [sys.executable, "-c", script, str(tmp_path), "not asked"]
    assert subprocess.check_output(command) == b"stopped\nlives on\n"
