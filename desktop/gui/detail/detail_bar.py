"""The bar above a task: its tabs, its action buttons, *Copy*, and what enlarges the pane."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QTabBar, QWidget

from desktop.gui.chosen.action_buttons import ActionButtons
from desktop.gui.look import icons
from desktop.gui.widgets.action_row import MoreButton
from desktop.gui.widgets.below_table import EnlargeButton

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent, QResizeEvent

    from desktop.gui.look.appearance import ThemeSource
    from desktop.gui.look.theme import Theme


class DetailTabs(QTabBar):
    """A tab bar without frames; a line marks the current tab.

    If room is short, the last tabs move into the menu of ``others``; the current tab never does.
    """

    def __init__(self, themes: ThemeSource) -> None:
        super().__init__()
        self._themes = themes
        self._withdrawn: set[int] = set()
        name = self.tr("More parts of the task")
        self.others = MoreButton(themes, self._fill_others, name, "chevron-down")
        self.others.setProperty("role", "quiet")
        self.others.setParent(self)
        self.setDrawBase(False)
        self.setExpanding(False)
        self.setUsesScrollButtons(False)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setAccessibleName(self.tr("Parts of the task"))
        self.currentChanged.connect(self._fit)
        themes.changed.connect(self._on_theme)
        self._on_theme(themes.theme)

    def offer(self, index: int, there: bool) -> None:
        """Offer a tab, or withdraw it because it has no content."""
        (self._withdrawn.discard if there else self._withdrawn.add)(index)
        if not there:
            self.setTabVisible(index, False)  # Qt then chooses another one
        self.updateGeometry()
        self._fit()

    def tabSizeHint(self, index: int) -> QSize:  # noqa: N802
        """Return the size of the text in bold, so choosing a tab moves nothing."""
        theme = self._themes.theme
        words = QFontMetrics(self._font(bold=True)).horizontalAdvance(self.tabText(index))
        return QSize(words + theme.px(20), theme.height(42, low=34))

    def sizeHint(self) -> QSize:
        """Ask for room for all offered tabs."""
        widths = [self.tabSizeHint(index).width() for index in self._offered()]
        return QSize(sum(widths), self._themes.theme.height(42, low=34))

    def minimumSizeHint(self) -> QSize:
        """Ask for room for the current tab and the menu of the others."""
        least = self.tabSizeHint(max(0, self.currentIndex())).width() + self.others.width()
        return QSize(least, self._themes.theme.height(42, low=34))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show as many tabs as fit."""
        super().resizeEvent(event)
        self._fit()

    def tabLayoutChange(self) -> None:  # noqa: N802
        """Follow changes of texts and font."""
        super().tabLayoutChange()
        self._fit()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the texts, and the line below the current tab."""
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

    def _offered(self) -> list[int]:
        return [index for index in range(self.count()) if index not in self._withdrawn]

    def _fit(self) -> None:
        """Show the current tab and as many of the first ones as fit."""
        offered, shown = self._offered(), self.currentIndex()
        widths = {index: self.tabSizeHint(index).width() for index in offered}
        room, fitting = self.width(), offered
        if sum(widths.values()) > room:
            room -= self.others.width() + widths.get(shown, 0)
            fitting = [shown] if shown in widths else []
            for index in offered:
                if index == shown:
                    continue
                room -= widths[index]
                if room < 0:
                    break
                fitting.append(index)
        for index in offered:
            if self.isTabVisible(index) != (index in fitting):
                self.setTabVisible(index, index in fitting)
        self.others.setVisible(len(fitting) < len(offered))
        left = sum(widths[index] for index in fitting)
        self.others.move(left, (self.height() - self.others.height()) // 2)

    def _fill_others(self, menu: QMenu) -> None:
        for index in self._offered():
            if not self.isTabVisible(index):
                entry = menu.addAction(self.tabText(index))
                entry.triggered.connect(lambda _=False, index=index: self._show(index))

    def _show(self, index: int) -> None:
        self.setTabVisible(index, True)  # Qt cannot choose a hidden tab
        self.setCurrentIndex(index)
        self.setFocus()

    def _on_theme(self, theme: Theme) -> None:
        self.others.dress(theme)
        self.others.resize(self.others.width(), theme.px(32))
        self.updateGeometry()
        self._fit()

    def _font(self, *, bold: bool) -> QFont:
        font = QFont(self.font())
        font.setWeight(QFont.Weight.DemiBold if bold else QFont.Weight.Normal)
        return font


class DetailBar(QWidget):
    """Adds the tabs, with the action buttons in the rest of the line."""

    def __init__(self, tabs: DetailTabs, themes: ThemeSource) -> None:
        super().__init__()
        for title in (
            *(self.tr("Summary"), self.tr("Log"), self.tr("Attempts")),
            *(self.tr("Arguments"), self.tr("Message")),
        ):
            tabs.addTab(title)
        self.buttons = ActionButtons(themes)
        self.copy = QPushButton()
        self.copy.setProperty("role", "quiet")
        self.copy.setToolTip(self.tr("Copy the summary as text"))
        self.copy.setAccessibleName(self.tr("Copy"))
        self._row = QHBoxLayout(self)
        self._row.addWidget(tabs)
        self._row.addWidget(self.buttons, 1)
        self._row.addWidget(self.copy)
        self.enlarge = EnlargeButton()
        self._row.addWidget(self.enlarge)
        themes.changed.connect(self._on_theme)
        self._on_theme(themes.theme)

    def _on_theme(self, theme: Theme) -> None:
        px = theme.px
        self._row.setContentsMargins(px(6), 0, px(16), 0)
        self._row.setSpacing(px(8))
        self.setFixedHeight(theme.height(42, low=34))
        icons.put(self.copy, "copy", theme.color("soft text"), theme)
        self.copy.setFixedWidth(px(32))
        self.enlarge.dress(theme)
