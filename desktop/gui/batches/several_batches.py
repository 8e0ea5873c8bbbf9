"""The summary of several selected batches: the sum of their rows, and actions on all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel

from desktop.contract.batches import BatchState
from desktop.gui.batches.batch_card import STEERS
from desktop.gui.batches.batch_words import can_be_retried, numbers
from desktop.gui.kit.widgets.action_row import Action, ActionRow
from desktop.gui.kit.widgets.card import Card
from desktop.gui.kit.widgets.texts import WholeLabel
from desktop.gui.kit.words.plurals import figure

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from desktop.contract.batches import Batch
    from desktop.gui.kit.look.appearance import ThemeSource
    from desktop.gui.kit.reach import Reach
    from desktop.gui.tasks.acting.pending_actions import PendingAction


class SeveralBatches(Card):
    """Replaces the card; ``action_chosen`` carries a verb and the numbers of its batches."""

    action_chosen = Signal(str, list)

    def __init__(self, themes: ThemeSource, reach: Reach) -> None:
        super().__init__(themes)
        self.title = QLabel()
        self.title.setProperty("role", "title")
        self.about = WholeLabel()
        self.row = ActionRow(themes, reach, apart=STEERS)
        self.row.chosen.connect(self._on_chosen)
        self.top.addWidget(self.title)
        self.top.addLayout(self.row, 1)
        first = QHBoxLayout()
        first.addWidget(self.about, 1)
        first.addLayout(self.row.place_apart)
        self.column.addLayout(first)
        self.column.addStretch(1)

    def show_batches(self, batches: Sequence[Batch], started: Mapping[int, PendingAction]) -> None:
        """Show other batches, or none; those with a ``started`` verb offer only *Undo*.

        *Undo* does not take the place of *Send the … that failed*, which stays, disabled.
        """
        self.title.setText(self.tr("%Ln batches selected", None, len(batches)))
        self.about.setText(self._became(batches))
        fitting = {verb: [*map(_number, found)] for verb, found in _by_verb(batches, started)}
        free = [each for each in batches if _number(each) not in started]
        failed = sum(map(can_be_retried, free)) or sum(map(can_be_retried, batches))
        self.row.offer(self._actions(fitting, failed), fitting)

    def _became(self, batches: Sequence[Batch]) -> str:
        """Say how many of their rows were sent, not sent, or are to come."""
        started = [each for each in batches if each["state"] != BatchState.DRAFT]
        said = (f"{figure(each.rows)} {each.word}" for each in numbers(started))
        return " · ".join(said)

    def _actions(self, fitting: Mapping[str, Sequence[int]], failed: int) -> list[Action]:
        words = {
            "undo": (self.tr("Undo ({})"), "undo-2"),
            "retry": (self.tr("Send the %Ln that failed", None, failed), "rotate-cw"),
            "resume": (self.tr("Resume ({})"), "play"),
            "pause": (self.tr("Pause ({})"), "pause"),
            "cancel": (self.tr("Cancel the rest ({})"), "ban"),
            "delete": (self.tr("Delete drafts ({})"), "x"),
        }
        stays = {"retry"} if fitting["undo"] and failed else set()
        return [
            Action(verb, said.format(figure(len(fit))), icon, works=bool(fit))
            for verb, (said, icon) in words.items()
            if (fit := fitting[verb]) or verb in stays
        ]

    def _on_chosen(self, verb: str, fitting: Mapping[str, Sequence[int]]) -> None:
        self.action_chosen.emit(verb, [*fitting[verb]])


def _number(batch: Batch) -> int:
    return batch["batch_id"]


def _by_verb(
    batches: Sequence[Batch], started: Mapping[int, PendingAction]
) -> list[tuple[str, list[Batch]]]:
    """Return the batches that each verb fits."""
    begun = [each for each in batches if _number(each) in started]
    free = [each for each in batches if _number(each) not in started]
    sent = [each for each in free if each["state"] != BatchState.DRAFT]
    return [
        ("undo", [each for each in begun if not started[_number(each)].is_due]),
        ("retry", [each for each in sent if can_be_retried(each)]),
        ("resume", [each for each in sent if each["state"] == BatchState.PAUSED]),
        ("pause", [each for each in sent if each["state"] == BatchState.RUNNING]),
        ("cancel", [each for each in sent if each["counts"]["open"]]),
        ("delete", [each for each in free if each["state"] == BatchState.DRAFT]),
    ]
