"""Notifies of batches that are done."""

from __future__ import annotations

import time
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject

from desktop.contract.batches import BatchState
from desktop.gui.batches.batch_words import progress
from desktop.gui.frame.notifications import News
from desktop.gui.frame.views import BATCHES
from desktop.gui.kit.words.task_row import epoch

if TYPE_CHECKING:
    from desktop.contract.batches import Batch
    from desktop.contract.events import BatchesEvent
    from desktop.gui.batches.batch_view import BatchView
    from desktop.gui.frame.main_window import MainWindow
    from desktop.gui.frame.notifications import Notifier
    from desktop.gui.link.connection import Live

BATCH: Final = "batch"
"""Batches that need a person."""
BATCH_DONE: Final = "batch done"
"""Batches that need no person."""


class BatchNews(QObject):
    """Notifies of each batch that is done since the window was opened.

    Batches that need a person have one bar, and the others another one; each is about the last of
    them. A bar is removed when the card of its batch is visible, when the batch continues or is
    deleted, and when it needs no person any more.
    """

    def __init__(self, window: MainWindow, view: BatchView, notifier: Notifier, live: Live) -> None:
        super().__init__(window)
        self._window = window
        self._view = view
        self._notifier = notifier
        self._since = time.time()
        self._done: set[int] = set()
        self._last: dict[str, int] = {}  # by kind of news
        live.batches_changed.connect(self._on_batches)
        view.seen.connect(self._on_seen)

    def _on_batches(self, event: BatchesEvent) -> None:
        for number in event["gone"]:
            self._forget(number)
        for batch in event["rows"]:
            number = batch["batch_id"]
            if batch["state"] != BatchState.DONE:
                self._forget(number)
            elif number not in self._done:
                self._done.add(number)
                if (epoch(batch["finished_at"]) or 0) >= self._since:
                    self._tell(batch)
            elif self._last.get(BATCH) == number and self._notifier.is_said(BATCH):
                self._take_back(number)
                if _needing(batch):  # a person has settled only some messages
                    self._last[BATCH] = number
                    self._notifier.say(self._news_of(batch))

    def _tell(self, batch: Batch) -> None:
        news = self._news_of(batch)
        if self._notifier.tell(news):
            self._last[news.kind] = batch["batch_id"]

    def _forget(self, number: int) -> None:
        """Drop a batch that continues or was deleted."""
        self._done.discard(number)
        self._take_back(number)

    def _take_back(self, number: int) -> None:
        for kind in [kind for kind, last in self._last.items() if last == number]:
            del self._last[kind]
            self._notifier.take_back(kind)

    def _on_seen(self, number: int) -> None:
        """Drop a batch whose card is visible."""
        if not self._window.sheets.is_one_open():
            self._take_back(number)

    def _news_of(self, batch: Batch) -> News:
        words = self.tr("{name}: {how}")
        said = words.format(name=batch["name"], how=progress(batch, time.time()))
        urgent, choice = _needing(batch) > 0, self._window.switch.choice
        kind, show = BATCH if urgent else BATCH_DONE, partial(self._show, batch["batch_id"])
        return News(kind, said, show, urgent, lambda: choice.value() == BATCHES)

    def _show(self, number: int) -> None:
        self._window.switch.choose(BATCHES)
        self._view.choose(number)


def _needing(batch: Batch) -> int:
    """Count the failed and uncertain messages of a batch that need a person."""
    return batch["to_retry"] + batch["counts"]["uncertain"]
