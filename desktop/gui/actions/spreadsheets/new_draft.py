"""A spreadsheet that is brought in: what it holds is found out, its draft is made or found."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from desktop.client.api import new_key
from desktop.gui.actions.spreadsheets.import_calls import describe_file, find_or_create
from desktop.gui.jobs import Job, Question
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
    """Describes one file at a time, and makes its draft or finds it.

    While the backend is away, that is made once it is back. ``made`` carries what the file holds,
    the draft, whether that is new, and the number of the one that it goes on from or ``None``. It
    comes also where the file was left meanwhile. ``failed`` carries why it was not made.
    """

    made = Signal(object, object, bool, object)
    failed = Signal(object)

    def __init__(self, source: ApiSource, jobs: Jobs, scratch: Scratch, parent: QObject) -> None:
        super().__init__(parent)
        self._source = source
        self._jobs = jobs
        self._scratch = scratch
        self._stop = Stop()
        self._question: Question | None = None

    def describe(
        self,
        path: Path,
        choice: SheetChoice | None,
        then: Callable[[Description], object],
        failed: Callable[[Exception], object],
    ) -> None:
        """Find out what a file holds; what was asked of another one is wanted no more."""
        self._stop.now()
        stop = self._stop = Stop()

        def unless_left(tell: Callable[[Any], object], found: object) -> None:
            if stop is self._stop:
                tell(found)

        job = Job(describe_file, path, choice, stop, self._scratch.folder())
        job = job.then(partial(unless_left, then))
        self._jobs.start(job.otherwise(partial(unless_left, failed)))

    def make(self, found: Description, wanted: Any, **options: Any) -> None:
        """Make it, as ``find_or_create`` has it."""
        options |= {"wanted": wanted, "sheet": found.source, "key": new_key()}
        create, before = partial(find_or_create, **options), wanted.get("continues")
        # One of its own for each: the answer is wanted also once another file is shown.
        question = self._question = Question(self._source, self._jobs, lambda e: fail(e))

        def show(made: tuple[Batch, bool]) -> None:
            self.made.emit(found, *made, before)

        def fail(error: Exception) -> None:
            if question is self._question:
                self.failed.emit(error)

        question.ask(lambda api: Job(create, api).then(show))

    def leave(self) -> None:
        """Hear of no file any more, and do not wait for the backend."""
        self._stop.now()
        self._stop = Stop()
        self._source.forget(self._question)
        self._question = None
