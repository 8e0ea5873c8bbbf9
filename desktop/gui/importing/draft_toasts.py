"""Toasts about a spreadsheet that is sent or closed, with the way back to its draft."""

from __future__ import annotations

import time
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Signal

from desktop.contract.batches import BatchState
from desktop.gui.batches.announced_batches import batch_leaves
from desktop.gui.batches.batch_words import sent
from desktop.gui.kit.words.file_faults import import_error
from desktop.gui.link.jobs import Asker, Job

if TYPE_CHECKING:
    from collections.abc import Callable

    from desktop.client.api import ApiSource
    from desktop.contract.batches import Batch
    from desktop.gui.batches.batch_model import BatchModel
    from desktop.gui.frame.notices.toasts import Toast, Toasts
    from desktop.gui.link.jobs import Jobs


OPEN_S: Final = 4.0
"""Seconds that *Open* is offered when a draft was closed."""
START_OVER_S: Final = 10.0
"""Seconds that *Start over* is offered when an existing draft was found."""


class DraftToasts(QObject):
    """Offers *Undo* for a started batch, and *Open* for a closed draft.

    ``draft_wanted`` carries the number of the draft to open.
    """

    draft_wanted = Signal(int)

    def __init__(self, toasts: Toasts, source: ApiSource, jobs: Jobs, parent: QObject) -> None:
        super().__init__(parent)
        self._toasts = toasts
        self._ask = Asker(source, jobs, self.say_failed)
        self._leaving: dict[int, Toast] = {}
        self._batches: dict[int, Batch] = {}  # the batches of these toasts
        self._kept: dict[int, Toast] = {}  # of closed and found drafts

    def say_sent(self, batch: Batch, count: int, seconds: float) -> None:
        """Say that messages are sent, with *Undo* for ``seconds``."""
        number = batch["batch_id"]
        self.end(number)
        ready = time.time() + seconds
        self._batches[number] = batch
        toast = self._toasts.show(
            lambda left: batch_leaves(self._batches[number], count, ready, left),
            seconds=max(seconds, 1.0),
            action=self.tr("Undo"),
            icon="mail-check",
        )
        toast.action_chosen.connect(partial(self._on_undo_chosen, number))
        toast.closed.connect(partial(self._on_toast_closed, number))
        self._leaving[number] = toast

    def watch(self, batches: BatchModel) -> None:
        """Update the toasts of started batches when their state changes."""
        for changed in (batches.shown, batches.dataChanged):
            changed.connect(lambda *_: self._look(batches))

    def end(self, number: int) -> None:
        """Close the toasts of a batch that is a draft again, opened, sent or deleted."""
        for toasts in (self._leaving, self._kept):
            if number in toasts:
                self._toasts.close(toasts[number])

    def say_starting(self, batch: Batch) -> None:
        """Say that a batch is sent once Sendoff answers; its sheet was closed before that."""
        self.end(batch["batch_id"])
        words = self.tr("“{}” is sent once Sendoff answers")
        self._toasts.show(words.format(batch["name"]), icon="send")

    def say_kept(self, batch: Batch, *, for_a_day: bool) -> None:
        """Say that a closed sheet is kept as a draft."""
        kept = self.tr("“{}” is kept as a draft")
        unchanged = self.tr("You changed nothing, so “{}” is kept as a draft for one day only")
        words = (unchanged if for_a_day else kept).format(batch["name"])
        wanted = partial(self.draft_wanted.emit, batch["batch_id"])
        self._offer(batch, words, self.tr("Open"), wanted)

    def say_found(self, batch: Batch, start_over: Callable[[], object]) -> None:
        """Say that a spreadsheet's existing draft is shown, and offer to read the file again."""
        words = self.tr("“{}” was imported before and not sent. This is its draft")
        start = self.tr("Start over")
        self._offer(batch, words.format(batch["name"]), start, start_over, START_OVER_S)

    def _offer(
        self,
        batch: Batch,
        words: str,
        action: str,
        on_chosen: Callable[[], object],
        seconds: float = OPEN_S,
    ) -> None:
        """Show the one toast of a draft, which ends with it."""
        number = batch["batch_id"]
        self.end(number)
        toast = self._kept[number] = self._toasts.show(
            words, seconds=seconds, action=action, icon="pencil", undoes=False
        )
        toast.action_chosen.connect(on_chosen)
        toast.closed.connect(partial(self._kept.pop, number, None))

    def _look(self, batches: BatchModel) -> None:
        for number, toast in [*self._leaving.items()]:
            batch = batches.find(number)
            if batch is None or batch["rev"] < self._batches[number]["rev"]:
                continue  # older than its start
            if batch["state"] == BatchState.DRAFT or batches.is_cancelling(number):
                self.end(number)  # the toast of the cancel follows
            else:
                self._batches[number] = batch
                toast.say_again()
                if batch["state"] == BatchState.DONE or sent(batch):
                    toast.end_action()  # sent messages cannot be taken back

    def _on_toast_closed(self, number: int) -> None:
        self._leaving.pop(number, None)
        self._batches.pop(number, None)

    def _on_undo_chosen(self, number: int) -> None:
        """Make a batch a draft again, and open it."""
        self._ask(
            lambda api: Job(api.batches.delete, number).then(
                lambda _: self.draft_wanted.emit(number)
            )
        )

    def say_failed(self, error: Exception) -> None:
        """Say why a batch was not taken back or not started."""
        self._toasts.show(import_error(error), icon="info")
