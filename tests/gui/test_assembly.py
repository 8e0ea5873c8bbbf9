"""The window is there first; chips, search, rows and detail together."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QApplication, QMenu

from desktop.gui.assembly import AppWindow, ShownWindow, hide_item_controls
from desktop.settings.office_folder import OfficeFolder
from tests.gui.hands import press_row
from tests.gui.tasks.table.table_bench import STATES, choose, model_of
from tests.gui.tasks.table.task_source import TaskSource, task_row

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from PySide6.QtGui import QPaintEvent
    from pytestqt.qtbot import QtBot


@pytest.fixture
def source() -> TaskSource:
    return TaskSource([task_row(i, STATES[i % 8]) for i in range(1, 801)])


@pytest.fixture
def full(window_over: Callable[[object], AppWindow], source: TaskSource) -> AppWindow:
    """Give the window over 800 tasks."""
    return window_over(source)


def acts(window: AppWindow) -> set[str]:
    """What the detail pane offers to do."""
    head, foot = window.page.detail.head.button, window.page.detail.foot
    return {*foot.texts, *([] if head.isHidden() else [head.text()])}


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_when_the_selection_ends_nothing_is_offered_any_more(full: AppWindow, qtbot: QtBot) -> None:
    table, detail = full.page.table, full.page.detail
    heard: list[str] = []
    for part in (table, detail):
        part.action_chosen.connect(lambda verb, _: heard.append(verb))
    ways: list[Callable[[], object]] = [
        lambda: full.page.chips.choose("failed"),
        lambda: table.show_text("person1"),
        lambda: full.page.show_filter("need_you"),
    ]
    for end in ways:
        full.activateWindow()  # a menu was open
        qtbot.waitUntil(full.isActiveWindow)
        qtbot.keySequence(table, QKeySequence.StandardKey.SelectAll)
        qtbot.waitUntil(lambda: acts(full) == {"Retry", "Send now", "Cancel"})
        menu = table.menu()
        assert menu is not None
        menu.popup(table.mapToGlobal(table.rect().center()))
        end()
        # At once: the old rows are still there until the new ones are read.
        assert acts(full) == set()
        assert table.menu() is None
        assert [each for each in table.findChildren(QMenu) if each.isVisible()] == []
        assert detail.paper.words.text() == "Choose a task to see what happened to it."
        assert not detail.paper.words.isHidden()
        qtbot.keyClick(table, Qt.Key.Key_Delete)
        qtbot.waitUntil(lambda: model_of(table).is_loaded)
        qtbot.keyClick(table, Qt.Key.Key_Delete)
        assert heard == []
        full.page.chips.choose("all")
        table.show_text("")
        qtbot.waitUntil(lambda: model_of(table).is_loaded)


def test_a_row_that_is_chosen_has_its_buttons_before_it_is_read_and_comes_back_after_a_link(
    full: AppWindow, qtbot: QtBot, source: TaskSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    table, detail = full.page.table, full.page.detail
    press_row(table, 0)
    table.setFocus()
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Escape)
    assert not table.selection.ids
    choose(table, 0)
    (chosen,) = table.selection.ids
    detail.show_task(chosen - 1)
    press_row(table, 0)
    assert detail.task == chosen
    detail.show_task(chosen - 1)
    table.setFocus()
    qtbot.keyClick(table, Qt.Key.Key_Return)
    assert detail.task == chosen

    table.selectAll()
    monkeypatch.setattr(detail._api, "api", None)
    positions = {row.state: at for at, row in enumerate(model_of(table).rows_between(0, 9))}
    choose(table, positions["failed"])
    qtbot.waitUntil(lambda: acts(full) == {"Retry", "Leave it"})
    choose(table, positions["succeeded"])
    assert acts(full) == {"Send again"}


def test_what_was_everything_ends_when_nothing_is_left(
    full: AppWindow, qtbot: QtBot, source: TaskSource
) -> None:
    table = full.page.table
    with qtbot.waitSignal(model_of(table).shown):
        full.page.table.show_text("person8@")
    table.selectAll()
    model_of(table).apply(source.remove(8))
    model_of(table).reset()
    qtbot.waitUntil(lambda: model_of(table).rowCount() == 0)
    source.change(8, "failed")
    model_of(table).reset()
    qtbot.waitUntil(lambda: model_of(table).rowCount() == 1)
    assert table.selection.ids == []


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_the_search_and_what_needs_a_person_lead_to_what_they_find_from_every_view(
    full: AppWindow, qtbot: QtBot
) -> None:
    search, table = full.page.search, full.page.table
    for field, rows in ((search, table), (full.items.search, full.items.table)):
        if rows is not table:
            full.items.open()
        field.setFocus()
        qtbot.keyClick(field, Qt.Key.Key_Down)
        assert full.focusWidget() is rows
    full.places.go_home()
    with qtbot.waitSignal(model_of(table).shown):
        search.set_now("person800")
    search.setFocus()
    qtbot.keyClick(search, Qt.Key.Key_Down)
    assert table.selection.ids == [800]
    assert full.page.detail.task == 800

    search.set_now("state:failed")
    full.batches.open()
    qtbot.keyClick(full, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert full.places.shown is None
    assert full.focusWidget() is search
    assert search.text() == table.shown.text == "state:failed"
    full.items.open()
    qtbot.keyClick(full, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert full.focusWidget() is full.items.search

    full.page.show_part("Item 1", item_id=1)
    full.items.open()
    full.page.show_filter("failed")
    assert full.places.shown is None
    assert full.page.narrowed.text() == ""
    assert full.focusWidget() is table
    qtbot.waitUntil(lambda: model_of(table).is_loaded)
    assert table.model().rowCount() == STATES.count("failed") * 100


@pytest.fixture
def shown(qapp: QApplication, tmp_path: Path) -> Iterator[ShownWindow]:
    shown = ShownWindow(qapp, OfficeFolder(tmp_path), None)
    yield shown
    for gone in (shown.window, shown.model):
        shiboken6.delete(gone)


def test_it_is_painted_when_the_rest_comes(
    shown: ShownWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    painted: list[AppWindow] = []

    def paint(window: AppWindow, event: QPaintEvent) -> None:
        painted.append(window)
        super(AppWindow, window).paintEvent(event)

    monkeypatch.setattr(AppWindow, "paintEvent", paint, raising=False)
    shown.show()
    assert painted == [shown.window]


def test_one_that_begins_out_of_sight_does_not_keep_the_rest_waiting(
    shown: ShownWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(AppWindow, "show", lambda _: None)
    shown.show()
    assert not shown.window.isVisible()


@pytest.mark.parametrize(
    ("states", "first"), [(["succeeded", "failed", "succeeded"], 2), (["succeeded"] * 3, 3)]
)
def test_without_a_form_the_first_task_that_needs_a_person_is_shown_else_the_newest(
    window_over: Callable[[object], AppWindow], qtbot: QtBot, states: list[str], first: int
) -> None:
    window = window_over(source := TaskSource([]))
    hide_item_controls(window)
    source.rows |= {at: task_row(at, state) for at, state in enumerate(states, 1)}
    window.page.model.reset()
    qtbot.waitUntil(lambda: window.page.detail.task == first)
    assert window.desk.shown.page is window.page.detail
