"""The spreadsheet of the draft that is shown: what it holds, and whether it was saved since."""

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
"""How often a file is looked at: a network drive tells no change, and to watch one may block."""


class ShownFile(QObject):
    """``found`` is what the file holds that is shown, where one is at hand.

    It is read again as the person chooses, and as it is on disk by now, which the sheet tells
    before it is sent. ``read_again`` carries what it holds then, ``not_read_again`` what it held
    and why it cannot be read.
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
        self._looked_at: Description | None = None  # while that is under way
        self._timer = QTimer(self, interval=LOOK_MS)
        self._timer.timeout.connect(self._look)
        sheet.source.read_as.chosen.connect(self._on_choice)
        sheet.foot_row.read_again.clicked.connect(self._on_again)

    def show(self, found: Description | None, place: str | None) -> None:
        """Take note of what is shown, and of the ``place`` on disk that it was read from."""
        self.found, self._place = found, Path(place) if place else None
        self._tell(is_newer=False)
        self._timer.stop()
        if self._place is not None:
            self._timer.start()
            self._look()

    def _look(self) -> None:
        """See in a job whether it was saved since, one at a time: its drive may not answer."""
        found, place = self.found, self._place
        if found is None or place is None or found is self._looked_at:
            return
        self._looked_at = found

        def tell(is_newer: bool) -> None:
            if found is self._looked_at:
                self._looked_at = None
            if found is self.found:  # no other file is shown by now
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
        known = str(self._place or found.path)  # what is read may be the copy

        def read(again: Description) -> None:
            self.read_again.emit(replace(again, path=known))

        self._new.describe(place, choice, read, partial(self.not_read_again.emit, found))


def was_saved_since(place: Path, read: Path) -> bool:
    """Tell whether a file has other content than the copy that was read; blocking.

    Both are read only where they have one size, and one of them has changed since they were.
    Of one that has gone, or cannot be read now, that is not said.
    """
    try:
        return not filecmp.cmp(place, read, shallow=False)
    except OSError:
        return False
