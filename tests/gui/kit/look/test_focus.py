"""What has the focus shows it at its left edge, by the style sheet alone, and moves no text."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QScrollArea,
    QTableView,
    QTextBrowser,
    QTextEdit,
    QWidget,
)

from desktop.gui.kit.look.appearance import restyle, set_role

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytestqt.qtbot import QtBot

    from desktop.gui.kit.look.appearance import ThemeSource

KINDS = (QLineEdit, QPlainTextEdit, QTextEdit, QComboBox, QTextBrowser, QScrollArea, QTableView)
pytestmark = [
    pytest.mark.dressed,
    pytest.mark.qt_log_ignore("This plugin does not support", extend=True),
]


@pytest.mark.parametrize("make", KINDS)
def test_the_focus_is_seen(qtbot: QtBot, themes: ThemeSource, make: Callable[[], QWidget]) -> None:
    place, here, other = QWidget(), make(), QPushButton()
    qtbot.addWidget(place)
    row = QHBoxLayout(place)
    for each in (here, other):
        row.addWidget(each)
    if make in {QScrollArea, QTableView}:
        set_role(here, "read")
    place.show()
    place.activateWindow()
    edges = []
    for each in (other, here):
        each.setFocus()
        qtbot.waitUntil(each.hasFocus)
        edges.append((here.grab().toImage().pixelColor(1, here.height() // 2), here.geometry()))
    (rests, before), (shown, after) = edges
    assert (shown, after) == (themes.theme.color("accent"), before)
    assert rests != shown
    restyle(here, wrong=True)
    is_wrong = here.grab().toImage().pixelColor(1, here.height() // 2)
    may_be_wrong = make in {QLineEdit, QPlainTextEdit}
    assert (is_wrong == themes.theme.color("failed")) is may_be_wrong
