"""A change by hand is told once, when it rests: of a folder and the files in it."""

from __future__ import annotations

import asyncio
import logging
import os
import threading
from typing import TYPE_CHECKING

import pytest

from desktop.backend.following.watch import Watch
from tests import WITHIN

if TYPE_CHECKING:
    from pathlib import Path


class Told:
    """Counts the calls of a watch on a folder, looked at by hand."""

    def __init__(self, folder: Path) -> None:
        self.times = 0
        self.watch = Watch(folder, self._count)

    def _count(self) -> None:
        self.times += 1

    def after(self, looks: int) -> int:
        for _ in range(looks):
            self.watch.look()
        return self.times


def test_a_change_is_told_once(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    file.write_text("a")
    told = Told(tmp_path)
    assert told.after(3) == 0
    file.write_text("other")
    assert told.after(5) == 1


def test_a_change_is_told_when_it_rests(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    told = Told(tmp_path)
    for text in ("h", "ha", "hal", "half"):
        file.write_text(text)
        assert told.after(1) == 0
    assert told.after(1) == 1


def test_a_file_that_comes_or_goes_is_told(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    told = Told(tmp_path)
    file.write_text("a")
    assert told.after(2) == 1
    file.unlink()
    assert told.after(2) == 2


def test_what_is_there_again_as_it_was_is_not_told(tmp_path: Path) -> None:
    tasks = tmp_path / "tasks"
    tasks.mkdir()
    file = tasks / "mine.py"
    file.write_text("a = 1")
    told = Told(tasks)
    file.rename(tmp_path / "aside")
    assert told.after(1) == 0
    (tmp_path / "aside").rename(file)
    assert told.after(3) == 0


def test_of_a_folder_its_files_count_and_nothing_below(tmp_path: Path) -> None:
    tasks = tmp_path / "tasks"
    told = Told(tasks)
    tasks.mkdir()
    (tasks / "mine.py").write_text("a = 1")
    assert told.after(2) == 1
    (tasks / "mine.py").write_text("a = 1 + 1")
    assert told.after(2) == 2
    (tasks / "__pycache__").mkdir()
    (tasks / "__pycache__" / "mine.pyc").write_bytes(b"")
    (tasks / "nowhere.py").symlink_to(tmp_path / "nowhere")
    assert told.after(3) == 2
    (tasks / "mine.py").unlink()
    assert told.after(2) == 3


@pytest.mark.skipif(os.name != "posix", reason="there are no such rights")
def test_other_rights_are_a_change(tmp_path: Path) -> None:
    """They are what a person changes where a file or the folder is open to others."""
    file = tmp_path / "mine.py"
    file.write_text("a = 1")
    told = Told(tmp_path)
    file.chmod(0o666)
    assert told.after(2) == 1
    tmp_path.chmod(0o755)
    assert told.after(2) == 2


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, asyncio.CancelledError])
def test_a_call_that_fails_is_logged_and_keeps_no_other_from_being_told(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, error: type[BaseException]
) -> None:
    def fail() -> bool:
        raise error("it is broken")

    told: list[str] = []
    watch = Watch(tmp_path, lambda: told.append("the folder"), fail)
    (tmp_path / "mine.py").write_text("a = 1")
    with caplog.at_level(logging.ERROR):
        watch.look()
        watch.look()
    assert told == ["the folder"]
    assert "it is broken" in caplog.text


def test_it_looks_by_itself_until_its_end(tmp_path: Path) -> None:
    file, told = tmp_path / "settings.toml", threading.Event()
    with Watch(tmp_path, told.set):
        file.write_text("a")
        assert told.wait(WITHIN)
    assert "watch" not in {thread.name for thread in threading.enumerate()}
