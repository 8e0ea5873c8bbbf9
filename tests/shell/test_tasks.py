"""``sendoff tasks`` lists what the table shows; the actions act and answer."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.shell.conftest import Shell


def test_json_holds_every_row_of_the_filter(shell: Shell) -> None:
    for name in ("Ada", "Bo"):
        shell("submit", "--name", name, "--to", f"{name.lower()}@example.org", "--delay", "3600")
    rows = json.loads(shell("tasks", "--json", "--state", "scheduled").stdout)
    assert [row["to"] for row in rows] == ["Bo <bo@example.org>", "Ada <ada@example.org>"]
    assert json.loads(shell("tasks", "--json", "--state", "failed").stdout) == []


def test_text_finds_a_name(shell: Shell) -> None:
    for name in ("Ada", "Bo"):
        shell("submit", "--name", name, "--to", f"{name.lower()}@example.org", "--delay", "3600")
    listed = shell("tasks", "--text", "ada").stdout
    assert "ada@example.org" in listed
    assert "bo@example.org" not in listed


def test_an_unknown_state_is_one_sentence(shell: Shell) -> None:
    said = shell("tasks", "--state", "sleeping")
    assert said.returncode == 1
    assert "sleeping" in said.stderr


def test_cancel_then_retry_a_scheduled_task(shell: Shell) -> None:
    shell("submit", "--delay", "3600")
    (row,) = json.loads(shell("tasks", "--json").stdout)
    task = str(row["id"])
    assert shell("cancel", task).stdout == f"Task {task} is cancelled.\n"
    assert shell("retry", task).returncode == 0


def test_each_id_has_its_own_answer_and_one_refusal_is_status_1(shell: Shell) -> None:
    shell("submit", "--delay", "3600")
    (row,) = json.loads(shell("tasks", "--json").stdout)
    said = shell("cancel", "999", str(row["id"]))
    assert said.returncode == 1
    assert said.stdout == f"Task {row['id']} is cancelled.\n"
    assert said.stderr.startswith("Task 999: ")
