"""What other widgets stand on or between: a menu, a scrolled pane, a rule."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QFrame, QMenu, QPushButton, QScrollArea, QWidget

if TYPE_CHECKING:
    from PySide6.QtGui import QShowEvent
    from PySide6.QtWidgets import QAbstractScrollArea

    from desktop.gui.look.appearance import ThemeSource


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


def put_arrow_behind(button: QPushButton) -> None:
    """Have the icon of a button that opens a menu stand behind its words."""
    button.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    button.menu().setLayoutDirection(Qt.LayoutDirection.LeftToRight)


def scrolled(inside: QWidget) -> QScrollArea:
    """Show what may be higher than its sheet; the keyboard goes through what is inside."""
    inside.setProperty("area", "clear")
    scroll = QScrollArea(widgetResizable=True)
    scroll.setFrameShape(QFrame.Shape.NoFrame)
    scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    scroll.setWidget(inside)
    return scroll


def bring_into_sight(scroll: QScrollArea, *said: QWidget) -> None:
    """Scroll to what was just said there, to the last of these first; once it has its place."""

    def look() -> None:
        inside = scroll.widget()
        for each in said:
            if inside is not None and each.isVisible():
                # Of a text Qt itself would show the line of the cursor alone.
                top = each.mapTo(inside, QPoint()).y()
                for y in (top + each.height(), top):
                    scroll.ensureVisible(0, y, 0, each.fontMetrics().descent())

    QTimer.singleShot(0, scroll, look)


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
