"""The spreadsheet of a draft: it is described, made a draft, read into it, and watched."""

from __future__ import annotations

import filecmp
import os
import tempfile
import threading
import time
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Protocol, cast

from PySide6.QtCore import QObject, QTimer, Signal

from desktop.contract.batches import BatchState
from desktop.gui.batches.batch_reports import kept_sheet
from desktop.gui.importing.writings import system_writing
from desktop.gui.link.jobs import Job, LatestRequest
from desktop.sheets.calls import describe, read_rows
from desktop.sheets.child import Stop
from desktop.sheets.description import SheetChoice
from desktop.sheets.faults import SheetError
from sendoff_tasks.client.calls import new_key
from sendoff_tasks.client.errors import BackendBusy, BackendGone, Refused
from sendoff_tasks.model.text import whole_characters

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Generator, Iterable, Sequence

    from desktop.client.api import Api
    from desktop.contract.batches import Batch, NewBatch
    from desktop.gui.importing.import_place import ImportPlace
    from desktop.gui.kit.widgets.files import Scratch
    from desktop.gui.link.drafts import TypedDrafts
    from desktop.gui.link.jobs import ApiSource, Jobs
    from desktop.sheets.calls import Chunk
    from desktop.sheets.description import Description


TYPED: Final = "typed"
"""Key of a value typed in a row and not saved: ``{"row", "path", "text"}``."""
TO_READ: Final = "to read"
"""Key of a mark: not all rows of the file are read with the columns as they are matched now."""
UNDECIDED: Final = "undecided"
"""The template last used for such a file and the form's, if they differ and none is chosen."""
PLACE: Final = "place"
"""Key of the path from which the file was read."""
LOOKS_MOST: Final = 50
"""Looking for changes may take one in so many seconds; there may be thousands of added files."""
LOOK_MS: Final = 1000
"""How often a file is checked; network drives report no changes, and watching them may block."""


Stamps = Mapping[str, str | None]
"""Added files by their paths, as :func:`stamp_of`; ``None`` until one is added."""


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


class Pieces(Protocol):
    """What is put into a draft piece by piece: ``files``, their number, or else rows."""

    files: int | None

    def put_next(self, api: Api) -> float | Any:
        """Put a piece; return the share that is put, 0 to 1, or what :class:`Reading` ends with.

        After an error it can be called again: it repeats the same piece in its own place.
        """

    def halt(self) -> None:
        """Put nothing more; returns at once."""

    def close(self) -> None:
        """End what is under way."""


class Upload:
    """Reads the rows of a file into a draft.

    Once all are read, the draft that this one was read in place of is deleted.
    """

    files: int | None = None

    def __init__(
        self,
        found: Description,
        columns: Mapping[str, str | None],
        plain: Collection[str],
        kinds: Mapping[str, str],
        number: int,
    ) -> None:
        self._number = number
        self._lock = threading.Lock()
        self._stop = Stop()
        self._pieces = cast("Generator[Chunk]", read_rows(found, columns, plain, self._stop, kinds))
        self._piece: Chunk | None = None  # not confirmed by the backend yet

    def put_next(self, api: Api) -> float | UploadedDraft:
        """Read and send a piece; return the share of the file read, 0 to 1, or the full draft.

        Raises ``SheetError`` for the file and ``ClientError`` for the backend.
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

    def halt(self) -> None:
        """Have the reading process killed."""
        self._stop.now()

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


def same_draft(
    api: Api, numbers: Iterable[int], sheet: Path, at: Collection[int] = ()
) -> Batch | None:
    """Find the draft of the same spreadsheet, by name and content, among ``numbers``.

    One of those ``at`` the same place is found by its name, though the file was saved since. A
    draft whose deletion is pending does not count.
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
        if number in at:
            return batch
        with tempfile.TemporaryDirectory(prefix="sendoff-") as folder:
            kept = kept_sheet(api, batch, Path(folder))
            if filecmp.cmp(kept, sheet, shallow=False):
                return batch
    return None


def find_or_create(
    api: Api,
    *,
    wanted: NewBatch,
    sheet: Path,
    key: str,
    among: Sequence[int] = (),
    at: Collection[int] = (),
) -> tuple[Batch, bool]:
    """Find the draft of a spreadsheet ``among`` these, else make one; tell whether it is new.

    Those ``at`` the place of the spreadsheet are its drafts, though it was saved since.

    After an error it can be called again: the same ``key`` makes no second draft.
    """
    found = same_draft(api, among, sheet, at)
    if found is not None:
        return found, False
    names = {str(each["name"]) for each in api.templates.all()}
    if wanted.get("template") not in names:  # deleted since, or none chosen
        wanted = cast("NewBatch", {k: v for k, v in wanted.items() if k != "template"})
    number = api.batches.create(wanted, key)
    if (before := wanted.get("continues")) is not None:
        api.batches.take_files(number, before)
    return api.batches.keep_sheet(number, sheet), True


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
    """Reads one file into a draft at a time, or adds files to it.

    ``progressed`` carries the share that is put, 0 to 1, and the number of files, ``None`` for
    rows. ``ended`` follows the last piece, with an :class:`UploadedDraft` or what was added.
    ``failed`` carries an error of the file or a refusal; ``ended`` comes before it, with ``None``.
    ``waits`` carries an error after which reading continues once the backend is back, or can write
    again.
    """

    progressed = Signal(float, object)
    ended = Signal(object)
    failed = Signal(object)
    waits = Signal(object)

    def __init__(self, source: ApiSource, parent: QObject) -> None:
        super().__init__(parent)
        self._jobs = source.jobs
        self._next = LatestRequest(source, self._on_not_put)
        self._pieces: Pieces | None = None

    @property
    def is_under_way(self) -> bool:
        """Whether a file is being read, or files are being added."""
        return self._pieces is not None

    def begin(self, pieces: Pieces) -> None:
        """Put rows or files into a draft."""
        self.stop()
        self._pieces = pieces
        self.progressed.emit(0.0, pieces.files)
        self._put_next()

    def stop(self) -> None:
        """Stop reading; the rows read so far stay in the draft."""
        self._next.drop()
        pieces = self._pieces
        if pieces is not None:
            self._pieces = None
            pieces.halt()
            self._jobs.start(Job(pieces.close))

    def end_early(self) -> bool:
        """Add no more files, and end with those added; tell whether files are being added."""
        pieces = self._pieces
        if pieces is None or pieces.files is None:
            return False
        pieces.halt()
        return True

    def _put_next(self) -> None:
        pieces = self._pieces
        if pieces is None:
            return
        put = partial(self._on_put, pieces)
        self._next.ask(lambda api: Job(pieces.put_next, api).then(put))

    def _on_put(self, pieces: Pieces, told: Any) -> None:
        if isinstance(told, float):
            self.progressed.emit(told, pieces.files)
            self._put_next()
        else:
            self._pieces = None
            self.ended.emit(told)

    def _on_not_put(self, error: Exception) -> None:
        if isinstance(error, BackendGone | BackendBusy):
            self.waits.emit(error)
            return
        self._pieces = None
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
    which the sentence says, as it does of ``added`` files. ``read_again`` carries the new
    description, ``not_read_again`` the old one and the error. ``files_wanted`` carries the paths of
    added files that were changed since and are to be added again.
    """

    read_again = Signal(object)
    not_read_again = Signal(object, object)
    files_wanted = Signal(object)

    def __init__(
        self,
        shown: ImportPlace,
        new: NewDraft,
        reading: Reading,
        jobs: Jobs,
        added: Callable[[], Stamps],
    ) -> None:
        super().__init__(shown)
        self._shown = shown
        self._new = new
        self._reading = reading
        self._jobs = jobs
        self._added = added
        self._place: Path | None = None
        self._told = Since()
        self.found: Description | None = None
        self._looked_at: Description | None = None  # while the check is under way
        self._timer = QTimer(self, interval=LOOK_MS)
        self._timer.timeout.connect(self._look)
        shown.source.read_as.chosen.connect(self._on_choice)
        shown.said.read_again.clicked.connect(self._on_again)

    def show(self, found: Description | None, place: str | None) -> None:
        """Set the shown file, and the path ``place`` it was read from."""
        self.found, self._place = found, Path(place) if place else None
        self._tell(Since())
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

        def tell(since: Since) -> None:
            if found is self._looked_at:
                self._looked_at = None
            if found is self.found:  # no other file is shown meanwhile
                self._tell(since)
                self._timer.setInterval(max(LOOK_MS, round(since.took_s * LOOKS_MOST * 1000)))

        self._jobs.start(Job(look_since, place, found.source, self._added()).then(tell))

    def _tell(self, since: Since) -> None:
        if since[:2] != self._told[:2]:
            self._told = since
            self._shown.said.show_newer(is_newer=since.is_newer, files=since.files)

    def _on_choice(self, choice: SheetChoice) -> None:
        if self.found is not None:
            self._read(self.found, self.found.source, choice)

    def _on_again(self) -> None:
        told = self._told
        if told.files:
            self.files_wanted.emit(told.files)
        if told.is_newer and self.found is not None and self._place is not None:
            self._read(self.found, self._place, self._shown.source.read_as.choice())

    def _read(self, found: Description, place: Path, choice: SheetChoice) -> None:
        self._reading.stop()
        known = str(self._place or found.path)  # the file read may be the copy

        def read(again: Description) -> None:
            self.read_again.emit(replace(again, path=known))

        self._new.describe(place, choice, read, partial(self.not_read_again.emit, found))


class Since(NamedTuple):
    """What happened on the disk since a file was read: it was saved, or added ``files`` were."""

    is_newer: bool = False
    files: tuple[str, ...] = ()
    took_s: float = 0.0


def look_since(place: Path, read: Path, added: Stamps) -> Since:
    """Compare a file with the copy that was read, and added files with their stamps. Blocks."""
    begun = time.monotonic()
    files = (path for path, stamp in added.items() if stamp and stamp_of(path) not in {None, stamp})
    return Since(was_saved_since(place, read), (*files,), time.monotonic() - begun)


def stamp_of(path: str) -> str | None:
    """Return what each change of a file changes; ``None`` if it cannot be looked at. Blocks."""
    try:
        found = os.stat(path)  # noqa: PTH116 - paths take three times more
    except OSError:
        return None
    return f"{found.st_size} {found.st_mtime_ns}"


def was_saved_since(place: Path, read: Path) -> bool:
    """Tell whether a file differs from the copy that was read. Blocks.

    Both are read only if their sizes are equal and one has changed since the last comparison.
    Returns ``False`` for a file that is gone or cannot be read.
    """
    try:
        return not filecmp.cmp(place, read, shallow=False)
    except OSError:
        return False
