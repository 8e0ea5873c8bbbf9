"""A message that a person sends again: on disk at once, and taken back by *Undo*."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import QObject

from desktop.client.api import new_key
from desktop.gui.jobs import Job
from desktop.gui.tasks.words.states import error_words
from desktop.gui.tasks.words.verbs import announced, counted

if TYPE_CHECKING:
    from desktop.client.api import ApiSource
    from desktop.contract.tasks import TaskRow
    from desktop.gui.actions.recall import Recall
    from desktop.gui.frame.notices.toast import Toast, Toasts
    from desktop.gui.jobs import Jobs

SendVerb = Literal["resend", "to_me"]


@dataclass(eq=False)
class Sent:
    """What is sent again: its new ``task``, once that is known, and whether it is taken back."""

    verb: SendVerb
    task_id: int
    toast: Toast
    task: int | None = None
    undone: bool = False


class SendingAgain(QObject):
    """Sends one message again after the grace period, which the backend waits out.

    The new task is there from the start: neither the end of the window nor of the backend loses
    it. The same wish once more during that time is the first one.
    """

    def __init__(self, toasts: Toasts, source: ApiSource, jobs: Jobs, recall: Recall) -> None:
        super().__init__(recall)
        self._toasts = toasts
        self._source = source
        self._jobs = jobs
        self._recall = recall
        self._soon: list[Sent] = []

    def send(self, verb: SendVerb, task_id: int, me: str) -> None:
        """Send what a task has sent again; ``me`` is the sender's address."""
        api, grace = self._source.api, self._recall.grace_seconds
        if api is None or any((each.verb, each.task_id) == (verb, task_id) for each in self._soon):
            return
        later, now = announced(verb)
        said = partial(later.format, what=counted(verb, 1), to=me)
        toast = self._toasts.show(
            lambda left: said(s=left) if left else now.format(to=me),
            seconds=grace,
            action=self.tr("Undo"),
            icon="send",
        )
        sent = Sent(verb, task_id, toast)
        self._soon.append(sent)
        toast.action_chosen.connect(partial(self._on_undone, sent))
        for ended in (toast.expired, toast.closed):
            ended.connect(partial(self._forget, sent))
        job = Job(partial(api.resend, task_id, new_key(), to_me=verb == "to_me", delay=grace))
        done, failed = partial(self._on_done, sent), partial(self._on_failed, sent)
        self._jobs.start(job.then(done).otherwise(failed))

    def _forget(self, sent: Sent) -> None:
        if sent in self._soon:
            self._soon.remove(sent)

    def _on_undone(self, sent: Sent) -> None:
        self._forget(sent)
        sent.undone = True
        if sent.task is not None:
            self._recall.take_back([sent.task])

    def _on_done(self, sent: Sent, row: TaskRow) -> None:
        sent.task = row["id"]
        if sent.undone:
            self._recall.take_back([sent.task])

    def _on_failed(self, sent: Sent, error: Exception) -> None:
        self._forget(sent)
        self._toasts.close(sent.toast)
        self._toasts.show(error_words(error), icon="triangle-alert")
