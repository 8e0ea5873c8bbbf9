"""What a person wants of tasks, from wherever they are shown: handed to what carries it out."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from desktop.client.drafts import Typed
from desktop.gui.actions.tasks.asked_first import Asking
from desktop.gui.actions.tasks.task_questions import TaskQuestions
from desktop.gui.table.task_actions import CORRECT, RUN_WITH, TASKS_FOLDER, Everything
from desktop.gui.tasks.words.verbs import SEND

if TYPE_CHECKING:
    from collections.abc import Mapping

    from desktop.client.api import ApiSource
    from desktop.contract.events import TasksEvent
    from desktop.gui.actions.grace_period import GracePeriod
    from desktop.gui.actions.tasks.corrections import Corrections
    from desktop.gui.actions.tasks.running import Running
    from desktop.gui.actions.tasks.task_verbs import TaskVerbs
    from desktop.gui.actions.typed_drafts import TypedDrafts
    from desktop.gui.frame.main_window import MainWindow
    from desktop.gui.jobs import Jobs
    from desktop.gui.table.task_actions import Which, Wish
    from desktop.gui.tasks.task_model import TaskModel


class TaskWishes(QObject):
    """Does it at once, asks first, or opens the sheet in which it is told how.

    ``corrected`` says that an item was; ``template_wanted`` carries a task whose template is to be
    changed, ``folder_wanted`` asks for the folder of the person's own tasks.
    """

    corrected = Signal()
    template_wanted = Signal(int)
    folder_wanted = Signal()

    def __init__(
        self,
        window: MainWindow,
        model: TaskModel,
        source: ApiSource,
        jobs: Jobs,
        grace: GracePeriod,
        drafts: Mapping[Typed, TypedDrafts],
        verbs: TaskVerbs,
        running: Running,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._source = source
        self._jobs = jobs
        self._grace = grace
        self._drafts = drafts
        self._verbs = verbs
        self._running = running
        self._asking = Asking(window, model, verbs, source, jobs)
        self.questions = TaskQuestions(
            window, source, jobs, verbs.sending_again, drafts[Typed.SHEETS]
        )
        self.corrections: Corrections | None = None

    def carry_out(self, wish: Wish, which: Which) -> None:
        """Do what was chosen with these tasks."""
        ids = [] if isinstance(which, Everything) else which
        if wish == CORRECT:
            self.correct(ids)
        elif wish == "send_to" or wish == "change_time":
            self.questions.ask(wish, ids)
        elif wish == RUN_WITH:
            self._running.open_again(ids[0])
        elif wish == "edit_template":
            self.template_wanted.emit(ids[0])
        elif wish == TASKS_FOLDER:
            self.folder_wanted.emit()
        elif not self._asking.takes(wish, which):
            self._verbs.carry_out(wish, which)

    def follow(self, event: TasksEvent) -> None:
        """Show in the open correction what becomes of its task."""
        if self.corrections is not None:
            self.corrections.follow(event)

    def correct(self, tasks: list[int]) -> None:
        """Open the correction, which is made when it is first wanted."""
        if self.corrections is None:
            from desktop.gui.actions.tasks.corrections import Corrections
            from desktop.gui.correction.correction_sheet import CorrectionSheet

            sheet, drafts = self._window.sheets.make(CorrectionSheet), self._drafts
            self.corrections = Corrections(
                sheet,
                self._window.toasts,
                self._source,
                self._jobs,
                self._grace,
                drafts[Typed.CORRECTIONS],
            )
            self.corrections.saved.connect(self.corrected)
            self.corrections.retry_wanted.connect(partial(self._verbs.act, "retry", said=SEND))
        self.corrections.correct(tasks)
