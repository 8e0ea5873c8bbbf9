"""When a search is read again because new tasks can be found by more words than before."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal

AFTER_MS: Final = (7_000, 70_000)
"""Milliseconds after the last change until a search is read again.

The index takes in the fields, arguments and errors of new tasks after 5 s without another one, or
after a minute; the event stream does not tell when.
"""


class LateWords(QObject):
    """Emits ``due`` some time after a search began, and after the last change of what it finds."""

    due = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.timers = [QTimer(self, singleShot=True, interval=each) for each in AFTER_MS]
        for timer in self.timers:
            timer.timeout.connect(self.due)

    def follow(self, words: str) -> None:
        """Begin again to wait for what these words may find; without words, wait for nothing."""
        for timer in self.timers:
            if words:
                timer.start()
            else:
                timer.stop()
