"""The mouse wheel with Ctrl held: it changes the text size of the window."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QWheelEvent

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from desktop.gui.look.appearance import ThemeSource

NOTCH: Final = 120
"""Units of ``angleDelta`` in one notch of a wheel."""


class TextWheel(QObject):
    """Changes the text size of a window on Ctrl+wheel, wherever the pointer is.

    It filters the native window: a filter on every widget would slow down each event.
    """

    def __init__(self, window: QWidget, themes: ThemeSource) -> None:
        super().__init__(window)
        self._window = window
        self._themes = themes
        self._turned = 0
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take the wheel while Ctrl is held; filter the native window once there is one."""
        if event.type() == QEvent.Type.Show and watched is self._window:
            self._window.windowHandle().installEventFilter(self)
            return False
        if not isinstance(event, QWheelEvent) or watched is self._window:
            return False
        if event.modifiers() != Qt.KeyboardModifier.ControlModifier:
            return False
        self._turn(event.angleDelta().y())
        return True

    def _turn(self, angle: int) -> None:
        """Change the size by a step for each whole notch."""
        self._turned += angle
        notches = int(self._turned / NOTCH)
        if notches:
            self._turned -= notches * NOTCH
            self._themes.enlarge(notches)
