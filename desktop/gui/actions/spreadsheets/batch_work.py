"""What a person wants of a batch, carried out: pause, cancel, retry, take back, report."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from desktop.client.api import TaskQuery, new_key
from desktop.contract.causes import Cure
from desktop.contract.tasks import PAGE_LIMIT
from desktop.gui.actions.connection import Asker
from desktop.gui.actions.spreadsheets.source_folders import SourceFolders
from desktop.gui.actions.spreadsheets.uploads import save_report
from desktop.gui.frame.view_switch import BATCHES
from desktop.gui.importing.file_fault_words import fault_words
from desktop.gui.jobs import Job
from desktop.gui.parts.lists.live_rows import Rereading
from desktop.settings.preferences import WindowSettings
from desktop.sheets import SheetError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from desktop.client.api import Api, ApiSource
    from desktop.contract.batches import Batch
    from desktop.contract.events import Stats
    from desktop.contract.tasks import BulkAnswer
    from desktop.gui.actions.live import Live
    from desktop.gui.frame.main_window import MainWindow
    from desktop.gui.jobs import Jobs


class BatchWork(QObject):
    """Fills the view of batches and carries out what is asked there.

    ``open_draft`` shows a draft in the import sheet. ``correction_wanted`` carries the tasks whose
    items are to be corrected one after the other.
    """

    correction_wanted = Signal(object)

    def __init__(
        self,
        window: MainWindow,
        source: ApiSource,
        jobs: Jobs,
        live: Live,
        open_draft: Callable[[int], object],
    ) -> None:
        super().__init__(window)
        self._window = window
        self._view = window.parts.batches
        self._ask = Asker(source, jobs, self._on_failed)
        self._open_draft = open_draft
        self._places = SourceFolders(window.settings)
        self.grace_seconds = WindowSettings().grace_seconds  # until the settings are read
        self._view.action_chosen.connect(self._act)
        self._view.card.cure_chosen.connect(self._cure)
        live.batches_changed.connect(self._view.model.follow)
        rereading = Rereading(self._view, self.load, elsewhere=True)  # the search names batches
        live.was_reset.connect(rereading.note)
        live.stats_changed.connect(lambda stats: self._view.model.set_pace(_pace(stats)))

    def load(self) -> None:
        """Read the batches there are."""
        self._view.model.load()

    def _act(self, verb: str, number: int) -> None:
        match verb:
            case "open":
                self._open_draft(number)
            case "rows":
                self._show_tasks(number)
            case "report":
                self._ask_where(number)
            case "cancel" | "delete" | "retry":
                self._soon(verb, number)
            case _:
                self._call(verb, number)

    def _cure(self, cure: str, cause: str, number: int) -> None:
        """Do what helps against a cause, or show the tasks it stopped, with their own actions."""
        match cure:
            case Cure.MAIL_SETTINGS:
                self._window.mail_settings.open()
            case Cure.CORRECT_ADDRESS:
                query = TaskQuery(states=("failed",), batch_id=number, cause=cause)
                self._show_tasks(number, cause)
                self._ask(lambda api: Job(_numbers, api, query).then(self.correction_wanted.emit))
            case Cure.RETRY:
                query = TaskQuery(states=("failed",), batch_id=number, cause=cause)
                self._ask(
                    lambda api: Job(api.many.act, "retry", query=query, key=new_key()).then(
                        self._on_cured
                    )
                )
            case _:
                self._show_tasks(number, cause)

    def _on_cured(self, answer: BulkAnswer) -> None:
        said = self.tr("%Ln messages are sent again", None, answer["touched"])
        self._window.toasts.show(said, icon="send")

    def _call(self, verb: str, number: int) -> None:
        def act(api: Api) -> Any:
            if verb == "retry":
                return api.batches.retry(number, new_key())
            if verb in {"take_back", "delete"}:
                return api.batches.delete(number)
            return getattr(api.batches, verb)(number)

        self._ask(lambda api: Job(act, api).then(partial(self._on_done, verb, number)))

    def _soon(self, verb: str, number: int) -> None:
        """Do it after the grace period, unless the person says *Undo* before."""
        name, batch = self._name(number), self._batch(number)
        failed = batch["counts"]["failed"] if batch else 0
        later = {
            "retry": self.tr("%Ln messages are sent again in {seconds} s", None, failed),
            "cancel": self.tr("The rest of “{name}” is cancelled in {seconds} s"),
            "delete": self.tr("The draft “{name}” is deleted in {seconds} s"),
        }[verb]
        if self.grace_seconds <= 0:
            self._call(verb, number)
            return
        toast = self._window.toasts.show(
            lambda left: later.format(name=name, seconds=left),
            seconds=self.grace_seconds,
            action=self.tr("Undo"),
            icon="send" if verb == "retry" else "ban",
        )
        wanted = {verb}
        toast.action_chosen.connect(wanted.clear)
        toast.closed.connect(partial(self._call_all, wanted, number))

    def _call_all(self, verbs: set[str], number: int) -> None:
        for verb in verbs:
            self._call(verb, number)

    def _on_done(self, verb: str, number: int, _answer: Any) -> None:
        if verb == "take_back":
            self._open_draft(number)

    def _show_tasks(self, number: int, cause: str | None = None) -> None:
        words = self.tr("Batch: {}").format(self._name(number))
        self._window.views.show_tasks(words, batch_id=number, cause=cause)

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
        self._window.toasts.show(self.tr("The report is being written…"), icon="file-text")
        self._ask(lambda api: Job(save, api).then(lambda _: self._window.toasts.show(said)))

    def _batch(self, number: int) -> Batch | None:
        place = self._view.model.position_of(number)
        return None if place is None else self._view.model.batch(place)

    def _name(self, number: int) -> str:
        batch = self._batch(number)
        return batch["name"] if batch else str(number)

    def _on_failed(self, error: Exception) -> None:
        words = fault_words(error) if isinstance(error, SheetError) else str(error)
        self._window.toasts.show(words, icon="triangle-alert")


def _numbers(api: Api, query: TaskQuery) -> list[int]:
    """Read which tasks a query gives, as many as a page holds."""
    return [row["id"] for row in api.page(query, limit=PAGE_LIMIT)["tasks"]]


def _pace(stats: Stats) -> float:
    return round(stats["rates"]["finished"], 1)
