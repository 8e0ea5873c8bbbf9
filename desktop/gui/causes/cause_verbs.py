"""Actions on causes: carry out the cure, try the tasks again, show them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Signal

from desktop.client.api import TaskQuery
from desktop.client.calls.reading import oldest, oldest_stuck
from desktop.contract.causes import Cure
from desktop.contract.states import State
from desktop.gui.causes.cause_words import paused_batches, queue_among
from desktop.gui.kit.words.causes import short_cause_words
from desktop.gui.link.jobs import Job
from desktop.gui.tasks.acting.task_actions import TASKS_FOLDER, Everything

if TYPE_CHECKING:
    from collections.abc import Callable

    from desktop.client.api import Api, ApiSource
    from desktop.contract.causes import Cause
    from desktop.gui.frame.main_window import MainWindow
    from desktop.gui.link.connection import Live
    from desktop.gui.link.jobs import Jobs
    from desktop.gui.tasks.acting.pending_actions import PendingActions
    from desktop.gui.tasks.acting.task_actions import Called, Verb
    from desktop.gui.tasks.acting.task_verbs import TaskVerbs

_VERBS: Final[dict[str, tuple[Verb | Called, State]]] = {
    "retry": ("retry", State.FAILED),
    "try_now": ("try_now", State.WAITING),
    "done": ("done", State.UNCERTAIN),
    "again": ("again", State.UNCERTAIN),
}


class CauseVerbs(QObject):
    """Keeps the view of causes current and carries out its actions.

    ``correction_wanted`` carries tasks whose addresses to correct. ``way_out_wanted`` carries
    another verb, also one that asks first, and its tasks. ``resume_wanted`` carries a paused queue
    ("" is all), ``batch_resume_wanted`` a paused batch.
    """

    correction_wanted = Signal(list)
    way_out_wanted = Signal(str, object)
    resume_wanted = Signal(str)
    batch_resume_wanted = Signal(int)

    def __init__(
        self,
        window: MainWindow,
        source: ApiSource,
        jobs: Jobs,
        live: Live,
        verbs: TaskVerbs,
        pending: PendingActions,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._view = window.parts.causes
        self._source = source
        self._jobs = jobs
        self._verbs = verbs
        self._pending = pending
        self._view.action_chosen.connect(self._on_action_chosen)
        verbs.settled.connect(self._view.model.note_outcome)
        for shown in (self._view, window.parts.behind):
            for changed in (live.tasks_changed, live.batches_changed, live.notices_changed):
                changed.connect(lambda _, note=shown.rereading.note: note())
            live.was_reset.connect(shown.rereading.note)

    def load(self) -> None:
        """Read the causes as soon as they are shown."""
        self._view.rereading.note()

    def _on_action_chosen(self, verb: str, cause: Cause) -> None:
        match verb:
            case Cure.MAIL_SETTINGS:
                self._window.mail_settings.open()
            case Cure.TASKS_FOLDER:
                self.way_out_wanted.emit(TASKS_FOLDER, [])
            case Cure.CORRECT_ADDRESS:
                self._find(oldest, cause, State.FAILED, self._correct)
            case Cure.EDIT_TEMPLATE:
                self._find(oldest_stuck, cause, State.WAITING, self._edit_template)
            case "tasks":
                self._show_tasks(cause)
            case "undo":
                self._undo(cause)
            case "resume":
                self._resume(cause)
            case _:
                self._try_again(verb, cause)

    def _try_again(self, wanted: str, cause: Cause) -> None:
        """Carry out a verb for all of a cause's tasks in one state."""
        verb, state = _VERBS[wanted]
        count = cause["states"].get(state, 0)
        if verb != "done":
            self._view.note_retry(cause["cause"], state, count)
        query = TaskQuery(states=(state.value,), seen=False, cause=cause["cause"])
        if verb == "again":
            self.way_out_wanted.emit(verb, Everything(query, count))
        else:
            self._verbs.carry_out(verb, Everything(query, count))

    def _resume(self, cause: Cause) -> None:
        """End the pause that is the cause, or that its tasks wait for."""
        about = cause["about"]
        if "batch_id" in about:
            self.batch_resume_wanted.emit(about["batch_id"])
        elif cause["cure"] == Cure.RESUME:
            self.resume_wanted.emit(about.get("queue", ""))
        elif (queue := queue_among(cause, self._view.model.paused)) is not None:
            self.resume_wanted.emit(queue)
        else:
            for number in paused_batches(cause):
                self.batch_resume_wanted.emit(number)

    def _undo(self, cause: Cause) -> None:
        """Undo the pending actions on a cause's tasks."""
        self._verbs.undo(each.number for each in self._pending.of_cause(cause["cause"]))

    def _find(
        self,
        read: Callable[[Api, TaskQuery], list[int]],
        cause: Cause,
        state: State,
        show: Callable[[list[int]], None],
    ) -> None:
        api = self._source.api
        if api is not None:
            query = TaskQuery(states=(state.value,), seen=False, cause=cause["cause"])
            job, tell = Job(read, api, query).then(show), self._window.toasts.show
            self._jobs.start(job.otherwise(lambda error: tell(str(error), icon="triangle-alert")))

    def _correct(self, tasks: list[int]) -> None:
        """Correct these tasks; if there are none left, say so."""
        if tasks:
            self.correction_wanted.emit(tasks)
        else:
            self._window.toasts.show(self.tr("All of them were sent again or marked as seen"))

    def _edit_template(self, tasks: list[int]) -> None:
        """Edit the template of the first waiting task; if none waits, say so."""
        if tasks:
            self.way_out_wanted.emit(Cure.EDIT_TEMPLATE, tasks)
        else:
            self._window.toasts.show(self.tr("All of them can be sent now"))

    def _show_tasks(self, cause: Cause) -> None:
        """Show the tasks that a cause counts, which excludes seen ones."""
        short = short_cause_words(cause["about"], cause["title"])
        words = self.tr("Cause: {}").format(short)
        self._window.views.show_tasks(words, cause=cause["cause"], seen=False)
