"""Joins what is done with tasks: the list, the search, the detail, and the actions."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from desktop.gui.frame.views import TASKS
from desktop.gui.kit.reach import TASKS_FOLDER
from desktop.gui.tasks.acting.address_copies import AddressCopies
from desktop.gui.tasks.acting.asked_first import Asking
from desktop.gui.tasks.acting.looking_ahead import LookingAhead
from desktop.gui.tasks.acting.task_verbs import TaskVerbs
from desktop.gui.tasks.acting.task_wishes import TaskWishes
from desktop.gui.tasks.detail.link_following import LinkFollowing
from desktop.gui.tasks.search.searching import SavedViews, Searching
from desktop.gui.tasks.table.exported_tasks import tasks_table

if TYPE_CHECKING:
    from desktop.contract.events import Stats
    from desktop.gui.frame.main_window import MainWindow
    from desktop.gui.frame.room import FrameRoom
    from desktop.gui.frame.services import RoomServices
    from desktop.gui.tasks.tasks_page import TasksPage


class TasksRoom(QObject):
    """Connects the view *Tasks*, and carries out the actions on tasks of all views."""

    def __init__(
        self, window: MainWindow, page: TasksPage, services: RoomServices, frame: FrameRoom
    ) -> None:
        super().__init__(window)
        self._window = window
        self.page = page
        self._follow(services)
        source, jobs, live = services.source, services.jobs, services.live
        self.verbs = TaskVerbs(window, page, source, jobs, services.grace)
        self.asking = Asking(window, page, self.verbs, source, jobs)
        self.wishes = TaskWishes(self.asking, self.verbs)
        self.links = LinkFollowing(window, page, jobs)
        self.search = Searching(page, source, jobs, live)
        self.saved_views = SavedViews(window, page)
        AddressCopies(window, page.table, source, jobs)
        services.exports.offer(TASKS, lambda: partial(tasks_table, page.model.query))
        self._look_ahead(services)
        self.wishes.lead(TASKS_FOLDER, lambda _: frame.folders.open_tasks())
        for part in (page.table, page.detail):
            part.action_chosen.connect(self.wishes.carry_out)
        self.verbs.tried.connect(frame.tries.follow)
        live.pending_changed.connect(self.verbs.follow)
        for again in (services.link.ready, live.was_reset):
            again.connect(self.verbs.load)
        services.link.ready.connect(self.search.load)
        live.tasks_changed.connect(lambda _: self.verbs.retried.changes.note())
        live.was_reset.connect(self.verbs.retried.changes.note)

    def _follow(self, services: RoomServices) -> None:
        """Let the rows and the detail follow the backend, before all that reads them."""
        live, page = services.live, self.page
        live.tasks_changed.connect(page.model.apply)
        live.tasks_changed.connect(page.detail.apply)
        live.was_reset.connect(page.model.reset)
        live.was_reset.connect(page.detail.reload)
        live.index_followed.connect(page.model.read_search_again)
        live.stats_changed.connect(self._on_stats)

    def _on_stats(self, stats: Stats) -> None:
        self.page.table.empty.count_in_batches(stats["batch_rows"] + stats["paused_rows"])
        self.page.chips.set_stats(stats)
        self.page.table.selection.set_stats(stats)

    def _look_ahead(self, services: RoomServices) -> None:
        """Let the buttons for several tasks say how many tasks they apply to."""
        selection, model = self.page.table.selection, self.page.model
        ahead = LookingAhead(
            TASKS,
            lambda: selection.selected,
            model.pending,
            services.source,
            services.jobs,
            selection,
        )
        selection.changed.connect(lambda _: ahead.look())
        model.dataChanged.connect(ahead.look_again)
