"""A row that scrolls sideways where the window is narrower than it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtWidgets import QApplication, QScrollArea, QWidget

from desktop.gui.parts.viewport import give_viewport

if TYPE_CHECKING:
    from PySide6.QtGui import QWheelEvent


class Sideways(QScrollArea):
    """Shows ``row``, which has a fixed height; the wheel and the focus bring the rest into sight.

    ``app`` tells where the focus is.
    """

    def __init__(self, row: QWidget, app: QApplication) -> None:
        super().__init__(widgetResizable=True)
        give_viewport(self)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._row = row
        self.setWidget(row)
        self.setFixedHeight(row.minimumHeight())
        app.focusChanged.connect(self._on_focus_changed)

    def minimumSizeHint(self) -> QSize:
        """Ask for little width: the rest scrolls."""
        return QSize(self.height(), self.height())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the height of the row."""
        if event.type() == QEvent.Type.Resize and watched is self._row:
            self.setFixedHeight(self._row.minimumHeight())
        return super().eventFilter(watched, event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll sideways whichever way the wheel turns."""
        turned = event.angleDelta()
        bar = self.horizontalScrollBar()
        bar.setValue(bar.value() - (turned.x() or turned.y()))

    def _on_focus_changed(self, _old: QWidget | None, now: QWidget | None) -> None:
        if now is not None and self._row.isAncestorOf(now):
            self.ensureWidgetVisible(now)
