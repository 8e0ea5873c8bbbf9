"""An unhandled error reaches the log and the person, from any thread or callback."""

from __future__ import annotations

import errno
import sys
import threading
from typing import TYPE_CHECKING

import pytest

from desktop.gui.frame import unhandled_errors as module
from desktop.gui.frame.cases import CaseFact
from desktop.gui.frame.unhandled_errors import UnhandledErrors
from sendoff_tasks.client.errors import BackendGone

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from desktop.gui.assembly import AppWindow
    from desktop.gui.frame.notes import NoteLine


@pytest.fixture
def notes(window: AppWindow) -> NoteLine:
    return window.notes


@pytest.fixture
def errors(window: AppWindow, tmp_path: Path) -> Iterator[UnhandledErrors]:
    before = sys.excepthook, threading.excepthook
    errors = UnhandledErrors(window, tmp_path / "window.log")
    errors.catch_all()
    yield errors
    errors.let_go()
    assert (sys.excepthook, threading.excepthook) == before


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (ZeroDivisionError("division by zero"), "division by zero"),
        (
            OSError(errno.EIO, "Input/output error", "/data/x"),
            "window: Input/output error. The",
        ),
        (BackendGone(), str(BackendGone())),
    ],
)
def test_a_defect_is_said_with_its_log_and_an_error_of_the_client_is_its_sentence(
    qtbot: QtBot,
    notes: NoteLine,
    errors: UnhandledErrors,
    caplog: pytest.LogCaptureFixture,
    tmp_path: Path,
    error: Exception,
    said: str,
) -> None:
    errors.tell(error)
    qtbot.waitUntil(lambda: bool(notes.shown))
    words, is_defect = notes.shown[0].text(), not isinstance(error, BackendGone)
    assert said in words if is_defect else words == said
    assert (str(tmp_path / "window.log") in words) is is_defect
    assert type(error).__name__ in caplog.text or not is_defect


def test_drafts_that_cannot_be_written_are_no_defect(
    window: AppWindow, errors: UnhandledErrors, caplog: pytest.LogCaptureFixture
) -> None:
    errors.tell_of_drafts(OSError(errno.ENOSPC, "No space left on device"))
    assert window.cases.facts == [CaseFact(module.DRAFTS, why="No space left on device")]
    assert window.notes.shown == []
    assert not caplog.records
    errors.forget_drafts()
    assert window.cases.facts == []


def test_an_error_of_any_thread_comes_to_the_window_until_it_is_dismissed(
    qtbot: QtBot, notes: NoteLine, errors: UnhandledErrors
) -> None:
    thread = threading.Thread(target=lambda: 1 / 0)
    thread.start()
    thread.join()
    qtbot.waitUntil(lambda: bool(notes.shown))
    assert notes.put_away()
    sys.excepthook(ValueError, ValueError("no"), None)
    qtbot.waitUntil(lambda: bool(notes.shown))
