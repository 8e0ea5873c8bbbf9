"""Own tasks are found in files and packages; what is wrong with one is told."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop.engine.functions.registry import Registry
from desktop.tasks import plugins as importing
from desktop.tasks.plugins import OwnTasks, PluginError
from tests import WITHIN

GREET = """
from desktop.engine.functions.registry import task

@task(title="A greeting")
def greet(item_id: int) -> str:
    return f"hello {item_id}"

def no_task() -> None: ...
"""


@pytest.fixture(autouse=True)
def _forget_modules() -> Iterator[None]:
    before = set(sys.modules)
    yield
    for name in set(sys.modules) - before:
        if name.startswith(("sendoff_tasks", "sendoff_greetings")):
            del sys.modules[name]


def load_plugins(folder: Path, registry: Registry) -> list[PluginError]:
    own = OwnTasks(folder, registry, folder / "deaths.json")
    return [error for error in own.look().values() if error] + own.load_packages()


def write(folder: Path, **files: str) -> Path:
    for name, source in files.items():
        (folder / f"{name}.py").write_text(source)
    return folder


def test_every_task_of_the_folder_is_known_by_its_name(tmp_path: Path) -> None:
    registry = Registry()
    other = GREET.replace("greet", "wave")
    assert load_plugins(write(tmp_path, a=GREET, b=other), registry) == []
    assert registry.names() == ["greet", "wave"]
    spec = registry.get("greet")
    assert spec is not None
    assert spec.title == "A greeting"
    assert spec.function(7) == "hello 7"


def test_an_empty_or_missing_folder_has_no_tasks(tmp_path: Path) -> None:
    registry = Registry()
    assert load_plugins(tmp_path, registry) == []
    assert load_plugins(tmp_path / "missing", registry) == []
    assert registry.names() == []


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("def broken(:\n", "line 1: invalid syntax"),
        ("\n\nimport nothing_like_this\n", "line 3: ModuleNotFoundError: No module named"),
        ("raise RuntimeError\n", "line 1: RuntimeError."),
        ("import sys\nsys.exit(3)\n", "line 2: SystemExit: 3."),
        ("raise KeyboardInterrupt\n", "line 1: KeyboardInterrupt."),
        ("import asyncio\nraise asyncio.CancelledError\n", "line 2: CancelledError."),
        ("x = 'half", "line 1: unterminated string"),
    ],
)
def test_a_file_that_does_not_import_is_told_and_the_others_work(
    tmp_path: Path, source: str, why: str
) -> None:
    registry = Registry()
    (error,) = load_plugins(write(tmp_path, a_bad=source, b_good=GREET), registry)
    assert error.file == "a_bad.py"
    assert error.sentence.startswith(f"The tasks in a_bad.py cannot be used: {why}")
    assert "a_bad.py" in error.trace
    assert registry.names() == ["greet"]


def test_a_name_that_is_taken_refuses_the_second_file_whole(tmp_path: Path) -> None:
    second = GREET.replace("greet", "another") + GREET
    registry = Registry()
    (error,) = load_plugins(write(tmp_path, a=GREET, b=second), registry)
    assert error.file == "b.py"
    assert "The name “greet”" in error.sentence
    assert registry.names() == ["greet"]


def test_a_task_imported_from_elsewhere_is_not_registered_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "package").mkdir()
    write(tmp_path / "package", sendoff_greetings=GREET)
    monkeypatch.syspath_prepend(tmp_path / "package")
    (tmp_path / "tasks").mkdir()
    write(tmp_path / "tasks", mine="from sendoff_greetings import greet\n", _shared="1 / 0\n")
    registry = Registry()
    assert load_plugins(tmp_path / "tasks", registry) == []
    assert registry.names() == []


@pytest.mark.parametrize("value", ["sendoff_greetings", "sendoff_greetings:greet"])
def test_an_installed_package_brings_tasks_by_its_entry_point(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    write(tmp_path, sendoff_greetings=GREET)
    about = tmp_path / "greetings-1.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: greetings\nVersion: 1.0\n")
    (about / "entry_points.txt").write_text(f"[sendoff.tasks]\ngreetings = {value}\n")
    monkeypatch.syspath_prepend(tmp_path)
    registry = Registry()
    assert load_plugins(tmp_path / "missing", registry) == []
    assert registry.names() == ["greet"]


def test_an_entry_point_that_leads_nowhere_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    about = tmp_path / "greetings-1.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: greetings\nVersion: 1.0\n")
    (about / "entry_points.txt").write_text("[sendoff.tasks]\ngreetings = sendoff_greetings_gone\n")
    monkeypatch.syspath_prepend(tmp_path)
    (error,) = load_plugins(tmp_path / "missing", Registry())
    assert error.file == "sendoff_greetings_gone"
    assert "No module named" in error.sentence


@pytest.fixture
def registry() -> Registry:
    return Registry()


@pytest.fixture
def own(tmp_path: Path, registry: Registry) -> OwnTasks:
    return OwnTasks(tmp_path, registry, tmp_path / "deaths.json")


def result(registry: Registry, name: str) -> object:
    """Call the task of this name, or say why there is none."""
    spec = registry.get(name)
    return registry.why_unknown(name) if spec is None else spec.function(7)


def test_a_new_file_is_taken_up(own: OwnTasks, registry: Registry, tmp_path: Path) -> None:
    assert own.look() == {}
    write(tmp_path, a=GREET)
    assert own.look() == {"a.py": None}
    assert result(registry, "greet") == "hello 7"
    assert own.look() == {}


def test_a_changed_file_has_its_new_code_and_the_old_goes_on_where_it_runs(
    own: OwnTasks, registry: Registry, tmp_path: Path
) -> None:
    write(tmp_path, a="WORD = 'hello'\n" + GREET.replace('f"hello {', 'f"{WORD} {'))
    own.look()
    before = registry.get("greet")
    assert before is not None
    write(tmp_path, a=GREET.replace("hello", "good morning"))
    assert own.look() == {"a.py": None}
    assert result(registry, "greet") == "good morning 7"
    assert before.function(7) == "hello 7"


def test_a_changed_file_is_never_without_its_tasks(
    own: OwnTasks, registry: Registry, tmp_path: Path
) -> None:
    write(tmp_path, a=GREET)
    own.look()
    seen: list[bool] = []
    registry.on_change = lambda: seen.append(registry.get("greet") is not None)
    write(tmp_path, a=GREET + "# changed")
    own.look()
    assert seen == [True]


def test_a_file_that_does_not_import_any_more_takes_its_tasks_along_until_it_is_mended(
    own: OwnTasks, registry: Registry, tmp_path: Path
) -> None:
    write(tmp_path, a=GREET)
    own.look()
    write(tmp_path, a=GREET + "def broken(:\n")
    (error,) = own.look().values()
    assert error is not None
    assert error.sentence == "The tasks in a.py cannot be used: line 9: invalid syntax."
    assert result(registry, "greet") == error.sentence
    write(tmp_path, a=GREET)
    assert own.look() == {"a.py": None}
    assert result(registry, "greet") == "hello 7"


def test_a_renamed_function_is_named_by_the_error(
    own: OwnTasks, registry: Registry, tmp_path: Path
) -> None:
    write(tmp_path, a=GREET)
    own.look()
    write(tmp_path, a=GREET.replace("greet", "wave"))
    own.look()
    assert result(registry, "greet") == "There is no task named “greet” in a.py any more."
    assert result(registry, "wave") == "hello 7"


def test_a_deleted_file_takes_its_tasks_along(
    own: OwnTasks, registry: Registry, tmp_path: Path
) -> None:
    write(tmp_path, a=GREET)
    own.look()
    (tmp_path / "a.py").unlink()
    assert own.look() == {"a.py": None}
    assert result(registry, "greet") == "There is no task named “greet” any more: a.py is gone."


def test_a_name_that_becomes_free_goes_to_the_file_that_waits_for_it(
    own: OwnTasks, registry: Registry, tmp_path: Path
) -> None:
    write(tmp_path, a=GREET, b=GREET.replace("hello", "hi"))
    told = own.look()
    assert told["a.py"] is None
    assert told["b.py"] is not None
    (tmp_path / "a.py").unlink()
    assert own.look() == {"a.py": None, "b.py": None}
    assert result(registry, "greet") == "hi 7"


def test_a_bad_description_is_told_with_its_line(own: OwnTasks, tmp_path: Path) -> None:
    write(tmp_path, a=GREET.replace('title="A greeting"', 'rate="often"'))
    (error,) = own.look().values()
    assert error is not None
    assert error.sentence.startswith("The tasks in a.py cannot be used: line 4: TypeError: ")


def test_who_misses_a_task_after_a_restart_is_told_of_the_files_that_cannot_be_used(
    own: OwnTasks, registry: Registry, tmp_path: Path
) -> None:
    write(tmp_path, a="import nothing_like_this\n" + GREET)
    own.look()
    why = (
        "There is no task named “greet”. The tasks in a.py cannot be used: "
        "line 1: ModuleNotFoundError: No module named 'nothing_like_this'."
    )
    assert result(registry, "greet") == why
    write(tmp_path, a="corrected = True\n")
    own.look()
    assert result(registry, "greet") == "There is no task named “greet”."


ENDLESS = "import threading\nthreading.Event().wait()\n"


def test_a_file_that_never_finishes_importing_is_told_and_left_alone_until_it_changes(
    own: OwnTasks, registry: Registry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, a=GREET)
    own.look()
    monkeypatch.setattr(importing, "IMPORT_WITHIN", 0.05)
    write(tmp_path, a=ENDLESS + GREET)
    (error,) = own.look().values()
    assert error is not None
    assert error.sentence == (
        "a.py has not finished importing after 0.05 s; its tasks wait until it is corrected."
    )
    assert result(registry, "greet") == error.sentence
    assert own.look() == {}
    monkeypatch.undo()
    write(tmp_path, a=GREET)
    assert own.look() == {"a.py": None}
    assert result(registry, "greet") == "hello 7"


def test_an_import_that_ends_too_late_changes_nothing_any_more(
    own: OwnTasks, registry: Registry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    go = threading.Event()
    monkeypatch.setattr(sys, "go_on", go, raising=False)
    monkeypatch.setattr(importing, "IMPORT_WITHIN", 0.05)
    write(tmp_path, a="import sys\nsys.go_on.wait()\n1 / 0\n")
    threads = set(threading.enumerate())
    own.look()
    (late,) = set(threading.enumerate()) - threads
    monkeypatch.setattr(importing, "IMPORT_WITHIN", 20.0)
    write(tmp_path, a=GREET)
    own.look()
    corrected = sys.modules["sendoff_tasks.a"]
    go.set()
    late.join(WITHIN)
    assert sys.modules["sendoff_tasks.a"] is corrected
    assert result(registry, "greet") == "hello 7"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no named pipes among its files")
def test_what_is_no_regular_file_is_not_looked_at(own: OwnTasks, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.py")
    (tmp_path / "folder.py").mkdir()
    write(tmp_path, z=GREET)
    assert own.look() == {"z.py": None}
