"""The views of the monitor: a switch with chips, and below it the one that is chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication, QKeySequence
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from desktop.gui.frame.view_switch import TASKS, ViewSwitch
from desktop.gui.widgets.keys import INSIDE, give_key
from desktop.gui.widgets.surfaces import Sideways

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from PySide6.QtWidgets import QApplication

    from desktop.gui.filter.state_chips import StateChips
    from desktop.gui.look.appearance import ThemeSource
    from desktop.gui.table.task_table import TaskTable


class Views(QWidget):
    """Shows one view at a time.

    ``tasks`` is what shows the ``table``; ``others`` are the views beside it, by their names, and
    ``chips`` those of all that have some. ``pasted`` carries cells that were copied from a
    spreadsheet.
    """

    pasted = Signal(str)

    def __init__(
        self,
        tasks: QWidget,
        table: TaskTable,
        others: Mapping[str, QWidget],
        chips: Mapping[str, QWidget],
        app: QApplication,
        themes: ThemeSource,
    ) -> None:
        super().__init__()
        self._table = table
        self._pages = {TASKS: tasks, **others}
        self._state_chips = chips[TASKS]
        rows = {name: Sideways(row, app) for name, row in chips.items()}
        self.switch = ViewSwitch(rows, themes)
        self._stack = QStackedWidget()
        for page in self._pages.values():
            self._stack.addWidget(page)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.switch)
        column.addWidget(self._stack, 1)
        self.switch.view_chosen.connect(self._on_view)
        self.switch.narrowing_ended.connect(self.show_all_tasks)
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
    ) -> None:
        """Show tasks of a batch, a cause or an item; ``words`` say which these are."""
        self.switch.choose(TASKS)
        self._choose_all_states()
        self._table.show_part(
            batch_id=batch_id, cause=cause, item_id=item_id, seen=seen, reasons=reasons
        )
        self.switch.narrow(words)

    def show_all_tasks(self) -> None:
        """End what :meth:`show_tasks` began."""
        self._table.show_part()
        self.switch.narrow("")

    def _paste(self) -> None:
        text = QGuiApplication.clipboard().text()
        if "\t" in text or "\n" in text.strip():
            self.pasted.emit(text)

    def _choose_all_states(self) -> None:
        chips: StateChips = self._state_chips  # type: ignore[assignment]
        chips.choose(())

    def _on_view(self, view: str) -> None:
        """Show a view; the keyboard follows."""
        self._stack.setCurrentWidget(self._pages[view])
        (self._table if view == TASKS else self._pages[view]).setFocus()
