"""The row of an attachment: its name, its size or state, and a button."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from desktop.gui.look import icons
from desktop.gui.widgets.texts import ElidedLabel

if TYPE_CHECKING:
    from desktop.gui.look.theme import Theme


class AttachmentRow(QWidget):
    """Shows a file's name, cut in the middle only if room is short, with ``said`` after it."""

    def __init__(self, name: str, said: str, theme: Theme) -> None:
        super().__init__()
        self.setMinimumHeight(theme.px(32))
        self.name = ElidedLabel(Qt.TextElideMode.ElideMiddle)
        self.name.setText(name)
        self.said = QLabel(said)
        self.said.setProperty("role", "soft")
        self.button = QPushButton()
        self.button.setProperty("role", "quiet")
        self.button.setFixedWidth(theme.px(32))
        mark = QLabel()
        ratio = self.devicePixelRatioF()
        mark.setPixmap(icons.icon("paperclip", theme.color("soft text"), theme.px(16), ratio))
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(theme.px(8))
        for part in (mark, self.name, self.said, self.button):
            line.addWidget(part)
        line.addStretch(1)
        self._theme = theme

    def strike_out(self) -> None:
        """Show that the file will not be attached."""
        font = self.name.font()
        font.setStrikeOut(True)
        self.name.setFont(font)
        self.name.setProperty("role", "soft")

    def mark_missing(self) -> None:
        """Show the text about the file as an error."""
        self.said.setProperty("role", "error")

    def offer(self, icon: str, name: str, tip: str) -> None:
        """Set the button's icon, accessible name and tooltip."""
        self.button.setAccessibleName(name)
        self.button.setToolTip(tip)
        icons.put(self.button, icon, self._theme.color("soft text"), self._theme)
