"""The views of the monitor: a row of chips, and below it the one that is chosen."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QGuiApplication, QKeySequence
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from desktop.gui.frame.view_switch import TASKS, ViewRow, ViewSwitch
from desktop.gui.table.task_table import TaskTable
from desktop.gui.widgets.keys import INSIDE, give_key
from desktop.gui.widgets.lists.many_table import ManyTable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from desktop.gui.filter.state_chips import StateChips
    from desktop.gui.look.appearance import ThemeSource


@dataclass(frozen=True, slots=True)
class _Before:
    """What was shown before some tasks: a view, or a part of the tasks and its words."""

    view: str
    words: str = ""
    search: str = ""
    part: Mapping[str, Any] = field(default_factory=dict)


class Views(QWidget):
    """Shows one view at a time; ``switch`` chooses it, and stands elsewhere.

    ``tasks`` is what shows the ``table``; ``others`` are the views beside it, by their names, and
    ``chips`` those of all that have some. ``pasted`` carries cells that were copied from a
    spreadsheet. ``search_wanted`` carries the search that belongs to what is shown: tasks that
    something leads to are shown without one, and the view they were reached from has its own back.
    A list of tasks with one cause gives way to what was shown before it once a person
    has dealt with all of them: there it is told what becomes of them. Of those that are marked as
    seen nothing becomes: their list stays.
    """

    pasted = Signal(str)
    search_wanted = Signal(str)

    def __init__(
        self,
        tasks: QWidget,
        table: TaskTable,
        others: Mapping[str, QWidget],
        chips: Mapping[str, QWidget],
        themes: ThemeSource,
    ) -> None:
        super().__init__()
        self._table = table
        self._pages = {TASKS: tasks, **others}
        self._state_chips = chips[TASKS]
        self.switch = ViewSwitch(themes)
        self.row = ViewRow(chips, themes)
        self._stack = QStackedWidget()
        for page in self._pages.values():
            self._stack.addWidget(page)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.row)
        column.addWidget(self._stack, 1)
        self._before = _Before(TASKS)
        self._is_dealt_with = False
        # Later: others may take the place of those that leave.
        table.model().rowsRemoved.connect(lambda: QTimer.singleShot(0, self, self._leave_done))
        self.switch.view_chosen.connect(self._on_view)
        self.row.narrowing_ended.connect(self.show_all_tasks)
        table.cleared.connect(self.show_all_tasks)
        words = self.tr("Paste rows of a spreadsheet")
        give_key(self, QKeySequence.StandardKey.Paste, words, self._paste, INSIDE)

    @property
    def shown(self) -> QWidget:
        """The table of tasks, or the view that is shown in its place."""
        view = self.switch.choice.value()
        return self._table if view == TASKS else self._pages[view]

    def show_tasks(
        self,
        words: str,
        *,
        batch_id: int | None = None,
        cause: str | None = None,
        item_id: int | None = None,
        seen: bool | None = None,
        reasons: Sequence[str] = (),
        ids: Sequence[int] = (),
        at_first: bool = False,
    ) -> None:
        """Show tasks of a batch, a cause or an item, or some; ``words`` say which these are.

        The only one is selected, or the first where it is to begin ``at_first``.
        """
        shown, view = self._table.shown, self.switch.choice.value()
        self._before = _Before(view, self.row.narrowed_to, shown.text, shown.part)
        self._is_dealt_with = False
        self.search_wanted.emit("")
        self.switch.choose(TASKS)
        self._choose_all_states()
        self._table.shown.begins_at_first, self._table.shown.named = at_first, words
        self._table.show_part(
            batch_id=batch_id, cause=cause, item_id=item_id, seen=seen, reasons=reasons, ids=ids
        )
        self.row.narrow(words)

    def show_all_tasks(self) -> None:
        """End what :meth:`show_tasks` began."""
        self._table.show_part()
        self.row.narrow("")

    def select_less(self) -> bool:
        """Give up the selection, at Escape in its rows; tells whether there was anything to do."""
        rows = self.focusWidget()
        return isinstance(rows, TaskTable | ManyTable) and rows.give_up_selection()

    def note_action(self, verb: str) -> None:
        """Learn what the person does to tasks that are shown: to look at them ends no list."""
        self._is_dealt_with = verb not in {"seen", "unseen"}

    def _leave_done(self) -> None:
        """Leave the list of a cause whose last task a person has dealt with."""
        table, before = self._table, self._before
        is_empty = not table.model().rowCount() and not table.shown.text
        if not (self._is_dealt_with and is_empty and table.shown.part.get("cause")):
            return
        self._is_dealt_with = False
        if self.switch.choice.value() == TASKS and before.view != TASKS:
            self.switch.choose(before.view)
            before = _Before(TASKS)
        self._choose_all_states()
        table.shown.named = before.words
        table.show_part(**before.part)
        self.row.narrow(before.words)

    def _paste(self) -> None:
        text = QGuiApplication.clipboard().text()
        if "\t" in text or "\n" in text.strip():
            self.pasted.emit(text)

    def _choose_all_states(self) -> None:
        chips: StateChips = self._state_chips  # type: ignore[assignment]
        chips.choose(())

    def _on_view(self, view: str) -> None:
        """Show a view; the keyboard follows."""
        before = self._before
        if view == before.view != TASKS and self.row.narrowed_to and not self._table.shown.text:
            self.search_wanted.emit(before.search)
        self.row.show_view(view)
        self._stack.setCurrentWidget(self._pages[view])
        (self._table if view == TASKS else self._pages[view]).setFocus()
