"""One of a few side by side: told when a person chooses, and radio buttons to screen readers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt

from desktop.gui.kit.widgets.choice import Choice, Segments

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication
    from pytestqt.qtbot import QtBot


@pytest.fixture
def segments(qtbot: QtBot) -> Segments:
    made = Segments("Security", [("none", "None"), ("starttls", "STARTTLS"), ("tls", "TLS")])
    qtbot.addWidget(made)
    made.show()
    qtbot.waitUntil(made.isActiveWindow)
    return made


def test_a_choice_of_the_person_is_told_a_program_s_is_not(
    segments: Segments, qtbot: QtBot
) -> None:
    assert segments.value() == "none"
    with qtbot.assertNotEmitted(segments.chosen):
        segments.set_value("tls")
    assert segments.value() == "tls"
    with qtbot.waitSignal(segments.chosen) as chosen:
        qtbot.mouseClick(segments.button("none"), Qt.MouseButton.LeftButton)
    assert chosen.args == ["none"]
    segments.button("none").setFocus()
    with qtbot.waitSignal(segments.chosen) as chosen:
        qtbot.keyClick(segments.button("none"), Qt.Key.Key_Right)
    assert chosen.args == ["starttls"]
    assert segments.button("starttls").hasFocus()


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_a_list_opens_as_wide_as_its_words(qtbot: QtBot, qapp: QApplication) -> None:
    choice = Choice("How “Fee” is written")
    qtbot.addWidget(choice)
    choice.set_choices([("shown", "1.234,50 € (as shown)"), ("plain", "1234,5 (plain value)")])
    choice.resize(60, 32)
    choice.show()
    assert choice.is_cut()
    choice.showPopup()
    assert choice.view().width() >= choice.view().sizeHintForColumn(0)
    choice.hidePopup()
    choice.resize(400, 32)
    assert not choice.is_cut()
