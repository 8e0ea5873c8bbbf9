"""The view of causes: their table, one line each, and below it the one that is chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QWidget

from desktop.contract.states import State
from desktop.gui.causes.cause_card import CauseCard
from desktop.gui.causes.cause_model import IS_LINK, PARTS, CauseColumn, CauseModel, cure_verb
from desktop.gui.reach import WHOLE
from desktop.gui.widgets.card import ROOM, TableAndCard
from desktop.gui.widgets.lists.empty_state import EmptyState
from desktop.gui.widgets.lists.list_table import ListDelegate, ListTable
from desktop.gui.widgets.lists.live_rows import Rereading

if TYPE_CHECKING:
    from PySide6.QtCore import QModelIndex, QPersistentModelIndex
    from PySide6.QtGui import QMouseEvent

    from desktop.contract.causes import Cause
    from desktop.gui.look.appearance import ThemeSource
    from desktop.gui.look.theme import Theme
    from desktop.gui.reach import Reach
    from desktop.gui.tasks.words.states import Look

    Index = QModelIndex | QPersistentModelIndex


WIDTHS: Final = {
    CauseColumn.TASKS: 124,
    CauseColumn.CAUSE: 370,
    CauseColumn.WHERE: 150,
    CauseColumn.FIRST: 72,
    CauseColumn.LAST: 72,
}

LEAST: Final = {CauseColumn.TASKS: 96, CauseColumn.CAUSE: 200, CauseColumn.WHERE: 90}
FITTED: Final = {CauseColumn.FIRST, CauseColumn.LAST}
"""A time of another day has its date."""


class CauseTable(ListTable):
    """Shows a :class:`CauseModel`; ``link_pressed`` carries the row whose cure is wanted."""

    link_pressed = Signal(int)

    def __init__(self, model: CauseModel, themes: ThemeSource) -> None:
        super().__init__(model, "", WIDTHS, themes, LEAST, last=170, fitted=FITTED)
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

    def width_needed(self, index: Index, font: QFont, theme: Theme) -> int:
        """Return the width in which no part of a count is left out."""
        parts = index.data(PARTS)
        if parts is None:
            return super().width_needed(
                index, _medium(font) if index.data(IS_LINK) else font, theme
            )
        metrics = QFontMetrics(_medium(font))
        words = sum(metrics.horizontalAdvance(each) for _, each in parts)
        return self.margins(theme) + words + len(parts) * theme.px(16 + 8 + 8)

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


class CauseView(QWidget):
    """``action_chosen`` carries a verb of :class:`CauseCard` and the cause it is for."""

    action_chosen = Signal(str, object)

    def __init__(self, model: CauseModel, themes: ThemeSource, reach: Reach = WHOLE) -> None:
        super().__init__()
        model.setParent(self)
        self.model = model
        self.table = CauseTable(model, themes)
        self.card = CauseCard(themes, reach)
        self.empty = EmptyState(themes.theme, self.table)
        self._retried: dict[str, tuple[State, int]] = {}
        self._both = TableAndCard(self, self.table, self.card, themes.theme.px(ROOM))
        self.rereading = Rereading(self, model.refresh)
        self.table.row_chosen.connect(self._show_card)
        self.table.activated_row.connect(lambda _: self._act("tasks"))
        self.table.link_pressed.connect(self._on_link)
        self.card.action_chosen.connect(self.action_chosen)
        self.table.menu_wanted.connect(self.card.row.open_menu)
        model.shown.connect(self._on_shown)
        model.outdated.connect(self.rereading.note)
        model.failed.connect(self._on_failed)
        themes.changed.connect(self.empty.set_theme)
        self._both.show_card(there=False)

    def current(self) -> Cause | None:
        """Return the cause that is chosen."""
        return self.model.cause(self.table.currentIndex().row())

    def note_retry(self, cause: str, state: State, count: int) -> None:
        """Learn how many tasks of a cause, in which state, a person wants to be tried again."""
        self._retried[cause] = state, count

    def _on_shown(self) -> None:
        there = bool(self.model.rows)
        self._both.show_card(there=there)
        if there:
            self.empty.hide()
        else:
            self.empty.say(self.tr("Nothing needs your help."))
        if there and self.current() is None:
            self.table.selectRow(0)
        self._show_card()

    def _show_card(self) -> None:
        cause = self.current()
        self.card.show_cause(cause, self._tried_again(cause) if cause else 0)

    def _tried_again(self, cause: Cause) -> int:
        """Count those that were tried again so far: many are one after the other, until *Stop*."""
        state, wanted = self._retried.get(cause["cause"], (State.FAILED, 0))
        left_as_they_were = cause["states"].get(state, 0) - cause["new_since_retry"]
        return max(0, wanted - max(0, left_as_they_were))

    def _on_failed(self, sentence: str) -> None:
        if not self.model.rows:
            self.empty.show_failure(sentence)

    def _on_link(self, position: int) -> None:
        cause = self.model.cause(position)
        if cause is not None:
            self._act(cure_verb(cause))

    def _act(self, verb: str) -> None:
        cause = self.current()
        if cause is not None:
            self.action_chosen.emit(verb, cause)
