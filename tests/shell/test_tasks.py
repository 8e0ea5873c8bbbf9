"""``sendoff tasks`` lists what the table shows; the actions act and answer."""

from __future__ import annotations

import json

from sendoff_tasks.model.states import State
from sendoff_tasks.words.table import ENGLISH
from tests.shell.conftest import Shell


def test_rows_are_listed_by_state_and_text_and_acted_on_by_id(shell: Shell) -> None:
    for name in ("Ada", "Bo"):
        shell("submit", "--name", name, "--to", f"{name.lower()}@example.org", "--delay", "3600")
    rows = json.loads(shell("tasks", "--json", "--state", "scheduled").stdout)
    assert [row["to"] for row in rows] == ["Bo <bo@example.org>", "Ada <ada@example.org>"]
    assert json.loads(shell("tasks", "--json", "--state", "failed").stdout) == []
    listed = shell("tasks", "--text", "ada").stdout
    assert "ada@example.org" in listed
    assert "bo@example.org" not in listed
    listed = shell("tasks", "--text=-ada", "--since", "today").stdout
    assert "ada@example.org" not in listed
    assert "bo@example.org" in listed
    assert shell("tasks", "--until", "yesterday").stdout == ""
    said = shell("tasks", "--state", "sleeping")
    assert said.returncode == 2
    assert "sleeping" in said.stderr
    for state in State:
        assert shell("tasks", "--state", state).returncode == 0
    row, _ = rows
    said = shell("cancel", "999", str(row["id"]))  # each has its own answer
    assert said.returncode == 1
    assert said.stdout == f"Task {row['id']} is cancelled.\n"
    assert said.stderr == ENGLISH.say("refused", "not_there", "task", number=999) + "\n"
    assert shell("retry", str(row["id"])).returncode == 0
