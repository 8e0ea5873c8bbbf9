"""What happens when a person acts on tasks: the call, and what to say when it is answered."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer

from desktop.client.api import new_key
from desktop.gui.jobs import Job
from desktop.gui.table.task_actions import Everything
from desktop.gui.tasks.words.states import error_words
from desktop.settings.preferences import WindowSettings

if TYPE_CHECKING:
    from collections.abc import Callable

    from desktop.client.api import Api, ApiSource
    from desktop.contract.tasks import BulkAnswer
    from desktop.gui.frame.notices.toast import Toast, Toasts
    from desktop.gui.jobs import Jobs
    from desktop.gui.table.task_actions import Verb, Which


class TaskVerbs(QObject):
    """Retries, cancels and resolves tasks; the rows themselves change by the event stream.

    What a person starts, on one task or many, can be undone for ``grace_seconds`` before it is
    carried out; it stays what was announced, even if the table shows other tasks meanwhile.
    """

    def __init__(self, toasts: Toasts, source: ApiSource, jobs: Jobs, parent: QObject) -> None:
        super().__init__(parent)
        self._toasts = toasts
        self._source = source
        self._jobs = jobs
        self._soon: dict[QTimer, tuple[Verb, Which]] = {}
        self.grace_seconds = WindowSettings().grace_seconds  # until the settings are read

    def act(self, verb: Verb, which: Which) -> None:
        """Do one thing to one task or many."""
        api = self._source.api
        if api is None:
            self._refuse(self.tr("Sendoff is restarting. Try again in a moment."))
        elif self.grace_seconds > 0 and verb not in AT_ONCE:
            self._act_soon(verb, _as_announced(which))
        else:
            self._act_now(api, verb, which)

    def carry_out_now(self) -> list[Callable[[], object]]:
        """Return the calls that wait for their grace period to end: the window is about to."""
        soon, self._soon = list(self._soon.values()), {}
        api = self._source.api
        return [] if api is None else [_call(api, verb, which) for verb, which in soon]

    def _act_soon(self, verb: Verb, which: Which) -> None:
        """Act on tasks after the grace period, unless the person thinks better of it."""
        if any(_is_same(verb, which, *waiting) for waiting in self._soon.values()):
            return
        run_again = self.tr("{what} will run again in {s} s"), self.tr("Running again…")
        later, now = {
            "cancel": (self.tr("{what} will be cancelled in {s} s"), self.tr("Cancelling…")),
            "done": (
                self.tr("{what} will be marked as done in {s} s"),
                self.tr("Marking as done…"),
            ),
            "resend": (self.tr("{what} will be sent again in {s} s"), self.tr("Sending again…")),
            "to_me": (self.tr("{what} will be sent to you in {s} s"), self.tr("Sending to you…")),
            "run_now": (self.tr("{what} will start in {s} s"), self.tr("Starting…")),
            "remove": (self.tr("{what} will be removed in {s} s"), self.tr("Removing…")),
        }.get(verb, run_again)
        what = self._what(verb, which)
        toast = self._toasts.show(
            lambda left: (later if left else now).format(what=what, s=left),
            seconds=self.grace_seconds,
            action=self.tr("Undo"),
            icon=_ICONS.get(verb, "rotate-cw"),
        )
        timer = QTimer(self, singleShot=True, interval=round(self.grace_seconds * 1000))
        self._soon[timer] = verb, which
        timer.timeout.connect(partial(self._on_grace_over, timer, toast))
        toast.action_chosen.connect(partial(self._on_undone, timer))
        timer.start()

    def _on_grace_over(self, timer: QTimer, toast: Toast) -> None:
        soon = self._soon.pop(timer, None)
        timer.deleteLater()
        self._toasts.close(toast)
        if soon is None:
            return
        if self._source.api is None:
            self._refuse(self.tr("Nothing was done: Sendoff is restarting. Try again in a moment."))
        else:
            self._act_now(self._source.api, *soon)

    def _on_undone(self, timer: QTimer) -> None:
        if self._soon.pop(timer, None) is not None:
            timer.stop()
            timer.deleteLater()

    def _act_now(self, api: Api, verb: Verb, which: Which) -> None:
        job = Job(_call(api, verb, which)).otherwise(self._on_failed)
        self._jobs.start(job.then(partial(self._on_done, verb)))

    def _what(self, verb: Verb, which: Which) -> str:
        count = which.count if isinstance(which, Everything) else len(which)
        if count is None:
            return self.tr("All that match")
        if verb in {"resend", "to_me"}:
            return self.tr("%Ln messages", None, count)
        return self.tr("%Ln tasks", None, count)

    def _on_done(self, verb: Verb, answer: BulkAnswer | None) -> None:
        """Say what became of many; of one the table tells."""
        if answer is None:
            return
        touched = answer["touched"]
        words = {
            "retry": self.tr("%Ln tasks run again", None, touched),
            "cancel": self.tr("%Ln tasks are cancelled", None, touched),
            "done": self.tr("%Ln tasks are marked as done", None, touched),
            "again": self.tr("%Ln tasks run again", None, touched),
            "resend": self.tr("%Ln messages are sent again", None, touched),
            "run_now": self.tr("%Ln tasks start now", None, touched),
            "seen": self.tr("%Ln tasks are marked as seen", None, touched),
            "unseen": self.tr("%Ln tasks are marked as unseen", None, touched),
            "remove": self.tr("%Ln tasks are removed", None, touched),
        }
        sentences = [words[verb]]
        for left in answer["skipped"]:
            left_alone = self.tr("%Ln were skipped: {why}", None, left["count"])
            sentences.append(left_alone.format(why=left["why"]))
        self._toasts.show(" · ".join(sentences), icon="info" if answer["skipped"] else "check")

    def _on_failed(self, error: Exception) -> None:
        self._refuse(error_words(error))

    def _refuse(self, words: str) -> None:
        self._toasts.show(words, icon="triangle-alert")


AT_ONCE: Final = frozenset({"seen", "unseen"})
"""What is done without a grace period: nothing leaves, and the other one takes it back."""
_ICONS: Final = {
    "cancel": "ban",
    "done": "check",
    "resend": "send",
    "to_me": "send",
    "run_now": "play",
    "remove": "trash-2",
}


def _as_announced(which: Which) -> Which:
    """Leave tasks accepted from now on out of all that match: the person has not seen them."""
    if not isinstance(which, Everything):
        return which
    now = datetime.now(UTC).isoformat(timespec="milliseconds")
    return replace(which, query=replace(which.query, until=now))


def _is_same(verb: Verb, which: Which, other_verb: Verb, other: Which) -> bool:
    """Tell whether the same is announced already; for all that match, their number is ignored."""
    if isinstance(which, Everything) and isinstance(other, Everything):
        which, other = (
            replace(each, count=None, query=replace(each.query, until=None))
            for each in (which, other)
        )
    return (verb, which) == (other_verb, other)


def _call(api: Api, verb: Verb, which: Which) -> Callable[[], BulkAnswer | None]:
    if not isinstance(which, Everything) and len(which) == 1 and verb != "remove":
        return partial(_one, api, verb, which[0], new_key())
    if verb == "to_me":
        raise ValueError("Messages are sent to the sender one at a time.")
    if isinstance(which, Everything):
        return partial(api.bulk, verb, query=which.query)
    return partial(api.bulk, verb, ids=which)


def _one(api: Api, verb: Verb, task_id: int, key: str) -> None:
    match verb:
        case "retry":
            api.retry(task_id)
        case "cancel":
            api.cancel(task_id)
        case "done" | "again":
            api.resolve(task_id, verb)
        case "resend":
            api.resend(task_id, key)
        case "to_me":
            api.resend(task_id, key, to_me=True)
        case "run_now":
            api.change_task(task_id, {"run_at": None})
        case "seen" | "unseen":
            api.change_task(task_id, {"seen": verb == "seen"})
