"""Whether the pointer is on its way: what would move under it waits until it rests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

from PySide6.QtCore import QEvent, QObject, QPointF, QTimer, Signal

if TYPE_CHECKING:
    from PySide6.QtGui import QMouseEvent
    from PySide6.QtWidgets import QWidget

RESTS_MS: Final = 300
"""How long the pointer does not move before it rests."""
AT_LATEST_MS: Final = 2000
"""A change waits no longer than this, however the pointer moves."""
_MOVES: Final = frozenset({QEvent.Type.MouseMove, QEvent.Type.MouseButtonPress})


class Pointer(QObject):
    """Watches the pointer in a window: ``rested`` when it has stopped, or was awaited for long.

    ``used`` says that a person is there: it moved, or a key was pressed.
    It watches the native window: a filter on every widget would cost each event.
    """

    rested = Signal()
    used = Signal()

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._at: QPointF | None = None
        self._rest = QTimer(self, singleShot=True, interval=RESTS_MS)
        self._late = QTimer(self, singleShot=True, interval=AT_LATEST_MS)
        self._rest.timeout.connect(self.stop)
        self._late.timeout.connect(self.rested)
        window.installEventFilter(self)

    @property
    def is_moving(self) -> bool:
        """Whether a person is aiming at something, as far as that can be told."""
        return self._rest.isActive()

    @property
    def rests_at(self) -> QPointF | None:
        """Where it rests on the screen; ``None`` while it moves, or where that is not known."""
        return None if self.is_moving else self._at

    def move(self) -> None:
        """Take note that it moves, or that a button went down."""
        self._rest.start()
        self.used.emit()

    def stop(self) -> None:
        """Take note that it rests."""
        self._rest.stop()
        self._late.stop()
        self.rested.emit()

    def await_rest(self) -> None:
        """Have ``rested`` come in the end, also if it never stops."""
        if not self._late.isActive():
            self._late.start()

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
