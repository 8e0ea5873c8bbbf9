"""kill -9: nothing accepted is lost, nothing runs twice past its point of no return."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections import Counter
from contextlib import closing
from pathlib import Path

import pytest

from desktop.contract.states import OPEN
from desktop.engine import TaskContext, task
from desktop.engine.facade.engine import Engine
from desktop.engine.functions.registry import Registry
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
        number = engine.add_task("send", caller * 1000 + n)
        with lock:
            print(number, caller * 1000 + n, flush=True)

for caller in range(8):
    threading.Thread(target=submit, args=(caller,)).start()
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
    engine = Engine(folder / "store.db", known, io_slots=SLOTS)
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
    with subprocess.Popen(
        [sys.executable, "-c", CHILD, str(folder)], stdout=subprocess.PIPE, text=True
    ) as child:
        assert child.stdout is not None
        for line in child.stdout:
            if line.endswith("\n"):  # the last one may be torn
                number, argument = map(int, line.split())
                accepted[number] = argument
            if len(accepted) == enough:
                child.kill()
    return accepted


STOPPING = """
import sys, threading
from pathlib import Path
from desktop.engine import task
from desktop.engine.facade.engine import Engine
from desktop.engine.functions.registry import Registry
from tests.looking import eventually

begun = threading.Event()

@task(name="send")
def send(number):
    begun.set()
    threading.Event().wait()

known = Registry()
known.add(send)
engine = Engine(Path(sys.argv[1]) / "store.db", known)
engine.start()
engine.add_task("send", 1)
begun.wait()
engine.stop(grace=600)
"""


def test_a_kill_before_the_grace_is_over_does_not_count_as_a_crash(tmp_path: Path) -> None:
    database = tmp_path / "store.db"
    with subprocess.Popen([sys.executable, "-c", STOPPING, str(tmp_path)]) as child:
        eventually(lambda: child.poll() is not None or read_stopping(database))
        assert child.poll() is None
        child.kill()
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
