"""Finished tasks are removed from the menu of the window, which offers what fits the rows shown."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from desktop.gui.table.task_actions import finished

if TYPE_CHECKING:
    from desktop.gui.actions.tasks.task_verbs import TaskVerbs
    from desktop.gui.frame.main_window import MainWindow
    from desktop.gui.tasks.task_model import TaskModel


class FinishedTasks(QObject):
    """Removes what has ended of all that the table shows."""

    def __init__(self, window: MainWindow, model: TaskModel, verbs: TaskVerbs) -> None:
        super().__init__(window)
        self._window = window
        self._model = model
        self._verbs = verbs
        menu = window.menu
        menu.remove_chosen.connect(self._remove)
        menu.aboutToShow.connect(self._fit_menu)
        menu.aboutToHide.connect(partial(menu.export.setVisible, True))  # its keys stay

    def _fit_menu(self) -> None:
        """Offer for the tasks that can be seen what fits them, and nothing for hidden ones."""
        are_seen = self._window.views.shown is self._window.parts.table
        self._window.menu.export.setVisible(are_seen)
        are_finished = self._window.reach.may_change and finished(self._model.query) is not None
        self._window.menu.remove.setVisible(are_seen and are_finished)

    def _remove(self) -> None:
        which = finished(self._model.query)
        if which is not None:
            self._verbs.act("remove", which)
