"""Watches where the pointer rests, and whether the person is present."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

from PySide6.QtCore import QEvent, QObject, QPointF, QTimer, Signal

if TYPE_CHECKING:
    from PySide6.QtGui import QMouseEvent
    from PySide6.QtWidgets import QWidget

RESTS_MS: Final = 300
"""Milliseconds without a move after which the pointer rests."""
_MOVES: Final = frozenset({QEvent.Type.MouseMove, QEvent.Type.MouseButtonPress})


class Pointer(QObject):
    """Watches the pointer in a window; ``used`` is emitted when it moves or a key is pressed.

    It filters the native window: a filter on every widget would slow down each event.
    """

    used = Signal()

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._at: QPointF | None = None
        self._rest = QTimer(self, singleShot=True, interval=RESTS_MS)
        window.installEventFilter(self)

    @property
    def rests_at(self) -> QPointF | None:
        """Where the pointer rests on the screen; ``None`` while it moves or if that is unknown."""
        return None if self._rest.isActive() else self._at

    def move(self) -> None:
        """Note that the pointer moves or a mouse button is pressed."""
        self._rest.start()
        self.used.emit()

    def stop(self) -> None:
        """Note that the pointer rests."""
        self._rest.stop()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow pointer and keys; filter the native window once there is one."""
        if event.type() == QEvent.Type.Show and watched is self._window:
            self._window.windowHandle().installEventFilter(self)
        elif event.type() in _MOVES and watched is not self._window:
            self._at = cast("QMouseEvent", event).globalPosition()
            self.move()
        elif event.type() == QEvent.Type.KeyPress and watched is not self._window:
            self.used.emit()
        return False
