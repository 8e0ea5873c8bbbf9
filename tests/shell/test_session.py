"""Without a backend a shell command says what to start, and exits with 1."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop.settings.office_folder import OfficeFolder
from sendoff_tasks.client.calls import TasksApi
from sendoff_tasks.client.errors import TooSlow
from sendoff_tasks.folder.backend_addresses import Backend, write_backend
from sendoff_tasks.shell import session
from sendoff_tasks.shell.command_line import BackendPlace
from tests.conftest import RunningBackend
from tests.shell.conftest import program, sendoff


def test_no_backend_is_one_sentence(tmp_path: Path) -> None:
    for arguments in (("submit",), ("tasks",), ("retry", "1"), ("cancel", "1"), ("watch",)):
        said = sendoff(tmp_path, *arguments)
        assert (said.returncode, said.stdout) == (1, "")
        assert "start Sendoff or `sendoff serve`" in said.stderr
    write_backend(OfficeFolder(tmp_path).backend_file, Backend("http://127.0.0.1:9", "t", 1))
    dead = sendoff(tmp_path, "tasks")
    assert (dead.returncode, dead.stderr) == (1, said.stderr)


def test_a_file_is_no_data_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "file"
    file.touch()
    assert session.with_backend(BackendPlace(str(file)), lambda _: 0) == 1
    assert capsys.readouterr().err.startswith(f"{file} is a file, not a data folder")


def test_a_backend_that_is_slow_is_not_said_to_be_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def command(_: TasksApi) -> int:
        raise TooSlow("It has not answered within 30 s.")

    slow = Backend("http://127.0.0.1:9", "t", 1)
    monkeypatch.setattr(session, "running_backend", lambda _: slow)
    assert session.with_backend(BackendPlace(str(tmp_path)), command) == 1
    assert capsys.readouterr().err == "It has not answered within 30 s.\n"


def test_the_data_folder_may_be_named_before_the_command(backend: RunningBackend) -> None:
    said = program("--data-dir", str(backend.data_dir), "tasks")
    assert (said.returncode, said.stderr) == (0, "")
