"""A damaged store: what runs is kept, nothing new begins, and everyone is told which file it is."""

from __future__ import annotations

import os
import shutil
import sqlite3
import sys
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from desktop.engine.attempts.outcomes import Succeeded
from desktop.engine.duties import check_and_backup
from desktop.engine.duties.check_and_backup import find_damage
from desktop.engine.facade.engine import Engine
from desktop.engine.store.database import Reader
from desktop.engine.store.errors import StoreDamaged
from tests.engine.stepped import SLOTS, Stepped, registry

if TYPE_CHECKING:
    from collections.abc import Callable

    from desktop.contract.events import Notice


def damage_page(connection: sqlite3.Connection, path: Path, name: str) -> None:
    """Overwrite the first page of a table or an index, in the file itself."""
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    root = "SELECT rootpage FROM sqlite_schema WHERE name = ?"
    (page,) = connection.execute(root, (name,)).fetchone()
    with path.open("r+b") as file:
        file.seek((page - 1) * 4096)
        file.write(bytes(range(256)) * 16)


def make_disagree(path: Path) -> None:
    """Let an index say of a running task what its row does not."""
    index = "SELECT type, name, tbl_name, rootpage, sql FROM sqlite_schema WHERE name = ?"
    with closing(sqlite3.connect(path, isolation_level=None)) as store:
        row = store.execute(index, ("tasks_by_state",)).fetchone()
        store.execute("PRAGMA writable_schema = ON")
        store.execute("DELETE FROM sqlite_schema WHERE name = 'tasks_by_state'")
    with closing(sqlite3.connect(path, isolation_level=None)) as store:
        store.execute("UPDATE tasks SET state = 'succeeded' WHERE state = 'running'")
        store.execute("PRAGMA writable_schema = ON")
        store.execute("INSERT INTO sqlite_schema VALUES (?, ?, ?, ?, ?)", row)


def log_of(path: Path) -> Path:
    return path.with_name(f"{path.name}-wal")


def replace_by_copy(path: Path) -> None:
    Path(shutil.copy(path, f"{path}.2")).replace(path)


def restored(path: Path) -> None:
    """Write an older copy into the open file, as ``.restore`` of the sqlite3 program does."""
    older = f"{path}.older"
    with closing(sqlite3.connect(path)) as store, closing(sqlite3.connect(older)) as copy:
        store.backup(copy)
        copy.execute("DELETE FROM events")
        copy.commit()
        copy.backup(store)


@pytest.mark.skipif(sys.platform == "win32", reason="there, a file that is open stays")
@pytest.mark.parametrize("what", ["older", "foreign", "no database"])
def test_a_file_written_into_the_open_one_is_noticed(tmp_path: Path, what: str) -> None:
    path = tmp_path / "store.db"
    first = Stepped(path, registry())
    first.add()
    first.close()
    other = path.read_bytes()
    if what == "foreign":
        stranger = Stepped(tmp_path / "other.db", registry())
        stranger.close()
        other = (tmp_path / "other.db").read_bytes()
    engine = Stepped(path, registry())
    for _ in range(300):
        engine.add()
    engine.close()
    engine = Stepped(path, registry())
    kept = engine.add()
    path.write_bytes(b"no database at all" * 300 if what == "no database" else other)
    with pytest.raises(StoreDamaged, match="was written into it while it was in use"):
        engine.add()
    assert kept
    engine.close()


def test_copying_the_log_into_the_file_or_touching_it_is_no_damage(tmp_path: Path) -> None:
    engine = Stepped(tmp_path / "store.db", registry())
    engine.add()
    with closing(sqlite3.connect(engine.path)) as other:
        other.execute("PRAGMA wal_checkpoint").fetchall()
    engine.add()
    os.utime(engine.path, (1, 1))
    engine.add()
    engine.close()


def malformed() -> sqlite3.DatabaseError:
    error = sqlite3.DatabaseError("database disk image is malformed")
    error.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
    return error


@pytest.mark.usefixtures("in_file")
def test_what_runs_ends_and_nothing_new_begins(stepped: Stepped) -> None:
    first, *_, last = [stepped.add() for _ in range(SLOTS + 1)]
    stepped.reader.note(malformed())
    stepped.end(first, Succeeded("1"))
    assert stepped.state(first) == "succeeded"
    assert stepped.state(last) == "queued"


@pytest.mark.usefixtures("in_file")
def test_the_first_write_that_meets_it_is_told_which_file_it_is(stepped: Stepped) -> None:
    def meet(_: object) -> None:
        raise malformed()

    with pytest.raises(StoreDamaged, match=r"store\.db cannot be used: .*malformed"):
        stepped.do(meet)
    assert stepped.reader.damage is not None


@pytest.mark.skipif(sys.platform == "win32", reason="there, a file that is open stays")
@pytest.mark.parametrize(
    ("lose", "said"),
    [
        (lambda path: path.unlink(), "it is not there any more"),
        (lambda path: path.rename(path.with_name("moved.db")), "it is not there any more"),
        (lambda path: os.truncate(path, 0), "it is empty"),
        (lambda path: replace_by_copy(path), "another file was put"),
        (lambda path: log_of(path).unlink(), "its log, which ends with -wal, was deleted"),
        (lambda path: replace_by_copy(log_of(path)), "another file was put"),
        (lambda path: restored(path), "another program has written to it"),
    ],
)
def test_a_lost_database_is_noticed_at_the_next_commit(
    tmp_path: Path, lose: Callable[[Path], object], said: str
) -> None:
    engine = Stepped(tmp_path / "store.db", registry())
    kept = engine.add()
    lose(engine.path)
    with pytest.raises(StoreDamaged, match=f"{said}.*restart this one"):
        engine.add()
    assert list(engine.lane.running) == [kept]
    engine.close()


def test_of_two_engines_on_one_file_only_one_goes_on(tmp_path: Path) -> None:
    first = Stepped(tmp_path / "store.db", registry())
    ran = first.add()
    second = Stepped(first.path, registry())  # no lock file keeps it off
    with pytest.raises(StoreDamaged, match="another program has written to it"):
        first.add()
    first.end(ran, Succeeded("1"))
    assert first.lane.started == [(ran, 1)]
    assert second.state(ran) in {"queued", "running"}
    second.add()
    for engine in (first, second):
        engine.close()


@pytest.mark.usefixtures("in_file")
def test_a_look_at_every_page_finds_it_while_the_engine_goes_on(
    make: Callable[..., Stepped],
) -> None:
    engine = make()
    engine.add(delay=60)
    assert find_damage(engine.path) is None
    damage_page(engine.connection, engine.path, "tasks_by_recipient")
    found = find_damage(engine.path)
    assert found is not None
    assert str(found).startswith("Page ")
    assert "\n" not in str(found)


def test_an_empty_file_is_not_sound_nor_is_one_that_is_not_there(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    assert find_damage(path) is not None
    assert not path.exists()
    path.touch()
    assert str(find_damage(path)) == "it is empty"


@pytest.mark.usefixtures("in_file")
def test_a_look_can_be_ended(stepped: Stepped, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def is_ended() -> bool:
        asked.append(1)
        return True

    monkeypatch.setattr(check_and_backup, "OPERATIONS", 1)
    assert find_damage(stepped.path, is_ended) is None
    assert len(asked) == 1


def test_a_running_engine_says_it_to_its_listeners(tmp_path: Path) -> None:
    engine = Engine(tmp_path / "store.db", registry())
    engine.start()
    heard: list[Notice] = []
    engine.journal.board.on_notice(heard.append)
    reader = engine.journal.reader
    assert isinstance(reader, Reader)
    for _ in range(2):
        reader.note(malformed())
    (told,) = heard
    assert told["level"] == "error"
    assert str(tmp_path / "store.db") in told["text"]
    assert engine.notices() == heard
    with pytest.raises(StoreDamaged):
        engine.add_task("work")
    engine.stop()


def test_a_start_on_rows_and_indexes_that_disagree_says_that_it_is_damaged(
    tmp_path: Path,
) -> None:
    stepped = Stepped(tmp_path / "store.db", registry())
    stepped.add()
    stepped.close()
    make_disagree(stepped.path)
    with pytest.raises(StoreDamaged, match=r"cannot be used: .*index tasks_by_state"):
        Engine(stepped.path, registry()).start()
