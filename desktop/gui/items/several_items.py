"""The summary of several selected items: their number, their tasks, and actions on these."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop.gui.chosen.action_buttons import ActionButtons
from desktop.gui.chosen.selected_tasks import SelectedTasks
from desktop.gui.items.item_selection import ItemSelection
from desktop.gui.table.task_menu import add_copies, copy_text, menu_of_actions
from desktop.gui.widgets.below_table import EnlargeButton, Scrolled
from desktop.gui.widgets.shortcuts import HERE, give_key
from desktop.gui.widgets.surfaces import Rule

if TYPE_CHECKING:
    from PySide6.QtWidgets import QMenu

    from desktop.gui.items.item_model import ItemModel
    from desktop.gui.look.appearance import ThemeSource
    from desktop.gui.look.theme import Theme
    from desktop.gui.reach import Reach
    from desktop.gui.table.selected import Selected
    from desktop.gui.table.task_actions import TaskAction
    from desktop.gui.tasks.pending_actions import PendingActions
    from desktop.gui.widgets.lists.many_table import ManyTable


class SeveralTasks(QWidget):
    """Shows tasks as the detail does; ``action_chosen`` carries a verb and its tasks."""

    action_chosen = Signal(str, object)

    def __init__(self, themes: ThemeSource, reach: Reach, pending: PendingActions) -> None:
        super().__init__()
        self.setProperty("area", "pane")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.tasks = SelectedTasks(themes, reach, pending)
        self.buttons = ActionButtons(themes)
        self.buttons.chosen.connect(self.action_chosen)
        for changed in (pending.changed, pending.previews_changed):
            changed.connect(self._on_pending_changed)
        self._bar = QWidget()
        self._row = QHBoxLayout(self._bar)
        self._row.addWidget(self.buttons, 1)
        self.enlarge = EnlargeButton()
        self._row.addWidget(self.enlarge)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._bar)
        column.addWidget(Rule())
        column.addWidget(Scrolled(self.tasks), 1)
        self.setFocusProxy(self.tasks)
        themes.changed.connect(self._on_theme)
        self._on_theme(themes.theme)

    def show_selected(self, selected: Selected | None, title: str = "") -> None:
        """Show other tasks, or none."""
        self.tasks.show_selected(selected, title)
        self.buttons.offer(self.tasks.fitting)

    def _on_pending_changed(self) -> None:
        self.tasks.say_again()
        self.buttons.offer(self.tasks.fitting)

    def _on_theme(self, theme: Theme) -> None:
        self._row.setContentsMargins(theme.px(16), 0, theme.px(16), 0)
        self._row.setSpacing(theme.px(8))
        self.enlarge.dress(theme)
        self._bar.setFixedHeight(theme.height(42, low=34))


class SeveralItems(SeveralTasks):
    """Replaces the card while several items are selected in ``table``."""

    def __init__(
        self,
        model: ItemModel,
        table: ManyTable,
        themes: ThemeSource,
        reach: Reach,
        pending: PendingActions,
    ) -> None:
        super().__init__(themes, reach, pending)
        self._model = model
        self._table = table
        self._themes = themes
        self.is_shown = False
        self.selection = ItemSelection(model, table, reach, pending)
        self.selection.changed.connect(self._on_selection_changed)
        words = self.tr("Cancel the tasks of the selected items, or remove those that have ended")
        give_key(table, QKeySequence.StandardKey.Delete, words, self._take_out, HERE)

    def menu(self) -> QMenu:
        """Return the menu of actions for the items' tasks."""
        selected, theme = self.selection.selected, self._themes.theme
        return menu_of_actions(selected, theme, self, self._act, self.add_copies)

    def add_copies(self, menu: QMenu) -> None:
        """Add entries that copy the items, and the addresses of their recipients."""
        people = [item["recipient"] for item in self.selection.items()]
        found = list(dict.fromkeys(each["email"] for each in people if each))
        words = self.tr("Copy %Ln addresses", None, len(found))
        second = partial(copy_text, found) if found else None
        text = self.tr("Copy as text")
        add_copies(menu, self._themes.theme, text, self._table.copy_rows, words, second)

    def _on_selection_changed(self, items: list[int]) -> None:
        self.is_shown = len(items) > 1
        if not self.is_shown:
            self.show_selected(None)
            return
        count, selected = len(items), self.selection.selected
        title = self.tr("%Ln items selected", None, count)
        if self._model.is_full and count == self._model.rowCount():
            title = self.tr(
                "The first %Ln items are selected: more are not possible at once", None, count
            )
        tasks = self.tr("%Ln tasks", None, selected.count)
        self.show_selected(selected, f"{title} · {tasks}")

    def _take_out(self) -> None:
        action = self.selection.selected.taking_out
        if action is not None:
            self._act(action)

    def _act(self, action: TaskAction) -> None:
        self.action_chosen.emit(action.verb, action.which)
