"""Words in one font, cut where they are too long: laid out once, however often they are painted."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QFontMetrics, QStaticText, QTextOption, QTransform

_KEPT: Final = 4096


class LaidOut:
    """The texts of one font; lengths are logical pixels."""

    def __init__(self, font: QFont) -> None:
        self.font = font
        self.metrics = QFontMetrics(font)
        self.height = self.metrics.height()
        self._in_order = QTextOption()  # a name before its address, in every script
        self._in_order.setTextDirection(Qt.LayoutDirection.LeftToRight)
        self._in_order.setWrapMode(QTextOption.WrapMode.NoWrap)
        self._texts: dict[tuple[str, int], tuple[QStaticText, int]] = {}

    def cut(self, text: str, room: int) -> tuple[QStaticText, int]:
        """Return what is shown of a text in so much room, and how long that is."""
        found = self._texts.get((text, room))
        if found is None:
            if len(self._texts) >= _KEPT:
                self._texts.clear()
            shown = self.metrics.elidedText(text, Qt.TextElideMode.ElideRight, room)
            static = QStaticText(shown)
            static.setTextFormat(Qt.TextFormat.PlainText)
            static.setTextOption(self._in_order)
            static.prepare(QTransform(), self.font)
            found = self._texts[text, room] = static, self.metrics.horizontalAdvance(shown)
        return found
