"""What happens when a person acts on tasks: the call, and what to say when it is answered."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from desktop.gui.jobs import Job

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desktop.client.api import Api, ApiSource
    from desktop.contract.tasks import BulkAnswer
    from desktop.gui.frame.toast import Toasts
    from desktop.gui.jobs import Jobs
    from desktop.gui.table.task_actions import Verb


class TaskVerbs(QObject):
    """Retries, cancels and resolves tasks; the rows themselves change by the event stream."""

    def __init__(self, toasts: Toasts, source: ApiSource, jobs: Jobs, parent: QObject) -> None:
        super().__init__(parent)
        self._toasts = toasts
        self._source = source
        self._jobs = jobs

    def act(self, verb: Verb, ids: Sequence[int]) -> None:
        """Do one thing to one task or many."""
        api = self._source.api
        if api is None:
            self._refuse(self.tr("The backend is restarting. Try again when it is back."))
        elif len(ids) == 1:
            self._jobs.start(Job(_one, api, verb, ids[0]).otherwise(self._on_failed))
        else:
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
