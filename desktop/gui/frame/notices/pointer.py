"""Where the pointer rests, as far as that is known."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

from PySide6.QtCore import QEvent, QObject, QPointF, QTimer, Signal

if TYPE_CHECKING:
    from PySide6.QtGui import QMouseEvent
    from PySide6.QtWidgets import QWidget

RESTS_MS: Final = 300
"""How long the pointer does not move before it rests."""
_MOVES: Final = frozenset({QEvent.Type.MouseMove, QEvent.Type.MouseButtonPress})


class Pointer(QObject):
    """Watches the pointer in a window; ``used`` says that a person is there.

    That is when it moved, or a key was pressed. It watches the native window: a filter on every
    widget would cost each event.
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
        """Where it rests on the screen; ``None`` while it moves, or where that is not known."""
        return None if self._rest.isActive() else self._at

    def move(self) -> None:
        """Take note that it moves, or that a button went down."""
        self._rest.start()
        self.used.emit()

    def stop(self) -> None:
        """Take note that it rests."""
        self._rest.stop()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the pointer; begin to watch once there is a native window."""
        if event.type() == QEvent.Type.Show and watched is self._window:
            self._window.windowHandle().installEventFilter(self)
        elif event.type() in _MOVES and watched is not self._window:
            self._at = cast("QMouseEvent", event).globalPosition()
            self.move()
        elif event.type() == QEvent.Type.KeyPress and watched is not self._window:
            self.used.emit()
        return False
