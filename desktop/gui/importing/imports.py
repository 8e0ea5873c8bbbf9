"""Carries out what is asked for in the import sheet, for the draft and for single rows."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QObject, Signal

from desktop.client.items import row_pages
from desktop.contract.batches import BatchState, RowProblem
from desktop.contract.rules.templates import DEFAULT
from desktop.gui.batches.batch_rows import entry_at, with_entry
from desktop.gui.frame.cases import CaseFact
from desktop.gui.importing.added_files import AddingFiles, FilesAdded
from desktop.gui.importing.draft_file import (
    PLACE,
    TO_READ,
    TYPED,
    UNDECIDED,
    DraftMemory,
    NewDraft,
    Reading,
    ShownFile,
    Upload,
    UploadedDraft,
    fetch_draft,
)
from desktop.gui.importing.import_sheet import ImportSheet
from desktop.gui.importing.known_columns import KnownColumns
from desktop.gui.importing.rows_pane import EMAIL
from desktop.gui.importing.sending_draft import DraftToasts, ShownDraft
from desktop.gui.kit.widgets.files import Scratch
from desktop.gui.kit.words.file_faults import waiting_error
from desktop.gui.kit.words.table import WORDS, say
from desktop.gui.link.jobs import Asker, Job, LatestRequest
from desktop.gui.link.outbox import Wish
from desktop.sheets.calls import save_pasted
from desktop.sheets.faults import SheetError, SheetFault
from sendoff_tasks.client.errors import TooSlow
from sendoff_tasks.model.text import whole_characters

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from desktop.client.api import Api
    from desktop.contract.batches import Batch, BatchAnswer, BatchesEvent, BatchItem, BatchRow
    from desktop.gui.frame.main_window import MainWindow
    from desktop.gui.frame.room import RoomServices
    from desktop.gui.link.drafts import TypedDrafts
    from desktop.sheets.description import Description

ROW: Final = "row"
READING: Final = "reading"
"""The case that a spreadsheet is being read."""
"""What corrections are about, with the numbers of the draft and the row."""


@dataclass(frozen=True, eq=False)
class CorrectionWish(Wish[tuple["BatchRow", "Batch"]]):
    """The last correction of a row: its ``item``, with all that was ``typed`` in it."""

    item: BatchItem = field(kw_only=True)
    typed: Sequence[str] = ()


def _correct(
    which: tuple[int, int], item: BatchItem, typed: Sequence[str], api: Api, _: str
) -> tuple[BatchRow, Batch]:
    row = api.batches.correct_row(*which, item, typed)
    return row, api.batches.one(which[0])


class RowVerbs(QObject):
    """Carries out actions on the rows of the draft in the import sheet.

    ``failed`` carries the error if the templates could not be read. ``file_wanted`` is emitted when
    a corrected row names a file that is missing.
    """

    failed = Signal(object)
    file_wanted = Signal()

    def __init__(
        self, sheet: ImportSheet, window: MainWindow, services: RoomServices, memory: DraftMemory
    ) -> None:
        super().__init__(sheet)
        self._memory = memory
        self._sheet = sheet
        self._toasts = window.toasts
        self._outbox, source = services.outbox, services.source
        self._ask_backend = Asker(source, self._sheet.show_failure)
        self._preview = LatestRequest(source, self._on_no_preview)
        self._templates = LatestRequest(source, self.failed.emit)
        sheet.row_wanted.connect(self._on_row_wanted)
        sheet.corrected.connect(self._on_corrected)
        sheet.source.meant_chosen.connect(self._on_meant)
        sheet.typing.typed.connect(self._on_typed)
        sheet.to_me_chosen.connect(self._on_to_me)
        for request in (self._preview, self._templates):
            sheet.closed.connect(request.drop)

    def learn_templates(self, followed: Mapping[str, str]) -> None:
        """Read the templates, and the draft again, whose checks depend on them."""
        show = partial(self._sheet.source.sending.show_templates, followed=followed)
        self._templates.ask(lambda api: Job(api.templates.all).then(show))
        self._ask(lambda api, number: api.batches.one(number), self._on_checked_again)

    def _on_row_wanted(self, row: int) -> None:
        batch = self._sheet.batch
        if batch is not None:
            wanted = {"batch_id": batch["batch_id"], "row": row}
            show = self._sheet.card.show_message
            self._preview.ask(lambda api: Job(api.preview, wanted).then(show))

    def _on_no_preview(self, error: Exception) -> None:
        self._sheet.card.say(waiting_error(error))

    def _on_corrected(self, row: int, item: BatchItem, path: str) -> None:
        batch = self._sheet.batch
        if batch is None:
            return
        which = batch["batch_id"], row
        typed = ["attachments" if path.startswith("attachments.") else path]  # all of them
        before = self._outbox.newest((ROW, *which))
        if isinstance(before, CorrectionWish):
            item = with_entry(before.item, path, entry_at(item, path))
            typed = [*before.typed, *typed]
        ask = partial(_correct, which, item, typed)
        told = partial(self._on_not_corrected, which)
        self._outbox.put(
            CorrectionWish(ask, about=(ROW, *which), item=item, typed=typed),
            self._on_checked,
            refused=told,
            away=partial(told, waits=True),
            ended=partial(told, TooSlow()),
        )

    def _on_meant(self, row: int, address: str) -> None:
        """Put the address that is meant into a row, which may not be shown."""

        def correct(found: BatchRow | None) -> None:
            if found is not None:  # else it is not read yet
                self._sheet.corrected.emit(row, with_entry(found["item"], EMAIL, address), EMAIL)

        self._ask(partial(_row_of, row=row), correct)

    def _on_not_corrected(
        self, which: tuple[int, int], error: Exception, *, waits: bool = False
    ) -> None:
        shown = self._sheet.batch
        if shown is not None and shown["batch_id"] == which[0]:
            self._sheet.show_not_corrected(which[1], error, waits=waits)

    def _on_typed(self, typed: dict[str, Any] | None) -> None:
        if self._sheet.batch is not None:
            self._memory.keep(self._sheet.batch["batch_id"], TYPED, typed)

    def _on_checked(self, answer: tuple[BatchRow, Batch]) -> None:
        row, batch = answer
        typed = self._memory.of(batch["batch_id"], TYPED)
        if typed is not None and typed["row"] == row["row"]:
            self._memory.keep(batch["batch_id"], TYPED, None)
        shown = self._sheet.batch
        if shown is not None and shown["batch_id"] == batch["batch_id"]:
            self._sheet.show_change(batch)
            self._sheet.show_corrected(row)
            if shown["rev"] > batch["rev"] or not self._sheet.rows.model.is_loaded:
                self.reload()  # the rows may be older than the correction
            if row["problem"] == RowProblem.MISSING_ATTACHMENT:
                self.file_wanted.emit()

    def _on_to_me(self, row: int) -> None:
        if (batch := self._sheet.batch) is not None:
            number = batch["batch_id"]
            wish = Wish(lambda api, key: api.batches.send_row_to_me(number, row, key))
            self._outbox.put(wish, self._on_mine, self._sheet.show_failure)

    def _on_mine(self, task: Any) -> None:
        words = say("import", "to_me", *["kept"] * self._toasts.keeps, to=task["to"])
        self._toasts.show(words, icon="send")

    def _on_checked_again(self, batch: Batch) -> None:
        shown = self._sheet.batch
        if shown is not None and shown["batch_id"] == batch["batch_id"]:
            self._sheet.show_change(batch)
            self.reload()  # they may have been checked meanwhile

    def reload(self) -> None:
        """Read the rows again; while they are being checked, that happens by itself."""
        if self._sheet.is_checked:
            self._sheet.rows.reload()

    def _ask(
        self,
        act: Callable[[Api, int], Any],
        then: Callable[[Any], object],
    ) -> None:
        """Read something of the shown draft on a worker thread."""
        batch = self._sheet.batch
        if batch is not None:
            number = batch["batch_id"]
            self._ask_backend(lambda api: Job(act, api, number).then(then))


def _row_of(api: Api, number: int, row: int) -> BatchRow | None:
    """Read one row of a draft."""
    rows = chain.from_iterable(row_pages(api.batches, number))
    found = next((each for each in rows if each["row"] >= row), None)
    return found if found is not None and found["row"] == row else None


class Imports(QObject):
    """Fills the import sheet and carries out its actions.

    Each imported spreadsheet is stored in the backend as a draft as soon as it is read, so it can
    be opened again after the sheet or the window was closed. ``started`` carries a started batch.
    """

    started = Signal(object)

    def __init__(
        self,
        window: MainWindow,
        usual_template: Callable[[], str],
        services: RoomServices,
        drafts: TypedDrafts,
    ) -> None:
        source = services.source
        sheet = window.sheets.make(partial(ImportSheet, source))
        super().__init__(sheet)
        self.sheet = sheet
        self._toasts, self._cases = window.toasts, window.cases
        self._cases.lead("stop", lambda _: self._on_stop_chosen())
        self.choose_file = sheet.source.choose_file
        self._jobs = source.jobs
        self._grace, self._outbox = services.grace, services.outbox
        self._draft = LatestRequest(source, self._on_failed)
        self._known = KnownColumns(window.settings, usual_template)
        self._memory = memory = DraftMemory(drafts)
        self.reading = Reading(source, self)
        self.draft_toasts = DraftToasts(self._toasts, self)
        self.shown = ShownDraft(sheet, services, memory, self.draft_toasts)
        self._rows = RowVerbs(sheet, window, services, memory)
        self._scratch = Scratch(self)
        self._new = NewDraft(source, self._scratch, self)
        self._files = AddingFiles(sheet, memory, self.reading)
        added = self._files.stamps
        self._file = ShownFile(sheet, self._new, self.reading, source.jobs, added)
        self._again: Callable[[], object] = lambda: None  # repeats what failed
        self._undecided: list[str] | None = None  # the templates of which a new draft has one
        self._connect()

    def take_files(self, paths: Sequence[str]) -> None:
        """Take dropped files: attachments if the sheet takes files, else one spreadsheet."""
        if self.sheet.takes_files():
            self.sheet.source.files_added.emit(list(paths))
        elif len(paths) == 1:
            self.open_file(Path(paths[0]))
        else:
            self._toasts.show(say("import", "one_file"), icon="info")

    def take_pasted(self, text: str) -> None:
        """Take cells that were copied from a spreadsheet."""
        job = Job(save_pasted, text, self._scratch.folder()).then(self.open_file)
        self._jobs.start(job.otherwise(self.draft_toasts.say_failed))

    def open_file(self, path: Path) -> None:
        """Open the draft of a spreadsheet, or make one."""
        self._bring_in(path, self._memory.numbers())

    def open_draft(self, number: int) -> None:
        """Open an existing draft."""
        self._begin("")
        self._again = partial(self.open_draft, number)
        self.draft_toasts.end(number)
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
        if self.shown.number in event["gone"]:
            self._leave()
            self.sheet.close()
        for number in event["gone"]:
            self.draft_toasts.end(number)
        for batch in event["rows"]:
            if batch["state"] != BatchState.DRAFT:
                self.shown.hear(batch)
            elif batch["batch_id"] == self.shown.number:
                self.sheet.show_change(batch)

    def _connect(self) -> None:
        sheet = self.sheet
        sheet.source.file_chosen.connect(lambda path: self.open_file(Path(path)))
        sheet.send_chosen.connect(self._on_send)
        sheet.stop_chosen.connect(self._on_stop_chosen)
        sheet.foot_row.read_on.clicked.connect(self._read_rows)
        sheet.closed.connect(self._on_closed)
        sheet.rows.again_chosen.connect(lambda: self._again())
        self.draft_toasts.draft_wanted.connect(self.open_draft)
        self._file.read_again.connect(self._on_read_again)
        self._file.not_read_again.connect(self._on_not_read_again)
        self._file.files_wanted.connect(self._files.add)
        self._rows.file_wanted.connect(self._files.go_on)
        self._new.made.connect(self._on_made)
        self.reading.progressed.connect(sheet.show_reading)
        self.reading.progressed.connect(self._tell_reading)
        self.reading.waits.connect(sheet.foot_row.show_reading_waits)
        self.reading.ended.connect(self._on_ended)
        self.shown.rows_wanted.connect(self._read_rows)
        self.shown.started.connect(self._on_started)
        for part in (self._new, self.reading, self.shown, self._rows):
            part.failed.connect(self._on_failed)

    def _tell_reading(self, share: float, files: int | None) -> None:
        """Tell how many rows are read, but not how many files are added."""
        rows = self.sheet.source.rows or 0
        if files is None and rows:
            self._cases.tell(CaseFact(READING, rows, done=round(share * rows)))

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

    def _start_over(self, number: int, path: Path) -> None:
        """Read a spreadsheet into a new draft; the earlier one is deleted, which can be undone."""
        self._bring_in(path, [])
        self._delete(number, self._grace.seconds)

    def _on_described(self, among: Sequence[int], found: Description) -> None:
        self._show_found(found)
        name, columns = whole_characters(Path(found.path).name), self.sheet.source.columns()
        templates = self._known.templates_of(found)
        self._undecided = templates if len(templates) > 1 else None
        wanted = {
            "name": name,
            "columns": columns,
            "reading": self.sheet.source.reading(),
            "template": templates[0],
        }
        self._new.make(found, wanted, among=among)

    def _show_found(self, found: Description) -> None:
        self._file.show(found, found.path)
        columns, plain = self._known.of(found), self._known.plain_of(found)
        kinds = self._known.kinds_of(found)
        notes = found.note_words(WORDS)
        self.sheet.source.show_description(found, columns, notes, plain, kinds)

    def _on_read_again(self, found: Description) -> None:
        batch = self.sheet.batch
        if batch is None:
            return
        self.shown.leave()
        self._show_found(found)
        kept = {**self.sheet.source.sending.settings(), "name": batch["name"]}
        source = self.sheet.source
        kept |= {"columns": source.columns(), "reading": source.reading()}
        kept |= {"continues": batch["batch_id"]}
        self._undecided = self._memory.of(batch["batch_id"], UNDECIDED)
        self._new.make(found, kept)

    def _on_not_read_again(self, before: Description, error: Exception) -> None:
        if before is self._file.found:
            self.sheet.source.read_as.show_description(before)
            self._read_rows()
            self._on_failed(error)

    def _on_made(self, found: Description, batch: Batch, is_new: bool) -> None:
        if not is_new:
            self.open_draft(batch["batch_id"])
            start_over = partial(self._start_over, batch["batch_id"], Path(found.path))
            self.draft_toasts.say_found(batch, start_over)
            return
        self.shown.begin(batch["batch_id"])
        self._memory.begin(batch["batch_id"])
        self._memory.keep(batch["batch_id"], PLACE, found.path)
        self._memory.keep(batch["batch_id"], UNDECIDED, self._undecided)
        if (before := batch["continues"]) is not None:
            self._files.move(before, batch["batch_id"])
        self._show_new(batch)
        self._read_rows()

    def _on_fetched(self, fetched: tuple[Batch, Description | None]) -> None:
        batch, found = self.shown.take_up(fetched[0]), fetched[1]
        self._file.show(found, self._memory.of(batch["batch_id"], PLACE))
        self._memory.begin(batch["batch_id"])
        if found is not None:
            reading, columns = batch["reading"], batch["columns"]
            plain = reading["plain"] if reading else []
            kinds = reading.get("kinds") if reading else None
            self.sheet.source.show_description(
                found, columns, found.note_words(WORDS), plain, kinds
            )
        else:
            self.sheet.source.show_name(batch["name"], batch["columns"])
        self._show_new(batch)
        is_part = batch["counts"]["rows"] < (self.sheet.source.rows or 0)
        if found is not None and (is_part or self._memory.of(batch["batch_id"], TO_READ)):
            self._read_rows()
        else:
            self._show_problems()
            self._files.go_on()

    def _show_new(self, batch: Batch) -> None:
        """Show a draft; if it is undecided which template it has, none is chosen."""
        self.sheet.source.sending.show_undecided(self._memory.of(batch["batch_id"], UNDECIDED))
        self.sheet.show_batch(batch, is_new=True)

    def _read_rows(self) -> None:
        """Read the rows of the file into the draft, with its current columns."""
        found, number = self._file.found, self.shown.number
        if found is not None and number is not None:
            columns, form = self.sheet.source.columns(), self.sheet.source.columns_form
            plain, kinds = form.plain(), form.kinds()
            self._known.keep_columns(found, columns, plain, kinds)
            self._memory.keep(number, TO_READ, True)
            self.reading.begin(Upload(found, columns, plain, kinds, number))

    def _on_ended(self, told: UploadedDraft | FilesAdded | None) -> None:
        if isinstance(told, UploadedDraft):
            self._memory.keep(told.batch["batch_id"], TO_READ, None)
            self.sheet.foot_row.lost = told.lost
        if told is not None:
            self.sheet.show_change(told.batch)
        self.sheet.show_reading(None)
        self._cases.take_back(READING)
        if isinstance(told, FilesAdded):
            self._rows.reload()
            self._files.end(told)
            return
        self.sheet.rows.reload()
        self._show_problems()
        if told is not None:
            self._files.go_on()

    def _show_problems(self) -> None:
        """Show the rows with a problem, and a value that was typed and not saved."""
        batch = self.sheet.batch
        if batch is not None:
            if batch["counts"]["problems"]:
                self.sheet.rows.show_problems()
            self.sheet.typing.put_back(self._memory.of(batch["batch_id"], TYPED))

    def _on_stop_chosen(self) -> None:
        """Stop reading; the rows read so far stay in the draft, as do the files added so far."""
        if self.reading.end_early():
            self._files.stop()
        else:
            self.reading.stop()
            self._on_ended(None)

    def _leave(self) -> None:
        """Stop following the draft; it stays in the backend."""
        self.reading.stop()
        self._cases.take_back(READING)
        self.shown.leave()
        self._file.show(None, None)
        self._new.leave()
        self._draft.drop()

    def _on_send(self) -> None:
        if not self.reading.is_under_way:
            self.shown.start()

    def _on_started(self, batch: BatchAnswer) -> None:
        """Show that a batch is started."""
        number = batch["batch_id"]
        if number == self.shown.number:
            if self._file.found is not None:
                self._known.keep_template(self._file.found, batch["template"] or DEFAULT)
            self._leave()
            self.sheet.close()
        self.draft_toasts.end(number)
        self.started.emit(batch)

    def _on_closed(self) -> None:
        number, batch = self.shown.number, self.sheet.batch
        self._leave()
        if number is not None and batch is not None:
            self.save_draft()
            if self.shown.is_starting(number):
                self.draft_toasts.say_starting(batch)
            elif self._is_over(batch):
                self._delete(number)
            else:
                self.draft_toasts.say_kept(batch)

    def _delete(self, number: int, delay: float = 0.0) -> None:
        """Delete a draft, or undo its start; after a delay, only if it was not started by then."""
        wish = Wish(lambda api, key: api.batches.delete(number, delay=delay, key=key))
        self._outbox.put(wish, refused=lambda _: None)

    def _is_over(self, batch: Batch) -> bool:
        """Tell whether all rows of a draft were sent before, and none is to be sent again."""
        counts, also = batch["counts"], self.sheet.source.sending.also
        is_read = self._memory.of(batch["batch_id"], TO_READ) is None
        none_left = 0 < counts["rows"] == counts["same"] + counts["twice"]
        return is_read and none_left and not also

    def _on_failed(self, error: Exception) -> None:
        if isinstance(error, SheetError) and error.fault is SheetFault.CANCELLED:
            return
        if self.sheet.batch is None:
            self.sheet.show_unreadable(waiting_error(error))
        else:
            self.sheet.foot_row.say_why(waiting_error(error), error)
