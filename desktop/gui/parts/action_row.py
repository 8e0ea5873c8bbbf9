"""A row of buttons for what can be done to what is shown; it changes with that."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QPushButton

from desktop.gui.look import icons
from desktop.gui.parts.flow import Flow, drop

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desktop.gui.look.appearance import ThemeSource
    from desktop.gui.look.theme import Theme


class Action(NamedTuple):
    """A button: its verb, its words, its icon, and what it does where that needs a sentence."""

    verb: str
    words: str
    icon: str
    effect: str = ""


class ActionRow(Flow):
    """Offers actions; ``chosen`` carries the verb of the one that is pressed."""

    chosen = Signal(str)

    def __init__(self, themes: ThemeSource) -> None:
        super().__init__(right=True)
        self._themes = themes
        self._offered: Sequence[Action] = ()
        self.buttons: dict[str, QPushButton] = {}
        themes.changed.connect(self.dress)
        self.dress(themes.theme)

    def offer(self, actions: Sequence[Action]) -> None:
        """Show these; the keyboard stays at the verb it was at."""
        if actions == self._offered:
            return
        had_focus = next((verb for verb, each in self.buttons.items() if each.hasFocus()), "")
        while (item := self.takeAt(0)) is not None:
            drop(item.widget())
        self._offered, self.buttons = actions, {}
        for action in actions:
            button = QPushButton(action.words)
            button.setToolTip(action.effect)
            button.setAccessibleDescription(action.effect)
            button.clicked.connect(lambda _=False, verb=action.verb: self.chosen.emit(verb))
            self.addWidget(button)
            self.buttons[action.verb] = button
        if had_focus in self.buttons:
            self.buttons[had_focus].setFocus(Qt.FocusReason.OtherFocusReason)
        self.dress(self._themes.theme)

    def dress(self, theme: Theme) -> None:
        """Take the sizes and colours of a theme."""
        self.setSpacing(theme.px(8))
        for action in self._offered:
            icons.put(self.buttons[action.verb], action.icon, theme.color("text"), theme)
