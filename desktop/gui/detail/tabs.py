"""The tabs of the detail pane: words with a line under the one that is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QTabBar

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent

    from desktop.gui.look.appearance import ThemeSource


LEAST: Final = 40
"""Units of the grid that a tab has at least."""


class DetailTabs(QTabBar):
    """A tab bar without frames."""

    def __init__(self, themes: ThemeSource) -> None:
        super().__init__()
        self._themes = themes
        self.setDrawBase(False)
        self.setExpanding(False)
        self.setUsesScrollButtons(False)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setAccessibleName(self.tr("Parts of the task"))
        themes.changed.connect(lambda: self.updateGeometry())

    def tabSizeHint(self, index: int) -> QSize:  # noqa: N802
        """Return the room of the words in their bold form, so choosing moves nothing."""
        theme = self._themes.theme
        words = QFontMetrics(self._font(bold=True)).horizontalAdvance(self.tabText(index))
        return QSize(words + theme.px(20), theme.px(42))

    def minimumTabSizeHint(self, index: int) -> QSize:  # noqa: N802
        """Cut words only where there is no room for all of them."""
        hint = self.tabSizeHint(index)
        return QSize(min(hint.width(), self._themes.theme.px(LEAST)), hint.height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the words and the line."""
        theme = self._themes.theme
        painter = QPainter(self)
        under = self.mapFromGlobal(self.cursor().pos())
        for index in range(self.count()):
            if not self.isTabVisible(index):
                continue
            rect = self.tabRect(index)
            chosen = index == self.currentIndex()
            lit = chosen or (self.underMouse() and rect.contains(under))
            painter.setFont(self._font(bold=chosen))
            painter.setPen(theme.ink("text" if lit else "soft text"))
            words = painter.fontMetrics().elidedText(
                self.tabText(index), Qt.TextElideMode.ElideRight, rect.width() - theme.px(6)
            )
            painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, words)
            if chosen:
                pad, line = theme.px(10), theme.px(2)
                where = QRect(rect.x() + pad, self.height() - line, rect.width() - 2 * pad, line)
                painter.fillRect(where, theme.color("accent"))
                if self.hasFocus():
                    painter.fillRect(where.translated(0, -line), theme.color("accent"))
        painter.end()

    def _font(self, *, bold: bool) -> QFont:
        font = QFont(self.font())
        font.setWeight(QFont.Weight.DemiBold if bold else QFont.Weight.Normal)
        return font
