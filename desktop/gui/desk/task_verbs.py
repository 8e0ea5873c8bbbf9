"""What happens when a person acts on tasks: the call, and what to say when it is answered."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from desktop.gui.jobs import Job

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from desktop.client.api import Api, ApiSource
    from desktop.contract.tasks import BulkAnswer
    from desktop.gui.frame.toast import Toast, Toasts
    from desktop.gui.jobs import Jobs
    from desktop.gui.table.task_actions import Verb


class TaskVerbs(QObject):
    """Retries, cancels and resolves tasks; the rows themselves change by the event stream.

    What is cancelled many at a time can be undone for ``grace_seconds`` before it is carried out.
    """

    def __init__(self, toasts: Toasts, source: ApiSource, jobs: Jobs, parent: QObject) -> None:
        super().__init__(parent)
        self._toasts = toasts
        self._source = source
        self._jobs = jobs
        self._soon: dict[QTimer, list[int]] = {}
        self.grace_seconds = 0.0

    def act(self, verb: Verb, ids: Sequence[int]) -> None:
        """Do one thing to one task or many."""
        api = self._source.api
        if api is None:
            self._refuse(self.tr("The backend is restarting. Try again when it is back."))
        elif len(ids) == 1:
            self._jobs.start(Job(_one, api, verb, ids[0]).otherwise(self._on_failed))
        elif verb == "cancel" and self.grace_seconds > 0:
            self._cancel_soon(list(ids))
        else:
            self._act_on_many(api, verb, ids)

    def carry_out_now(self) -> list[Callable[[], object]]:
        """Return the calls that wait for their grace period to end: the window is about to."""
        soon, self._soon = list(self._soon.values()), {}
        api = self._source.api
        return [] if api is None else [partial(api.bulk, "cancel", ids=ids) for ids in soon]

    def _cancel_soon(self, ids: list[int]) -> None:
        """Cancel tasks after the grace period, unless the person thinks better of it."""
        later = self.tr("{count} tasks will be cancelled in {seconds} s")
        now = self.tr("{count} tasks are being cancelled")
        toast = self._toasts.show(
            lambda left: (later if left else now).format(count=len(ids), seconds=left),
            seconds=self.grace_seconds,
            action=self.tr("Undo"),
            icon="ban",
        )
        timer = QTimer(self, singleShot=True, interval=round(self.grace_seconds * 1000))
        self._soon[timer] = ids
        timer.timeout.connect(partial(self._on_grace_over, timer, toast))
        toast.action_chosen.connect(partial(self._on_undone, timer))
        timer.start()

    def _on_grace_over(self, timer: QTimer, toast: Toast) -> None:
        ids = self._soon.pop(timer, None)
        timer.deleteLater()
        self._toasts.close(toast)
        if ids is None:
            return
        if self._source.api is None:
            self._refuse(self.tr("Not cancelled: the backend is restarting. Try again later."))
        else:
            self._act_on_many(self._source.api, "cancel", ids)

    def _on_undone(self, timer: QTimer) -> None:
        if self._soon.pop(timer, None) is not None:
            timer.stop()
            timer.deleteLater()

    def _act_on_many(self, api: Api, verb: Verb, ids: Sequence[int]) -> None:
        job = Job(api.bulk, verb, ids=ids).then(partial(self._on_many_done, verb))
        self._jobs.start(job.otherwise(self._on_failed))

    def _on_many_done(self, verb: Verb, answer: BulkAnswer) -> None:
        words = {
            "retry": self.tr("{count} tasks run again"),
            "cancel": self.tr("{count} tasks are cancelled"),
            "done": self.tr("{count} tasks are marked as done"),
            "again": self.tr("{count} tasks run again"),
        }
        sentences = [words[verb].format(count=answer["touched"])]
        left_alone = self.tr("{count} were left alone: {why}")
        sentences += [left_alone.format(**each) for each in answer["skipped"]]
        self._toasts.show(" · ".join(sentences), icon="info" if answer["skipped"] else "check")

    def _on_failed(self, error: Exception) -> None:
        self._refuse(str(error))

    def _refuse(self, words: str) -> None:
        self._toasts.show(words, icon="triangle-alert")


def _one(api: Api, verb: Verb, task_id: int) -> None:
    match verb:
        case "retry":
            api.retry(task_id)
        case "cancel":
            api.cancel(task_id)
        case "done" | "again":
            api.resolve(task_id, verb)
