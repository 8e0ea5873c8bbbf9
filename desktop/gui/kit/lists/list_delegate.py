"""What paints a list: the titles in its header, and the content of its cells."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

from PySide6.QtCore import (
    QCoreApplication,
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QStaticText, QTextOption, QTransform
from PySide6.QtWidgets import (
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QToolTip,
    QWidget,
)

from desktop.gui.kit.look.appearance import LOOK, bind_theme, px
from desktop.gui.kit.look.icons import icon
from desktop.gui.kit.look.theme import medium
from desktop.gui.kit.widgets.surfaces import give_viewport
from desktop.gui.kit.widgets.texts import tip

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QColor, QHelpEvent
    from PySide6.QtWidgets import QAbstractItemView

    from desktop.gui.kit.lists.live_rows import Cell, ListModel
    from desktop.gui.kit.look.theme import Theme


PAD: Final = 11
"""Padding of a cell, in units of the grid."""
ARROW: Final = 14
"""Width of a title's arrow and the space before it, in units of the grid."""
_RIGHT: Final = Qt.AlignmentFlag.AlignRight
_CACHE_SIZE: Final = 4096
"""Most entries of a cache of measured texts."""
BOTH_ENDS: Final = 36
"""Width, in average letters, from which both ends of a sentence say more than its beginning."""
ICON: Final = 16
"""Side of an icon in a cell, in units of the grid."""
GAP: Final = 8
"""Space after an icon or a bar, in units of the grid."""


class ListHeader(QHeaderView):
    """Titles; subclasses put an arrow behind some."""

    has_arrows = False
    """Whether each title keeps room for an arrow."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        give_viewport(self, tracking=True)
        self.setHighlightSections(False)
        self.setAccessibleName(QCoreApplication.translate("lists", "Columns"))
        bind_theme(self, "sizes", lambda header, theme: header.setMinimumSectionSize(theme.px(40)))
        LOOK.changed.connect(self.updateGeometry)

    def title(self, section: int) -> str:
        """Return a column's title."""
        return str(self.model().headerData(section, Qt.Orientation.Horizontal) or "")

    def title_width(self, section: int) -> int:
        """Return the width, in logical pixels, at which a title is not cut."""
        words = QFontMetrics(medium(self.font())).horizontalAdvance(self.title(section))
        return words + 1 + (px(ARROW) if self.has_arrows else 0) + 2 * px(PAD)

    def arrow_of(self, _section: int) -> str | None:
        """Return the icon behind a title, or ``None``."""
        return None

    def sizeHint(self) -> QSize:
        """Return the height of the header."""
        return QSize(super().sizeHint().width(), LOOK.theme.height(30, low=24))

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:  # noqa: N802
        """Paint one title, with its arrow."""
        theme, arrow = LOOK.theme, self.arrow_of(section)
        painter.fillRect(rect, theme.color("surface"))
        painter.fillRect(rect.x(), rect.bottom(), rect.width(), 1, theme.color("line"))
        inner = rect.adjusted(px(PAD), 0, -px(PAD), 0)
        painter.setFont(medium(self.font()))
        painter.setPen(theme.ink("text" if arrow else "soft text"))
        taken = px(ARROW) if arrow else 0
        metrics = painter.fontMetrics()
        shown = metrics.elidedText(
            self.title(section), Qt.TextElideMode.ElideRight, inner.width() - taken
        )
        length = metrics.horizontalAdvance(shown)
        side = self.model().headerData(
            section, self.orientation(), Qt.ItemDataRole.TextAlignmentRole
        )
        is_right = side is not None and bool(Qt.AlignmentFlag(side) & _RIGHT)
        left = inner.right() + 1 - taken - length if is_right else inner.x()
        painter.drawText(
            QRect(left, rect.y(), length + 1, rect.height()), Qt.AlignmentFlag.AlignVCenter, shown
        )
        if arrow is not None:
            size = px(11)
            picture = icon(arrow, theme.color("soft text"), size, self.devicePixelRatioF())
            top = rect.y() + (rect.height() - size) // 2
            painter.drawPixmap(left + length + px(3), top, picture)


Index = QModelIndex | QPersistentModelIndex


class LaidOut:
    """Caches the laid-out texts of one font; widths are in logical pixels."""

    def __init__(self, font: QFont) -> None:
        self.font = font
        self.metrics = QFontMetrics(font)
        self.height = self.metrics.height()
        self._in_order = QTextOption()  # keeps a name before its address in every script
        self._in_order.setTextDirection(Qt.LayoutDirection.LeftToRight)
        self._in_order.setWrapMode(QTextOption.WrapMode.NoWrap)
        self._texts: dict[tuple[str, int, bool], tuple[QStaticText, int]] = {}
        self._lengths: dict[str, int] = {}

    def length(self, text: str) -> int:
        """Return the width of a text."""
        found = self._lengths.get(text)
        if found is None:
            if len(self._lengths) >= _CACHE_SIZE:
                self._lengths.clear()
            found = self._lengths[text] = self.metrics.horizontalAdvance(text)
        return found

    def cut(
        self, text: str, room: int, *, keeps_end: bool = False, is_name: bool = False
    ) -> tuple[QStaticText, int]:
        """Return a text elided to ``room``, and its width.

        With ``keeps_end`` it is cut in the middle, as the end of an error distinguishes it from
        others; in little room only a name is, as *The pr…t ran.* says less than *The program…*.
        """
        keeps_end = is_name or (keeps_end and room >= BOTH_ENDS * self.metrics.averageCharWidth())
        found = self._texts.get((text, room, keeps_end))
        if found is None:
            if len(self._texts) >= _CACHE_SIZE:
                self._texts.clear()
            shown = text if self.length(text) < room else self._elided(text, room, keeps_end)
            static = QStaticText(shown)
            static.setTextFormat(Qt.TextFormat.PlainText)
            static.setTextOption(self._in_order)
            static.prepare(QTransform(), self.font)
            found = self._texts[text, room, keeps_end] = static, self.length(shown)
        return found

    def _elided(self, text: str, room: int, keeps_end: bool) -> str:
        mode = Qt.TextElideMode.ElideMiddle if keeps_end else Qt.TextElideMode.ElideRight
        return self.metrics.elidedText(text, mode, room)


class ListDelegate(QStyledItemDelegate):
    """Paints the words of each :class:`Cell` in its colour; the table paints the rows below them.

    Subclasses override :meth:`paint_cell` and :meth:`content_width` for cells that hold more than
    words. The table calls :meth:`paint_row` in place of Qt's ``paint``: a scrolling list paints
    some two hundred cells a frame, and for each of them Qt would ask the model twice.
    """

    def __init__(self, table: QTableView) -> None:
        super().__init__(table)
        self._table = table
        self._texts: dict[bool, LaidOut] = {}
        bind_theme(self, "look", lambda delegate, theme: delegate.apply_theme(theme))

    def apply_theme(self, theme: Theme) -> None:
        """Take the sizes and colours of a theme."""
        self.pad, self.side, self.gap = theme.px(PAD), theme.px(ICON), theme.px(GAP)
        self.inks = {token: theme.ink(token) for token in theme.tokens}
        self.colors = {token: theme.color(token) for token in theme.tokens}
        self._track = theme.track
        self._texts = {}

    def begin(self) -> None:
        """Prepare for a repaint, or for measuring: words are laid out in the table's font."""
        font = self._table.font()
        if not self._texts or self._texts[False].font != font:
            # The table's font changes with the theme: copy it.
            self._texts = {False: LaidOut(QFont(font)), True: LaidOut(medium(font))}

    def room(self, left: int, width: int, height: int) -> QRect:
        """Return the room in a cell, which :meth:`paint_row` moves down to its row."""
        return QRect(left + self.pad, 0, width - self.pad - self.pad // 2, height - 1)

    def paint_row(
        self, painter: QPainter, position: int, top: int, rooms: Sequence[tuple[int, QRect]]
    ) -> None:
        """Paint the cells of a row that begins at ``top``, each column in its room."""
        cell, theme = cast("ListModel", self._table.model()).cell, LOOK.theme
        for column, room in rooms:
            room.moveTop(top)
            self.paint_cell(painter, room, cell(position, column), theme)

    def paint_cell(self, painter: QPainter, room: QRect, cell: Cell, _theme: Theme) -> None:
        """Paint the content of a cell within ``room``."""
        how = {"right": cell.is_figure, "keeps_end": cell.keeps_end, "is_name": cell.is_name}
        self.write(painter, room, cell.words, self.inks[cell.ink], **how)

    def helpEvent(
        self,
        event: QHelpEvent,
        view: QAbstractItemView,
        option: QStyleOptionViewItem,
        index: Index,
    ) -> bool:
        """Show the model's tooltip, or the whole words of a cell that is cut."""
        if event.type() != QEvent.Type.ToolTip or not index.isValid():
            return super().helpEvent(event, view, option, index)
        more = str(index.data(Qt.ItemDataRole.ToolTipRole) or "")
        QToolTip.showText(event.globalPos(), tip(more or self._cut_words(index)), view)
        return True

    def _cut_words(self, index: Index) -> str:
        cell, room = self.shown_cell(index)
        return cell.words if self.width_needed(cell._replace(longest="")) > room else ""

    def shown_cell(self, index: Index) -> tuple[Cell, int]:
        """Return what a cell shows, and the width in which it does."""
        cell = cast("ListModel", index.model()).cell(index.row(), index.column())
        return cell, self._table.columnWidth(index.column())

    def sizeHint(self, _option: QStyleOptionViewItem, index: Index) -> QSize:
        """Return the size a cell's content needs; a double click on a column's edge uses it."""
        self.begin()
        cell, _ = self.shown_cell(index)
        return QSize(self.width_needed(cell), LOOK.theme.height(30, low=24))

    def width_needed(self, cell: Cell) -> int:
        """Return the width, in logical pixels, at which a cell is not cut."""
        width = self.content_width(cell, LOOK.theme)
        return self.pad + self.pad // 2 + width if width else 0

    def content_width(self, cell: Cell, _theme: Theme) -> int:
        """Return the width of a cell's words, or of the longest ones it is about to have."""
        words = max(self.length(cell.words), self.length(cell.longest) if cell.longest else 0)
        return words + 1 if words else 0

    def length(self, words: str, *, bolder: bool = False) -> int:
        """Return the width of words in logical pixels."""
        return self._texts[bolder].length(words)

    def mark(self, painter: QPainter, room: QRect, name: str, color: QColor) -> QRect:
        """Paint an icon at the left of ``room``; return the remaining room."""
        px = LOOK.theme.px
        pixmap = icon(name, color, px(ICON), painter.device().devicePixelRatioF())
        painter.drawPixmap(room.left(), room.center().y() - px(ICON) // 2, pixmap)
        return room.adjusted(px(ICON) + px(GAP), 0, 0, 0)

    def bar(self, painter: QPainter, room: QRect, share: float, length: int, token: str) -> QRect:
        """Paint a bar filled to ``share`` (0 … 1) in a token's colour; return the remaining room.

        ``length`` is that of the whole bar, in logical pixels.
        """
        height = LOOK.theme.px(6)
        top = room.top() + (room.height() - height) // 2
        painter.setRenderHint(painter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        for width, color in ((length, self._track), (length * share, self.colors[token])):
            painter.setBrush(color)
            filled = QRectF(room.left(), top, width, height)
            painter.drawRoundedRect(filled, height / 2, height / 2)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setRenderHint(painter.RenderHint.Antialiasing, on=False)
        return room.adjusted(length + LOOK.theme.px(GAP), 0, 0, 0)

    def write(
        self,
        painter: QPainter,
        room: QRect,
        words: str,
        ink: QColor,
        *,
        bolder: bool = False,
        right: bool = False,
        keeps_end: bool = False,
        is_name: bool = False,
    ) -> int:
        """Paint words, cut to ``room`` and centred vertically; return their width.

        Aligned to the ``right`` they end where the column's title does.
        """
        left, top, width, height = cast("tuple[int, int, int, int]", room.getRect())
        if not words or width <= 0:
            return 0
        texts = self._texts[bolder]
        shown, length = texts.cut(words, width, keeps_end=keeps_end, is_name=is_name)
        painter.setPen(ink)
        top += (height - texts.height + 1) // 2
        if right:
            left = max(left, left + width - 1 - (self.pad - self.pad // 2) - length)
        if bolder:  # the painter has the table's font; to set it again for each cell takes long
            painter.setFont(texts.font)
        painter.drawStaticText(left, top, shown)
        if bolder:
            painter.setFont(self._texts[False].font)
        return length
