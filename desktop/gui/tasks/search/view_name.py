"""The sheet that names or renames a saved view."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeySequence

from desktop.contract.rules.text import trimmed
from desktop.gui.kit.widgets.buttons import HintedButton
from desktop.gui.kit.widgets.field import Field
from desktop.gui.kit.widgets.sheet import Sheet

if TYPE_CHECKING:
    from collections.abc import Collection

    from PySide6.QtWidgets import QWidget

    from desktop.gui.kit.look.appearance import ThemeSource

LONGEST: Final = 80
"""Longest name, in characters: it is a menu entry."""


class ViewNameSheet(Sheet):
    """Asks for a name; ``named`` carries the former name, empty for a new view, and the new one.

    A new view may replace an existing one: then the button says *Replace*. A renamed view may not.
    """

    named = Signal(str, str)

    def __init__(self, host: QWidget, themes: ThemeSource) -> None:
        super().__init__(400, host, themes)
        self._before, self._taken = "", frozenset[str]()
        self.field = Field(self.tr("Name"), self._fault)
        self.field.edited.connect(self._on_edited)
        self.button = HintedButton(self.tr("Rename"), QKeySequence("Return"), themes)
        self.button.clicked.connect(self._on_named)
        self.set_default(self.button)
        self.add_scrolled(self.field)
        self.foot.addStretch(1)
        self.foot.addWidget(self.button)

    def ask(self, name: str, taken: Collection[str]) -> None:
        """Ask for another name of a view; names in ``taken`` are not allowed."""
        self._begin(name, frozenset(taken) - {name}, name)

    def ask_first(self, proposed: str, taken: Collection[str]) -> None:
        """Ask for the name of a new view."""
        self._begin("", frozenset(taken), proposed[:LONGEST])

    def _begin(self, before: str, taken: frozenset[str], proposed: str) -> None:
        self._before, self._taken = before, taken
        self.set_title(self.tr("Rename a saved view") if before else self.tr("Save this view"))
        self.field.set_text(proposed)
        self._say_what_it_does()
        self.open()

    def focus_first(self) -> None:
        """Focus the name and select it."""
        self.field.editor.setFocus()
        self.field.editor.selectAll()

    def _fault(self, text: str) -> str | None:
        """Return the error of a name, or ``None``."""
        name = trimmed(text)
        if not name:
            return self.tr("Enter a name.")
        if self._before and name in self._taken:
            return self.tr("Another view has this name.")
        if len(name) > LONGEST:
            return self.tr("At most {} characters.").format(LONGEST)
        return None

    def _on_edited(self) -> None:
        """Show the error at once, without trimming: the person is still typing."""
        self._say_what_it_does()
        problem = self.field.problem()
        if problem is None:
            self.field.clear_error()
        else:
            self.field.show_error(problem)

    def _say_what_it_does(self) -> None:
        """Show on the button whether an existing view will be replaced."""
        is_there = trimmed(self.field.text()) in self._taken
        words = self.tr("Replace") if is_there else self.tr("Save")
        self.button.setText(self.tr("Rename") if self._before else words)

    def _on_named(self) -> None:
        if self.field.check():
            self.close()
            self.named.emit(self._before, trimmed(self.field.text()))
