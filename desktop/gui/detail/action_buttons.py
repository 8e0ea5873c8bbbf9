"""The buttons of what can be done to the tasks shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from desktop.gui.look import icons
from desktop.gui.parts.texts import tip

if TYPE_CHECKING:
    from desktop.gui.look.appearance import ThemeSource
    from desktop.gui.look.theme import Theme
    from desktop.gui.table.task_actions import TaskAction


class ActionButtons(QWidget):
    """A row of buttons; ``chosen`` carries an action's verb and the tasks it fits."""

    chosen = Signal(str, object)

    def __init__(self, themes: ThemeSource) -> None:
        super().__init__()
        self._themes = themes
        self._actions: list[TaskAction] = []
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        themes.changed.connect(self._on_theme)
        self._on_theme(themes.theme)

    def offer(self, actions: list[TaskAction]) -> None:
        """Show these; the buttons are replaced only when they differ."""
        if actions == self._actions:
            return
        self._actions = actions
        while (item := self._row.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for action in actions:
            if not action.is_rare:
                self._row.addWidget(self._button(action))

    def _button(self, action: TaskAction) -> QPushButton:
        theme = self._themes.theme
        button = QPushButton(action.text)
        button.setToolTip(tip(action.effect))
        button.setAccessibleDescription(action.effect)
        icons.put(button, action.icon, theme.color("text"), theme)
        button.clicked.connect(lambda: self.chosen.emit(action.verb, action.which))
        return button

    def _on_theme(self, theme: Theme) -> None:
        self._row.setSpacing(theme.px(8))
        actions, self._actions = self._actions, []
        self.offer(actions)
