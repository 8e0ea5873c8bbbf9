"""The spreadsheet of the shown draft: its description, and whether it was saved since."""

from __future__ import annotations

import filecmp
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer, Signal

from desktop.gui.jobs import Job

if TYPE_CHECKING:
    from desktop.gui.actions.spreadsheets.new_draft import NewDraft
    from desktop.gui.actions.spreadsheets.row_upload import Reading
    from desktop.gui.importing.import_sheet import ImportSheet
    from desktop.gui.jobs import Jobs
    from desktop.sheets import Description, SheetChoice

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
