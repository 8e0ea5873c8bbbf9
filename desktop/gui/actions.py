"""Builds the objects behind a window's actions, and connects them with each other."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject

from desktop.client.drafts import DraftBox, Typed
from desktop.gui.batches.batch_verbs import BatchVerbs
from desktop.gui.causes.cause_verbs import CauseVerbs
from desktop.gui.frame.exports import Exports
from desktop.gui.frame.grace_period import GracePeriod
from desktop.gui.frame.help.help_sheets import FoldersAndLauncher, HelpSheets
from desktop.gui.frame.notifications import Notifications
from desktop.gui.frame.pausing import Pausing
from desktop.gui.frame.repair import Repair
from desktop.gui.frame.trying_now import TryingNow
from desktop.gui.frame.unfinished import UnfinishedTemplates
from desktop.gui.frame.views import ITEMS, TASKS
from desktop.gui.importing.unfinished_imports import UnfinishedImports
from desktop.gui.items.correction.task_questions import TaskQuestions
from desktop.gui.items.form.pasted import RangePaste
from desktop.gui.items.form.submissions import Submissions
from desktop.gui.items.live_items import LiveItems
from desktop.gui.link.connection import BackendLink, Live
from desktop.gui.link.typed_drafts import TypedDrafts
from desktop.gui.mail.mail_setup import MailSetup, Practice
from desktop.gui.run.running import Running
from desktop.gui.tasks.acting.address_copies import AddressCopies
from desktop.gui.tasks.acting.asked_first import Asking
from desktop.gui.tasks.acting.looking_ahead import LookingAhead
from desktop.gui.tasks.acting.task_verbs import TaskVerbs
from desktop.gui.tasks.acting.task_wishes import TaskWishes
from desktop.gui.tasks.detail.link_following import LinkFollowing
from desktop.gui.tasks.search.searching import SavedViews, Searching
from desktop.gui.templates.editing import TemplateEditing

if TYPE_CHECKING:
    from desktop.client.api import ApiSource
    from desktop.contract.batches import Batch
    from desktop.gui.frame.main_window import MainWindow
    from desktop.gui.importing.imports import Imports
    from desktop.gui.link.jobs import Jobs
    from desktop.gui.run.scheduling import Scheduling
    from desktop.gui.tasks.acting.pending_actions import PendingActions
    from desktop.gui.tasks.table.task_model import TaskModel
    from desktop.settings.paths import DataFolder


class Actions(QObject):
    """Wires one window: each concern has its own object, and the connections between them are here.

    ``box_jobs`` runs on one thread, so drafts are written in the order of typing.
    """

    def __init__(
        self,
        window: MainWindow,
        model: TaskModel,
        data: DataFolder,
        source: ApiSource,
        jobs: Jobs,
        box_jobs: Jobs,
    ) -> None:
        super().__init__(window)
        self._window, self._model = window, model
        self._source, self._jobs = source, jobs
        self._has_items = not data.app_mark.exists()
        self._imports: Imports | None = None
        self.schedules: Scheduling | None = None
        box = DraftBox(data.drafts)
        self._drafts = {kind: TypedDrafts(kind, box, box_jobs, self) for kind in Typed}
        self.grace = GracePeriod(window.toasts, source, jobs, self)
        self.submissions = Submissions(window, source, jobs, self.grace, box, box_jobs)
        self._make_tasks()
        self._make_backend(data)
        self._make_batches_and_causes()
        self._make_lists()
        self._make_unfinished()
        self._connect_tasks()
        self._connect_backend()
        if not self._has_items:
            return
        self.connection.ready.connect(self.items.load)
        self.connection.ready.connect(self.batches.load)
        if window.reach.may_change:
            self._connect_changes()

    def _make_tasks(self) -> None:
        """Make what acts on tasks, and what it asks first."""
        window, model, source, jobs = self._window, self._model, self._source, self._jobs
        self.verbs = TaskVerbs(window, source, jobs, self.grace, model.pending)
        self.running = Running(window, model, source, jobs, self.grace)
        asking = Asking(window, model, self.verbs, source, jobs)
        self.questions = TaskQuestions(window, source, jobs, self.verbs)
        others = asking, self.questions, self.verbs, self.running
        self.wishes = TaskWishes(window, source, jobs, *others)
        self.links = LinkFollowing(window, jobs)

    def _make_backend(self, data: DataFolder) -> None:
        """Make the connection to the backend, and what follows its news or changes its settings."""
        window, source, jobs = self._window, self._source, self._jobs
        self.live = Live(window, self._model)
        self.connection = BackendLink(window, source, self.live)
        self.repair = Repair(window, data.db, jobs, self)
        self.pausing = Pausing(window, source, jobs, self)
        self.tries = TryingNow(window, source, jobs, self.live)
        self.mail = MailSetup(self, source, jobs)
        window.own_sheets.mail_settings_made.connect(self.mail.serve)
        window.menu.schedules_chosen.connect(self.open_schedules)
        self.practice = Practice(window, source, jobs, self.verbs, self.live)
        self.notifications = Notifications(window, self._model, source, jobs, self.live)
        self.folders = FoldersAndLauncher(window, data, jobs)
        self.help = HelpSheets(window, self.live, data, window.themes)

    def _make_batches_and_causes(self) -> None:
        """Make what acts on batches, causes and templates: they share the actions on tasks."""
        window, source, jobs = self._window, self._source, self._jobs
        live, verbs = self.live, self.verbs
        open_draft = lambda number: self.imports.open_draft(number)  # noqa: E731 - made on demand
        self.templates = TemplateEditing(window, source, jobs, self._drafts, verbs, live)
        window.menu.templates_chosen.connect(self.open_templates)
        self.batches = BatchVerbs(window, source, jobs, live, verbs, open_draft)
        self.causes = CauseVerbs(window, source, jobs, live, verbs, self._model.pending)

    def _make_lists(self) -> None:
        """Make what searches, saves, exports and copies lists, and keeps them current."""
        window, model, source, jobs = self._window, self._model, self._source, self._jobs
        self.exports = Exports(window, model, source, jobs)
        self.items = LiveItems(window, model, source, jobs, self.live)
        self.search = Searching(window, model, source, jobs, self.live)
        AddressCopies(window, source, jobs)
        SavedViews(window)
        self._look_ahead(model.pending)

    def _make_unfinished(self) -> None:
        """Make what offers the things that the last window left."""
        window, drafts = self._window, self._drafts
        self._unsaved = UnfinishedTemplates(window, drafts[Typed.TEMPLATES])
        self.unfinished_imports = UnfinishedImports(
            window, self._source, self._jobs, drafts[Typed.IMPORTS]
        )

    def open_templates(self, name: str = "", batch: Batch | None = None) -> None:
        """Open the template editor; without a name, at the form's template."""
        self.templates.open(name, batch)

    def _on_templates(self, followed: dict[str, str], by_form: dict[str, str]) -> None:
        self.submissions.form_items.learn_templates(by_form)
        self._window.parts.detail.reload()  # it names the fields that a message lacks
        if self._imports is not None:
            self._imports.learn_templates(followed)

    def open_schedules(self) -> None:
        """Open the schedules; their sheet is made when first needed."""
        if self.schedules is None:
            from desktop.gui.run.schedules_sheet import SchedulesSheet
            from desktop.gui.run.scheduling import Scheduling

            sheet = self._window.sheets.make(partial(SchedulesSheet, reach=self._window.reach))
            self.schedules = Scheduling(sheet, self._source, self._jobs)
            self.schedules.told.connect(self._window.toasts.show)
            self.live.tasks_changed.connect(self.schedules.follow)
        self.schedules.sheet.open()

    @property
    def imports(self) -> Imports:
        """The import of spreadsheets; its sheet is made when first needed."""
        if self._imports is None:
            from desktop.gui.importing.imports import Imports

            drafts = self._drafts[Typed.IMPORTS]
            self._imports = imports = Imports(
                self._window, self._source, self._jobs, self.grace, drafts
            )
            self.live.batches_changed.connect(imports.follow)
            self.live.notices_changed.connect(imports.starting.follow)
            imports.started.connect(self.batches.show)
            imports.draft_toasts.watch(self._window.parts.batches.model)
            self.batches.deleting.connect(lambda some: [*map(imports.draft_toasts.end, some)])
            imports.reading.turned_to.connect(self.unfinished_imports.leave_out)
            imports.shown.connect(lambda n: self.unfinished_imports.stop_offering(str(n)))
            imports.sheet.source.sending.edit_chosen.connect(
                lambda name: self.open_templates(name, imports.sheet.batch)
            )
        return self._imports

    def load(self) -> None:
        """Load the form and the pending submissions that the last window left."""
        if self._has_items and self._window.reach.may_change:
            self.submissions.load()

    def save_drafts(self) -> None:
        """Save everything typed, before the window ends."""
        if self._window.reach.may_change:
            self.submissions.form_items.save_draft()
        self.templates.save_draft()
        if self._imports is not None:
            self._imports.save_draft()

    def _connect_tasks(self) -> None:
        parts = self._window.parts
        parts.items.card.correction_chosen.connect(lambda task: self.wishes.correct([task]))
        self.verbs.tried.connect(self.tries.follow)
        self.live.pending_changed.connect(self.verbs.follow)
        for again in (self.connection.ready, self.live.was_reset):
            again.connect(self.verbs.load)
        for stopped in (self.pausing.try_wanted, self.batches.queue_try_wanted):
            stopped.connect(self.tries.try_queue)
        self.batches.template_wanted.connect(self.templates.open_for)
        self.batches.rows_template_wanted.connect(self.open_templates)
        for part in (parts.table, parts.detail, parts.items):
            part.action_chosen.connect(self.wishes.carry_out)
        self.causes.way_out_wanted.connect(self.wishes.carry_out)
        self.causes.resume_wanted.connect(self.pausing.resume_from)
        self.causes.batch_resume_wanted.connect(self.batches.resume)
        for work in (self.batches, self.causes, self.templates):
            work.correction_wanted.connect(self.wishes.correct)
        self.templates.changed.connect(self._on_templates)
        self.wishes.corrected.connect(self.items.load)
        self.wishes.template_wanted.connect(self.templates.open_for)
        for own in (self.wishes, self.running):
            own.folder_wanted.connect(self.folders.open_tasks)
        self.live.tasks_changed.connect(self.wishes.follow)

    def _look_ahead(self, pending: PendingActions) -> None:
        """Let the buttons for several tasks say how many tasks they apply to."""
        parts, source, jobs = self._window.parts, self._source, self._jobs
        for view, chosen in ((TASKS, parts.table.selection), (ITEMS, parts.items.selection)):
            read = partial(getattr, chosen, "selected")
            ahead = LookingAhead(view, read, pending, source, jobs, chosen)
            chosen.changed.connect(lambda _, ahead=ahead: ahead.look())
            if view == TASKS:
                self._model.dataChanged.connect(ahead.look_again)

    def _connect_backend(self) -> None:
        for load in (self.mail.load, self.causes.load, self.search.load, self.pausing.carry_out):
            self.connection.ready.connect(load)
        self.live.notices_changed.connect(self.pausing.follow)
        self.live.stats_changed.connect(self.mail.follow)
        for answers in (self.connection.ready, self.live.heard):
            answers.connect(self._source.go_on)
        self._source.on_back = self._window.sheets.forget_absence
        self.connection.database_damaged.connect(self.repair.offer)
        self.mail.changed.connect(self._on_settings_changed)
        if self._window.reach.may_change:
            self.live.functions_changed.connect(self.running.learn)

    def _connect_changes(self) -> None:
        """Connect the parts that add or change items."""
        items = self.submissions.form_items
        asked = items.learn_number, items.learn_templates
        offered = self._unsaved.look, self.unfinished_imports.look
        for work in (*asked, self.submissions.send, *offered):
            self.connection.ready.connect(work)
        self.live.batches_changed.connect(self.unfinished_imports.follow)
        self.live.was_reset.connect(self.unfinished_imports.look_again)
        self._unsaved.wanted.connect(self.open_templates)
        self.unfinished_imports.wanted.connect(lambda name: self.imports.open_draft(int(name)))
        self._window.parts.form.message.edit_chosen.connect(self.open_templates)
        self._window.top_bar.import_chosen.connect(lambda: self.imports.choose_file())
        self._window.files_dropped.connect(lambda paths: self.imports.arrivals.take_files(paths))
        form, search = self._window.parts.form, self._window.parts.search
        lines = RangePaste([*(each.editor for each in form.fields.values()), search], self)
        for pasted in (self._window.views.pasted, lines.pasted):
            pasted.connect(lambda text: self.imports.arrivals.take_pasted(text))
        self.live.tasks_changed.connect(items.saw_others)
        self.live.tasks_changed.connect(lambda _: self.verbs.retried.changes.note())
        self.live.was_reset.connect(self.verbs.retried.changes.note)
        self.live.batches_changed.connect(items.saw_batches)
        self.live.tasks_changed.connect(self.submissions.saw_tasks)
        for telling in (self._window.parts.strip.show_saved, self._window.closing.set_saved):
            self.submissions.waiting_changed.connect(telling)
        self.live.was_reset.connect(items.learn_number)

    def _on_settings_changed(self, settings: dict[str, Any]) -> None:
        self.grace.seconds = float(settings["window"]["grace_seconds"])
        self._window.shelf.begin()
        if not self._has_items:
            return
        mail = settings["mail"]
        self._window.parts.strip.set_mail(mail["transport"], mail["host"])
        self._window.delivery.follow(mail)
        is_real, kept = mail["transport"] == "smtp", mail["password_kept"]
        self._window.closing.forgets_password = is_real and kept == "session"
        if not self._window.reach.may_change:
            return
        self.practice.follow(settings)
        self._window.practice_bar.show_transport(mail["transport"])
