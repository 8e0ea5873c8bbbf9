"""The rows of an import: filters, and their list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QCoreApplication, QLocale, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QLabel,
    QVBoxLayout,
    QWidget,
)

from desktop.contract.batches import RowCheck
from desktop.gui.batches.batch_rows import (
    RowColumn,
    RowsModel,
)
from desktop.gui.batches.draft_words import (
    ALL,
    GROUPS,
    NEED_LOOK,
    TOKENS,
    ChipGroup,
)
from desktop.gui.kit.lists.empty_state import EmptyState
from desktop.gui.kit.lists.stock_table import Share, StockTable
from desktop.gui.kit.look.appearance import set_role, sized
from desktop.gui.kit.widgets.choice import FilterButton
from desktop.gui.kit.widgets.surfaces import Flow
from desktop.gui.kit.words.states import sentences
from desktop.gui.kit.words.table import say

if TYPE_CHECKING:
    from desktop.contract.batches import BatchCounts, BatchRow


SHARES: Final[dict[int, Share]] = {
    RowColumn.ROW: Share(0.14, 76),
    RowColumn.NAME: Share(0.27, 200),
    RowColumn.CHECK: Share(0.34, 320),
}
"""What was found is on the desk, too."""
ALWAYS: Final = (NEED_LOOK, ALL)
"""Filters that are always shown; the others are shown while they have rows."""


class RowsList(QWidget):
    """Shows the rows of one chip; ``row_chosen`` is emitted when the current row changes.

    ``again_chosen`` asks to read the spreadsheet again after an error.
    """

    row_chosen = Signal()
    again_chosen = Signal()

    def __init__(self, model: RowsModel) -> None:
        super().__init__()
        self.model = model
        self._batch_id: int | None = None
        self._chosen = ALL
        self._counts: BatchCounts | None = None
        self.chips = [self._chip(group) for group in GROUPS]
        self._exclusive = QButtonGroup(self)
        for chip in self.chips:
            self._exclusive.addButton(chip)
        name = self.tr("Rows of the spreadsheet")
        self.table = StockTable(model, name, RowColumn.EMAIL, SHARES)
        self.table.row_chosen.connect(self.row_chosen)
        self.about_twice = set_role(QLabel(wordWrap=True), "soft")
        self.about_twice.hide()
        self._stays: int | None = None  # the row to make current after a reload
        self._had_rows = False  # in the chosen group
        self._said = self._failed = ""
        self._is_error = False
        self.empty = EmptyState(self.table)
        self.empty.cleared.connect(self.again_chosen)
        self._lay_out()
        model.modelAboutToBeReset.connect(self._on_rows_going)
        model.shown.connect(self._on_shown)
        model.failed.connect(self._on_failed)
        self.show_counts(None)

    def hasHeightForWidth(self) -> bool:
        """Tell that the rows may be lower: Qt takes a height for a width as the least one."""
        return False

    def show_batch(self, batch_id: int | None) -> None:
        """Show the rows of another draft, or no rows."""
        self._batch_id, self._stays = batch_id, None
        self._on_chip(ALL)

    def say(self, sentence: str, *, is_error: bool = False) -> None:
        """Say why no rows are shown; an empty text restores the usual sentence.

        After an error, the person can try again.
        """
        self._said, self._is_error = sentence, is_error
        self._show_why_none()

    def show_counts(self, counts: BatchCounts | None) -> None:
        """Set the counts of the chips, and hide extra chips without rows."""
        self._counts = counts
        for chip, group in zip(self.chips, GROUPS, strict=True):
            count = group.count(counts)
            chip.set_count(QLocale().toString(count))
            chip.set_urgent(bool(count))
            chip.setVisible(group in ALWAYS or bool(count))
            if group is self._chosen and chip.isHidden():
                self._choose(ALL)
        self._had_rows = self._had_rows or self._chosen.count(counts) > 0
        self._leave_if_emptied()

    def show_also(self, also: frozenset[str]) -> None:
        """Show which rows that were sent before are sent again."""
        if also != self.model.also:
            self.model.show_also(also)
            self.row_chosen.emit()

    def show_first(self) -> None:
        """Show the first filter that has rows: what needs a look, else what is left out."""
        self._choose(next((each for each in GROUPS if each.count(self._counts)), ALL))

    def show_all(self) -> bool:
        """Show all rows; tell whether a part of them was shown before."""
        before = self._chosen
        self._choose(ALL)
        return before is not ALL

    def go_to(self, number: int) -> None:
        """Make the row of this number current, among all rows if it is not in the group."""
        place = self.model.position_of(number)
        if place is not None:
            self.choose(place)
        elif self.show_all():
            self._stays = number

    def reload(self) -> None:
        """Read the rows again, or all rows if none is left in the group."""
        if self._is_empty_group():
            self._choose(ALL)
        else:
            self._read()

    def _is_empty_group(self) -> bool:
        counts = self._counts
        return bool(counts and not (counts["unchecked"] or self._chosen.count(counts)))

    def _leave_if_emptied(self) -> bool:
        """Show all rows if the last one has left the group; tell whether it has."""
        is_read = self.model.is_loaded and not self.model.rowCount()
        has_emptied = is_read and self._had_rows and self._is_empty_group()
        if has_emptied:
            self._choose(ALL)
        return has_emptied

    def _read(self) -> None:
        self._failed = ""
        self.model.show_rows(self._batch_id, self._chosen.checks)
        self._show_why_none()

    def current(self) -> BatchRow | None:
        """Return the current row."""
        row: BatchRow | None = self.table.current()
        return row

    def is_at(self, number: int) -> bool:
        """Tell whether the row of this number is the current one."""
        current = self.current()
        return current is not None and current["row"] == number

    def choose(self, position: int) -> None:
        """Make the row at a position current, at most the last one."""
        position = min(position, self.model.rowCount() - 1)
        if position >= 0:
            column = max(self.table.currentIndex().column(), 0)
            self.table.setCurrentIndex(self.model.index(position, column))

    def _chip(self, group: ChipGroup) -> FilterButton:
        word = QCoreApplication.translate("rows", str(group.title))
        token = TOKENS[group.checks[0]] if group.checks else "text"
        chip = FilterButton(word, None, token)
        chip.clicked.connect(lambda: self._on_chip(group))
        return chip

    def _lay_out(self) -> None:
        chips = QWidget()
        flow = Flow(chips)
        for chip in self.chips:
            flow.addWidget(chip)
        column = sized(QVBoxLayout(self), margins=0, spacing=8)
        column.addWidget(chips)
        column.addWidget(self.about_twice)
        column.addWidget(self.table, 1)

    def _on_chip(self, group: ChipGroup) -> None:
        self.table.forget_widths()
        self._choose(group)

    def _choose(self, group: ChipGroup) -> None:
        self._chosen = group
        self._had_rows = group.count(self._counts) > 0
        self.chips[GROUPS.index(group)].setChecked(True)
        self.about_twice.setVisible(RowCheck.TWICE in group.checks)
        self._read()

    def _on_rows_going(self) -> None:
        current = self.current()
        self._stays = self._stays if current is None else current["row"]

    def _on_shown(self) -> None:
        if self._leave_if_emptied():
            return
        self._failed = ""
        self._show_why_none()
        if self.model.rowCount() and not self.table.currentIndex().isValid():
            stays = None if self._stays is None else self.model.position_of(self._stays)
            self.choose(stays or 0)
        self.row_chosen.emit()

    def _on_failed(self, sentence: str) -> None:
        self._failed = sentence
        self._show_why_none()

    def _show_why_none(self) -> None:
        if self.model.rowCount():
            self.empty.hide()
        else:
            again = self.tr("Try again") if self._is_error else ""
            self.empty.say(self._said or self._why_none(), again, is_error=self._is_error)

    def _why_none(self) -> str:
        """Say why there are no rows, or that they are still being read."""
        if self._batch_id is not None and not self.model.is_loaded:
            return sentences(self._failed, say("none", "rows_come"))
        return say("none", "rows_here" if self._chosen.checks else "rows")
