"""The first minute: a sheet of three examples in an empty list, and how they go away."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject

from desktop.client.items import ItemQuery
from desktop.contract.items import EXAMPLES
from desktop.gui.kit.words.table import say
from desktop.gui.link.jobs import Job, LatestRequest
from desktop.gui.link.outbox import Wish
from desktop.settings.resources import resources

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from desktop.client.api import Api
    from desktop.contract.batches import BatchesEvent
    from desktop.contract.office import OfficeStats
    from desktop.gui.frame.main_window import MainWindow
    from desktop.gui.frame.notes import WindowNote
    from desktop.gui.frame.room import RoomServices
    from desktop.gui.kit.lists.empty_state import EmptyState

FILE: Final = "examples.csv"


class Examples(QObject):
    """Offers the examples while e-mails are kept here, and a note that removes them.

    ``open_file`` opens the import of a spreadsheet.
    """

    def __init__(
        self, window: MainWindow, services: RoomServices, open_file: Callable[[Path], object]
    ) -> None:
        super().__init__(window)
        self._window, self._services, self._open_file = window, services, open_file
        self._reading = LatestRequest(services.source, lambda _: None)
        self._there: list[int] = []
        self._note: WindowNote | None = None
        self._is_put_away = False

    def follow(self, empty: EmptyState) -> None:
        """Offer them in the empty list, and look for those that are there."""
        empty.examples_wanted.connect(lambda: self._open_file(resources() / "examples" / FILE))
        self._empty = empty
        live = self._services.live
        live.stats_changed.connect(self._on_stats)
        live.batches_changed.connect(self._on_batches)
        for change in (self._services.link.ready, live.was_reset):
            change.connect(self._look)

    def _on_stats(self, stats: OfficeStats) -> None:
        is_kept_here = bool(stats.get("practice")) and self._window.rights.has_files
        self._empty.offer_examples(is_kept_here)

    def _on_batches(self, event: BatchesEvent) -> None:
        """Look whether those of the sheet have become items, or are gone."""
        if event["gone"] or any(row["sheet"] == FILE for row in event["rows"]):
            self._look()

    def _look(self) -> None:
        self._reading.ask(lambda api: Job(_find, api).then(self._on_found))

    def _on_found(self, numbers: list[int]) -> None:
        self._there, notes = numbers, self._window.notes
        if not numbers:
            notes.close(self._note)
        elif not self._is_put_away and self._note not in notes.shown:
            way = self.tr("Remove the examples"), self._remove
            self._note = notes.stay(say("import", "examples"), way)
            self._note.put_away.connect(self._put_away)

    def _put_away(self) -> None:
        self._is_put_away = True

    def _remove(self) -> None:
        there = self._there
        wish = Wish(lambda api, _: _forget(api, there))
        self._services.outbox.put(wish, lambda _: self._look())


def _find(api: Api) -> list[int]:
    """Return an item of each example."""
    page = api.items.page(ItemQuery(text=EXAMPLES))
    found = {
        item["recipient"]["email"]: item["item_id"] for item in page["items"] if item["recipient"]
    }
    return [number for to, number in found.items() if to.endswith(f"@{EXAMPLES}")]


def _forget(api: Api, numbers: list[int]) -> None:
    for number in numbers:
        api.items.forget(number)
