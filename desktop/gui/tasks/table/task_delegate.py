"""The delegate of the task table: it paints states, progress bars and elided words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QPainter, QPixmap
from PySide6.QtWidgets import QStyledItemDelegate, QTableView, QToolTip

from desktop.contract.states import State
from desktop.gui.kit.lists.list_delegate import LaidOut
from desktop.gui.kit.look.icons import icon
from desktop.gui.kit.look.theme import medium, tabular
from desktop.gui.kit.widgets.texts import tip
from desktop.gui.kit.words.states import LOOKS, percent, translate
from desktop.gui.tasks.table.columns import COLUMNS, PROGRESS, STATE, TASK, TO

if TYPE_CHECKING:
    from collections.abc import Iterable

    from PySide6.QtGui import QColor, QFont, QHelpEvent
    from PySide6.QtWidgets import QAbstractItemView, QStyleOptionViewItem, QWidget

    from desktop.gui.kit.look.theme import Theme
    from desktop.gui.kit.words.task_row import Row
    from desktop.gui.tasks.table.paged_model import PagedModel

    Index = QModelIndex | QPersistentModelIndex
    Rect = tuple[int, int, int, int]
    Ground = tuple[int, str]


FRAMES: Final = 24
"""Frames in one turn of the running icon."""


class CellPainter:
    """Paints cells in one theme and font."""

    def __init__(self, theme: Theme, font: QFont) -> None:
        self.theme = theme
        self.texts = LaidOut(tabular(font))
        self._states = LaidOut(medium(self.texts.font))
        self.pad = theme.px(11)
        self.icon_size = theme.px(16)
        self._gap = theme.px(8)
        self._bar = theme.px(90)
        self._bar_height = theme.px(6)
        self._share_words = self.texts.metrics.horizontalAdvance(f"{percent(1)}…")
        self._icons: dict[tuple[str, int, float], QPixmap] = {}
        self.inks = {token: theme.ink(token) for token in theme.tokens}
        self._track = theme.track
        self.colors = {token: theme.color(token) for token in theme.tokens}

    def words(
        self,
        painter: QPainter,
        rect: tuple[int, int, int, int],
        text: str,
        *,
        right: bool = False,
        keeps_end: bool = False,
    ) -> None:
        """Paint text within ``rect`` (x, y, width, height) in the painter's pen, elided."""
        x, y, width, height = rect
        room = width - 2 * self.pad
        if not text or room <= 0:
            return
        static, length = self.texts.cut(text, room, keeps_end=keeps_end)
        left = x + self.pad + (room - length if right else 0)
        painter.drawStaticText(left, y + (height - self.texts.height) // 2, static)

    def state(
        self,
        painter: QPainter,
        rect: tuple[int, int, int, int],
        state: str,
        text: str,
        frame: int,
        dpr: float,
    ) -> None:
        """Paint a state's icon, turned by ``frame`` if running, and its word in its colour."""
        x, y, width, height = rect
        size = self.icon_size
        painter.drawPixmap(
            x + self.pad, y + (height - size) // 2, self._state_icon(state, frame, dpr)
        )
        lead = self.pad + size + self._gap
        room = width - lead - self.pad // 2
        if room <= 0:
            return
        static, _ = self._states.cut(text, room)
        painter.setPen(self.inks[LOOKS[state].token])
        painter.setFont(self._states.font)
        painter.drawStaticText(x + lead, y + (height - self.texts.height) // 2, static)
        painter.setFont(self.texts.font)

    def icon_rect(self, x: int, y: int, height: int) -> tuple[int, int, int, int]:
        """Return the rectangle of the state's icon in a cell at ``x``, ``y``."""
        size = self.icon_size
        return x + self.pad, y + (height - size) // 2, size, size

    def progress(
        self, painter: QPainter, rect: tuple[int, int, int, int], share: float, text: str
    ) -> None:
        """Paint a bar filled to ``share`` (0 … 1), and its words after it."""
        x, y, width, height = rect
        taken = self._gap - self.theme.px(3)
        length = max(0, min(self._bar, width - 2 * self.pad - taken - self._share_words))
        top = y + (height - self._bar_height) // 2
        radius = self._bar_height / 2
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pen = painter.pen()
        painter.setPen(Qt.PenStyle.NoPen)
        for filled, color in ((length, self._track), (length * share, self._done())):
            painter.setBrush(color)
            bar = QRectF(x + self.pad, top, filled, self._bar_height)
            painter.drawRoundedRect(bar, radius, radius)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
        painter.setPen(pen)
        taken += length
        self.words(painter, (x + taken, y, width - taken, height), text)

    @property
    def least_progress(self) -> int:
        """The width of a bar with its percentage, in logical pixels."""
        return self._bar + self._share_words + 2 * self.pad + self._gap

    def width_needed(self, text: str, *, state: bool = False, bar: bool = False) -> int:
        """Return the width, in logical pixels, at which a text is not cut in its cell."""
        length = (self._states if state else self.texts).metrics.horizontalAdvance(text)
        if state:
            return self.pad + self.icon_size + self._gap + length + self.pad // 2 + 1
        before = self._bar + self._gap - self.theme.px(3) if bar else 0
        return before + length + 2 * self.pad + 1  # + 1: the advance is rounded

    def placeholder(self, painter: QPainter, rect: tuple[int, int, int, int]) -> None:
        """Paint a faint bar in a row that is still being read."""
        x, y, width, height = rect
        length = min((width - 2 * self.pad) // 2, self._bar)
        if length > 0:
            top = y + (height - self._bar_height) // 2
            painter.fillRect(x + self.pad, top, length, self._bar_height, self.colors["hover"])

    def elides(self, text: str, width: int) -> bool:
        """Tell whether text is cut in a cell of this width."""
        return self.texts.metrics.horizontalAdvance(text) > width - 2 * self.pad

    def _done(self) -> QColor:
        return self.colors["running"]

    def _state_icon(self, state: str, frame: int, dpr: float) -> QPixmap:
        key = (state, frame if state == State.RUNNING else 0, dpr)
        found = self._icons.get(key)
        if found is None:
            look = LOOKS[state]
            color = self.colors[look.token]
            if key[1]:
                found = _turned(look.icon, color, self.icon_size, dpr, key[1])
            else:
                found = icon(look.icon, color, self.icon_size, dpr)
            self._icons[key] = found
        return found


def _turned(name: str, color: QColor, size: int, dpr: float, frame: int) -> QPixmap:
    """Return an icon turned by ``frame`` of FRAMES, scaled down from four times its size."""
    pixmap = QPixmap(round(size * dpr), round(size * dpr))
    pixmap.setDevicePixelRatio(dpr)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.translate(size / 2, size / 2)
    painter.rotate(frame * 360 / FRAMES)
    painter.translate(-size / 2, -size / 2)
    large = icon(name, color, size, dpr * 4)
    painter.drawPixmap(QRectF(0, 0, size, size), large, QRectF(large.rect()))
    painter.end()
    return pixmap


_JOINED: Final = {TO, PROGRESS}


class TaskDelegate(QStyledItemDelegate):
    """Reads rows straight from the model, one Python call per cell: it is lean on purpose.

    ``paint_grounds`` paints the background of whole rows (selection, line). ``frame`` is the
    current frame of the running icon. A long address extends into an empty *Progress* if that is
    the next column. While the column *Task* is hidden, the address column shows the task's name in
    rows without an address.
    """

    def __init__(self, model: PagedModel, theme: Theme, font: QFont, parent: QWidget) -> None:
        super().__init__(parent)
        self._model = model
        self.frame = 0
        self._joined: tuple[int, int] | None = None
        self._names_tasks = False
        self._position = -1
        self._row: Row | None = None
        self._cells: tuple[str, ...] = ()
        self._ratio = 1.0
        self.dress(theme, font)

    def dress(self, theme: Theme, font: QFont) -> None:
        """Take the colours and sizes of another theme."""
        self.brush = CellPainter(theme, font)
        self._inks = [
            self.brush.inks["soft text" if column.ink == "state" else column.ink]
            for column in COLUMNS
        ]
        self._rights = [column.right for column in COLUMNS]

    def paint_grounds(self, painter: QPainter, grounds: Iterable[Ground], size: QSize) -> None:
        """Paint the backgrounds of rows, before the cells of a repaint.

        Args:
            painter: of the viewport.
            grounds: for each row its upper edge, and the token of its background, empty for the
            surface.
            size: of a row, in logical pixels.
        """
        colors = self.brush.colors
        width, height = size.width(), size.height()
        for top, token in grounds:
            if token:
                painter.fillRect(0, top, width, height, colors[token])
            painter.fillRect(0, top + height - 1, width, 1, colors["line"])
        self._position = -1
        self._joined = _joined(self.parent())
        self._names_tasks = _is_without_tasks(self.parent())
        self._ratio = painter.device().devicePixelRatioF()

    def paint_focus(self, painter: QPainter, top: int, size: QSize) -> None:
        """Frame the focused row, after its cells: their style fills selected ones."""
        width, height = size.width(), size.height()
        painter.setPen(self.brush.colors["accent"])
        painter.drawRect(0, top, width - 1, height - 2)
        painter.fillRect(0, top, self.brush.theme.px(3), height - 1, self.brush.colors["accent"])

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one cell."""
        rect = cast("Rect", option.rect.getRect())
        position = index.row()
        if position != self._position:
            self._position = position
            self._row = row = self._model.row_at(position)
            self._cells = () if row is None else self._shown_cells(row)
        row = self._row
        if row is None:
            self.brush.placeholder(painter, rect)
            return
        column = index.column()
        text = self._cells[column]
        if column == STATE:
            self.brush.state(painter, rect, row.look, text, self.frame, self._ratio)
        elif column == PROGRESS and (share := row.share) is not None:
            painter.setPen(self._inks[column])
            self.brush.progress(painter, rect, share, text)
        elif self._joined is not None and column in _JOINED and self._runs_on():
            self._paint_part(painter, rect, self._cells[TO], *self._joined, behind=column != TO)
        elif text:
            painter.setPen(self._inks[column])
            is_error = column == PROGRESS and row.met == row.error  # the end of an error tells most
            right = self._rights[column]
            self.brush.words(painter, rect, text, right=right, keeps_end=is_error)

    def _shown_cells(self, row: Row) -> tuple[str, ...]:
        cells = self._model.cells(row)
        if self._names_tasks and not cells[TO]:
            return (*cells[:TO], cells[TASK], *cells[TO + 1 :])
        return cells

    def _runs_on(self) -> bool:
        """Tell whether the address of the current row is too long and *Progress* is empty."""
        words, progress = self._cells[TO], self._cells[PROGRESS]
        if self._joined is None or not words or progress:
            return False
        return self.brush.elides(words, self._joined[0])

    def _paint_part(
        self, painter: QPainter, rect: Rect, text: str, before: int, after: int, *, behind: bool
    ) -> None:
        """Paint one cell's part of a text over two cells: each may be repainted alone."""
        x, y, _, height = rect
        painter.setPen(self._inks[TO])
        painter.setClipRect(*rect)
        left = x - before if behind else x
        self.brush.words(painter, (left, y, before + after, height), text)
        painter.setClipping(False)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Return the size a cell's words need; a double click on a column's edge uses it."""
        row = self._model.row_at(index.row())
        column = index.column()
        width = 0 if row is None else self.width_needed(column, row, self._model.cells(row)[column])
        return QSize(width, self.brush.theme.height(30, low=24))

    def width_needed(self, column: int, row: Row, text: str) -> int:
        """Return the width, in logical pixels, at which ``text`` is not cut in a row's cell."""
        bar = column == PROGRESS and row.share is not None
        return self.brush.width_needed(text, state=column == STATE, bar=bar)

    def widest_state(self) -> int:
        """Return the width, in logical pixels, that the longest word of a state needs."""
        words = {
            translate("words", word) for each in LOOKS.values() for word in (each.word, each.mail)
        }
        return max(self.brush.width_needed(word, state=True) for word in words)

    def helpEvent(
        self,
        event: QHelpEvent,
        view: QAbstractItemView,
        option: QStyleOptionViewItem,
        index: Index,
    ) -> bool:
        """Show the model's tooltip, or the whole text of a cell that is cut."""
        if event.type() != QEvent.Type.ToolTip or not index.isValid():
            return super().helpEvent(event, view, option, index)
        row, column = self._model.row_at(index.row()), index.column()
        text = "" if row is None else self._shown_cells(row)[column]
        width = view.visualRect(index).width()
        if (
            column == TO
            and self._joined is not None
            and not index.sibling(index.row(), PROGRESS).data()
        ):
            width = sum(self._joined)
        cut = row is not None and self.width_needed(column, row, text) > width
        more = str(self._model.data(index, Qt.ItemDataRole.ToolTipRole) or "")
        QToolTip.showText(event.globalPos(), tip(more or (text if cut else "")), view)
        return True


def _is_without_tasks(view: object) -> bool:
    return isinstance(view, QTableView) and view.isColumnHidden(TASK)


def _joined(view: object) -> tuple[int, int] | None:
    """Return the widths of *To* and *Progress*; ``None`` if they are not side by side."""
    if not isinstance(view, QTableView):
        return None
    header = view.horizontalHeader()
    if header.isSectionHidden(TO) or header.isSectionHidden(PROGRESS):
        return None
    edge = header.sectionPosition(TO) + header.sectionSize(TO)
    if header.sectionPosition(PROGRESS) != edge:
        return None
    return header.sectionSize(TO), header.sectionSize(PROGRESS)
