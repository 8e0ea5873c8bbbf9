"""Carries out the actions of the view of causes, and exports it."""

from __future__ import annotations

from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QCoreApplication, QObject, Signal

from desktop.client.api import TaskQuery
from desktop.client.calls.tasks import oldest, oldest_stuck
from desktop.contract.causes import Cure
from desktop.contract.states import State
from desktop.gui.causes.cause_news import CauseNews
from desktop.gui.causes.cause_words import (
    new_count_words,
    on_the_way,
    paused_batches,
    queue_among,
    state_words,
    stopped,
)
from desktop.gui.frame.exports import ExportedList
from desktop.gui.frame.views import CAUSES
from desktop.gui.kit.rights import TASKS_FOLDER
from desktop.gui.kit.words.reasons import cause_words, short_cause_words
from desktop.gui.link.jobs import Job
from desktop.gui.tasks.acting.task_actions import Everything

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from desktop.client.api import Api
    from desktop.contract.causes import Cause
    from desktop.gui.causes.cause_view import CauseView
    from desktop.gui.frame.exports import Columns, Given, HowFar
    from desktop.gui.frame.main_window import MainWindow
    from desktop.gui.frame.queues import Pausing
    from desktop.gui.frame.room import RoomServices
    from desktop.gui.tasks.acting.task_actions import Called, Verb
    from desktop.gui.tasks.room import TasksRoom


translate = QCoreApplication.translate


def cause_columns() -> Columns:
    """Return the headings of an export of causes, and each column's kind."""
    return [
        (translate("causes", "Tasks"), "number"),
        (translate("causes", "States"), "text"),
        (translate("causes", "Cause"), "text"),
        (translate("causes", "Where"), "text"),
        (translate("causes", "First"), "moment"),
        (translate("causes", "Last"), "moment"),
        (translate("causes", "What helps"), "text"),
    ]


def cause_cells(cause: Cause, help_of: Callable[[Cause, str], str]) -> list[Any]:
    """Return the cells of a cause, in the order of :func:`cause_columns`.

    ``help_of`` says what helps; its second argument counts the tasks since the retry.
    """
    return [
        stopped(cause) + on_the_way(cause),
        state_words(cause),
        cause_words(cause["about"], cause["title"]),
        ", ".join(cause["where"]) or None,
        cause["first_at"],
        cause["last_at"],
        help_of(cause, new_count_words(cause)) or None,
    ]


@contextmanager
def causes_table(rows: list[list[Any]], _: Api, how_far: HowFar) -> Iterator[ExportedList]:
    """Yield the rows that were read."""
    how_far.read = len(rows)
    yield ExportedList(cause_columns(), [rows])


_VERBS: Final[dict[str, tuple[Verb | Called, State]]] = {
    "retry": ("retry", State.FAILED),
    "try_now": ("try_now", State.WAITING),
    "done": ("done", State.UNCERTAIN),
    "again": ("again", State.UNCERTAIN),
}


class CauseVerbs(QObject):
    """Keeps the view of causes current and carries out its actions.

    ``batch_resume_wanted`` carries a paused batch.
    """

    batch_resume_wanted = Signal(int)

    def __init__(
        self,
        window: MainWindow,
        view: CauseView,
        services: RoomServices,
        tasks: TasksRoom,
        pausing: Pausing,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._view = view
        self._source = services.source
        self._jobs = services.jobs
        self._tasks = tasks
        self._pausing = pausing
        view.action_chosen.connect(self._on_action_chosen)
        view.table.chosen_changed.connect(tasks.asking.withdraw)
        pausing.stopped.connect(view.set_stopped)
        tasks.verbs.settled.connect(view.model.note_outcome)
        live = services.live
        for shown in (view, tasks.page.behind):
            for changed in (live.tasks_changed, live.batches_changed, live.notices_changed):
                changed.connect(lambda _, note=shown.rereading.note: note())
            live.was_reset.connect(shown.rereading.note)
        services.link.ready.connect(self.load)
        services.exports.offer(CAUSES, self._given)
        self.news = CauseNews(
            window, tasks.page, services.notifier, services.source, services.jobs, live
        )

    def load(self) -> None:
        """Read the causes as soon as they are shown."""
        self._view.rereading.note()

    def _given(self) -> Given:
        """Return what reads the rows for an export."""
        model = self._view.model
        return partial(causes_table, [cause_cells(each, model.help_of) for each in model.rows])

    def _on_action_chosen(self, verb: str, cause: Cause) -> None:
        match verb:
            case Cure.MAIL_SETTINGS:
                self._window.menu.mail_settings_chosen.emit()
            case Cure.TASKS_FOLDER:
                self._tasks.wishes.carry_out(TASKS_FOLDER, [])
            case Cure.CORRECT_ADDRESS:
                self._find(oldest, cause, State.FAILED, self._tasks.correct)
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
            self._tasks.wishes.carry_out(verb, Everything(query, count))
        else:
            self._tasks.verbs.carry_out(verb, Everything(query, count))

    def _resume(self, cause: Cause) -> None:
        """End the pause that is the cause, or that its tasks wait for."""
        about = cause["about"]
        if "batch_id" in about:
            self.batch_resume_wanted.emit(about["batch_id"])
        elif cause["cure"] == Cure.RESUME:
            self._pausing.resume_from(about.get("queue", ""))
        elif (queue := queue_among(cause, self._view.model.paused)) is not None:
            self._pausing.resume_from(queue)
        else:
            for number in paused_batches(cause):
                self.batch_resume_wanted.emit(number)

    def _undo(self, cause: Cause) -> None:
        """Undo the pending actions on a cause's tasks."""
        self._tasks.verbs.undo(
            each.number for each in self._tasks.verbs.pending.of_cause(cause["cause"])
        )

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
            job = Job(read, api, query).then(show)
            self._jobs.start(job.otherwise(self._window.toasts.warn))

    def _edit_template(self, tasks: list[int]) -> None:
        """Edit the template of the first waiting task; if none waits, say so."""
        if tasks:
            self._tasks.wishes.carry_out("edit_template", tasks)
        else:
            self._window.toasts.show(self.tr("All of them can be sent now"))

    def _show_tasks(self, cause: Cause) -> None:
        """Show the tasks that a cause counts, which excludes seen ones."""
        short = short_cause_words(cause["about"], cause["title"])
        words = self.tr("Cause: {}").format(short)
        self._tasks.page.show_part(words, cause=cause["cause"], seen=False)
