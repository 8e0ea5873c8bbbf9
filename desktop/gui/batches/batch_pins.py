"""The pins of batches: those under way, those that ended a short while ago, and drafts."""

from __future__ import annotations

import time
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer

from desktop.contract.batches import BatchState
from desktop.gui.batches.batch_numbers import progress
from desktop.gui.batches.batch_words import look_of
from desktop.gui.frame.pins import DRAFTS, SHEETS, PinnedRow
from sendoff_tasks.model.times import epoch

if TYPE_CHECKING:
    from desktop.contract.batches import Batch
    from desktop.gui.batches.spreadsheets import Spreadsheets
    from desktop.gui.frame.main_window import MainWindow


STAYS_S: Final = 24 * 3600
"""Seconds for which a batch that has ended stays pinned."""


class BatchPins(QObject):
    """Pins the batches of the place; each shows its card on the desk."""

    def __init__(self, window: MainWindow, view: Spreadsheets) -> None:
        super().__init__(window)
        self._window, self._view = window, view
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self._pin)
        model = view.model
        changes = (model.shown, model.rowsInserted, model.rowsRemoved, model.dataChanged)
        for change in (*changes, view.clock.timeout):
            change.connect(self._soon.start)

    def _pin(self) -> None:
        now = time.time()
        rows: list[Batch] = self._view.model.rows
        drafts = [each for each in rows if each["state"] == BatchState.DRAFT]
        others = [each for each in rows if each not in drafts and _is_recent(each, now)]
        for kind, batches in ((SHEETS, others), (DRAFTS, drafts)):
            pins = [self._pin_of(each, now) for each in batches]
            self._window.pins.put(kind, pins, self._view.open)

    def _pin_of(self, batch: Batch, now: float) -> PinnedRow:
        look, number = look_of(batch, now), batch["batch_id"]
        show, discard = partial(self._show, number), partial(self._discard, number)
        said = progress(batch, now)
        key = f"batch:{number}"
        return PinnedRow(key, batch["name"], said, look.icon, show, discard=discard)

    def _discard(self, number: int) -> None:
        self._view.choose(number)
        self._view.take_out()

    def _show(self, number: int) -> None:
        self._view.choose(number)
        self._window.desk.show_page(self._view.card)


def _is_recent(batch: Batch, now: float) -> bool:
    """Tell whether a batch is under way, or ended a short while ago."""
    ended = epoch(batch["finished_at"]) if batch["state"] == BatchState.DONE else None
    return ended is None or ended >= now - STAYS_S
