"""The line of one pixel between two areas."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget


class Rule(QWidget):
    """A horizontal line in the theme's colour."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("area", "rule")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedHeight(1)
