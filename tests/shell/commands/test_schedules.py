"""``sendoff schedules`` lists the tasks that run by themselves, and steers one."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest

from desktop.settings.paths import DataFolder

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.conftest import RunningBackend
    from tests.shell.conftest import Shell

TASKS = """
from sendoff_tasks import task

@task(cron="0 7 1 1 *", timezone="Europe/Berlin")
def yearly() -> None: ...

@task(every="3650 days")
def rarely() -> None: ...

@task(every="86399 s")
def oddly() -> None: ...
"""

DAY = r"(\d+ \w+( \d{4})?, )?"
"""The day of a moment: none today, without the year in this one."""


@pytest.fixture
def backend(backends: Callable[[Path], RunningBackend], tmp_path: Path) -> RunningBackend:
    """Start a real backend with three schedules."""
    folder = DataFolder(tmp_path / "data")
    folder.create()
    (folder.tasks / "reports.py").write_text(TASKS)
    return backends(folder.root)


def test_schedules_are_listed_paused_resumed_and_run(shell: Shell) -> None:
    oddly, rarely, yearly = shell("schedules").stdout.splitlines()
    assert re.fullmatch(rf"rarely +every 3650 days +is due {DAY}\d\d:\d\d", rarely)
    assert re.fullmatch(rf"oddly +every 86399 s +is due {DAY}\d\d:\d\d:\d\d", oddly)
    assert re.fullmatch(rf"yearly +0 7 1 1 \* Europe/Berlin +is due {DAY}\d\d:\d\d", yearly)
    said = shell("schedules", "pause", "yearly").stdout
    assert re.fullmatch(r"yearly has been paused since \d\d:\d\d\.\n", said)
    assert shell("schedules", "run", "yearly").stdout == "Task 1 is queued.\n"
    found = json.loads(shell("schedules", "--json").stdout)
    assert [(each["name"], each["next_at"] is None) for each in found] == [
        ("oddly", False), ("rarely", False), ("yearly", True),
    ]  # fmt: skip
    assert found[2]["last"]["task_id"] == 1
    assert "is due" in shell("schedules", "resume", "yearly").stdout
    refused = shell("schedules", "pause", "nothing")
    assert (refused.returncode, refused.stderr) == (1, "There is no schedule named “nothing”.\n")
    assert shell("schedules", "pause").returncode == 2
