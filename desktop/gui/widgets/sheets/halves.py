"""Two halves of a sheet, beside each other or, if room is short, one below the other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QApplication, QFrame, QScrollArea, QSplitter, QWidget

from desktop.gui.widgets.sheets.sheet import with_ancestors

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent

    from desktop.gui.look.theme import Theme

LEAST_WIDTH: Final = 400
"""Minimum width of the right half beside the left one, in units of the grid."""
LEAST_HEIGHT: Final = 300
"""Minimum height of a half above or below the other, in units of the grid."""


class Halves(QScrollArea):
    """Shows ``left``, whose content scrolls, and ``right``, with these ``shares`` of the width.

    If the width is too small for both, the right half moves below the left one. Then each is as
    high as its content, all of it scrolls together, and the focused widget is scrolled into sight.
    ``name`` is the accessible name of the handle between them.
    """

    def __init__(
        self, left: QScrollArea, right: QWidget, shares: tuple[int, int], name: str
    ) -> None:
        super().__init__(widgetResizable=True)
        self._left, self._right = left, right
        self._content = left.widget() or left
        self._least_width = self._least_height = 0
        self._sizes = list(shares)  # widths while beside each other
        self._line = QSplitter(Qt.Orientation.Horizontal, childrenCollapsible=False)
        self._line.setHandleWidth(1)
        self._line.setProperty("area", "clear")
        for half, share in zip((left, right), shares, strict=True):
            self._line.addWidget(half)
            self._line.setStretchFactor(self._line.indexOf(half), share)
        self._line.setSizes(self._sizes)
        self._line.handle(1).setAccessibleName(name)
        self._line.splitterMoved.connect(lambda _place, _handle: self._on_moved())
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidget(self._line)
        for content in (self._content, right):
            content.installEventFilter(self)
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._on_focus_changed)

    @property
    def is_below(self) -> bool:
        """Whether the right half is below the left one."""
        return self._line.orientation() == Qt.Orientation.Vertical

    def dress(self, theme: Theme) -> None:
        """Take the sizes of a theme."""
        self._least_width, self._least_height = theme.px(LEAST_WIDTH), theme.px(LEAST_HEIGHT)
        self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Arrange the halves for the new width; less height keeps the focused widget in sight."""
        super().resizeEvent(event)
        self._arrange()
        if event.size().height() < event.oldSize().height():
            self._on_focus_changed(None, QApplication.focusWidget())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Arrange the halves again when their content changes."""
        if event.type() == QEvent.Type.LayoutRequest:
            self._arrange()
        return super().eventFilter(watched, event)

    def _arrange(self) -> None:
        needed = [self._content.minimumSizeHint().width() + self._bar_width()]
        needed.append(max(self._right.minimumSizeHint().width(), self._least_width))
        self._turn(below=sum(needed) + self._line.handleWidth() > self.width())
        for half, width in zip((self._left, self._right), needed, strict=True):
            half.setMinimumWidth(0 if self.is_below else width)
            half.setMinimumHeight(self._height_of(half) if self.is_below else 0)
        if not self.is_below:
            whole = sum(self._sizes)
            self._line.setSizes([self.width() * each // whole for each in self._sizes])

    def _turn(self, *, below: bool) -> None:
        if below == self.is_below:
            return
        self._line.setOrientation(Qt.Orientation.Vertical if below else Qt.Orientation.Horizontal)

    def _on_moved(self) -> None:
        """Keep the widths that the person chose; heights in a narrow window are not kept."""
        if not self.is_below:
            self._sizes = self._line.sizes()

    def _height_of(self, half: QWidget) -> int:
        """Return the height of a half above or below the other, in logical pixels."""
        width, layout = self.viewport().width(), half.layout()
        if half is self._left:
            width = max(width - self._bar_width(), self._content.minimumSizeHint().width())
            layout = self._content.layout()
        if layout is None:
            return self._least_height
        needed = layout.totalHeightForWidth(width) if layout.hasHeightForWidth() else 0
        return max(needed, layout.totalMinimumSize().height(), self._least_height)

    def _bar_width(self) -> int:
        return self._left.verticalScrollBar().sizeHint().width()

    def _on_focus_changed(self, _old: QWidget | None, now: QWidget | None) -> None:
        if now is not None and self.is_below and self in with_ancestors(now):
            self.ensureWidgetVisible(now, 0, self._least_height // 4)  # and the error below it
