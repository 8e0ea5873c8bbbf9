"""Each control of the monitor is pressed as a person presses it, and asks for what it says."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from desktop.gui.tasks.state_chips import GROUPS
from tests.gui.hands import LEFT, entries, press, press_entry, press_row
from tests.gui.tasks.table.table_bench import STATES, model_of
from tests.gui.tasks.table.task_source import TaskSource, task_row

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytestqt.qtbot import QtBot

    from desktop.gui.assembly import AppWindow

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


@pytest.fixture
def full(window_over: Callable[[object], AppWindow]) -> AppWindow:
    """Give the window over a task in each state."""
    made = window_over(TaskSource([task_row(i + 1, each) for i, each in enumerate(STATES)]))
    made.resize(1700, 900)
    return made


def test_each_action_on_a_task_is_a_button_or_an_entry_that_asks_for_it(
    full: AppWindow, qtbot: QtBot
) -> None:
    table, detail = full.page.table, full.page.detail
    heard: list[str] = []
    for part in (table, detail):
        part.action_chosen.connect(lambda verb, _: heard.append(verb))
    buttons, verbs = detail.buttons, set()
    for row in range(len(STATES)):
        press_row(table, row)
        task = table.selection.ids[0]
        qtbot.waitUntil(lambda task=task: detail.row is not None and detail.row.id == task)  # type: ignore[misc]
        for action in table.selection.selected.actions:
            for each in (action, *action.more):
                menu = table.menu()
                assert menu is not None
                if each.is_off:
                    assert each.text not in [entry.text() for _, entry in entries(menu)]
                    continue
                press_entry(menu, each.text, table)
                assert heard.pop() == each.verb
                verbs.add(each.verb)
        for verb, button in list(buttons.row.buttons.items()):
            if not button.isEnabled():
                continue
            if button.isVisible():
                press(button)
            else:
                press_entry(buttons.row.more.menu(), button.text(), buttons)
            assert heard.pop() == verb
    assert verbs >= {"retry", "cancel", "done", "send_again", "resend", "run_now", "change_time"}
    assert verbs >= {"seen", "remove", "correct", "send_to", "to_me"}
    assert heard == []
    shown = [at for at in range(detail.tabs.count()) if detail.tabs.isTabVisible(at)]
    for at in reversed(shown):
        QTest.mouseClick(detail.tabs, LEFT, pos=detail.tabs.tabRect(at).center())
        assert detail.stack.currentIndex() == at
    press(detail.copy)
    assert QGuiApplication.clipboard().text() == detail.summary.text()


def test_each_chip_view_column_and_entry_of_the_search_is_pressed(
    full: AppWindow, qtbot: QtBot
) -> None:
    table, chips, search = full.page.table, full.page.chips, full.page.search
    for group, chip in [*zip(GROUPS, chips.chips, strict=True)][::-1]:
        press(chip)
        assert table.shown.states == tuple(str(state) for state in group.states)
    for group, chip in zip(GROUPS[1:], chips.chips[1:], strict=True):
        qtbot.keyClick(full.focusWidget(), Qt.Key.Key_Right)
        assert chip.isChecked()
        assert table.shown.states == tuple(str(state) for state in group.states)
    chips.choose(())
    for view in ("items", "batches", "causes", "tasks"):
        press(full.switch.choice.button(view))
        assert full.switch.choice.value() == view
    header = table.header
    for column in range(header.count()):
        was = header.isSectionHidden(column)
        title = str(table.model().headerData(column, Qt.Orientation.Horizontal))
        press_entry(header.columns_menu(), title, header)
        assert header.isSectionHidden(column) is not was
        press_entry(header.columns_menu(), title, header)
    press_entry(header.columns_menu(), "Reset columns", header)
    menu = full.page.search_menu
    menu.learn(["Label"])
    menu.menu_.aboutToShow.emit()
    states = [action.text() for place, action in entries(menu.menu_) if place is not menu.menu_]
    for words in (*states, "Recipient…"):
        search.clear_now()
        press_entry(menu.menu_, words, menu)
        assert search.text()
    search.clear_now()
    qtbot.waitUntil(lambda: model_of(table).is_loaded)
