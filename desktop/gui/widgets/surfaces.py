"""Surfaces and separators: a menu, a scroll area, a rule, a viewport."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QCoreApplication, QEvent, QPoint, Qt, QTimer
from PySide6.QtGui import QAction, QPalette
from PySide6.QtWidgets import QFrame, QMenu, QPushButton, QScrollArea, QWidget

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent, QShowEvent
    from PySide6.QtWidgets import QAbstractScrollArea

    from desktop.gui.look.appearance import ThemeSource


MARGIN: Final = 12
"""Units of the grid between a menu and the right edge of the window."""
_NESTED: Final = 4
"""Layouts, one in another, between a text and what scrolls it."""


class InsideMenu(QMenu):
    """A menu that stays inside its window: it opens further to the left if it has to.

    It stays ``margin`` units of the grid within the right edge of its parent. A submenu moves to
    the left side of its menu. A menu that is higher than the screen scrolls.
    """

    def __init__(
        self, title: str, parent: QWidget, themes: ThemeSource, margin: int = MARGIN
    ) -> None:
        super().__init__(title, parent)
        self._margin = margin
        self._opener = parent
        self._themes = themes

    def showEvent(self, event: QShowEvent) -> None:
        """Move the menu inside the window."""
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

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keep the chosen entry in sight; Qt does not scroll when the first key is Up."""
        super().keyPressEvent(event)
        chosen = self.activeAction()
        is_entry = isinstance(chosen, QAction) and self.isVisible()
        if is_entry and not self.rect().contains(self.actionGeometry(chosen)):
            self.setActiveAction(chosen)


def put_arrow_behind(button: QPushButton) -> None:
    """Put the icon of a menu button after its text."""
    button.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    button.menu().setLayoutDirection(Qt.LayoutDirection.LeftToRight)


def scrolled(inside: QWidget) -> QScrollArea:
    """Wrap a widget that may be higher than its sheet; the scroll area itself takes no focus."""
    inside.setProperty("area", "clear")
    scroll = QScrollArea(widgetResizable=True)
    scroll.setFrameShape(QFrame.Shape.NoFrame)
    scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    scroll.setWidget(inside)
    return scroll


def bring_into_sight(scroll: QScrollArea, *said: QWidget) -> None:
    """Scroll to messages that were just shown, once laid out; the last one has priority."""

    def look() -> None:
        inside = scroll.widget()
        for _ in range(_NESTED):  # one level of layouts a time learns how high a text is
            QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)
        for each in said:
            if inside is not None and each.isVisible():
                # For a text field, Qt's own method would show only the line of the cursor.
                top = each.mapTo(inside, QPoint()).y()
                for y in (top + each.height(), top):
                    scroll.ensureVisible(0, y, 0, each.fontMetrics().descent())

    QTimer.singleShot(0, scroll, look)


def focus_in_sight(widget: QWidget, *said: QWidget) -> None:
    """Focus a widget, and scroll to it and what is ``said`` of it; Qt scrolls only for Tab."""
    widget.setFocus(Qt.FocusReason.OtherFocusReason)
    around = widget.parentWidget()
    while around is not None and not isinstance(around, QScrollArea):
        around = around.parentWidget()
    if around is not None:
        bring_into_sight(around, *said, widget)


class Rule(QWidget):
    """A horizontal line in the theme's colour."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("area", "rule")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedHeight(1)


def give_viewport(area: QAbstractScrollArea, *, tracking: bool = False) -> None:
    """Replace the viewport of a new scroll area; ``tracking`` turns mouse tracking on.

    To find the type of a viewport made by Qt, PySide loads all widget classes, which would add 10
    ms to the start.
    """
    viewport = QWidget()
    viewport.setBackgroundRole(QPalette.ColorRole.Base)
    viewport.setAutoFillBackground(True)
    viewport.setMouseTracking(tracking)
    area.setViewport(viewport)
