"""Own tasks are found in files and packages; what is wrong with one is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from sendoff_tasks.functions.plugins import OwnTasks, PluginError
from sendoff_tasks.functions.registry import Registry, task

GREET = """
from sendoff_tasks.functions.registry import task

@task(title="A greeting")
def greet(item_id: int) -> str:
    return f"hello {item_id}"

def no_task() -> None: ...
"""


def load_plugins(folder: Path, registry: Registry) -> list[PluginError]:
    own = OwnTasks(folder, registry)
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
        (GREET.replace('title="A greeting"', 'rate="often"'), "line 4: TypeError: "),
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


@task
def greet() -> None: ...


def test_a_name_that_is_taken_by_the_program_refuses_the_file_whole(tmp_path: Path) -> None:
    registry = Registry()
    registry.add(greet)
    two = GREET.replace("greet", "another") + GREET
    (error,) = load_plugins(write(tmp_path, a=two), registry)
    assert error.file == "a.py"
    assert "The name “greet”" in error.sentence
    assert registry.names() == ["greet"]


@pytest.mark.parametrize("copy", ["report - Copy", "report2", "report (conflicted copy)"])
def test_a_task_that_two_files_describe_has_no_function(tmp_path: Path, copy: str) -> None:
    registry = Registry()
    files = {"report": GREET, copy: GREET + GREET.replace("greet", "another")}
    (error,) = load_plugins(write(tmp_path, **files), registry)
    names = " and ".join(sorted(f"{name}.py" for name in files))
    sentence = f"The task “greet” is in {names}. It waits until only one file has it."
    assert error.sentence == registry.why_unknown("greet") == sentence
    assert registry.names() == ["another"]


def test_a_task_whose_former_name_another_file_has_waits_too(tmp_path: Path) -> None:
    registry = Registry()
    renamed = GREET.replace("def greet", "def welcome").replace(
        "title=", 'aliases=["greet"], title='
    )
    (error,) = load_plugins(write(tmp_path, a_copy=GREET, mine=renamed), registry)
    assert registry.names() == []
    assert registry.why_unknown("welcome") == registry.why_unknown("greet") == error.sentence


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


def install(folder: Path, value: str) -> None:
    """Describe a package whose entry point leads to a module or a task."""
    about = folder / "greetings-1.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: greetings\nVersion: 1.0\n")
    (about / "entry_points.txt").write_text(f"[sendoff.tasks]\ngreetings = {value}\n")


@pytest.mark.parametrize("value", ["sendoff_greetings", "sendoff_greetings:greet"])
def test_an_installed_package_brings_tasks_by_its_entry_point(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    write(tmp_path, sendoff_greetings=GREET)
    install(tmp_path, value)
    monkeypatch.syspath_prepend(tmp_path)
    registry = Registry()
    assert load_plugins(tmp_path / "missing", registry) == []
    assert registry.names() == ["greet"]


def test_an_entry_point_that_leads_nowhere_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(tmp_path, "sendoff_greetings_gone")
    monkeypatch.syspath_prepend(tmp_path)
    (error,) = load_plugins(tmp_path / "missing", Registry())
    assert error.file == "sendoff_greetings_gone"
    assert "No module named" in error.sentence
