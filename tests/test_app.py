"""The window process: one per folder; its own backend never outlives it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from importlib.util import find_spec
from itertools import takewhile
from typing import TYPE_CHECKING

import pytest

from desktop.settings.office_folder import OfficeFolder
from sendoff_tasks.client.health import BackendHealth, check
from tests import WITHIN
from tests.looking import backend_of, eventually

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    Start = Callable[..., subprocess.Popen[str]]

PAINTED = "qt.widgets.painting: Flushing"
"""What Qt itself says when it hands a painted window to the screen."""
LATER = {
    *("asyncio", "difflib", "email.utils", "email_validator", "httpx", "keyring"),
    *("multiprocessing", "python_calamine", "PySide6.QtNetwork", "qasync", "sqlite3", "ssl"),
    *("tomlkit", "uuid", "xlsxwriter"),
    *("desktop.gui.batches", "desktop.gui.items.older_items"),
    *("desktop.gui.link.drafts", "desktop.gui.program", "desktop.sheets"),
    *("desktop.gui.batches.batch_rows", "desktop.gui.frame.about"),
    *("desktop.gui.frame.open_server", "desktop.gui.importing.import_place"),
    *("desktop.gui.items.corrections", "desktop.gui.kit.widgets.message_view"),
    *("desktop.gui.mail.mail_settings", "desktop.gui.templates.letters_place"),
}
"""What is imported when it is first wanted."""


@pytest.fixture
def data(tmp_path: Path) -> OfficeFolder:
    return OfficeFolder(tmp_path / "data")


@pytest.fixture
def window(data: OfficeFolder) -> Iterator[Callable[[], subprocess.Popen[str]]]:
    """Start real window processes, offscreen; what still runs at the end is killed."""
    started: list[subprocess.Popen[str]] = []

    def start(stderr: int = subprocess.PIPE, **said: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "desktop", "--data-dir", str(data.root)]
        rules = "default.warning=false"  # the offscreen platform's remark about size hints
        env = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "QT_LOGGING_RULES": rules, **said}
        started.append(subprocess.Popen(command, env=env, text=True, stderr=stderr))
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.communicate()


def listens(data: OfficeFolder) -> bool:
    """Tell whether the window can be called by a second one: its loop runs."""
    return data.window_lock.exists() and data.window_lock.stat().st_size > 0


def test_a_second_window_ends_and_the_first_ends_in_order_also_while_it_waits_for_an_app(
    data: OfficeFolder, window: Start
) -> None:
    data.create()
    data.app_mark.touch()
    first = window()
    eventually(lambda: listens(data))
    second = window()
    _, errors = second.communicate(timeout=WITHIN)
    assert (second.returncode, errors) == (0, "")
    assert first.poll() is None
    first.send_signal(signal.SIGTERM)
    _, errors = first.communicate(timeout=WITHIN)
    assert (first.returncode, errors) == (0, "")
    assert not data.backend_lock.exists()  # the app brings its own


def test_a_folder_that_cannot_be_used_is_one_sentence(data: OfficeFolder, window: Start) -> None:
    data.root.write_text("a file, not a folder")
    ours, terminal = os.openpty()
    process = window(stderr=terminal)
    process.communicate(timeout=WITHIN)
    errors = os.read(ours, 4096).decode()
    os.close(ours)
    os.close(terminal)
    assert process.returncode == 1
    assert errors.count("\n") == 1
    assert str(data.root) in errors
    assert "[Errno" not in errors


def test_without_a_terminal_a_small_window_says_it_too(data: OfficeFolder, window: Start) -> None:
    data.root.write_text("a file, not a folder")
    process = window(QT_LOGGING_RULES="qt.widgets.painting=true", QT_LOGGING_TO_CONSOLE="1")
    assert process.stderr is not None
    said = list(takewhile(lambda line: PAINTED not in line, process.stderr))
    assert str(data.root) in said[0]
    assert process.poll() is None


def test_the_first_picture_comes_without_what_it_does_not_show_and_kill_9_leaves_no_backend(
    data: OfficeFolder, window: Start
) -> None:
    process = window(
        QT_LOGGING_RULES="qt.widgets.painting=true",
        QT_LOGGING_TO_CONSOLE="1",
        PYTHONPROFILEIMPORTTIME="1",
    )
    assert process.stderr is not None
    before = takewhile(lambda line: PAINTED not in line, process.stderr)
    names = {line.split("|")[-1].strip() for line in before}
    assert "desktop.gui.frame.main_window" in names
    assert not names & LATER
    assert all(find_spec(each) for each in LATER)
    backend = backend_of(data)
    process.kill()
    eventually(lambda: check(backend) is BackendHealth.GONE and not data.backend_file.exists())
