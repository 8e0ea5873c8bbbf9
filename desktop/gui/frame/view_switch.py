"""The row above the table: which view is shown, what it is narrowed to, and its chips."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from desktop.gui.look import icons
from desktop.gui.parts.buttons import Segments

if TYPE_CHECKING:
    from collections.abc import Mapping

    from desktop.gui.look.appearance import ThemeSource
    from desktop.gui.look.theme import Theme

TASKS: Final = "tasks"
ITEMS: Final = "items"
BATCHES: Final = "batches"
CAUSES: Final = "causes"
OVERVIEW: Final = "overview"


class ViewSwitch(QWidget):
    """*Tasks*, *Items*, *Batches* or *Causes*; ``chips`` are those of the views that have some.

    ``view_chosen`` carries the view. While the tasks are those of one batch, cause or item, a chip
    says so; ``narrowing_ended`` says that the person pressed it.
    """

    view_chosen = Signal(str)
    narrowing_ended = Signal()

    def __init__(self, chips: Mapping[str, QWidget], themes: ThemeSource) -> None:
        super().__init__()
        self._chips = chips
        words = [
            (TASKS, self.tr("Tasks")),
            (ITEMS, self.tr("Items")),
            (BATCHES, self.tr("Batches")),
            (CAUSES, self.tr("Causes")),
            (OVERVIEW, self.tr("Overview")),
        ]
        self.choice = Segments(self.tr("What is shown"), words)
        self.choice.chosen.connect(self._on_chosen)
        self.narrowed = QPushButton()
        self.narrowed.setProperty("role", "chip")
        self.narrowed.setToolTip(self.tr("Show all tasks"))
        self.narrowed.clicked.connect(self.narrowing_ended)
        self._narrowed_to = ""
        self.narrowed.hide()
        self._row = QHBoxLayout(self)
        self._row.addWidget(self.choice)
        self._row.addWidget(self.narrowed)
        for row in chips.values():
            self._row.addWidget(row, 1)
        self._row.addStretch(0)
        themes.changed.connect(self.dress)
        self.dress(themes.theme)
        self._show_chips(TASKS)

    def choose(self, view: str) -> None:
        """Show a view."""
        self.choice.set_value(view)
        self._on_chosen(view)

    def narrow(self, words: str) -> None:
        """Say what the tasks are narrowed to; without words, that they are all."""
        self._narrowed_to = words
        self.narrowed.setText(words)
        self.narrowed.setVisible(bool(words) and self.choice.value() == TASKS)

    def leave_out(self, *views: str) -> None:
        """Leave views out of the switch; with one alone there is none."""
        for view in views:
            self.choice.leave_out(view)

    def dress(self, theme: Theme) -> None:
        """Take the sizes and colours of a theme."""
        px = theme.px
        self.setFixedHeight(px(44))
        self._row.setContentsMargins(px(12), 0, 0, 0)
        self._row.setSpacing(px(4))
        icons.put(self.narrowed, "x", theme.color("accent"), theme)

    def _on_chosen(self, view: str) -> None:
        self._show_chips(view)
        self.view_chosen.emit(view)

    def _show_chips(self, view: str) -> None:
        for name, row in self._chips.items():
            row.setVisible(name == view)
        self.narrowed.setVisible(view == TASKS and bool(self._narrowed_to))
        self._row.setStretch(self._row.count() - 1, 0 if view in self._chips else 1)
