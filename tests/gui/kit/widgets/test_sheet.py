"""A sheet stands at the right of its host, never blocks it, and gives the focus back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton, QWidget

from desktop.gui.kit.widgets.sheet import PASSING, Sheet
from desktop.gui.kit.widgets.texts import ElidedLabel

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desktop.gui.kit.look.appearance import ThemeSource


@pytest.fixture
def sheet(host: QWidget, themes: ThemeSource) -> Sheet:
    made = Sheet(300, host)
    made.set_title("Preview")
    return made


def test_it_is_hidden_until_it_is_opened(sheet: Sheet) -> None:
    assert sheet.isHidden()
    sheet.open()
    assert sheet.isVisible()
    assert sheet.accessibleName() == "Preview"


def test_it_keeps_to_the_right_and_never_leaves_the_host(
    sheet: Sheet, host: QWidget, qtbot: QtBot
) -> None:
    sheet.open()
    for width in (800, 500, 200):
        host.resize(width, 600)
        qtbot.waitUntil(lambda: sheet.geometry().right() == host.rect().right())
        assert sheet.geometry().left() >= 0
        assert sheet.height() == host.height()
    host.resize(340, 600)  # what is left would be a strip of cut words
    qtbot.waitUntil(lambda: sheet.width() == host.width())


def test_it_begins_beside_the_form_where_it_would_cut_through_it(
    host: QWidget, themes: ThemeSource
) -> None:
    px = themes.theme.px
    sheet = Sheet(600, host, least=400)
    sheet.beside = form = QWidget(host)
    form.resize(px(300), 600)
    form.show()
    sheet.open()
    for width, left in ((1000, 400), (850, 300), (650, 0)):
        host.resize(px(width), 600)
        assert sheet.x() == pytest.approx(px(left), abs=1)
    host.resize(px(850), 600)
    sheet.close()
    form.hide()
    sheet.open()
    assert sheet.x() == pytest.approx(px(250), abs=1)


def test_the_focus_comes_and_goes_back(sheet: Sheet, host: QWidget, qtbot: QtBot) -> None:
    typing = QLineEdit(host)
    typing.show()
    typing.setFocus()
    sheet.open()
    assert sheet.hasFocus()
    with qtbot.waitSignal(sheet.closed):
        qtbot.keyClick(sheet, Qt.Key.Key_Escape)
    assert QApplication.focusWidget() is typing


@pytest.mark.parametrize("left", ["gone", "disabled", "passing"])
def test_the_focus_goes_home_when_what_had_it_cannot_have_it_again(
    sheet: Sheet, host: QWidget, left: str
) -> None:
    table, retry, button = QLineEdit(host), QPushButton(host), QPushButton(host)
    for each in (table, retry, button):
        each.show()
    sheet.home = lambda: table
    button.setFocus()
    sheet.open()
    match left:
        case "gone":
            shiboken6.delete(button)
        case "disabled":
            button.setEnabled(False)
        case _:
            button.setProperty(PASSING, True)
    sheet.close()
    assert table.hasFocus()


def test_enter_presses_the_default_button_or_the_one_that_has_the_focus(
    sheet: Sheet, qtbot: QtBot
) -> None:
    save, skip, typing = QPushButton("Save"), QPushButton("Skip"), QLineEdit()
    pressed: list[str] = []
    for button in (save, skip):
        button.clicked.connect(lambda _=False, button=button: pressed.append(button.text()))
        sheet.foot.addWidget(button)
    sheet.body.addWidget(typing)
    sheet.open()
    qtbot.keyClick(typing, Qt.Key.Key_Return)
    assert pressed == []
    sheet.set_default(save)
    for place, key in ((typing, Qt.Key.Key_Return), (typing, Qt.Key.Key_Enter)):
        qtbot.keyClick(place, key)
    skip.setFocus()
    qtbot.keyClick(skip, Qt.Key.Key_Return)
    assert pressed == ["Save", "Save", "Skip"]


def test_the_cross_closes_it(sheet: Sheet, qtbot: QtBot) -> None:
    sheet.open()
    qtbot.mouseClick(sheet.findChild(QPushButton), Qt.MouseButton.LeftButton)
    assert sheet.isHidden()


def test_closing_what_is_closed_is_nothing(sheet: Sheet, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(sheet.closed):
        sheet.close()


def test_a_title_that_is_too_long_is_cut_before_the_cross_and_has_a_tip(sheet: Sheet) -> None:
    whole = "Run Yearly statement of everything that anyone ever booked"
    sheet.set_title(whole)
    sheet.open()
    title = sheet.findChild(ElidedLabel)
    assert title is not None
    title.grab()
    assert title.geometry().right() < sheet.width()
    assert whole in title.toolTip()
