"""The offers to undo a submission: toasts that say when the item is sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QCoreApplication, QObject

from desktop.contract.items import CONFIRMATION, MAIL_QUEUE
from desktop.gui.kit.words.task_row import epoch

if TYPE_CHECKING:
    from collections.abc import Callable

    from desktop.client.drafts import DraftItem
    from desktop.gui.frame.main_window import MainWindow
    from desktop.gui.frame.notices.toasts import Toast, Toasts

translate = QCoreApplication.translate
KEPT_FOR_S: Final = 6.0
"""Seconds that *Undo* is offered for a submission that waits for the backend."""
BACK_S: Final = 8.0
"""Seconds that *Undo* is offered after the form was cleared or an item discarded."""


def item_leaves(number: int, when: str) -> str:
    """Say that an item is sent ``when``; now, if that is empty."""
    later = translate("leaving", "Item {number} will be sent {when}")
    now = translate("leaving", "Item {number} is sent now")
    return (later if when else now).format(number=number, when=when)


def corrected_item_leaves(number: int, when: str) -> str:
    """Say that a corrected item is sent ``when``; else as :func:`item_leaves`."""
    later = translate("leaving", "Item {number} is corrected and will be sent {when}")
    now = translate("leaving", "Item {number} is corrected and is sent now")
    return (later if when else now).format(number=number, when=when)


class UndoOffers(QObject):
    """Holds the offers by item number, or by key before the item has a number.

    They follow the mail settings: in practice mode nothing is said to be sent.
    """

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._toasts = window.toasts
        self._offers: dict[int | str, Toast] = {}

    def for_saved(self, submission: DraftItem, undo: Callable[[], object]) -> None:
        """Offer to take back a submission that waits for the backend."""
        toast = self._toasts.show(
            self.tr("Saved. It will be submitted when Sendoff is ready."),
            seconds=KEPT_FOR_S,
            action=self.tr("Undo"),
            icon="clock",
        )
        self._keep(submission.key, toast, undo)

    def for_new(self, submission: DraftItem, item_id: int, undo: Callable[[], object]) -> None:
        """Offer *Undo* until the item's tasks start."""
        queue = _queue_of(submission)
        toast = self._toasts.show(
            lambda left: item_leaves(item_id, self._toasts.when(left, queue)),
            seconds=submission.body["delay"],
            action=self.tr("Undo"),
            icon="mail-check",
        )
        self._keep(item_id, toast, undo)

    def for_later(self, submission: DraftItem, item_id: int, undo: Callable[[], object]) -> None:
        """Offer *Undo* for an item with its own start time."""
        moment, queue = epoch(submission.body["run_at"]) or 0.0, _queue_of(submission)
        toast = self._toasts.show(
            lambda _: item_leaves(item_id, self._toasts.at(moment, queue)),
            seconds=KEPT_FOR_S,
            action=self.tr("Undo"),
            icon="calendar-clock",
        )
        toast.counts = False  # the item has its own start time
        self._keep(item_id, toast, undo)

    def take_back(self, name: int | str) -> None:
        """Remove an offer, if there is one."""
        toast = self._offers.get(name)
        if toast is not None:
            self._toasts.close(toast)

    def _keep(self, name: int | str, toast: Toast, undo: Callable[[], object]) -> None:
        self._offers[name] = toast
        toast.action_chosen.connect(undo)
        toast.closed.connect(lambda: self._offers.pop(name, None))


def offer_back(toasts: Toasts, words: str, undo: Callable[[], object]) -> None:
    """Say that something was removed, and offer *Undo*."""
    word = QCoreApplication.translate("UndoOffers", "Undo")
    toast = toasts.show(words, seconds=BACK_S, action=word, icon="undo-2")
    toast.action_chosen.connect(undo)


def _queue_of(submission: DraftItem) -> str:
    """Return the queue of its message; empty if it has none."""
    return MAIL_QUEUE if CONFIRMATION in submission.body.get("tasks", [CONFIRMATION]) else ""
