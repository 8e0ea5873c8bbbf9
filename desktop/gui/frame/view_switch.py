"""Which view is shown: the switch in the top bar, and the row of chips that belong to the view."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from desktop.gui.look import icons
from desktop.gui.widgets.choice import Segments
from desktop.gui.widgets.surfaces import InsideMenu, put_arrow_behind
from desktop.gui.widgets.texts import tip

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent

    from desktop.gui.look.appearance import ThemeSource
    from desktop.gui.look.theme import Theme

TASKS: Final = "tasks"
ITEMS: Final = "items"
BATCHES: Final = "batches"
CAUSES: Final = "causes"
OVERVIEW: Final = "overview"
VIEWS: Final = (TASKS, ITEMS, BATCHES, CAUSES, OVERVIEW)

WIDEST: Final = 240
"""Units of the grid that the words of what the tasks are narrowed to take at most."""
LEAST: Final = 80
"""What the chip of them has where there is little room."""


class ViewSwitch(QWidget):
    """*Tasks*, *Items*, *Batches*, *Causes* or *Overview*; ``view_chosen`` carries the view.

    Where it has no room, it is folded into a button with a menu.
    """

    view_chosen = Signal(str)

    def __init__(self, themes: ThemeSource) -> None:
        super().__init__()
        words = [
            (TASKS, self.tr("Tasks")),
            (ITEMS, self.tr("Items")),
            (BATCHES, self.tr("Batches")),
            (CAUSES, self.tr("Causes")),
            (OVERVIEW, self.tr("Overview")),
        ]
        self.choice = Segments(self.tr("What is shown"), words)
        self.choice.chosen.connect(self._on_chosen)
        self.folded = QPushButton()
        self.folded.setAccessibleName(self.tr("What is shown"))
        self.folded.setToolTip(self.tr("What is shown"))
        self.folded.setMenu(InsideMenu("", self.folded, themes, margin=0))
        for view, title in words:
            self.folded.menu().addAction(title).triggered.connect(partial(self.choose, view))
        put_arrow_behind(self.folded)
        self.folded.hide()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.choice)
        row.addWidget(self.folded)
        themes.changed.connect(self._on_theme)
        self._on_theme(themes.theme)

    def choose(self, view: str) -> None:
        """Show a view."""
        self.choice.set_value(view)
        self._on_chosen(view)

    def hide_views(self, *views: str) -> None:
        """Take views out of the switch; with one alone there is none."""
        for view in views:
            self.choice.hide_value(view)
        for action, view in zip(self.folded.menu().actions(), VIEWS, strict=True):
            action.setVisible(action.isVisible() and view not in views)
        self.setVisible(self.choice.is_wanted)

    def fold(self, folded: bool) -> None:
        """Be a button with a menu, or show all views side by side."""
        self.folded.setFixedWidth(self.width_for(folded=True))
        self.folded.setVisible(folded)
        self.choice.setHidden(folded)

    def width_for(self, *, folded: bool) -> int:
        """Return the width it needs, in logical pixels, whichever view is chosen."""
        if not folded:
            return self.choice.sizeHint().width()
        widest = max(self.folded.menu().actions(), key=lambda each: len(each.text())).text()
        more = self.folded.fontMetrics().horizontalAdvance
        return self.folded.sizeHint().width() + more(widest) - more(self.folded.text())

    def _on_chosen(self, view: str) -> None:
        self.folded.setText(self.choice.words())
        self.view_chosen.emit(view)

    def _on_theme(self, theme: Theme) -> None:
        self.folded.setText(self.choice.words())
        icons.put(self.folded, "chevron-down", theme.color("soft text"), theme)


class ViewRow(QWidget):
    """The row above a view: ``chips`` are those of the views that have some.

    While the tasks are those of one batch, cause or item, a chip says so; ``narrowing_ended`` says
    that the person pressed it.
    """

    narrowing_ended = Signal()

    def __init__(self, themes: ThemeSource) -> None:
        super().__init__()
        self._chips: dict[str, QWidget] = {}
        self._themes = themes
        self._view = TASKS
        self.narrowed = QPushButton()
        self.narrowed.setProperty("role", "chip")
        self.narrowed.clicked.connect(self.narrowing_ended)
        self.narrowed_to = ""
        """What the tasks are narrowed to, in words; nothing where they are all."""
        self._row = QHBoxLayout(self)
        self._row.addWidget(self.narrowed)
        themes.changed.connect(self._on_theme)
        self._on_theme(themes.theme)

    def add(self, view: str, chips: QWidget) -> None:
        """Add the chips of a view."""
        self._chips[view] = chips
        self._row.addWidget(chips, 1)
        self.show_view(self._view)

    def show_view(self, view: str) -> None:
        """Show what belongs to a view; nothing where it has no chips."""
        self._view = view
        for name, row in self._chips.items():
            row.setVisible(name == view)
        self.setVisible(view in self._chips)
        self.narrow(self.narrowed_to)

    def narrow(self, words: str) -> None:
        """Say what the tasks are narrowed to; without words, that they are all."""
        self.narrowed_to = words
        px, end = self._themes.theme.px, Qt.TextElideMode.ElideRight
        self.narrowed.setText("")
        around = self.narrowed.sizeHint().width()
        room = min(px(WIDEST), max(px(LEAST), self._room()) - around)
        self.narrowed.setText(self.narrowed.fontMetrics().elidedText(words, end, room))
        self.narrowed.setFixedWidth(self.narrowed.sizeHint().width())
        self.narrowed.setAccessibleName(words)
        self.narrowed.setToolTip(tip(f"{words}\n{self.tr('Show all tasks')}"))
        self.narrowed.setVisible(bool(words) and self._view == TASKS)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave the chips their room."""
        super().resizeEvent(event)
        self.narrow(self.narrowed_to)

    def minimumSizeHint(self) -> QSize:
        """Ask for little: what the tasks are narrowed to is cut, and does not widen the window."""
        least = self._themes.theme.px(LEAST) + self.width() - self._room()
        return QSize(least, super().minimumSizeHint().height())

    def _room(self) -> int:
        """Return what the chips leave, in logical pixels."""
        chips = self._chips.get(self._view)
        taken = chips.minimumSizeHint().width() if chips else 0
        return self.width() - taken - self._row.contentsMargins().left() - self._row.spacing()

    def _on_theme(self, theme: Theme) -> None:
        self._row.setContentsMargins(theme.px(12), 0, 0, 0)
        self._row.setSpacing(theme.px(10))
        icons.put(self.narrowed, "x", theme.color("accent"), theme)
        self.narrow(self.narrowed_to)
