"""Several batches that are chosen: what became of all of them, and what can be done to them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel

from desktop.contract.batches import BatchState
from desktop.gui.batches.batch_card import CANCELLING, STEERS
from desktop.gui.batches.batch_rest import can_be_retried
from desktop.gui.widgets.action_row import Action, ActionRow
from desktop.gui.widgets.card import Card
from desktop.gui.widgets.texts import WholeLabel
from desktop.gui.words.plurals import figure

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from desktop.contract.batches import Batch
    from desktop.gui.look.appearance import ThemeSource
    from desktop.gui.reach import Reach


class SeveralBatches(Card):
    """Stands in the place of the card; ``action_chosen`` carries a verb and the batches it fits."""

    action_chosen = Signal(str, list)

    def __init__(self, themes: ThemeSource, reach: Reach) -> None:
        super().__init__()
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
        themes.changed.connect(self.dress)
        self.dress(themes.theme)

    def show_batches(self, batches: Sequence[Batch], started: Mapping[int, str]) -> None:
        """Show other batches, or none; of what was ``started`` on some only *Undo* is offered."""
        self.title.setText(self.tr("%Ln batches selected", None, len(batches)))
        self.about.setText(self._became(batches))
        fitting = {verb: [*map(_number, found)] for verb, found in _by_verb(batches, started)}
        free = [each for each in batches if _number(each) not in started]
        self.row.offer(self._actions(fitting, sum(map(can_be_retried, free))), fitting)

    def _became(self, batches: Sequence[Batch]) -> str:
        """Say what became of their rows."""
        counts = [each["counts"] for each in batches]
        sent, kept = sum(each["sent"] for each in counts), sum(each["kept"] for each in counts)
        failed, open_ = sum(each["failed"] for each in counts), sum(each["open"] for each in counts)
        unsure = sum(each["uncertain"] for each in counts)
        said = {
            self.tr("%Ln sent", None, sent): sent,
            self.tr("%Ln kept", None, kept): kept,
            self.tr("%Ln failed", None, failed): failed,
            self.tr("%Ln uncertain", None, unsure): unsure,
            self.tr("%Ln to come", None, open_): open_,
        }
        return " · ".join(words for words, count in said.items() if count)

    def _actions(self, fitting: Mapping[str, Sequence[int]], failed: int) -> list[Action]:
        words = {
            "undo": (self.tr("Undo ({})"), "undo-2"),
            "retry": (self.tr("Send the %Ln that failed", None, failed), "rotate-cw"),
            "resume": (self.tr("Resume ({})"), "play"),
            "pause": (self.tr("Pause ({})"), "pause"),
            "cancel": (self.tr("Cancel the rest ({})"), "ban"),
            "delete": (self.tr("Delete drafts ({})"), "x"),
        }
        return [
            Action(verb, said.format(figure(len(fitting[verb]))), icon)
            for verb, (said, icon) in words.items()
            if fitting[verb]
        ]

    def _on_chosen(self, verb: str, fitting: Mapping[str, Sequence[int]]) -> None:
        self.action_chosen.emit(verb, [*fitting[verb]])


def _number(batch: Batch) -> int:
    return batch["batch_id"]


def _by_verb(batches: Sequence[Batch], started: Mapping[int, str]) -> list[tuple[str, list[Batch]]]:
    """Return the batches that each verb fits."""
    begun = [each for each in batches if _number(each) in started]
    free = [each for each in batches if _number(each) not in started]
    sent = [each for each in free if each["state"] != BatchState.DRAFT]
    return [
        ("undo", [each for each in begun if started[_number(each)] != CANCELLING]),
        ("retry", [each for each in sent if can_be_retried(each)]),
        ("resume", [each for each in sent if each["state"] == BatchState.PAUSED]),
        ("pause", [each for each in sent if each["state"] == BatchState.RUNNING]),
        ("cancel", [each for each in sent if each["counts"]["open"]]),
        ("delete", [each for each in free if each["state"] == BatchState.DRAFT]),
    ]
