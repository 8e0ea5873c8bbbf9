"""A choice of many: a drop-down list in this window's look."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QComboBox

from desktop.gui.look.icons import icon

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QPaintEvent, QWheelEvent

    from desktop.gui.look.appearance import ThemeSource


class Choice(QComboBox):
    """Exactly one of a list of values, each with its words.

    ``chosen`` carries the value when the person changes it, never when the program does.
    """

    chosen = Signal(str)

    def __init__(self, name: str, themes: ThemeSource) -> None:
        super().__init__()
        self._themes = themes
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(8)
        self.activated.connect(lambda _: self.chosen.emit(self.value()))
        themes.changed.connect(self._on_theme)

    def set_choices(self, choices: Sequence[tuple[str, str]]) -> None:
        """Offer other values, given as (value, words); what was chosen stays where it can."""
        before = self.value()
        self.clear()
        for value, words in choices:
            self.addItem(words, value)
        if before:
            self.set_value(before)

    def value(self) -> str:
        """Return the value chosen, or an empty text where there is none."""
        return str(self.currentData() or "")

    def set_value(self, value: str) -> None:
        """Choose a value without ``chosen``; one that is not offered is added."""
        if self.findData(value) < 0:
            self.addItem(value, value)
        self.setCurrentIndex(self.findData(value))

    def sizeHint(self) -> QSize:
        """Be as high as a field."""
        return QSize(super().sizeHint().width(), self._themes.theme.px(32))

    minimumSizeHint = sizeHint

    def _on_theme(self) -> None:
        self.updateGeometry()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to what scrolls: a choice must not change unseen."""
        event.ignore()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the ground, the words and the arrow."""
        theme = self._themes.theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        is_hovered = self.underMouse() or self.hasFocus()
        edge = theme.color("accent") if self.hasFocus() else theme.color("line")
        painter.setPen(QPen(theme.strong("line") if is_hovered and not self.hasFocus() else edge))
        painter.setBrush(theme.color("background"))
        ground = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.drawRoundedRect(ground, theme.px(6), theme.px(6))
        side = theme.px(16)
        arrow = icon("chevron-down", theme.color("soft text"), side, self.devicePixelRatioF())
        painter.drawPixmap(self.width() - side - theme.px(8), (self.height() - side) // 2, arrow)
        room = self.rect().adjusted(theme.px(10), 0, -side - theme.px(12), 0)
        is_chosen = self.currentIndex() >= 0
        words = self.fontMetrics().elidedText(
            self.currentText() if is_chosen else self.placeholderText(),
            Qt.TextElideMode.ElideRight,
            room.width(),
        )
        painter.setPen(theme.ink("text" if is_chosen else "soft text"))
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, words)
        painter.end()
