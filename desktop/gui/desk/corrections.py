"""Items that are corrected one after the other: read, shown, saved, and sent again."""

from __future__ import annotations

from collections import deque
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject

from desktop.client.api import new_key
from desktop.client.errors import BackendGone, Refused
from desktop.gui.jobs import Job
from desktop.settings.preferences import WindowSettings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desktop.client.api import Api, ApiSource
    from desktop.contract.items import CorrectedItem, ItemDetail
    from desktop.contract.tasks import TaskDetail
    from desktop.gui.correction.correction_sheet import CorrectionSheet
    from desktop.gui.frame.toast import Toasts
    from desktop.gui.jobs import Jobs


class Corrections(QObject):
    """Leads through the items of some tasks; what is sent again can be undone for a while."""

    def __init__(
        self, sheet: CorrectionSheet, toasts: Toasts, source: ApiSource, jobs: Jobs
    ) -> None:
        super().__init__(sheet)
        self._sheet = sheet
        self._toasts = toasts
        self._source = source
        self._jobs = jobs
        self._left: deque[int] = deque()
        self._among = 0
        self.grace_seconds = WindowSettings().grace_seconds  # until the settings are read
        sheet.save_requested.connect(self._save)
        sheet.next_requested.connect(self._next)

    def correct(self, tasks: Sequence[int]) -> None:
        """Show the items of these tasks, one after the other."""
        self._left = deque(tasks)
        self._among = len(tasks)
        self._next()

    def _next(self) -> None:
        if not self._left:
            self._sheet.close()
            return
        if self._source.api is None:
            self._toasts.show(str(BackendGone()), icon="triangle-alert")
            return
        job = Job(_read, self._source.api, self._left.popleft()).then(self._on_read)
        self._jobs.start(job.otherwise(self._on_not_read))

    def _save(self, wanted: dict[str, Any]) -> None:
        if self._source.api is None:
            self._sheet.show_trouble(str(BackendGone()))
            return
        save = partial(_save, delay=self.grace_seconds)
        job = Job(save, self._source.api, wanted, new_key()).then(self._on_saved)
        self._jobs.start(job.otherwise(self._on_refused))

    def _on_read(self, read: tuple[ItemDetail, TaskDetail]) -> None:
        self._sheet.show_item(*read, self._among - len(self._left), self._among)
        self._sheet.open()

    def _on_not_read(self, error: Exception) -> None:
        self._toasts.show(str(error), icon="triangle-alert")
        self._next()

    def _on_saved(self, answer: CorrectedItem) -> None:
        number = answer["item_id"]
        if answer["added"]:
            self._offer_undo(number, answer["added"])
        elif answer["uncertain"]:
            words = self.tr(
                "Item {} is corrected. First say whether its uncertain message was sent."
            )
            self._toasts.show(words.format(number), icon="circle-help")
        else:
            self._toasts.show(self.tr("Item {} is corrected").format(number), icon="check")
        self._next()

    def _offer_undo(self, number: int, added: list[int]) -> None:
        later = self.tr("Item {number} is corrected and goes out in {seconds} s")
        now = self.tr("Item {number} goes out now")
        toast = self._toasts.show(
            lambda left: (later if left else now).format(number=number, seconds=left),
            seconds=max(self.grace_seconds, 1.0),
            action=self.tr("Undo"),
            icon="mail-check",
        )
        toast.action_chosen.connect(partial(self._undo, added))

    def _undo(self, added: list[int]) -> None:
        """Cancel what was sent again; the correction stays."""
        if self._source.api is not None:
            job = Job(self._source.api.bulk, "cancel", added)
            self._jobs.start(job.otherwise(self._on_not_read_again))

    def _on_not_read_again(self, error: Exception) -> None:
        self._toasts.show(str(error), icon="triangle-alert")

    def _on_refused(self, error: Exception) -> None:
        if isinstance(error, Refused):
            self._sheet.show_problem(error.problem)
        else:
            self._sheet.show_trouble(str(error))


def _read(api: Api, task_id: int) -> tuple[ItemDetail, TaskDetail]:
    """Read a task and its item."""
    task = api.task(task_id)
    number = task["item_id"]
    if number is None:
        raise LookupError(f"Task {task_id} belongs to no item.")
    return api.item(number), task


def _save(api: Api, wanted: dict[str, Any], key: str, *, delay: float) -> CorrectedItem:
    """Correct an item, then the time its scheduled task starts at."""
    send = bool(wanted["send"])
    answer = api.correct_item(
        wanted["item_id"], wanted["item"], key, send=send, delay=delay if send else 0
    )
    if "run_at" in wanted:
        api.change_task(wanted["task_id"], {"run_at": wanted["run_at"]})
    return answer
