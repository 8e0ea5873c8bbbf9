"""Which button of a window has the accent: what is next, and at most one."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING, cast

import shiboken6
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QLabel, QPushButton

from desktop.gui.kit.look.appearance import restyle

if TYPE_CHECKING:
    from collections.abc import Callable


class AccentClaim(IntEnum):
    """How much a button is what is next; the highest one in sight has the accent."""

    NONE = 0
    EMPTY = 1
    """It ends a form in which nothing is typed."""
    DESK = 2
    """It does what helps with what the desk shows."""
    CASE = 3
    """It does what helps with what is the case."""
    TYPED = 4
    """It ends what is typed, or what is asked over the window."""


class Accent(QObject):
    """Gives the accent to one of the buttons that claim it; of equal claims, to the first.

    It chooses again when the focus moves and when one of them is shown, hidden or can be pressed;
    who changes a claim calls :meth:`choose`.
    """

    def __init__(self) -> None:
        super().__init__()
        self._app: QApplication | None = None
        self._claims: dict[QPushButton, Callable[[], AccentClaim]] = {}

    def give(self, button: QPushButton, claim: Callable[[], AccentClaim]) -> None:
        """Let a button claim the accent, for as long as it is there."""
        if self._app is None:
            self._app = cast("QApplication", QApplication.instance())
            self._app.focusChanged.connect(self.choose)
        self._claims[button] = claim
        button.installEventFilter(self)
        self.choose()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow whether a button can be seen and pressed."""
        if event.type() in {QEvent.Type.Show, QEvent.Type.Hide, QEvent.Type.EnabledChange}:
            self.choose()
        return False

    def choose(self) -> None:
        """Give the accent to the first of those with the highest claim, in each window."""
        self._claims = {b: claim for b, claim in self._claims.items() if shiboken6.isValid(b)}
        found: dict[object, tuple[AccentClaim, QPushButton]] = {}
        for button, claim in self._claims.items():
            here = claim() if button.isVisible() and button.isEnabled() else AccentClaim.NONE
            if here and here > found.get(window := button.window(), (AccentClaim.NONE, button))[0]:
                found[window] = here, button
        chosen = {button for _, button in found.values()}
        for button in self._claims:
            role = "primary" if button in chosen else "second"
            if button.property("role") != role:
                restyle(button, role=role)
                for words in button.findChildren(QLabel):
                    restyle(words)


ACCENT = Accent()
"""The accent of every window of this program."""
