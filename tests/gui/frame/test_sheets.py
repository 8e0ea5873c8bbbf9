"""Tab leads to what can be seen: through a sheet and what lies beside it, not under it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from desktop.gui.frame.notices.bars import BarText
from desktop.gui.frame.views import BATCHES, ITEMS

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget
    from pytestqt.qtbot import QtBot

    from desktop.gui.assembly import AppWindow


def stops(window: AppWindow, key: Qt.Key) -> list[QWidget]:
    """Press a key until the keyboard is back where it was; return where it went."""
    met: list[QWidget] = []
    while (here := QApplication.focusWidget()) not in met:
        assert here is not None
        met.append(here)
        QTest.keyClick(here, key)
    return met


@pytest.mark.parametrize("key", [Qt.Key.Key_Tab, Qt.Key.Key_Backtab])
def test_tab_goes_past_what_lies_under_a_sheet(window: AppWindow, key: Qt.Key) -> None:
    sheet, form = window.mail.sheet, window.form
    window.resize(1280, 800)
    sheet.open()
    assert {sheet.save_button, window.top_bar.new_item, form.submit_button} <= {*stops(window, key)}
    sheet.setGeometry(window._work.rect())  # it covers all
    sheet.focus_first()
    met = stops(window, key)
    assert sheet.save_button in met
    assert [each for each in met if form.isAncestorOf(each)] == []
    sheet.close()
    form.submit_button.setFocus()
    assert any(form.isAncestorOf(each) for each in stops(window, key))


def test_a_sheet_lies_under_the_bars_unless_it_covers_all(window: AppWindow, qtbot: QtBot) -> None:
    """The buttons of a bar were behind the mail settings."""
    sheet, notices = window.mail.sheet, window.notices
    window.resize(1280, 800)
    sheet.open()
    qtbot.waitUntil(lambda: sheet.y() == window.shelf.height())
    notices.say("pause", BarText("warning", "Sending is paused", (("resume", "Resume"),)))
    assert sheet.y() == notices.height() == window.shelf.height()
    assert sheet.geometry().bottom() == window._work.rect().bottom()
    window.resize(480, 800)
    qtbot.waitUntil(lambda: sheet.geometry() == window._work.rect())
    window.resize(1280, 800)
    notices.take_back("pause")
    qtbot.waitUntil(lambda: sheet.y() == window.shelf.height())


def test_escape_closes_the_sheet_on_top(window: AppWindow) -> None:
    window.mail.sheet.open()
    window.preview.sheet.open()
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert window.preview.sheet.isHidden()
    assert window.mail.sheet.isVisible()


@pytest.mark.parametrize("way", ["click", "key", "same view", "search", "beside the form"])
def test_what_is_chosen_to_be_seen_is_not_under_a_sheet_that_covers_all(
    window: AppWindow, qtbot: QtBot, way: str
) -> None:
    """The switch said *Items* above the import, and nothing else happened."""
    sheet, switch = window.mail.sheet, window.switch
    window.resize(1280, 800)
    sheet.open()
    switch.choice.button(BATCHES).click()
    assert sheet.isVisible()  # it leaves some of the list in sight
    if way == "beside the form":
        sheet.setGeometry(window._work.rect().adjusted(window.form.width() + 12, 0, 0, 0))
        switch.choice.button(ITEMS).click()
        assert sheet.isHidden()
        return
    window.resize(480, 800)
    qtbot.waitUntil(lambda: sheet.geometry() == window._work.rect())
    if way == "key":
        QTest.keyClick(window, Qt.Key.Key_4, Qt.KeyboardModifier.ControlModifier)
    elif way == "search":
        window.page.search.setFocus()
        window.page.search.set_now("ada")
        assert QApplication.focusWidget() is window.page.search
    else:
        switch.choice.button(ITEMS if way == "click" else BATCHES).click()
    assert sheet.isHidden()


def test_the_keyboard_is_never_led_to_what_lies_under_a_sheet(
    window: AppWindow, qtbot: QtBot
) -> None:
    """F6 led to the rows under the templates, and Del cancelled the task that was selected there.

    So did a button of the sheet that was switched off while it had the keyboard.
    """
    sheet, form, rows = window.mail.sheet, window.form, window.page.table
    window.resize(1280, 800)
    sheet.open()
    met = stops(window, Qt.Key.Key_F6)
    assert rows in met
    assert any(sheet.isAncestorOf(each) for each in met)
    sheet.setGeometry(window._work.rect().adjusted(form.width(), 0, 0, 0))
    met = stops(window, Qt.Key.Key_F6)
    assert rows not in met
    assert any(sheet.isAncestorOf(each) for each in met)
    assert any(form.isAncestorOf(each) for each in met)
    assert window.sheets.home() is sheet
    sheet.close()
    assert window.sheets.home() is rows
