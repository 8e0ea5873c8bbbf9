"""The desk shows what a person chose in the list; what is typed on it stays meanwhile."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton

from tests.gui.hands import focus, press_row
from tests.gui.tasks.table.task_source import TaskSource, task_row

if TYPE_CHECKING:
    from collections.abc import Callable

    from desktop.gui.assembly import AppWindow

STATES = ("succeeded", "failed", "queued")
NAME = "recipient.name"


@pytest.fixture
def window(window_over: Callable[[object], AppWindow]) -> AppWindow:
    made = window_over(TaskSource([task_row(i + 1, each) for i, each in enumerate(STATES)]))
    made.resize(1400, 800)
    return made


def is_form(window: AppWindow) -> bool:
    return window.desk.shown.page is window.form


def test_what_is_typed_stays_while_a_task_is_shown(window: AppWindow) -> None:
    submitted = list[object]()
    window.form.submitted.connect(lambda *_: submitted.append(1))
    field = window.form.fields[NAME]
    QTest.keyClicks(field.editor, "Ines Duarte")
    press_row(window.page.table, 0)
    assert not window.form.isVisible()
    QTest.keyClick(focus(), Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    assert field.editor.hasFocus()
    assert field.text() == "Ines Duarte"
    press_row(window.page.table, 0)
    QTest.keyClick(focus(), Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert field.text() == "Ines Duarte"  # no key submits what is out of sight
    assert not submitted


def test_no_ctrl_enter_presses_a_button(window: AppWindow) -> None:
    pressed = list[object]()
    button = QPushButton("Delete", window)
    button.clicked.connect(lambda *_: pressed.append(1))
    button.show()
    button.setFocus()
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
        QTest.keyClick(button, key, Qt.KeyboardModifier.ControlModifier)
    assert not pressed
    QTest.keyClick(button, Qt.Key.Key_Return)
    assert len(pressed) == 1


def test_escape_goes_back_step_by_step(window: AppWindow) -> None:
    table, search = window.page.table, window.page.search
    search.setText("ada")
    table.selectAll()
    table.picked.emit()
    window.enter_desk(window.page.detail)

    def where() -> tuple[object, ...]:
        in_list = window.monitor.isAncestorOf(focus())
        return in_list, table.selection.selected.count, search.text(), is_form(window)

    window.notes.warn("No connection")
    seen = [where()]
    for _ in range(5):
        QTest.keyClick(focus(), Qt.Key.Key_Escape)
        seen.append((*where(), len(window.notes.shown)))
    assert seen == [
        (False, 3, "ada", False),
        (True, 3, "ada", False, 1),
        (True, 1, "ada", False, 1),
        (True, 1, "", False, 1),
        (True, 0, "", True, 1),
        (True, 0, "", True, 0),
    ]


def test_a_click_shows_a_task_in_a_narrow_window_and_back_leads_to_its_row(
    window: AppWindow,
) -> None:
    table = window.page.table
    window.resize(window.themes.theme.px(900), 700)
    QApplication.processEvents()
    window.desk.back.click()
    table.setFocus()
    QTest.keyClick(table, Qt.Key.Key_Down)
    assert table.isVisible()  # from row to row
    press_row(table, 1)
    assert not table.isVisible()
    assert window.page.detail.isAncestorOf(focus())
    QTest.keyClick(focus(), Qt.Key.Key_Escape)
    assert table.hasFocus()
    assert table.selection.ids == [window.page.detail.task]
