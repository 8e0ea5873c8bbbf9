"""Clicks on what has just moved are dropped: they were meant for what lay there before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

SETTLES_MS: int = 400
"""How long a person needs to see that something moved and to hold a click back."""
_PRESSES: Final = frozenset({
    QEvent.Type.MouseButtonPress,
    QEvent.Type.MouseButtonDblClick,
    QEvent.Type.ContextMenu,
})  # fmt: skip


class ClickGuard(QObject):
    """Guards ``area``, in which bars that come and go push ``pushed`` up and down.

    A click that is dropped does nothing at all; one that began before the move ends as usual.
    """

    def __init__(self, app: QApplication, area: QWidget, pushed: QWidget) -> None:
        super().__init__(area)
        self._app = app
        self._area = area
        self._pushed = pushed
        self._pressed = False
        self._rest = QTimer(self, singleShot=True)
        self._rest.timeout.connect(self.end)
        pushed.installEventFilter(self)

    def begin(self) -> None:
        """Drop clicks from now on, for a moment."""
        if SETTLES_MS and self._area.isVisible():
            if not self._rest.isActive():
                self._app.installEventFilter(self)
            self._rest.start(SETTLES_MS)

    def end(self) -> None:
        """Take clicks again, once the button of one that was dropped is released."""
        self._rest.stop()
        if not self._pressed:
            self._app.removeEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Begin when what is pushed moves; drop what the mouse does in the area meanwhile."""
        kind = event.type()
        if kind == QEvent.Type.Move and watched is self._pushed:
            self.begin()
        elif kind in _PRESSES and self._is_inside(watched):
            is_dropped = self._rest.isActive()
            self._pressed = is_dropped and kind != QEvent.Type.ContextMenu
            return is_dropped
        elif kind == QEvent.Type.MouseButtonRelease and self._pressed and self._is_inside(watched):
            self._pressed = False
            if not self._rest.isActive():
                self.end()
            return True
        return False

    def _is_inside(self, watched: QObject) -> bool:
        return isinstance(watched, QWidget) and self._area.isAncestorOf(watched)
