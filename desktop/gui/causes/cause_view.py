"""The view *Causes*: the table, and below it the selected cause."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QModelIndex, QRect, Qt, Signal
from PySide6.QtWidgets import QWidget

from desktop.contract.states import State
from desktop.gui.causes.cause_card import CauseCard, SeveralCauses
from desktop.gui.causes.cause_model import CauseColumn, CauseModel
from desktop.gui.causes.cause_words import cure_verb
from desktop.gui.kit.lists.empty_state import EmptyState
from desktop.gui.kit.lists.list_delegate import ListDelegate
from desktop.gui.kit.lists.list_table import ManyTable
from desktop.gui.kit.lists.list_widths import ColumnFit
from desktop.gui.kit.lists.live_rows import Rereading
from desktop.gui.kit.look.follow import LOOK
from desktop.gui.kit.reach import WHOLE
from desktop.gui.kit.widgets.card import ROOM, TableAndCard
from desktop.gui.tasks.acting.pending_actions import PendingActions

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

    from PySide6.QtCore import QPersistentModelIndex, QPoint
    from PySide6.QtGui import QFocusEvent, QMouseEvent, QPainter, QShowEvent

    from desktop.contract.causes import Cause
    from desktop.gui.kit.lists.live_rows import Cell
    from desktop.gui.kit.look.appearance import ThemeSource
    from desktop.gui.kit.look.theme import Theme
    from desktop.gui.kit.reach import Reach
    from desktop.gui.kit.words.states import Look

    Index = QModelIndex | QPersistentModelIndex


FITS: Final = {
    CauseColumn.TASKS: ColumnFit(124, least=76, whole=True),
    CauseColumn.CAUSE: ColumnFit(370, least=110),
    CauseColumn.WHERE: ColumnFit(150, least=76, leaves=2),
    CauseColumn.FIRST: ColumnFit(72, whole=True, leaves=1),
    CauseColumn.LAST: ColumnFit(72, whole=True, leaves=3),
    CauseColumn.HELP: ColumnFit(340, least=90, whole=True),
}
"""Counts, dates and links are never cut; *What helps* fits each cure and the count since a retry.

The card has the values of columns that are hidden.
"""


class CauseTable(ManyTable):
    """Shows a :class:`CauseModel`; ``link_pressed`` carries the row whose cure was clicked."""

    link_pressed = Signal(int)

    def __init__(self, model: CauseModel) -> None:
        super().__init__(model, "", FITS)
        self._causes = model
        self.setAccessibleName(self.tr("Causes"))
        self.setItemDelegate(CauseDelegate(self))
        self.viewport().setMouseTracking(True)
        self.clicked.connect(self._on_clicked)

    def rowsAboutToBeRemoved(self, parent: Index, first: int, last: int) -> None:
        """Clear the selection with its row, so the next action does not hit a neighbour."""
        if first <= self.currentIndex().row() <= last:
            self.setCurrentIndex(QModelIndex())
        super().rowsAboutToBeRemoved(parent, first, last)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Take the focus without selecting a row: it may come from a button that disappeared."""
        is_chosen = self.currentIndex().isValid()
        super().focusInEvent(event)
        if not is_chosen:
            self.setCurrentIndex(QModelIndex())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Show that a link can be pressed."""
        super().mouseMoveEvent(event)
        over = self.indexAt(event.position().toPoint())
        hand = Qt.CursorShape.PointingHandCursor
        shape = hand if self._is_link(over) else Qt.CursorShape.ArrowCursor
        self.viewport().setCursor(shape)

    def _on_clicked(self, index: QModelIndex) -> None:
        if self._is_link(index) and len(self.chosen()) == 1:  # not while several are being selected
            self.link_pressed.emit(index.row())

    def _is_link(self, index: QModelIndex) -> bool:
        return index.isValid() and self._causes.cell(index.row(), index.column()).mark is True


class CauseDelegate(ListDelegate):
    """Paints each part of a count after its state's icon, and links in the accent colour.

    If the parts do not fit, their sum is painted after the icon of the worst state.
    """

    def paint_cell(self, painter: QPainter, room: QRect, cell: Cell, theme: Theme) -> None:
        """Paint one cell."""
        match cell.mark:
            case list(parts):
                self._paint_parts(painter, room, cell.words, parts)
            case True:
                self.write(painter, room, cell.words, theme.ink("accent"), bolder=True)
            case _:
                super().paint_cell(painter, room, cell, theme)

    def content_width(self, cell: Cell, theme: Theme) -> int:
        """Return the width of the text, or of all parts of a count."""
        match cell.mark:
            case list(parts):
                words = sum(self.length(each, bolder=True) for _, each in parts)
                return words + len(parts) * theme.px(16 + 8 + 8)
            case True:
                return self.length(cell.words, bolder=True) + 1
        return super().content_width(cell, theme)

    def _paint_parts(
        self, painter: QPainter, room: QRect, whole: str, parts: list[tuple[Look, str]]
    ) -> None:
        theme = LOOK.theme
        widths = [self.length(words, bolder=True) for _, words in parts]
        space = theme.px(8)
        if sum(widths) + len(parts) * (theme.px(16 + 8) + space) - space > room.width():
            room = self.mark(painter, room, parts[0][0].icon, theme.color(parts[0][0].token))
            ink = theme.ink("text" if len(parts) > 1 else parts[0][0].token)
            self.write(painter, room, whole, ink, bolder=True)
            return
        for look, words in parts:
            room = self.mark(painter, room, look.icon, theme.color(look.token))
            written = self.write(painter, room, words, theme.ink(look.token), bolder=True)
            room = room.adjusted(written + space, 0, 0, 0)


class CauseView(QWidget):
    """Table and card; ``action_chosen`` carries a verb of :class:`CauseCard` and the cause."""

    action_chosen = Signal(str, object)

    def __init__(
        self,
        model: CauseModel,
        themes: ThemeSource,
        reach: Reach = WHOLE,
        pending: PendingActions | None = None,
    ) -> None:
        super().__init__()
        self._pending = pending or PendingActions(self)
        self._pending.changed.connect(self._show_card)
        model.setParent(self)
        self.model = model
        self.table = CauseTable(model)
        self.card = CauseCard(themes, reach)
        self.empty = EmptyState(self.table)
        self._retried: dict[str, tuple[State, int]] = {}
        self._chooses_first = True
        self.several = SeveralCauses(themes, reach)
        height = themes.theme.px(ROOM)
        self._both = TableAndCard(self, self.table, self.card, height, self.several)
        self.rereading = Rereading(self, model.refresh)
        for chosen in (self.table.row_chosen, self.table.chosen_changed):
            chosen.connect(self._show_card)
        self.table.row_activated.connect(lambda _: self._act("tasks"))
        self.table.link_pressed.connect(self._on_link)
        for part in (self.card, self.several):
            part.action_chosen.connect(self.action_chosen)
        self.table.menu_wanted.connect(self._on_menu_wanted)
        model.shown.connect(self._on_shown)
        model.outdated.connect(self.rereading.note)
        model.dataChanged.connect(self._show_card)
        model.failed.connect(self._on_failed)
        for told in (model.shown, model.failed):
            told.connect(self.table.viewport().show)
        self._both.show_card(there=False)

    def current(self) -> Cause | None:
        """Return the selected cause."""
        return self.model.cause(self.table.currentIndex().row())

    def set_stopped(self, paused: AbstractSet[str], held: AbstractSet[str] = frozenset()) -> None:
        """Set which queues are paused (with "" for all), and which are on hold."""
        if (paused, held) != (self.model.paused, self.model.held):
            self.model.paused, self.model.held = paused, held
            self.table.viewport().update()
            self._show_card()

    def showEvent(self, event: QShowEvent) -> None:
        """Sort the causes now: while they are visible, none moves under the pointer.

        If they are being read, hide the old ones, which would move.
        """
        super().showEvent(event)
        if not event.spontaneous():
            is_ordered = self.model.sort_again()
            self._chooses_first = self.current() is None
            self.table.viewport().setVisible(is_ordered or not self.model.rows)

    def note_retry(self, cause: str, state: State, count: int) -> None:
        """Note how many tasks of a cause, in which state, a person tries again."""
        self._retried[cause] = state, count

    def _on_shown(self) -> None:
        there = bool(self.model.rows)
        self._both.show_card(there=there)
        if there:
            self.empty.hide()
        else:
            self.empty.say(self.tr("Nothing needs your help."))
        if there and self._chooses_first:
            self._chooses_first = False  # a cause that disappears has no successor
            if self.current() is None:
                self.table.selectRow(0)
        self._show_card()

    def _on_menu_wanted(self, at: QPoint) -> None:
        shown = self.several if len(self.table.chosen()) > 1 else self.card
        shown.row.open_menu(at, self.table.add_copy)

    def _show_card(self) -> None:
        found = [self.model.cause(row) for row in self.table.chosen()]
        several = [each for each in found if each is not None]
        self._both.show_several(are_chosen=len(several) > 1)
        if len(several) > 1:
            left = [each for each in several if self.model.over_since(each) is None]
            self.several.show_causes(left, self._pending.of_cause)
            return
        cause = self.current()
        if cause is None:
            self.card.show_cause(None)
            return
        started = self._pending.of_cause(cause["cause"])
        is_paused, may_resume = self.model.is_paused(cause), self.model.may_resume(cause)
        stands = {"is_paused": is_paused, "is_held": self.model.is_held(cause)}
        retried = self._tried_again(cause)
        over = self.model.over_since(cause)
        self.card.show_cause(
            cause,
            retried,
            started,
            **stands,
            may_resume=may_resume,
            over_since=over,
            became=self.model.became(cause),
        )

    def _tried_again(self, cause: Cause) -> int:
        """Count the tasks that were tried again so far: many are tried in steps, until *Stop*."""
        state, wanted = self._retried.get(cause["cause"], (State.FAILED, 0))
        left_as_they_were = cause["states"].get(state, 0) - cause["new_since_retry"]
        return max(0, wanted - max(0, left_as_they_were))

    def _on_failed(self, sentence: str) -> None:
        if sentence and not self.model.rows:
            self.empty.show_failure(sentence)

    def _on_link(self, position: int) -> None:
        cause = self.model.cause(position)
        if cause is not None:
            self._act(cure_verb(cause))

    def _act(self, verb: str) -> None:
        cause = self.current()
        if cause is not None and self.model.over_since(cause) is None:
            self.action_chosen.emit(verb, cause)
