"""The chips above the items: they filter and count by whether the recipient was informed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QButtonGroup

from desktop.contract.items import Informed
from desktop.gui.items.item_words import LOOKS_OF_INFORMED, counted
from desktop.gui.widgets.chips.chip import Chip
from desktop.gui.widgets.chips.chip_row import ChipRow
from desktop.gui.words.plurals import figure

if TYPE_CHECKING:
    from collections.abc import Mapping

    from desktop.gui.look.appearance import ThemeSource

_NEED_A_PERSON = {Informed.NO, Informed.NOT_SURE}


class InformedChips(ChipRow):
    """Chips for *All* and for each kind; Tab reaches the checked one, arrow keys check another.

    ``kind_chosen`` carries a value of :class:`Informed`, or an empty text for all. A row of a batch
    becomes an item when it is its turn. *More in batches* counts the rows to come, which *All* does
    not include; ``batches_wanted`` asks to show the batches.
    """

    kind_chosen = Signal(str)
    batches_wanted = Signal()

    def __init__(self, themes: ThemeSource) -> None:
        super().__init__("", themes)
        self.setAccessibleName(self.tr("Which items are shown"))
        self._group = QButtonGroup(self)
        self.chips: dict[str, Chip] = {"": Chip(self.tr("All"), None, "text", themes)}
        for kind, look in LOOKS_OF_INFORMED.items():
            word = QCoreApplication.translate("items", look.chip)
            self.chips[kind] = Chip(word, look.icon, look.token, themes)
        for chip in self.chips.values():
            self._group.addButton(chip)
        self.batches = Chip(self.tr("More in batches"), "calendar-clock", "scheduled", themes)
        self.batches.setAutoExclusive(False)
        self.batches.setCheckable(False)
        self.batches.setToolTip(
            self.tr(
                "Not counted in All: they become items when it is their turn. Click to show the"
                " batches."
            )
        )
        self.batches.clicked.connect(self.batches_wanted)
        self.put([*self.chips.values(), self.batches])
        self.batches.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.count_in_batches(0)
        self.set_present(self.chips[Informed.KEPT], False)
        self.chips[""].setChecked(True)
        self._group.buttonToggled.connect(self._on_toggled)

    def set_counts(self, counts: Mapping[str, int], *, exact: bool) -> None:
        """Show how many items there are of each kind."""
        for kind, chip in self.chips.items():
            kinds = [kind] if kind else [*counts]
            words = counted(counts, kinds, exact=exact)
            chip.set_count(words, empty=bool(kind) and not counts.get(kind))
            if kind in _NEED_A_PERSON:
                chip.set_urgent(counts.get(kind, 0) > 0)
        kept = self.chips[Informed.KEPT]  # practice mode ends once sending is set up
        self.set_present(kept, counts.get(Informed.KEPT, 0) > 0 or kept.isChecked())

    def count_in_batches(self, rows: int) -> None:
        """Show the number of batch rows to come."""
        self.batches.set_count(figure(rows))
        self.set_present(self.batches, rows > 0)

    def choose(self, kind: str) -> None:
        """Check a chip, as a click does."""
        self.chips[kind].setChecked(True)

    def _on_toggled(self, chip: Chip, chosen: bool) -> None:
        if chosen:
            self.kind_chosen.emit(next(kind for kind, each in self.chips.items() if each is chip))
