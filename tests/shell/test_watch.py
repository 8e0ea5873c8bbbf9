"""``sendoff watch`` prints each change as it happens; without a display Sendoff does the same."""

from __future__ import annotations

import os
import re
import shlex
import signal
import sqlite3
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import BinaryIO, Final

import pytest

from desktop import __version__
from desktop.client.api import Api
from desktop.settings.office_folder import OfficeFolder
from desktop.shell.no_display import _submit_line, run_without_display
from sendoff_tasks.client.health import running_backend
from sendoff_tasks.folder.lock_file import is_held
from sendoff_tasks.folder.paths import DATA_DIR_VARIABLE
from sendoff_tasks.model.problems import CONTRACT
from sendoff_tasks.words.table import ENGLISH
from tests import WITHIN, forked
from tests.conftest import RunningBackend
from tests.forked import Process
from tests.looking import eventually
from tests.shell.conftest import Shell
from tests.test_builds import SECOND, lay_out, served, with_contract

SHOWN: Final = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
BARE: Final = {name: value for name, value in os.environ.items() if name not in SHOWN}


FORKED = (
    "from desktop.client import supervisor as s; from tests import forked; s.spawn = forked.spawn"
)
"""For ``first``: the backend of a command is forked, too."""


def lines_until(process: Process, wanted: str) -> list[str]:
    """Read what it prints up to a line that holds ``wanted``."""
    assert process.stdout is not None
    seen: list[str] = []
    for line in process.stdout:
        seen.append(line.decode())
        if wanted in seen[-1]:
            return seen
    raise AssertionError(f"ended without {wanted!r}: {seen}")


@contextmanager
def sendoff(*arguments: str, data: Path, first: str = "") -> Iterator[tuple[Process, BinaryIO]]:
    """Run Sendoff where there is no display, and read what it prints on stdout and stderr."""
    command, nowhere = [*arguments, "--data-dir", str(data)], dict.fromkeys(SHOWN, "")
    with tempfile.TemporaryFile() as complaints:
        running = forked.start(command, first, complaints.fileno(), environment=nowhere)
        assert running.stdin is not None
        assert running.stdout is not None
        with running.stdin, running.stdout:
            try:
                yield running, complaints
            finally:
                running.kill()
                running.wait()


def said(complaints: BinaryIO) -> bytes:
    """Read what a process has said on stderr."""
    complaints.seek(0)
    return complaints.read()


def test_an_item_is_seen_to_its_end_and_a_pause_is_told_and_taken_back(
    backend: RunningBackend, shell: Shell
) -> None:
    with sendoff("watch", data=backend.data_dir) as (watching, _):
        lines_until(watching, "Watching")
        shell("submit", "--name", "Ada", "--to", "ada@example.org")
        assert "ada@example.org" in lines_until(watching, "succeeded")[-1]
        shell("pause")
        told = lines_until(watching, "Sending and everything else has been paused since ")[-1]
        shell("resume")
        assert lines_until(watching, "No longer: ")[-1] == f"No longer: {told}"


def test_it_follows_the_backend_over_a_restart_on_another_port(
    backends: Callable[[Path], RunningBackend], tmp_path: Path
) -> None:
    first = backends(tmp_path)
    with sendoff("watch", data=tmp_path) as (watching, _):
        lines_until(watching, "Watching")
        first.kill()
        lines_until(watching, "stopped; waiting")
        second = backends(tmp_path)
        assert second.backend.url != first.backend.url
        api = Api(second.backend)
        api.items.submit(7, {"recipient": {"email": "ada@example.org"}}, "k")
        api.close()
        assert "ada@example.org" in lines_until(watching, "succeeded")[-1]
        watching.send_signal(signal.SIGINT)
        assert watching.wait(WITHIN) == 0


def test_without_a_display_the_shown_line_submits_and_it_ends_with_its_reader(
    tmp_path: Path,
) -> None:
    with sendoff(data=tmp_path, first=FORKED) as (running, complaints):
        before = lines_until(running, "Watching")
        assert "No display here" in before[0]
        (submit,) = (line for line in before if " submit " in line)
        subprocess.run(
            shlex.split(submit), check=True, capture_output=True, env=BARE, timeout=WITHIN
        )
        seen = lines_until(running, "succeeded")
        assert re.search(r"Ada <ada@example\.org>", seen[-1])
        assert running.stdout is not None
        running.stdout.close()
        arguments = shlex.split(submit)
        forked.run(arguments[arguments.index("submit") :])
        assert running.wait(WITHIN) == 0
        assert said(complaints) == b""
    assert not is_held(OfficeFolder(tmp_path).backend_lock)


def test_without_a_display_it_says_why_a_backend_cannot_be_used(tmp_path: Path) -> None:
    data = OfficeFolder(tmp_path / "data")
    data.create()
    program = with_contract(lay_out(tmp_path / "program", SECOND), CONTRACT + 1)
    with served(data, program), sendoff(data=data.root) as (running, _):
        lines_until(running, ENGLISH.say("server", "newer", version=__version__))


WAITING = """
import pathlib, threading
from sendoff_tasks import task
@task
def wait_for(path):
    pathlib.Path(f"{path}, begun").touch()
    while not pathlib.Path(path).exists():
        threading.Event().wait(0.02)
"""


def test_ctrl_c_without_a_display_lets_running_tasks_end_and_is_no_failure(tmp_path: Path) -> None:
    data = OfficeFolder(tmp_path)
    data.create()
    (data.tasks / "own.py").write_text(WAITING)
    release = tmp_path / "go on"
    with sendoff(data=tmp_path, first=FORKED) as (running, complaints):
        lines_until(running, "Watching")
        backend = running_backend(data)
        assert backend is not None
        api = Api(backend)
        api.functions.run("wait_for", {}, "k", [str(release)])
        lines_until(running, "running")
        eventually((tmp_path / "go on, begun").exists)  # else it is given back
        running.send_signal(signal.SIGINT)
        eventually(lambda: not data.backend_file.exists())  # it leaves: it waits for the task alone
        release.touch()
        assert running.wait(WITHIN) == 0
        assert said(complaints) == b""
        api.close()
    assert not is_held(data.backend_lock)
    with closing(sqlite3.connect(data.db)) as store:
        assert store.execute("SELECT state FROM tasks").fetchall() == [("succeeded",)]


def test_the_line_names_a_folder_that_is_not_the_usual_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(DATA_DIR_VARIABLE, "/elsewhere")
    assert _submit_line("/my data").endswith(" --data-dir='/my data'")
    assert _submit_line(None).endswith(" --data-dir=/elsewhere")
    monkeypatch.delenv(DATA_DIR_VARIABLE)
    assert "--data-dir" not in _submit_line(None)


def test_a_folder_that_cannot_be_used_is_said_with_a_way_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "file"
    folder.touch()
    assert run_without_display(str(folder)) == 1
    said = capsys.readouterr().err
    assert str(folder) in said
    assert "another folder with --data-dir" in said
