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
"""A batch that needs no person."""


class BatchNews(QObject):
    """Notifies of batches that are done since the window was opened.

    All batches that need a person share one bar. A batch leaves it when it needs no person any
    more, when the person closes the bar, or when its card is visible. It then comes back only if
    more of its messages fail. Batches that need no person have another bar.
    """

    def __init__(self, window: MainWindow, view: BatchView, notifier: Notifier, live: Live) -> None:
        super().__init__(window)
        self._window = window
        self._view = view
        self._notifier = notifier
        self._since = time.time()
        self._done: set[int] = set()
        self._standing: dict[int, Batch] = {}
        self._closed: dict[int, int] = {}
        """By closed batch, the number of messages that need a person: the lowest since then."""
        self._last: int | None = None
        live.batches_changed.connect(self._on_batches)
        notifier.closed.connect(self._on_closed)
        view.seen.connect(self._on_seen)

    def _on_batches(self, event: BatchesEvent) -> None:
        for number in event["gone"]:
            self._forget(number)
        for batch in event["rows"]:
            number, count = batch["batch_id"], _needing(batch)
            if number in self._closed:
                self._closed[number] = min(self._closed[number], count)
            if batch["state"] != BatchState.DONE:
                self._forget(number)
            elif number not in self._done:
                self._done.add(number)
                if (epoch(batch["finished_at"]) or 0) >= self._since:
                    self._tell(batch)
            elif number in self._standing:  # a person has settled some messages
                self._follow(batch)
            elif number == self._last and self._notifier.is_said(BATCH_DONE):
                self._notifier.say(self._news_of(batch))

    def _tell(self, batch: Batch) -> None:
        number, count = batch["batch_id"], _needing(batch)
        if not count:
            if self._notifier.tell(self._news_of(batch)):
                self._last = number
            return
        if count <= self._closed.get(number, 0):
            return
        others = dict(self._standing)
        self._standing[number] = batch
        if not self._notifier.tell(self._warning()):  # it is on screen or in the tray
            self._standing = others
            self._closed[number] = count

    def _follow(self, batch: Batch) -> None:
        if _needing(batch):
            self._standing[batch["batch_id"]] = batch
            self._notifier.say(self._warning())
        else:
            self._let_go(batch["batch_id"])
            self._last = batch["batch_id"]
            self._notifier.say(self._news_of(batch))

    def _forget(self, number: int) -> None:
        """Drop a batch that continues or was deleted."""
        self._done.discard(number)
        self._let_go(number)
        if number == self._last:
            self._last = None
            self._notifier.take_back(BATCH_DONE)

    def _let_go(self, number: int) -> None:
        if self._standing.pop(number, None) is None:
            return
        if self._standing:
            self._notifier.say(self._warning())
        else:
            self._notifier.take_back(BATCH)

    def _on_seen(self, number: int) -> None:
        """Drop a batch whose card is visible."""
        if self._window.sheets.is_one_open():
            return
        if number == self._last:
            self._last = None
            self._notifier.take_back(BATCH_DONE)
        if [*self._standing] == [number]:
            self._notifier.take_back(BATCH)
            self._on_closed(BATCH)

    def _on_closed(self, kind: str) -> None:
        if kind == BATCH:
            self._closed |= {number: _needing(each) for number, each in self._standing.items()}
            self._standing.clear()

    def _warning(self) -> News:
        """Return the news of the only batch that needs a person, or of their number."""
        last = [*self._standing.values()][-1]
        if len(self._standing) == 1:
            return self._news_of(last)
        count = len(self._standing)
        words = self.tr("%Ln batches: not every message is sent.", None, count)
        return self._news(BATCH, words, last["batch_id"], urgent=True)

    def _news_of(self, batch: Batch) -> News:
        how = progress(batch, time.time())
        words = self.tr("{name}: {how}").format(name=batch["name"], how=how)
        needs_person = _needing(batch) > 0
        kind = BATCH if needs_person else BATCH_DONE
        return self._news(kind, words, batch["batch_id"], urgent=needs_person)

    def _news(self, kind: str, words: str, number: int, *, urgent: bool) -> News:
        show, choice = partial(self._show, number), self._window.switch.choice
        return News(kind, words, show, urgent, lambda: choice.value() == BATCHES)

    def _show(self, number: int) -> None:
        self._window.switch.choose(BATCHES)
        self._view.choose(number)


def _needing(batch: Batch) -> int:
    """Count the failed and uncertain messages of a batch that need a person."""
    return batch["to_retry"] + batch["counts"]["uncertain"]
