"""A button that shows its keys beside its words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QKeySequence, QPainter, QPen
from PySide6.QtWidgets import QPushButton, QStyle, QStyleOptionButton

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent

    from desktop.gui.look.appearance import ThemeSource


class HintedButton(QPushButton):
    """The primary button of a form, with the keys that press it in a small outline."""

    def __init__(self, text: str, keys: QKeySequence, themes: ThemeSource) -> None:
        super().__init__(text)
        self._themes = themes
        self._keys = keys_in_words(keys)
        self.setProperty("role", "primary")
        self.setToolTip(keys.toString(QKeySequence.SequenceFormat.NativeText))

    def sizeHint(self) -> QSize:
        """Leave room for the keys."""
        size = super().sizeHint()
        return QSize(size.width() + self._keys_width() + self._themes.theme.px(8), size.height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the button, then words and keys centred together."""
        theme = self._themes.theme
        option = QStyleOptionButton()
        self.initStyleOption(option)
        option.text = ""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.style().drawControl(QStyle.ControlElement.CE_PushButton, option, painter, self)
        ink = theme.color("on accent") if self.isEnabled() else theme.ink("soft text")
        painter.setPen(ink)
        words = self.fontMetrics().horizontalAdvance(self.text())
        left = (self.width() - words - theme.px(8) - self._keys_width()) / 2
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(QRectF(left, 0, words + 1, self.height()), middle, self.text())
        height = theme.px(20)
        chip = QRectF(
            left + words + theme.px(8),
            (self.height() - height) / 2 + 0.5,
            self._keys_width(),
            height - 1,
        )
        painter.setFont(self._keys_font())
        painter.drawText(chip, Qt.AlignmentFlag.AlignCenter, self._keys)
        ink.setAlphaF(0.55)
        painter.setPen(QPen(ink, 1))
        painter.drawRoundedRect(chip, theme.px(3), theme.px(3))

    def _keys_font(self) -> QFont:
        font = QFont(self.font())
        font.setWeight(QFont.Weight.Medium)
        font.setPixelSize(self._themes.theme.px(11))
        return font

    def _keys_width(self) -> int:
        return QFontMetrics(self._keys_font()).horizontalAdvance(
            self._keys
        ) + self._themes.theme.px(10)


def keys_in_words(keys: QKeySequence) -> str:
    """Return a key sequence as it is printed on keyboards: ``Ctrl ⏎``."""
    native = keys.toString(QKeySequence.SequenceFormat.NativeText)
    return native.replace("Return", "⏎").replace("+", " ")
