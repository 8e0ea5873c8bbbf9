"""The draft of a spreadsheet that was brought in, on its way to be made or found."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from desktop.client.api import new_key
from desktop.gui.actions.spreadsheets.import_calls import find_or_create
from desktop.gui.jobs import Job, Question

if TYPE_CHECKING:
    from desktop.client.api import ApiSource
    from desktop.contract.batches import Batch
    from desktop.gui.jobs import Jobs
    from desktop.sheets import Description


class NewDraft(QObject):
    """Makes the draft of a file, or finds it; while the backend is away, once it is back.

    ``made`` carries what the file holds, the draft, whether that is new, and the number of the one
    that it goes on from or ``None``. It comes also where the file was left meanwhile. ``failed``
    carries why it was not made.
    """

    made = Signal(object, object, bool, object)
    failed = Signal(object)

    def __init__(self, source: ApiSource, jobs: Jobs, parent: QObject) -> None:
        super().__init__(parent)
        self._source = source
        self._jobs = jobs
        self._question: Question | None = None

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
        """Hear no failure any more, and do not wait for the backend."""
        self._source.forget(self._question)
        self._question = None
