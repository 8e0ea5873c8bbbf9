"""A damaged store is noticed and told; checks and copies are made at idle moments."""

from __future__ import annotations

import os
import shutil
import sqlite3
import sys
import threading
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from unittest.mock import Mock

import pytest

from sendoff_tasks.attempts.outcomes import Succeeded
from sendoff_tasks.clock import DAY_S
from sendoff_tasks.duties import check_and_backup
from sendoff_tasks.duties import check_and_backup as module
from sendoff_tasks.duties.check_and_backup import PATIENCE_S, Upkeep, find_damage
from sendoff_tasks.errors import UnknownId
from sendoff_tasks.facade.engine import Engine
from sendoff_tasks.facade.running_engine import EngineConfig
from sendoff_tasks.folder.database_backups import list_backups
from sendoff_tasks.model.events import Notice
from sendoff_tasks.store import backup
from sendoff_tasks.store.database import Reader
from sendoff_tasks.store.errors import StoreDamaged
from sendoff_tasks.writer import core
from tests import WITHIN
from tests.engine.stepped import SLOTS, Make, Stepped, registry


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
    engine.add_many(300)
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
    engine = Engine(EngineConfig(tmp_path / "store.db", registry()))
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
        Engine(EngineConfig(stepped.path, registry())).start()


class Kept:
    """An upkeep whose moments the test chooses, beside a stepped engine."""

    def __init__(self, engine: Stepped) -> None:
        self.engine = engine
        self.resting = True
        self.heard: list[Notice] = []
        engine.journal.board.on_notice(self.heard.append)
        self.upkeep = Upkeep(
            engine.path,
            engine.reader,
            engine.clock,
            engine.journal,
            lambda: self.resting,
            mark=lambda _: None,
        )

    def look(self, after: float = 10) -> None:
        self.engine.clock.time += after
        self.upkeep.look()

    def rest(self) -> None:
        """Do all that is due."""
        for _ in range(3):
            self.look()

    @property
    def copies(self) -> int:
        return len(list_backups(self.engine.path))


@pytest.fixture
def kept(in_file: None, make: Make) -> Kept:
    engine = make()
    engine.add(delay=1e9)
    return Kept(engine)


def test_a_day_later_it_is_copied_again_unless_nothing_has_changed(kept: Kept) -> None:
    kept.rest()
    kept.look(DAY_S - 100)
    assert kept.copies == 1
    kept.look(200)
    kept.rest()
    assert kept.copies == 1
    kept.engine.add(delay=1e9)
    kept.look(DAY_S)
    kept.rest()
    assert kept.copies == 2


def test_a_restart_does_not_bring_the_next_copy_forward(kept: Kept) -> None:
    kept.rest()
    kept.engine.add(delay=1e9)
    again = Kept(kept.engine)
    again.rest()
    assert again.copies == 1
    again.look(DAY_S)
    again.rest()
    assert again.copies == 2


def test_a_busy_engine_is_left_alone_for_an_hour_at_most(kept: Kept) -> None:
    kept.resting = False
    for _ in range(int(PATIENCE_S / 100) - 1):
        kept.look(100)
    assert kept.copies == 0
    for _ in range(3):
        kept.look(100)
    assert kept.copies == 1


@pytest.mark.skipif(sys.platform == "win32", reason="there, a file that is open stays")
@pytest.mark.parametrize("is_in_log", [False, True])
@pytest.mark.parametrize("what", ["older", "foreign", "no database"])
def test_an_idle_store_that_is_written_over_is_noticed(
    tmp_path: Path, what: str, *, is_in_log: bool
) -> None:
    first = Stepped(tmp_path / "store.db", registry())
    first.add(delay=1e9)
    first.close()
    other = {"older": first.path.read_bytes(), "no database": b"no database at all" * 300}
    Stepped(tmp_path / "other.db", registry()).close()
    other["foreign"] = (tmp_path / "other.db").read_bytes()
    engine = Stepped(first.path, registry())
    kept = Kept(engine)
    engine.add_many(300, delay=1e9)
    engine.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    if is_in_log:
        engine.add(delay=1e9)
    kept.look()
    assert engine.reader.damage is None
    first.path.write_bytes(other[what])
    kept.look()
    assert "was written into it while it was in use" in str(engine.reader.damage)
    engine.close()


def test_a_read_that_fails_as_none_should_has_a_busy_store_checked(kept: Kept) -> None:
    kept.rest()
    kept.resting = False
    kept.engine.reader.on_surprise = kept.upkeep.suspect
    damage_page(kept.engine.connection, kept.engine.path, "tasks_by_recipient")
    with suppress(UnknownId), kept.engine.reader.snapshot():
        raise UnknownId("task", 1)  # which a reader may well ask for
    kept.look()
    assert kept.engine.reader.damage is None
    with suppress(KeyError), kept.engine.reader.snapshot():
        raise KeyError(1)
    kept.look()
    assert kept.engine.reader.damage is not None


def test_a_group_that_fails_as_none_should_has_a_busy_store_checked(
    kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept.rest()
    kept.resting = False
    kept.engine.reader.on_surprise = kept.upkeep.suspect
    with monkeypatch.context() as patch:
        patch.setattr(core, "serve", Mock(side_effect=ValueError))  # as an index that lies brings
        kept.engine.add(delay=1e9)
    damage_page(kept.engine.connection, kept.engine.path, "tasks_by_recipient")
    kept.look()
    assert kept.engine.reader.damage is not None


def test_a_paused_store_is_checked_though_tasks_wait(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    checked = threading.Event()
    monkeypatch.setattr(module, "LOOK_EVERY_S", 0.01)
    monkeypatch.setattr(module, "find_damage", lambda *_: checked.set())
    engine = Engine(EngineConfig(tmp_path / "store.db", registry()))
    engine.start()
    engine.pause(None).result()
    engine.add_task("work")
    assert checked.wait(WITHIN)
    engine.stop()


def test_a_sound_store_is_not_checked_again_and_again(
    kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    checks: list[object] = []
    kept.rest()
    monkeypatch.setattr(module, "find_damage", lambda *told: checks.append(told))
    for _ in range(int(PATIENCE_S / 100)):
        kept.upkeep.suspect()
        kept.look(100)
    assert len(checks) == 1


def test_an_engine_in_which_something_changes_is_not_idle(kept: Kept) -> None:
    for _ in range(5):
        kept.engine.add(delay=1e9)
        kept.look()
    assert kept.copies == 0


def test_a_copy_that_cannot_be_made_is_told_and_tried_again_later(
    kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(backup, "RESERVE", 1 << 60)
        kept.rest()
    (told,) = kept.heard
    assert told["level"] == "warning"
    assert told["text"].endswith(" There is none yet.")
    assert kept.engine.journal.board.active == [told]
    assert kept.engine.add(delay=1e9)
    kept.rest()
    assert kept.copies == 0
    kept.look(PATIENCE_S)
    kept.rest()
    assert kept.copies == 1
    assert kept.heard[-1] == {**told, "active": False}
    assert kept.engine.journal.board.active == []


def test_a_stop_leaves_what_was_begun(kept: Kept) -> None:
    kept.upkeep.start()
    kept.upkeep.stop()
    kept.rest()
    assert kept.copies == 0
    assert kept.heard == []


def test_damage_is_noted_and_no_sound_copy_gives_way_to_it(kept: Kept) -> None:
    kept.rest()
    kept.engine.add(delay=1e9)
    damage_page(kept.engine.connection, kept.engine.path, "tasks_by_end")
    kept.look(DAY_S)
    kept.rest()
    damage = kept.engine.reader.damage
    assert damage is not None
    assert f"{kept.engine.path} cannot be used: " in str(damage)
    assert "`sendoff doctor --restore` puts its backup of " in str(damage)
    kept.look(DAY_S)
    kept.rest()
    assert kept.copies == 1


@pytest.mark.parametrize("years", [4, -4])
def test_a_clock_that_is_set_changes_no_interval(kept: Kept, years: int) -> None:
    kept.rest()
    kept.engine.clock.jump(years * 365 * DAY_S)
    kept.engine.add(delay=1e9)
    kept.look(DAY_S / 2)
    kept.rest()
    assert kept.copies == 1
    for day in range(2, 5):
        kept.engine.add(delay=1e9)
        kept.look(DAY_S)
        kept.rest()
        assert kept.copies == day


def test_copies_that_are_never_finished_are_told_after_a_day(
    kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept.rest()
    kept.engine.add(delay=1e9)
    with monkeypatch.context() as patch:
        patch.setattr(module, "LOG_BYTES", 0)
        kept.look(DAY_S)
        for _ in range(23):
            kept.look(PATIENCE_S)
            kept.rest()
        assert kept.heard == []
        kept.look(PATIENCE_S)
        kept.rest()
    told = kept.heard[-1]
    assert told["id"] == "backup"
    assert told["text"].startswith("No backup could be finished for a day, ")
    assert "The newest one is of " in told["text"]
    kept.look(PATIENCE_S)
    kept.rest()
    assert kept.copies == 2
    assert kept.heard[-1] == {**told, "active": False}


@pytest.mark.skipif(sys.platform == "win32", reason="there, a file that is open stays")
@pytest.mark.parametrize("instead", [None, b"", b"another"])
def test_a_database_that_is_gone_or_another_is_damage(kept: Kept, instead: bytes | None) -> None:
    kept.rest()
    kept.engine.path.unlink()
    if instead is not None:
        kept.engine.path.write_bytes(instead)
    kept.look()
    assert kept.engine.reader.damage is not None
    assert "then restart this one" in str(kept.engine.reader.damage)
    assert kept.engine.path.exists() is (instead is not None)
    kept.rest()
    assert kept.copies == 1
