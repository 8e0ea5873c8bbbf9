"""A table that Qt paints, with columns that share the room by what their words need."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Final, NamedTuple, cast

from PySide6.QtCore import (
    QCoreApplication,
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
    QTimer,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QToolTip,
)

from desktop.gui.kit.lists.row_table import RowTable, rows_in_sight
from desktop.gui.kit.look.appearance import bind_theme, px
from desktop.gui.kit.widgets.surfaces import give_viewport
from desktop.gui.kit.widgets.texts import tip

if TYPE_CHECKING:
    from collections.abc import Mapping

    from PySide6.QtCore import QAbstractItemModel
    from PySide6.QtGui import QHelpEvent, QPainter

    from desktop.gui.kit.look.theme import Theme

    Index = QModelIndex | QPersistentModelIndex


SETTLE_MS: Final = 500
"""Least milliseconds from one measurement to the next: rows may keep changing."""


class Share(NamedTuple):
    """The ``part`` of the room that a column takes, at most ``most`` units of the grid."""

    part: float
    most: int


def shared(
    base: Mapping[int, int], needed: Mapping[int, int], wide: int, room: int
) -> dict[int, int]:
    """Return the widths of columns, in logical pixels: ``wide`` takes what the others leave.

    Columns have their ``base`` width; one whose words need more gets what others do not need, the
    wide one first.
    """
    widths = {wide: room - sum(base.values()), **base}
    spare = {column: max(0, width - needed[column]) for column, width in widths.items()}
    pool = sum(spare.values())
    for lack, column in sorted((needed[n] - width, n) for n, width in widths.items()):
        more = min(max(0, lack), pool)
        widths[column] += more
        pool -= more
    taken = sum(spare.values()) - pool
    for column, has in spare.items():
        less = min(has, taken)
        widths[column] -= less
        taken -= less
    return widths


class CellTips(QStyledItemDelegate):
    """Lets a tooltip say what a cell does not: words that are cut, or more than they are."""

    def helpEvent(
        self,
        event: QHelpEvent,
        view: QAbstractItemView,
        option: QStyleOptionViewItem,
        index: Index,
    ) -> bool:
        """Show the tooltip of a cell, if there is any need for it."""
        if event.type() != QEvent.Type.ToolTip or not index.isValid():
            return super().helpEvent(event, view, option, index)
        words = index.data() or ""
        more = index.data(Qt.ItemDataRole.ToolTipRole) or words
        room = view.visualRect(index).width()
        is_told = more == words and cast("StockTable", view).width_needed(index) <= room
        QToolTip.showText(event.globalPos(), "" if is_told else tip(more), view)
        return True


class LastCell(CellTips):
    """Cuts words at their end: a state comes before what is said of it."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw a cell."""
        cast("Any", option).textElideMode = Qt.TextElideMode.ElideRight
        super().paint(painter, option, index)


class StockTable(RowTable):
    """Gives each column its share of the room, and more if its words need what others do not.

    The column ``wide`` takes what is left. What words have needed is kept: the columns do not
    become narrower while a person scrolls. Words are cut in their middle, so that an address keeps
    its domain, but those of the last column at their end.
    """

    def __init__(
        self,
        model: Any,
        name: str,
        wide: int,
        shares: Mapping[int, Share],
        header: QHeaderView | None = None,
    ) -> None:
        self._wide, self._shares = wide, shares
        self._needed: dict[int, int] = {}
        self._measured_at = 0.0
        header = header or _plain_header()
        super().__init__(model, name, header)
        self._later = QTimer(self, singleShot=True)
        self._later.timeout.connect(self.fit_columns)
        self.setItemDelegate(CellTips(self))
        self.setItemDelegateForColumn(model.columnCount() - 1, LastCell(self))
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        for change in (
            model.dataChanged,
            model.rowsInserted,
            model.modelReset,
            self.place.followed,
        ):
            change.connect(self._fit_soon)
        bind_theme(self, "look", lambda table, theme: table.apply_theme(theme))

    def width_needed(self, index: Index) -> int:
        """Return the width, in logical pixels, at which a cell is not cut."""
        return self.sizeHintForIndex(index).width()

    def forget_widths(self) -> None:
        """Fit the columns to what is in sight now."""
        self._needed.clear()
        self.fit_columns()

    def fit_columns(self) -> None:
        """Share the room among the columns that are shown."""
        self._measured_at = time.monotonic()
        model: QAbstractItemModel | None = self.model()
        if model is None:
            return  # it ends before the table
        shown = [n for n in range(model.columnCount()) if not self.isColumnHidden(n)]
        room, index = self.viewport().width(), model.index
        first, last = rows_in_sight(self)
        for column in shown:
            title = self.horizontalHeader().sectionSizeHint(column)
            words = (self.width_needed(index(row, column)) for row in range(first, last + 1))
            self._needed[column] = max(self._needed.get(column, title), title, *words)
        shares = {column: each for column, each in self._shares.items() if column in shown}
        base = {n: min(round(part * room), px(most)) for n, (part, most) in shares.items()}
        for column, width in shared(base, self._needed, self._wide, room).items():
            self.setColumnWidth(column, width)

    def apply_theme(self, theme: Theme) -> None:
        """Take the sizes of a theme."""
        super().apply_theme(theme)
        self.forget_widths()

    def _fit_soon(self) -> None:
        if not self._later.isActive():
            since = round(1000 * (time.monotonic() - self._measured_at))
            self._later.start(max(0, SETTLE_MS - since))


def _plain_header() -> QHeaderView:
    header = QHeaderView(Qt.Orientation.Horizontal)
    give_viewport(header)
    header.setHighlightSections(False)
    header.setAccessibleName(QCoreApplication.translate("lists", "Columns"))
    return header
