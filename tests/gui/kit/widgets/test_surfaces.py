"""What Tab leads to: it leads through a window and harms nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import shiboken6
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QLineEdit, QMenu, QVBoxLayout, QWidget

from desktop.gui.kit.widgets.surfaces import in_focus_chain

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


@pytest.mark.parametrize("forward", [True, False])
def test_a_window_lives_on_where_a_field_that_tab_led_through_is_deleted(
    qtbot: QtBot, forward: bool
) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    column = QVBoxLayout(window)
    first, second, third = (QLineEdit(window) for _ in range(3))
    for each in (first, second, third):
        column.addWidget(each)
    entry = QMenu(window).addAction("Settings")
    fields = [each for each in in_focus_chain(first, forward=forward) if each is not window]
    assert fields == ([second, third] if forward else [third, second])
    first.deleteLater()
    QCoreApplication.sendPostedEvents(first, QEvent.Type.DeferredDelete)
    assert not shiboken6.isValid(first)
    assert shiboken6.isValid(entry)
