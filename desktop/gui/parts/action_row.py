"""A row of buttons for what can be done to what is shown; it changes with that."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QPushButton, QWidget

from desktop.gui.look import icons
from desktop.gui.parts.flow import Flow, drop
from desktop.gui.reach import WHOLE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desktop.gui.look.appearance import ThemeSource
    from desktop.gui.look.theme import Theme
    from desktop.gui.reach import Reach


class Action(NamedTuple):
    """A button: its verb, its words, its icon, and what it does where that needs a sentence."""

    verb: str
    words: str
    icon: str
    effect: str = ""


_TWINS: Final = {"pause": "resume", "resume": "pause"}
"""What comes in the place of a verb that was chosen; the keyboard goes on there."""


class ActionRow(Flow):
    """Offers the actions within reach; ``chosen`` carries the verb of the one that is pressed."""

    chosen = Signal(str)

    def __init__(self, themes: ThemeSource, reach: Reach = WHOLE) -> None:
        super().__init__(right=True)
        self._reach = reach
        self._themes = themes
        self._offered: Sequence[Action] = ()
        self.buttons: dict[str, QPushButton] = {}
        themes.changed.connect(self.dress)
        self.dress(themes.theme)

    def offer(self, actions: Sequence[Action]) -> None:
        """Show these; a button that stays keeps the keyboard, and a press that is under way."""
        actions = [each for each in actions if self._reach.allows(each.verb)]
        if actions == self._offered:
            return
        had_focus = next((verb for verb, each in self.buttons.items() if each.hasFocus()), "")
        while self.takeAt(0) is not None:
            pass
        before, self._offered, self.buttons = self.buttons, actions, {}
        for action in actions:
            button = before.pop(action.verb, None) or self._button(action.verb)
            button.setText(action.words)
            button.setToolTip(action.effect)
            button.setAccessibleDescription(action.effect)
            self.addWidget(button)
            before_it = next(reversed(self.buttons.values()), None) or _before(self.parentWidget())
            if before_it is not None:
                QWidget.setTabOrder(before_it, button)  # else Tab comes here last of all
            self.buttons[action.verb] = button
        follower = self.buttons.get(_TWINS.get(had_focus, ""))
        if had_focus in before and follower is not None:
            follower.show()  # what is not shown yet is given no focus
            follower.setFocus(Qt.FocusReason.OtherFocusReason)
        for gone in before.values():
            drop(gone)
        self.dress(self._themes.theme)

    def _button(self, verb: str) -> QPushButton:
        button = QPushButton()
        button.clicked.connect(lambda: self.chosen.emit(verb))
        return button

    def dress(self, theme: Theme) -> None:
        """Take the sizes and colours of a theme."""
        self.setSpacing(theme.px(8))
        for action in self._offered:
            icons.put(self.buttons[action.verb], action.icon, theme.color("text"), theme)


def _before(card: QWidget | None) -> QWidget | None:
    """Return what Tab leads to before a card."""
    widget = None if card is None else card.previousInFocusChain()
    while widget is not None and widget is not card:
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus:
            return widget
        widget = widget.previousInFocusChain()
    return None
