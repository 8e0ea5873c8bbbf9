"""Tab leads to what can be seen: through a sheet and what lies beside it, not under it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton

from desktop.gui.frame.notices.bars import BarText
from desktop.gui.frame.views import BATCHES, ITEMS
from desktop.gui.kit.widgets.sheet import Sheet

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


def test_tab_and_f6_go_past_what_lies_under_a_sheet(window: AppWindow) -> None:
    sheet, form, rows = window.mail.sheet, window.form, window.page.table
    window.resize(1280, 800)
    for key in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
        sheet.open()
        reached = {*stops(window, key)}
        assert {sheet.save_button, window.top_bar.new_item, form.submit_button} <= reached
        sheet.setGeometry(window._work.rect())  # it covers all
        sheet.focus_first()
        met = stops(window, key)
        assert sheet.save_button in met
        assert [each for each in met if form.isAncestorOf(each)] == []
        sheet.close()
        form.submit_button.setFocus()
        assert any(form.isAncestorOf(each) for each in stops(window, key))
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


@pytest.mark.dressed
def test_a_sheet_lies_under_the_bars_unless_it_covers_all_and_a_veil_beside_closes_it(
    window: AppWindow, qtbot: QtBot
) -> None:
    sheet, notices = window.mail.sheet, window.notices
    paused = BarText("warning", "Sending is paused", (("resume", "Resume"),))
    window.resize(1280, 800)
    sheet.open()
    assert sheet.y() == 0
    QApplication.processEvents()
    row = sheet.mapTo(window, sheet.rect().center()).y()
    edge = sheet.mapTo(window, sheet.rect().topLeft()).x()
    beside = window.grab().toImage()
    sheet.close()
    alone = window.grab().toImage()
    at = round((edge - 1) * alone.devicePixelRatio()), round(row * alone.devicePixelRatio())
    assert beside.pixelColor(*at).lightness() < alone.pixelColor(*at).lightness()
    sheet.open()
    veil = window.childAt(edge - 1, row)
    assert veil is not None
    qtbot.mouseClick(veil, Qt.MouseButton.LeftButton)
    assert sheet.isHidden()
    sheet.open()
    notices.say("pause", paused)
    qtbot.waitUntil(lambda: sheet.y() == notices.height() == window.shelf.height() > 0)
    assert sheet.geometry().bottom() == window._work.rect().bottom()
    window.resize(480, 800)
    qtbot.waitUntil(lambda: sheet.geometry() == window._work.rect())
    window.resize(1280, 800)
    notices.take_back("pause")
    qtbot.waitUntil(lambda: sheet.y() == window.shelf.height())
    sheet.close()
    wide = window.sheets.make(partial(Sheet, 1200, least=400))
    wide.open()
    assert wide.width() >= window.shelf.width()
    qtbot.waitUntil(lambda: wide.y() == 0)  # no empty band is above it
    notices.say("pause", paused)
    qtbot.waitUntil(lambda: wide.y() == window.shelf.height() > 0)
    notices.take_back("pause")
    qtbot.waitUntil(lambda: wide.y() == 0)


def test_the_sheet_on_top_has_the_title_the_leading_button_and_escape(window: AppWindow) -> None:
    sheet, form = window.mail.sheet, window.form
    window.resize(1280, 800)
    for begin, leads in (
        (form.begin, form.submit_button),
        (sheet.open, sheet.save_button),
        (form.begin, form.submit_button),
        (sheet.focus_first, sheet.save_button),
        (sheet.close, form.submit_button),
    ):
        begin()
        buttons = [each for each in window.findChildren(QPushButton) if each.isVisible()]
        assert [each for each in buttons if each.property("role") == "primary"] == [leads]
        assert [each for each in (form.submit_button, sheet.save_button) if each.keys_work()] == [
            leads
        ]
    sheet.open()
    window.preview.sheet.open()
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert window.preview.sheet.isHidden()
    assert sheet.isVisible()
    sheet.close()


def test_what_is_chosen_to_be_seen_is_not_under_a_sheet_that_covers_all(
    window: AppWindow, qtbot: QtBot
) -> None:
    sheet, switch = window.mail.sheet, window.switch

    def cover() -> None:
        sheet.open()
        qtbot.waitUntil(lambda: sheet.geometry() == window._work.rect())

    window.resize(1280, 800)
    sheet.open()
    switch.choice.button(BATCHES).click()
    assert sheet.isVisible()  # it leaves some of the list in sight
    sheet.setGeometry(window._work.rect().adjusted(window.form.width() + 12, 0, 0, 0))
    switch.choice.button(ITEMS).click()
    assert sheet.isHidden()
    window.resize(480, 800)
    cover()
    QTest.keyClick(window, Qt.Key.Key_3, Qt.KeyboardModifier.ControlModifier)
    assert sheet.isHidden()
    for view in (BATCHES, BATCHES):  # another one, and the same
        cover()
        switch.choice.button(view).click()
        assert sheet.isHidden()
    cover()
    window.page.search.setFocus()
    window.page.search.set_now("ada")
    assert QApplication.focusWidget() is window.page.search
    assert sheet.isHidden()
