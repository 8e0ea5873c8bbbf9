"""What other widgets stand on or between: a row that scrolls, a menu, a rule."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QObject, QPoint, QSize, Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QMenu,
    QScrollArea,
    QWidget,
)

if TYPE_CHECKING:
    from PySide6.QtGui import QShowEvent, QWheelEvent
    from PySide6.QtWidgets import QAbstractScrollArea

    from desktop.gui.look.appearance import ThemeSource


class Sideways(QScrollArea):
    """Shows ``row``, which has a fixed height; the wheel and the focus bring the rest into sight.

    ``app`` tells where the focus is.
    """

    def __init__(self, row: QWidget, app: QApplication) -> None:
        super().__init__(widgetResizable=True)
        give_viewport(self)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._row = row
        self.setWidget(row)
        self.setFixedHeight(row.minimumHeight())
        app.focusChanged.connect(self._on_focus_changed)

    @property
    def row(self) -> QWidget:
        """What is shown."""
        return self._row

    def minimumSizeHint(self) -> QSize:
        """Ask for little width: the rest scrolls."""
        return QSize(self.height(), self.height())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the height of the row."""
        if event.type() == QEvent.Type.Resize and watched is self._row:
            self.setFixedHeight(self._row.minimumHeight())
        return super().eventFilter(watched, event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll sideways whichever way the wheel turns."""
        turned = event.angleDelta()
        bar = self.horizontalScrollBar()
        bar.setValue(bar.value() - (turned.x() or turned.y()))

    def _on_focus_changed(self, _old: QWidget | None, now: QWidget | None) -> None:
        if now is not None and self._row.isAncestorOf(now):
            self.ensureWidgetVisible(now)


MARGIN: Final = 12
"""Units of the grid between a menu and the right edge of the window."""


class InsideMenu(QMenu):
    """Opens further to the left where it would stick out; a submenu on the other side.

    It stays ``margin`` units of the grid within the right edge of its parent.
    """

    def __init__(
        self, title: str, parent: QWidget, themes: ThemeSource, margin: int = MARGIN
    ) -> None:
        super().__init__(title, parent)
        self._margin = margin
        self._opener = parent
        self._themes = themes

    def showEvent(self, event: QShowEvent) -> None:
        """Move where it is inside."""
        super().showEvent(event)
        opener = self._opener
        window = opener.parentWidget() if isinstance(opener, QMenu) else opener
        if window is None:
            return
        edge = window.mapToGlobal(QPoint(window.width(), 0)).x() - self._themes.theme.px(
            self._margin
        )
        if self.x() + self.width() > edge:
            right = opener.x() if isinstance(opener, QMenu) else edge
            self.move(max(0, right - self.width()), self.y())


def scrolled(inside: QWidget) -> QScrollArea:
    """Show what may be higher than its sheet; the keyboard goes through what is inside."""
    inside.setProperty("area", "clear")
    scroll = QScrollArea(widgetResizable=True)
    scroll.setFrameShape(QFrame.Shape.NoFrame)
    scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    scroll.setWidget(inside)
    return scroll


class Rule(QWidget):
    """A horizontal line in the theme's colour."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("area", "rule")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedHeight(1)


def give_viewport(area: QAbstractScrollArea, *, tracking: bool = False) -> None:
    """Replace the viewport of an area that was just made; with ``tracking`` it hears every move.

    To tell the type of one that Qt made, PySide loads every class of widgets there is: 10 ms of
    the start.
    """
    viewport = QWidget()
    viewport.setBackgroundRole(QPalette.ColorRole.Base)
    viewport.setAutoFillBackground(True)
    viewport.setMouseTracking(tracking)
    area.setViewport(viewport)
