"""*Undo* for what was submitted: a toast each, until its tasks start or it has an answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject

if TYPE_CHECKING:
    from collections.abc import Callable

    from desktop.gui.frame.toast import Toast, Toasts

KEPT_FOR_S: Final = 6.0
"""How long *Undo* is offered for a submission that waits for the backend."""


class UndoOffers(QObject):
    """The offers that stand: by the number of an item, or by its key while it has none."""

    def __init__(self, toasts: Toasts, parent: QObject) -> None:
        super().__init__(parent)
        self._toasts = toasts
        self._offers: dict[int | str, Toast] = {}

    def offer(self, item_id: int, seconds: float, undo: Callable[[], object]) -> None:
        """Count down to when an item goes out."""
        later = self.tr("Item {number} goes out in {seconds} s")
        now = self.tr("Item {number} goes out now")
        toast = self._toasts.show(
            lambda left: (later if left else now).format(number=item_id, seconds=left),
            seconds=seconds,
            action=self.tr("Undo"),
            icon="mail-check",
        )
        self._keep(item_id, toast, undo)

    def offer_kept(self, key: str, undo: Callable[[], object]) -> None:
        """Say that a submission waits for the backend."""
        toast = self._toasts.show(
            self.tr("Kept: it goes in as soon as the backend is there"),
            seconds=KEPT_FOR_S,
            action=self.tr("Undo"),
            icon="clock",
        )
        self._keep(key, toast, undo)

    def take_back(self, name: int | str) -> None:
        """Offer it no more; harmless where nothing is offered."""
        toast = self._offers.get(name)
        if toast is not None:
            self._toasts.close(toast)

    def _keep(self, name: int | str, toast: Toast, undo: Callable[[], object]) -> None:
        self._offers[name] = toast
        toast.action_chosen.connect(undo)
        toast.closed.connect(lambda: self._offers.pop(name, None))
