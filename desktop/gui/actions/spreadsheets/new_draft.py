"""Describes an imported spreadsheet, and makes or finds its draft."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from desktop.client.api import new_key
from desktop.gui.actions.spreadsheets.import_calls import describe_file, find_or_create
from desktop.gui.jobs import Job, LatestRequest
from desktop.sheets import Stop

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from desktop.client.api import ApiSource
    from desktop.contract.batches import Batch
    from desktop.gui.actions.spreadsheets.row_upload import Scratch
    from desktop.gui.jobs import Jobs
    from desktop.sheets import Description, SheetChoice


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
