"""A menu that stays inside its window, where Qt only keeps it on the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QMenu, QWidget

if TYPE_CHECKING:
    from PySide6.QtGui import QShowEvent

    from desktop.gui.look.appearance import ThemeSource

MARGIN: Final = 12
"""Units of the grid between the menu and the right edge of the window."""


class InsideMenu(QMenu):
    """Opens further to the left where it would stick out; a submenu on the other side."""

    def __init__(self, title: str, parent: QWidget, themes: ThemeSource) -> None:
        super().__init__(title, parent)
        self._opener = parent
        self._themes = themes

    def showEvent(self, event: QShowEvent) -> None:
        """Move where it is inside."""
        super().showEvent(event)
        opener = self._opener
        window = opener.parentWidget() if isinstance(opener, QMenu) else opener
        if window is None:
            return
        edge = window.mapToGlobal(QPoint(window.width(), 0)).x() - self._themes.theme.px(MARGIN)
        if self.x() + self.width() > edge:
            right = opener.x() if isinstance(opener, QMenu) else edge
            self.move(max(0, right - self.width()), self.y())
