"""Reading again what a view shows, while it is in sight and things change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QObject, QTimer

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QWidget

EVERY_MS: Final = 500
"""From one reading to the next."""


class Rereading(QObject):
    """Calls ``read`` soon after :meth:`note`, at most twice a second; out of sight it waits."""

    def __init__(self, view: QWidget, read: Callable[[], object]) -> None:
        super().__init__(view)
        self._view = view
        self._read = read
        self._is_due = True  # nothing was read yet
        self._pause = QTimer(self, singleShot=True, interval=EVERY_MS)
        self._pause.timeout.connect(self._go_on)
        view.installEventFilter(self)

    def note(self) -> None:
        """Say that something has changed."""
        self._is_due = True
        if not self._pause.isActive():
            self._go_on()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Read what changed out of sight."""
        if event.type() == QEvent.Type.Show and self._is_due:
            self.note()
        return super().eventFilter(watched, event)

    def _go_on(self) -> None:
        if self._is_due and self._view.isVisible():
            self._is_due = False
            self._pause.start()
            self._read()
