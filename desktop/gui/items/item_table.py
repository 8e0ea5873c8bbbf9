"""The table of items: one line each, with a chip for each of its tasks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QPainter

from desktop.gui.items.item_model import CHIPS, Column, ItemModel
from desktop.gui.look.icons import icon
from desktop.gui.parts.lists.list_table import ListDelegate, ListTable

if TYPE_CHECKING:
    from PySide6.QtCore import QModelIndex, QPersistentModelIndex

    from desktop.gui.items.item_words import TaskChip
    from desktop.gui.look.appearance import ThemeSource
    from desktop.gui.look.theme import Theme

    Index = QModelIndex | QPersistentModelIndex

WIDTHS: Final = {
    Column.NUMBER: 70,
    Column.WHO: 150,
    Column.TITLE: 130,
    Column.TASKS: 230,
    Column.INFORMED: 92,
    Column.WHEN: 96,
}
LEAST: Final = {Column.WHO: 96, Column.TITLE: 64, Column.TASKS: 166}
_SHADE: Final = 0.14
"""How much of a state's colour is in its chip's ground."""


class ItemTable(ListTable):
    """Shows an :class:`ItemModel`."""

    def __init__(self, model: ItemModel, themes: ThemeSource) -> None:
        super().__init__(model, "", WIDTHS, themes, LEAST, last=140)
        self.setAccessibleName(self.tr("Items"))
        self.setItemDelegate(ChipDelegate(themes, self))


class ChipDelegate(ListDelegate):
    """Paints the chips of a cell that has some: icon and title on the state's own ground."""

    def paint_cell(self, painter: QPainter, room: QRect, index: Index, theme: Theme) -> None:
        """Paint words or chips; what has no room is counted behind them."""
        chips: list[TaskChip] | None = index.data(CHIPS)
        if chips is None:
            super().paint_cell(painter, room, index, theme)
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        left = room.left() - theme.px(4)
        more_width = painter.fontMetrics().horizontalAdvance("+99")
        for place, chip in enumerate(chips):
            rest = len(chips) - place
            space = room.right() - left - (more_width if rest > 1 else 0)
            width = min(self._width(painter, chip, theme), space if place == 0 else 10**6)
            if width > space:
                where = QRect(left, room.top(), room.right() - left, room.height())
                self.write(painter, where, f"+{rest}", theme.ink("soft text"))
                return
            self._paint(painter, QRect(left, room.top(), width, room.height()), chip, theme)
            left += width + theme.px(6)

    def _width(self, painter: QPainter, chip: TaskChip, theme: Theme) -> int:
        words = painter.fontMetrics().horizontalAdvance(chip.title)
        return theme.px(8 + 14 + 5 + 10) + words + 1

    def _paint(self, painter: QPainter, room: QRect, chip: TaskChip, theme: Theme) -> None:
        height = min(theme.px(22), room.height() - theme.px(4))
        top = room.top() + (room.height() - height) // 2
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.tint(chip.token, _SHADE))
        ground = QRectF(room.left(), top, room.width(), height)
        painter.drawRoundedRect(ground, height / 2, height / 2)
        size = theme.px(14)
        ratio = painter.device().devicePixelRatioF()
        pixmap = icon(chip.icon, theme.color(chip.token), size, ratio)
        begin = room.left() + theme.px(8)
        painter.drawPixmap(begin, top + (height - size) // 2, pixmap)
        left = begin + size + theme.px(5)
        words = QRect(left, top, room.right() - left - theme.px(6), height)
        self.write(painter, words, chip.title, theme.ink(chip.token))
