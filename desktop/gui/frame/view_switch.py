"""The row above the table: which view is shown, what it is narrowed to, and its chips."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final, cast

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from desktop.gui.look import icons
from desktop.gui.widgets.choice import Segments
from desktop.gui.widgets.surfaces import InsideMenu
from desktop.gui.widgets.texts import tip

if TYPE_CHECKING:
    from collections.abc import Mapping

    from PySide6.QtGui import QResizeEvent

    from desktop.gui.look.appearance import ThemeSource
    from desktop.gui.look.theme import Theme
    from desktop.gui.widgets.chip import ChipRow
    from desktop.gui.widgets.surfaces import Sideways

TASKS: Final = "tasks"
ITEMS: Final = "items"
BATCHES: Final = "batches"
CAUSES: Final = "causes"
OVERVIEW: Final = "overview"
VIEWS: Final = (TASKS, ITEMS, BATCHES, CAUSES, OVERVIEW)

WIDEST: Final = 240
"""Units of the grid that the chip of what the tasks are narrowed to takes at most."""


class ViewSwitch(QWidget):
    """*Tasks*, *Items*, *Batches* or *Causes*; ``chips`` are those of the views that have some.

    Chips that have no room beside the switch stand below it. A switch that has no room itself
    folds into a button with a menu.

    ``view_chosen`` carries the view. While the tasks are those of one batch, cause or item, a chip
    says so; ``narrowing_ended`` says that the person pressed it.
    """

    view_chosen = Signal(str)
    narrowing_ended = Signal()

    def __init__(self, chips: Mapping[str, Sideways], themes: ThemeSource) -> None:
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
        self.choice.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        self.choice.chosen.connect(self._on_chosen)
        self.folded = QPushButton()
        self.folded.setAccessibleName(self.tr("What is shown"))
        self.folded.setMenu(InsideMenu("", self.folded, themes, margin=0))
        for view, title in words:
            self.folded.menu().addAction(title).triggered.connect(partial(self._on_menu, view))
        self.folded.setLayoutDirection(Qt.LayoutDirection.RightToLeft)  # the arrow behind
        self.folded.hide()
        self.narrowed = QPushButton()
        self.narrowed.setProperty("role", "chip")
        self.narrowed.setToolTip(self.tr("Show all tasks"))
        self.narrowed.clicked.connect(self.narrowing_ended)
        self._narrowed_to = ""
        self.narrowed.hide()
        self._row = QHBoxLayout()
        for part in (self.choice, self.folded, self.narrowed):
            self._row.addWidget(part)
        for chips_of_view in chips.values():
            self._row.addWidget(chips_of_view, 1)
            _chips_in(chips_of_view).needs_changed.connect(self._fit)
        self._row.addStretch(0)
        self._lines = QVBoxLayout(self)
        self._lines.setSpacing(0)
        self._lines.addLayout(self._row)
        self._is_below = False
        themes.changed.connect(self.dress)
        self.dress(themes.theme)
        self._show_chips(TASKS)

    def choose(self, view: str) -> None:
        """Show a view."""
        self.choice.set_value(view)
        self._on_chosen(view)

    @property
    def narrowed_to(self) -> str:
        """What the tasks are narrowed to, in words; nothing where they are all."""
        return self._narrowed_to

    def narrow(self, words: str) -> None:
        """Say what the tasks are narrowed to; without words, that they are all."""
        self._narrowed_to = words
        self.narrowed.setAccessibleName(words)
        self.narrowed.setToolTip(tip(f"{words}\n{self.tr('Show all tasks')}"))
        self.narrowed.setVisible(bool(words) and self.choice.value() == TASKS)
        self._fit()

    def hide_views(self, *views: str) -> None:
        """Take views out of the switch; with one alone there is none."""
        for view in views:
            self.choice.hide_value(view)
        for action, view in zip(self.folded.menu().actions(), VIEWS, strict=True):
            action.setVisible(action.isVisible() and view not in views)

    def dress(self, theme: Theme) -> None:
        """Take the sizes and colours of a theme."""
        px = theme.px
        self._lines.setContentsMargins(px(12), 0, 0, 0)
        self._row.setSpacing(px(10))
        icons.put(self.narrowed, "x", theme.color("accent"), theme)
        icons.put(self.folded, "chevron-down", theme.color("soft text"), theme)
        self._fit()

    def minimumSizeHint(self) -> QSize:
        """Ask for little: the chips go below and scroll, and the switch folds."""
        return QSize(self._themes.theme.px(160), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave the switch its room before the chips have theirs."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Put the chips beside the switch or below it, and fold the switch where that must be."""
        theme = self._themes.theme
        chips = self._chips.get(self.choice.value())
        narrowed = self._narrowed_room()
        room = self.width() - self._lines.contentsMargins().left()
        switch = self.choice.sizeHint().width() + narrowed
        if chips is not None:
            row = _chips_in(chips)
            # Beside only where all have room, with icons: the table is not to jump with counts.
            wanted = row.width_of_all(compact=False)
            self._put_below(switch + self._row.spacing() + wanted > room)
        is_folded = switch > room and self.choice.is_wanted
        self.folded.setText(self.choice.words())
        self.folded.setVisible(is_folded)
        self.choice.setVisible(not is_folded and self.choice.is_wanted)
        beside = chips is not None and not self._is_below
        self._row.setStretch(self._row.count() - 1, 0 if beside else 1)
        self.setFixedHeight(theme.px(88 if self._is_below and chips is not None else 44))

    def _narrowed_room(self) -> int:
        """Cut the words of what the tasks are narrowed to; return the width they take."""
        if self.narrowed.isHidden():
            return 0
        widest = self._themes.theme.px(WIDEST)
        metrics = self.narrowed.fontMetrics()
        self.narrowed.setText(
            metrics.elidedText(self._narrowed_to, Qt.TextElideMode.ElideRight, widest)
        )
        return self.narrowed.sizeHint().width() + self._row.spacing()

    def _put_below(self, below: bool) -> None:
        if below != self._is_below:
            self._is_below = below
            for chips in self._chips.values():
                if below:
                    self._lines.addWidget(chips)
                else:
                    self._row.insertWidget(self._row.count() - 1, chips, 1)

    def _on_menu(self, view: str) -> None:
        self.choose(view)

    def _on_chosen(self, view: str) -> None:
        self._show_chips(view)
        self.view_chosen.emit(view)

    def _show_chips(self, view: str) -> None:
        for name, row in self._chips.items():
            row.setVisible(name == view)
        self.narrowed.setVisible(view == TASKS and bool(self._narrowed_to))
        self._fit()


def _chips_in(row: Sideways) -> ChipRow:
    return cast("ChipRow", row.row)
