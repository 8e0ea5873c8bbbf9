"""What a sheet says about what was asked of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from desktop.client.errors import BackendGone, Refused

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget


class Feedback(QLabel):
    """A sentence, or the usual one; hidden while there is none.

    That the backend is away is said until it is back, and that the state of a task forbids
    something until it has another.
    """

    def __init__(self, usual: str = "") -> None:
        super().__init__(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self._why: Exception | None = None
        self._then = ""
        self.say_usually(usual)

    def say(self, sentence: str, role: str = "soft") -> None:
        """Say something; ``role`` is its colour: ``soft``, ``error`` or ``good``."""
        self._why = None
        text, role = (sentence, role) if sentence else self._usual
        self.setProperty("role", role)
        self.style().unpolish(self)
        self.style().polish(self)
        self.setText(text)
        self.setHidden(not text)

    def say_usually(self, sentence: str, role: str = "soft", *, keeps_why: bool = False) -> None:
        """Say this now, and again once another sentence is to be said no more.

        With ``keeps_why`` it waits where a reason is said that :meth:`forget_why` takes away.
        """
        self._usual = sentence, role
        if not (keeps_why and self._says_why):
            self.say("")

    def say_why(self, sentence: str, error: Exception, role: str = "error", then: str = "") -> None:
        """Say why something was not done; without a sentence, a field has said it.

        ``then`` is what to do about it once the backend is back, where it was away.
        """
        self.say(sentence, role)
        self._why, self._then = error, then

    def forget_why(self) -> None:
        """Say no more why something was not done, as the person goes on; an absence stays."""
        if self._says_why:
            self.say("")

    @property
    def _says_why(self) -> bool:
        return self._why is not None and not isinstance(self._why, BackendGone)

    def forget_absence(self) -> None:
        """Say no more that the backend is away."""
        if isinstance(self._why, BackendGone):
            self.say(self._then, "error")

    def forget_conflict(self, task: int, state: str) -> None:
        """Say no more that this task's state forbids something, if it was another state."""
        why = self._why.problem.get("conflict") if isinstance(self._why, Refused) else None
        if why is not None and why["task_id"] == task and why["state"] != state:
            self.say("")


def forget_absence(inside: QWidget) -> None:
    """Have nothing in a widget say any more that the backend is away."""
    for feedback in inside.findChildren(Feedback):
        feedback.forget_absence()
