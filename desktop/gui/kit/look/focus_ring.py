"""The soft ring around the focused field, and the mark beside focused scroll areas."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QMargins, QObject, QPoint, QRect, QRectF, Qt, QTimer
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QApplication,
    QLineEdit,
    QPlainTextEdit,
    QScrollArea,
    QSplitter,
    QTextBrowser,
    QTextEdit,
    QWidget,
)

from desktop.gui.kit.look.appearance import LOOK

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent


_FIELDS: Final = (QLineEdit, QPlainTextEdit, QTextEdit, QAbstractSpinBox)
_READ: Final = (QScrollArea, QTextBrowser)
"""Scrollable widgets without a border that could show the focus."""
READ: Final = "read"
"""The property of further such widgets, such as a table without a row to mark."""
_CHANGES: Final = {
    *(QEvent.Type.Move, QEvent.Type.Resize, QEvent.Type.Show, QEvent.Type.Hide),
    QEvent.Type.DynamicPropertyChange,
}


class FocusRing(QWidget):
    """Follows the focus from field to field of one window.

    It is a child of the nearest ancestor of the field that has room for it, but never of a
    splitter, and lies above everything there. What is only read gets a mark at its left edge
    instead, as rows have; a scroll area only if it can be scrolled.
    """

    def __init__(self, app: QApplication, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._field: QWidget | None = None
        self._watched: list[QWidget] = []
        # Never at once: code that moves the field may iterate over children, of which the ring is
        # one.
        self._later = QTimer(self, singleShot=True, interval=0)
        self._later.timeout.connect(self._place)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()
        app.focusChanged.connect(self._on_focus_changed)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the ring in the margin around the field."""
        theme = LOOK.theme
        wrong = self._field is not None and bool(self._field.property("wrong"))
        color = theme.color("failed" if wrong else "accent")
        color.setAlphaF(0.26)
        width = self._width()
        painter = QPainter(self)
        if _is_read(self._field):
            painter.fillRect(self.rect(), theme.color("accent"))
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(color, width))
        ring = QRectF(self.rect()).adjusted(width / 2, width / 2, -width / 2, -width / 2)
        painter.drawRoundedRect(ring, theme.px(6) + width / 2, theme.px(6) + width / 2)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow moves of the field and its ancestors."""
        if event.type() in _CHANGES:
            self._later.start()
        return False

    def _on_focus_changed(self, _old: QWidget | None, now: QWidget | None) -> None:
        for watched in self._watched:
            watched.removeEventFilter(self)
        self._watched = []
        self._field = now if now is not None and now.window() is self._window else None
        if self._field is not None:
            self._watch(self._field)
        if isinstance(self._field, QScrollArea):
            self._watch(self._field.verticalScrollBar())  # visible only if there is more to scroll
        self._later.start()

    def _place(self) -> None:
        field = self._field
        if field is None or not field.isVisible() or not self._is_shown(field):
            self.hide()
            return
        host, place = self._host_of(field)
        if self.parentWidget() is not host:
            self.setParent(host)
        self.setGeometry(place)
        self.show()
        self.raise_()

    def _is_shown(self, field: QWidget) -> bool:
        if isinstance(field, QScrollArea):
            return _has_more(field)
        return _is_read(field) or isinstance(field, _FIELDS)

    def _watch(self, widget: QWidget) -> None:
        if widget not in self._watched:
            self._watched.append(widget)
            widget.installEventFilter(self)

    def _host_of(self, field: QWidget) -> tuple[QWidget, QRect]:
        """Return the ancestor and place where the ring fits, and watch all ancestors up to it."""
        margin = 0 if _is_read(field) else self._width()
        inside: QWidget = field
        while True:
            self._watch(inside)
            host = inside.parentWidget() or self._window
            around = QRect(field.mapTo(host, QPoint(0, 0)), field.size())
            place = around.marginsAdded(QMargins(margin, margin, margin, margin))
            if _is_read(field):
                place.setWidth(self._width())
            has_room = host.rect().contains(place) and not isinstance(host, QSplitter)
            if host is self._window or has_room:  # a splitter lays out each child as a pane
                return host, place
            inside = host

    def _width(self) -> int:
        return LOOK.theme.px(3)


def _is_read(widget: QWidget | None) -> bool:
    return isinstance(widget, _READ) or (widget is not None and bool(widget.property(READ)))


def _has_more(area: QScrollArea) -> bool:
    return any(bar.maximum() for bar in (area.verticalScrollBar(), area.horizontalScrollBar()))
