"""At most one button of a window has the accent: the one that is next."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QPushButton, QWidget

from desktop.gui.kit.widgets.accent import ACCENT, AccentClaim

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


def with_accent(window: QWidget) -> list[str]:
    buttons = window.findChildren(QPushButton)
    return [each.text() for each in buttons if each.property("role") == "primary"]


def test_the_highest_claim_in_sight_has_it_and_of_equal_ones_the_first(qtbot: QtBot) -> None:
    claims = dict.fromkeys(("Submit", "Resume", "Send"), AccentClaim.NONE)
    window = QWidget()
    qtbot.addWidget(window)
    buttons = {name: QPushButton(name, window) for name in claims}
    for name, button in buttons.items():
        ACCENT.give(button, partial(claims.__getitem__, name))
    window.show()
    assert with_accent(window) == []
    for changed, expected in (
        ({"Submit": AccentClaim.EMPTY}, "Submit"),
        ({"Resume": AccentClaim.CASE}, "Resume"),
        ({"Submit": AccentClaim.TYPED}, "Submit"),
        ({"Send": AccentClaim.TYPED}, "Submit"),
    ):
        claims |= changed
        ACCENT.choose()
        assert with_accent(window) == [expected]
    buttons["Submit"].hide()
    assert with_accent(window) == ["Send"]
    buttons["Send"].setEnabled(False)
    assert with_accent(window) == ["Resume"]
    other = QWidget()
    qtbot.addWidget(other)
    ACCENT.give(QPushButton("Save", other), lambda: AccentClaim.TYPED)
    other.show()
    assert (with_accent(window), with_accent(other)) == (["Resume"], ["Save"])
