"""The items set aside: kept on disk, and offered in a bar, oldest first."""

from __future__ import annotations

from collections import deque
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Signal

from desktop.gui.frame.notices.bars import DISMISS, BarText
from desktop.gui.items.form.undo_offers import offer_back
from desktop.gui.link.jobs import Job

if TYPE_CHECKING:
    from pathlib import Path

    from desktop.client.drafts import DraftBox, DraftItem
    from desktop.gui.frame.main_window import MainWindow
    from desktop.gui.frame.notices.bars import Level
    from desktop.gui.link.jobs import Jobs

BAR: Final = "aside"
BROKEN_BAR: Final = "broken drafts"


class ItemsAside(QObject):
    """Holds the items set aside; ``wanted`` asks to put the first into the form."""

    wanted = Signal()

    def __init__(self, window: MainWindow, box: DraftBox, box_jobs: Jobs) -> None:
        super().__init__(window)
        self._toasts = window.toasts
        self._notices = window.notices
        self._box = box
        self._box_jobs = box_jobs
        self._items: deque[DraftItem] = deque()
        self._notices.action_chosen.connect(self._on_notice_action)

    def put(self, submission: DraftItem) -> None:
        """Set an item aside, and write it to disk; its ``aside`` says why."""
        self._box_jobs.start(Job(self._box.keep, submission))
        self.offer(submission)

    def offer(self, submission: DraftItem) -> None:
        """Offer an item that is already on disk."""
        self._items.append(submission)
        self._show()

    def take(self) -> DraftItem:
        """Take the first item."""
        first = self._items.popleft()
        self._show()
        return first

    def name_broken(self, drafts: list[Path]) -> None:
        """Say which drafts of the last window could not be read."""
        words = self.tr("A draft could not be read. It was moved aside: {names}")
        names = ", ".join(str(path) for path in drafts)
        bar = BarText("warning", words.format(names=names), dismissible=True)
        self._notices.say(BROKEN_BAR, bar)

    def _show(self) -> None:
        if not self._items:
            self._notices.take_back(BAR)
            return
        first = self._items[0]
        words = first.aside or ""
        if len(self._items) > 1:
            many = self.tr("%Ln items are set aside. The first: {words}", None, len(self._items))
            words = many.format(words=words)
        level: Level = "warning" if first.problem else "info"
        actions = ((BAR, self.tr("Put it into the form")),)
        self._notices.say(BAR, BarText(level, words, actions, dismissible=True))

    def _on_notice_action(self, name: str, action: str) -> None:
        if name == BROKEN_BAR and action == DISMISS:
            self._notices.take_back(BROKEN_BAR)
        elif name == BAR and action == DISMISS:
            self._discard()
        elif name == BAR:
            self.wanted.emit()

    def _discard(self) -> None:
        discarded = self.take()
        self._box_jobs.start(Job(self._box.drop, discarded))
        words, undo = self.tr("The item was discarded"), partial(self.put, discarded)
        offer_back(self._toasts, words, undo)
