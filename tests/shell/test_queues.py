"""``sendoff pause``, ``resume`` and ``schedules`` steer what runs, and say since when."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from desktop.client.api import Api
from desktop.settings.office_folder import OfficeFolder
from sendoff_tasks.model.queues import Queue, QueueHold
from sendoff_tasks.model.reasons import Reason
from sendoff_tasks.shell.queues import still_held
from tests.conftest import RunningBackend
from tests.shell.conftest import Shell

SINCE = r"paused since \d\d:\d\d\.\n"


def paused(api: Api) -> set[str]:
    """Read which queues are paused."""
    return {queue["name"] for queue in api.queues() if queue["paused"]}


def test_all_or_one_are_paused_and_go_on(shell: Shell, api: Api) -> None:
    said = shell("pause")
    assert re.fullmatch(f"Sending and everything else has been {SINCE}", said.stdout), said
    assert paused(api) == {queue["name"] for queue in api.queues()}
    assert shell("resume").stdout == "No queue is paused.\n"
    assert paused(api) == set()
    said = shell("pause", "mail")
    assert re.fullmatch(f"The queue mail has been {SINCE}", said.stdout), said
    shell("submit", "--to", "ada@example.org")
    assert re.search(rf"queued .* Queue mail pa{SINCE[2:-4]}", shell("tasks").stdout)
    assert shell("resume", "mail").stdout == "mail is not paused.\n"
    assert paused(api) == set()
    said = shell("pause", "post", "mail")  # an unknown one is a sentence
    assert said.returncode == 1
    assert said.stderr == "There is no queue named “post”.\n"
    assert said.stdout.startswith("The queue mail has been paused since ")
    assert paused(api) == {"mail"}


def test_what_stays_on_hold_says_why_and_what_ends_it() -> None:
    held: QueueHold = {
        "since": "2026-09-21T13:33:20.000Z", "kind": Reason.QUEUE_HELD, "until": None,
        "is_trying": False, "reason": "535 wrong password", "action": None,
    }  # fmt: skip
    queue: Queue = {
        "name": "mail", "concurrency": None, "rate": None, "per_day": None, "paused": None,
        "held": held, "counts": {}, "waits_since": None,
    }  # fmt: skip
    assert re.fullmatch(
        r"mail is still on hold since .*: 535 wrong password\. Fix the problem, then retry one "
        r"of its tasks \(`sendoff retry ID`\)\.",
        still_held(queue) or "",
    )
    held["action"] = "mail_settings"
    assert "then save the mail settings or retry" in (still_held(queue) or "")
    held["kind"], held["until"] = Reason.OFFLINE, "2026-09-21T13:33:21.000Z"
    assert re.match(
        "mail has waited for its server since .* continues by itself", still_held(queue) or ""
    )


SCHEDULED = """
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
    folder = OfficeFolder(tmp_path / "data")
    folder.create()
    (folder.tasks / "reports.py").write_text(SCHEDULED)
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
