"""The drop zone: it shows itself while files are dragged over the window: drop them here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from desktop.gui.look.appearance import ThemeSource
    from desktop.gui.look.theme import Theme

EDGE = 6
"""Units of the grid to the window's edge."""


class DropZone(QLabel):
    """Lies over its host while it is shown; the mouse goes through it."""

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
        """Show it over all that is there."""
        edge = self._themes.theme.px(EDGE)
        self.setGeometry(self._host.rect().adjusted(edge, edge, -edge, -edge))
        self.raise_()
        self.show()

    def dress(self, theme: Theme) -> None:
        """Take the colours and sizes of a theme."""
        ground, accent = theme.color("selection"), theme.color("accent")
        ground.setAlphaF(0.96)
        self.setStyleSheet(
            f"QLabel {{ background: {ground.name(ground.NameFormat.HexArgb)};"
            f" color: {theme.ink('accent').name()}; font-size: {theme.px(18)}px; font-weight: 600;"
            f" border: 2px dashed {accent.name()}; border-radius: {theme.px(10)}px; }}"
        )
