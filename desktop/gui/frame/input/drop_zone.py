"""The drop zone: an overlay shown while files are dragged over the window."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QLabel

if TYPE_CHECKING:
    from PySide6.QtCore import QMimeData
    from PySide6.QtGui import QPaintEvent
    from PySide6.QtWidgets import QWidget

    from desktop.gui.look.appearance import ThemeSource
    from desktop.gui.look.theme import Theme

EDGE = 6
"""Distance to the window's edge, in units of the grid."""


class DropZone(QLabel):
    """Covers its host while it is shown; mouse events pass through."""

    def __init__(self, host: QWidget, themes: ThemeSource) -> None:
        super().__init__(host, alignment=Qt.AlignmentFlag.AlignCenter)
        self._host = host
        self._themes = themes
        self.setText(self.tr("Drop to import"))
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()
        themes.changed.connect(self.dress)
        self.dress(themes.theme)

    def appear(self) -> None:
        """Show the drop zone over the whole host."""
        self.setGeometry(self._host.rect())
        self.raise_()
        self.show()

    def dress(self, theme: Theme) -> None:
        """Take the colours and sizes of a theme."""
        self.setStyleSheet(
            f"color: {theme.ink('accent').name()}; font-size: {theme.px(18)}px; font-weight: 600;"
        )

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint a translucent background with a dashed frame."""
        theme = self._themes.theme
        ground, edge, round_ = theme.color("selection"), theme.px(EDGE), theme.px(10)
        ground.setAlphaF(0.96)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), ground)
        painter.setPen(QPen(theme.color("accent"), 2, Qt.PenStyle.DashLine))
        painter.drawRoundedRect(self.rect().adjusted(edge, edge, -edge, -edge), round_, round_)
        painter.end()
        super().paintEvent(event)


def paths_of(data: QMimeData) -> list[str]:
    """Return the paths of dragged files; none unless all are on this computer."""
    paths = [url.toLocalFile() for url in data.urls()]
    return paths if all(paths) else []
