"""Where toasts lie: in the corner, beside an open sheet or above it, over nothing to click on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol, runtime_checkable

from PySide6.QtCore import QPoint, QRect
from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QLabel, QTableView

from desktop.gui.frame.notices.toast import Toast
from desktop.gui.widgets.sheets.sheet import with_ancestors
from desktop.gui.widgets.texts import READ

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from PySide6.QtWidgets import QWidget

    from desktop.gui.look.theme import Theme
    from desktop.gui.widgets.sheets.sheet import Sheet


@runtime_checkable
class HasLinks(Protocol):
    """A table in which words can be clicked."""

    def link_places(self) -> Iterable[QRect]:
        """Give where they are in its viewport."""


MOST: Final = 560
"""Units of the grid that a toast is wide at most; a line that is longer is hard to read."""


def place_in_corner(
    toasts: Sequence[Toast], host: QWidget, area: QWidget, sheets: Sequence[Sheet], theme: Theme
) -> None:
    """Move toasts, the oldest first, to the bottom right corner of ``area``, one above the other.

    They and the open ``sheets`` are children of ``host``, which holds the area too. As long as
    there is room, toasts cover no button, no painted link, no label named ``READ`` and no chosen
    row: those of a sheet where one is open, and where that leaves room enough, those of the host.
    """
    px = theme.px
    for toast in toasts:
        _fit(toast, min(px(MOST), area.width() - 2 * px(16)))
    widest = max(toast.width() for toast in toasts) + 2 * px(16)
    corner = area.mapTo(host, QPoint(area.width(), area.height()))
    right = min([corner.x(), *(sheet.x() for sheet in sheets if sheet.x() >= widest)])
    feet = (sheet.foot_top() + px(8) for sheet in sheets if sheet.x() < right)
    bottom = min([corner.y(), *feet]) - px(16)
    clicked: Sequence[QWidget] = sheets or [host]
    taken = [place for each in clicked for place in _places_to_keep_clear(each, host)]
    rows = [place for each in clicked for place in _chosen_rows(each, host)]
    beside = [*_places_to_keep_clear(host, host)] if sheets else []
    left = corner.x() - area.width() + px(16)
    for toast in reversed(toasts):
        place = QRect(QPoint(right - px(16) - toast.width(), bottom - toast.height()), toast.size())
        places = place, place.translated(left - place.left(), 0), _at_foot(place, host, px(16))
        found = (
            free
            for kept in ([*taken, *rows, *beside], [*taken, *rows], taken)
            for each in places
            if (free := _above(kept, each, px(8))) is not None
        )
        free = next(found, place)
        taken.append(free)
        toast.move(free.topLeft())
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


def _places_to_keep_clear(area: QWidget, host: QWidget) -> Iterator[QRect]:
    """Give the places of what is clicked or read, without what is scrolled out of sight."""
    for button in area.findChildren(QAbstractButton):
        if button.isVisible() and button.isEnabled() and not _is_in_toast(button):
            yield _in_sight(button, button.rect(), host)
    for label in area.findChildren(QLabel, READ):
        if label.isVisible():
            yield _in_sight(label, label.rect(), host)
    for view in area.findChildren(QAbstractItemView):
        if view.isVisible() and isinstance(view, HasLinks):
            for place in view.link_places():
                yield _in_sight(view.viewport(), place, host)


def _chosen_rows(area: QWidget, host: QWidget) -> Iterator[QRect]:
    """Give the places of the rows that are chosen in tables, without what is out of sight."""
    for table in filter(QTableView.isVisible, area.findChildren(QTableView)):
        for rows in table.selectionModel().selection().toList():
            top, last = map(table.rowViewportPosition, (rows.top(), rows.bottom()))
            height = last + table.rowHeight(rows.bottom()) - top
            place = QRect(0, top, table.viewport().width(), height)
            yield _in_sight(table.viewport(), place, host)


def _is_in_toast(button: QAbstractButton) -> bool:
    return any(isinstance(each, Toast) for each in with_ancestors(button))


def _in_sight(widget: QWidget, part: QRect, host: QWidget) -> QRect:
    """Return where a part of a widget is in the host, without what is scrolled out of sight."""
    place = QRect(widget.mapTo(host, part.topLeft()), part.size())
    for each in with_ancestors(widget):
        if each is host:
            break
        place = place.intersected(_place_in(host, each))
    return place


def _place_in(host: QWidget, widget: QWidget) -> QRect:
    return QRect(widget.mapTo(host, QPoint()), widget.size())


def _at_foot(place: QRect, host: QWidget, gap: int) -> QRect:
    return place.translated(0, host.height() - gap - place.bottom())


def _above(taken: Sequence[QRect], place: QRect, gap: int) -> QRect | None:
    """Move a place up until it covers nothing ``taken``; ``None`` where there is no such place."""
    free = QRect(place)
    while free.top() >= 0:
        under = next((each for each in taken if each.intersects(free)), None)
        if under is None:
            return free
        free.moveBottom(under.top() - gap)
    return None
