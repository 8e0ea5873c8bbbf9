"""Saves changed settings of drafts in the backend, one change per draft at a time."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from desktop.client.errors import BackendGone, Refused
from desktop.gui.link.jobs import Asker, Job

if TYPE_CHECKING:
    from desktop.client.api import Api, ApiSource
    from desktop.contract.batches import Batch, NewBatch
    from desktop.gui.importing.source_pane import SetUp
    from desktop.gui.link.jobs import Jobs


@dataclass(frozen=True, slots=True)
class _Change:
    number: int
    body: NewBatch
    rows: bool


class Changes(QObject):
    """Makes sure that the backend ends up with the last change of each draft.

    Jobs run on several threads, so changes made while one is under way are sent as one change after
    it. A change that was neither made nor refused is sent again once the backend is back, or with
    ``make_last``. ``made`` carries the draft after its last change, and whether its columns were
    matched differently. ``failed`` carries a draft's number and the error of its last change.
    """

    made = Signal(object, bool)
    failed = Signal(int, object)

    def __init__(self, source: ApiSource, jobs: Jobs, parent: QObject) -> None:
        super().__init__(parent)
        self._source = source
        self._ask = Asker(source, jobs, self.failed.emit)
        self._last: dict[int, _Change] = {}
        self._under_way: set[int] = set()

    def is_to_come(self, number: int) -> bool:
        """Tell whether the backend may not have a draft's last change yet."""
        return number in self._last

    def make(self, number: int, name: str, wanted: SetUp) -> None:
        """Change the settings of a draft named ``name``, after the change under way."""
        before = self._last.get(number)
        rows = wanted.rows or (before is not None and before.rows)
        body: Any = {"name": name, **wanted.settings}
        self._last[number] = _Change(number, body, rows)
        self.make_last(number)

    def make_last(self, number: int) -> None:
        """Send a draft's last change, if it was not made and none is under way."""
        if number not in self._last or number in self._under_way:
            return
        change, asked = self._last[number], self._source.api
        self._under_way.add(number)
        made, failed = partial(self._on_made, change), partial(self._on_failed, change, asked)
        self._ask(lambda api: Job(api.batches.change, number, change.body).then(made), failed)

    def _on_made(self, change: _Change, batch: Batch) -> None:
        self._under_way.remove(change.number)
        if self._last[change.number] is change:
            del self._last[change.number]
            self.made.emit(batch, change.rows)
        else:
            self.make_last(change.number)

    def _on_failed(self, change: _Change, asked: Api | None, error: Exception) -> None:
        number, is_gone = change.number, isinstance(error, BackendGone)
        self._under_way.remove(number)
        is_back = is_gone and self._source.api not in {None, asked}
        if is_back or self._last[number] is not change:
            self.make_last(number)
            return
        if is_gone:
            self._source.once_back((self, number), partial(self.make_last, number))
        elif isinstance(error, Refused):
            del self._last[number]
        self.failed.emit(number, error)
