"""Carries out what is asked for in the place *Import*, for the draft."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Signal

from desktop.contract.batches import BatchState
from desktop.contract.rules.templates import DEFAULT
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
from desktop.gui.importing.import_place import ImportPlace
from desktop.gui.importing.known_columns import KnownColumns
from desktop.gui.importing.row_verbs import RowVerbs
from desktop.gui.importing.sending_draft import DraftNotes, ShownDraft
from desktop.gui.kit.widgets.files import Scratch
from desktop.gui.kit.words.file_faults import waiting_error
from desktop.gui.kit.words.table import WORDS, say
from desktop.gui.link.jobs import Job, LatestRequest
from desktop.gui.link.outbox import Wish
from desktop.sheets.calls import save_pasted
from desktop.sheets.faults import SheetError, SheetFault
from sendoff_tasks.model.text import whole_characters

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from desktop.contract.batches import Batch, BatchAnswer, BatchesEvent
    from desktop.gui.frame.main_window import MainWindow
    from desktop.gui.frame.room import RoomServices
    from desktop.gui.link.drafts import TypedDrafts
    from desktop.sheets.description import Description

READING: Final = "reading"
"""The case that a spreadsheet is being read."""


class Imports(QObject):
    """Fills the place *Import* and carries out its actions.

    Each imported spreadsheet is stored in the backend as a draft as soon as it is read, so it can
    be opened again after the place was left or the window was closed. ``started`` carries a
    started batch.
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
        place = ImportPlace(source)
        super().__init__(place)
        self.place = place
        window.places.add(place)
        window.lead_to_desk(place.rows, place.desk)
        for asked in (place.rows.row_activated, place.source.read_as.change.clicked):
            asked.connect(lambda _: window.enter_desk(place.desk))
        self._window, turned = window, window.halves.turned
        turned.connect(lambda: place.show_foot(below_rows=window.desk.isHidden()))
        self._notes, self._cases = window.notes, window.cases
        self._cases.lead("stop", lambda _: self._on_stop_chosen())
        self.choose_file = place.source.choose_file
        self._jobs = source.jobs
        self._grace, self._outbox = services.grace, services.outbox
        self._draft = LatestRequest(source, self._on_failed)
        self._known = KnownColumns(window.settings, usual_template)
        self._memory = memory = DraftMemory(drafts)
        self.reading = Reading(source, self)
        self.draft_notes = DraftNotes(self._notes, self)
        self.shown = ShownDraft(place, services, memory, self.draft_notes)
        self._rows = RowVerbs(place, window, services, memory)
        self._scratch = Scratch(self)
        self._new = NewDraft(source, self._scratch, self)
        self._files = AddingFiles(place, memory, self.reading)
        added = self._files.stamps
        self._file = ShownFile(place, self._new, self.reading, source.jobs, added)
        self._again: Callable[[], object] = lambda: None  # repeats what failed
        self._undecided: list[str] | None = None  # the templates of which a new draft has one
        self._connect()

    def take_files(self, paths: Sequence[str]) -> None:
        """Take a dropped spreadsheet."""
        if len(paths) == 1:
            self.open_file(Path(paths[0]))
        else:
            self._notes.show(say("import", "one_file"), icon="info")

    def take_pasted(self, text: str) -> None:
        """Take cells that were copied from a spreadsheet."""
        job = Job(save_pasted, text, self._scratch.folder()).then(self.open_file)
        self._jobs.start(job.otherwise(self.draft_notes.say_failed))

    def open_file(self, path: Path) -> None:
        """Open the draft of a spreadsheet, or make one."""
        self._bring_in(path, self._memory.numbers())

    def open_draft(self, number: int) -> None:
        """Open an existing draft."""
        self._begin("")
        self._again = partial(self.open_draft, number)
        self.draft_notes.end(number)
        fetch = partial(fetch_draft, number=number, folder=self._scratch.folder())
        self._draft.ask(lambda api: Job(fetch, api).then(self._on_fetched))

    def save_draft(self) -> None:
        """Save what is typed."""
        self.place.typing.save()

    def learn_templates(self, followed: Mapping[str, str]) -> None:
        """Read the templates; if the chosen one was copied, choose the copy."""
        if self.place.is_open:
            self._rows.learn_templates(followed)

    def follow(self, event: BatchesEvent) -> None:
        """Apply an event about batches: a draft was checked, or started in another window."""
        if self.shown.number in event["gone"]:
            self._leave()
            self.place.close()
        for number in event["gone"]:
            self.draft_notes.end(number)
        for batch in event["rows"]:
            if batch["state"] != BatchState.DRAFT:
                self.shown.hear(batch)
            elif batch["batch_id"] == self.shown.number:
                self.place.show_change(batch)

    def _connect(self) -> None:
        place = self.place
        place.source.file_chosen.connect(lambda path: self.open_file(Path(path)))
        place.set_up.connect(lambda _: self._keep_columns())
        place.send_chosen.connect(self._on_send)
        place.stop_chosen.connect(self._on_stop_chosen)
        place.said.read_on.clicked.connect(self._read_rows)
        place.closed.connect(self._on_closed)
        place.list.again_chosen.connect(lambda: self._again())
        self.draft_notes.draft_wanted.connect(self.open_draft)
        self._file.read_again.connect(self._on_read_again)
        self._file.not_read_again.connect(self._on_not_read_again)
        self._file.files_wanted.connect(self._files.add)
        self._rows.file_wanted.connect(self._files.go_on)
        self._new.made.connect(self._on_made)
        self.reading.progressed.connect(place.show_reading)
        self.reading.progressed.connect(self._tell_reading)
        self.reading.waits.connect(place.said.show_reading_waits)
        self.reading.ended.connect(self._on_ended)
        self.shown.rows_wanted.connect(self._read_rows)
        self.shown.started.connect(self._on_started)
        for part in (self._new, self.reading, self.shown, self._rows):
            part.failed.connect(self._on_failed)

    def _tell_reading(self, share: float, files: int | None) -> None:
        """Tell how many rows are read, but not how many files are added."""
        rows = self.place.source.rows or 0
        if files is None and rows:
            self._cases.tell(CaseFact(READING, rows, done=round(share * rows)))

    def _begin(self, name: str) -> None:
        self._leave()
        self.place.begin(name)
        self.place.open()
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
        name, columns = whole_characters(Path(found.path).name), self.place.source.columns()
        templates = self._known.templates_of(found)
        self._undecided = templates if len(templates) > 1 else None
        wanted = {
            "name": name,
            "columns": columns,
            "reading": self.place.source.reading(),
            "template": templates[0],
        }
        at = {each for each in among if self._memory.of(each, PLACE) == found.path}
        self._new.make(found, wanted, among=among, at=at)

    def _show_found(self, found: Description) -> None:
        self._file.show(found, found.path)
        columns, plain = self._known.of(found), self._known.plain_of(found)
        kinds = self._known.kinds_of(found)
        notes = found.note_words(WORDS)
        self.place.source.show_description(found, columns, notes, plain, kinds)

    def _on_read_again(self, found: Description) -> None:
        batch = self.place.batch
        if batch is None:
            return
        self.shown.leave()
        self._show_found(found)
        kept = {**self.place.source.sending.settings(), "name": batch["name"]}
        source = self.place.source
        kept |= {"columns": source.columns(), "reading": source.reading()}
        kept |= {"continues": batch["batch_id"]}
        self._undecided = self._memory.of(batch["batch_id"], UNDECIDED)
        self._new.make(found, kept)

    def _on_not_read_again(self, before: Description, error: Exception) -> None:
        if before is self._file.found:
            self.place.source.read_as.show_description(before)
            number = self.shown.number
            if number is not None and self._memory.of(number, TO_READ):
                self._read_rows()
            self._on_failed(error)

    def _on_made(self, found: Description, batch: Batch, is_new: bool) -> None:
        if not is_new:
            self.open_draft(batch["batch_id"])
            start_over = partial(self._start_over, batch["batch_id"], Path(found.path))
            self.draft_notes.say_found(batch, start_over)
            return
        self.shown.begin(batch["batch_id"])
        self._memory.begin(batch["batch_id"])
        self._memory.keep(batch["batch_id"], PLACE, found.path)
        self._memory.keep(batch["batch_id"], UNDECIDED, self._undecided)
        if (before := batch["continues"]) is not None:
            self._files.move(before, batch["batch_id"])
            self._rows.move(before, batch["batch_id"])
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
            self.place.source.show_description(
                found, columns, found.note_words(WORDS), plain, kinds
            )
        else:
            self.place.source.show_name(batch["name"], batch["columns"])
        self._show_new(batch)
        is_part = batch["counts"]["rows"] < (self.place.source.rows or 0)
        if found is not None and (is_part or self._memory.of(batch["batch_id"], TO_READ)):
            self._read_rows()
        else:
            self._show_problems()
            self._files.go_on()

    def _show_new(self, batch: Batch) -> None:
        """Show a draft; if it is undecided which template it has, none is chosen."""
        self.place.source.sending.show_undecided(self._memory.of(batch["batch_id"], UNDECIDED))
        self.place.show_batch(batch, is_new=True)
        if self._window.halves.is_narrow and self.place.desk.shows_columns:
            self._window.enter_desk(self.place.desk)  # something is asked there

    def _read_rows(self) -> None:
        """Read the rows of the file into the draft, with its current columns."""
        found, number = self._file.found, self.shown.number
        if found is not None and number is not None:
            columns, form = self.place.source.columns(), self.place.source.columns_form
            plain, kinds = form.plain(), form.kinds()
            self._keep_columns()
            self._memory.keep(number, TO_READ, True)
            self.reading.begin(Upload(found, columns, plain, kinds, number))

    def _keep_columns(self) -> None:
        """Remember the columns for the next file like this one."""
        if (found := self._file.found) is not None:
            columns, form = self.place.source.columns(), self.place.source.columns_form
            self._known.keep_columns(found, columns, form.plain(), form.kinds())

    def _on_ended(self, told: UploadedDraft | FilesAdded | None) -> None:
        if isinstance(told, UploadedDraft):
            self._memory.keep(told.batch["batch_id"], TO_READ, None)
            self.place.said.lost = told.lost
        if told is not None:
            self.place.show_change(told.batch)
        self.place.show_reading(None)
        self._cases.take_back(READING)
        if isinstance(told, FilesAdded):
            self._rows.reload()
            self._files.end(told)
            return
        self.place.list.reload()
        self._show_problems()
        if told is not None:
            self._files.go_on()

    def _show_problems(self) -> None:
        """Show the rows with a problem, and a value that was typed and not saved."""
        batch = self.place.batch
        if batch is not None:
            self.place.list.show_first()
            self.place.typing.put_back(self._memory.of(batch["batch_id"], TYPED))

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
            self.place.close()
        self.draft_notes.end(number)
        self.started.emit(batch)

    def _on_closed(self) -> None:
        number, batch = self.shown.number, self.place.batch
        self._leave()
        if number is not None and batch is not None:
            self.save_draft()
            if self.shown.is_starting(number):
                self.draft_notes.say_starting(batch)
            elif self._is_over(batch):
                self._delete(number)
            else:
                self.draft_notes.say_kept(batch)

    def _delete(self, number: int, delay: float = 0.0) -> None:
        """Delete a draft, or undo its start; after a delay, only if it was not started by then."""
        wish = Wish(lambda api, key: api.batches.delete(number, delay=delay, key=key))
        self._outbox.put(wish, refused=lambda _: None)

    def _is_over(self, batch: Batch) -> bool:
        """Tell whether all rows of a draft were sent before, and none is to be sent again."""
        counts, also = batch["counts"], self.place.source.sending.also
        is_read = self._memory.of(batch["batch_id"], TO_READ) is None
        none_left = 0 < counts["rows"] == counts["same"] + counts["twice"]
        return is_read and none_left and not also

    def _on_failed(self, error: Exception) -> None:
        if isinstance(error, SheetError) and error.fault is SheetFault.CANCELLED:
            return
        if self.place.batch is None:
            self.place.show_unreadable(waiting_error(error))
        else:
            self.place.said.say_why(waiting_error(error), error)
