"""A file that takes the process down while it is imported does so three times, and no more."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from desktop.tasks.deadly_imports import DEATHS, Deadly, Deaths
from tests.tasks.test_plugins import GREET, write

if TYPE_CHECKING:
    from pathlib import Path

LOOK = """
import pathlib, sys
from desktop.engine.functions.registry import Registry
from desktop.settings import trusted_files
from desktop.tasks.plugins import OwnTasks

trusted_files.QUIET = 0.0
folder, registry = pathlib.Path(sys.argv[1]), Registry()
told = OwnTasks(folder, registry, folder / "deaths.json").look()
print(registry.names(), *(f"{name}: {error and error.sentence}" for name, error in told.items()))
"""


def look(folder: Path) -> tuple[int, str]:
    """Have a process of its own look at the files; gives its status and what it says."""
    done = subprocess.run(
        [sys.executable, "-c", LOOK, str(folder)], stdout=subprocess.PIPE, text=True, check=False
    )
    return done.returncode, done.stdout.strip()


def test_a_file_that_ends_the_process_is_left_alone_the_fourth_time_until_it_is_changed(
    tmp_path: Path,
) -> None:
    write(tmp_path, good=GREET, dead="import os\nos._exit(7)\n")
    assert [look(tmp_path) for _ in range(3)] == [(7, "")] * 3
    why = "dead.py has ended the program 3 times while it was imported"
    told = f"['greet'] dead.py: {why}; its tasks wait until it is corrected. good.py: None"
    assert [look(tmp_path) for _ in range(2)] == [(0, told)] * 2
    write(tmp_path, dead="HARMLESS = 1\n")
    assert look(tmp_path) == (0, "['greet'] dead.py: None good.py: None")
    assert not (tmp_path / "deaths.json").exists()


LATER = """
import pathlib, sys, threading
from unittest.mock import patch
from desktop.engine.functions.registry import Registry
from desktop.tasks import plugins
from desktop.settings import trusted_files
from desktop.tasks.plugins import OwnTasks

trusted_files.QUIET = 0.0
folder, sys.go_on = pathlib.Path(sys.argv[1]), threading.Event()
patch.object(plugins, "IMPORT_WITHIN", 0.05).start()
own = OwnTasks(folder, Registry(), folder / "deaths.json")
print(*(error.sentence for error in own.look().values()), flush=True)
if sys.argv[2:]:
    own.close()
    sys.exit(0)
sys.go_on.set()
for thread in threading.enumerate():
    if thread is not threading.current_thread():
        thread.join()
"""


def look_and_wait(folder: Path, *leave: str) -> tuple[int, str]:
    """Have a process look that waits only for the import's end, or leaves in order before."""
    command = [sys.executable, "-c", LATER, str(folder), *leave]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
    return done.returncode, done.stdout.strip()


TOO_LONG = "has not finished importing after 0.05 s; its tasks wait until it is corrected."


def test_a_file_that_ends_the_process_and_is_no_longer_waited_for_is_counted_too(
    tmp_path: Path,
) -> None:
    write(tmp_path, dead="import os, sys\nsys.go_on.wait()\nos._exit(7)\n")
    assert [look_and_wait(tmp_path) for _ in range(3)] == [(7, f"dead.py {TOO_LONG}")] * 3
    why = "dead.py has ended the program 3 times while it was imported"
    assert look_and_wait(tmp_path) == (0, f"{why}; its tasks wait until it is corrected.")


def test_a_process_that_leaves_in_order_was_not_ended_by_what_it_imports(tmp_path: Path) -> None:
    write(tmp_path, slow="import sys\nsys.go_on.wait()\n")
    looks = [look_and_wait(tmp_path, "leave") for _ in range(4)]
    assert looks == [(0, f"slow.py {TOO_LONG}")] * 4
    assert not (tmp_path / "deaths.json").exists()


def test_a_process_that_leaves_in_order_forgets_no_death_before(tmp_path: Path) -> None:
    record = tmp_path / "deaths.json"
    for _ in range(DEATHS - 1):
        die(record, "a.py", "1")
    before = record.read_bytes()
    deaths = Deaths(record)
    with deaths.surviving("a.py", "1"):
        deaths.forgive()
        assert record.read_bytes() == before


def test_an_import_that_ends_late_leaves_the_count_of_the_one_after_it(tmp_path: Path) -> None:
    record = tmp_path / "deaths.json"
    deaths = Deaths(record)
    early, late = deaths.surviving("a.py", "1"), deaths.surviving("a.py", "2")
    early.__enter__()
    late.__enter__()
    counted = record.read_bytes()
    early.__exit__(None, None, None)
    assert record.read_bytes() == counted
    late.__exit__(None, None, None)
    assert not record.exists()


def test_one_of_many_processes_counts_no_death() -> None:
    """All of them import the same files at one time, and none of those has died."""
    several = [Deaths(None).surviving("a.py", "1") for _ in range(DEATHS + 1)]
    for each in several:
        each.__enter__()
    for each in several:
        each.__exit__(None, None, None)


def die(record: Path, name: str, stamp: str) -> None:
    """Leave on disk what a process leaves that does not survive an import."""
    kept = b""
    with Deaths(record).surviving(name, stamp):
        kept = record.read_bytes()
    record.write_bytes(kept)


def test_a_survived_import_makes_good_for_those_before_it(tmp_path: Path) -> None:
    record = tmp_path / "deaths.json"
    for _ in range(DEATHS - 1):
        die(record, "a.py", "1")
    with Deaths(record).surviving("a.py", "1"):
        pass
    die(record, "a.py", "1")
    with Deaths(record).surviving("a.py", "1"):
        pass


def test_deaths_are_counted_for_each_file_by_itself(tmp_path: Path) -> None:
    record = tmp_path / "deaths.json"
    for name in ("a.py", "b.py"):
        for _ in range(DEATHS):
            die(record, name, "1")
    for name in ("a.py", "b.py"):
        with pytest.raises(Deadly), Deaths(record).surviving(name, "1"):
            pass
    with Deaths(record).surviving("a.py", "2"):
        pass


@pytest.mark.parametrize("strange", ["", "{", "[]", '{"a.py": 3}', '{"a.py": ["1", "many"]}'])
def test_a_record_that_is_none_has_counted_nothing(tmp_path: Path, strange: str) -> None:
    record = tmp_path / "deaths.json"
    record.write_text(strange)
    with Deaths(record).surviving("a.py", "1"):
        pass
    assert not record.exists()


def test_where_nothing_can_be_written_files_are_imported_all_the_same(tmp_path: Path) -> None:
    with Deaths(tmp_path / "missing" / "deaths.json").surviving("a.py", "1"):
        pass
