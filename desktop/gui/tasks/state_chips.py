"""The chips above the task table: each is a filter, and counts the tasks that it shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QLocale, Signal
from PySide6.QtWidgets import QButtonGroup

from desktop.gui.kit.widgets.choice import FilterButton, FilterRow, take_tab
from desktop.gui.kit.widgets.texts import tip
from desktop.gui.kit.words.table import WORDS
from desktop.gui.tasks.filters import ALL, BY_REASON, FILTERS, IN_ROW, MOST_IN_ROW, FoundCounts
from desktop.gui.tasks.search_field import meant_by

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtWidgets import QAbstractButton

    from desktop.contract.office import OfficeStats


class StateChips(FilterRow):
    """One chip of :data:`FILTERS` is chosen; Tab reaches it, the arrow keys choose another.

    ``filter_chosen`` carries its filter. If the search chooses states, all their chips are checked
    and behave as check boxes, also for screen readers. Beside *All* there are at most
    ``MOST_IN_ROW`` chips with tasks, in a fixed order; the others are under *More*.
    """

    filter_chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(self.tr("Which tasks are shown"))
        self._buttons = QButtonGroup(self)
        self._all: OfficeStats | None = None
        self._found = FoundCounts()
        self._is_overruled = False
        self.chosen = ALL
        """The filter of the chosen chip."""
        self._came: set[str] = set()  # a filter that had a task stays, so that none jumps
        self.chips: dict[str, FilterButton] = {}
        for name, each in FILTERS.items():
            self.chips[name] = chip = FilterButton(each.title, each.icon, each.token)
            if about := WORDS.fill("filter_tip", name):
                chip.setToolTip(tip(about))
            self._buttons.addButton(chip)
        self.put([*self.chips.values()])
        self.chips[ALL.name].setChecked(True)
        self._place(is_bare=True)  # nothing is counted yet
        self._buttons.buttonToggled.connect(self._on_toggled)
        self._buttons.buttonClicked.connect(self._on_clicked)

    def show_states(self, words: Sequence[str]) -> None:
        """Check the chips for the ``state:`` words of a search; without words, the chosen chip."""
        found = meant_by(words)
        if not (found or self._is_overruled):
            return
        self._is_overruled = True  # ignore the toggles that follow
        self._buttons.setExclusive(False)
        for name, chip in self.chips.items():
            chip.setAutoExclusive(not found)
            chip.setChecked(FILTERS[name].is_in(found) if found else name == self.chosen.name)
        self._buttons.setExclusive(not found)
        self._is_overruled = bool(found)
        if not any(chip.isChecked() for chip in self.chips.values()):
            take_tab(self.chips[ALL.name], chosen=True)
        self._show_counts()

    def set_stats(self, stats: OfficeStats) -> None:
        """Set the number of tasks by state, shown while nothing narrows the list."""
        self._all = stats
        self._show_counts()

    def set_found(self, found: FoundCounts) -> None:
        """Set the counts of a read."""
        self._found = found
        self._show_counts()
        self.announce_found(is_search=found.states is not None)

    def begin_search(self) -> None:
        """Let the filters without a task leave: the list is of other tasks from now on."""
        self._came.clear()

    def choose(self, name: str) -> None:
        """Choose the chip of a filter, as a click would."""
        if name == self.chosen.name:
            return
        if self._is_overruled:
            self._choose(name)
        else:
            self.chips[name].setChecked(True)

    def _show_counts(self) -> None:
        counted = self._found.states or self._all
        if counted is None:
            self._place(is_bare=True)
            return
        is_exact = self._found.states is None or self._found.states["is_exact"]
        counts = {name: (each.count(counted), is_exact) for name, each in FILTERS.items()}
        counts |= {name: self._found.own.get(name, (0, True)) for name in BY_REASON}
        is_wider = False
        for name, chip in self.chips.items():
            count, is_exact = counts[name]
            words = f"{QLocale().toString(count)}{'' if is_exact or not count else '+'}"
            is_wider |= chip.set_count(words, empty=not count and name != ALL.name)
            self._came |= {name} if count else set()
            if FILTERS[name].is_urgent:
                chip.set_urgent(count > 0)
        self._place(is_bare=not counts[ALL.name][0])
        if is_wider:
            self.fit()

    def _place(self, *, is_bare: bool) -> None:
        """Place the chips in the row or under *More*; a list without tasks has none to choose."""
        came = set() if is_bare else self._came
        there = [name for name, chip in self.chips.items() if name in came or chip.isChecked()]
        in_row = {ALL.name, *[name for name in there if name in IN_ROW][:MOST_IN_ROW]}
        for name, chip in self.chips.items():
            is_present = not is_bare if name == ALL.name else name in there
            self.set_place(chip, is_present=is_present, in_row=name in in_row)

    def _name_of(self, chip: QAbstractButton) -> str:
        return next(name for name, each in self.chips.items() if each is chip)

    def _on_clicked(self, chip: QAbstractButton) -> None:
        """Choose a single chip in place of those that a search has chosen."""
        if self._is_overruled:
            self._choose(self._name_of(chip))

    def _on_toggled(self, chip: QAbstractButton, chosen: bool) -> None:
        if chosen and not self._is_overruled:
            self._choose(self._name_of(chip))

    def _choose(self, name: str) -> None:
        self.chosen = FILTERS[name]
        self._show_counts()
        self.filter_chosen.emit(self.chosen)
