"""What is cut, squashed or out of sight in a window."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, Qt, QTimer
from PySide6.QtWidgets import (
    QAbstractItemView,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPlainTextEdit,
    QPushButton,
    QScrollArea,
    QTabBar,
    QTableView,
    QWidget,
)

from desktop.gui.kit.lists.list_widths import ListWidths
from desktop.gui.kit.widgets.sheet import with_ancestors
from desktop.gui.kit.widgets.texts import ElidedLabel

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot


def measured(qtbot: QtBot, table: QTableView) -> None:
    """Wait until a table has given its columns the width of the words in sight."""
    (widths,) = table.findChildren(ListWidths)
    timers = [each for each in widths.findChildren(QTimer) if each.isSingleShot()]
    qtbot.waitUntil(lambda: not any(each.isActive() for each in timers))


def cut(root: QWidget) -> list[str]:
    """Name what is narrower than its words, or reaches out of what it lies in."""
    found = []
    for widget in root.findChildren(QWidget):
        if not widget.isVisible():
            continue
        if isinstance(widget, (QScrollArea, QTableView)):
            over = widget.horizontalScrollBar().maximum()
            found += [f"{name_of(widget)} is to be scrolled sideways by {over}"] if over else []
        if isinstance(widget, QTabBar):
            found += [
                f"tab {widget.tabText(tab)}"
                for tab in range(widget.count())
                if widget.isTabVisible(tab)
                and widget.tabRect(tab).width() < widget.tabSizeHint(tab).width()
            ]
        is_small = widget.fontMetrics().height() < 0.8 * root.fontMetrics().height()
        if isinstance(widget, QPlainTextEdit) and is_small:
            found.append(f"{name_of(widget)} has small letters")
        if isinstance(widget, QListWidget):
            found += [f"{each.text()!r} is cut" for each in _lines(widget) if _is_cut(widget, each)]
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


def _lines(entries: QListWidget) -> Iterator[QListWidgetItem]:
    return map(entries.item, range(entries.count()))


def _is_cut(entries: QListWidget, entry: QListWidgetItem) -> bool:
    """Tell whether an entry has no room for its words beside the padding."""
    room, pad = entries.visualItemRect(entry), entries.fontMetrics().averageCharWidth()
    inside = QRect(0, 0, room.width() - 2 * pad, 1 << 20)
    flag = Qt.TextFlag.TextWordWrap
    return entries.fontMetrics().boundingRect(inside, flag, entry.text()).height() > room.height()


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
