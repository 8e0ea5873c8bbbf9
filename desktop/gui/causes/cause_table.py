"""The table of causes: one line each, with what helps as a link."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QFont, QPainter

from desktop.gui.causes.cause_model import IS_LINK, PARTS, CauseColumn, CauseModel
from desktop.gui.parts.lists.list_table import ListDelegate, ListTable

if TYPE_CHECKING:
    from PySide6.QtCore import QModelIndex, QPersistentModelIndex
    from PySide6.QtGui import QMouseEvent

    from desktop.gui.look.appearance import ThemeSource
    from desktop.gui.look.theme import Theme
    from desktop.gui.tasks.words.states import Look

    Index = QModelIndex | QPersistentModelIndex

WIDTHS: Final = {
    CauseColumn.TASKS: 104,
    CauseColumn.CAUSE: 370,
    CauseColumn.WHERE: 150,
    CauseColumn.FIRST: 72,
    CauseColumn.LAST: 72,
}

LEAST: Final = {CauseColumn.CAUSE: 200, CauseColumn.WHERE: 90}


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
    """Paints each part of a count behind the icon of its state, and links in the accent's colour.

    Parts that do not fit are one figure, their sum, behind the icon of the worst.
    """

    def paint_cell(self, painter: QPainter, room: QRect, index: Index, theme: Theme) -> None:
        """Paint one cell."""
        parts = index.data(PARTS)
        if parts is not None:
            painter.setFont(_medium(painter.font()))
            self._paint_parts(painter, room, index, parts)
            return
        if index.data(IS_LINK):
            painter.setFont(_medium(painter.font()))
            words = str(index.data(Qt.ItemDataRole.DisplayRole))
            self.write(painter, room, words, theme.ink("accent"))
            return
        super().paint_cell(painter, room, index, theme)

    def _paint_parts(
        self, painter: QPainter, room: QRect, index: Index, parts: list[tuple[Look, str]]
    ) -> None:
        theme = self._themes.theme
        widths = [painter.fontMetrics().horizontalAdvance(words) for _, words in parts]
        space = theme.px(8)
        if sum(widths) + len(parts) * (theme.px(16 + 8) + space) - space > room.width():
            room = self.mark(painter, room, parts[0][0].icon, theme.color(parts[0][0].token))
            ink = theme.ink("text" if len(parts) > 1 else parts[0][0].token)
            self.write(painter, room, str(index.data(Qt.ItemDataRole.DisplayRole)), ink)
            return
        for look, words in parts:
            room = self.mark(painter, room, look.icon, theme.color(look.token))
            written = self.write(painter, room, words, theme.ink(look.token))
            room = room.adjusted(written + space, 0, 0, 0)


def _medium(font: QFont) -> QFont:
    medium = QFont(font)
    medium.setWeight(QFont.Weight.Medium)
    return medium
