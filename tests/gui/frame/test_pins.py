"""Pins: one current row with the list, what the desk follows, and many as one."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu

from desktop.gui.frame.pins import ASIDE, DRAFTS, NEW, SHEETS, PinnedRow
from tests.gui.hands import focus, press_row
from tests.gui.tasks.table.task_source import TaskSource, task_row

if TYPE_CHECKING:
    from collections.abc import Callable

    from desktop.gui.assembly import AppWindow


# A menu says so.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


@pytest.fixture
def window(window_over: Callable[[object], AppWindow]) -> AppWindow:
    made = window_over(TaskSource([task_row(number, "failed") for number in (1, 2, 3)]))
    made.resize(1500, 900)
    return made


def put(window: AppWindow, kind: str, *names: str, heard: list[str] | None = None) -> None:
    said: list[str] = [] if heard is None else heard
    pins = [
        PinnedRow(
            f"{kind}:{name}",
            name,
            "not sent yet",
            "pencil",
            partial(said.append, f"show {name}"),
            partial(said.append, f"press {name}"),
            partial(said.append, f"discard {name}"),
        )
        for name in names
    ]
    window.pins.put(kind, pins)


def state(window: AppWindow) -> tuple[str | None, list[int]]:
    """What is chosen among pins and rows."""
    return window.pins.chosen_key, window.page.table.chosen()


def names(window: AppWindow) -> list[str]:
    return [each.name for each in window.pins.shown()]


def test_arrows_go_from_the_pins_to_the_list_and_back(window: AppWindow) -> None:
    pins, table = window.pins, window.page.table
    put(window, ASIDE, "Ada")
    pins.choose(NEW)
    pins.setFocus()
    for _ in range(2):
        QTest.keyClick(focus(), Qt.Key.Key_Down)
    assert (focus(), *state(window)) == (table, None, [0])
    assert window.desk.shown.page is window.page.detail
    QTest.keyClick(table, Qt.Key.Key_Up)
    assert (focus(), *state(window)) == (pins, "aside:Ada", [])
    QTest.keyClick(pins, Qt.Key.Key_Up)
    assert state(window) == (NEW, [])
    assert window.form.isVisible()
    assert focus() is pins


def test_click_and_enter_press_a_pin_arrows_show_it_and_del_discards_it(
    window: AppWindow,
) -> None:
    heard = list[str]()
    put(window, ASIDE, "Ada", "Bo", heard=heard)
    press_row(window.pins, 1)
    assert heard == ["show Ada", "press Ada"]
    heard.clear()
    window.pins.choose(NEW)
    window.pins.setFocus()
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Delete):
        QTest.keyClick(window.pins, key)
    assert heard == ["show Ada", "show Ada", "press Ada", "discard Ada"]


def test_many_are_one_which_opens_them(window: AppWindow) -> None:
    heard, opened = list[str](), list[str]()
    put(window, ASIDE, "Ada", "Bo", "Cy", "Di", heard=heard)
    assert names(window) == ["New item", "4 items are not sent yet"]
    press_row(window.pins, 1)
    (menu,) = window.pins.findChildren(QMenu)
    first, second, *_ = menu.actions()
    assert [first.text(), second.text()] == ["Ada – not sent yet", "Bo – not sent yet"]
    second.trigger()
    assert heard == ["show Bo", "press Bo"]
    menu.close()
    drafts = [PinnedRow(f"batch:{n}", f"May {n}", "", "pencil") for n in range(5)]
    window.pins.put(DRAFTS, drafts, partial(opened.append, "drafts"))
    assert names(window)[-1] == "5 drafts"
    press_row(window.pins, 2)
    assert opened == ["drafts"]
    over = [PinnedRow(f"batch:{n}", f"June {n}", "", "circle-check") for n in range(4)]
    for planned, icon in (([], "circle-check"), ([over[0]._replace(icon="clock")], "clock")):
        window.pins.put(SHEETS, [*over, *planned])
        (many,) = (each for each in window.pins.shown() if "spreadsheets" in each.name)
        assert many.icon == icon


def test_there_are_at_most_six_and_three_in_a_low_window(window: AppWindow) -> None:
    for kind, beyond in ((ASIDE, "aside 2"), (SHEETS, "2 more"), (DRAFTS, "5 more")):
        put(window, kind, *(f"{kind} {n}" for n in range(3)))
        assert names(window)[-1] == beyond
    assert len(names(window)) == 6
    assert window.pins.height() == 6 * window.pins.row_height
    window.resize(1500, 600)
    QApplication.processEvents()
    assert names(window) == ["New item", "aside 0", "8 more"]
    assert window.pins.height() == 3 * window.pins.row_height


def test_it_is_a_table_with_a_name_and_whole_words(window: AppWindow) -> None:
    put(window, ASIDE, "Ada")
    table = QAccessible.queryAccessibleInterface(window.pins)
    assert table.role() == QAccessible.Role.Table
    assert table.text(QAccessible.Text.Name) == "Pinned"
    said = {table.child(at).text(QAccessible.Text.Name) for at in range(table.childCount())}
    assert {"New item", "Ada", "not sent yet"} <= said
