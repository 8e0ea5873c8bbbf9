"""Corrects items one after the other: reads, shows and saves them, and sends again."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, cast

from PySide6.QtCore import QObject, QTimer, Signal

from desktop.client.api import new_key
from desktop.client.errors import BackendBusy, BackendGone, Refused
from desktop.contract.states import OPEN, State
from desktop.gui.items.form.undo_offers import corrected_item_leaves, item_leaves
from desktop.gui.kit.words.states import error_words
from desktop.gui.kit.words.task_row import repeats_of, row_of
from desktop.gui.link.jobs import Job, LatestRequest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desktop.client.api import Api, ApiSource
    from desktop.contract.events import TasksEvent
    from desktop.contract.items import CorrectedItem, ItemDetail
    from desktop.contract.tasks import TaskDetail
    from desktop.gui.frame.grace_period import GracePeriod
    from desktop.gui.frame.notices.toasts import Toasts
    from desktop.gui.items.correction.correction_sheet import CorrectionSheet
    from desktop.gui.link.jobs import Jobs


class Corrections(QObject):
    """Shows the items of tasks one after the other, until the sheet is closed.

    An unanswered correction is sent again with its key, so it takes effect once. ``saved`` says
    that an item has changed, ``retry_wanted`` carries the tasks that waited for that.
    """

    saved = Signal()
    retry_wanted = Signal(list)

    def __init__(
        self,
        sheet: CorrectionSheet,
        toasts: Toasts,
        source: ApiSource,
        jobs: Jobs,
        grace: GracePeriod,
    ) -> None:
        super().__init__(sheet)
        self._sheet = sheet
        self._toasts = toasts
        self._source = source
        self._jobs = jobs
        self._grace = grace
        self._left: deque[int] = deque()  # the first is being read, or is next
        self._among = 0
        self._read = LatestRequest(source, jobs, self._on_not_read)
        self._again = QTimer(self, singleShot=True)
        self._again.timeout.connect(self._next)
        self._task: TaskDetail | None = None  # as it was when its item was shown
        self._unanswered: tuple[dict[str, Any], str] = ({}, "")
        sheet.save_requested.connect(self._on_save_requested)
        sheet.next_requested.connect(self._next)
        sheet.closed.connect(self._stop)

    def correct(self, tasks: Sequence[int]) -> None:
        """Show the items of these tasks, one after the other."""
        if self._sheet.close():
            self._left = deque(tasks)
            self._among = len(tasks)
            self._next()

    def follow(self, event: TasksEvent) -> None:
        """Apply an event to the task whose item is shown."""
        for row in event["rows"]:
            if self._task is not None and row["id"] == self._task["id"]:
                self._task = cast("TaskDetail", {**self._task, **row})
            self._sheet.follow_task(row)

    def _next(self) -> None:
        """Read the next item and show it; it stays the next one until it is read."""
        if not self._left:
            self._sheet.close()
            return
        task = self._left[0]
        self._read.ask(lambda api: Job(_read, api, task).then(self._on_read))

    def _stop(self) -> None:
        self._left.clear()
        self._again.stop()
        self._read.drop()

    def _on_save_requested(self, wanted: dict[str, Any]) -> None:
        if self._source.api is None:
            self._sheet.show_failure(BackendGone())
            return
        before, key = self._unanswered
        key = key if before == wanted else new_key()
        self._unanswered = wanted, key
        task = self._task
        user = task["id"] if task is not None and task["state"] in OPEN else None
        job = Job(_save, self._source.api, wanted, key, self._grace.seconds, user)
        saved = partial(self._on_saved, wanted, has_changes=self._sheet.has_changes())
        self._jobs.start(job.then(saved).otherwise(partial(self._on_refused, wanted)))

    def _on_read(self, read: tuple[ItemDetail, TaskDetail]) -> None:
        self._left.popleft()
        self._show(*read)

    def _show(self, item: ItemDetail, task: TaskDetail) -> None:
        self._task = task
        self._sheet.show_item(item, task, self._among - len(self._left), self._among)
        self._sheet.open()

    def _on_not_read(self, error: Exception) -> None:
        """Skip an item that cannot be read; while the backend is away, wait for it."""
        if not isinstance(error, BackendGone | BackendBusy):
            self._leave_out(self._left.popleft(), error)
        elif self._sheet.isHidden():
            self._stop()
            self._toasts.warn(error)
        else:
            self._sheet.await_next(error)
            if isinstance(error, BackendBusy):
                self._again.start(round(error.retry_after * 1000))

    def _leave_out(self, task: int, error: Exception) -> None:
        self._toasts.warn(error)
        self._next()

    def _is_shown(self, wanted: dict[str, Any]) -> bool:
        """Tell whether the sheet still shows the item that was saved."""
        is_it = self._task is not None and self._task["item_id"] == wanted["item_id"]
        return is_it and self._sheet.isVisible()

    def _on_saved(self, wanted: dict[str, Any], saved: Saved, *, has_changes: bool) -> None:
        is_shown = self._is_shown(wanted)
        if self._unanswered[0] is wanted:
            self._unanswered = {}, ""
        self.saved.emit()
        if saved.late is not None:
            self._say_late(saved.late, is_shown=is_shown)
            return
        if saved.goes_on is None:
            self._say_saved(saved.answer, has_changes=has_changes)
        else:
            self.retry_wanted.emit([saved.goes_on])
        if is_shown:
            self._next()

    def _say_late(self, late: tuple[ItemDetail, TaskDetail], *, is_shown: bool) -> None:
        """Say that the message was sent before the correction, and offer to send it again."""
        row = row_of(late[1])
        if row.state == State.SUCCEEDED and not row.kept:
            words = self.tr("Saved, but the message had already gone to {}.").format(row.to)
        else:
            words = self.tr("Saved, but its task had already ended.")
        if is_shown:
            self._show(*late)
            offer = self.tr("Press {} to send it as it is here.").format(self._sheet.sending_word)
            self._sheet.trouble.say(f"{words} {offer}", "error")
        else:
            number = self.tr("Item {}").format(late[0]["item_id"])
            self._toasts.warn(f"{number}: {words}")

    def _say_saved(self, answer: CorrectedItem, *, has_changes: bool) -> None:
        number = answer["item_id"]
        if answer["added"]:
            self._offer_undo(number, answer["added"], has_changes=has_changes)
        elif answer["uncertain"]:
            words = self.tr("Now say whether the message of item {} was sent")
            if has_changes:
                words = self.tr("Item {} is corrected. Now say whether its message was sent.")
            self._toasts.show(words.format(number), icon="circle-help")
        elif has_changes:
            self._toasts.show(self.tr("Item {} is corrected").format(number), icon="check")
        else:
            self._toasts.show(self.tr("Item {} stays as it was").format(number), icon="check")

    def _offer_undo(self, number: int, tasks: list[int], *, has_changes: bool) -> None:
        """Say that a new message will be sent, and offer *Undo*."""
        words, left, undo = item_leaves, "", ""
        if has_changes:
            words = corrected_item_leaves
            left = self.tr("The new message is not sent. Item {} stays corrected.").format(number)
            undo = self.tr("Undo sending")
        self._grace.offer(partial(words, number), tasks, left=left, undo=undo)

    def _on_refused(self, wanted: dict[str, Any], error: Exception) -> None:
        if isinstance(error, Refused) and self._unanswered[0] is wanted:
            self._unanswered = {}, ""
        if self._is_shown(wanted):
            self._sheet.show_failure(error)
        else:
            number = self.tr("Item {}").format(wanted["item_id"])
            self._toasts.warn(f"{number}: {error_words(error)}")


def _read(api: Api, task_id: int) -> tuple[ItemDetail, TaskDetail]:
    """Read a task's item, and the task or the newest one that repeats it."""
    task = api.task(task_id)
    number = task["item_id"]
    if number is None:
        raise LookupError(f"Task {task_id} belongs to no item.")
    item = api.items.one(number)
    for repeat in reversed(repeats_of(task_id, item["tasks"])):
        if repeat["state"] != State.CANCELLED:
            newer = api.task(repeat["id"])
            if not newer["copy"]:
                return item, newer
    return item, task


@dataclass(frozen=True, slots=True)
class Saved:
    """The result of a correction; ``late`` is the item and a task that had ended too early.

    ``goes_on`` is the task that waited for the correction and is to be tried now.
    """

    answer: CorrectedItem
    late: tuple[ItemDetail, TaskDetail] | None = None
    goes_on: int | None = None


def _save(api: Api, wanted: dict[str, Any], key: str, grace: float, user: int | None) -> Saved:
    """Correct an item, then the start time of its scheduled task.

    ``user`` is the open task that will use the correction, if there is one; then no new message is
    made.
    """
    send = bool(wanted["send"]) and user is None
    answer = api.items.correct(
        wanted["item_id"], wanted["item"], key, send=send, delay=grace if send else 0
    )
    if user is not None and user not in [*answer["using"], *answer["uncertain"]]:
        return Saved(answer, _read(api, user))
    if "run_at" in wanted:
        api.change_task(wanted["task_id"], {"run_at": wanted["run_at"]})
    return Saved(answer, goes_on=user if wanted["send"] else None)
