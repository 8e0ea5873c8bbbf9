"""Keys: what a person holds down acts once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from desktop.gui.kit.widgets.buttons import give_key

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


def test_keys_that_are_held_down_act_once(qtbot: QtBot) -> None:
    place = QWidget()
    qtbot.addWidget(place)
    assert not give_key(place, "Ctrl+Shift+P", "Pause or resume sending", print).autoRepeat()
