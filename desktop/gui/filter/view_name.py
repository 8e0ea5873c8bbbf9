"""The sheet in which a saved view gets another name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeySequence

from desktop.contract.rules.text import trimmed
from desktop.gui.widgets.buttons import HintedButton
from desktop.gui.widgets.field import Field
from desktop.gui.widgets.sheets.sheet import Sheet

if TYPE_CHECKING:
    from collections.abc import Collection

    from PySide6.QtWidgets import QWidget

    from desktop.gui.look.appearance import ThemeSource
    from desktop.gui.look.theme import Theme

LONGEST: Final = 80
"""Characters of a name at most: it is an entry of a menu."""


class ViewNameSheet(Sheet):
    """Asks for another name; ``named`` carries the one before and the new one, which is right."""

    named = Signal(str, str)

    def __init__(self, host: QWidget, themes: ThemeSource) -> None:
        super().__init__(400, host, themes)
        self.set_title(self.tr("Rename a saved view"))
        self._before, self._taken = "", frozenset[str]()
        self.field = Field(self.tr("Name"), self._fault)
        self.field.edited.connect(self._on_edited)
        self.button = HintedButton(self.tr("Rename"), QKeySequence("Return"), themes)
        self.button.clicked.connect(self._on_rename)
        self.set_default(self.button)
        self.body.addWidget(self.field)
        self.body.addStretch(1)
        self.foot.addStretch(1)
        self.foot.addWidget(self.button)

    def ask(self, name: str, taken: Collection[str]) -> None:
        """Ask for another name of a view; those of the other views are ``taken``."""
        self._before, self._taken = name, frozenset(taken) - {name}
        self.field.set_text(name)
        self.open()

    def focus_first(self) -> None:
        """Begin with the whole name, which typing replaces."""
        self.field.editor.setFocus()
        self.field.editor.selectAll()

    def dress(self, theme: Theme) -> None:
        """Take a theme's colours and sizes."""
        super().dress(theme)
        self.field.dress(theme)

    def _fault(self, text: str) -> str | None:
        """Say what is wrong with a name."""
        name = trimmed(text)
        if not name:
            return self.tr("Enter a name.")
        if name in self._taken:
            return self.tr("Another view has this name.")
        if len(name) > LONGEST:
            return self.tr("At most {} characters.").format(LONGEST)
        return None

    def _on_edited(self) -> None:
        """Say at once what is wrong, and leave the spaces at the end: more is to follow."""
        problem = self.field.problem()
        if problem is None:
            self.field.clear_error()
        else:
            self.field.show_error(problem)

    def _on_rename(self) -> None:
        if self.field.check():
            self.close()
            self.named.emit(self._before, trimmed(self.field.text()))
