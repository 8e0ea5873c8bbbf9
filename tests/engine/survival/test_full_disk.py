"""A disk that is full, a database that is locked, a flood: refused with a sentence, none lost."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sendoff_tasks.attempts.outcomes import Succeeded
from sendoff_tasks.errors import NotWritable
from sendoff_tasks.facade.engine import Engine
from sendoff_tasks.facade.running_engine import EngineConfig
from sendoff_tasks.folder.database_backups import (
    RestoreError,
    backups_folder,
    find_fault,
    restore,
)
from sendoff_tasks.store import backup, database
from sendoff_tasks.store.backup import BackupError, back_up
from sendoff_tasks.store.errors import StoreError
from sendoff_tasks.submission import NewTask, Submission
from sendoff_tasks.verbs.submit import ROW
from sendoff_tasks.writer.writer import BACKLOG
from tests import small_disk as disks
from tests.engine.stepped import Make, Stepped, registry
from tests.small_disk import CAN_MOUNT, WHY_NOT, fill

MIB = 1 << 20


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    if not CAN_MOUNT:
        pytest.skip(WHY_NOT)
    with disks.small_disk(tmp_path / "small", "4m") as disk:
        yield disk


@pytest.fixture
def on_small_disk(small_disk: Path) -> Iterator[Stepped]:
    engine = Stepped(small_disk / "store.db", registry())
    yield engine
    engine.check()
    engine.close()


BIG = Submission(tasks=[NewTask("work", ["x" * 1000])] * 100)


def submit_some(engine: Stepped) -> None:
    for _ in range(4):
        engine.submit(BIG)


def submit_many(engine: Stepped, accepted: list[int] | None = None) -> None:
    for _ in range(100):
        numbers = engine.submit(BIG).task_ids
        if accepted is not None:
            accepted += numbers


def test_a_full_disk_refuses_with_a_sentence_and_recovers(on_small_disk: Stepped) -> None:
    engine = on_small_disk
    running = engine.add()
    ballast = fill(engine.path.parent)
    for _ in range(3):
        with pytest.raises(NotWritable, match="The disk is full"):
            submit_many(engine)
    known = len(engine.states())
    crossing = engine.cross(running)
    engine.end(running, Succeeded('"' + "x" * 300_000 + '"'))
    assert engine.state(running) == "running"
    ballast.unlink()
    engine.wait(1)
    assert crossing.done()
    assert engine.state(running) == "succeeded"
    assert len(engine.states()) == known
    assert engine.submit(BIG).task_ids


def test_a_disk_that_gets_full_meanwhile_leaves_no_half_of_a_backup(
    on_small_disk: Stepped, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = on_small_disk
    submit_some(engine)
    engine.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    monkeypatch.setattr(backup, "RESERVE", 0)
    monkeypatch.setattr(backup, "PAGES", 16)
    steps = []

    def fill_up() -> None:
        steps.append(1)
        if len(steps) == 2:
            fill(engine.path.parent)

    with pytest.raises(BackupError, match="full"):
        back_up(engine.path, datetime.now(UTC), fill_up)
    assert list(backups_folder(engine.path).iterdir()) == []
    (engine.path.parent / "ballast").unlink()
    assert find_fault(back_up(engine.path, datetime.now(UTC)), at_rest=True) is None


def test_a_read_only_disk_is_said_at_the_start_and_a_copy_there_is_read(
    small_disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backup, "RESERVE", 0)
    engine = Engine(EngineConfig(small_disk / "store.db", registry()))
    engine.start()
    engine.add_task("work")
    engine.stop()
    copy = back_up(small_disk / "store.db", datetime.now(UTC))
    subprocess.run(["mount", "-o", "remount,ro", small_disk], check=True)
    with pytest.raises(StoreError, match=r"store\.db.* cannot be opened: .*Read-only"):
        engine.start()
    with pytest.raises(RestoreError, match="Read-only"):
        restore(small_disk / "store.db")
    assert find_fault(copy, at_rest=True) is None


@pytest.mark.usefixtures("in_file")
def test_a_database_locked_by_another_program_refuses_and_recovers(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "BUSY_MS", 1)
    engine = make()
    running = engine.add()
    other = sqlite3.connect(engine.path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(NotWritable, match="Another program keeps the database locked"):
        engine.add()
    engine.end(running, Succeeded("1"))
    assert engine.step() == engine.clock.now() + 1
    other.execute("ROLLBACK")
    other.close()
    engine.wait(1)
    assert engine.state(running) == "succeeded"
    engine.check()


@pytest.mark.skipif(os.name != "posix", reason="asks the system how large a process became")
@pytest.mark.long
@pytest.mark.parametrize(
    ("backlog", "submissions", "characters", "grows"),
    [
        (10_000, 14_000, 10, 60),
        (BACKLOG, 4_000, 100_000, 4 * BACKLOG * ROW / MIB),  # 400 MB are offered
    ],
    ids=["small ones", "large ones"],
)
def test_a_flood_is_refused_in_time_and_loses_nothing_it_was_promised(
    tmp_path: Path, backlog: int, submissions: int, characters: int, grows: float
) -> None:
    offer = (str(number) for number in (backlog, submissions, characters))
    command = [sys.executable, "-m", "tests.engine.survival.flood", str(tmp_path), *offer]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["refused"] > 0
    assert told["accepted"] + told["refused"] == submissions
    assert told["kept"] == told["rows"] == told["accepted"] > 0
    assert told["grown"] < grows
