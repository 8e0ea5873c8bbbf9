"""The spreadsheet of a draft: dropped or pasted, described, made a draft, and watched."""

from __future__ import annotations

import filecmp
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QObject, QTimer, Signal

from desktop.client.api import new_key
from desktop.gui.importing.row_upload import describe_file, find_or_create
from desktop.gui.link.jobs import Job, LatestRequest
from desktop.sheets import Stop, keep_pasted

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from desktop.client.api import ApiSource
    from desktop.contract.batches import Batch
    from desktop.gui.frame.notices.toasts import Toasts
    from desktop.gui.importing.import_sheet import ImportSheet
    from desktop.gui.importing.row_upload import Reading
    from desktop.gui.kit.widgets.files import Scratch
    from desktop.gui.link.jobs import Jobs
    from desktop.sheets import Description, SheetChoice


class Arrivals(QObject):
    """``came`` carries the path of a spreadsheet, and whether it was made from pasted cells.

    ``failed`` carries the error if pasted cells could not be saved.
    """

    came = Signal(object, bool)
    failed = Signal(object)

    def __init__(self, sheet: ImportSheet, toasts: Toasts, jobs: Jobs, scratch: Scratch) -> None:
        super().__init__(sheet)
        self._sheet = sheet
        self._toasts = toasts
        self._jobs = jobs
        self._scratch = scratch

    def take_files(self, paths: Sequence[str]) -> None:
        """Take dropped files: attachments if the sheet takes files, else one spreadsheet."""
        if self._sheet.takes_files():
            self._sheet.source.files_added.emit(list(paths))
        elif len(paths) == 1:
            self.came.emit(Path(paths[0]), False)
        else:
            self._toasts.show(self.tr("Drop one spreadsheet at a time"), icon="info")

    def take_pasted(self, text: str) -> None:
        """Take cells that were copied from a spreadsheet."""
        job = Job(keep_pasted, text, self._scratch.folder())
        job = job.then(lambda path: self.came.emit(path, True))
        self._jobs.start(job.otherwise(self.failed.emit))


class NewDraft(QObject):
    """Describes one file at a time, and makes or finds its draft.

    While the backend is away, it waits. ``made`` carries the file's description, the draft, whether
    the draft is new, and the number of the draft that it continues, or ``None``; it is emitted even
    if another file is shown by then. ``failed`` carries an error.
    """

    made = Signal(object, object, bool, object)
    failed = Signal(object)

    def __init__(self, source: ApiSource, jobs: Jobs, scratch: Scratch, parent: QObject) -> None:
        super().__init__(parent)
        self._source = source
        self._jobs = jobs
        self._scratch = scratch
        self._stop = Stop()
        self._request: LatestRequest | None = None

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
        create, before = partial(find_or_create, **options), wanted.get("continues")
        # Each draft has its own request: its answer counts even if another file is shown.
        request = self._request = LatestRequest(self._source, self._jobs, lambda e: fail(e))

        def show(made: tuple[Batch, bool]) -> None:
            self.made.emit(found, *made, before)

        def fail(error: Exception) -> None:
            if request is self._request:
                self.failed.emit(error)

        request.ask(lambda api: Job(create, api).then(show))

    def leave(self) -> None:
        """Drop the description under way, and stop waiting for the backend."""
        self._stop.now()
        self._stop = Stop()
        self._source.forget(self._request)
        self._request = None


LOOK_MS: Final = 1000
"""How often a file is checked; network drives report no changes, and watching them may block."""


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
