"""The editors of choices: a drop-down list for one, check boxes for several."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from desktop.gui.run.argument_words import choice_words, label_words
from desktop.gui.run.editors import Editor
from desktop.gui.widgets.buttons import CheckBox
from desktop.gui.widgets.choice import Choice
from desktop.gui.widgets.flow import FlowPane

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desktop.gui.look.appearance import ThemeSource
    from desktop.gui.look.theme import Theme
    from desktop.gui.run.arguments import Argument


class ChoiceEditor(Editor):
    """A drop-down list; it contains *None* if the argument is optional."""

    def __init__(self, argument: Argument, themes: ThemeSource) -> None:
        super().__init__(argument, themes)
        self.choice = Choice(label_words(argument), themes)
        offered = [(str(n), choice_words(each)) for n, each in enumerate(argument.choices)]
        none = [("", self.tr("None"))] if argument.optional else []
        self.choice.set_choices([*none, *offered])
        self.choice.setPlaceholderText(self.tr("Choose one"))
        self.choice.chosen.connect(self._on_edited)
        self._hold(self._label(), self.choice)

    def _control(self) -> QWidget:
        return self.choice

    def _typed(self) -> int | None:
        value = self.choice.value()
        return int(value) if value else None if self.argument.optional else -1

    def _put(self, typed: int | None) -> None:
        if typed is None or typed < 0:
            self.choice.setCurrentIndex(0 if self.argument.optional else -1)
        else:
            self.choice.set_value(str(typed))


class SeveralEditor(Editor):
    """A check box for each choice; the value lists the checked ones in their order."""

    def __init__(self, argument: Argument, themes: ThemeSource) -> None:
        super().__init__(argument, themes)
        self.boxes = [CheckBox(choice_words(each), themes) for each in argument.choices]
        self._pane = FlowPane()
        self._pane.setAccessibleName(label_words(argument))
        for box in self.boxes:
            box.setAccessibleDescription(label_words(argument))
            box.toggled.connect(self._on_edited)
            self._pane.flow.addWidget(box)
        self._pane.setFocusProxy(self.boxes[0])
        self._hold(self._label(), self._pane)

    def dress(self, theme: Theme) -> None:
        """Take the sizes of a theme."""
        super().dress(theme)
        self._pane.flow.setSpacing(theme.px(12))

    def _control(self) -> QWidget:
        return self._pane

    def _typed(self) -> list[int]:
        return [place for place, box in enumerate(self.boxes) if box.isChecked()]

    def _put(self, typed: Sequence[int]) -> None:
        for place, box in enumerate(self.boxes):
            box.setChecked(place in typed)
