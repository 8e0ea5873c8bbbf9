"""Carries out what is asked for in the import sheet."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final
from uuid import NAMESPACE_URL, uuid5

from PySide6.QtCore import QObject, Signal

from desktop.contract.batches import BatchState
from desktop.contract.rules.templates import DEFAULT
from desktop.contract.rules.text import whole_characters
from desktop.gui.batches.batch_words import message_count
from desktop.gui.batches.rows.rows_model import RowsModel
from desktop.gui.importing.draft_file import Arrivals, NewDraft, ShownFile
from desktop.gui.importing.draft_rows import DraftRowWork
from desktop.gui.importing.draft_toasts import DraftToasts
from desktop.gui.importing.import_sheet import ImportSheet
from desktop.gui.importing.row_upload import Reading, fetch_draft
from desktop.gui.importing.starting import StartingDraft
from desktop.gui.importing.unfinished_imports import DraftMemory, PuttingAside
from desktop.gui.kit.widgets.files import Scratch
from desktop.gui.kit.words.file_faults import note_words, waiting_error
from desktop.gui.link.jobs import Job, LatestRequest
from desktop.sheets import SheetError, SheetFault, is_target

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from PySide6.QtCore import QSettings

    from desktop.client.api import ApiSource
    from desktop.contract.batches import Batch
    from desktop.contract.events import BatchesEvent
    from desktop.gui.frame.drafts import TypedDrafts
    from desktop.gui.frame.grace_period import GracePeriod
    from desktop.gui.frame.main_window import MainWindow
    from desktop.gui.importing.row_upload import Uploaded
    from desktop.gui.link.jobs import Jobs
    from desktop.sheets import Description


REMEMBERED: Final = "import/columns"
"""Prefix of the settings keys for the columns of earlier files."""

PLAIN: Final = "import/plain"
"""Prefix of the settings keys for the columns of earlier files that have plain values."""

TEMPLATES: Final = "import/templates"
"""Prefix of the settings keys for the templates of earlier files."""


class KnownColumns:
    """Remembers the meaning of columns, and the template, in the window's settings."""

    def __init__(self, settings: QSettings, template: Callable[[], str]) -> None:
        """``template`` returns the form's template, the default for new columns."""
        self._settings = settings
        self._template = template

    def of(self, found: Description) -> dict[str, str | None]:
        """Return the meaning of each column of a file: as remembered, else as guessed."""
        kept = self._settings.value(_key(found))
        try:
            known = json.loads(kept) if isinstance(kept, str) else {}
        except ValueError:  # edited by hand
            known = {}
        fits = known if isinstance(known, dict) and known.keys() == found.mapping.keys() else {}
        return found.mapping | {
            header: target
            for header, target in fits.items()
            if target is None or (isinstance(target, str) and is_target(target))
        }

    def plain_of(self, found: Description) -> list[str]:
        """Return the columns whose plain values were chosen before."""
        kept = self._settings.value(_key(found, PLAIN))
        known = kept.split("\n") if isinstance(kept, str) else []
        return [header for header in known if header in found.mapping]

    def keep(
        self, found: Description, columns: Mapping[str, str | None], plain: Sequence[str] = ()
    ) -> None:
        """Remember the meaning of each column of a file, and those with plain values."""
        if plain:
            self._settings.setValue(_key(found, PLAIN), "\n".join(plain))
        else:
            self._settings.remove(_key(found, PLAIN))
        if columns == found.mapping:
            self._settings.remove(_key(found))
        else:
            self._settings.setValue(_key(found), json.dumps(columns))

    def template_of(self, found: Description) -> str:
        """Return the template last used for files with these columns, else the form's."""
        kept = self._settings.value(_key(found, TEMPLATES))
        return kept if isinstance(kept, str) else self._template()

    def keep_template(self, found: Description, template: str | None) -> None:
        """Remember the template of a file."""
        self._settings.setValue(_key(found, TEMPLATES), template or DEFAULT)


def _key(found: Description, group: str = REMEMBERED) -> str:
    headers = json.dumps(sorted(found.mapping))
    return f"{group}/{uuid5(NAMESPACE_URL, headers).hex}"


class Imports(QObject):
    """Fills the import sheet and carries out its actions.

    Each imported spreadsheet is stored in the backend as a draft as soon as it is read, so it can
    be opened again after the sheet or the window was closed. ``started`` carries the number of a
    started batch, ``shown`` the number of the draft in the sheet.
    """

    started = Signal(int)
    shown = Signal(int)

    def __init__(
        self,
        window: MainWindow,
        usual_template: Callable[[], str],
        source: ApiSource,
        jobs: Jobs,
        grace: GracePeriod,
        drafts: TypedDrafts,
    ) -> None:
        model = partial(RowsModel, source, jobs)
        sheet = window.sheets.make(partial(ImportSheet, model))
        super().__init__(sheet)
        settings, toasts = window.settings, window.toasts
        self.sheet = sheet
        self.choose_file = sheet.source.choose_file
        self._jobs = jobs
        self._grace = grace
        self._draft = LatestRequest(source, jobs, self._on_failed)
        self._known = KnownColumns(settings, usual_template)
        self._memory = memory = DraftMemory(drafts)
        self.reading = Reading(source, jobs, self)
        self.starting = StartingDraft(sheet, source, jobs, memory, grace, self)
        self.draft_toasts = DraftToasts(toasts, source, jobs, self)
        self._aside = PuttingAside(self.draft_toasts, memory, source, jobs, self)
        self._rows = DraftRowWork(sheet, window, source, jobs, memory)
        self._scratch = Scratch(self)
        self._new = NewDraft(source, jobs, self._scratch, self)
        self.arrivals = Arrivals(sheet, toasts, jobs, self._scratch)
        self._file = ShownFile(sheet, self._new, self.reading, jobs)
        self._again: Callable[[], object] = lambda: None  # repeats what failed
        self._connect()

    def open_file(self, path: Path, is_pasted: bool = False) -> None:
        """Open the draft of a spreadsheet, or make one."""
        if not is_pasted:
            self._rows.places.keep(path)
        self._bring_in(path, self._memory.numbers())

    def open_draft(self, number: int) -> None:
        """Open an existing draft."""
        self._begin("")
        self._again = partial(self.open_draft, number)
        self.draft_toasts.end(number)
        self._memory.forget([number])
        fetch = partial(fetch_draft, number=number, folder=self._scratch.folder())
        self._draft.ask(lambda api: Job(fetch, api).then(self._on_fetched))

    def save_draft(self) -> None:
        """Save what is typed."""
        self.sheet.typing.save()

    def learn_templates(self, followed: Mapping[str, str]) -> None:
        """Read the templates; if the chosen one was copied, choose the copy."""
        if self.sheet.isVisible():
            self._rows.learn_templates(followed)

    def follow(self, event: BatchesEvent) -> None:
        """Apply an event about batches: a draft was checked, or started in another window."""
        started = [b["batch_id"] for b in event["rows"] if b["state"] != BatchState.DRAFT]
        self._memory.forget([*event["gone"], *started])
        if self.starting.number in event["gone"]:
            self._leave()
            self.sheet.close()
        for number in event["gone"]:
            self.draft_toasts.end(number)
        for batch in event["rows"]:
            if batch["state"] != BatchState.DRAFT:
                self._on_started(batch)
            elif batch["batch_id"] == self.starting.number:
                self.sheet.show_change(batch)

    def _connect(self) -> None:
        sheet = self.sheet
        sheet.source.file_chosen.connect(lambda path: self.open_file(Path(path)))
        sheet.send_chosen.connect(self._on_send)
        sheet.stop_chosen.connect(self._on_stop_chosen)
        sheet.foot_row.read_on.clicked.connect(self._on_read_on_clicked)
        sheet.closed.connect(self._on_closed)
        sheet.rows.again_chosen.connect(lambda: self._again())
        self.arrivals.came.connect(self.open_file)
        self.arrivals.failed.connect(self.draft_toasts.say_failed)
        self.draft_toasts.draft_wanted.connect(self.open_draft)
        self._file.read_again.connect(self._on_read_again)
        self._file.not_read_again.connect(self._on_not_read_again)
        self._new.made.connect(self._on_made)
        self.reading.progressed.connect(sheet.show_reading)
        self.reading.waits.connect(sheet.foot_row.show_reading_waits)
        self.reading.ended.connect(self._on_ended)
        self.starting.rows_wanted.connect(self._read_rows)
        self.starting.started.connect(self._on_started)
        for part in (self._new, self.reading, self.starting, self._rows):
            part.failed.connect(self._on_failed)
        self.starting.not_started.connect(self.draft_toasts.say_failed)

    def _begin(self, name: str) -> None:
        self._leave()
        self.sheet.begin(name)
        self.sheet.open()
        self.learn_templates({})

    def _bring_in(self, path: Path, among: Sequence[int]) -> None:
        """Show the draft of a spreadsheet if it is ``among`` these, else make a new one."""
        self._begin(path.name)
        self._again = partial(self._bring_in, path, among)
        self._new.describe(path, None, partial(self._on_described, among), self._on_failed)

    def _on_described(self, among: Sequence[int], found: Description) -> None:
        self._show_found(found)
        name, columns = whole_characters(Path(found.path).name), self.sheet.source.columns()
        wanted = {
            "name": name,
            "columns": columns,
            "reading": self.sheet.source.reading(),
            "template": self._known.template_of(found),
        }
        before = self._memory.only_looked_at(found.path)
        self._new.make(found, wanted, before=before, among=among)

    def _show_found(self, found: Description) -> None:
        self._file.show(found, found.path)
        columns, plain = self._known.of(found), self._known.plain_of(found)
        self.sheet.source.show_description(found, columns, note_words(found), plain)

    def _on_read_again(self, found: Description) -> None:
        batch = self.sheet.batch
        if batch is None:
            return
        self.starting.leave()
        self._show_found(found)
        kept = {**self.sheet.source.sending.settings(), "name": batch["name"]}
        source = self.sheet.source
        kept |= {"columns": source.columns(), "reading": source.reading()}
        kept |= {"continues": batch["batch_id"]}
        self._new.make(found, kept)

    def _on_not_read_again(self, before: Description, error: Exception) -> None:
        if before is self._file.found:
            self.sheet.source.read_as.show_description(before)
            self._read_rows()
            self._on_failed(error)

    def _on_made(self, found: Description, batch: Batch, is_new: bool, before: int | None) -> None:
        if is_new:
            rows = found.rows_with(batch["columns"])
            self._memory.note(found.path, batch["batch_id"], rows, replaces=before)
        if found is not self._file.found:  # the sheet was closed meanwhile
            return
        if not is_new:
            self.open_draft(batch["batch_id"])
            self.draft_toasts.say_found(batch, partial(self._bring_in, Path(found.path), []))
            return
        self.starting.begin(batch["batch_id"])
        self._memory.begin(found.path, batch["batch_id"])
        self.sheet.show_batch(batch, is_new=True)
        self._read_rows()

    def _on_fetched(self, fetched: tuple[Batch, Description | None]) -> None:
        batch, found = self.starting.take_up(fetched[0]), fetched[1]
        self._file.show(found, self._memory.place(batch["batch_id"]))
        self._memory.show(batch["batch_id"])
        self.shown.emit(batch["batch_id"])
        if found is not None:
            plain = batch["reading"]["plain"] if batch["reading"] else []
            self.sheet.source.show_description(found, batch["columns"], note_words(found), plain)
        else:
            self.sheet.source.show_name(batch["name"], batch["columns"])
        self.sheet.show_batch(batch, is_new=True)
        self.sheet.source.sending.again.setChecked(self._memory.again(batch["batch_id"]))
        rows = self.sheet.source.rows
        there = None if rows is None else self._memory.go_on(batch, rows)
        if there is not None:
            self._read_rows(there)  # the last window ended before all were read
        else:
            self._show_problems()

    def _read_rows(self, there: int = 0) -> None:
        """Read the rows of the file into the draft, with its current columns."""
        found, number = self._file.found, self.starting.number
        if found is not None and number is not None:
            columns, plain = self.sheet.source.columns(), self.sheet.source.columns_form.plain()
            self._known.keep(found, columns, plain)
            replaces = self._memory.replaces(number)
            self.reading.begin(found, columns, plain, number, there, replaces)

    def _on_ended(self, told: Uploaded | None) -> None:
        if told is not None:
            self._memory.mark_read(told.batch["batch_id"])
            self.sheet.foot_row.lost = told.lost
            self.sheet.show_change(told.batch)
        self.sheet.show_reading(None)
        self.sheet.rows.reload()
        self._show_problems()

    def _show_problems(self) -> None:
        """Show the rows with a problem, and a value that was typed and not saved."""
        batch = self.sheet.batch
        if batch is not None:
            if batch["counts"]["problems"]:
                self.sheet.rows.show_problems()
            self.sheet.typing.put_back(self._memory.typed(batch["batch_id"]))

    def _on_stop_chosen(self) -> None:
        """Stop reading; the rows read so far stay in the draft."""
        self.reading.stop()
        self._on_ended(None)

    def _on_read_on_clicked(self) -> None:
        """Read the rows of the file that the draft lacks."""
        batch, rows = self.sheet.batch, self.sheet.source.rows
        if batch is not None and rows is not None:
            self._read_rows(self._memory.go_on(batch, rows) or 0)

    def _leave(self) -> None:
        """Stop following the draft; it stays in the backend."""
        self.reading.stop()
        self.starting.leave()
        self._file.show(None, None)
        self._new.leave()
        self._draft.drop()

    def _on_send(self) -> None:
        if not self.reading.is_under_way:
            self.starting.start()

    def _on_started(self, batch: Batch) -> None:
        """Show that a batch is started, after the answer or an event, whichever comes first."""
        number, is_shown = batch["batch_id"], batch["batch_id"] == self.starting.number
        if not self.starting.answer(number):
            return
        self._memory.forget([number])
        if is_shown:
            if self._file.found is not None:
                self._known.keep_template(self._file.found, batch["template"])
            self._leave()
            self.sheet.close()
        self.draft_toasts.say_sent(batch, message_count(batch), self._grace.seconds)
        self.started.emit(number)

    def _on_closed(self) -> None:
        number, batch = self.starting.number, self.sheet.batch
        self._leave()
        if number is not None and batch is not None:
            self.save_draft()
            if self.starting.is_starting(number):
                self.draft_toasts.say_starting(batch)
            else:
                again = self.sheet.source.sending.sends_again
                self._aside.close(batch, again=again, pasted_in=self._scratch.folder())

    def _on_failed(self, error: Exception) -> None:
        if isinstance(error, SheetError) and error.fault is SheetFault.CANCELLED:
            return
        if self.sheet.batch is None:
            self.sheet.show_unreadable(
                waiting_error(error, self.tr("The spreadsheet is read once it does."))
            )
        else:
            self.sheet.foot_row.say_why(waiting_error(error), error)
