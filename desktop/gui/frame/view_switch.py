"""The row above the table: which view is shown, what it is narrowed to, and its chips."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from desktop.gui.look import icons
from desktop.gui.parts.buttons import Segments

if TYPE_CHECKING:
    from desktop.gui.look.appearance import ThemeSource
    from desktop.gui.look.theme import Theme

TASKS: Final = "tasks"
BATCHES: Final = "batches"


class ViewSwitch(QWidget):
    """*Tasks* or *Batches*; ``chips`` belong to the tasks.

    ``view_chosen`` carries the view. While the tasks are those of one batch, its name stands in a
    chip; ``narrowing_ended`` says that the person pressed it.
    """

    view_chosen = Signal(str)
    narrowing_ended = Signal()

    def __init__(self, chips: QWidget, themes: ThemeSource) -> None:
        super().__init__()
        self._chips = chips
        words = [(TASKS, self.tr("Tasks")), (BATCHES, self.tr("Batches"))]
        self.choice = Segments(self.tr("What is shown"), words)
        self.choice.chosen.connect(self._on_chosen)
        self.narrowed = QPushButton()
        self.narrowed.setProperty("role", "chip")
        self.narrowed.setToolTip(self.tr("Show the tasks of all batches"))
        self.narrowed.clicked.connect(self.narrowing_ended)
        self._narrowed_to = ""
        self.narrowed.hide()
        self._row = QHBoxLayout(self)
        self._row.addWidget(self.choice)
        self._row.addWidget(self.narrowed)
        self._row.addWidget(chips, 1)
        self._row.addStretch(0)
        themes.changed.connect(self.dress)
        self.dress(themes.theme)

    def choose(self, view: str) -> None:
        """Show a view."""
        self.choice.set_value(view)
        self._on_chosen(view)

    def narrow(self, name: str) -> None:
        """Say that the tasks are those of one batch; without a name, of all."""
        self._narrowed_to = name
        self.narrowed.setText(self.tr("Batch: {}").format(name))
        self.narrowed.setVisible(bool(name) and self.choice.value() == TASKS)

    def show_tasks_only(self) -> None:
        """Leave the switch out: there are no batches here."""
        self.choice.hide()

    def dress(self, theme: Theme) -> None:
        """Take the sizes and colours of a theme."""
        px = theme.px
        self.setFixedHeight(px(44))
        self._row.setContentsMargins(px(12), 0, 0, 0)
        self._row.setSpacing(px(4))
        icons.put(self.narrowed, "x", theme.color("accent"), theme)

    def _on_chosen(self, view: str) -> None:
        self._chips.setVisible(view == TASKS)
        self.narrowed.setVisible(view == TASKS and bool(self._narrowed_to))
        self._row.setStretch(self._row.count() - 1, 0 if view == TASKS else 1)
        self.view_chosen.emit(view)
