"""Words in one font, cut where they are too long: laid out once, however often they are painted."""

from __future__ import annotations

from typing import Final
from unicodedata import bidirectional

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QFontMetrics, QStaticText, QTextOption, QTransform

_KEPT: Final = 4096
BOTH_ENDS: Final = 36
"""Letters from which on both ends of a sentence are worth more than its beginning alone."""


class LaidOut:
    """The texts of one font; lengths are logical pixels."""

    def __init__(self, font: QFont) -> None:
        self.font = font
        self.metrics = QFontMetrics(font)
        self.height = self.metrics.height()
        self._in_order = QTextOption()  # a name before its address, in every script
        self._in_order.setTextDirection(Qt.LayoutDirection.LeftToRight)
        self._in_order.setWrapMode(QTextOption.WrapMode.NoWrap)
        self._texts: dict[tuple[str, int, bool], tuple[QStaticText, int]] = {}

    def cut(
        self, text: str, room: int, *, keeps_end: bool = False, is_name: bool = False
    ) -> tuple[QStaticText, int]:
        """Return what is shown of a text in so much room, and how long that is.

        One that ``keeps_end`` is cut in its middle: the end of an error tells it from others. In
        little room *The pr…t ran.* tells less than *The program…*, but of a name also the end.
        """
        keeps_end = is_name or (keeps_end and room >= BOTH_ENDS * self.metrics.averageCharWidth())
        found = self._texts.get((text, room, keeps_end))
        if found is None:
            if len(self._texts) >= _KEPT:
                self._texts.clear()
            mode = Qt.TextElideMode.ElideMiddle if keeps_end else Qt.TextElideMode.ElideRight
            shown = _beside_it(self.metrics.elidedText(text, mode, room))
            static = QStaticText(shown)
            static.setTextFormat(Qt.TextFormat.PlainText)
            static.setTextOption(self._in_order)
            static.prepare(QTransform(), self.font)
            found = self._texts[text, room, keeps_end] = (
                static,
                self.metrics.horizontalAdvance(shown),
            )
        return found


def _beside_it(shown: str) -> str:
    """Have the mark of a cut stand where the cut is: of Hebrew or Arabic words, at their left."""
    before = (bidirectional(each) for each in reversed(shown))
    strong = next((each for each in before if each in _STRONG), "L")
    return f"{shown}{_FROM_THE_RIGHT}" if shown.endswith("…") and strong != "L" else shown


_STRONG: Final = frozenset({"L", "R", "AL"})
"""Directions of letters."""
_FROM_THE_RIGHT: Final = "\u200f"
