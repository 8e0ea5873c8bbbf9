"""The table of causes: one line each, with what helps as a link."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QFont, QPainter

from desktop.gui.causes.cause_model import IS_LINK, LOOK, CauseModel, Column
from desktop.gui.parts.lists.list_table import ListDelegate, ListTable

if TYPE_CHECKING:
    from PySide6.QtCore import QModelIndex, QPersistentModelIndex
    from PySide6.QtGui import QMouseEvent

    from desktop.gui.look.appearance import ThemeSource
    from desktop.gui.look.theme import Theme

    Index = QModelIndex | QPersistentModelIndex

WIDTHS: Final = {
    Column.TASKS: 88,
    Column.CAUSE: 370,
    Column.WHERE: 150,
    Column.FIRST: 72,
    Column.LAST: 72,
}

LEAST: Final = {Column.CAUSE: 200, Column.WHERE: 90}


class CauseTable(ListTable):
    """Shows a :class:`CauseModel`; ``link_pressed`` carries the row whose cure is wanted."""

    link_pressed = Signal(int)

    def __init__(self, model: CauseModel, themes: ThemeSource) -> None:
        super().__init__(model, "", WIDTHS, themes, LEAST, last=170)
        self.setAccessibleName(self.tr("Causes"))
        self.setItemDelegate(CauseDelegate(themes, self))
        self.viewport().setMouseTracking(True)
        self.clicked.connect(self._on_clicked)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Show that a link can be pressed."""
        super().mouseMoveEvent(event)
        over = self.indexAt(event.position().toPoint())
        hand = bool(over.isValid() and over.data(IS_LINK))
        shape = Qt.CursorShape.PointingHandCursor if hand else Qt.CursorShape.ArrowCursor
        self.viewport().setCursor(shape)

    def _on_clicked(self, index: QModelIndex) -> None:
        if index.data(IS_LINK):
            self.link_pressed.emit(index.row())


class CauseDelegate(ListDelegate):
    """Paints a count behind the icon of its state, and links in the accent's colour."""

    def paint_cell(self, painter: QPainter, room: QRect, index: Index, theme: Theme) -> None:
        """Paint one cell."""
        look = index.data(LOOK)
        if look is not None:
            room = self.mark(painter, room, look.icon, theme.color(look.token))
            painter.setFont(_medium(painter.font()))
        if index.data(IS_LINK):
            painter.setFont(_medium(painter.font()))
            words = str(index.data(Qt.ItemDataRole.DisplayRole))
            self.write(painter, room, words, theme.ink("accent"))
            return
        super().paint_cell(painter, room, index, theme)


def _medium(font: QFont) -> QFont:
    medium = QFont(font)
    medium.setWeight(QFont.Weight.Medium)
    return medium
