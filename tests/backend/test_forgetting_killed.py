"""A backend that is killed while it forgets: the next call leaves nothing of the person."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

import httpx

from desktop.settings.office_folder import OfficeFolder
from sendoff_tasks.folder.safe_files import target_of
from tests import forked
from tests.backend.driving import client_of
from tests.journeys.sink import Sink
from tests.looking import eventually
from tests.sheets.files import write_csv

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.conftest import RunningBackend

WATCH: Final = """
import os, re, sys
ROOT, PLAN, STEPS = {root!r}, {plan!r}, {steps!r}
EVENTS = {{"open", "os.rename", "os.remove", "os.mkdir", "os.rmdir"}}

def watch(event, args):
    if event not in EVENTS or not str(args[0]).startswith(ROOT) or not os.path.exists(PLAN):
        return
    if event == "open" and not args[2] & (os.O_WRONLY | os.O_RDWR):
        return
    name = re.sub("[0-9a-f.]{{8,}}|[0-9]+", "#", os.path.relpath(str(args[0]), ROOT))
    with open(PLAN) as plan:
        if plan.read() == f"{{event}} {{name}}":
            os.kill(os.getpid(), 9)
    with open(STEPS, "a") as steps:
        steps.write(f"{{event}} {{name}}\\n")

sys.addaudithook(watch)
"""
"""Has a process tell in which steps it changes files of a folder, and kills it before a step."""
OWN: Final = """
from sendoff_tasks import task

@task(name="remind")
def remind(n: int) -> int:
    return n
"""
MOST: Final = 40
FIRST: Final = 1001


def words_of(number: int) -> tuple[str, str]:
    return f"zyxwolk{number}vitch", f"kjhz{number}plm"


def add_people(data: OfficeFolder, client: httpx.Client, sheet: Path) -> None:
    """Have each of them in a spreadsheet, an item, and a task of one's own."""
    people = [words_of(number) for number in range(MOST)]
    rows = [["Name", "E-mail"], *([name, f"{local}@example.org"] for name, local in people)]
    for number, (name, local) in enumerate(people, FIRST):
        ticket = client.put(f"/attachments/{local}.pdf", content=local.encode()).json()["id"]
        to: dict[str, Any] = {"recipient": {"name": name, "email": f"{local}@example.org"}}
        for each, more in ((number, {"attachments": [ticket]}), (number + MOST, {"delay": 600})):
            client.post(f"/items/{each}", json=to | more).raise_for_status()
        own = {"task": "remind", "kwargs": {"n": 1}, "key": f"for {local}@example.org"}
        client.post("/tasks", json=own).raise_for_status()
    imported = forked.run(["import", str(write_csv(sheet, rows)), "--data-dir", str(data.root)])
    assert imported.returncode == 0, imported.stderr
    counts = "/tasks/counts?state=succeeded"
    eventually(lambda: client.get(counts).json()["counts"].get("succeeded") == 3 * MOST)


def forget(client: httpx.Client, number: int) -> Any:
    answer = client.delete(f"/items/{FIRST + number}?forget=true")
    assert answer.status_code == 200, answer.text
    return answer.json()


def places_of(data: OfficeFolder, number: int) -> list[str]:
    words = [word.encode() for word in words_of(number)]
    files = [each for each in data.root.rglob("*") if each.is_file()]
    contents = {each: each.read_bytes() + each.name.encode() for each in files}
    return [str(each) for each, content in contents.items() if any(w in content for w in words)]


def test_killed_at_any_step_it_leaves_nothing_of_the_person_to_the_next_call(
    backends: Callable[..., RunningBackend], tmp_path: Path
) -> None:
    data, plan, told = OfficeFolder(tmp_path / "data"), tmp_path / "plan", tmp_path / "steps"
    data.create()
    (data.tasks / "own.py").write_text(OWN)
    watch = WATCH.format(root=str(data.root), plan=str(plan), steps=str(told))
    with Sink(tmp_path / "deliveries.log", pause=0) as sink:
        data.settings_file.write_text(sink.settings())
        running = backends(data.root, watch)
        with client_of(running.backend) as client:
            add_people(data, client, tmp_path / "members.csv")
            plan.write_text("")
            forget(client, 0)
        assert places_of(data, 0) == []
        steps = [*dict.fromkeys(told.read_text().splitlines())]
        left = set[str]()
        for number, step in enumerate(steps, 1):
            plan.write_text(step)
            with client_of(running.backend) as client, suppress(httpx.HTTPError):
                forget(client, number)
            running.kill()
            plan.unlink()
            targets = (target_of(each.name) for each in data.root.rglob("*"))
            left |= {name.rpartition(".")[2] for name in targets if name}
            running = backends(data.root, watch)
            with client_of(running.backend) as client:
                assert forget(client, number)["backups"] == [], step
            assert places_of(data, number) == [], step
        assert left == {"sendoff-report", "eml"}
