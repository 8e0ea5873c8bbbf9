"""The summary of several selected causes: how many tasks they stop, and actions on all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel

from desktop.contract.causes import Cure
from desktop.contract.states import State
from desktop.gui.widgets.action_row import Action, ActionRow
from desktop.gui.widgets.card import Card
from desktop.gui.words.plurals import figure

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from desktop.contract.causes import Cause
    from desktop.gui.look.appearance import ThemeSource
    from desktop.gui.reach import Reach
    from desktop.gui.tasks.pending_actions import PendingAction

    Fitting = Mapping[str, Sequence[Cause]]


class SeveralCauses(Card):
    """Replaces the card; ``action_chosen`` carries a verb and a cause, once for each cause."""

    action_chosen = Signal(str, object)

    def __init__(self, themes: ThemeSource, reach: Reach) -> None:
        super().__init__()
        self.title = QLabel()
        self.title.setProperty("role", "title")
        self.row = ActionRow(themes, reach)
        self.row.chosen.connect(self._on_chosen)
        self.top.addWidget(self.title)
        self.top.addLayout(self.row, 1)
        self.column.addStretch(1)
        themes.changed.connect(self.dress)
        self.dress(themes.theme)

    def show_causes(
        self, causes: Sequence[Cause], started_of: Callable[[str], Sequence[PendingAction]]
    ) -> None:
        """Show other causes, or none; those with a pending action offer only *Undo*."""
        chosen = self.tr("%Ln causes selected", None, len(causes))
        tasks = self.tr("%Ln tasks", None, sum(each["count"] + each["behind"] for each in causes))
        self.title.setText(f"{chosen} · {tasks}")
        begun = {each["cause"]: started_of(each["cause"]) for each in causes}
        free = [each for each in causes if not begun[each["cause"]]]
        may_undo = [c for c in causes if any(not each.is_due for each in begun[c["cause"]])]
        waiting = [each for each in free if each["cure"] != Cure.RESUME]
        fitting: Fitting = {
            "undo": may_undo,
            "retry": [each for each in free if _count([each], State.FAILED)],
            "try_now": [each for each in waiting if _count([each], State.WAITING)],
        }
        words = {
            "undo": (self.tr("Undo ({})").format(figure(len(may_undo))), "undo-2"),
            "retry": (
                self.tr("Retry the %Ln that failed", None, _count(free, State.FAILED)),
                "rotate-cw",
            ),
            "try_now": (
                self.tr("Try now ({})").format(figure(_count(waiting, State.WAITING))),
                "rotate-cw",
            ),
        }
        actions = [Action(verb, *said) for verb, said in words.items() if fitting[verb]]
        self.row.offer(actions, fitting)

    def _on_chosen(self, verb: str, fitting: Fitting) -> None:
        for cause in fitting[verb]:
            self.action_chosen.emit(verb, cause)


def _count(causes: Sequence[Cause], state: State) -> int:
    return sum(each["states"].get(state, 0) for each in causes)
