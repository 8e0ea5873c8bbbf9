"""The table with what belongs to it: what a search cannot find in it, and newer rows above."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from desktop.gui.kit.look.appearance import set_role, sized
from desktop.gui.kit.widgets.buttons import Link
from desktop.gui.kit.widgets.surfaces import stacked
from desktop.gui.kit.widgets.texts import ElidedLabel
from desktop.gui.kit.words.table import say

if TYPE_CHECKING:
    from desktop.gui.tasks.table.task_table import TaskTable


class LinkLine(QWidget):
    """A text and a ``link`` after it, hidden at first.

    The text is cut if room is short: it must not widen the window.
    """

    def __init__(self) -> None:
        super().__init__()
        self.words = set_role(ElidedLabel(), "soft")
        self.link = Link("")
        self._row = sized(QHBoxLayout(self), margins=(12, (4, 0), 12, (4, 0)), spacing=8)
        self._row.addWidget(self.words)
        self._row.addWidget(self.link)
        self._row.addStretch(1)
        self.hide()


class ListPane(QWidget):
    """The table, and lines under a search: rows of spreadsheets to come, people from before.

    ``to_come`` and ``before`` are these lines; their links lead to where they can be seen.
    ``people_wanted`` carries the words by which people without a task are to be counted; empty
    words find none.
    """

    people_wanted = Signal(str)

    def __init__(self, table: TaskTable) -> None:
        super().__init__()
        self._table = table
        self._rows = self._people = 0
        self.to_come, self.before = LinkLine(), LinkLine()
        for line in (self.to_come, self.before):
            line.link.setText(QCoreApplication.translate("list", "Show"))
        stacked(self, table, self.to_come, self.before, filling=table)
        self.newer = NewerRows(table)
        table.filtered.connect(self._on_filtered)

    def count_to_come(self, rows: int) -> None:
        """Set how many rows of spreadsheets are still to become tasks."""
        self._rows = rows
        self._show()

    def count_before(self, people: int) -> None:
        """Set how many people the search finds whose tasks are gone."""
        self._people = people
        self._show()

    def _on_filtered(self) -> None:
        self.count_before(0)
        self.people_wanted.emit(self._table.shown.search.of_people)

    def _show(self) -> None:
        """Say under a search what is not in the list; without one, the empty list does."""
        is_search = bool(self._table.shown.text)
        self._table.empty.count_in_batches(0 if is_search else self._rows)
        counts = (self.to_come, "to_come", self._rows), (self.before, "before", self._people)
        for line, words, count in counts:
            line.words.setText(say("list", words, n=count))
            line.setVisible(is_search and count > 0)


class NewerRows(QPushButton):
    """Says over the titles how many tasks came above the rows in sight; a click leads to them.

    The key Home does the same, so it takes no focus.
    """

    def __init__(self, table: TaskTable) -> None:
        super().__init__(table.header)
        self._table = table
        self._seen = 0  # the newest task when the list was last at its top
        set_role(self, "link").setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.clicked.connect(table.scrollToTop)
        table.place.followed.connect(self._follow)
        self.hide()

    def _follow(self) -> None:
        tasks, header = self._table.tasks, self._table.header
        if not self._table.verticalScrollBar().value():
            self._seen = tasks.newest
        count = tasks.newer_than(self._seen)
        self.setVisible(count > 0)
        if count:
            self.setText(say("list", "newer", n=count))
            self.adjustSize()
            self.move(header.rect().center() - self.rect().center())
