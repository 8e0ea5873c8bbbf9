"""Surfaces and separators, a layout that wraps widgets as words wrap, and their Tab order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import shiboken6
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QRect, QSize, Qt, QTimer
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import (
    QFrame,
    QLayout,
    QLayoutItem,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from PySide6.QtWidgets import QAbstractScrollArea


_NESTED: Final = 4
"""Layouts, one in another, between a text and what scrolls it."""
_WHOLE: Final = 1000
"""Steps of a bar."""


class Flow(QLayout):
    """Lays widgets out in as many lines as they need, aligned to the left or to the ``right``.

    The widgets of a line are centred vertically. Aligned to the right, the last widgets fill the
    first line and the first ones wrap to the lines below, so a widget that comes or goes at the
    front moves no other.
    """

    def __init__(self, parent: QWidget | None = None, *, right: bool = False) -> None:
        super().__init__(parent)
        self._is_right = right
        self._items: list[QLayoutItem] = []
        self._heights: dict[int, int] = {}  # by width; Qt asks for them often in one layout
        self.setContentsMargins(0, 0, 0, 0)

    def addItem(self, item: QLayoutItem) -> None:
        """Append an item."""
        self._items.append(item)

    def count(self) -> int:
        """Return the number of items."""
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        """Return an item, or ``None`` if there is none at this index."""
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        """Remove an item and return it, or ``None`` if there is none at this index."""
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        """Take no more room than needed."""
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        """Return true: a narrower layout is higher."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Return the height of all lines."""
        if width not in self._heights:
            self._heights[width] = self._arrange(QRect(0, 0, width, 0), move=False)
        return self._heights[width]

    def invalidate(self) -> None:
        """Forget the heights: a widget has come, gone or changed its size."""
        self._heights.clear()
        super().invalidate()

    def setGeometry(self, rect: QRect) -> None:
        """Move each widget to its place."""
        super().setGeometry(rect)
        self._arrange(rect, move=True)

    def sizeHint(self) -> QSize:
        """Ask for the size of the largest widget."""
        return self.minimumSize()

    def minimumSize(self) -> QSize:
        """Return the widest and the highest minimum size of the widgets."""
        size = QSize()
        for item in self._items:
            size = size.expandedTo(item.minimumSize())
        return size

    def _arrange(self, rect: QRect, *, move: bool) -> int:
        """Return the height, in logical pixels, that the lines take in this width."""
        y, space = rect.y(), max(0, self.spacing())
        for line in self._lines(rect.width(), space):
            taken = sum(size.width() + space for _, size in line) - space
            x = rect.x() + (rect.width() - taken if self._is_right else 0)
            highest = max(size.height() for _, size in line)
            for item, size in line:
                if size.width() > rect.width():
                    size.setWidth(max(rect.width(), item.minimumSize().width()))
                if move:
                    middle = (highest - size.height()) // 2
                    item.setGeometry(QRect(QPoint(x, y + middle), size))
                x += size.width() + space
            y += highest + space
        return max(0, y - space - rect.y())

    def _lines(self, width: int, space: int) -> list[list[tuple[QLayoutItem, QSize]]]:
        """Return the widgets that are shown and their sizes, line by line."""
        lines: list[list[tuple[QLayoutItem, QSize]]] = []
        left = 0
        for item in reversed(self._items) if self._is_right else self._items:
            if item.isEmpty():
                continue
            size = item.sizeHint()
            if not lines or size.width() > left:
                lines.append([])
                left = width
            lines[-1].append((item, size))
            left -= size.width() + space
        return [line[::-1] for line in lines] if self._is_right else lines


def stacked(
    widget: QWidget, *parts: QWidget | QLayout, filling: QWidget | QLayout | None = None
) -> QVBoxLayout:
    """Lay out parts in a widget, one below the other; ``filling`` takes the room that is left."""
    column = QVBoxLayout(widget)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    for part in parts:
        if isinstance(part, QLayout):
            column.addLayout(part, part is filling)
        else:
            column.addWidget(part, part is filling)
    return column


def drop(widget: QWidget | None) -> None:
    """Hide a widget now and delete it once its current event is handled."""
    if widget is not None:
        widget.hide()
        widget.deleteLater()


def clear(layout: QLayout) -> None:
    """Remove the widgets of a layout."""
    while (item := layout.takeAt(0)) is not None:
        drop(item.widget())


class FlowPane(QWidget):
    """A widget with a :class:`Flow` layout."""

    def __init__(self, *, right: bool = False) -> None:
        super().__init__()
        self.flow = Flow(self, right=right)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)


def put_arrow_behind(button: QPushButton) -> None:
    """Put the icon of a menu button after its text."""
    button.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    button.menu().setLayoutDirection(Qt.LayoutDirection.LeftToRight)


def scrolled(inside: QWidget) -> QScrollArea:
    """Wrap a widget that may be higher than its room; the scroll area itself takes no focus."""
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
            if inside is not None and shiboken6.isValid(each) and each.isVisible():
                # For a text field, Qt's own method would show only the line of the cursor.
                top = each.mapTo(inside, QPoint()).y()
                for y in (top + each.height(), top):
                    scroll.ensureVisible(0, y, 0, each.fontMetrics().descent())

    QTimer.singleShot(0, scroll, look)


def focus_in_sight(widget: QWidget, *said: QWidget) -> None:
    """Focus a widget, and scroll to it and what is ``said`` of it; Qt scrolls only for Tab."""
    widget.setFocus(Qt.FocusReason.OtherFocusReason)
    if (around := scroll_around(widget)) is not None:
        bring_into_sight(around, *said, widget)


def scroll_around(widget: QWidget) -> QScrollArea | None:
    """Return the scroll area that a widget lies in, if it lies in one."""
    around = with_ancestors(widget.parentWidget())
    return next((each for each in around if isinstance(each, QScrollArea)), None)


class Rule(QWidget):
    """A horizontal line in the theme's colour."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("area", "rule")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedHeight(1)


def give_viewport(area: QAbstractScrollArea) -> None:
    """Replace the viewport of a new scroll area.

    To find the type of a viewport made by Qt, PySide loads all widget classes, which would add 10
    ms to the start.
    """
    viewport = QWidget()
    fill_ground(viewport)
    area.setViewport(viewport)


def fill_ground(widget: QWidget) -> None:
    """Let a widget fill its ground; Qt then paints none of those behind it, up to the window."""
    widget.setBackgroundRole(QPalette.ColorRole.Base)
    widget.setAutoFillBackground(True)


class ShareBar(QProgressBar):
    """A bar without words that is filled to a share."""

    def __init__(self) -> None:
        super().__init__(textVisible=False, maximum=_WHOLE)

    def show_share(self, share: float | None, name: str) -> None:
        """Fill it to ``share`` (0 … 1) under an accessible name; ``None`` hides it."""
        if share is not None:
            self.setValue(round(share * _WHOLE))  # before it is shown: Qt paints it at once
        self.setVisible(share is not None)
        self.setAccessibleName(name)


def tab_stops_in(part: QWidget) -> list[QWidget]:
    """Return the widgets that Tab reaches in a part that has no parent yet."""
    found, each = list[QWidget](), part
    while True:
        if each.focusPolicy() & Qt.FocusPolicy.TabFocus:
            found.append(each)
        following = each.nextInFocusChain()
        if following is None or following is part:
            return found
        each = following


def with_ancestors(widget: QWidget | None) -> Iterator[QWidget]:
    """Yield a widget and its ancestors, up to its window."""
    while widget is not None:
        yield widget
        widget = widget.parentWidget()


class TabChain:
    """Lets Tab reach what is added one after the other, after what is ``first``."""

    def __init__(self, first: QWidget | None = None) -> None:
        self._last = first

    def add(self, stops: Iterable[QWidget]) -> None:
        """Add the stops of a part that is in the window by now."""
        for each in stops:
            if self._last is not None:
                QWidget.setTabOrder(self._last, each)
            self._last = each
