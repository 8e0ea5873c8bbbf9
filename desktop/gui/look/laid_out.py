"""Texts of one font, elided and laid out once for repeated painting."""

from __future__ import annotations

from typing import Final
from unicodedata import bidirectional

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QFontMetrics, QStaticText, QTextOption, QTransform

_KEPT: Final = 4096
BOTH_ENDS: Final = 36
"""Width, in average letters, from which both ends of a sentence say more than its beginning."""
_DIRECTIONS: Final = frozenset({"L", "R", "AL"})
"""Bidirectional classes of letters: Latin and the like, Hebrew, Arabic."""
_RIGHT_TO_LEFT_MARK: Final = "\u200f"


class LaidOut:
    """Caches the laid-out texts of one font; widths are in logical pixels."""

    def __init__(self, font: QFont) -> None:
        self.font = font
        self.metrics = QFontMetrics(font)
        self.height = self.metrics.height()
        self._in_order = QTextOption()  # keeps a name before its address in every script
        self._in_order.setTextDirection(Qt.LayoutDirection.LeftToRight)
        self._in_order.setWrapMode(QTextOption.WrapMode.NoWrap)
        self._texts: dict[tuple[str, int, bool], tuple[QStaticText, int]] = {}

    def cut(
        self, text: str, room: int, *, keeps_end: bool = False, is_name: bool = False
    ) -> tuple[QStaticText, int]:
        """Return a text elided to ``room``, and its width.

        With ``keeps_end`` it is cut in the middle, as the end of an error distinguishes it from
        others; in little room only a name is, as *The pr…t ran.* says less than *The program…*.
        """
        keeps_end = is_name or (keeps_end and room >= BOTH_ENDS * self.metrics.averageCharWidth())
        found = self._texts.get((text, room, keeps_end))
        if found is None:
            if len(self._texts) >= _KEPT:
                self._texts.clear()
            mode = Qt.TextElideMode.ElideMiddle if keeps_end else Qt.TextElideMode.ElideRight
            shown = _with_ellipsis_at_cut(self.metrics.elidedText(text, mode, room))
            static = QStaticText(shown)
            static.setTextFormat(Qt.TextFormat.PlainText)
            static.setTextOption(self._in_order)
            static.prepare(QTransform(), self.font)
            found = self._texts[text, room, keeps_end] = (
                static,
                self.metrics.horizontalAdvance(shown),
            )
        return found


def _with_ellipsis_at_cut(shown: str) -> str:
    """Keep the ellipsis at the cut: at the left of Hebrew or Arabic words."""
    before = (bidirectional(each) for each in reversed(shown))
    strong = next((each for each in before if each in _DIRECTIONS), "L")
    return f"{shown}{_RIGHT_TO_LEFT_MARK}" if shown.endswith("…") and strong != "L" else shown
