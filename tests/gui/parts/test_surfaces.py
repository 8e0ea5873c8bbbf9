"""A sheet stands at the right of its host, never blocks it, and gives the focus back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton, QWidget

from desktop.gui.parts.surfaces import Sheet

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desktop.gui.look.appearance import ThemeSource


@pytest.fixture
def host(qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    made.resize(800, 600)
    made.show()
    qtbot.waitUntil(made.isActiveWindow)
    return made


@pytest.fixture
def sheet(host: QWidget, themes: ThemeSource) -> Sheet:
    made = Sheet(300, host, themes)
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


def test_the_focus_comes_and_goes_back(sheet: Sheet, host: QWidget, qtbot: QtBot) -> None:
    typing = QLineEdit(host)
    typing.show()
    typing.setFocus()
    sheet.open()
    assert sheet.hasFocus()
    with qtbot.waitSignal(sheet.closed):
        qtbot.keyClick(sheet, Qt.Key.Key_Escape)
    assert QApplication.focusWidget() is typing


def test_the_cross_closes_it(sheet: Sheet, qtbot: QtBot) -> None:
    sheet.open()
    qtbot.mouseClick(sheet.findChild(QPushButton), Qt.MouseButton.LeftButton)
    assert sheet.isHidden()


def test_closing_what_is_closed_is_nothing(sheet: Sheet, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(sheet.closed):
        sheet.close()
