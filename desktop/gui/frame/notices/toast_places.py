"""Where toasts lie: in the corner, beside an open sheet or above it, over none of its buttons."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPoint, QRect
from PySide6.QtWidgets import QAbstractButton

from desktop.gui.widgets.sheets.sheet import with_ancestors

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from PySide6.QtWidgets import QWidget

    from desktop.gui.frame.notices.toast import Toast
    from desktop.gui.look.theme import Theme
    from desktop.gui.widgets.sheets.sheet import Sheet


MOST: Final = 560
"""Units of the grid that a toast is wide at most; a line that is longer is hard to read."""


def place_in_corner(
    toasts: Sequence[Toast], host: QWidget, area: QWidget, sheets: Sequence[Sheet], theme: Theme
) -> None:
    """Move toasts, the oldest first, to the bottom right corner of ``area``, one above the other.

    They and the open ``sheets`` are children of ``host``, which holds the area too.
    """
    px = theme.px
    for toast in toasts:
        _fit(toast, min(px(MOST), area.width() - 2 * px(16)))
    widest = max((toast.width() for toast in toasts), default=0) + 2 * px(16)
    corner = area.mapTo(host, QPoint(area.width(), area.height()))
    right = min([corner.x(), *(sheet.x() for sheet in sheets if sheet.x() >= widest)])
    feet = (sheet.foot_top() + px(8) for sheet in sheets if sheet.x() < right)
    bottom = min([corner.y(), *feet]) - px(16)
    buttons = [place for sheet in sheets for place in _buttons_in_sight(sheet, host)]
    for toast in reversed(toasts):
        place = QRect(QPoint(right - px(16) - toast.width(), bottom - toast.height()), toast.size())
        toast.move(_above(buttons, place, px(8)).topLeft())
        toast.raise_()
        bottom = toast.y() - px(8)


def _fit(toast: Toast, most: int) -> None:
    """Make a toast as wide as what it says, within ``most``: longer words take more lines."""
    width_of = toast.words.fontMetrics().horizontalAdvance
    whole = max(map(width_of, toast.text().splitlines()), default=0) + 1
    toast.words.take_width(whole)
    over = max(0, toast.sizeHint().width() - most)
    toast.words.take_width(max(1, whole - over))
    toast.adjustSize()


def _buttons_in_sight(sheet: Sheet, host: QWidget) -> Iterator[QRect]:
    """Give the places of a sheet's buttons, without what is scrolled out of sight."""
    for button in sheet.findChildren(QAbstractButton):
        if not button.isVisible():
            continue
        place = _place_in(host, button)
        for each in with_ancestors(button.parentWidget()):
            if each is host:
                break
            place = place.intersected(_place_in(host, each))
        yield place


def _place_in(host: QWidget, widget: QWidget) -> QRect:
    return QRect(widget.mapTo(host, QPoint()), widget.size())


def _above(buttons: Sequence[QRect], place: QRect, gap: int) -> QRect:
    """Move a place up until it holds no button; where there is none such, leave it."""
    free = QRect(place)
    while free.top() >= 0:
        under = next((each for each in buttons if each.intersects(free)), None)
        if under is None:
            return free
        free.moveBottom(under.top() - gap)
    return place
