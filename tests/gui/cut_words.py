"""What is cut, squashed or out of sight in a window."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect
from PySide6.QtWidgets import (
    QAbstractItemView,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QScrollArea,
    QTableView,
    QWidget,
)

from desktop.gui.kit.widgets.surfaces import with_ancestors
from desktop.gui.kit.widgets.texts import ElidedLabel

if TYPE_CHECKING:
    pass


def cut(root: QWidget) -> list[str]:
    """Name what is narrower than its words, or reaches out of what it lies in."""
    found = []
    for widget in root.findChildren(QWidget):
        if not widget.isVisible():
            continue
        if isinstance(widget, (QScrollArea, QTableView)):
            over = widget.horizontalScrollBar().maximum()
            found += [f"{name_of(widget)} is to be scrolled sideways by {over}"] if over else []
        is_small = widget.fontMetrics().height() < 0.8 * root.fontMetrics().height()
        if isinstance(widget, QPlainTextEdit) and is_small:
            found.append(f"{name_of(widget)} has small letters")
        is_low = widget.height() < 1.5 * widget.fontMetrics().height()
        if isinstance(widget, (QLineEdit, QPlainTextEdit)) and (is_low or _below_it(widget)):
            found.append(f"{name_of(widget)} is squashed")
        if isinstance(widget, (QLabel, QPushButton)) and widget.text():
            if not _has_room(widget):
                found.append(f"{name_of(widget)} is cut")
            if outside := _outside(widget):
                found.append(f"{name_of(widget)} reaches out of {name_of(outside)}")
    return found


def _has_room(widget: QLabel | QPushButton) -> bool:
    if isinstance(widget, ElidedLabel):
        return True  # its tip tells the rest
    if isinstance(widget, QLabel) and widget.wordWrap():
        return widget.heightForWidth(widget.width()) <= widget.height()
    return widget.minimumSizeHint().width() <= widget.width()


def _below_it(widget: QWidget) -> bool:
    """Tell whether a field reaches below the widget that lays it out."""
    around = widget.parentWidget()
    return around is not None and widget.geometry().bottom() > around.rect().bottom()


def _outside(widget: QWidget) -> QWidget | None:
    around = widget.parentWidget()
    while around is not None:
        if isinstance(around, QAbstractItemView):
            return None
        place = QRect(widget.mapTo(around, widget.rect().topLeft()), widget.size())
        if place.left() < 0 or place.right() > around.rect().right():
            return around
        around = around.parentWidget()
    return None


def name_of(widget: QWidget) -> str:
    words = widget.text() if isinstance(widget, (QLabel, QPushButton)) else widget.accessibleName()
    up = [type(each).__name__ for each in with_ancestors(widget)][:4]
    return f"{words!r} ({' < '.join(up)})"
