"""What a sheet says about what was asked of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from desktop.client.errors import BackendGone

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget


class Feedback(QLabel):
    """A sentence, or the ``usual`` one; hidden while there is none.

    That the backend is away is said until it is back.
    """

    def __init__(self, usual: str = "") -> None:
        super().__init__(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self._usual = usual
        self._is_absence = False
        self.say("")

    def say(self, sentence: str, role: str = "soft") -> None:
        """Say something; ``role`` is its colour: ``soft``, ``error`` or ``good``."""
        self._is_absence = False
        self.setProperty("role", role if sentence else "soft")
        self.style().unpolish(self)
        self.style().polish(self)
        self.setText(sentence or self._usual)
        self.setHidden(not self.text())

    def say_why(self, sentence: str, error: Exception, role: str = "error") -> None:
        """Say why something was not done; without a sentence, a field has said it."""
        self.say(sentence, role)
        self._is_absence = isinstance(error, BackendGone)

    def forget_absence(self) -> None:
        """Say no more that the backend is away."""
        if self._is_absence:
            self.say("")


def forget_absence(inside: QWidget) -> None:
    """Have nothing in a widget say any more that the backend is away."""
    for feedback in inside.findChildren(Feedback):
        feedback.forget_absence()
