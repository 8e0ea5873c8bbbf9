"""``sendoff resolve`` shows what was handed over; each action says what became of its task."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from desktop.settings.paths import DataFolder
from tests.backend.driving import client_of, wait_for

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.conftest import RunningBackend
    from tests.shell.conftest import Shell

LETTER = """
from threading import Event

from desktop.engine import TaskContext, Uncertain, task

@task(reference=lambda: "<1204@example.org>")
def letter(ctx: TaskContext):
    ctx.point_of_no_return("The letter to Ada", to="the post office")
    raise Uncertain("no answer came")

END = Event()

@task()
def busy(ctx: TaskContext):
    END.wait()
    ctx.check_cancelled()

@task()
def end_busy():
    END.set()
"""


@pytest.fixture
def backend(backends: Callable[[Path], RunningBackend], tmp_path: Path) -> RunningBackend:
    """Start a real backend with a task whose outcome is not known."""
    folder = DataFolder(tmp_path / "data")
    folder.create()
    (folder.tasks / "letter.py").write_text(LETTER)
    return backends(folder.root)


def test_the_evidence_stands_before_the_answer(shell: Shell, backend: RunningBackend) -> None:
    with client_of(backend.backend) as client:
        number = client.post("/tasks", json={"task": "letter"}).json()["id"]
        wait_for(client, number, "uncertain")
    evidence, how = shell("resolve", str(number)).stdout.splitlines()
    assert how == (
        f"Settle it: `sendoff resolve {number} --outcome done` where it happened, "
        "`--outcome again` where it did not."
    )
    listed, hint = shell("tasks", "--state", "uncertain").stdout.splitlines()
    assert listed.split()[:2] == [str(number), "uncertain"]
    assert hint == "`sendoff resolve ID` shows what one handed over, and how to settle it."
    before, answer = shell("resolve", str(number), "--outcome", "done").stdout.splitlines()
    assert before == evidence
    assert re.fullmatch(
        rf"Task {number} handed over at \d{{4}}-\d\d-\d\d \d\d:\d\d:\d\d to the post office: "
        r"The letter to Ada, Message-ID 1204@example\.org\.",
        evidence,
    )
    assert answer == f"Task {number} is succeeded."
    again = shell("resolve", str(number), "--outcome", "done")
    assert (again.returncode, again.stdout) == (1, "")
    settled = shell("resolve", str(number))
    assert (settled.returncode, settled.stdout) == (1, "")
    assert settled.stderr == f"Task {number} is succeeded, so there is nothing to settle.\n"
    assert shell("tasks", "--state", "uncertain").stdout == ""


def test_a_running_task_is_being_cancelled(shell: Shell, backend: RunningBackend) -> None:
    with client_of(backend.backend) as client:
        number = client.post("/tasks", json={"task": "busy"}).json()["id"]
        wait_for(client, number, "running")
        said = shell("cancel", str(number))
        assert said.stdout == f"Task {number} is being cancelled.\n"
        client.post("/tasks", json={"task": "end_busy"})
        wait_for(client, number, "cancelled")


def test_an_action_that_waits_is_undone(shell: Shell, backend: RunningBackend) -> None:
    with client_of(backend.backend) as client:
        number = client.post("/tasks", json={"task": "end_busy", "delay": 600}).json()["id"]
        body = {"action": "cancel", "ids": [number], "delay": 600}
        asked = [client.post("/tasks/bulk", json=body).json()["pending"]["id"]]
        assert shell("undo").stdout == f"Action {asked[0]} is undone.\n"
        nothing = shell("undo")
        assert (nothing.returncode, nothing.stdout) == (1, "")
        refused = shell("undo", str(asked[0]))
        assert refused.returncode == 1
        assert f"Action {asked[0]}: " in refused.stderr
        assert client.get("/pending").json() == {"pending": []}
