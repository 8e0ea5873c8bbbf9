"""What a toast says once a spreadsheet is sent or put aside, with the way back to its draft."""

from __future__ import annotations

import time
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from desktop.gui.actions.connection import Asker
from desktop.gui.ages import minute_of_day
from desktop.gui.batches.batch_waits import is_kept_waiting, waiting_words
from desktop.gui.batches.batch_words import begins_later, goes_on_at, rate_words
from desktop.gui.importing.file_fault_words import import_error
from desktop.gui.jobs import Job
from desktop.gui.tasks.task_row import epoch

if TYPE_CHECKING:
    from collections.abc import Iterable

    from desktop.client.api import ApiSource
    from desktop.contract.batches import Batch
    from desktop.gui.frame.notices.toast import Toasts
    from desktop.gui.jobs import Jobs


class LookedAt:
    """Which drafts were only looked at: the same file again takes their place."""

    def __init__(self) -> None:
        self._drafts: dict[str, int] = {}
        self._shown = ""

    def begin(self, path: str, number: int) -> None:
        """Take note that the draft of a file is shown."""
        self._shown = path
        self._drafts[path] = number

    def before(self, path: str) -> int | None:
        """Return the draft of a file in which nothing was changed, once."""
        return self._drafts.pop(path, None)

    def change(self, *_what: object) -> None:
        """Take note that the person changed something in the draft that is shown."""
        self._drafts.pop(self._shown, None)

    def forget(self, numbers: Iterable[int]) -> None:
        """Leave drafts as they are: they are gone, sent, or opened by themselves."""
        gone = set(numbers)
        self._drafts = {path: n for path, n in self._drafts.items() if n not in gone}


class Departure(QObject):
    """Offers *Undo* of a batch on its way, and *Open* of a draft that was put aside.

    ``draft_wanted`` carries the number of the draft to be shown.
    """

    draft_wanted = Signal(int)

    def __init__(self, toasts: Toasts, source: ApiSource, jobs: Jobs, parent: QObject) -> None:
        super().__init__(parent)
        self._toasts = toasts
        self._ask = Asker(source, jobs, self._on_too_late)

    def say_sent(self, batch: Batch, count: int, seconds: float) -> None:
        """Say that messages go out, and that this can be undone for some seconds."""
        number = batch["batch_id"]
        later = self.tr("%Ln messages go out in {seconds} s", None, count)
        now = self.tr("%Ln messages go out", None, count)
        ready = time.time() + seconds
        begins = epoch(batch["run_at"]) if begins_later(batch, ready) else goes_on_at(batch, ready)
        if is_kept_waiting(batch):
            later = now = waiting_words(batch, time.time())
        elif begins is not None:
            when = minute_of_day(begins, time.time())
            later = now = self.tr("%Ln messages go out {when}", None, count).format(when=when)
        elif batch["rate"]:
            rate = rate_words(batch["rate"])
            now = self.tr("%Ln messages go out, at most {rate}", None, count).format(rate=rate)
            later = self.tr("{now}; the first in {seconds} s").replace("{now}", now)
        toast = self._toasts.show(
            lambda left: later.format(seconds=left) if left else now,
            seconds=max(seconds, 1.0),
            action=self.tr("Undo"),
            icon="mail-check",
        )
        toast.action_chosen.connect(partial(self._take_back, number))

    def say_kept(self, batch: Batch) -> None:
        """Say where a draft is whose sheet was closed."""
        toast = self._toasts.show(
            self.tr("“{}” is kept as a draft").format(batch["name"]),
            action=self.tr("Open"),
            icon="pencil",
        )
        toast.action_chosen.connect(partial(self.draft_wanted.emit, batch["batch_id"]))

    def _take_back(self, number: int) -> None:
        """Make a batch a draft again, and show it."""
        self._ask(
            lambda api: Job(api.batches.delete, number).then(
                lambda _: self.draft_wanted.emit(number)
            )
        )

    def _on_too_late(self, error: Exception) -> None:
        self._toasts.show(import_error(error), icon="info")
