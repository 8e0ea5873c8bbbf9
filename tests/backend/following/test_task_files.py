"""Own tasks follow their files while they run: changed, broken, repaired, renamed, gone."""

from __future__ import annotations

import sys
import threading
from typing import TYPE_CHECKING

import pytest

from desktop.backend.composition import running_services
from desktop.backend.following import watch
from tests import WITHIN
from tests.backend.conftest import settled
from tests.looking import eventually

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from desktop.backend.shared.services import Services
    from desktop.contract.events import Notice
    from desktop.contract.tasks import TaskDetail
    from desktop.settings.paths import DataFolder

SAYS = """
from desktop.engine import task

@task(lane={lane!r})
def greet(name="world"):
    return f"{word} {{name}}"
"""
WAITS = """
import pathlib, threading
from desktop.engine import task

WORD = {word!r}

@task(concurrency=1)
def wait(folder):
    folder = pathlib.Path(folder)
    (folder / "begun").write_text(WORD)
    while not (folder / "go").exists():
        threading.Event().wait(0.01)
    return WORD
"""


class House:
    """A backend's services on a folder whose files are looked at all the time."""

    def __init__(self, services: Services, folder: Path) -> None:
        self.services = services
        self.folder = folder
        self.heard: list[Notice] = []
        self._looked = threading.Condition()
        services.notices.on_notice(self._hear)

    def write(self, name: str, source: str) -> None:
        (self.folder / name).write_text(source)

    def _hear(self, notice: Notice) -> None:
        with self._looked:
            self.heard.append(notice)
            self._looked.notify_all()

    def hears(self, *, active: bool) -> str:
        """Wait for a notice, or for one being taken back; gives its text."""

        def found() -> Notice | None:
            return next((n for n in self.heard if n["active"] is active), None)

        with self._looked:
            assert self._looked.wait_for(found, WITHIN)
            notice = found()
            assert notice is not None
            self.heard.remove(notice)
        return notice["text"]

    def changed(self) -> None:
        """Wait until the registry is another than it was when this was asked."""
        before = self.services.registry.version
        eventually(lambda: self.services.registry.version != before)

    def done(self, name: str, *args: object) -> object:
        """Run a task to its end; gives its result."""
        return self.result(self.services.engine.add_task(name, *args))

    def result(self, task_id: int) -> object:
        detail = settled(self.services, task_id)
        assert detail["state"] == "succeeded", detail["error"]
        return detail["result"]

    def held(self, task_id: int) -> TaskDetail:
        """Wait until a task is held for a person; it has not failed."""
        detail = settled(self.services, task_id, "waiting")
        assert detail["run_at"] is None
        return detail


@pytest.fixture
def house(folder: DataFolder) -> Iterator[House]:
    with running_services(folder, None) as services:
        yield House(services, folder.tasks)


def greet(word: str, lane: str = "io") -> str:
    return SAYS.format(word=word, lane=lane)


def test_a_new_file_is_taken_up_and_a_changed_one_has_its_new_code(house: House) -> None:
    house.write("own.py", greet("hello"))
    eventually(lambda: house.services.registry.get("greet"))
    assert house.done("greet") == "hello world"
    house.write("own.py", greet("good morning"))
    house.changed()
    assert house.done("greet", "Ada") == "good morning Ada"


def test_processes_of_the_cpu_lane_have_the_new_code_too(house: House) -> None:
    house.write("own.py", greet("hello", "cpu"))
    eventually(lambda: house.services.registry.get("greet"))
    assert house.done("greet") == "hello world"
    house.write("own.py", greet("HELLO", "cpu"))
    house.changed()
    assert house.done("greet") == "HELLO world"


def test_what_runs_goes_on_with_the_old_code_and_the_next_takes_the_new(
    house: House, tmp_path: Path
) -> None:
    house.write("own.py", WAITS.format(word="old"))
    eventually(lambda: house.services.registry.get("wait"))
    first, second = (house.services.engine.add_task("wait", str(tmp_path)) for _ in range(2))
    eventually((tmp_path / "begun").exists)
    house.write("own.py", WAITS.format(word="new"))
    house.changed()
    assert house.services.engine.task(first)["state"] == "running"
    (tmp_path / "go").touch()
    assert (house.result(first), house.result(second)) == ("old", "new")


def test_a_file_that_breaks_holds_its_tasks_and_says_where_until_it_is_fixed(
    house: House, tmp_path: Path
) -> None:
    house.write("own.py", WAITS.format(word="old"))
    eventually(lambda: house.services.registry.get("wait"))
    running, queued = (house.services.engine.add_task("wait", str(tmp_path)) for _ in range(2))
    eventually((tmp_path / "begun").exists)
    house.write("own.py", "import nothing_like_this\n" + WAITS.format(word="new"))
    text = house.hears(active=True)
    assert text == (
        "The tasks in own.py cannot be used: line 1: ModuleNotFoundError: "
        "No module named 'nothing_like_this'."
    )
    assert house.held(queued)["why"] == f"{text} It waits for its function's return."
    (tmp_path / "go").touch()
    assert house.result(running) == "old"
    house.write("own.py", WAITS.format(word="new"))
    assert house.hears(active=False) == text
    assert house.result(queued) == "new"
    assert house.services.notices.active == []


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (
            lambda file: file.write_text(file.read_text().replace("def wait", "def bide")),
            "There is no task named “wait” in own.py any more.",
        ),
        (
            lambda file: file.unlink(),
            "There is no task named “wait” any more: own.py is gone.",
        ),
    ],
)
def test_tasks_of_a_function_that_is_gone_are_held_and_its_name_is_told(
    house: House, tmp_path: Path, change: Callable[[Path], object], why: str
) -> None:
    house.write("own.py", WAITS.format(word="old"))
    eventually(lambda: house.services.registry.get("wait"))
    running, queued = (house.services.engine.add_task("wait", str(tmp_path)) for _ in range(2))
    eventually((tmp_path / "begun").exists)
    change(house.folder / "own.py")
    assert house.held(queued)["why"] == f"{why} It waits for its function's return."
    (tmp_path / "go").touch()
    assert house.result(running) == "old"
    house.write("again.py", WAITS.format(word="back"))
    assert house.result(queued) == "back"


UNREADABLE = "The task's arguments cannot be read any more"
MODEL = """
from pydantic import BaseModel
from desktop.engine import task

class Guest(BaseModel):
    name: str

@task(lane={lane!r})
def welcome(guest):
    return guest.name
"""


@pytest.mark.parametrize("lane", ["io", "cpu"])
@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        (
            "(guest)",
            "(guest, table)",
            "Its function takes other arguments now: missing a required argument: 'table'.",
        ),
        (
            "class Guest",
            "class Visitor",
            f"{UNREADABLE}: sendoff_tasks.own:Guest is not there any more.",
        ),
        (
            "name: str",
            "surname: str",
            f"{UNREADABLE}: sendoff_tasks.own:Guest has changed: surname: Field required.",
        ),
    ],
)
def test_a_task_stored_for_other_code_is_held_until_that_is_back(
    folder: DataFolder, lane: str, old: str, new: str, why: str
) -> None:
    source = MODEL.format(lane=lane)
    (folder.tasks / "own.py").write_text(source)
    with running_services(folder, None) as services:
        services.engine.pause(None).result()
        guest = sys.modules["sendoff_tasks.own"].Guest
        number = services.engine.add_task("welcome", guest(name="Ada"))
    (folder.tasks / "own.py").write_text(source.replace(old, new))
    with running_services(folder, None) as services:
        services.engine.resume(None).result()
        house = House(services, folder.tasks)
        assert house.held(number)["why"] == why
        house.write("own.py", source)
        assert house.result(number) == "Ada"


def test_a_file_that_loads_here_and_not_in_the_cpu_lane_s_processes_holds_its_tasks(
    house: House,
) -> None:
    source = greet("hello", "cpu")
    only_here = "import multiprocessing\nassert not multiprocessing.parent_process(), 'not here'\n"
    house.write("own.py", only_here + source)
    eventually(lambda: house.services.registry.get("greet"))
    number = house.services.engine.add_task("greet")
    why = "Its function cannot be loaded: AssertionError: not here"
    assert house.held(number)["why"] == why
    house.write("own.py", source)
    assert house.result(number) == "hello world"


def test_a_half_written_file_disturbs_nothing(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = greet("hello")
    house.write("own.py", source)
    eventually(lambda: house.services.registry.get("greet"))
    monkeypatch.setattr(watch, "LOOK_EVERY", WITHIN)
    looking = watch.Watch(house.folder, lambda: looks.append(True))
    looks: list[bool] = []
    for end in range(0, len(source), 20):  # an editor at work: another file at each look
        house.write("own.py", source[:end])
        looking.look()
    assert looks == []
    looking.look()
    assert looks == [True]
