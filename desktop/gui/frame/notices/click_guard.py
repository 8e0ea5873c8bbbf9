"""Drops clicks on widgets that have just moved: they were aimed at what was there before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, QTimer
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

RESTS_MS: Final = 300
"""Milliseconds without a move after which the pointer rests."""
_MOVES: Final = frozenset({QEvent.Type.MouseMove, QEvent.Type.MouseButtonPress})


class Pointer(QObject):
    """Watches where the pointer of a window rests.

    It filters the native window: a filter on every widget would slow down each event.
    """

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

    def stop(self) -> None:
        """Note that the pointer rests."""
        self._rest.stop()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the pointer; filter the native window once there is one."""
        if event.type() == QEvent.Type.Show and watched is self._window:
            self._window.windowHandle().installEventFilter(self)
        elif event.type() in _MOVES and watched is not self._window:
            self._at = cast("QMouseEvent", event).globalPosition()
            self._rest.start()
        return False


SETTLES_MS: int = 400
"""Milliseconds a person needs to notice a change and hold back a click."""
_PRESSES: Final = frozenset({
    QEvent.Type.MouseButtonPress,
    QEvent.Type.MouseButtonDblClick,
    QEvent.Type.ContextMenu,
})  # fmt: skip


AIMED: Final = 24
"""Pixels from its resting place from which the pointer counts as aimed at something new."""


class ClickGuard(QObject):
    """Guards ``area``, in which one bar replaces another.

    A click that began before the change ends as usual. A click on a widget that has not moved
    counts, and so does one after the pointer moved to it: a person who aims at *Stop* has seen it.
    Any other click is dropped and has no effect.
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
        """Drop clicks on moved widgets for the next ``SETTLES_MS``."""
        if not SETTLES_MS:
            return
        if not self._rest.isActive():
            there = self._area.findChildren(QWidget)
            self._stood = {each: _place(each) for each in there if each.isVisible()}
            self._app.installEventFilter(self)
        self._rested = self._pointer.rests_at  # also after an earlier change
        self._rest.start(SETTLES_MS)

    def end(self) -> None:
        """Accept clicks again, once the mouse button of a dropped one is released."""
        self._rest.stop()
        self._stood.clear()
        if not self._pressed:
            self._app.removeEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Drop presses in the area that are not aimed, with their releases."""
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
        """Tell whether a press is meant for the widget that is there now."""
        if watched in self._stood and self._stood[watched] == _place(cast("QWidget", watched)):
            return True
        if self._rested is None or not isinstance(event, QMouseEvent):
            return False
        return (event.globalPosition() - self._rested).manhattanLength() > AIMED

    def _is_inside(self, watched: QObject) -> bool:
        return isinstance(watched, QWidget) and self._area.isAncestorOf(watched)


def _place(widget: QWidget) -> QPoint:
    return widget.mapToGlobal(QPoint())
