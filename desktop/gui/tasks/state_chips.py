"""The chips above the task table: they filter by state and count the tasks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication, QLocale, Signal
from PySide6.QtWidgets import QButtonGroup

from desktop.gui.kit.widgets.choice import Chip, ChipRow, take_tab
from desktop.gui.kit.widgets.texts import tip
from desktop.gui.tasks.search_field import meant_by
from sendoff_tasks.model.states import State

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desktop.contract.office import OfficeStats
    from sendoff_tasks.model.tasks import TaskCounts


@dataclass(frozen=True, slots=True)
class StateGroup:
    """The states of one chip; none means all. ``token`` is the colour of its ``icon``.

    ``standing`` limits queued tasks to those stopped by a pause or a hold (true), or to the others
    (false). ``seen`` limits failed and uncertain tasks to those that a person has dealt with, or to
    those that need a person: these stand out. Each task is in one group, beside *All*.
    """

    title: str
    states: tuple[str, ...]
    icon: str | None = None
    token: str = "text"  # noqa: S105 - the name of a colour
    standing: bool | None = None
    seen: bool | None = None
    about: str = ""
    """The tooltip of its chip."""

    def is_in(
        self,
        states: tuple[str, ...],
        standing: bool | None = None,
        seen: bool | None = None,
        **_: object,
    ) -> bool:
        """Tell whether a choice of states contains the whole group."""
        is_part = bool(self.states) and set(states).issuperset(self.states)
        asked = ((self.standing, standing), (self.seen, seen))
        return is_part and all(own is None or given in {None, own} for own, given in asked)

    def count(self, stats: OfficeStats | TaskCounts) -> int:
        """Return the number of tasks in the group."""
        counts, standing = stats["counts"], stats["standing"]
        count = sum(counts.get(state, 0) for state in self.states or counts)
        if self.seen is not None:
            seen = sum(stats["seen"].get(state, 0) for state in self.states)
            return seen if self.seen else count - seen
        if self.standing is None:
            return count
        return count - (counts.get(State.QUEUED, 0) - standing if self.standing else standing)


GROUPS: Final = (
    StateGroup(str(QT_TRANSLATE_NOOP("chips", "All")), ()),
    StateGroup(
        str(QT_TRANSLATE_NOOP("chips", "Active")),
        (State.QUEUED, State.RUNNING),
        "loader-circle",
        "running",
        standing=False,
    ),
    StateGroup(
        str(QT_TRANSLATE_NOOP("chips", "Scheduled")),
        (State.SCHEDULED,),
        "calendar-clock",
        "scheduled",
    ),
    StateGroup(
        str(QT_TRANSLATE_NOOP("chips", "Waiting")),
        (State.WAITING, State.QUEUED),
        "rotate-cw",
        "waiting",
        standing=True,
    ),
    StateGroup(
        str(QT_TRANSLATE_NOOP("chips", "Failed")),
        (State.FAILED,),
        "circle-x",
        "failed",
        seen=False,
    ),
    StateGroup(
        str(QT_TRANSLATE_NOOP("chips", "Uncertain")),
        (State.UNCERTAIN,),
        "circle-help",
        "uncertain",
        seen=False,
    ),
    StateGroup(
        str(QT_TRANSLATE_NOOP("chips", "Done")),
        (State.SUCCEEDED,),
        "circle-check",
        "succeeded",
        about=str(
            QT_TRANSLATE_NOOP("chips", "Tasks that ended well: sent, kept in practice mode, or run")
        ),
    ),
    StateGroup(
        str(QT_TRANSLATE_NOOP("chips", "Cancelled")), (State.CANCELLED,), "ban", "cancelled"
    ),
    StateGroup(
        str(QT_TRANSLATE_NOOP("chips", "Seen")),
        (State.FAILED, State.UNCERTAIN),
        "eye",
        "cancelled",
        seen=True,
        about=str(
            QT_TRANSLATE_NOOP(
                "chips", "Failed and uncertain tasks that were sent again or marked as seen"
            )
        ),
    ),
)


class StateChips(ChipRow):
    """One chip of :data:`GROUPS` is chosen; Tab reaches it, the arrow keys choose another.

    ``group_chosen`` carries its :class:`StateGroup`. If the search chooses states, all their chips
    are checked and behave as check boxes, also for screen readers.
    """

    group_chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(self.tr("Which tasks are shown"))
        self._buttons = QButtonGroup(self)
        self._all: OfficeStats | None = None
        self._found: TaskCounts | None = None
        self._is_overruled = False
        self._chosen = 0
        self._came: set[Chip] = set()  # a chip that had a task stays, so that none jumps
        self.chips: list[Chip] = []
        for number, group in enumerate(GROUPS):
            title = QCoreApplication.translate("chips", group.title)
            chip = Chip(title, group.icon, group.token)
            if group.about:
                chip.setToolTip(tip(QCoreApplication.translate("chips", group.about)))
            self.chips.append(chip)
            self._buttons.addButton(chip, number)
        self.put(self.chips)
        self.chips[0].setChecked(True)
        self._buttons.idToggled.connect(self._on_toggled)
        self._buttons.idClicked.connect(self._on_clicked)

    @property
    def chosen(self) -> StateGroup:
        """The group of the chosen chip."""
        return GROUPS[self._chosen]

    def show_states(self, words: Sequence[str]) -> None:
        """Check the chips for the ``state:`` words of a search; without words, the chosen chip."""
        found = meant_by(words)
        if not (found or self._is_overruled):
            return
        self._is_overruled = True  # ignore the toggles that follow
        self._buttons.setExclusive(False)
        for number, (group, chip) in enumerate(zip(GROUPS, self.chips, strict=True)):
            chip.setAutoExclusive(not found)
            chip.setChecked(group.is_in(**found) if found else number == self._chosen)
        self._buttons.setExclusive(not found)
        self._is_overruled = bool(found)
        if not any(chip.isChecked() for chip in self.chips):
            take_tab(self.chips[0], chosen=True)
        self.fit()

    def set_stats(self, stats: OfficeStats) -> None:
        """Set the number of tasks by state, shown while nothing narrows the list."""
        self._all = stats
        self._show_counts()

    def set_found(self, found: TaskCounts | None) -> None:
        """Set the counts of a search or filter; ``None`` if there is none."""
        self._found = found
        self._show_counts()
        self.announce_found(is_search=found is not None)

    def _show_counts(self) -> None:
        counted = self._found or self._all
        if counted is None:
            return
        rest = "" if self._found is None or self._found["is_exact"] else "+"
        is_bare, is_wider = not GROUPS[0].count(counted), False
        for group, chip in zip(GROUPS, self.chips, strict=True):
            count = group.count(counted)
            words = f"{QLocale().toString(count)}{rest if count else ''}"
            is_empty = not count and bool(group.states)
            spare = is_empty if self._all is None else not group.count(self._all)
            is_wider |= chip.set_count(words, empty=is_empty, spare=spare)
            came = not is_bare and chip in self._came
            self._came |= {chip} if count else set()
            is_there = bool(count or came or not group.states) or chip.isChecked()
            self.set_present(chip, is_there and not (is_bare and chip is self.chips[0]))
            if group.seen is False:
                chip.set_urgent(count > 0)
        if is_wider:
            self.fit()

    def choose(self, states: tuple[str, ...]) -> None:
        """Choose the chip of these states, as a click would."""
        for number, group in enumerate(GROUPS):
            if group.states == states and number != self._chosen:
                if self._is_overruled:
                    self._choose(number)
                else:
                    self.chips[number].setChecked(True)

    def _on_clicked(self, number: int) -> None:
        """Choose a single chip in place of those that a search has chosen."""
        if self._is_overruled:
            self._choose(number)

    def _on_toggled(self, number: int, chosen: bool) -> None:
        if chosen and not self._is_overruled:
            self._choose(number)

    def _choose(self, number: int) -> None:
        self._chosen = number
        self.group_chosen.emit(GROUPS[number])
