"""Clicks on what has just moved are dropped: they were meant for what lay there before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

from PySide6.QtCore import QEvent, QObject, QPoint, QTimer
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    from PySide6.QtCore import QPointF
    from PySide6.QtWidgets import QApplication

    from desktop.gui.frame.notices.pointer import Pointer

SETTLES_MS: int = 400
"""How long a person needs to see that something moved and to hold a click back."""
_PRESSES: Final = frozenset({
    QEvent.Type.MouseButtonPress,
    QEvent.Type.MouseButtonDblClick,
    QEvent.Type.ContextMenu,
})  # fmt: skip


AIMED: Final = 24
"""Pixels that a pointer goes from where it rested when it aims at something else."""


class ClickGuard(QObject):
    """Guards ``area``, in which one bar takes the place of another.

    A click that is dropped does nothing at all; one that began before the change ends as usual. A
    click on what has not moved counts, and one that the pointer has gone to since: who
    aims at *Stop* has seen it.
    """

    def __init__(self, app: QApplication, area: QWidget, pointer: Pointer) -> None:
        super().__init__(area)
        self._app = app
        self._area = area
        self._pointer = pointer
        self._rested: QPointF | None = None
        self._stood: dict[QObject, QPoint] = {}
        self._pressed = False
        self._rest = QTimer(self, singleShot=True)
        self._rest.timeout.connect(self.end)

    def begin(self) -> None:
        """Drop clicks from now on, for a moment, on what is not where it was."""
        if not SETTLES_MS:
            return
        if not self._rest.isActive():
            there = self._area.findChildren(QWidget)
            self._stood = {each: _place(each) for each in there if each.isVisible()}
            self._app.installEventFilter(self)
        self._rested = self._pointer.rests_at  # where it has gone since an earlier bar
        self._rest.start(SETTLES_MS)

    def end(self) -> None:
        """Take clicks again, once the button of one that was dropped is released."""
        self._rest.stop()
        self._stood.clear()
        if not self._pressed:
            self._app.removeEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Drop what the mouse does in the area meanwhile."""
        kind = event.type()
        if kind in _PRESSES and self._is_inside(watched):
            is_dropped = self._rest.isActive() and not self._is_aimed(watched, event)
            self._pressed = is_dropped and kind != QEvent.Type.ContextMenu
            return is_dropped
        if kind == QEvent.Type.MouseButtonRelease and self._pressed and self._is_inside(watched):
            self._pressed = False
            if not self._rest.isActive():
                self.end()
            return True
        return False

    def _is_aimed(self, watched: QObject, event: QEvent) -> bool:
        """Tell whether a press is meant for what is there now."""
        if watched in self._stood and self._stood[watched] == _place(cast("QWidget", watched)):
            return True
        if self._rested is None or not isinstance(event, QMouseEvent):
            return False
        return (event.globalPosition() - self._rested).manhattanLength() > AIMED

    def _is_inside(self, watched: QObject) -> bool:
        return isinstance(watched, QWidget) and self._area.isAncestorOf(watched)


def _place(widget: QWidget) -> QPoint:
    return widget.mapToGlobal(QPoint())
