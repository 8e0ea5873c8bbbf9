"""The rows of an import: chips that filter them, and the list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QCoreApplication, QLocale, Signal
from PySide6.QtWidgets import QButtonGroup, QLabel, QVBoxLayout, QWidget

from desktop.contract.batches import RowCheck
from desktop.gui.batches.batch_rows import RowColumn, RowsModel
from desktop.gui.batches.draft_words import GROUPS, TOKENS, ChipGroup
from desktop.gui.kit.lists.list_table import ListTable
from desktop.gui.kit.lists.list_view import EmptyState
from desktop.gui.kit.lists.list_widths import ColumnFit
from desktop.gui.kit.look.appearance import in_role, sized
from desktop.gui.kit.widgets.choice import Chip
from desktop.gui.kit.widgets.surfaces import Flow
from desktop.gui.kit.words.states import sentences

if TYPE_CHECKING:
    from desktop.contract.batches import BatchCounts, BatchRow


FITS: Final = {
    RowColumn.ROW: ColumnFit(64),
    RowColumn.NAME: ColumnFit(140, least=80),
    RowColumn.EMAIL: ColumnFit(190, least=140),
    RowColumn.CHECK: ColumnFit(220, least=170),  # the card shows its text whole
}
ALWAYS: Final = 3
"""Number of chips that are always shown; the others are shown while they have rows."""


class RowsPane(QWidget):
    """Shows the rows of one chip; ``row_chosen`` is emitted when the current row changes.

    ``again_chosen`` asks to read the spreadsheet again after an error.
    """

    row_chosen = Signal()
    again_chosen = Signal()

    def __init__(self, model: RowsModel) -> None:
        super().__init__()
        self.model = model
        self._batch_id: int | None = None
        self._chosen = GROUPS[0]
        self._counts: BatchCounts | None = None
        self.chips = [self._chip(group) for group in GROUPS]
        self._exclusive = QButtonGroup(self)
        for chip in self.chips:
            self._exclusive.addButton(chip)
        name = self.tr("Rows of the spreadsheet")
        self.table = ListTable(model, name, FITS)
        self.table.row_chosen.connect(self.row_chosen)
        self.about_twice = in_role(QLabel(wordWrap=True), "soft")
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

    def show_batch(self, batch_id: int | None) -> None:
        """Show the rows of another draft, or no rows."""
        self._batch_id, self._stays = batch_id, None
        self._on_chip(GROUPS[0])

    def keep_columns(self) -> None:
        """Keep the column widths while the person corrects one row after the other."""
        self.table.widths.is_held = True

    def say(self, sentence: str, *, is_error: bool = False) -> None:
        """Say why no rows are shown; an empty text restores the usual sentence.

        After an error, the person can try again.
        """
        self._said, self._is_error = sentence, is_error
        self._show_why_none()

    def show_counts(self, counts: BatchCounts | None) -> None:
        """Set the counts of the chips, and hide extra chips without rows."""
        self._counts = counts
        for place, (chip, group) in enumerate(zip(self.chips, GROUPS, strict=True)):
            count = group.count(counts)
            chip.set_count(QLocale().toString(count))
            chip.set_urgent(bool(count))
            chip.setVisible(place < ALWAYS or bool(count))
            if group is self._chosen and chip.isHidden():
                self._choose(GROUPS[0])
        self._had_rows = self._had_rows or self._chosen.count(counts) > 0
        self._leave_if_emptied()

    def show_again(self, *, again: bool) -> None:
        """Show whether rows that are the same as before are sent again."""
        if again != self.model.again:
            self.model.show_again(again=again)
            self.row_chosen.emit()

    def show_problems(self) -> None:
        """Show the rows that need a look."""
        self._choose(GROUPS[1])

    def show_all(self) -> bool:
        """Show all rows; return whether a part of them was shown before."""
        before = self._chosen
        self._choose(GROUPS[0])
        return before is not GROUPS[0]

    def reload(self) -> None:
        """Read the rows again, or all rows if none is left in the group."""
        if self._is_empty_group():
            self._choose(GROUPS[0])
        else:
            self._read()

    def _is_empty_group(self) -> bool:
        counts = self._counts
        return bool(counts and not (counts["unchecked"] or self._chosen.count(counts)))

    def _leave_if_emptied(self) -> bool:
        """Show all rows if the last one has left the group; return whether it has."""
        is_read = self.model.is_loaded and not self.model.rowCount()
        has_emptied = is_read and self._had_rows and self._is_empty_group()
        if has_emptied:
            self._choose(GROUPS[0])
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

    def _chip(self, group: ChipGroup) -> Chip:
        word = QCoreApplication.translate("rows", str(group.title))
        token = TOKENS[group.checks[0]] if group.checks else "text"
        chip = Chip(word, None, token)
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
        self.table.widths.is_held = False
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
            coming = self.tr("The rows are shown as soon as Sendoff answers.")
            return sentences(self._failed, coming)
        if self._chosen.checks:
            return self.tr("There are no rows in this group.")
        return self.tr("No rows.")
