"""The process starts, says so, refuses in a sentence, and ends in order."""

from __future__ import annotations

import json
import signal
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

import httpx
import pytest

from desktop.backend import process
from desktop.backend.composition import Front, place_of
from desktop.settings.office_folder import OfficeFolder
from sendoff_tasks.folder.backend_addresses import (
    FOLDER_TAKEN,
    STORE_DAMAGED,
    Backend,
    read_backend,
    write_backend,
)
from sendoff_tasks.folder.database_backups import backup_path
from sendoff_tasks.http.lifecycle import StartError, UsageError, token_made_by
from sendoff_tasks.store.database import open_store
from tests import WITHIN, forked
from tests.backend.driving import client_of, wait_for
from tests.benchmarks.backend.idle import AT_MOST, wakes
from tests.conftest import RunningBackend
from tests.forked import Process
from tests.looking import eventually


def run(*arguments: str, data_dir: Path) -> subprocess.CompletedProcess[str]:
    """Run ``serve`` to an end it is expected to come to by itself."""
    return forked.run(["serve", "--data-dir", str(data_dir), *arguments])


def refused(done: subprocess.CompletedProcess[str], status: int = 1) -> str:
    """Check that it ended with one sentence and nothing on stdout; gives the sentence."""
    assert done.returncode == status, done.stderr
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1, done.stderr
    assert done.stderr.endswith(".\n")
    return done.stderr


class TestReady:
    def test_the_one_line_says_where_and_who_to_its_owner_only(
        self, backend: RunningBackend
    ) -> None:
        folder = OfficeFolder(backend.data_dir)
        assert backend.backend.pid == backend.process.pid
        assert httpx.get(f"{backend.backend.url}/health", trust_env=False).status_code == 200
        assert folder.backend_file.stat().st_mode & 0o777 == 0o600
        assert folder.root.stat().st_mode & 0o777 == 0o700
        assert len(backend.backend.token) >= 43  # 32 random bytes
        for file in folder.root.rglob("*"):
            assert file.stat().st_mode & 0o077 == 0, file
        said = (folder.logs / "backend.log").read_text()
        assert said.count(token_made_by(folder.root)) == 1
        assert backend.backend.token not in said
        assert backend.stop() == 0  # as its parent does
        assert backend.process.stdout is not None
        assert backend.process.stdout.read() == b""
        assert not folder.backend_file.exists()

    def test_until_then_nothing_is_imported_that_most_starts_do_not_need(
        self, tmp_path: Path
    ) -> None:
        code = """
import os, sys
from desktop.backend import process

def ready(*_):
    from desktop.backend.wire.items import NEW_ITEM
    sys.stderr.write(" ".join([str(NEW_ITEM.pydantic_complete), *sys.modules]))
    os._exit(0)

process.backend_addresses.write_backend = ready
process.serve(process.ServeOptions(data_dir=sys.argv[1]))
"""
        command = [sys.executable, "-c", code, str(tmp_path)]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        is_complete, *imported = done.stderr.split()
        assert is_complete == "False"  # what checks bodies
        unwanted = {"email_validator", "httpx", "jinja2", "keyring", "platformdirs"}
        unwanted |= {"psycopg", "pydantic.v1", "PySide6.QtCore", "tomlkit"}
        unwanted |= {"sendoff_tasks.lanes.cpu_child", "sendoff_tasks.lanes.cpu_parent"}
        assert not unwanted & set(imported)

    def test_settings_that_are_being_written_are_waited_for(self, folder: OfficeFolder) -> None:
        folder.settings_file.write_text("[mail]\n")
        code = """
import sys
from desktop.backend import process

def wait(file):
    assert "desktop.backend.composition" not in sys.modules  # which reads it
    sys.exit(str(file))

process.await_quiet = wait
process.serve(process.ServeOptions(data_dir=sys.argv[1]))
"""
        command = [sys.executable, "-c", code, str(folder.root)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.stderr == f"{folder.settings_file}\n"


class TestRefusals:
    def test_a_second_backend_on_the_folder_which_a_window_is_told_by_the_status(
        self, backend: RunningBackend
    ) -> None:
        before = read_backend(OfficeFolder(backend.data_dir).backend_file)
        assert "already running" in refused(run(data_dir=backend.data_dir))
        early = run("--parent-pipe", data_dir=backend.data_dir)
        assert "already running" in refused(early, FOLDER_TAKEN)
        assert read_backend(OfficeFolder(backend.data_dir).backend_file) == before

    def test_a_damaged_database_which_a_window_is_told_by_the_status(self, tmp_path: Path) -> None:
        folder = OfficeFolder(tmp_path / "data")
        folder.create()
        folder.db.write_text("no database")
        # Where a killed backend listened is forgotten at once.
        write_backend(folder.backend_file, Backend("http://127.0.0.1:1", "its token", 1))
        assert str(folder.db) in refused(run("--parent-pipe", data_dir=folder.root), STORE_DAMAGED)
        assert not folder.backend_file.exists()
        assert folder.db.read_text() == "no database"
        assert "no backup" in refused(run(data_dir=folder.root))
        backup = backup_path(folder.db, datetime(2026, 3, 1, tzinfo=UTC))
        backup.parent.mkdir()
        backup.write_bytes(b"")
        assert "`sendoff doctor --restore` puts its" in refused(run(data_dir=folder.root))

    def test_a_place_that_cannot_be_announced(self, tmp_path: Path) -> None:
        folder = OfficeFolder(tmp_path / "data")
        folder.backend_file.mkdir(parents=True)
        assert "backend.json cannot be written" in refused(run(data_dir=folder.root))
        gone = OfficeFolder(tmp_path / "gone")
        with pytest.raises(StartError, match="cannot be written"):
            process._announce(Backend("http://127.0.0.1:1", "", 1), gone, cast("Front", None), 1)

    def test_what_it_is_told_to_do_and_cannot(self, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("in the way")
        data, url = tmp_path / "data", "sqlite:///PATH"
        assert "cannot be written" in refused(run(data_dir=tmp_path / "file" / "data"))
        refused(run("--host", "0.0.0.0", data_dir=data), status=2)
        assert not data.exists()
        assert url in refused(run("--database", "", data_dir=data), status=2)
        for other in ("mysql://localhost/x", "nonsense", "sqlite:///"):
            with pytest.raises(UsageError, match=url):
                place_of(other, OfficeFolder(data))
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = str(taken.getsockname()[1])
            assert port in refused(run("--port", port, data_dir=data))

    def test_a_database_newer_than_the_program(self, tmp_path: Path) -> None:
        folder = OfficeFolder(tmp_path / "data")
        folder.create()
        open_store(folder.db).close()
        with closing(sqlite3.connect(folder.db)) as database, database:
            database.execute("UPDATE alembic_version SET version_num = '9999'")
        assert "newer" in refused(run(data_dir=folder.root))


@pytest.mark.usefixtures("marks")
def test_task_files_that_fail_never_end_or_print_hold_nothing_up(
    backends: Callable[..., RunningBackend], folder: OfficeFolder, capfd: pytest.CaptureFixture[str]
) -> None:
    (folder.tasks / "bad.py").write_text("import no_such_module\n")
    (folder.tasks / "endless.py").write_text("while True: pass\n")
    (folder.tasks / "loud.py").write_text(
        "import os, subprocess\nprint('printed')\nos.write(1, b'written\\n')\n"
        "subprocess.run(['echo', 'echoed'])\n"
    )
    first = (
        "from unittest.mock import patch; from sendoff_tasks.functions import plugins;"
        "patch.object(plugins, 'IMPORT_WITHIN', 2.0).start()"
    )
    running = backends(folder.root, first)  # reads the first line of stdout as the ready line
    with client_of(running.backend) as client:
        assert client.post("/items/1", json={"tasks": ["mark"]}).status_code == 200
        with client.stream("GET", "/events") as stream:
            notice = next(
                json.loads(line.removeprefix("data: "))
                for line in stream.iter_lines()
                if line.startswith("data: ") and "bad.py" in line
            )
    assert notice["active"] is True
    assert "no_such_module" in notice["text"]
    assert "endless.py has not finished importing" in (folder.logs / "backend.log").read_text()
    assert running.stop() == 0
    assert running.process.stdout is not None
    assert running.process.stdout.read() == b""
    assert {"printed", "written", "echoed"} <= set(capfd.readouterr().err.split())


ENDS_THE_WRITER = """
from sendoff_tasks import task
from sendoff_tasks.writer.writer import Inbox

def ends(*_: object) -> None:
    raise SystemExit("the writer's thread ends")

@task(name="end_the_writer")
def end_the_writer(item_id: int) -> None:
    Inbox.take = ends
"""
STUCK = """
import threading
from sendoff_tasks import task

@task(name="stuck")
def stuck(item_id: int) -> None:
    threading.Event().wait(600)
"""

NEVER_READY = """
import pathlib
pathlib.Path({mark!r}).touch()
while True: pass
"""


SHORT_GRACE = """
from unittest.mock import patch
from desktop.backend import composition
patch.object(composition, "GRACE", 1.0).start()
"""
WITHOUT_QT = """
import sys
sys.modules["desktop.qtpool"] = None
"""


class TestEnd:
    @pytest.mark.skipif(sys.platform == "win32", reason="Windows ends processes in another way")
    def test_ctrl_c_ends_it_in_order(self, backend: RunningBackend) -> None:
        backend.process.send_signal(signal.SIGINT)
        assert backend.process.wait(WITHIN) == 0
        assert not OfficeFolder(backend.data_dir).backend_file.exists()

    @pytest.mark.parametrize(
        "leave",
        [lambda process: process.terminate(), lambda process: process.stdin.close()],
        ids=["signal", "parent"],
    )
    def test_it_ends_at_once_while_a_task_file_is_imported(
        self, tmp_path: Path, leave: Callable[[Process], None]
    ) -> None:
        folder, mark = OfficeFolder(tmp_path / "data"), tmp_path / "mark"
        folder.create()
        (folder.tasks / "own.py").write_text(NEVER_READY.format(mark=str(mark)))
        process = forked.start(["serve", "--parent-pipe", "--data-dir", str(folder.root)])
        assert process.stdin is not None
        assert process.stdout is not None
        with process.stdin, process.stdout:
            eventually(mark.exists)
            leave(process)
            assert process.wait(WITHIN) == 0
            assert process.stdout.read() == b""  # it was never ready

    @pytest.mark.parametrize("without", ["", WITHOUT_QT])
    def test_a_task_that_does_not_stop_gets_its_grace_and_no_more(
        self, backends: Callable[..., RunningBackend], folder: OfficeFolder, without: str
    ) -> None:
        (folder.tasks / "own.py").write_text(STUCK)
        running = backends(folder.root, SHORT_GRACE + without)
        with client_of(running.backend) as client:
            number = client.post("/items/1", json={"tasks": ["stuck"]}).headers["X-Task-Ids"]
            wait_for(client, int(number), "running")
        running.process.terminate()
        assert running.process.wait(WITHIN) == 0


class TestCrash:
    def test_a_backend_that_can_write_no_more_makes_room_for_another(
        self, backends: Callable[[Path], RunningBackend], folder: OfficeFolder
    ) -> None:
        (folder.tasks / "own.py").write_text(ENDS_THE_WRITER)
        running = backends(folder.root)
        with client_of(running.backend) as client:
            client.post("/items/1", json={"tasks": ["end_the_writer"]})
            assert running.process.wait(WITHIN) == 1
        assert not folder.backend_file.exists()


STRETCH = 3.0
"""Seconds: longer than any pause between two looks at files."""


@pytest.mark.skipif(sys.platform != "linux", reason="Linux alone tells of wake-ups")
def test_it_comes_to_rest(backend: RunningBackend) -> None:
    pid = backend.process.pid
    eventually(lambda: wakes(pid, STRETCH) <= AT_MOST)
