"""An older store, or a copy, that something else put in the place of one begins paused."""

from __future__ import annotations

import os
import shutil
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest

from sendoff_tasks.errors import NotWritable
from sendoff_tasks.facade.engine import Engine
from sendoff_tasks.facade.running_engine import EngineConfig
from sendoff_tasks.folder.database_backups import begin_empty, restore
from sendoff_tasks.folder.paths import store_mark
from sendoff_tasks.model.events import NoticeId
from sendoff_tasks.store import database, mark
from sendoff_tasks.store.backup import back_up
from sendoff_tasks.store.errors import StoreDamaged, StoreInUse
from tests import WITHIN
from tests.engine.stepped import registry

Files = dict[str, bytes]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    (tmp_path / "data").mkdir()
    return tmp_path / "data" / "store.db"


@contextmanager
def running(path: Path) -> Iterator[Engine]:
    """Run an engine that accepts tasks and runs none."""
    engine = Engine(EngineConfig(path, registry(), lanes=False))
    engine.start()
    try:
        yield engine
    finally:
        engine.stop(0)


def run(path: Path, tasks: int = 3) -> None:
    """Accept tasks in a run of its own."""
    with running(path) as engine:
        add(engine, tasks)


def add(engine: Engine, tasks: int = 1) -> None:
    for _ in range(tasks):
        engine.add_task("work")


def is_paused(path: Path) -> bool:
    """Start on a store; tell whether everything is paused, and one notice says why."""
    with running(path) as engine:
        told = [each["id"] for each in engine.notices()]
    assert told in ([], [NoticeId.RESTORED, "paused:"])
    return bool(told)


def copied(path: Path) -> Files:
    """Copy the database and its log, as a file backup does while the engine runs."""
    return {each.name: each.read_bytes() for each in path.parent.glob("store.db*")}


def put_back(files: Files, path: Path, *names: str) -> None:
    """Write files over those that are there, without their log and its index."""
    for end in ("-wal", "-shm"):
        path.with_name(path.name + end).unlink(missing_ok=True)
    for name in names:
        path.with_name(name).write_bytes(files[name])


def test_a_store_that_was_here_last_is_not_paused(path: Path) -> None:
    for _ in range(3):
        run(path)
        assert not is_paused(path)
    assert store_mark(path).stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("names", [("store.db",), ("store.db", "store.db-wal")])
def test_an_older_copy_of_the_last_run_is_paused(path: Path, names: tuple[str, ...]) -> None:
    run(path)
    with running(path) as engine:
        add(engine)
        older = copied(path)
        add(engine)
    put_back(older, path, *names)
    assert is_paused(path)
    with running(path) as engine:
        assert [each["id"] for each in engine.notices()] == ["paused:"]
        engine.resume(None).result(WITHIN)
    assert not is_paused(path)


def test_a_whole_folder_that_was_copied_is_paused_and_its_origin_is_not(path: Path) -> None:
    run(path)
    with running(path):
        copy = shutil.copytree(path.parent, path.parents[1] / "copy")
        assert is_paused(copy / path.name)
    assert not is_paused(path)


def test_a_store_without_its_mark_is_paused(path: Path, tmp_path: Path) -> None:
    run(path)
    alone = tmp_path / "alone" / path.name
    alone.parent.mkdir()
    shutil.copy(path, alone)
    assert is_paused(alone)
    with running(path):
        killed = copied(path)
    other = tmp_path / "other" / path.name
    other.parent.mkdir()
    put_back(killed, other, "store.db", "store.db-wal")
    assert is_paused(other)


@pytest.mark.skipif(sys.platform == "win32", reason="it has no such pipes")
def test_a_pipe_in_the_place_of_the_mark_is_not_waited_for(path: Path) -> None:
    run(path)
    store_mark(path).unlink()
    os.mkfifo(store_mark(path))
    assert is_paused(path)
    assert store_mark(path).is_file()


def test_a_copy_that_was_used_since_is_paused_in_the_place_of_its_origin(path: Path) -> None:
    run(path)
    copy = shutil.copytree(path.parent, path.parents[1] / "copy") / path.name
    run(copy, tasks=9)
    path.write_bytes(copy.read_bytes())
    assert is_paused(path)


def test_a_renamed_folder_is_not_paused(path: Path) -> None:
    run(path)
    moved = path.parent.rename(path.parents[1] / "moved")
    assert not is_paused(moved / path.name)


@pytest.fixture
def killed(path: Path, monkeypatch: pytest.MonkeyPatch) -> Files:
    """Return the store's files as a kill leaves them, after some seconds of work."""
    run(path)
    with monkeypatch.context() as patch, running(path) as engine:
        patch.setattr(mark.StoreMark, "end", lambda *_: None)
        add(engine, 3)
        reach(engine)
        files = copied(path)
        engine.stop(0)
    del files[store_mark(path).name]
    return files


def reach(engine: Engine) -> None:
    """Do what the upkeep does every few seconds."""
    upkeep = engine._run._upkeep  # type: ignore[union-attr]
    assert upkeep is not None
    upkeep.look()


def test_a_kill_is_not_the_past(path: Path, killed: Files) -> None:
    put_back(killed, path, *killed)
    assert not is_paused(path)


@pytest.mark.parametrize("part", [0.0, 0.6])
def test_a_store_whose_log_was_cut_after_a_kill_is_paused(
    path: Path, killed: Files, part: float
) -> None:
    log = killed["store.db-wal"]
    killed["store.db-wal"] = log[: int(len(log) * part)]
    put_back(killed, path, *killed)
    assert is_paused(path)


def test_an_older_run_whose_mark_was_written_over_the_newer_one_is_paused(path: Path) -> None:
    for runs in range(1, 3):  # the disk may use the number of a file again
        run(path)
        older = copied(path)
        for _ in range(runs):
            run(path)
        put_back(older, path, *older)
        assert is_paused(path)


def test_a_kill_at_the_start_or_the_end_is_not_the_past(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The mark is not written: the run has its name in the store only."""

    def refuse(*_: object) -> None:
        raise OSError("killed")

    for _ in range(2):
        with monkeypatch.context() as patch:
            patch.setattr(mark, "replacing", refuse)
            run(path)
            assert not is_paused(path)
        assert not is_paused(path)


def test_our_own_restore_and_a_new_beginning_are_not_taken_for_it(path: Path) -> None:
    run(path)
    back_up(path, datetime.now(UTC))
    run(path)
    path.write_bytes(b"damaged")
    restore(path)
    with running(path) as engine:
        told = engine.notices()
        engine.resume(None).result(WITHIN)
    assert told[0]["text"].startswith("This is the backup of")
    assert not is_paused(path)
    path.write_bytes(b"damaged")
    begin_empty(path)
    assert not is_paused(path)
    path.unlink()
    store_mark(path).unlink()  # both moved away by hand
    assert not is_paused(path)


@pytest.mark.parametrize("lost", ["gone", "empty"])
def test_a_lost_file_is_not_begun_again_beside_its_mark(path: Path, lost: str) -> None:
    """Without its log and a backup, as after a clean stop; its messages were sent."""
    run(path)
    path.unlink()
    if lost == "empty":
        path.touch()
    with pytest.raises(StoreDamaged, match=r"move (it and )?store\.db\.mark away to begin"):
        run(path)
    begin_empty(path)
    assert not is_paused(path)


def test_a_store_whose_disk_has_refused_each_name_is_not_paused(path: Path) -> None:
    run(path)
    forget_runs(path)
    store_mark(path).unlink()
    assert not is_paused(path)


def test_a_store_without_a_name_is_paused_beside_the_mark_of_another(path: Path) -> None:
    run(path)
    forget_runs(path)
    assert is_paused(path)


def forget_runs(path: Path) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("DELETE FROM meta WHERE key = 'run'")


@pytest.fixture
def mounted(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Give a function that sets the number of the file system, and its device's where known."""

    def seem(number: int, *, device: int = 1) -> None:
        fstat, stat = os.fstat, os.stat

        def with_device(found: os.stat_result) -> os.stat_result:
            return os.stat_result([*found[:2], device, *found[3:]])

        monkeypatch.setattr(os, "statvfs", lambda _: SimpleNamespace(f_fsid=number))
        monkeypatch.setattr(os, "fstat", lambda file: with_device(fstat(file)))
        monkeypatch.setattr(os, "stat", lambda *path, **how: with_device(stat(*path, **how)))

    return seem


def test_a_disk_that_was_mounted_again_is_the_same_one(
    path: Path, mounted: Callable[..., None]
) -> None:
    mounted(7 << 32, device=1)
    run(path)
    mounted(7 << 32, device=2)
    assert not is_paused(path)
    mounted(8 << 32, device=2)  # a snapshot of the disk, for example
    assert is_paused(path)


def test_a_number_that_is_the_devices_is_not_compared(
    path: Path, mounted: Callable[..., None]
) -> None:
    for device in (1792, 1793):
        mounted(device, device=device)
        run(path)
        assert not is_paused(path)
    mounted(0)  # network file systems have none
    assert not is_paused(path)


@pytest.fixture
def without_inodes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have files no inodes of their own, as on FAT: a copy is not known by its place."""
    monkeypatch.setattr(mark, "_keeps_inodes", lambda _: False)


@pytest.mark.usefixtures("without_inodes")
def test_where_files_have_no_inodes_they_are_not_compared(path: Path) -> None:
    run(path)
    content = path.read_bytes()
    path.rename(path.with_name("other"))
    path.write_bytes(content)
    assert not is_paused(path)


@pytest.mark.usefixtures("without_inodes")
def test_a_first_run_that_loses_its_log_is_paused(path: Path) -> None:
    with running(path) as engine:
        add(engine)
        killed = shutil.copytree(path.parent, path.parents[1] / "killed") / path.name
        store_mark(path).replace(store_mark(killed))
    killed.with_name(f"{path.name}-wal").unlink()
    assert is_paused(killed)


def test_a_link_to_a_store_has_its_lock(path: Path, tmp_path: Path) -> None:
    other = tmp_path / "other" / path.name
    other.parent.mkdir()
    other.symlink_to(path)
    with running(path), pytest.raises(StoreInUse):
        run(other)


def test_the_past_does_not_run_where_nothing_can_be_written(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(path)
    forget_runs(path)
    monkeypatch.setattr(database, "BUSY_MS", 10)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(NotWritable):
            run(path)
    assert is_paused(path)
