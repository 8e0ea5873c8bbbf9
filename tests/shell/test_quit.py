"""``sendoff quit``: the window and its backend are gone when it ends, or it says why not."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop.settings.office_folder import OfficeFolder
from sendoff_tasks.folder.lock_file import LockFile, is_held
from tests import WITHIN
from tests.looking import backend_of
from tests.shell.conftest import sendoff
from tests.windows import await_calls, window


@pytest.fixture
def data(tmp_path: Path) -> OfficeFolder:
    return OfficeFolder(tmp_path / "data")


def test_a_window_quits_with_its_backend_before_the_command_ends(data: OfficeFolder) -> None:
    with window(data) as process:
        await_calls(data)
        backend_of(data)
        done = sendoff(data.root, "quit")
        assert (done.returncode, done.stdout, done.stderr) == (0, "Sendoff has quit.\n", "")
        assert not is_held(data.backend_lock)
        assert not is_held(data.window_lock)
        assert process.wait(WITHIN) == 0


def test_quitting_what_does_not_run_succeeds(data: OfficeFolder) -> None:
    done = sendoff(data.root, "quit")
    assert (done.returncode, done.stdout) == (0, "Sendoff is not running.\n")


def test_a_window_on_a_server_quits_too_and_one_that_is_deaf_fails_the_command(
    data: OfficeFolder,
) -> None:
    server = data.at_address("https://sendoff.example.org")
    server.create()
    lock = LockFile(server.window_lock)
    assert lock.take()
    done = sendoff(data.root, "quit")
    lock.release()
    assert (done.returncode, done.stdout) == (1, "")
    assert "does not answer" in done.stderr


def test_a_backend_without_a_window_is_left_alone_and_named(data: OfficeFolder) -> None:
    data.create()
    lock = LockFile(data.backend_lock)
    assert lock.take()
    done = sendoff(data.root, "quit")
    lock.release()
    assert done.returncode == 1
    assert "process" in done.stderr
