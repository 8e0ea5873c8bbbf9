"""List and desk at the sizes of a window, and at those of its font: beside each other, or one."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QSettings
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QApplication, QPlainTextEdit

from desktop.gui.link.jobs import ApiSource
from desktop.gui.tasks.acting.pending_actions import Delivery, PendingActions
from desktop.gui.tasks.table.task_model import TaskModel
from tests.gui.cut_words import cut
from tests.gui.whole_window import make_window

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pytestqt.qtbot import QtBot

    from desktop.gui.assembly import AppWindow
    from desktop.gui.kit.look.appearance import ThemeSource
    from desktop.gui.link.jobs import Jobs

pytestmark = pytest.mark.dressed


@contextmanager
def a_larger_font(window: AppWindow, qtbot: QtBot, times: float = 2.0) -> Iterator[None]:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    font, before = QFont(app.font()), window.themes.theme.scale
    larger = QFont(font)
    larger.setPointSizeF(font.pointSizeF() * times)
    app.setFont(larger)
    qtbot.waitUntil(lambda: window.themes.theme.scale > before * times * 0.9)
    try:
        yield
    finally:
        app.setFont(font)
        qtbot.waitUntil(lambda: window.themes.theme.scale == before)


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


def test_a_narrow_window_begins_with_the_form_and_goes_to_the_list_and_back(
    window: AppWindow, qtbot: QtBot, themes: ThemeSource, start_again: Callable[[], AppWindow]
) -> None:
    window.resize(themes.theme.px(900), 640)
    window = start_again()
    QApplication.processEvents()
    name = window.form.fields["recipient.name"].editor
    assert shown(window) == "desk"
    assert name.hasFocus()
    qtbot.keyClicks(name, "Ada")
    window.desk.back.click()
    assert shown(window) == "list"
    with qtbot.assertNotEmitted(window.form.set_aside_chosen):
        window.begin_item()
    assert shown(window) == "desk"
    assert name.hasFocus()
    assert window.form.fields["recipient.name"].text() == "Ada"
    window.page.search.setFocus()
    window.page.search.set_now("ada")
    assert shown(window) == "list"
    window.form.wanted.emit()  # by Undo
    assert shown(window) == "desk"


def test_large_text_shows_one_half_and_cuts_no_word(window: AppWindow, qtbot: QtBot) -> None:
    window.resize(1024, 640)
    with a_larger_font(window, qtbot):
        QApplication.processEvents()
        assert shown(window) == "desk"
        window.page.show_part("Reason: mx.music.example.org cannot be reached for now", cause="a")
        QApplication.processEvents()
        assert shown(window) == "list"
        page = window.page
        assert page.rect().contains(page.narrowed.geometry().united(page.chips.geometry()))
        assert "…" in page.narrowed.cut_to(page.narrowed.width())
        assert window.size().toTuple() == (1024, 640), "a list of some tasks widened it"
        window.page.show_all()
        window.enter_desk(window.form)
        QApplication.processEvents()
        assert cut(window.form) == []
    assert shown(window) == "list desk"
