"""The summary and buttons for the tasks of selected items."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop.gui.chosen.action_buttons import ActionButtons
from desktop.gui.chosen.selected_tasks import SelectedTasks
from desktop.gui.widgets.below_table import EnlargeButton, Scrolled
from desktop.gui.widgets.surfaces import Rule

if TYPE_CHECKING:
    from desktop.gui.look.appearance import ThemeSource
    from desktop.gui.look.theme import Theme
    from desktop.gui.reach import Reach
    from desktop.gui.table.selected import Selected
    from desktop.gui.tasks.pending_actions import PendingActions


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
