"""``sendoff token`` makes, lists and removes tokens; a backend that runs takes them at once."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from desktop.settings.office_folder import OfficeFolder
from sendoff_tasks.client.health import BackendHealth, check
from sendoff_tasks.folder.backend_addresses import NO_PID, Backend
from sendoff_tasks.folder.safe_files import write_atomic
from sendoff_tasks.words.table import ENGLISH
from tests.conftest import RunningBackend
from tests.shell.conftest import program, sendoff


def test_a_viewer_is_let_in_shown_everything_and_refused_in_words(
    tmp_path: Path, backends: Callable[[Path], RunningBackend]
) -> None:
    data = OfficeFolder(tmp_path / "data")
    url = backends(data.root).backend.url

    def token(*arguments: str) -> tuple[int, str, str]:
        done = sendoff(data.root, "token", *arguments)
        return done.returncode, done.stdout, done.stderr

    assert token("list")[1] == "There are no tokens. `sendoff token add NAME` makes one.\n"
    status, made, _ = token("add", "Ada", "--viewer", "--days", "30")
    assert status == 0
    assert check(Backend(url, made.strip(), NO_PID)) is BackendHealth.ANSWERS
    listed = token("list")[1]
    assert listed.split()[:4] == ["Ada", "looks", "only", "made"]
    assert "until" in listed
    assert made.strip() not in listed
    assert token("add", "Ada")[2].startswith("There is a token named Ada.")

    file = tmp_path / "token"
    file.touch(mode=0o600)
    file.write_text(made)

    def ask(*arguments: str) -> tuple[int, str]:
        done = program(*arguments, "--url", url, "--token-file", str(file))
        assert made.strip() not in done.stdout + done.stderr
        return done.returncode, done.stderr

    assert ask("tasks") == (0, "")
    looks = "This token is read-only.\n"
    assert ask("submit", "--to", "ada@example.org") == (1, looks)
    assert ask("pause") == (1, looks)
    kept = data.tokens_file.read_text()
    write_atomic(
        data.tokens_file, re.sub(r'"expires_at": [0-9.]+', '"expires_at": 1', kept).encode()
    )
    assert token("list")[1].split()[1] == "expired"
    by_hand = kept.replace('"viewer"', '"none"').encode()
    over = data.tokens_file.read_bytes()
    write_atomic(data.tokens_file, by_hand)
    assert token("list")[1].split()[1] == "nothing"
    write_atomic(data.tokens_file, over)
    assert ask("tasks") == (1, f"The token in {file} has expired. Ask for a new one.\n")
    removed = f"The backend of {data.root} does not take the token Ada any more.\n"
    assert token("remove", "Ada")[1] == removed
    assert ask("tasks") == (1, f"{url} does not take the token in {file}.\n")
    assert token("remove", "Ada")[2] == "There is no token named Ada.\n"


@pytest.mark.parametrize("mark", ["", "sendoff.db", "sendoff.db.app", "sendoff.server"])
def test_only_a_folder_with_tasks_gets_a_token(tmp_path: Path, mark: str) -> None:
    folder = tmp_path / "data"
    if mark:
        folder.mkdir()
        (folder / mark).touch()
    done = sendoff(folder, "token", "add", "Ada")
    if mark:
        assert (done.returncode, done.stderr) == (0, "")
    else:
        assert (done.returncode, done.stdout) == (1, "")
        assert done.stderr == ENGLISH.say("session", "no_tasks", folder=folder) + "\n"
        assert not folder.exists()
