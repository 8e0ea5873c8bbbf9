"""List and desk at the sizes of a window: beside each other, or one of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication, QPlainTextEdit

from desktop.gui.link.jobs import ApiSource
from desktop.gui.tasks.acting.pending_actions import Delivery, PendingActions
from desktop.gui.tasks.table.task_model import TaskModel
from tests.gui.whole_window import make_window

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytestqt.qtbot import QtBot

    from desktop.gui.assembly import AppWindow
    from desktop.gui.kit.look.appearance import ThemeSource
    from desktop.gui.link.jobs import Jobs

pytestmark = pytest.mark.dressed


@pytest.fixture
def start_again(
    window: AppWindow,
    qtbot: QtBot,
    qapp: QApplication,
    themes: ThemeSource,
    settings: QSettings,
    jobs: Jobs,
) -> Callable[[], AppWindow]:
    """Have the window remember its shape, and show the next one with what it has remembered."""

    def start() -> AppWindow:
        window.remember()
        settings.sync()
        source = ApiSource(jobs)
        kept = QSettings(settings.fileName(), QSettings.Format.IniFormat)
        qapp.setStyleSheet("")  # it is dressed when it is put together
        again = make_window(TaskModel(source, PendingActions(Delivery())), source, themes, kept)
        themes.apply_theme()
        qtbot.addWidget(again)
        again.show()
        return again

    return start


def shown(window: AppWindow) -> str:
    """Name the halves in sight."""
    halves = {"list": window.page.table, "desk": window.desk}
    return " ".join(name for name, each in halves.items() if each.isVisible())


def test_the_width_that_a_person_chose_is_there_again_at_the_next_start(
    window: AppWindow, themes: ThemeSource, start_again: Callable[[], AppWindow]
) -> None:
    px = themes.theme.px
    window.resize(px(1300), 800)
    window.halves.moveSplitter(px(500), 1)
    QApplication.processEvents()
    chosen = window.halves.sizes()[0]
    window.resize(px(700), 700)  # a narrow end
    QApplication.processEvents()
    again = start_again()
    assert again.size() == window.size()
    again.resize(px(1300), 800)
    QApplication.processEvents()
    assert again.halves.sizes()[0] == pytest.approx(chosen, abs=2)


def test_one_half_is_shown_where_there_is_no_room_for_both_and_what_is_typed_stays(
    window: AppWindow, qtbot: QtBot, themes: ThemeSource
) -> None:
    px, note = themes.theme.px, window.form.fields["fields.note"].editor
    assert isinstance(note, QPlainTextEdit)
    window.resize(px(1200), 640)
    assert shown(window) == "list desk"
    note.setFocus()
    qtbot.keyClicks(note, "Row 3")
    note.moveCursor(note.textCursor().MoveOperation.Left)
    before = note.textCursor().position()
    window.resize(px(900), 640)
    QApplication.processEvents()
    assert shown(window) == "desk"
    assert window.desk.back.isVisible()
    for width in (1200, 900, 1200):
        window.resize(px(width), 640)
        QApplication.processEvents()
        assert note.hasFocus()
        assert (note.toPlainText(), note.textCursor().position()) == ("Row 3", before)
    assert not window.desk.back.isVisible()
    window.page.table.setFocus()
    window.resize(px(900), 640)
    QApplication.processEvents()
    assert shown(window) == "list"
    assert window.page.table.hasFocus()
    window.resize(px(1200), 640)
    assert shown(window) == "list desk"
