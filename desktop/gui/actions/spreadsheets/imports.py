"""Spreadsheets on their way into a batch: read, uploaded, corrected, started, taken back."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from desktop.client.api import new_key
from desktop.contract.batches import BatchState
from desktop.gui.actions.connection import Asker
from desktop.gui.actions.spreadsheets.arrivals import Arrivals
from desktop.gui.actions.spreadsheets.changes import Changes
from desktop.gui.actions.spreadsheets.departure import Departure, LookedAt
from desktop.gui.actions.spreadsheets.draft_rows import DraftRowWork
from desktop.gui.actions.spreadsheets.reading import Reading, Scratch
from desktop.gui.actions.spreadsheets.source_folders import SourceFolders
from desktop.gui.actions.spreadsheets.uploads import create_draft, describe_file, fetch_draft
from desktop.gui.importing.file_fault_words import import_error, note_words
from desktop.gui.importing.import_foot import to_send
from desktop.gui.jobs import Job
from desktop.settings.preferences import WindowSettings
from desktop.sheets import SheetError, SheetFault, Stop

if TYPE_CHECKING:
    from collections.abc import Mapping

    from PySide6.QtCore import QSettings

    from desktop.client.api import Api, ApiSource
    from desktop.contract.batches import Batch
    from desktop.contract.events import BatchesEvent
    from desktop.gui.actions.spreadsheets.known_columns import KnownColumns
    from desktop.gui.frame.notices.toast import Toasts
    from desktop.gui.importing.import_sheet import ImportSheet, SetUp
    from desktop.gui.jobs import Jobs
    from desktop.sheets import Description, SheetChoice


class Imports(QObject):
    """Fills the import sheet and carries out what is asked there.

    Everything a person brings in is in the backend's store as a draft as soon as it is read: when
    the sheet closes, or the window dies, it can be opened again. ``started`` carries the number of
    a batch that is on its way.
    """

    started = Signal(int)

    def __init__(
        self,
        sheet: ImportSheet,
        toasts: Toasts,
        source: ApiSource,
        jobs: Jobs,
        settings: QSettings,
        known: KnownColumns,
    ) -> None:
        super().__init__(sheet)
        self._sheet = sheet
        self.choose_file = sheet.source.choose_file
        self._toasts = toasts
        self._jobs = jobs
        self._ask = Asker(source, jobs, self._on_failed)
        self._known = known
        self._reading = Reading(source, jobs, self)
        self._changes = Changes(source, jobs, self)
        self._departure = Departure(toasts, source, jobs, self)
        self._rows = DraftRowWork(sheet, toasts, source, jobs, SourceFolders(settings))
        self._scratch = Scratch(self)
        self.arrivals = Arrivals(sheet, toasts, jobs, self._scratch)
        self._found: Description | None = None
        self._stop = Stop()
        self._number: int | None = None
        self._looked_at = LookedAt()
        self._is_wanted = False
        self.grace_seconds = WindowSettings().grace_seconds  # until the settings are read
        self._connect()

    def open_file(self, path: Path, is_pasted: bool = False) -> None:
        """Bring in a spreadsheet as a new draft."""
        if not is_pasted:
            self._rows.places.keep(path)
        self._begin(path.name)
        stop = self._stop
        job = Job(describe_file, path, None, stop).then(partial(self._on_described, stop))
        self._jobs.start(job.otherwise(partial(self._on_unreadable, stop)))

    def open_draft(self, number: int) -> None:
        """Show a draft that was brought in before."""
        self._begin("")
        self._looked_at.forget([number])
        fetch = partial(fetch_draft, number=number, folder=self._scratch.folder())
        self._ask(lambda api: Job(fetch, api).then(self._on_fetched))

    def learn_templates(self, followed: Mapping[str, str]) -> None:
        """Read which templates there are; a copy or a new name of the chosen one is chosen."""
        if self._sheet.isVisible():
            show = partial(self._sheet.source.sending.show_templates, followed=followed)
            self._ask(lambda api: Job(api.templates.all).then(show))

    def follow(self, event: BatchesEvent) -> None:
        """Hear what became of batches: a draft was checked, or was started elsewhere."""
        started = [b["batch_id"] for b in event["rows"] if b["state"] != BatchState.DRAFT]
        self._looked_at.forget([*event["gone"], *started])
        if self._number in event["gone"]:
            self._leave()
            self._sheet.close()
        for batch in event["rows"]:
            if batch["batch_id"] == self._number and batch["state"] == BatchState.DRAFT:
                self._sheet.show_change(batch)
            elif batch["state"] != BatchState.DRAFT:
                self._on_started(batch)

    def _connect(self) -> None:
        sheet = self._sheet
        sheet.source.file_chosen.connect(lambda path: self.open_file(Path(path)))
        sheet.source.read_as.chosen.connect(self._read_again)
        sheet.set_up.connect(self._on_set_up)
        sheet.corrected.connect(self._looked_at.change)
        sheet.send_chosen.connect(self._on_send)
        sheet.stop_chosen.connect(self._stop_reading)
        sheet.closed.connect(self._on_closed)
        self.arrivals.came.connect(self.open_file)
        self.arrivals.failed.connect(self._on_failed)
        self._departure.draft_wanted.connect(self.open_draft)
        self._reading.progressed.connect(sheet.show_reading)
        self._reading.ended.connect(self._on_ended)
        self._reading.failed.connect(self._on_failed)
        self._changes.made.connect(self._on_changed)
        self._changes.failed.connect(self._on_not_changed)

    def _begin(self, name: str) -> None:
        self._leave()
        self._stop = Stop()
        self._sheet.begin(name)
        self._sheet.open()
        self.learn_templates({})

    def _on_described(self, stop: Stop, found: Description) -> None:
        if stop is not self._stop:  # another file was chosen meanwhile
            return
        self._show_found(found)
        name, columns = Path(found.path).name, self._sheet.source.columns()
        template = self._known.template_of(found)
        wanted = {"name": name, "columns": columns, "template": template}
        self._create(found, wanted, self._looked_at.before(found.path))

    def _show_found(self, found: Description) -> None:
        self._found = found
        self._sheet.source.show_description(found, self._known.of(found), note_words(found))

    def _create(self, found: Description, wanted: Any, before: int | None = None) -> None:
        """Make a draft of a file, in place of an earlier one of the same file."""
        create = partial(create_draft, wanted=wanted, sheet=Path(found.path), before=before)
        self._ask(lambda api: Job(create, api).then(partial(self._on_created, found)))

    def _read_again(self, choice: SheetChoice) -> None:
        """Read the file as the person chose: what it holds now is another draft."""
        found, self._stop = self._found, Stop()
        if found is None:
            return
        self._reading.stop()
        described = partial(self._on_described_again, self._stop)
        job = Job(describe_file, Path(found.path), choice, self._stop).then(described)
        self._jobs.start(job.otherwise(partial(self._on_not_described, found)))

    def _on_described_again(self, stop: Stop, found: Description) -> None:
        batch = self._sheet.batch
        if stop is not self._stop or batch is None:
            return
        before, self._number, self._is_wanted = batch["batch_id"], None, False
        self._show_found(found)
        kept = {**self._sheet.source.sending.settings(), "name": batch["name"]}
        self._create(found, {**kept, "columns": self._sheet.source.columns()}, before)

    def _on_not_described(self, before: Description, error: Exception) -> None:
        if before is self._found:
            self._sheet.source.read_as.show_description(before)
            self._read_rows()
            self._on_failed(error)

    def _on_created(self, found: Description, batch: Batch) -> None:
        if found is not self._found:  # the same: it stays a draft
            return
        self._number = batch["batch_id"]
        self._looked_at.begin(found.path, self._number)
        self._sheet.show_batch(batch, is_new=True)
        self._read_rows()

    def _on_fetched(self, fetched: tuple[Batch, Description | None]) -> None:
        batch, self._found = fetched
        self._number = batch["batch_id"]
        if self._found is not None:
            self._sheet.source.show_description(self._found, batch["columns"], [])
        else:
            self._sheet.source.show_name(batch["name"], batch["columns"])
        self._sheet.show_batch(batch, is_new=True)
        there = batch["counts"]["rows"]
        if self._found is not None and there < self._found.rows:  # the window ended meanwhile
            self._read_rows(there)

    def _read_rows(self, there: int = 0) -> None:
        """Make the rows of the file those of the draft, as its columns are matched now."""
        if self._found is not None and self._number is not None:
            columns = self._sheet.source.columns()
            self._known.keep(self._found, columns)
            self._reading.begin(self._found, columns, self._number, there)

    def _on_ended(self, batch: Batch | None) -> None:
        if batch is not None:
            self._sheet.show_change(batch)
        self._sheet.show_reading(None)
        self._sheet.rows.reload()
        if self._sheet.batch is not None and self._sheet.batch["counts"]["problems"]:
            self._sheet.rows.show_problems()

    def _on_unreadable(self, stop: Stop, error: Exception) -> None:
        if stop is self._stop:
            self._sheet.show_unreadable(import_error(error))

    def _stop_reading(self) -> None:
        """Stop where it is: what was read stays in the draft."""
        self._reading.stop()
        self._on_ended(None)

    def _leave(self) -> None:
        """Have nothing to do with the draft any more; it stays in the store."""
        self._stop.now()
        self._reading.stop()
        self._found = self._number = None
        self._is_wanted = False
        self._ask.forget()

    def _on_set_up(self, wanted: SetUp) -> None:
        number, batch = self._number, self._sheet.batch
        if number is not None and batch is not None:
            self._looked_at.change()
            self._changes.make(number, batch["name"], wanted)

    def _on_changed(self, batch: Batch, rows: bool) -> None:
        if batch["batch_id"] != self._number:
            return
        self._sheet.show_change(batch)
        is_wanted, self._is_wanted = self._is_wanted, False
        if rows:  # they are seen before they are sent
            self._read_rows()
        elif is_wanted:
            self._on_send()

    def _on_not_changed(self, number: int, error: Exception) -> None:
        if number == self._number:
            self._on_failed(error)

    def _on_send(self) -> None:
        number, key, grace = self._number, new_key(), self.grace_seconds
        self._is_wanted = number is not None and self._changes.is_changing(number)
        if number is None or self._is_wanted or self._reading.is_under_way:
            return
        again = self._sheet.source.sending.sends_again

        def start(api: Api) -> Job[Batch]:
            return Job(api.batches.start, number, key, send_same=again, delay=grace)

        self._ask(lambda api: start(api).then(self._on_started))

    def _on_started(self, batch: Batch) -> None:
        """Show it on its way: the answer says so, or an event, where that was lost or is slow."""
        number, draft = batch["batch_id"], self._sheet.batch
        if number != self._number or draft is None:
            return
        count = to_send(draft, again=self._sheet.source.sending.sends_again)
        self._looked_at.forget([number])
        if self._found is not None:
            self._known.keep_template(self._found, batch["template"])
        self._leave()
        self._sheet.close()
        self._departure.say_sent(batch, count, self.grace_seconds)
        self.started.emit(number)

    def _on_closed(self) -> None:
        is_draft, batch = self._number is not None, self._sheet.batch
        self._leave()
        if is_draft and batch is not None:
            self._departure.say_kept(batch)

    def _on_failed(self, error: Exception) -> None:
        self._is_wanted = False
        if not (isinstance(error, SheetError) and error.fault is SheetFault.CANCELLED):
            self._sheet.show_trouble(import_error(error))
