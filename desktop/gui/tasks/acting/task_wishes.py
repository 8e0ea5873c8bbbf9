"""Receives actions on tasks from all views, and passes each to the part that carries it out."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from desktop.gui.tasks.acting.task_actions import CORRECT, RUN_WITH, TASKS_FOLDER, Everything

if TYPE_CHECKING:
    from desktop.client.api import ApiSource
    from desktop.contract.events import TasksEvent
    from desktop.gui.frame.main_window import MainWindow
    from desktop.gui.items.correction.corrections import Corrections
    from desktop.gui.items.correction.task_questions import TaskQuestions
    from desktop.gui.link.jobs import Jobs
    from desktop.gui.run.running import Running
    from desktop.gui.tasks.acting.asked_first import Asking
    from desktop.gui.tasks.acting.task_actions import Which, Wish
    from desktop.gui.tasks.acting.task_verbs import TaskVerbs


class TaskWishes(QObject):
    """Carries out an action, asks first, or opens its sheet.

    ``corrected`` says that an item was corrected. ``template_wanted`` carries a task whose template
    to edit, ``folder_wanted`` asks for the folder of own tasks.
    """

    corrected = Signal()
    template_wanted = Signal(int)
    folder_wanted = Signal()

    def __init__(
        self,
        window: MainWindow,
        source: ApiSource,
        jobs: Jobs,
        asking: Asking,
        questions: TaskQuestions,
        verbs: TaskVerbs,
        running: Running,
    ) -> None:
        super().__init__(verbs)
        self._window = window
        self._source = source
        self._jobs = jobs
        self._asking = asking
        self.questions = questions
        self._verbs = verbs
        self._running = running
        self.corrections: Corrections | None = None

    def carry_out(self, wish: Wish, which: Which) -> None:
        """Carry out an action on tasks."""
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
        """Pass an event to the open correction."""
        if self.corrections is not None:
            self.corrections.follow(event)

    def correct(self, tasks: list[int]) -> None:
        """Open the correction of tasks; it is made when first needed."""
        if self.corrections is None:
            self.corrections = self._made_corrections()
            self.corrections.saved.connect(self.corrected)
            self.corrections.retry_wanted.connect(partial(self._verbs.carry_out, "send"))
        self.corrections.correct(tasks)

    def _made_corrections(self) -> Corrections:
        from desktop.gui.items.correction.correction_sheet import CorrectionSheet
        from desktop.gui.items.correction.corrections import Corrections

        window, grace = self._window, self._verbs.grace
        sheet = window.sheets.make(CorrectionSheet)
        return Corrections(sheet, window.toasts, self._source, self._jobs, grace)
