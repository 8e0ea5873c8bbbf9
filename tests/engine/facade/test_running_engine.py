"""What an engine is put together on: a store that is its own, and of its version."""

from __future__ import annotations

import os
import sqlite3
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from desktop.engine.facade import running_engine
from desktop.engine.facade.engine import Engine
from desktop.engine.facade.running_engine import default_cpu_slots
from desktop.engine.functions.registry import Registry
from desktop.engine.store.errors import OtherVersion, StoreInUse
from tests import WITHIN


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "store.db"


@pytest.fixture
def engine(database: Path) -> Iterator[Engine]:
    engine = Engine(database, Registry())
    engine.start()
    yield engine
    engine.stop()


def test_a_second_engine_on_the_file_is_refused(engine: Engine, database: Path) -> None:
    with pytest.raises(StoreInUse):
        Engine(database, Registry()).start()
    engine.pause(None).result(WITHIN)  # the first one goes on


def test_a_store_of_a_newer_program_is_not_opened(engine: Engine, database: Path) -> None:
    engine.stop()
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    for _ in range(2):  # a refused start leaves no lock behind
        with pytest.raises(OtherVersion):
            engine.start()


@pytest.mark.parametrize("thread", ["writer", "upkeep"])
def test_a_start_without_threads_leaves_nothing_behind(
    database: Path, monkeypatch: pytest.MonkeyPatch, thread: str
) -> None:
    start = threading.Thread.start

    def start_or_not(self: threading.Thread) -> None:
        if self.name == thread:
            raise RuntimeError("can't start new thread")
        start(self)

    engine = Engine(database, Registry())
    with monkeypatch.context() as patch:
        patch.setattr(threading.Thread, "start", start_or_not)
        with pytest.raises(RuntimeError, match="new thread"):
            engine.start()
    assert not {"writer", "upkeep"} & {each.name for each in threading.enumerate()}
    engine.start()
    engine.stop()


@pytest.mark.skipif(sys.platform != "linux", reason="affinity and control groups are Linux's")
def test_there_is_a_slot_for_each_core_that_the_process_may_use(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running_engine, "CGROUPS", tmp_path)
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: range(8))
    monkeypatch.setattr(os, "cpu_count", lambda: 64)
    assert default_cpu_slots() == 8
    (tmp_path / "cpu.max").write_text("max 100000\n")
    assert default_cpu_slots() == 8
    (tmp_path / "cpu.max").write_text("250000 100000\n")
    assert default_cpu_slots() == 3
    (tmp_path / "cpu.max").write_text("50000 100000\n")
    assert default_cpu_slots() == 1
