"""The views of the monitor: their switch, a row of chips, and the chosen view below it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final, Protocol, runtime_checkable

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QStackedWidget, QWidget

from desktop.gui.kit.look import icons
from desktop.gui.kit.look.appearance import LOOK, bind_theme, set_role, sized
from desktop.gui.kit.widgets.buttons import INSIDE, give_key, width_for
from desktop.gui.kit.widgets.choice import Segments
from desktop.gui.kit.widgets.surfaces import put_arrow_behind, stacked
from desktop.gui.kit.widgets.texts import tip

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PySide6.QtGui import QResizeEvent


TASKS: Final = "tasks"
ITEMS: Final = "items"
BATCHES: Final = "batches"
VIEWS: Final = (TASKS, ITEMS, BATCHES)

WIDEST: Final = 240
"""Maximum width of the text in the chip of a narrowed list, in units of the grid."""
LEAST: Final = 80
"""Minimum width of that chip, in units of the grid."""


@runtime_checkable
class SelectsMany(Protocol):
    """A table whose selection Escape reduces."""

    def give_up_selection(self) -> bool:
        """Reduce the selection; tell whether that changed it."""


class ViewSwitch(QWidget):
    """*Tasks*, *Items* or *Batches*; ``view_chosen`` carries the view.

    If room is short, the switch folds into a button with a menu, as wide as for any view.
    """

    view_chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        words = [
            (TASKS, self.tr("Tasks")),
            (ITEMS, self.tr("Items")),
            (BATCHES, self.tr("Batches")),
        ]
        self.choice = Segments(self.tr("What is shown"), words, "tab")
        self.choice.chosen.connect(self._on_chosen)
        self.folded = QPushButton()
        self.folded.setAccessibleName(self.tr("What is shown"))
        self.folded.setToolTip(self.tr("What is shown"))
        self.folded.setMenu(QMenu(self.folded))
        for view, title in words:
            self.folded.menu().addAction(title).triggered.connect(partial(self.choose, view))
        put_arrow_behind(self.folded)
        self.folded.hide()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.choice)
        row.addWidget(self.folded)
        icons.put(self.folded, "chevron-down")
        bind_theme(self, "width", lambda switch, _: switch.name_chosen())

    def choose(self, view: str) -> None:
        """Show a view."""
        self.choice.set_value(view)
        self._on_chosen(view)

    def hide_views(self, *views: str) -> None:
        """Remove views from the switch; with a single view left the switch hides."""
        for view in views:
            self.choice.hide_value(view)
        for action, view in zip(self.folded.menu().actions(), VIEWS, strict=True):
            action.setVisible(action.isVisible() and view not in views)
        self.setVisible(self.choice.is_wanted)

    def fold(self, folded: bool) -> None:
        """Fold into a button with a menu, or show all views side by side."""
        self.folded.setVisible(folded)
        self.choice.setHidden(folded)

    def name_chosen(self) -> None:
        """Name the chosen view on the folded switch."""
        self.folded.setText(self.choice.words())
        titles = [each.text() for each in self.folded.menu().actions()]
        self.folded.setMinimumWidth(width_for(self.folded, titles))

    def _on_chosen(self, view: str) -> None:
        self.name_chosen()
        self.view_chosen.emit(view)


class ViewRow(QWidget):
    """The row above a view, with the chips of views that have some.

    While the list holds only the tasks of a batch, cause or item, a chip names it; pressing this
    chip emits ``narrowing_ended``.
    """

    narrowing_ended = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._chips: dict[str, QWidget] = {}
        self._view = TASKS
        self.narrowed = set_role(QPushButton(), "chip")
        self.narrowed.clicked.connect(self.narrowing_ended)
        self.narrowed_to = ""
        """The name of the part that the list is narrowed to; empty if all tasks are listed."""
        icons.put(self.narrowed, "x", "accent")
        self._row = sized(QHBoxLayout(self), margins=(12, 0, 0, 0), spacing=10)
        self._row.addWidget(self.narrowed)
        LOOK.changed.connect(self._narrow_again)
        self._narrow_again()

    def add(self, view: str, chips: QWidget) -> None:
        """Add the chips of a view."""
        self._chips[view] = chips
        self._row.addWidget(chips, 1)
        self.show_view(self._view)

    def show_view(self, view: str) -> None:
        """Show the chips of a view, or hide the row if it has none."""
        self._view = view
        for name, row in self._chips.items():
            row.setVisible(name == view)
        self.setVisible(view in self._chips)
        self.narrow(self.narrowed_to)

    def narrow(self, words: str) -> None:
        """Show the name of the part that the list is narrowed to, or hide its chip if empty."""
        self.narrowed_to = words
        px, end = LOOK.theme.px, Qt.TextElideMode.ElideRight
        self.narrowed.setText("")
        around = self.narrowed.sizeHint().width()
        room = min(px(WIDEST), max(px(LEAST), self._room()) - around)
        self.narrowed.setText(self.narrowed.fontMetrics().elidedText(words, end, room))
        self.narrowed.setFixedWidth(self.narrowed.sizeHint().width())
        self.narrowed.setAccessibleName(words)
        self.narrowed.setToolTip(tip(f"{words}\n{self.tr('Show all tasks')}"))
        self.narrowed.setVisible(bool(words) and self._view == TASKS)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Cut the chip of the narrowed list to the new width."""
        super().resizeEvent(event)
        self._narrow_again()

    def _narrow_again(self) -> None:
        self.narrow(self.narrowed_to)

    def minimumSizeHint(self) -> QSize:
        """Ask for little: the chip of the narrowed list is cut, so it does not widen the window."""
        least = LOOK.theme.px(LEAST) + self.width() - self._room()
        return QSize(least, super().minimumSizeHint().height())

    def _room(self) -> int:
        """Return the width that the chips leave, in logical pixels."""
        chips = self._chips.get(self._view)
        taken = chips.minimumSizeHint().width() if chips else 0
        return self.width() - taken - self._row.contentsMargins().left() - self._row.spacing()


class Views(QWidget):
    """Shows one view at a time, chosen by ``switch``, which stands in the top bar.

    :meth:`add` adds the views; the first one is shown at the start. ``pasted`` carries cells
    copied from a spreadsheet.
    """

    pasted = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._pages: dict[str, QWidget] = {}
        self._rows: dict[str, QWidget] = {}
        self._last: QWidget | None = None  # in Tab order
        self.switch = ViewSwitch()
        self.row = ViewRow()
        self._stack = QStackedWidget()
        stacked(self, self.row, self._stack, filling=self._stack)
        self.switch.view_chosen.connect(self._on_view)
        words = self.tr("Paste rows of a spreadsheet")
        give_key(self, QKeySequence.StandardKey.Paste, words, self._paste, INSIDE)

    def add(
        self,
        name: str,
        page: QWidget,
        chips: QWidget | None = None,
        rows: QWidget | None = None,
    ) -> None:
        """Add a view with its chips, after the earlier ones in Tab order.

        ``rows`` is the part of its page that is focused with it, if not the whole page.
        """
        reached = [each for part in (chips, page) if part is not None for each in _in_turn(part)]
        self._pages[name], self._rows[name] = page, rows or page
        if chips is not None:
            self.row.add(name, chips)
        self._stack.addWidget(page)
        for each in reached:
            if self._last is not None:
                QWidget.setTabOrder(self._last, each)
            self._last = each

    @property
    def shown(self) -> QWidget:
        """The rows of the current view."""
        return self._rows[self.switch.choice.value()]

    def select_less(self) -> bool:
        """On Escape, reduce the selection of a table; tell whether there was something to do."""
        rows = self.focusWidget()
        return isinstance(rows, SelectsMany) and rows.give_up_selection()

    def _paste(self) -> None:
        text = QGuiApplication.clipboard().text()
        if "\t" in text or "\n" in text.strip():
            self.pasted.emit(text)

    def _on_view(self, view: str) -> None:
        """Show a view and focus it."""
        self.row.show_view(view)
        self._stack.setCurrentWidget(self._pages[view])
        self.shown.setFocus()


def _in_turn(part: QWidget) -> Iterator[QWidget]:
    """Yield the widgets that Tab reaches in a part that has no parent yet."""
    each: QWidget | None = part
    while each is not None:
        if each.focusPolicy() & Qt.FocusPolicy.TabFocus:
            yield each
        each = each.nextInFocusChain()
        if each is part:
            return
