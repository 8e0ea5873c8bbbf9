"""The spreadsheet of a draft: it is described, made a draft, read into it, and watched."""

from __future__ import annotations

import filecmp
import tempfile
import threading
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple, cast

from PySide6.QtCore import QObject, QTimer, Signal

from desktop.client.api import new_key
from desktop.client.errors import BackendBusy, BackendGone, Refused
from desktop.contract.batches import BatchState
from desktop.contract.rules.text import whole_characters
from desktop.gui.batches.batch_reports import kept_sheet
from desktop.gui.importing.reading_form import system_writing
from desktop.gui.link.jobs import Asker, Job, LatestRequest
from desktop.sheets import SheetChoice, SheetError, Stop, describe, read_rows

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Generator, Iterable, Mapping, Sequence

    from desktop.client.api import Api
    from desktop.contract.batches import Batch, NewBatch
    from desktop.gui.importing.import_sheet import ImportSheet
    from desktop.gui.kit.widgets.files import Scratch
    from desktop.gui.link.drafts import TypedDrafts
    from desktop.gui.link.jobs import ApiSource, Jobs
    from desktop.sheets import Chunk, Description


TYPED: Final = "typed"
"""Key of a value typed in a row and not saved: ``{"row", "path", "text"}``."""
TO_READ: Final = "to read"
"""Key of a mark: not all rows of the file are read with the columns as they are matched now."""
PLACE: Final = "place"
"""Key of the path from which the file was read."""
AGAIN_AFTER_MS: Final = 1000
"""Milliseconds until a piece is sent again while the backend is away."""
LOOK_MS: Final = 1000
"""How often a file is checked; network drives report no changes, and watching them may block."""


class DraftMemory:
    """Remembers what the store does not know of the drafts made on this computer, by number."""

    def __init__(self, drafts: TypedDrafts) -> None:
        self._drafts = drafts

    def begin(self, number: int) -> None:
        """Remember a draft from now on."""
        if self._drafts.of(str(number)) is None:
            self._drafts.save(str(number), {})

    def numbers(self) -> list[int]:
        """Return the drafts made on this computer, the one changed last first."""
        return [int(name) for name in reversed(self._drafts.names())]

    def of(self, number: int, key: str) -> Any:
        """Return what is remembered of a draft under a key, or ``None``."""
        return (self._drafts.of(str(number)) or {}).get(key)

    def keep(self, number: int, key: str, value: object) -> None:
        """Remember something of a draft under a key; ``None`` drops it."""
        known = self._drafts.of(str(number))
        if known is not None:
            draft = {each: kept for each, kept in known.items() if each != key}
            self._drafts.save(str(number), draft if value is None else {**draft, key: value})


class UploadedDraft(NamedTuple):
    """A draft with all rows of its file.

    ``lost`` counts corrections of the replaced draft in rows that this one does not have.
    """

    batch: Batch
    lost: int


class Upload:
    """Reads the rows of a file into a draft, piece by piece.

    Once all are read, the draft that this one was read in place of is deleted.
    """

    def __init__(
        self,
        found: Description,
        columns: Mapping[str, str | None],
        plain: Collection[str],
        number: int,
        stop: Stop,
    ) -> None:
        self._number = number
        self._lock = threading.Lock()
        self._pieces = cast("Generator[Chunk]", read_rows(found, columns, plain, stop))
        self._piece: Chunk | None = None  # not confirmed by the backend yet

    def put_next(self, api: Api) -> float | UploadedDraft:
        """Read and send a piece; return the share of the file read, 0 to 1, or the full draft.

        After an error it can be called again: it repeats the same piece in its own place. Raises
        ``SheetError`` for the file and ``ClientError`` for the backend.
        """
        with self._lock:
            if self._piece is None:
                self._piece = next(self._pieces, None)
            piece = self._piece
            if piece is None:
                batch = api.batches.one(self._number)
                return UploadedDraft(batch, delete_replaced(api, batch))
            api.batches.add_rows(self._number, piece.body)
            self._piece = None
            return piece.share

    def close(self) -> None:
        """End the reading process."""
        with self._lock:
            self._pieces.close()


def describe_file(path: Path, choice: SheetChoice | None, stop: Stop, copy_in: Path) -> Description:
    """Describe a copy of a file: the file may change before its rows are read.

    Numbers and dates are written in the system's way if none was chosen.
    """
    choice = choice or SheetChoice(writing=system_writing())
    return describe(path, choice, stop, copy_in=copy_in)


def same_draft(api: Api, numbers: Iterable[int], sheet: Path) -> Batch | None:
    """Find the draft of the same spreadsheet, by name and content, among ``numbers``.

    A draft whose deletion is pending does not count.
    """
    to_delete = {row["batch_id"] for row in api.actions.pending()}
    for number in numbers:
        if number in to_delete:
            continue
        try:
            batch = api.batches.one(number)
        except Refused:  # it was deleted
            continue
        if batch["state"] != BatchState.DRAFT or batch["sheet"] != whole_characters(sheet.name):
            continue
        with tempfile.TemporaryDirectory(prefix="sendoff-") as folder:
            kept = kept_sheet(api, batch, Path(folder))
            if filecmp.cmp(kept, sheet, shallow=False):
                return batch
    return None


def find_or_create(
    api: Api, *, wanted: NewBatch, sheet: Path, key: str, among: Sequence[int] = ()
) -> tuple[Batch, bool]:
    """Find the draft of a spreadsheet ``among`` these, else make one; tell whether it is new.

    After an error it can be called again: the same ``key`` makes no second draft.
    """
    found = same_draft(api, among, sheet)
    if found is not None:
        return found, False
    names = {str(each["name"]) for each in api.templates.all()}
    if wanted.get("template") not in names:  # deleted since, or none chosen
        wanted = cast("NewBatch", {k: v for k, v in wanted.items() if k != "template"})
    return api.batches.keep_sheet(api.batches.create(wanted, key), sheet), True


def fetch_draft(api: Api, *, number: int, folder: Path) -> tuple[Batch, Description | None]:
    """Read a draft and the description of its spreadsheet, if it has one that can be read.

    It is read as it was when the draft was made.
    """
    batch = api.batches.one(number)
    if batch["sheet"] is None:
        return batch, None
    try:
        sheet, reading = kept_sheet(api, batch, folder), batch["reading"]
        choice = SheetChoice.of(reading) if reading else SheetChoice(writing=system_writing())
        return batch, describe(sheet, choice, columns=batch["columns"])
    except SheetError:
        return batch, None


def delete_replaced(api: Api, by: Batch) -> int:
    """Delete the draft of the same spreadsheet that was read before; return its corrections lost.

    A batch that was sent is continued with another spreadsheet, and is a draft if that is undone.
    """
    number = by["continues"]
    if number is None:
        return 0
    try:
        batch = api.batches.one(number)
        if batch["state"] != BatchState.DRAFT or batch["sheet"] != by["sheet"]:
            return 0
        api.batches.delete(number)
    except Refused:  # it was deleted meanwhile
        return 0
    return max(batch["corrected"] + batch["unused"] - by["corrected"] - by["unused"], 0)


class Reading(QObject):
    """Reads one file at a time.

    ``progressed`` carries the share that is read, 0 to 1. ``ended`` follows the last row, with an
    :class:`UploadedDraft`. ``failed`` carries an error of the file or a refusal; ``ended`` comes
    before it, with ``None``. ``waits`` carries an error after which reading continues once the
    backend is back, or can write again.
    """

    progressed = Signal(float)
    ended = Signal(object)
    failed = Signal(object)
    waits = Signal(object)

    def __init__(self, source: ApiSource, parent: QObject) -> None:
        super().__init__(parent)
        self._jobs = source.jobs
        self._ask = Asker(source, self.failed.emit)
        self._stop = Stop()
        self._upload: Upload | None = None
        self._again = QTimer(self, singleShot=True, interval=AGAIN_AFTER_MS)
        self._again.timeout.connect(self._put_next)

    @property
    def is_under_way(self) -> bool:
        """Whether a file is being read."""
        return self._upload is not None

    def begin(
        self,
        found: Description,
        columns: dict[str, str | None],
        plain: Collection[str],
        number: int,
    ) -> None:
        """Read the rows of a file into a draft."""
        self.stop()
        self._stop = Stop()
        self._upload = Upload(found, columns, plain, number, self._stop)
        self.progressed.emit(0.0)
        self._put_next()

    def stop(self) -> None:
        """Stop reading; the rows read so far stay in the draft."""
        self._again.stop()
        self._stop.now()
        upload = self._upload
        if upload is not None:
            self._upload = None
            self._jobs.start(Job(upload.close))

    def _put_next(self) -> None:
        upload = self._upload
        if upload is None:
            return
        put, not_put = partial(self._on_put, upload), partial(self._on_not_put, upload)
        self._ask(lambda api: Job(upload.put_next, api).then(put), not_put)

    def _on_put(self, upload: Upload, told: float | UploadedDraft) -> None:
        if upload is not self._upload:
            return
        if isinstance(told, float):
            self.progressed.emit(told)
            self._put_next()
        else:
            self._upload = None
            self.ended.emit(told)

    def _on_not_put(self, upload: Upload, error: Exception) -> None:
        if upload is not self._upload:
            return
        if isinstance(error, BackendGone | BackendBusy):
            self._again.start()
            self.waits.emit(error)
            return
        self._upload = None
        self.ended.emit(None)
        self.failed.emit(error)


class NewDraft(QObject):
    """Describes one file at a time, and makes or finds its draft.

    While the backend is away, it waits. ``made`` carries the file's description, the draft, and
    whether the draft is new. ``failed`` carries an error.
    """

    made = Signal(object, object, bool)
    failed = Signal(object)

    def __init__(self, source: ApiSource, scratch: Scratch, parent: QObject) -> None:
        super().__init__(parent)
        self._jobs = source.jobs
        self._scratch = scratch
        self._stop = Stop()
        self._request = LatestRequest(source, self.failed.emit)

    def describe(
        self,
        path: Path,
        choice: SheetChoice | None,
        then: Callable[[Description], object],
        failed: Callable[[Exception], object],
    ) -> None:
        """Describe a file; an earlier description under way is dropped."""
        self._stop.now()
        stop = self._stop = Stop()

        def unless_left(tell: Callable[[Any], object], found: object) -> None:
            if stop is self._stop:
                tell(found)

        job = Job(describe_file, path, choice, stop, self._scratch.folder())
        job = job.then(partial(unless_left, then))
        self._jobs.start(job.otherwise(partial(unless_left, failed)))

    def make(self, found: Description, wanted: Any, **options: Any) -> None:
        """Make or find a draft with :func:`find_or_create`."""
        options |= {"wanted": wanted, "sheet": found.source, "key": new_key()}
        create = partial(find_or_create, **options)

        def show(made: tuple[Batch, bool]) -> None:
            self.made.emit(found, *made)

        self._request.ask(lambda api: Job(create, api).then(show))

    def leave(self) -> None:
        """Drop the description and the draft under way."""
        self._stop.now()
        self._stop = Stop()
        self._request.drop()


class ShownFile(QObject):
    """``found`` is the description of the shown file, if there is one.

    The file is read again if the person chooses another way to read it, or if it was saved since,
    which the sheet says. ``read_again`` carries the new description, ``not_read_again`` the old one
    and the error.
    """

    read_again = Signal(object)
    not_read_again = Signal(object, object)

    def __init__(self, sheet: ImportSheet, new: NewDraft, reading: Reading, jobs: Jobs) -> None:
        super().__init__(sheet)
        self._sheet = sheet
        self._new = new
        self._reading = reading
        self._jobs = jobs
        self._place: Path | None = None
        self._is_told = False
        self.found: Description | None = None
        self._looked_at: Description | None = None  # while the check is under way
        self._timer = QTimer(self, interval=LOOK_MS)
        self._timer.timeout.connect(self._look)
        sheet.source.read_as.chosen.connect(self._on_choice)
        sheet.foot_row.read_again.clicked.connect(self._on_again)

    def show(self, found: Description | None, place: str | None) -> None:
        """Set the shown file, and the path ``place`` it was read from."""
        self.found, self._place = found, Path(place) if place else None
        self._tell(is_newer=False)
        self._timer.stop()
        if self._place is not None:
            self._timer.start()
            self._look()

    def _look(self) -> None:
        """Check in a job whether the file was saved since; one at a time, since it may block."""
        found, place = self.found, self._place
        if found is None or place is None or found is self._looked_at:
            return
        self._looked_at = found

        def tell(is_newer: bool) -> None:
            if found is self._looked_at:
                self._looked_at = None
            if found is self.found:  # no other file is shown meanwhile
                self._tell(is_newer=is_newer)

        self._jobs.start(Job(was_saved_since, place, found.source).then(tell))

    def _tell(self, *, is_newer: bool) -> None:
        if is_newer == self._is_told:
            return
        self._is_told = is_newer
        self._sheet.foot_row.show_newer(is_newer=is_newer)

    def _on_choice(self, choice: SheetChoice) -> None:
        if self.found is not None:
            self._read(self.found, self.found.source, choice)

    def _on_again(self) -> None:
        if self.found is not None and self._place is not None:
            self._read(self.found, self._place, self._sheet.source.read_as.choice())

    def _read(self, found: Description, place: Path, choice: SheetChoice) -> None:
        self._reading.stop()
        known = str(self._place or found.path)  # the file read may be the copy

        def read(again: Description) -> None:
            self.read_again.emit(replace(again, path=known))

        self._new.describe(place, choice, read, partial(self.not_read_again.emit, found))


def was_saved_since(place: Path, read: Path) -> bool:
    """Tell whether a file differs from the copy that was read. Blocks.

    Both are read only if their sizes are equal and one has changed since the last comparison.
    Returns ``False`` for a file that is gone or cannot be read.
    """
    try:
        return not filecmp.cmp(place, read, shallow=False)
    except OSError:
        return False
