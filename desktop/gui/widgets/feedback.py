"""The label in which a sheet reports the outcome of an action."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from desktop.client.errors import BackendGone, Refused

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget


class Feedback(QLabel):
    """Shows a sentence, or else the usual one; it is hidden while there is neither.

    An error that the backend is away is shown until it is back. A conflict with the state of a task
    is shown until the task changes its state.
    """

    def __init__(self, usual: str = "") -> None:
        super().__init__(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self._why: Exception | None = None
        self._then = ""
        self.say_usually(usual)

    def say(self, sentence: str, role: str = "soft") -> None:
        """Show a sentence; ``role`` sets its colour: ``soft``, ``error`` or ``good``."""
        self._why = None
        text, role = (sentence, role) if sentence else self._usual
        self.setProperty("role", role)
        self.style().unpolish(self)
        self.style().polish(self)
        self.setText(text)
        self.setHidden(not text)

    def say_usually(self, sentence: str, role: str = "soft", *, keeps_why: bool = False) -> None:
        """Set the usual sentence and show it; it returns whenever another sentence is removed.

        With ``keeps_why``, an error that :meth:`forget_why` would remove stays first.
        """
        self._usual = sentence, role
        if not (keeps_why and self._says_why):
            self.say("")

    def say_why(self, sentence: str, error: Exception, role: str = "error", then: str = "") -> None:
        """Show why an action failed; the sentence is empty if a field shows the error.

        If the backend was away, ``then`` is the sentence to show once it is back.
        """
        self.say(sentence, role)
        self._why, self._then = error, then

    def forget_why(self) -> None:
        """Remove the error because the person goes on; *the backend is away* stays."""
        if self._says_why:
            self.say("")

    @property
    def _says_why(self) -> bool:
        return self._why is not None and not isinstance(self._why, BackendGone)

    def forget_absence(self) -> None:
        """Remove the message that the backend is away."""
        if isinstance(self._why, BackendGone):
            self.say(self._then, "error")

    def forget_conflict(self, task: int, state: str) -> None:
        """Remove a conflict with the state of this task if the task has another state now."""
        why = self._why.problem.get("conflict") if isinstance(self._why, Refused) else None
        if why is not None and why["task_id"] == task and why["state"] != state:
            self.say("")


def forget_absence(inside: QWidget) -> None:
    """Remove the message that the backend is away from every feedback inside a widget."""
    for feedback in inside.findChildren(Feedback):
        feedback.forget_absence()
