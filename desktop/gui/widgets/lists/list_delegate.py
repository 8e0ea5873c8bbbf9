"""The delegate of lists: it paints the background and line of a row, and its cells."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem, QTableView

from desktop.gui.look.icons import icon
from desktop.gui.look.laid_out import LaidOut
from desktop.gui.look.theme import medium
from desktop.gui.widgets.lists.list_widths import PAD

if TYPE_CHECKING:
    from PySide6.QtGui import QColor, QPainter

    from desktop.gui.look.appearance import ThemeSource
    from desktop.gui.look.theme import Theme
    from desktop.gui.widgets.lists.live_rows import Cell, LiveRows

    Index = QModelIndex | QPersistentModelIndex


class ListDelegate(QStyledItemDelegate):
    """Paints the background and line of a row, then the words of each :class:`Cell` in its colour.

    Subclasses override :meth:`paint_cell` for cells that hold more than words. ``hovered`` is the
    row under the pointer. It is lean on purpose: a scrolling list paints some twenty cells a frame.
    """

    def __init__(self, themes: ThemeSource, parent: QTableView) -> None:
        super().__init__(parent)
        self._themes = themes
        self._texts: dict[bool, LaidOut] = {}
        self.hovered = -1

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one cell."""
        theme, rect, row = self._themes.theme, option.rect, index.row()
        table = cast("QTableView", self.parent())
        is_chosen = table.selectionModel().isSelected(index)  # much cheaper than option.state
        ground = "selection" if is_chosen else "hover" if self.hovered == row else "surface"
        painter.save()
        painter.fillRect(rect, theme.color(ground))
        bottom = QRect(rect.left(), rect.bottom(), rect.width(), 1)
        painter.fillRect(bottom, theme.color("line"))
        if is_chosen and table.hasFocus() and not index.column():
            edge = QRect(rect.left(), rect.top(), theme.px(3), rect.height() - 1)
            painter.fillRect(edge, theme.color("accent"))
        pad = theme.px(PAD)
        cell = cast("LiveRows", index.model()).cell(row, index.column())
        self._lay_out_in(option.font)
        self.paint_cell(painter, rect.adjusted(pad, 0, -(pad // 2), -1), cell, theme)
        painter.restore()

    def paint_cell(self, painter: QPainter, room: QRect, cell: Cell, theme: Theme) -> None:
        """Paint the content of a cell within ``room``."""
        if cell.is_figure:  # aligned to the right
            length = self.length(cell.words)
            right = theme.px(PAD) - theme.px(PAD) // 2  # where the column's title ends, too
            room = room.adjusted(max(0, room.width() - length - 1 - right), 0, 0, 0)
        ink = theme.ink(cell.ink)
        how = {"keeps_end": cell.keeps_end, "is_name": cell.is_name}
        self.write(painter, room, cell.words, ink, **how)

    def width_needed(self, cell: Cell, font: QFont) -> int:
        """Return the width, in logical pixels, at which a cell is not cut in a font."""
        self._lay_out_in(font)
        theme = self._themes.theme
        width = self.content_width(cell, theme)
        return theme.px(PAD) + theme.px(PAD) // 2 + width if width else 0

    def content_width(self, cell: Cell, theme: Theme) -> int:
        """Return the width of a cell's words, or of the longest ones it is about to have."""
        words = max(self.length(cell.words), self.length(cell.longest) if cell.longest else 0)
        return words + 1 if words else 0

    def length(self, words: str, *, bolder: bool = False) -> int:
        """Return the width of words in logical pixels."""
        return self._texts[bolder].metrics.horizontalAdvance(words)

    def mark(self, painter: QPainter, room: QRect, name: str, color: QColor) -> QRect:
        """Paint an icon at the left of ``room``; return the remaining room."""
        px = self._themes.theme.px
        pixmap = icon(name, color, px(16), painter.device().devicePixelRatioF())
        painter.drawPixmap(room.left(), room.center().y() - px(8), pixmap)
        return room.adjusted(px(16 + 8), 0, 0, 0)

    def write(
        self,
        painter: QPainter,
        room: QRect,
        words: str,
        ink: QColor,
        *,
        bolder: bool = False,
        keeps_end: bool = False,
        is_name: bool = False,
    ) -> int:
        """Paint words, cut to ``room`` and centred vertically; return their width."""
        if not words or room.width() <= 0:
            return 0
        texts = self._texts[bolder]
        shown, length = texts.cut(words, room.width(), keeps_end=keeps_end, is_name=is_name)
        painter.setPen(ink)
        painter.setFont(texts.font)
        top = room.top() + (room.height() - texts.height + 1) // 2
        painter.drawStaticText(room.left(), top, shown)
        return length

    def _lay_out_in(self, font: QFont) -> None:
        """Lay out words in this font from now on."""
        if not self._texts or self._texts[False].font != font:
            # The font of an option lives no longer than the option: copy it.
            self._texts = {False: LaidOut(QFont(font)), True: LaidOut(medium(font))}
