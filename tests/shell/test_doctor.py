"""``sendoff doctor`` looks at machine and store, and restores a damaged store."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections import namedtuple
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from desktop.client.api import Api
from desktop.settings.office_folder import OfficeFolder
from sendoff_tasks.facade.engine import Engine
from sendoff_tasks.facade.running_engine import EngineConfig
from sendoff_tasks.functions.registry import Registry
from sendoff_tasks.model.reasons import Reason
from sendoff_tasks.shell import doctor
from sendoff_tasks.shell.doctor import look_at_machine, look_at_store
from sendoff_tasks.shell.engine_doctor import look_at_version
from sendoff_tasks.store import migrations
from sendoff_tasks.store.backup import back_up
from sendoff_tasks.store.database import open_store
from sendoff_tasks.store.migrations import BASELINE, History
from sendoff_tasks.store.migrations.migration import Migration
from tests.backend.driving import client_of, wait_for
from tests.conftest import RunningBackend
from tests.engine.duties.test_check_and_backup import damage_page
from tests.shell.conftest import sendoff
from tests.versions.keep import KEPT, unpack


def test_a_folder_that_is_not_there_yet_is_well_and_not_made(tmp_path: Path) -> None:
    said = sendoff(tmp_path / "none", "doctor")
    assert (said.returncode, said.stderr) == (0, "")
    assert {line[:5] for line in said.stdout.splitlines()} == {"ok   "}
    assert not (tmp_path / "none").exists()


def test_one_line_to_look_at_is_status_1_and_an_apps_own_folder_has_no_mail(tmp_path: Path) -> None:
    data = OfficeFolder(tmp_path)
    tmp_path.chmod(0o700)
    data.settings_file.write_text("port = ")
    data.settings_file.chmod(0o600)
    said = sendoff(tmp_path, "doctor")
    assert said.returncode == 1
    (line,) = [line for line in said.stdout.splitlines() if not line.startswith("ok")]
    assert line.startswith("look ")
    data.settings_file.unlink()
    assert "Mail: " in sendoff(tmp_path, "doctor").stdout
    data.app_mark.touch()
    said = sendoff(tmp_path, "doctor")
    assert said.returncode == 0
    assert "Mail: " not in said.stdout
    assert "Keyring: " not in said.stdout


def test_a_store_of_another_version_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = OfficeFolder(tmp_path / "data")
    unpack(KEPT, folder)
    assert "version of this program" not in sendoff(folder.root, "doctor").stdout
    with closing(sqlite3.connect(folder.db)) as store, store:
        store.execute("UPDATE alembic_version SET version_num = '9999'")
    before = folder.db.read_bytes()
    said = sendoff(folder.root, "doctor")
    assert said.returncode == 1
    assert "look What is stored here was written by a newer version of this program" in said.stdout
    assert folder.db.read_bytes() == before
    with closing(sqlite3.connect(folder.db)) as store, store:
        store.execute("UPDATE alembic_version SET version_num = ?", (BASELINE,))
    change = Migration("0039", sqlite=("CREATE TABLE notes (id INTEGER) STRICT",))
    monkeypatch.setattr(migrations, "OWN", History("", (change,)))
    (told,) = look_at_version(folder)
    assert told.ok
    assert "the next start updates it" in told.text


def test_from_damage_to_work_again(
    backends: Callable[[Path], RunningBackend], tmp_path: Path
) -> None:
    data = OfficeFolder(tmp_path / "data")
    running = backends(data.root)
    with client_of(running.backend) as client:
        (task,) = client.post("/items/1").headers["X-Task-Ids"].split(",")
        wait_for(client, int(task), "succeeded")
    back_up(data.db, datetime.now(UTC))
    running.stop()
    well = sendoff(data.root, "doctor", "--restore")
    assert (well.returncode, well.stdout) == (1, "")
    assert "is sound, so nothing was restored" in well.stderr
    data.db.write_bytes(b"this is no database" * 1000)
    damaged = sendoff(data.root, "doctor")
    assert damaged.returncode == 1
    assert "run `sendoff doctor --restore`" in damaged.stdout
    done = sendoff(data.root, "doctor", "--restore")
    assert (done.returncode, done.stderr) == (0, "")
    assert "what was accepted or done since then is not in it" in done.stdout
    assert sendoff(data.root, "doctor").returncode == 0
    api = Api(backends(data.root).backend)
    assert api.task(int(task))["state"] == "succeeded"
    number = api.items.submit(None, {"title": "after it"}, "key").task_ids[0]
    assert api.task(number)["state"] == "queued"
    assert api.task(number)["reason"] == Reason.ALL_PAUSED
    api.close()


POSIX = pytest.mark.skipif(os.name != "posix", reason="modes are POSIX's")
Usage = namedtuple("Usage", "total used free")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> OfficeFolder:
    """Give a data folder on a disk with much room."""
    monkeypatch.setattr("shutil.disk_usage", lambda _: Usage(1 << 40, 0, 1 << 40))
    folder = OfficeFolder(tmp_path / "data")
    folder.create()
    return folder


def looks(folder: OfficeFolder) -> list[str]:
    return [finding.text for finding in look_at_machine(folder) if not finding.ok]


def test_a_disk_that_is_nearly_full(folder: OfficeFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda _: Usage(1 << 40, 0, 5 << 20))
    (found,) = looks(folder)
    assert found.startswith("5 MiB are free on the disk of ")
    assert "free some space" in found


@POSIX
def test_a_folder_that_others_may_enter(
    folder: OfficeFolder,
) -> None:
    folder.root.chmod(0o755)
    (found,) = looks(folder)
    assert f"Others can read {folder.root}" in found
    assert f"chmod go-rwx {folder.root}" in found


@POSIX
def test_a_folder_that_others_could_write_to_tells_what_they_may_have_left(
    folder: OfficeFolder,
) -> None:
    planted = folder.tasks / "planted.py"
    planted.write_text("")
    planted.chmod(0o666)
    folder.root.chmod(0o777)
    mode, file = looks(folder)
    assert mode.startswith(f"Others can change {folder.root}: run `chmod go-rwx")
    assert file.startswith(f"The tasks in {planted} cannot be used: other users can change it.")
    folder.root.chmod(0o700)
    folder.tasks.chmod(0o777)
    (whole,) = looks(folder)
    assert whole.startswith(f"No file in {folder.tasks} is used: other users can change it.")


@POSIX
def test_a_task_file_as_editors_make_it_is_shut_away_by_its_folder(
    folder: OfficeFolder,
) -> None:
    mine = folder.tasks / "mine.py"
    mine.write_text("")
    mine.chmod(0o644)
    assert looks(folder) == []


@pytest.mark.skipif(os.name != "posix", reason="users have numbers")
def test_root_looks_as_the_user_of_the_folder(
    folder: OfficeFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As root it would advise to take the files away from that user."""
    monkeypatch.setattr(doctor, "_is_roots_guest", lambda _: True)
    user = folder.root.stat().st_uid
    (said,) = [f.text for f in doctor.look_at_machine(folder) if "belongs to user" in f.text]
    assert f"run `sudo -u '#{user}' sendoff doctor`" in said
    assert not list(doctor._look_inside(folder, lambda _: ()))


def test_an_sqlite_that_is_too_old(folder: OfficeFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 31, 1))
    (found,) = looks(folder)
    assert "too old" in found


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "sendoff.db"


def told_of_store(database: Path) -> list[str]:
    return [str(finding) for finding in look_at_store(database)]


def test_one_that_is_not_there_yet_is_not_made_and_a_sound_one_is_described(
    database: Path,
) -> None:
    assert told_of_store(database) == [f"ok   Store {database}: it is made at the first start"]
    assert list(database.parent.iterdir()) == []
    open_store(database).close()
    store, backups = told_of_store(database)
    assert store.startswith(f"ok   Store {database}: sound, version ")
    assert ", 0 tasks, " in store
    assert store.endswith("; no backend runs")
    assert backups.startswith("ok   Backups: none yet")
    engine = Engine(EngineConfig(database, Registry()))
    engine.start()
    store, _ = told_of_store(database)
    assert store.startswith("ok")
    assert store.endswith("; a backend is at work on it")
    engine.stop()


@pytest.mark.skipif(sys.platform == "win32", reason="there, a file that is open stays")
@pytest.mark.parametrize("lost", ["its log", "its content"])
def test_one_that_is_in_use_is_first_to_be_stopped(database: Path, lost: str) -> None:
    open_store(database).close()  # else all of it would be in its log
    engine = Engine(EngineConfig(database, Registry()))
    engine.start()
    if lost == "its log":
        database.with_name(f"{database.name}-wal").unlink()
    else:
        database.write_bytes(b"no database at all" * 300)
    store = told_of_store(database)[0]
    assert store.endswith(
        ": end the program that is at work on it, and run `sendoff doctor` again."
    )
    engine.stop()


def test_one_whose_backend_was_killed_is_read_with_its_log(database: Path, tmp_path: Path) -> None:
    connection = open_store(database)
    function = connection.execute("INSERT INTO functions VALUES (1, 'f', 'f', 'io', 'F')")
    function.execute("INSERT INTO counts VALUES (1, 'succeeded', 3)")
    killed = tmp_path / "killed" / database.name
    killed.parent.mkdir()
    for part in (database, database.with_name(f"{database.name}-wal")):
        shutil.copy(part, killed.parent)
    connection.close()
    store, _ = told_of_store(killed)
    assert store.startswith("ok")
    assert ", 3 tasks, " in store


def test_a_damaged_one_is_named_with_the_way_out(database: Path) -> None:
    connection = open_store(database)
    at = datetime.now(UTC)
    back_up(database, at)
    damage_page(connection, database, "tasks")
    connection.close()
    store, backups = told_of_store(database)
    assert store.startswith(f"look Store {database} is damaged (")
    assert f"its backup of {at.astimezone():%Y-%m-%d %H:%M} in its place" in store
    assert backups.startswith("ok   Backups: the newest is of ")


def test_what_is_no_store_is_named(database: Path) -> None:
    database.write_bytes(b"no database at all" * 300)
    store, _ = told_of_store(database)
    assert store.startswith("look")
    assert store.endswith("there is no backup; move it away to begin with an empty list.")
    database.unlink()
    database.mkdir()
    assert told_of_store(database) == [
        f"look Store {database} is not a file: move it away, then run `sendoff doctor` again."
    ]


def test_an_empty_file_is_damage_where_a_database_was(database: Path) -> None:
    database.touch()
    store, _ = told_of_store(database)
    assert store == f"ok   Store {database}: it is made at the first start"
    database.unlink()
    open_store(database).close()
    back_up(database, datetime.now(UTC))
    database.write_bytes(b"")
    store, _ = told_of_store(database)
    assert store.startswith(
        f"look Store {database} is damaged (it is empty): end the program and run"
    )


@pytest.mark.parametrize(
    ("lost", "said"),
    [
        ("empty", "is damaged (it is empty): there is no backup; move it and sendoff.db-wal away"),
        ("gone", "is gone: there is no backup; move sendoff.db-wal away"),
    ],
)
def test_a_log_tells_that_there_was_a_database(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], lost: str, said: str
) -> None:
    data = OfficeFolder(tmp_path / "data")
    data.create()
    there = tmp_path / "sendoff.db"
    connection = open_store(there)
    log = data.db.with_name("sendoff.db-wal")
    shutil.copy(there.with_name(log.name), log)
    connection.close()
    if lost == "empty":
        data.db.touch()
    content = log.read_bytes()
    assert doctor.run(str(data.root), restores=False) == 1
    assert f"look Store {data.db} {said}" in capsys.readouterr().out
    assert log.read_bytes() == content


def test_a_backup_that_should_have_had_a_successor_and_one_of_a_store_that_is_lost(
    database: Path,
) -> None:
    open_store(database).close()
    at = datetime.now(UTC)
    back_up(database, at)
    later = (at + timedelta(days=4)).timestamp()
    os.utime(database, (later, later))
    _, backups = told_of_store(database)
    assert backups.startswith("look Backups: the newest is of ")
    database.unlink()
    (store,) = told_of_store(database)
    assert store.startswith(f"look Store {database} is gone: end the program and run ")


NOBODY = 65534


@contextmanager
def without_privileges() -> Iterator[None]:
    """Be a user to whom modes and owners matter; root passes all of them."""
    if os.geteuid() != 0:
        yield
        return
    os.setresuid(NOBODY, NOBODY, 0)
    try:
        yield
    finally:
        os.setresuid(0, 0, 0)


@pytest.fixture
def data() -> Iterator[OfficeFolder]:
    """A sound store with a backup; pytest's own folders are root's alone."""
    folder = Path(tempfile.mkdtemp(prefix="sendoff-doctor-"))
    there = OfficeFolder(folder)
    open_store(there.db).close()
    back_up(there.db, datetime.now(UTC))
    if os.geteuid() == 0:
        for path in (folder, *folder.rglob("*")):
            os.chown(path, NOBODY, NOBODY)
    yield there
    folder.chmod(0o700)
    shutil.rmtree(folder)


def shut(data: OfficeFolder) -> None:
    data.db.chmod(0)


def give_to_root(data: OfficeFolder) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can give files away")
    os.chown(data.db, 0, 0)
    data.db.chmod(0o600)


def freeze_folder(data: OfficeFolder) -> None:
    data.root.chmod(0o500)


def freeze_file(data: OfficeFolder) -> None:
    data.db.chmod(0o400)


@POSIX
@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (shut, "cannot be opened (Permission denied)"),
        (give_to_root, "cannot be opened (Permission denied)"),
        (freeze_folder, "(its folder: Permission denied)"),
        (freeze_file, "is sound, but cannot be written (Permission denied)"),
    ],
)
def test_it_says_why_and_restores_nothing(
    data: OfficeFolder,
    capsys: pytest.CaptureFixture[str],
    spoil: Callable[[OfficeFolder], None],
    reason: str,
) -> None:
    content = data.db.read_bytes()
    spoil(data)
    with without_privileges():
        assert doctor.run(str(data.root), restores=False) == 1
        assert doctor.run(str(data.root), restores=True) == 1
    said = capsys.readouterr()
    assert reason in said.out
    assert "damaged" not in said.out + said.err
    assert "othing was restored" in said.err
    data.root.chmod(0o700)
    data.db.chmod(0o600)
    assert data.db.read_bytes() == content
    assert not list(data.root.glob("damaged-*"))


@POSIX
@pytest.mark.parametrize("has_backup", [True, False])
def test_on_a_read_only_disk_it_says_that(
    data: OfficeFolder,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    has_backup: bool,
) -> None:
    monkeypatch.setattr(doctor, "_is_roots_guest", lambda _: False)
    if os.geteuid() != 0 or shutil.which("mount") is None:
        pytest.skip("only root can mount a disk read-only")
    if not has_backup:
        shutil.rmtree(data.root / "backups")
    subprocess.run(["mount", "--bind", "-o", "ro", data.root, data.root], check=True)
    try:
        assert doctor.run(str(data.root), restores=False) == 1
        assert doctor.run(str(data.root), restores=True) == 1
    finally:
        subprocess.run(["umount", "--lazy", data.root], check=True)
    said = capsys.readouterr()
    assert f"Data folder {data.root} cannot be written" in said.out
    assert "cannot be opened (Read-only file system)" in said.out
    assert "damaged" not in said.out + said.err
    assert "move it away" not in said.out + said.err
    assert "othing was restored" in said.err


@POSIX
def test_a_folder_that_others_keep_shut_is_said(
    data: OfficeFolder, capsys: pytest.CaptureFixture[str]
) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can give a folder away")
    os.chown(data.root, 0, 0)
    with without_privileges():
        assert doctor.run(str(data.root), restores=False) == 1
        assert doctor.run(str(data.root), restores=True) == 1
    said = capsys.readouterr()
    assert f"Data folder {data.root} cannot be opened: " in said.out
    assert "othing was restored" in said.err
