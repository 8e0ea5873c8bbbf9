"""What a person wants of a batch, carried out: pause, cancel, retry, take back, report."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Literal

from PySide6.QtCore import QObject, Signal

from desktop.client.api import TaskQuery, new_key
from desktop.contract.causes import Cure
from desktop.gui.actions.backend.connection import Asker
from desktop.gui.actions.spreadsheets.import_calls import (
    act_on_batch,
    draft_of_problems,
    numbers_of,
    save_report,
)
from desktop.gui.actions.spreadsheets.row_upload import Scratch
from desktop.gui.actions.spreadsheets.source_folders import SourceFolders
from desktop.gui.batches.batch_words import announced
from desktop.gui.frame.view_switch import BATCHES
from desktop.gui.importing.file_fault_words import fault_words
from desktop.gui.importing.rows_model import RowsModel
from desktop.gui.jobs import Job
from desktop.gui.left_out_sheet import LeftOutSheet
from desktop.gui.table.task_actions import Everything
from desktop.gui.tasks.words.causes import short_cause_words
from desktop.gui.widgets.lists.live_rows import Rereading
from desktop.settings.preferences import WindowSettings
from desktop.sheets import SheetError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from desktop.client.api import ApiSource
    from desktop.contract.batches import Batch, BatchCause
    from desktop.gui.actions.backend.live import Live
    from desktop.gui.actions.tasks.task_verbs import TaskVerbs
    from desktop.gui.actions.typed_drafts import TypedDrafts
    from desktop.gui.frame.main_window import MainWindow
    from desktop.gui.frame.notices.toast import Toast
    from desktop.gui.jobs import Jobs


BatchVerb = Literal["retry", "cancel", "delete"]


class BatchWork(QObject):
    """Fills the view of batches and carries out what is asked there.

    ``open_draft`` shows a draft; ``correction_wanted`` carries tasks whose items are corrected.
    """

    correction_wanted = Signal(object)

    def __init__(
        self,
        window: MainWindow,
        source: ApiSource,
        jobs: Jobs,
        live: Live,
        verbs: TaskVerbs,
        open_draft: Callable[[int], object],
        drafts: TypedDrafts,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._view = window.parts.batches
        self._ask = Asker(source, jobs, self._on_failed)
        self._verbs = verbs
        self._source = source
        self._drafts = drafts
        self._soon: dict[str, tuple[BatchVerb, int]] = {}
        self._toasts: dict[str, Toast] = {}  # of these
        self._open_draft = open_draft
        self._make_rows = partial(RowsModel, source, jobs)
        self._left_out: LeftOutSheet | None = None
        self._being_made: set[int] = set()  # batches whose draft is on its way
        self._scratch = Scratch(self)
        self._places = SourceFolders(window.settings)
        self.grace_seconds = WindowSettings().grace_seconds  # until the settings are read
        self._view.action_chosen.connect(self._act)
        self._view.card.cure_chosen.connect(self._cure)
        live.batches_changed.connect(self._view.model.follow)
        rereading = Rereading(self._view, self.load, elsewhere=True)  # the search names batches
        live.was_reset.connect(rereading.note)
        live.stats_changed.connect(
            lambda stats: self._view.model.set_pace(round(stats["rates"]["finished"], 1))
        )

    def load(self) -> None:
        """Read the batches there are."""
        self._view.model.load()

    def take_up(self, key: str) -> None:
        """Announce once more what the last window did not carry out."""
        draft = self._drafts.of(key)
        if draft is not None:
            self._drafts.take_up(key)
            self._announce(key, draft)

    def carry_out_now(self) -> dict[str, Callable[[], object]]:
        """Return, by their keys, the calls that wait for their grace period to end."""
        soon, self._soon = self._soon, {}
        api = self._source.api
        return {key: partial(act_on_batch, api, *w, key) for key, w in soon.items() if api}

    def forget(self, key: str) -> None:
        """Have nothing left to carry out of this: it was, or it is not wanted."""
        self._drafts.keep(key, None)

    def _act(self, verb: str, number: int) -> None:
        match verb:
            case "open":
                self._open_draft(number)
            case "rows":
                self._show_tasks(number)
            case "left_out":
                self._show_left_out(number)
            case "report":
                self._ask_where(number)
            case "cancel" | "delete" | "retry":
                self._do_soon(verb, number)
            case "undo":
                self._undo(number)
            case _:
                self._call(verb, number)

    def _cure(self, cure: str, cause: str, number: int) -> None:
        """Do what helps against a cause, or show the tasks it stopped, with their own actions."""
        failed = TaskQuery(states=("failed",), seen=False, batch_id=number, cause=cause)
        match cure:
            case Cure.MAIL_SETTINGS:
                self._window.mail_settings.open()
            case Cure.CORRECT_ADDRESS:
                self._show_tasks(number, cause)
                self._ask(lambda api: Job(numbers_of, api, failed).then(self._correct))
            case Cure.RETRY:
                found = self._cause(number, cause)
                self._verbs.act("retry", Everything(failed, found["count"] if found else None))
            case _:
                self._show_tasks(number, cause)

    def _correct(self, tasks: list[int]) -> None:
        """Correct those that wait for it: what was sent again since is put aside."""
        if tasks:
            self.correction_wanted.emit(tasks)
        else:
            self._window.toasts.show(self.tr("All of them were sent again or put aside"))

    def _call(self, verb: str, number: int, key: str = "") -> None:
        key = key or new_key()

        def done(_answer: Any) -> None:
            self.forget(key)
            if verb == "take_back":
                self._open_draft(number)

        def failed(error: Exception) -> None:
            self.forget(key)
            self._on_failed(error)

        self._ask(lambda api: Job(act_on_batch, api, verb, number, key).then(done), failed)

    def _do_soon(self, verb: BatchVerb, number: int) -> None:
        """Do it after the grace period, unless the person says *Undo* before."""
        if self.grace_seconds <= 0:
            self._call(verb, number)
            return
        batch = self._batch(number)
        failed = batch["counts"]["failed"] if batch else 0
        draft = {"verb": verb, "batch": number, "name": self._name(number), "count": failed}
        self._announce(new_key(), {**draft, "due": False})

    def _announce(self, key: str, draft: dict[str, Any]) -> None:
        verb, name, when = draft["verb"], draft["name"], self._window.toasts.when
        later = announced(verb, draft["count"])
        toast = self._window.toasts.show(
            lambda left: later.format(name=name, seconds=left, when=when(left)),
            seconds=self.grace_seconds,
            action=self.tr("Undo"),
            icon="send" if verb == "retry" else "ban",
            here=True,
        )
        self._soon[key] = verb, draft["batch"]
        self._toasts[key] = toast
        self._show_started()
        self._drafts.keep(key, draft)
        toast.action_chosen.connect(partial(self._drop, key))
        toast.closed.connect(partial(self._on_grace_over, key))

    def _drop(self, key: str) -> None:
        """Do nothing after all."""
        self._soon.pop(key, None)
        self.forget(key)
        self._show_started()

    def _undo(self, number: int) -> None:
        """Take back what was started on a batch, as its toast does."""
        for key in [key for key, (_, batch) in self._soon.items() if batch == number]:
            self._drop(key)
            self._window.toasts.close(self._toasts[key])

    def _show_started(self) -> None:
        self._view.show_started({batch for _, batch in self._soon.values()})

    def _on_grace_over(self, key: str) -> None:
        wanted = self._soon.pop(key, None)
        self._toasts.pop(key, None)
        self._show_started()
        if wanted is not None:
            self._drafts.keep(key, {**(self._drafts.of(key) or {}), "due": True})
            self._call(*wanted, key)

    def _show_tasks(self, number: int, cause: str | None = None) -> None:
        found = self._cause(number, cause)
        named = [short_cause_words(found["about"], found["title"])] if found else []
        words = self.tr("Batch {}: {}").format(number, " · ".join([self._name(number), *named]))
        seen = None if cause is None else False  # what a cause counts
        self._window.views.show_tasks(words, batch_id=number, cause=cause, seen=seen)

    def _show_left_out(self, number: int) -> None:
        """Show which rows were left out, and why, in a sheet that is made when first wanted."""
        batch = self._batch(number)
        if batch is None:
            return
        if self._left_out is None:
            kind = partial(LeftOutSheet, self._make_rows, reach=self._window.reach)
            self._left_out = self._window.sheets.make(kind)
            self._left_out.correct_chosen.connect(self._correct_left_out)
        self._left_out.show_batch(batch)
        self._left_out.open()

    def _correct_left_out(self, number: int) -> None:
        """Show the draft of the rows with a problem."""
        if number in self._being_made:
            return
        self._being_made.add(number)
        name, folder = self.tr("{} – to correct"), self._scratch.folder()
        make = partial(draft_of_problems, number=number, name=name, folder=folder)

        def show(draft: int) -> None:
            self._being_made.discard(number)
            if self._left_out is not None:
                self._left_out.close()
            self._open_draft(draft)

        def failed(error: Exception) -> None:
            self._being_made.discard(number)
            self._on_failed(error)

        self._ask(lambda api: Job(make, api).then(show), failed)

    def show(self, number: int) -> None:
        """Show the view of batches, at one of them."""
        self._window.switch.choose(BATCHES)
        self._view.choose(number)

    def _ask_where(self, number: int) -> None:
        batch = self._batch(number)
        sheet = batch["sheet"] if batch else None
        title = self.tr("Save the report; the formatting is not kept")
        name, save = self.tr("{} – report"), partial(self.save_report, number)
        self._places.ask(self._window, title, name, sheet, save)

    def save_report(self, number: int, place: Path) -> None:
        """Write the spreadsheet of a batch with what became of each row."""
        save = partial(save_report, number=number, place=place)
        said = self.tr("The report is saved as {}").format(place.name)
        toasts = self._window.toasts
        writing = toasts.show(self.tr("The report is being written…"), icon="file-down")

        def end(_: object) -> None:
            toasts.close(writing)
            toasts.show(said)

        def fail(error: Exception) -> None:
            toasts.close(writing)
            self._on_failed(error)

        self._ask(lambda api: Job(save, api).then(end), fail)

    def _batch(self, number: int) -> Batch | None:
        place = self._view.model.position_of(number)
        return None if place is None else self._view.model.batch(place)

    def _cause(self, number: int, cause: str | None) -> BatchCause | None:
        batch = self._batch(number)
        causes = batch["causes"] if batch else []
        return next((each for each in causes if each["cause"] == cause), None)

    def _name(self, number: int) -> str:
        batch = self._batch(number)
        return batch["name"] if batch else str(number)

    def _on_failed(self, error: Exception) -> None:
        words = fault_words(error) if isinstance(error, SheetError) else str(error)
        self._window.toasts.show(words, icon="triangle-alert")
