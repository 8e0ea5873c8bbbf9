"""One of a few side by side: told when a person chooses, and radio buttons to screen readers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt

from desktop.gui.kit.widgets.choice import Segments

if TYPE_CHECKING:
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
