"""``sendoff resolve`` shows what was handed over before it settles anything."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from desktop.settings.paths import DataFolder
from tests.backend.serving import client_of, wait_for

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.conftest import RunningBackend
    from tests.shell.conftest import Shell

LETTER = """
from desktop.engine import TaskContext, Uncertain, task

@task(reference=lambda: "<1204@example.org>")
def letter(ctx: TaskContext):
    ctx.point_of_no_return("The letter to Ada", to="the post office")
    raise Uncertain("nobody answered")
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
    evidence, answer = shell("resolve", str(number), "--outcome", "done").stdout.splitlines()
    assert re.fullmatch(
        rf"Task {number} handed over at \d{{4}}-\d\d-\d\d \d\d:\d\d:\d\d to the post office: "
        r"The letter to Ada, Message-ID 1204@example\.org\.",
        evidence,
    )
    assert answer == f"Task {number} is succeeded."
    again = shell("resolve", str(number), "--outcome", "done")
    assert (again.returncode, again.stdout) == (1, "")
