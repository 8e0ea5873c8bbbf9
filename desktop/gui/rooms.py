"""Adds the views that the first picture does not show, and lets each room connect itself."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from desktop.client.drafts import DraftBox, Typed
from desktop.gui.batches.batch_model import BatchModel
from desktop.gui.batches.batch_verbs import BatchVerbs
from desktop.gui.batches.batch_view import BatchView
from desktop.gui.causes.cause_model import CauseModel
from desktop.gui.causes.cause_verbs import CauseVerbs
from desktop.gui.causes.cause_view import CauseView
from desktop.gui.frame.exports import Exports
from desktop.gui.frame.grace_period import GracePeriod
from desktop.gui.frame.notifications import Notifier
from desktop.gui.frame.room import FrameRoom, RoomServices
from desktop.gui.frame.views import BATCHES, CAUSES, ITEMS
from desktop.gui.importing.room import ImportingRoom
from desktop.gui.items.item_model import ItemModel
from desktop.gui.items.item_view import OF_TASKS, ItemView
from desktop.gui.items.room import ItemsRoom
from desktop.gui.link.connection import BackendLink, Live
from desktop.gui.link.typed_drafts import TypedDrafts
from desktop.gui.mail.room import MailRoom
from desktop.gui.run.room import RunRoom
from desktop.gui.tasks.room import TasksRoom
from desktop.gui.templates.editing import TemplateEditing

if TYPE_CHECKING:
    from desktop.client.api import ApiSource
    from desktop.gui.assembly import AppWindow
    from desktop.gui.link.jobs import Jobs
    from desktop.settings.paths import DataFolder


def add_views(window: AppWindow, source: ApiSource, jobs: Jobs) -> None:
    """Add the views *Items*, *Batches* and *Causes*."""
    page, reach, pending = window.page, window.reach, window.page.model.pending
    window.items = ItemView(ItemModel(source, jobs), reach, pending)
    window.batches = BatchView(BatchModel(source, jobs), reach, pending)
    window.causes = CauseView(CauseModel(source, jobs, reach), reach, pending)
    window.views.add(ITEMS, window.items, window.items.chips)
    window.views.add(BATCHES, window.batches)
    window.views.add(CAUSES, window.causes)
    window.page.search_in(ITEMS, window.items, OF_TASKS)
    page.search.text_changed.connect(window.items.show_text)
    window.items.cleared.connect(page.search.clear_now)
    for counting in (window.items.chips, window.items.empty, page.table.empty):
        counting.batches_wanted.connect(partial(window.switch.choose, BATCHES))
    for line in (page.behind, window.items.not_sent):
        line.batches_wanted.connect(partial(_show_batch, window))


def _show_batch(window: AppWindow, number: int) -> None:
    """Switch to *Batches* and select a batch; with 0, none."""
    window.switch.choose(BATCHES)
    if number:
        window.batches.choose(number)


class Rooms(QObject):
    """The rooms of one window, each made with those below it that it asks.

    ``box_jobs`` runs on one thread, so drafts are written in the order of typing.
    """

    def __init__(
        self,
        window: AppWindow,
        data: DataFolder,
        source: ApiSource,
        jobs: Jobs,
        box_jobs: Jobs,
    ) -> None:
        super().__init__(window)
        live, box = Live(window), DraftBox(data.drafts)
        drafts = {kind: TypedDrafts(kind, box, box_jobs, self) for kind in Typed}
        self.services = services = RoomServices(
            source,
            jobs,
            box,
            box_jobs,
            live,
            BackendLink(source, live, window),
            GracePeriod(window.toasts, source, jobs, self),
            Exports(window, source, jobs),
            Notifier(window),
        )
        has_items, self._may_change = not data.app_mark.exists(), window.reach.may_change
        self._adds_items = has_items and self._may_change
        self.frame = FrameRoom(window, services, data)
        self.tasks = TasksRoom(window, window.page, services, self.frame)
        self.items = ItemsRoom(window, window.form, window.items, services, self.tasks)
        self.run = RunRoom(window, services, self.frame, self.tasks)
        self.run.running.learned.connect(window.form.afterwards.show_functions)
        self.mail = MailRoom(
            window, window.mail, services, self.tasks, self.items, has_items=has_items
        )
        self.batches = BatchVerbs(window, window.batches, services, self.tasks, self.frame.tries)
        self.causes = CauseVerbs(window, window.causes, services, self.tasks, self.frame.pausing)
        self.causes.batch_resume_wanted.connect(self.batches.resume)
        self.templates = TemplateEditing(
            window, services, self.tasks, self.items, self.batches, drafts[Typed.TEMPLATES]
        )
        self.importing = ImportingRoom(
            window, services, self.items, self.batches, self.templates, drafts[Typed.IMPORTS]
        )
        if has_items:
            self.items.follow(may_change=self._may_change)
            services.link.ready.connect(self.batches.load)
        if self._adds_items:
            services.link.ready.connect(self.templates.unsaved.look)
            self.importing.follow(self.tasks)

    def load(self) -> None:
        """Load the form and the pending submissions that the last window left."""
        if self._adds_items:
            self.items.submissions.load()

    def save_drafts(self) -> None:
        """Save everything typed, before the window ends."""
        if self._may_change:
            self.items.submissions.form_items.save_draft()
        self.templates.save_draft()
        self.importing.save_draft()
