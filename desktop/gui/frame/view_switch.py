"""The row above the table: which view is shown, what it is narrowed to, and its chips."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from desktop.gui.look import icons
from desktop.gui.parts.buttons import Segments

if TYPE_CHECKING:
    from collections.abc import Mapping

    from PySide6.QtGui import QResizeEvent

    from desktop.gui.look.appearance import ThemeSource
    from desktop.gui.look.theme import Theme

TASKS: Final = "tasks"
ITEMS: Final = "items"
BATCHES: Final = "batches"
CAUSES: Final = "causes"
OVERVIEW: Final = "overview"


LEAST: Final = 84
"""Units of the grid that chips have beside the switch at least: one of them."""


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
        self._themes = themes
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
        self._fit()

    def minimumSizeHint(self) -> QSize:
        """Ask for little: the chips scroll, and at last the words of the switch are cut."""
        return QSize(self._themes.theme.px(160), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave the switch its room before the chips have theirs."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        has_chips = self.choice.value() in self._chips
        chips = self._themes.theme.px(LEAST) if has_chips else 0
        room = self.width() - self._row.contentsMargins().left() - 2 * self._row.spacing() - chips
        self.choice.setMinimumWidth(min(self.choice.sizeHint().width(), max(1, room)))
        self.choice.setMaximumWidth(max(1, room))

    def _on_chosen(self, view: str) -> None:
        self._show_chips(view)
        self.view_chosen.emit(view)

    def _show_chips(self, view: str) -> None:
        for name, row in self._chips.items():
            row.setVisible(name == view)
        self._fit()
        self.narrowed.setVisible(view == TASKS and bool(self._narrowed_to))
        self._row.setStretch(self._row.count() - 1, 0 if view in self._chips else 1)
