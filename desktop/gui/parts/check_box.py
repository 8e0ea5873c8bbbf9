"""A check box painted from the theme: a rounded square, and a tick in the accent colour."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QCheckBox

from desktop.gui.look import icons

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent

    from desktop.gui.look.appearance import ThemeSource


class CheckBox(QCheckBox):
    """A ``QCheckBox`` in this window's look."""

    def __init__(self, text: str, themes: ThemeSource) -> None:
        super().__init__(text)
        self._themes = themes
        themes.changed.connect(self.updateGeometry)

    def sizeHint(self) -> QSize:
        """Leave room for the square, the text and the focus line."""
        theme = self._themes.theme
        words = self.fontMetrics().size(Qt.TextFlag.TextShowMnemonic, self.text())
        return QSize(words.width() + theme.px(32), max(theme.px(26), words.height()))

    minimumSizeHint = sizeHint

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the square, its tick and the words."""
        theme = self._themes.theme
        side = theme.px(16)
        square = QRectF(0.5, (self.height() - side) / 2 + 0.5, side - 1, side - 1)
        outline = "accent" if self.isChecked() or self.hasFocus() else "faint text"
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.hasFocus():
            painter.setPen(QPen(theme.tint("accent", 0.35), theme.px(5)))
            painter.drawRoundedRect(square, theme.px(3), theme.px(3))
        painter.setPen(QPen(theme.color(outline), 1))
        painter.setBrush(theme.color("accent" if self.isChecked() else "surface"))
        painter.drawRoundedRect(square, theme.px(3), theme.px(3))
        if self.isChecked():
            tick = icons.icon(
                "check", theme.color("on accent"), theme.px(12), self.devicePixelRatioF()
            )
            inset = (side - theme.px(12)) / 2
            painter.drawPixmap(round(inset), round(square.top() - 0.5 + inset), tick)
        painter.setPen(theme.ink("text" if self.isEnabled() else "faint text"))
        painter.drawText(
            self.rect().adjusted(theme.px(26), 0, 0, 0),
            Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextShowMnemonic,
            self.text(),
        )
