"""The view *Causes*: the list, and the card of one below it."""

from __future__ import annotations

import time
from html import escape
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QCoreApplication, QModelIndex, QRect, Qt, Signal
from PySide6.QtWidgets import QLabel, QWidget

from desktop.contract.office import OfficeCure
from desktop.gui.causes.cause_model import (
    CauseColumn,
    CauseModel,
    by_itself_words,
    cure_verb,
    is_of_mail,
    look_of,
    new_words,
    parts,
    state_words,
    stopped,
    whole_over_words,
    words_of_parts,
)
from desktop.gui.kit.lists.list_delegate import ListDelegate
from desktop.gui.kit.lists.list_table import ListTable
from desktop.gui.kit.lists.list_view import ListView
from desktop.gui.kit.lists.list_widths import ColumnFit
from desktop.gui.kit.lists.live_rows import Rereading
from desktop.gui.kit.look.appearance import LOOK, set_role, sized
from desktop.gui.kit.widgets.action_row import Action, ActionRow
from desktop.gui.kit.widgets.card import Card, Headline
from desktop.gui.kit.widgets.texts import WholeLabel
from desktop.gui.kit.words.ages import minute_of_day
from desktop.gui.kit.words.plurals import figure
from desktop.gui.kit.words.reasons import cause_words, cure_words
from desktop.gui.kit.words.states import LOOKS, sentences
from desktop.gui.kit.words.table import say
from desktop.gui.kit.words.verbs import action_word, effect_of, tip_words
from desktop.gui.tasks.acting.pending_actions import PendingActions
from sendoff_tasks.model.causes import Cure
from sendoff_tasks.model.states import State
from sendoff_tasks.model.times import epoch

if TYPE_CHECKING:
    from collections.abc import Sequence
    from collections.abc import Set as AbstractSet

    from PySide6.QtCore import QPersistentModelIndex
    from PySide6.QtGui import QFocusEvent, QMouseEvent, QPainter, QShowEvent

    from desktop.gui.kit.lists.live_rows import Cell
    from desktop.gui.kit.look.theme import Theme
    from desktop.gui.kit.rights import WindowRights
    from desktop.gui.kit.words.states import Look
    from desktop.gui.tasks.acting.pending_actions import PendingAction
    from sendoff_tasks.model.causes import Cause

    Index = QModelIndex | QPersistentModelIndex


translate = QCoreApplication.translate


class CauseCard(Card):
    """Shows one cause; ``action_chosen`` carries a verb and the cause.

    The verbs: ``mail_settings``, ``sign_in``, ``correct_address``, ``tasks_folder``, ``retry``
    (failed tasks), ``try_now`` (waiting tasks), ``resume`` (the pause), ``done`` and ``again``
    (uncertain tasks), ``undo`` (a pending action), ``tasks`` (show them).
    """

    action_chosen = Signal(str, object)

    def __init__(self, rights: WindowRights) -> None:
        super().__init__()
        self._rights = rights
        self.row = ActionRow(rights)
        self.row.chosen.connect(self.action_chosen)
        # As high as the first line of buttons.
        self._count = set_role(sized(QLabel(), least_height=32), "title")
        self.title = Headline()
        self.states = QLabel(textFormat=Qt.TextFormat.RichText, wordWrap=True)
        self._parts: Sequence[tuple[State, str]] = ()
        self._about = WholeLabel()
        self.top.addWidget(self._count, 0, Qt.AlignmentFlag.AlignTop)
        self.top.addLayout(self.row, 1)
        self.column.addWidget(self.title)
        self.column.addWidget(self.states)
        self.column.addWidget(self._about)
        self.column.addStretch(1)
        LOOK.changed.connect(self._show_parts)
        self.show_cause(None)

    def show_cause(
        self,
        cause: Cause | None,
        started: Sequence[PendingAction] = (),
        over_since: float | None = None,
        *,
        is_paused: bool = False,
        is_held: bool = False,
    ) -> None:
        """Show a cause, or none.

        ``started`` are pending actions, which can only be undone. ``over_since``, epoch s: it stops
        no task any more. ``is_paused``: its tasks wait for the end of a pause, ``is_held``: they
        wait for their queue.
        """
        for part in (self.title, self._count):
            part.setVisible(cause is not None)
        self.show_bar(there=cause is not None)
        actions = [] if cause is None else _actions(cause, self, started, is_paused=is_paused)
        self.row.offer(actions, cause)
        self._parts = words_of_parts(cause) if cause is not None and stopped(cause) else ()
        self._show_parts()  # without parts, the count is at the top
        if cause is None:
            self._about.setText(self.tr("Choose a cause to see what helps."))
            return
        if over_since is not None:
            self.row.offer([], cause)
            self._count.setText(self.tr("Over"))
            self.title.say(cause_words(cause["about"]), "check", "soft text")
            self._about.setText(whole_over_words(cause, over_since, time.time()))
            return
        count = say("count", "tasks", n=cause["count"] + cause["behind"])
        self._count.setText(count if stopped(cause) else state_words(cause))
        worst, *others = (look_of(cause, state) for state, _ in parts(cause))
        token = "text" if others else worst.token  # several states have several colours
        self.title.say(cause_words(cause["about"]), worst.icon, token)
        self._about.setText(self._explanation(cause, is_paused=is_paused, is_held=is_held))

    def _show_parts(self) -> None:
        """Show the number of tasks in each state, in the state's colour."""
        ink = LOOK.theme.ink
        said = [
            f'<span style="color: {ink(LOOKS[state].token).name()}">{escape(words)}</span>'
            for state, words in self._parts
        ]
        self.states.setText(" · ".join(said))
        self.states.setVisible(bool(said))

    def _explanation(self, cause: Cause, *, is_paused: bool, is_held: bool) -> str:
        now = time.time()
        first, last = epoch(cause["first_at"]) or now, epoch(cause["last_at"]) or now
        name = "paused" if cause["cure"] == Cure.RESUME else "since"
        begun, newest = minute_of_day(first, now), minute_of_day(last, now)
        since = say("cause_card", name, first=begun, last=newest)
        where = ", ".join(cause["where"])
        places = say("cause_card", "where", where=where) if where else ""
        alone = by_itself_words(cause, is_paused=is_paused, is_held=is_held)
        twice = ""
        if cause["states"].get(State.UNCERTAIN) and self._rights.may_change:
            is_mail = is_of_mail(cause)
            twice = f"{action_word('again', is_mail)}: {effect_of('again', is_mail)}"
        return sentences(since, places, alone, new_words(cause), twice)


def _actions(
    cause: Cause, card: QWidget, started: Sequence[PendingAction], *, is_paused: bool
) -> list[Action]:
    """Return the actions: the cure first, then those that fit the states of the tasks."""
    busy = {state for each in started if each.query for state in each.query.states}
    counts = {state: count for state, count in cause["states"].items() if state not in busy}
    failed, unsure = counts.get(State.FAILED, 0), counts.get(State.UNCERTAIN, 0)
    waiting = counts.get(State.WAITING, 0)
    found = []
    icons_of = {
        OfficeCure.MAIL_SETTINGS: "settings",
        OfficeCure.SIGN_IN: "settings",
        OfficeCure.CORRECT_ADDRESS: "pencil",
        Cure.TASKS_FOLDER: "folder-open",
        OfficeCure.EDIT_TEMPLATE: "file-text",
    }
    for cure, name in icons_of.items():
        if cause["cure"] == cure:
            wrong = failed if cure == OfficeCure.CORRECT_ADDRESS else 0
            words = say("cure", "correct_addresses", n=wrong)
            found.append(Action(cure, words if wrong else cure_words(cure), name))
    if any(not each.is_due for each in started):
        found.append(Action("undo", card.tr("Undo"), "undo-2", tip_words("undo")))
    if failed and cause["cure"] != OfficeCure.CORRECT_ADDRESS:  # a wrong address only fails again
        words = say("cure", "retry_failed", n=failed)
        found.append(Action("retry", words, "rotate-cw"))
    if cause["cure"] == Cure.RESUME:
        tip = card.tr("Let them start again.")
        found.append(Action("resume", card.tr("Resume"), "play", tip))
    elif waiting and not (is_paused and cause["cure"] is None):  # nothing could be tried
        found.append(
            Action("try_now", card.tr("Try now ({})").format(figure(waiting)), "rotate-cw")
        )
    if unsure:
        is_mail = is_of_mail(cause)
        settled = card.tr("The tasks end here, and nothing is sent again.")
        twice = card.tr("They run once more; what was already done is done a second time.")
        done, again = (
            f"{action_word(each, is_mail)} ({figure(unsure)})" for each in ("done", "again")
        )
        found.append(Action("done", done, "check", settled))
        found.append(Action("again", again, "send", twice))
    return [*found, Action("tasks", card.tr("Show its tasks"), "chevron-right")]


FITS: Final = {
    CauseColumn.TASKS: ColumnFit(124, least=76, whole=True),
    CauseColumn.CAUSE: ColumnFit(370, least=260),
    CauseColumn.WHERE: ColumnFit(150, least=76, leaves=2),
    CauseColumn.FIRST: ColumnFit(72, whole=True, leaves=1),
    CauseColumn.LAST: ColumnFit(72, whole=True, leaves=3),
    CauseColumn.HELP: ColumnFit(340, least=90, whole=True),
}
"""Counts, dates and links are never cut; *What helps* fits each cure and the count since a retry.

The card has the values of columns that are hidden.
"""


class CauseTable(ListTable):
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
        if self._is_link(index):
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


class CauseView(ListView):
    """Table and card; ``action_chosen`` carries a verb of :class:`CauseCard` and the cause."""

    action_chosen = Signal(str, object)
    model: CauseModel
    table: CauseTable
    card: CauseCard

    def __init__(self, model: CauseModel, rights: WindowRights, pending: PendingActions) -> None:
        super().__init__(model, CauseTable(model), CauseCard(rights))
        self._pending = pending
        self._pending.changed.connect(self._show_card)
        self._chooses_first = True
        self.rereading = Rereading(self, model.refresh)
        self.table.row_chosen.connect(self._show_card)
        self.table.row_activated.connect(lambda _: self._act("tasks"))
        self.table.link_pressed.connect(self._on_link)
        self.card.action_chosen.connect(self.action_chosen)
        model.shown.connect(self._on_shown)
        model.outdated.connect(self.rereading.note)
        model.dataChanged.connect(self._show_card)
        for told in (model.shown, model.failed):
            told.connect(self.table.viewport().show)
        self.show_card(there=False)

    def set_stopped(self, paused: AbstractSet[str], held: AbstractSet[str]) -> None:
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
            self._chooses_first = self.table.current() is None
            self.table.viewport().setVisible(is_ordered or not self.model.rows)
            self.table.show_chosen()

    def _on_shown(self) -> None:
        there = bool(self.model.rows)
        self.show_card(there=there)
        if not there:
            self.empty.say(say("none", "causes"))
        if there and self._chooses_first:
            self._chooses_first = False  # a cause that disappears has no successor
            if self.table.current() is None:
                self.table.selectRow(0)
        if self.table.viewport().isHidden():  # they were sorted again
            self.table.show_chosen()
        self._show_card()

    def _show_card(self) -> None:
        cause = self.table.current()
        if cause is None:
            self.card.show_cause(None)
            return
        started = self._pending.of_cause(cause["cause"])
        stands = {"is_paused": self.model.is_paused(cause), "is_held": self.model.is_held(cause)}
        self.card.show_cause(cause, started, self.model.over_since(cause), **stands)

    def _on_link(self, position: int) -> None:
        cause = self.model.row_at(position)
        if cause is not None:
            self._act(cure_verb(cause))

    def _act(self, verb: str) -> None:
        cause = self.table.current()
        if cause is not None and self.model.over_since(cause) is None:
            self.action_chosen.emit(verb, cause)
