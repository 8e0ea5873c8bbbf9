"""The command itself: with and without a backend, well or not, and putting a backup in place."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from desktop.client.api import Api
from desktop.engine.store.file.backup import back_up
from desktop.settings.paths import DataFolder
from tests.backend.driving import client_of, wait_for
from tests.shell.test_session import sendoff

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.conftest import RunningBackend


def test_a_folder_that_is_not_there_yet_is_well_and_not_made(tmp_path: Path) -> None:
    said = sendoff(tmp_path / "none", "doctor")
    assert (said.returncode, said.stderr) == (0, "")
    assert {line[:5] for line in said.stdout.splitlines()} == {"ok   "}
    assert not (tmp_path / "none").exists()


def test_it_looks_beside_a_running_backend(backend: RunningBackend) -> None:
    said = sendoff(backend.data_dir, "doctor")
    assert said.returncode == 0, said.stdout
    assert "a backend is at work on it" in said.stdout


def test_an_apps_own_folder_has_no_mail(tmp_path: Path) -> None:
    data = DataFolder(tmp_path)
    tmp_path.chmod(0o700)
    assert "Mail: " in sendoff(tmp_path, "doctor").stdout
    data.app_mark.touch()
    said = sendoff(tmp_path, "doctor")
    assert said.returncode == 0
    assert "Mail: " not in said.stdout
    assert "Keyring: " not in said.stdout


def test_one_line_to_look_at_is_status_1(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text("port = ")
    tmp_path.chmod(0o700)
    (tmp_path / "settings.toml").chmod(0o600)
    said = sendoff(tmp_path, "doctor")
    assert said.returncode == 1
    (line,) = [line for line in said.stdout.splitlines() if not line.startswith("ok")]
    assert line.startswith("look ")


def test_from_damage_to_work_again(
    backends: Callable[[Path], RunningBackend], tmp_path: Path
) -> None:
    data = DataFolder(tmp_path / "data")
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
    assert "aused since" in api.task(number)["why"]
    api.close()
