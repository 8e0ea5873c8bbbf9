"""The row under the pointer: which it is, and that its ground follows while the table scrolls."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QCursor

if TYPE_CHECKING:
    from PySide6.QtWidgets import QTableView


class HoveredRow:
    """Qt repaints a row when the pointer moves to it; when rows move below it, this does."""

    def __init__(self, view: QTableView) -> None:
        self._view = view
        self._painted = -1
        view.viewport().setAttribute(Qt.WidgetAttribute.WA_Hover)

    def paint(self) -> int:
        """Return the position of the row that is to be painted as hovered now, or -1."""
        self._painted = self._position()
        return self._painted

    def follow(self) -> None:
        """Repaint the row that lost the pointer and the one that has it."""
        position = self._position()
        if position != self._painted:
            for changed in (self._painted, position):
                self._repaint(changed)

    def _position(self) -> int:
        viewport = self._view.viewport()
        if not viewport.underMouse():
            return -1
        return self._view.rowAt(viewport.mapFromGlobal(QCursor.pos()).y())

    def _repaint(self, position: int) -> None:
        if position >= 0:
            viewport, top = self._view.viewport(), self._view.rowViewportPosition(position)
            viewport.update(0, top, viewport.width(), self._view.rowHeight(position))
