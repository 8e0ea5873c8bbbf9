"""Joins what runs tasks: by hand, and by schedule."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from desktop.gui.run.running import Running
from desktop.gui.tasks.acting.task_actions import RUN_WITH

if TYPE_CHECKING:
    from desktop.gui.frame.main_window import MainWindow
    from desktop.gui.frame.room import FrameRoom
    from desktop.gui.frame.services import RoomServices
    from desktop.gui.run.scheduling import Scheduling
    from desktop.gui.tasks.room import TasksRoom


class RunRoom(QObject):
    """Opens the sheets *Run a task* and *Schedules*."""

    def __init__(
        self, window: MainWindow, services: RoomServices, frame: FrameRoom, tasks: TasksRoom
    ) -> None:
        super().__init__(window)
        self._window = window
        self._services = services
        self.schedules: Scheduling | None = None
        source, jobs, grace = services.source, services.jobs, services.grace
        self.running = Running(window, tasks.page, source, jobs, grace)
        self.running.folder_wanted.connect(frame.folders.open_tasks)
        tasks.wishes.lead(RUN_WITH, lambda ids: self.running.open_again(ids[0]))
        window.menu.schedules_chosen.connect(self.open_schedules)
        if window.reach.may_change:
            services.live.functions_changed.connect(self.running.learn)

    def open_schedules(self) -> None:
        """Open the schedules; their sheet is made when first needed."""
        if self.schedules is None:
            from desktop.gui.run.schedules_sheet import SchedulesSheet
            from desktop.gui.run.scheduling import Scheduling

            sheet = self._window.sheets.make(partial(SchedulesSheet, reach=self._window.reach))
            self.schedules = Scheduling(sheet, self._services.source, self._services.jobs)
            self.schedules.told.connect(self._window.toasts.show)
            self._services.live.tasks_changed.connect(self.schedules.follow)
        self.schedules.sheet.open()
