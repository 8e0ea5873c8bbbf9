"""Room goes back to the disk: the file shrinks after a big prune, the log after a long reader."""

from __future__ import annotations

import os
import sqlite3
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from desktop.engine import sqlite
from desktop.engine.clock import DAY_S
from desktop.engine.duties.pruner import PAUSE_MS
from desktop.engine.store import database
from desktop.engine.store.database import open_store
from desktop.engine.store.reads.query import Filter
from desktop.engine.submission import NewTask, Submission
from desktop.engine.verbs.bulk import bulk, choose
from tests.engine.duties.test_pruner import tidy_up
from tests.engine.stepped import Stepped, registry

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

PAGE = 4096
MANY = Submission(tasks=[NewTask("work", ["x" * 1000], to="Ada <ada@example.org>")] * 1000)


def size(path: Path) -> int:
    return os.path.getsize(path)  # noqa: PTH202 - as of a log that may not be there


def fill(engine: Stepped) -> None:
    """Have two thousand tasks cancelled, of a KiB each, and copied into the file."""
    for _ in range(2):
        engine.submit(MANY)
    everything = choose(Filter(), engine.reader)
    engine.do(lambda group: bulk(group, "cancel", everything))
    engine.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


@pytest.mark.usefixtures("in_file")
def test_the_file_shrinks_after_a_big_prune_and_calls_are_answered_all_along(
    make: Callable[..., Stepped], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "SPARE", 8)
    engine = make(lanes=False)
    fill(engine)
    before = size(engine.path)
    engine.clock.time += 31 * DAY_S
    sizes = [before]
    for _ in range(200):
        engine.add(delay=60)
        engine.clock.time += PAUSE_MS / 1000
        engine.settle()
        engine.connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()
        sizes.append(size(engine.path))
    assert sizes[-1] < before / 3
    shrunk = [a - b for a, b in pairwise(sizes) if a > b]
    assert len(shrunk) > 3  # a little at a time
    assert max(shrunk) <= (sqlite.STEP + 8) * PAGE
    (free,) = engine.connection.execute("PRAGMA freelist_count").fetchone()
    assert free <= 8 + 8
    engine.check()


def test_a_file_that_was_not_made_for_it_keeps_its_pages_for_what_comes_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "store.db"
    with sqlite3.connect(path) as old:
        old.execute("CREATE TABLE first (x)")
        old.execute("DROP TABLE first")
    old.close()
    monkeypatch.setattr(sqlite, "SPARE", 8)
    engine = Stepped(path, registry(), lanes=False)
    fill(engine)
    before = size(path)
    tidy_up(engine, 31)
    assert engine.states() == {}
    assert size(path) == before
    engine.submit(MANY)
    engine.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert size(path) == before
    engine.check()
    engine.close()


@pytest.mark.usefixtures("in_file")
def test_some_room_stays_for_what_comes_next(make: Callable[..., Stepped]) -> None:
    engine = make(lanes=False)
    fill(engine)
    tidy_up(engine, 31)
    (free,) = engine.connection.execute("PRAGMA freelist_count").fetchone()
    assert 0 < free <= sqlite.SPARE


def test_a_long_reader_keeps_no_writer_waiting_and_the_log_shrinks_after_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "CHECKPOINT_PAGES", 50)
    monkeypatch.setattr(database, "LOG_BYTES", 100 * PAGE)
    path = tmp_path / "store.db"
    engine = Stepped(path, registry(), lanes=False)
    log = path.with_name("store.db-wal")
    for _ in range(20):
        engine.add("work", "x" * 10_000, delay=60)
    assert size(log) <= 120 * PAGE
    reader = sqlite3.connect(path, isolation_level=None)
    reader.execute("BEGIN")
    seen = reader.execute("SELECT count(*) FROM tasks").fetchone()
    for _ in range(100):
        engine.add("work", "x" * 10_000, delay=60)
    assert reader.execute("SELECT count(*) FROM tasks").fetchone() == seen
    assert size(log) > 200 * PAGE
    reader.close()
    for _ in range(100):
        engine.add("work", "x" * 10_000, delay=60)
    assert size(log) <= 120 * PAGE
    engine.check()
    engine.close()


def test_a_new_store_can_be_made_smaller(tmp_path: Path) -> None:
    connection = open_store(tmp_path / "store.db")
    assert connection.execute("PRAGMA auto_vacuum").fetchone() == (2,)
    connection.close()
