"""``sendoff run`` and ``show``, at a data folder and at an address."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest

from desktop.settings.paths import DataFolder
from tests import forked
from tests.backend.driving import client_of, wait_for

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.conftest import RunningBackend
    from tests.shell.conftest import Shell

TASKS = """
from datetime import date
from desktop.engine import TaskContext, task

@task(title="Yearly report", retry=1)
def report(year: int, days: list[date], note: str, ctx: TaskContext) -> dict:
    ctx.log("begun")
    ctx.progress(3, 4, "pages")
    if note == "bad":
        raise ValueError("Nothing was sold.")
    return {"year": year, "last": str(max(days)), "note": note}
"""
GIVEN = ("report", "--arg", "year=2027", "--arg", 'days=["2027-01-02", "2027-03-01"]', "--arg")


@pytest.fixture
def backend(backends: Callable[[Path], RunningBackend], tmp_path: Path) -> RunningBackend:
    """Start a real backend with a task that takes arguments."""
    folder = DataFolder(tmp_path / "data")
    folder.create()
    (folder.tasks / "report.py").write_text(TASKS)
    return backends(folder.root)


def test_a_task_runs_with_what_was_typed_and_is_shown(
    shell: Shell, backend: RunningBackend
) -> None:
    assert shell("run", *GIVEN, "note=7").stdout == "Task 1 is queued.\n"
    assert shell("run", *GIVEN, "note=bad").stdout == "Task 2 is queued.\n"
    with client_of(backend.backend) as client:
        wait_for(client, 1, "succeeded")
        wait_for(client, 2, "failed")
    done, bad = shell("show", "1").stdout, shell("show", "2").stdout
    assert json.loads(shell("show", "1", "--json").stdout)["result"]["year"] == 2027
    for line in (
        r"Task +1 Yearly report: year 2027, note 7 \(report\)",
        r"State +succeeded",
        r"Progress +3 of 4 pages",
        r'Arguments +year=2027, days=\["2027-01-02", "2027-03-01"\], note="7"',
        r'Result +\{"year": 2027, "last": "2027-03-01", "note": "7"\}',
        r"Attempt +1  \d{4}-\d\d-\d\d \d\d:\d\d:\d\d  succeeded",
        r"Log +\d{4}-\d\d-\d\d \d\d:\d\d:\d\d  begun",
    ):
        assert re.search(f"^{line}$", done, re.MULTILINE), (line, done)
    assert re.search(
        r"^Attempt +1 .+  failed: ValueError: Nothing was sold.$", bad, re.MULTILINE
    ), bad
    assert re.search(r'^ +raise ValueError\("Nothing was sold."\)$', bad, re.MULTILINE), bad


def test_what_cannot_be_is_one_sentence(shell: Shell) -> None:
    year = ("--arg", "year=1")
    for arguments, sentence in (
        (("run", "report", "--arg", "year=soon"), "year: This must be a whole number."),
        (("run", "report", *year, "--arg", "days=[true]"), "days.0: This should be"),
        (("run", "report", *year), "The task “report” cannot be called like this: missing"),
        (("run", "reprot"), "There is no task named “reprot”."),
        (("show", "99"), "There is no task 99"),
    ):
        said = shell(*arguments)
        assert (said.returncode, said.stdout, said.stderr.count("\n")) == (1, "", 1), said.stderr
        assert said.stderr.startswith(sentence), said.stderr


def test_a_backend_is_asked_at_its_address(backend: RunningBackend, tmp_path: Path) -> None:
    file = tmp_path / "token"

    def ask(*arguments: str, url: str = backend.backend.url) -> tuple[int, str]:
        done = forked.run(["--url", url, *arguments, "--token-file", str(file)])
        return done.returncode, done.stdout + done.stderr

    assert ask("tasks") == (1, f"{file} cannot be read: No such file or directory.\n")
    file.write_text(f"{backend.backend.token}\n")
    file.chmod(0o644)
    code, said = ask("tasks")
    assert (code, said) == (1, f"Other users can read {file}. Close it to them: chmod 600 {file}\n")
    file.chmod(0o600)
    assert ask("run", *GIVEN, "note=") == (0, "Task 1 is queued.\n")
    code, said = ask("show", "1")
    assert (code, said.split()[:3]) == (0, ["Task", "1", "Yearly"])
    code, said = ask("tasks", url="http://127.0.0.1:9")
    assert code == 1
    assert re.fullmatch(r"http://127.0.0.1:9 cannot be reached \(.+\).\n", said)
    file.write_text("another\n")
    for command in ("tasks", "watch"):
        sentence = f"{backend.backend.url} does not take the token in {file}.\n"
        assert ask(command) == (1, sentence)
    file.write_text("two words\n")
    assert ask("tasks") == (1, f"{file} does not hold a token.\n")
