"""What is submitted, run, retried, cancelled, resolved or undone answers in a sentence."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from desktop.client.api import Api
from desktop.contract.items import BY_HAND
from desktop.settings.office_folder import OfficeFolder
from sendoff_tasks.client.calls import new_key
from sendoff_tasks.client.errors import Refused
from sendoff_tasks.folder.tokens import SHORTEST
from sendoff_tasks.model.problems import Problem
from sendoff_tasks.model.tasks import PendingRow
from sendoff_tasks.shell.actions import undo_action
from sendoff_tasks.words.table import ENGLISH
from tests.backend.driving import client_of, wait_for
from tests.conftest import RunningBackend
from tests.shell.conftest import Shell, program


def test_everything_given_arrives_or_is_refused_in_one_sentence(shell: Shell, api: Api) -> None:
    said = shell(
        *("submit", "--id", "42", "--to", "ada@example.org", "--name", "Ada"),
        *("--title", "Two seats", "--cc", "bo@example.org", "--bcc", "cy@x.org, dee@x.org"),
        *("--field", "row=F", "--field", "note=a=b", "--delay", "3600"),
    )
    assert (said.returncode, said.stderr) == (0, "")
    assert said.stdout == "Item 42 is registered.\n"
    item = api.items.one(42)
    assert item["title"] == "Two seats"
    assert item["recipient"] == {"name": "Ada", "email": "ada@example.org"}
    assert (item["cc"], item["bcc"]) == ("bo@example.org", "cy@x.org, dee@x.org")
    assert item["fields"] == {"row": "F", "note": "a=b"}
    assert [(row["state"], row["priority"]) for row in item["tasks"]] == [("scheduled", BY_HAND)]
    assert shell("submit", "--delay", "60").stdout == "Item 43 is registered.\n"
    assert api.items.one(43)["item_id"] == 43
    said = shell("submit", "--to", "ada.example.org")
    assert (said.returncode, said.stdout) == (1, "")
    assert "There is no @ in this address." in said.stderr
    assert len(said.stderr.splitlines()) == 1
    said = shell("submit", "--id", "42", "--title", "second", "--delay", "60")
    assert said.returncode == 1
    assert "42" in said.stderr
    assert api.items.one(42)["title"] == "Two seats"


def test_submit_attaches_files_or_registers_nothing(shell: Shell, api: Api, tmp_path: Path) -> None:
    files = [tmp_path / name for name in ("plan.pdf", "map.pdf", "none.pdf", "empty.pdf")]
    for each, content in ((files[0], "1"), (files[1], "2"), (files[3], "")):
        each.write_text(content)
    given = ("submit", "--delay", "60")
    said = shell(*given, "--attach", str(files[0]), "--attach", str(files[1]))
    assert (said.returncode, said.stderr) == (0, "")
    (item,) = api.items.recent(10)
    assert [each.partition("/")[2] for each in item["attachments"]] == ["plan.pdf", "map.pdf"]
    for wrong in map(str, files[2:]):
        said = shell(*given, "--attach", wrong)
        assert (said.returncode, said.stdout, len(said.stderr.splitlines())) == (1, "", 1)
    assert len(api.items.recent(10)) == 1


TASKS = """
from datetime import date
from sendoff_tasks import TaskContext, task

@task(title="Yearly report", retry=1)
def report(year: int, days: list[date], note: str, ctx: TaskContext) -> dict:
    ctx.log("begun")
    ctx.progress(3, 4, "pages")
    if note == "bad":
        raise ValueError("Nothing was sold.")
    return {"year": year, "last": str(max(days)), "note": note}

@task
def reset(to: str, reset_token: str) -> dict:
    return {"password": to + reset_token}
"""
GIVEN = ("report", "--arg", "year=2027", "--arg", 'days=["2027-01-02", "2027-03-01"]', "--arg")


@pytest.fixture
def backend(backends: Callable[[Path], RunningBackend], tmp_path: Path) -> RunningBackend:
    """Start a real backend with tasks of its own: see TASKS and LETTER."""
    folder = OfficeFolder(tmp_path / "data")
    folder.create()
    (folder.tasks / "report.py").write_text(TASKS)
    (folder.tasks / "letter.py").write_text(LETTER)
    return backends(folder.root)


def test_a_task_runs_with_what_was_typed_and_is_shown_or_refused_in_one_sentence(
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
        done = program("--url", url, *arguments, "--token-file", str(file))
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
    assert re.fullmatch(r"http://127.0.0.1:9 cannot be reached: .+\.\n", said)
    file.write_text("another" * 5)
    for command in ("tasks", "watch"):
        sentence = f"{backend.backend.url} does not take the token in {file}.\n"
        assert ask(command) == (1, sentence)
    file.write_text("two words\n")
    no_token = ENGLISH.say("token", "none", file=file, least=SHORTEST)
    assert ask("tasks") == (1, f"{no_token}\n")


def test_show_prints_no_secret(shell: Shell, backend: RunningBackend) -> None:
    shell("run", "reset", "--arg", "to=ada", "--arg", "reset_token=opensesame")
    with client_of(backend.backend) as client:
        wait_for(client, 1, "succeeded")
    for said in (shell("show", "1").stdout, shell("show", "1", "--json").stdout):
        assert "ada" in said
        assert "opensesame" not in said


LETTER = """
from threading import Event

from sendoff_tasks import TaskContext, Uncertain, task

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


def test_a_running_task_is_being_cancelled_and_an_action_that_waits_is_undone(
    shell: Shell, backend: RunningBackend
) -> None:
    with client_of(backend.backend) as client:
        number = client.post("/tasks", json={"task": "busy"}).json()["id"]
        wait_for(client, number, "running")
        said = shell("cancel", str(number))
        assert said.stdout == f"Task {number} is being cancelled.\n"
        client.post("/tasks", json={"task": "end_busy"})
        wait_for(client, number, "cancelled")

        number = client.post("/tasks", json={"task": "end_busy", "delay": 600}).json()["id"]
        body = {"action": "cancel", "ids": [number], "delay": 600}
        asked = [client.post("/tasks/bulk", json=body).json()["pending"]["id"]]
        assert shell("undo").stdout == f"Action {asked[0]} (cancel, 1 task) is undone.\n"
        nothing = shell("undo")
        assert (nothing.returncode, nothing.stdout) == (1, "")
        refused = shell("undo", str(asked[0]))
        assert refused.returncode == 1
        gone = ENGLISH.say("refused", "not_there", "pending action", number=asked[0])
        assert refused.stderr == f"{gone}\n"
        assert client.get("/pending").json() == {"pending": []}


def test_a_submission_and_a_start_are_undone_by_the_shell(shell: Shell, api: Api) -> None:
    submitted = api.items.submit(None, {"title": "Opera"}, new_key(), undo_for=600)
    assert submitted.pending is not None
    said = shell("undo")
    assert said.stdout == f"Action {submitted.pending['id']} (submit, 1 task) is undone.\n"
    with pytest.raises(Refused):
        api.items.one(submitted.item_id)
    batch = api.batches.create({"name": "May", "columns": {}}, new_key())
    api.batches.add_rows(batch, [{"row": 2, "item": {"recipient": {"email": "ada@example.org"}}}])
    row = api.batches.start(batch, new_key(), undo_for=600).get("pending")
    assert row is not None
    said = shell("undo", str(row["id"]))
    assert said.stdout == f"Action {row['id']} (start, 1 row of batch {batch}) is undone.\n"
    assert api.batches.one(batch)["state"] == "draft"


class Begun:
    """An older action that waits and a newer one that has begun."""

    def __init__(self) -> None:
        self.rows = {7: _row(7, done=0), 8: _row(8, done=701)}

    def pending(self) -> list[PendingRow]:
        return [row for row in self.rows.values() if row["answer"] is None]

    def pending_one(self, number: int) -> PendingRow:
        if number not in self.rows:
            raise Refused(Problem(type="about:blank", title="Not found", status=404, detail=""))
        return self.rows[number]

    def undo(self, number: int) -> None:
        if self.rows[number]["done"]:
            self.rows[number]["answer"] = {"touched": 700, "skipped": []}
        else:
            del self.rows[number]


def _row(number: int, done: int) -> PendingRow:
    return PendingRow(
        id=number,
        key="",
        due_in=0.0,
        tasks=[],
        action="remove",
        touched=1204,
        filter=None,
        batch_id=None,
        subject=None,
        done=done,
        answer=None,
    )


def test_one_that_has_not_begun_is_undone_first_and_a_begun_one_is_stopped(
    capsys: pytest.CaptureFixture[str],
) -> None:
    actions: Any = Begun()
    assert [undo_action(actions, None) for _ in range(3)] == [0, 0, 1]
    assert capsys.readouterr().out.splitlines() == [
        "Action 7 (remove, 1,204 tasks) is undone.",
        "Action 8 (remove, 1,204 tasks) was stopped: it was done to 700 of them.",
    ]
