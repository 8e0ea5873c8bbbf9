"""The view of causes: their table, and below it the one that is chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from desktop.contract.causes import Cure
from desktop.gui.causes.cause_card import CauseCard
from desktop.gui.causes.cause_table import CauseTable
from desktop.gui.parts.lists.empty_state import EmptyState
from desktop.gui.parts.lists.rereading import Rereading

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent

    from desktop.contract.causes import Cause
    from desktop.gui.causes.cause_model import CauseModel
    from desktop.gui.look.appearance import ThemeSource


class CauseView(QWidget):
    """``action_chosen`` carries a verb of :class:`CauseCard` and the cause it is for."""

    action_chosen = Signal(str, object)

    def __init__(self, model: CauseModel, themes: ThemeSource) -> None:
        super().__init__()
        model.setParent(self)
        self.model = model
        self.table = CauseTable(model, themes)
        self.card = CauseCard(themes)
        self.empty = EmptyState(themes.theme, self.table.viewport())
        self._retried: dict[str, int] = {}
        self._down = QSplitter(Qt.Orientation.Vertical, childrenCollapsible=False)
        self._down.addWidget(self.table)
        self._down.addWidget(self.card)
        self._down.setStretchFactor(0, 1)
        self._down.setHandleWidth(1)
        self._down.handle(1).setAccessibleName(self.tr("Height of the details"))
        self._down.setSizes([480, themes.theme.px(200)])
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._down)
        self.setFocusProxy(self.table)
        self.rereading = Rereading(self, model.refresh)
        self.table.row_chosen.connect(self._show_card)
        self.table.activated_row.connect(lambda _: self._act("tasks"))
        self.table.link_pressed.connect(self._on_link)
        self.card.action_chosen.connect(self._act)
        model.shown.connect(self._on_shown)
        model.outdated.connect(self.rereading.note)
        model.failed.connect(self._on_failed)
        themes.changed.connect(self.empty.set_theme)
        self.card.hide()

    def current(self) -> Cause | None:
        """Return the cause that is chosen."""
        return self.model.cause(self.table.currentIndex().row())

    def note_retry(self, cause: str, count: int) -> None:
        """Learn how many tasks of a cause are tried again: its card tells how far that is."""
        self._retried[cause] = count

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the words of an empty table in its middle."""
        super().resizeEvent(event)
        self.empty.resize(self.table.viewport().size())

    def _on_shown(self) -> None:
        there = bool(self.model.rows)
        self.card.setVisible(there)
        if there:
            self.empty.hide()
        else:
            self.empty.resize(self.table.viewport().size())
            self.empty.say(self.tr("Nothing has failed, and nothing waits for a cure."))
        if there and self.current() is None:
            self.table.selectRow(0)
        self._show_card()

    def _show_card(self) -> None:
        cause = self.current()
        self.card.show_cause(cause, self._retried.get(cause["cause"], 0) if cause else 0)

    def _on_failed(self, sentence: str) -> None:
        if not self.model.rows:
            self.empty.show_failure(sentence)

    def _on_link(self, position: int) -> None:
        cause = self.model.cause(position)
        if cause is not None:
            # Which of the two is true of an uncertain one, its tasks and the card tell.
            self._act("tasks" if cause["cure"] == Cure.RESOLVE else str(cause["cure"]))

    def _act(self, verb: str) -> None:
        cause = self.current()
        if cause is not None:
            self.action_chosen.emit(verb, cause)
