"""What a window shows at its sizes, and at those of its font."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, QSettings, Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QApplication

from desktop.gui.frame.form_column import MOST
from desktop.gui.frame.notices.bars import BarText
from desktop.gui.kit.words.task_row import row_of
from desktop.gui.link.jobs import ApiSource
from desktop.gui.tasks.acting.pending_actions import Delivery, PendingActions
from desktop.gui.tasks.detail.task_detail import SUMMARY
from desktop.gui.tasks.table.columns import BY_KEY
from desktop.gui.tasks.table.task_model import TaskModel
from sendoff_tasks.model.states import State
from tests.gui.cut_words import cut
from tests.gui.tasks.acting.pending_rows import selection
from tests.gui.tasks.table.task_source import stats, task_row
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


def test_a_low_window_is_no_reason_for_a_low_pane_in_the_next_one(
    window: AppWindow, start_again: Callable[[], AppWindow], qtbot: QtBot
) -> None:
    chosen = selection([row_of(task_row(n)) for n in (1, 2)], 2)
    window.resize(1280, 800)
    window.page.detail.show_selected(chosen)
    QApplication.processEvents()
    before = window.page.sizes()[1]
    window.resize(1024, 450)
    qtbot.waitUntil(lambda: window.page.sizes()[1] < before)
    again = start_again()
    again.page.detail.show_selected(chosen)
    qtbot.waitUntil(lambda: again.page.sizes()[1] < before)
    again.resize(1280, 800)
    qtbot.waitUntil(lambda: abs(again.page.sizes()[1] - before) < 10)


def test_shape_and_splitters_are_as_they_were(
    window: AppWindow, start_again: Callable[[], AppWindow]
) -> None:
    window.resize(720, 600)
    window.page.detail.filled.emit(True)
    QApplication.processEvents()
    window.page.moveSplitter(250, 1)
    again = start_again()
    assert again.size() == window.size()
    again.page.detail.filled.emit(True)
    QApplication.processEvents()
    assert again.page.sizes() == window.page.sizes()


def test_it_opens_on_the_screen_with_its_frame_and_fits_a_small_one_at_twice_the_size(
    window: AppWindow,
    themes: ThemeSource,
    start_again: Callable[[], AppWindow],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(window, "remember", list)
    window = start_again()
    room = window.screen().availableGeometry()
    assert window.width() < room.width()
    assert window.height() + themes.theme.px(32) <= room.height()
    assert window.minimumSizeHint().width() <= 512
    assert window.minimumSizeHint().height() <= 320


def test_large_text_lays_the_form_over_the_view_and_leaves_the_address_whole_and_tabs_a_menu(
    window: AppWindow, qtbot: QtBot
) -> None:
    window.resize(1024, 640)
    window.page.detail.filled.emit(True)
    usual, tabs, table = window.across.sizes()[0], window.page.detail.tabs, window.page.table
    with a_larger_font(window, qtbot):
        QApplication.processEvents()
        assert window.across.count() == 1
        window.page.show_part("Reason: mx.music.example.org cannot be reached for now", cause="a")
        QApplication.processEvents()
        row = window.views.row
        assert row.rect().contains(row.narrowed.geometry().united(window.page.chips.geometry()))
        assert "…" in row.narrowed.text()
        assert window.size().toTuple() == (1024, 640), "a list of some tasks widened it"
        window.page.show_all()
        tabs.setFixedWidth(tabs.minimumSizeHint().width())
        QApplication.processEvents()
        menu = tabs.more.menu()
        menu.aboutToShow.emit()
        (arguments,) = (each for each in menu.actions() if each.text() == "Arguments")
        arguments.trigger()
        assert tabs.tabText(tabs.currentIndex()) == "Arguments"
        assert tabs.isTabVisible(tabs.currentIndex())
        assert not tabs.isTabVisible(SUMMARY)
        tabs.setMinimumWidth(0)
        tabs.setMaximumWidth(2000)
        window.resize(1280, 800)
        QApplication.processEvents()
        assert table.horizontalHeader().length() <= table.viewport().width()
        assert table.isColumnHidden(BY_KEY["task"])
        assert not table.isColumnHidden(BY_KEY["to"])
    assert not table.isColumnHidden(BY_KEY["item"])
    window.resize(1024, 640)
    assert window.across.sizes()[0] == usual


def test_a_narrow_window_lays_the_form_over_the_view_once_it_is_wanted(
    window: AppWindow, qtbot: QtBot, themes: ThemeSource
) -> None:
    form, narrow = window.form, themes.theme.px(900)
    window.resize(1280, 800)
    usual = window.across.sizes()[0]
    window.resize(narrow, 640)
    qtbot.waitUntil(form.isHidden)
    qtbot.waitUntil(window.page.table.hasFocus)
    window.top_bar.new_item.click()
    assert form.fields["recipient.name"].editor.hasFocus()
    assert form.fold_button.isVisible()
    window.notices.say("held", BarText("error", "2 tasks failed.", dismissible=True))
    qtbot.waitUntil(lambda: form.y() == window.shelf.height() > 0)  # no notice lies under it
    window.notices.take_back("held")
    assert window.page.width() == narrow  # it takes no room from the view
    beside = window.page.table.viewport().mapTo(window, QPoint(narrow - 60, 60))
    qtbot.mouseClick(window.childAt(beside), Qt.MouseButton.LeftButton)
    assert form.isHidden()
    window.top_bar.new_item.click()
    qtbot.keyClick(form.fields["recipient.name"].editor, Qt.Key.Key_Escape)
    assert form.isHidden()
    form.restore({**form.snapshot(), "values": {"recipient.name": "Ada"}})  # by Undo
    assert form.isVisible()
    window.resize(narrow - 20, 640)
    QApplication.processEvents()
    assert form.isVisible()  # what is typed stays
    form.fold_button.click()
    assert form.isHidden()
    window.top_bar.new_item.click()
    assert form.fields["recipient.name"].text() == "Ada"  # nothing is set aside
    form.fold_button.click()
    window.resize(1280, 800)
    assert form.isVisible()
    assert form.fold_button.isHidden()
    assert window.across.sizes()[0] == usual
    window.across.leave_form_out()
    window.resize(narrow, 640)
    window.resize(1280, 800)
    assert not window.across.show_form()


def test_bars_are_less_high_in_a_low_window_and_the_rows_come_first(
    window: AppWindow, qtbot: QtBot, themes: ThemeSource
) -> None:
    px, table = themes.theme.px, window.page.table
    bars = (window.top_bar, window.page.chips, window.foot, table.header)
    window.resize(1280, 800)
    usual = [each.height() for each in bars]
    window.resize(1280, px(430))
    QApplication.processEvents()
    assert all(low.height() < before for low, before in zip(bars, usual, strict=True))
    window.page.detail.filled.emit(True)
    row = table.verticalHeader().defaultSectionSize()
    qtbot.waitUntil(lambda: table.viewport().height() >= 3 * row)
    window.page.setSizes([1, 1000])
    window.page.splitterMoved.emit(1, 1)
    window.page.detail.filled.emit(True)
    assert table.viewport().height() < 4 * row  # a person wants it so
    window.resize(1280, 800)
    QApplication.processEvents()
    assert [each.height() for each in bars] == usual


def test_splitters_leave_rows_and_details_room_to_be_read(
    window: AppWindow, themes: ThemeSource
) -> None:
    least = themes.theme.px(230)
    window.resize(1440, 800)
    window.page.detail.filled.emit(True)
    for _ in range(3):  # a size of the window has more than one round
        QApplication.processEvents()
    assert window.page.orientation() == Qt.Orientation.Horizontal
    for splitter, sizes in (
        (window.page, [1, 2000]),
        (window.page, [2000, 1]),
        (window.across, [2000, 1]),
    ):
        splitter.setSizes(sizes)
        assert min(window.page.sizes()) >= least


def test_the_row_of_chips_has_one_height_at_every_width(window: AppWindow) -> None:
    chips, heights = window.page.chips, set[int]()
    chips.set_stats(stats(**{str(state): 4000 for state in State}))
    for width in (1700, 1280, 1024, 720):
        window.resize(width, 800)
        QApplication.processEvents()
        heights.add(window.views.row.height())
        shown = [each for each in (*chips.chips.values(), chips.more) if each.isVisible()]
        assert all(chips.rect().contains(each.geometry()) for each in shown)
    assert heights == {chips.height()}


@pytest.mark.parametrize("typed", [{}, {"recipient.name": "Ada"}], ids=["folded", "typed"])
def test_a_form_that_had_no_room_at_the_end_has_its_width_at_the_next_start(
    window: AppWindow,
    themes: ThemeSource,
    start_again: Callable[[], AppWindow],
    typed: dict[str, str],
) -> None:
    form = window.form
    window.resize(1280, 800)
    window.across.setSizes([340, 940])
    window.across.splitterMoved.emit(340, 1)  # as a person does
    form.restore({**form.snapshot(), "values": typed})
    window.resize(themes.theme.px(600), 640)
    QApplication.processEvents()
    assert form.isHidden() is (not typed)
    again = start_again()
    again.resize(1280, 800)
    QApplication.processEvents()
    assert again.form.isVisible()
    assert again.across.sizes()[0] == 340


def test_the_form_is_at_most_so_wide_that_a_line_is_easy_to_fill_in(
    window: AppWindow, themes: ThemeSource
) -> None:
    window.resize(1440, 800)
    most = themes.theme.px(MOST)
    window.across.restoreState(b"2000")
    window.resize(1441, 800)
    QApplication.processEvents()
    assert window.form.width() == most
    window.across.moveSplitter(1300, 1)
    assert window.form.width() == most


def test_the_form_over_the_view_has_the_width_that_its_buttons_need(window: AppWindow) -> None:
    window.across.restoreState(b"60")
    window.form.submit_button.setText("Submit, and begin the next one")
    window.resize(720, 640)
    window.across.show_form()
    QApplication.processEvents()
    window.grab()
    assert window.form.x() == 0
    assert cut(window.form) == []
