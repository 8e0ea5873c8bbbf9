"""An unhandled error reaches the log and the person, from any thread or callback."""

from __future__ import annotations

import errno
import sys
import threading
from typing import TYPE_CHECKING

import pytest

from desktop.gui.frame import unhandled_errors as module
from desktop.gui.frame.cases import CaseFact
from desktop.gui.frame.notices.notice_bar import NoticeBar
from desktop.gui.frame.unhandled_errors import UnhandledErrors
from sendoff_tasks.client.errors import BackendGone

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from desktop.gui.assembly import AppWindow


@pytest.fixture
def bar(window: AppWindow) -> NoticeBar:
    return window.notices


@pytest.fixture
def errors(window: AppWindow, tmp_path: Path) -> Iterator[UnhandledErrors]:
    before = sys.excepthook, threading.excepthook
    errors = UnhandledErrors(window, tmp_path / "window.log")
    errors.catch_all()
    yield errors
    errors.let_go()
    assert (sys.excepthook, threading.excepthook) == before


def test_a_defect_is_said_with_its_log_and_logged_whole(
    qtbot: QtBot,
    bar: NoticeBar,
    errors: UnhandledErrors,
    caplog: pytest.LogCaptureFixture,
    tmp_path: Path,
) -> None:
    errors.tell(ZeroDivisionError("division by zero"))
    qtbot.waitUntil(lambda: module.NAME in bar.names())
    assert "division by zero" in bar.text(module.NAME)
    assert str(tmp_path / "window.log") in bar.text(module.NAME)
    assert "ZeroDivisionError" in caplog.text


def test_an_error_of_the_client_is_its_sentence(
    qtbot: QtBot, bar: NoticeBar, errors: UnhandledErrors
) -> None:
    errors.tell(BackendGone())
    qtbot.waitUntil(lambda: module.NAME in bar.names())
    assert bar.text(module.NAME) == str(BackendGone())


def test_drafts_that_cannot_be_written_are_no_defect(
    window: AppWindow, bar: NoticeBar, errors: UnhandledErrors, caplog: pytest.LogCaptureFixture
) -> None:
    errors.tell_of_drafts(OSError(errno.ENOSPC, "No space left on device"))
    assert window.cases.facts == [CaseFact(module.DRAFTS, why="No space left on device")]
    assert bar.names() == []
    assert not caplog.records
    errors.forget_drafts()
    assert window.cases.facts == []


def test_an_error_of_the_system_is_said_without_its_number(
    qtbot: QtBot, bar: NoticeBar, errors: UnhandledErrors
) -> None:
    errors.tell(OSError(errno.EIO, "Input/output error", "/data/x"))
    qtbot.waitUntil(lambda: module.NAME in bar.names())
    assert "in the window: Input/output error. The log" in bar.text(module.NAME)


def test_an_error_of_any_thread_comes_to_the_window_until_it_is_dismissed(
    qtbot: QtBot, bar: NoticeBar, errors: UnhandledErrors
) -> None:
    thread = threading.Thread(target=lambda: 1 / 0)
    thread.start()
    thread.join()
    qtbot.waitUntil(lambda: module.NAME in bar.names())
    bar.choose(module.NAME, "dismiss")
    assert module.NAME not in bar.names()
    sys.excepthook(ValueError, ValueError("no"), None)
    qtbot.waitUntil(lambda: module.NAME in bar.names())
