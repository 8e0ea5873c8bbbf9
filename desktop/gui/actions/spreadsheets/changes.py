"""Changes of how drafts are set up, on their way to the store: of each draft one at a time."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from desktop.gui.actions.backend.connection import Asker
from desktop.gui.jobs import Job

if TYPE_CHECKING:
    from desktop.client.api import ApiSource
    from desktop.contract.batches import Batch, NewBatch
    from desktop.gui.importing.import_sheet import SetUp
    from desktop.gui.jobs import Jobs


@dataclass(frozen=True, slots=True)
class _Change:
    number: int
    body: NewBatch
    rows: bool


class Changes(QObject):
    """Makes the last change of each draft what the store has.

    Changes that are made while one is under way are made as one after it: jobs run on several
    threads, and the store could end with the earlier of two. ``made`` carries the draft as it is
    after the last one, and whether its columns were matched otherwise. ``failed`` carries the
    number of a draft, and why its last change was not made.
    """

    made = Signal(object, bool)
    failed = Signal(int, object)

    def __init__(self, source: ApiSource, jobs: Jobs, parent: QObject) -> None:
        super().__init__(parent)
        self._ask = Asker(source, jobs, self.failed.emit)
        self._last: dict[int, _Change] = {}
        self._under_way: set[int] = set()

    def is_changing(self, number: int) -> bool:
        """Tell whether the store may not have the last change of a draft yet."""
        return number in self._last

    def make(self, number: int, name: str, wanted: SetUp) -> None:
        """Set up a draft of that name, after the change of it that is under way."""
        before = self._last.get(number)
        rows = wanted.rows or (before is not None and before.rows)
        body: Any = {"name": name, **wanted.settings}
        self._last[number] = _Change(number, body, rows)
        if number not in self._under_way:
            self._make_last(number)

    def _make_last(self, number: int) -> None:
        change = self._last[number]
        self._under_way.add(number)
        made, failed = partial(self._on_made, change), partial(self._on_failed, change)
        self._ask(lambda api: Job(api.batches.change, number, change.body).then(made), failed)

    def _on_made(self, change: _Change, batch: Batch) -> None:
        if self._is_last(change):
            self.made.emit(batch, change.rows)

    def _on_failed(self, change: _Change, error: Exception) -> None:
        if self._is_last(change):
            self.failed.emit(change.number, error)

    def _is_last(self, change: _Change) -> bool:
        """Take note that a change has ended; make the one that waits for that."""
        self._under_way.remove(change.number)
        if self._last[change.number] is change:
            del self._last[change.number]
            return True
        self._make_last(change.number)
        return False
