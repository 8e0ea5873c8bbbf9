"""The chips above the table: which states are shown, and how many tasks are in each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication, QLocale, QSize, Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QWidget

from desktop.contract.states import State
from desktop.gui.parts.chip import Chip

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent

    from desktop.contract.events import Stats
    from desktop.gui.look.theme import Theme, ThemeSource


@dataclass(frozen=True, slots=True)
class Group:
    """States that one chip stands for; none means all. ``token`` colours its ``icon``."""

    title: str
    states: tuple[str, ...]
    icon: str | None = None
    token: str = "text"  # noqa: S105 - the name of a colour


GROUPS: Final = (
    Group(str(QT_TRANSLATE_NOOP("chips", "All")), ()),
    Group(
        str(QT_TRANSLATE_NOOP("chips", "Active")),
        (State.QUEUED, State.RUNNING),
        "loader-circle",
        "running",
    ),
    Group(
        str(QT_TRANSLATE_NOOP("chips", "Scheduled")),
        (State.SCHEDULED,),
        "calendar-clock",
        "scheduled",
    ),
    Group(str(QT_TRANSLATE_NOOP("chips", "Waiting")), (State.WAITING,), "rotate-cw", "waiting"),
    Group(str(QT_TRANSLATE_NOOP("chips", "Failed")), (State.FAILED,), "circle-x", "failed"),
    Group(
        str(QT_TRANSLATE_NOOP("chips", "Uncertain")),
        (State.UNCERTAIN,),
        "circle-help",
        "uncertain",
    ),
    Group(
        str(QT_TRANSLATE_NOOP("chips", "Done")),
        (State.SUCCEEDED, State.CANCELLED),
        "circle-check",
        "succeeded",
    ),
)


class StateChips(QWidget):
    """One chip of :data:`GROUPS` is chosen; Tab reaches it, the arrow keys choose another.

    ``states_chosen`` carries the chosen states, empty for all.
    """

    states_chosen = Signal(tuple)

    def __init__(self, themes: ThemeSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Which tasks are shown"))
        self.setProperty("area", "bar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._buttons = QButtonGroup(self)
        self._row = QHBoxLayout(self)
        self.chips: list[Chip] = []
        for number, group in enumerate(GROUPS):
            title = QCoreApplication.translate("chips", group.title)
            chip = Chip(title, group.icon, group.token, themes)
            self.chips.append(chip)
            self._buttons.addButton(chip, number)
            self._row.addWidget(chip)
        self._row.addStretch(1)
        self.chips[0].setChecked(True)
        self._buttons.idToggled.connect(self._on_toggled)
        themes.changed.connect(self._on_theme)
        self._on_theme(themes.theme)

    def set_stats(self, stats: Stats) -> None:
        """Show how many tasks are in each group's states."""
        counts = stats["counts"]
        for group, chip in zip(GROUPS, self.chips, strict=True):
            count = sum(counts.get(state, 0) for state in group.states or counts)
            chip.set_count(QLocale().toString(count))
        self._fit()

    def choose(self, states: tuple[str, ...]) -> None:
        """Choose the chip of these states, as a click would."""
        for group, chip in zip(GROUPS, self.chips, strict=True):
            if group.states == states:
                chip.setChecked(True)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave the icons out where there is no room for them."""
        super().resizeEvent(event)
        self._fit()

    def minimumSizeHint(self) -> QSize:
        """Return the room the chips need without icons."""
        margins = self._row.contentsMargins()
        room = sum(chip.width_for(compact=True) for chip in self.chips)
        gaps = self._row.spacing() * (len(self.chips) - 1)
        return QSize(room + gaps + margins.left() + margins.right(), self.height())

    def _fit(self) -> None:
        margins = self._row.contentsMargins()
        room = self.width() - margins.left() - margins.right()
        gaps = self._row.spacing() * len(self.chips)
        full = sum(chip.width_for(compact=False) for chip in self.chips) + gaps
        for chip in self.chips:
            chip.set_compact(full > room)

    def _on_toggled(self, number: int, chosen: bool) -> None:
        if chosen:
            self.states_chosen.emit(tuple(str(state) for state in GROUPS[number].states))

    def _on_theme(self, theme: Theme) -> None:
        self.setFixedHeight(theme.px(44))
        self._row.setContentsMargins(theme.px(12), 0, theme.px(12), 0)
        self._row.setSpacing(theme.px(6))
        self._fit()
