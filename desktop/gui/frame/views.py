"""The views of the monitor: a row of chips, and the chosen view below it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeySequence
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from desktop.gui.frame.view_switch import TASKS, ViewRow, ViewSwitch
from desktop.gui.table.task_table import TaskTable
from desktop.gui.widgets.below_table import EnlargeButton
from desktop.gui.widgets.lists.many_table import ManyTable
from desktop.gui.widgets.shortcuts import INSIDE, give_key

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from desktop.gui.filter.state_chips import StateChips
    from desktop.gui.look.appearance import ThemeSource


class _Before(NamedTuple):
    """The view shown before the list was narrowed, and its search."""

    view: str
    search: str = ""


class Views(QWidget):
    """Shows one view at a time, chosen by ``switch``, which stands in the top bar.

    ``tasks`` holds the ``table``, and ``chips`` belong to it; :meth:`add` adds further views.
    ``pasted`` carries cells copied from a spreadsheet. ``search_wanted`` carries the search for the
    shown list: a narrowed list starts without one, and the view it was opened from gets its own
    back. A narrowed list stays when its last task leaves it, and says so.
    """

    pasted = Signal(str)
    search_wanted = Signal(str)

    def __init__(
        self,
        tasks: QWidget,
        table: TaskTable,
        chips: StateChips,
        themes: ThemeSource,
    ) -> None:
        super().__init__()
        self._table = table
        self._pages: dict[str, QWidget] = {}
        self._last: QWidget | None = None  # in Tab order
        self._state_chips = chips
        self.switch = ViewSwitch(themes)
        self.row = ViewRow(themes)
        self._stack = QStackedWidget()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.row)
        column.addWidget(self._stack, 1)
        self.add(TASKS, tasks, chips)
        self._before = _Before(TASKS)
        self.switch.view_chosen.connect(self._on_view)
        self.row.narrowing_ended.connect(self.show_all_tasks)
        table.cleared.connect(self.show_all_tasks)
        words = self.tr("Paste rows of a spreadsheet")
        give_key(self, QKeySequence.StandardKey.Paste, words, self._paste, INSIDE)

    def add(self, name: str, page: QWidget, chips: QWidget | None = None) -> None:
        """Add a view with its chips, after the earlier ones in Tab order."""
        reached = [each for part in (chips, page) if part is not None for each in _in_turn(part)]
        self._pages[name] = page
        if chips is not None:
            self.row.add(name, chips)
        self._stack.addWidget(page)
        for each in reached:
            if self._last is not None:
                QWidget.setTabOrder(self._last, each)
            self._last = each

    @property
    def shown(self) -> QWidget:
        """The task table, or the view shown in its place."""
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
        states: tuple[str, ...] = (),
        at_first: bool = False,
    ) -> None:
        """Narrow the list to tasks of a batch, cause or item, or to ``ids``; ``words`` name them.

        A single task is selected; with ``at_first``, the first of several is.
        """
        self._before = _Before(self.switch.choice.value(), self._table.shown.text)
        self.search_wanted.emit("")
        self.switch.choose(TASKS)
        self._state_chips.choose(states)
        self._table.shown.begins_at_first, self._table.shown.named = at_first, words
        self._table.show_part(
            batch_id=batch_id, cause=cause, item_id=item_id, seen=seen, reasons=reasons, ids=ids
        )
        self.row.narrow(words)

    def show_all_tasks(self) -> None:
        """Show all tasks again, after :meth:`show_tasks`."""
        self._table.show_part()
        self.row.narrow("")

    def select_less(self) -> bool:
        """On Escape, give enlarged details back their height, or reduce the selection of a table.

        Return whether there was something to do.
        """
        for each in self.findChildren(EnlargeButton):
            if each.is_enlarged and each.isVisible():
                each.click()
                return True
        rows = self.focusWidget()
        return isinstance(rows, TaskTable | ManyTable) and rows.give_up_selection()

    def _paste(self) -> None:
        text = QGuiApplication.clipboard().text()
        if "\t" in text or "\n" in text.strip():
            self.pasted.emit(text)

    def _on_view(self, view: str) -> None:
        """Show a view and focus it."""
        before = self._before
        if view == before.view != TASKS and self.row.narrowed_to and not self._table.shown.text:
            self.search_wanted.emit(before.search)
        self.row.show_view(view)
        self._stack.setCurrentWidget(self._pages[view])
        (self._table if view == TASKS else self._pages[view]).setFocus()


def _in_turn(part: QWidget) -> Iterator[QWidget]:
    """Yield the widgets that Tab reaches in a part that has no parent yet."""
    each: QWidget | None = part
    while each is not None:
        if each.focusPolicy() & Qt.FocusPolicy.TabFocus:
            yield each
        each = each.nextInFocusChain()
        if each is part:
            return
