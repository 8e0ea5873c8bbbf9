"""The rows of the view of batches, and how fast each batch is sent."""

from __future__ import annotations

import time
from collections import deque
from enum import IntEnum
from typing import TYPE_CHECKING, Final, NamedTuple, cast

from PySide6.QtCore import Qt

from desktop.contract.batches import BatchState
from desktop.gui.batches.batch_words import (
    CANCELLING,
    goes_on_at,
    is_kept_waiting,
    is_limited,
    look_of,
    next_words,
    not_informed,
    sent_words,
    share_sent,
    some_failed_words,
)
from desktop.gui.kit.lists.live_rows import Cell, KeysetModel, Page, moment_cell
from desktop.gui.kit.words.task_row import epoch

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

    from desktop.client.api import Api, ApiSource
    from desktop.contract.batches import Batch
    from desktop.contract.events import BatchesEvent
    from desktop.gui.link.jobs import Jobs


LEAST_S: Final = 5.0
"""Seconds of measuring before a pace is reported: a shorter span gives wrong forecasts."""
LEAST_SENT: Final = 10
"""Messages before a pace is reported within the first minute: the first may be slow."""
WHOLE_S: Final = 60.0
"""The most seconds measured; also the least if a limit lets messages leave in bursts."""


class Seen(NamedTuple):
    """How many messages of a batch were open at a moment, epoch s."""

    at: float
    open: int


class Paces:
    """Records how each batch's number of open messages falls while nothing stops it."""

    def __init__(self) -> None:
        self._before: dict[int, int] = {}
        self._seen: dict[int, deque[Seen]] = {}

    def note(self, batch: Batch, now: float) -> None:
        """Record a batch as it is at ``now``; measuring begins with its first message."""
        number, count = batch["batch_id"], batch["counts"]["open"]
        before = self._before.get(number)
        waits = is_kept_waiting(batch) or goes_on_at(batch, now) is not None
        if batch["state"] != BatchState.RUNNING or waits or (before is not None and count > before):
            self._before.pop(number, None)
            self._seen.pop(number, None)
        if batch["state"] != BatchState.RUNNING or waits:
            return
        self._before[number] = count
        if before is not None and count < before:
            seen = self._seen.setdefault(number, deque())
            seen.append(Seen(now, count))
            while len(seen) > 1 and seen[1].at <= now - WHOLE_S:
                seen.popleft()

    def of(self, batch: Batch, now: float) -> float:
        """Return how many of its messages are sent in a second; 0 if that is unknown."""
        seen = self._seen.get(batch["batch_id"])
        if not seen:
            return 0.0
        span = now - seen[0].at
        if span < (WHOLE_S if is_limited(batch, now) else LEAST_S):
            return 0.0
        sent = seen[0].open - seen[-1].open
        return sent / span if sent >= LEAST_SENT or span >= WHOLE_S else 0.0


_ROLE: Final = Qt.ItemDataRole


class BatchColumn(IntEnum):
    """The columns of the table."""

    STATE = 0
    NUMBER = 1
    NAME = 2
    IMPORTED = 3
    SENT = 4
    TROUBLE = 5
    NEXT = 6


class BatchModel(KeysetModel):
    """All batches, read page by page; ``follow`` applies events."""

    def __init__(self, source: ApiSource, jobs: Jobs) -> None:
        super().__init__(source, jobs, "batch_id")
        self._paces = Paces()
        self._cancelling: AbstractSet[int] = frozenset()
        self._gone: set[int] = set()
        self.titles = {
            BatchColumn.STATE: self.tr("State"),
            BatchColumn.NUMBER: self.tr("Batch"),
            BatchColumn.NAME: self.tr("File"),
            BatchColumn.IMPORTED: self.tr("Added"),
            BatchColumn.SENT: self.tr("Done"),
            BatchColumn.TROUBLE: self.tr("Not informed"),
            BatchColumn.NEXT: self.tr("Next"),
        }

    def load(self) -> None:
        """Read the batches from the beginning, as many as are in memory."""
        wanted = len(self.rows)

        def read(api: Api, after: str | None) -> Page:
            page = api.batches.page(after=after)
            rows, following = page["batches"], page["next"]
            while after is None and following is not None and len(rows) < wanted:
                page = api.batches.page(after=following)
                rows, following = [*rows, *page["batches"]], page["next"]
            return Page(rows, following)

        self.show(read)

    def follow(self, event: BatchesEvent) -> None:
        """Apply an event: replace changed batches, insert new ones at the top."""
        self._reader.note(event)
        self._gone.update(event["gone"])
        if self.is_loaded or self.rows:  # rows stay visible while they are read again
            self._apply(event)

    def _apply(self, event: BatchesEvent) -> None:
        for number in event["gone"]:
            place = self.position_of(number)
            if place is not None:
                self.remove(place)
        for batch in event["rows"]:
            place = self.position_of(batch["batch_id"])
            if batch["batch_id"] in self._gone:
                continue  # a repeated event
            if place is not None:
                if batch["rev"] >= self.rows[place]["rev"]:
                    self._paces.note(batch, time.time())
                    self.put(place, batch)
            elif not self.rows or batch["batch_id"] > self.rows[0]["batch_id"]:
                self.insert(0, [batch])

    def pace_of(self, batch: Batch) -> float:
        """Return how many messages of a batch are sent in a second; 0 if that is unknown."""
        return self._paces.of(batch, time.time())

    def show_cancelling(self, numbers: AbstractSet[int]) -> None:
        """Show that the rest of these batches is about to be cancelled."""
        changed, self._cancelling = numbers ^ self._cancelling, numbers
        for place in map(self.position_of, changed):
            if place is not None:
                self._tell_changed(place, place)

    def refresh_times(self) -> None:
        """Update texts such as *in 5 min*, and states that change with time; called by a timer."""
        for place, batch in enumerate(self.rows):
            if batch["state"] == BatchState.RUNNING:
                self._tell_changed(place, place)

    def take_first(self, page: Page) -> None:
        """Show the first page, and apply the events that came meanwhile."""
        super().take_first(page)
        self._catch_up()

    def _start_over(self, page: Page) -> None:
        """Replace the rows without a reset, so the view keeps its scroll position."""
        if not self.rows:
            super()._start_over(page)
            return
        self._next = page.next
        self.replace(0, len(self.rows), page.rows)
        self.shown.emit()

    def _on_next(self, page: Page) -> None:
        super()._on_next(page)
        self._catch_up()

    def _catch_up(self) -> None:
        """Apply the events that came while a page was read."""
        for event in self._reader.meanwhile:
            self._apply(event)

    def find(self, number: int) -> Batch | None:
        """Return the batch of a number, if it was read."""
        place = self.position_of(number)
        return None if place is None else self.row_at(place)

    def name_of(self, number: int) -> str:
        """Return the name of a batch, or its number if it was not read."""
        batch = self.find(number)
        return batch["name"] if batch else str(number)

    # QAbstractItemModel

    def cell(self, position: int, column: int) -> Cell:
        """Return a cell; its mark is the look of a state, the share sent, or coloured parts."""
        batch, now = cast("Batch", self.row_at(position)), time.time()
        cancelling = batch["batch_id"] in self._cancelling
        match column:
            case BatchColumn.STATE:
                look = CANCELLING if cancelling else look_of(batch, now)
                return Cell(look.word, look.token, look)
            case BatchColumn.NUMBER:
                return Cell(str(batch["batch_id"]), is_figure=True)
            case BatchColumn.NAME:
                return Cell(batch["name"], "text", is_name=True)
            case BatchColumn.IMPORTED:
                return moment_cell(epoch(batch["created_at"]) or now)
            case BatchColumn.SENT:
                end = sent_words(batch, in_the_end=True)
                return Cell(sent_words(batch), mark=share_sent(batch), longest=end)
            case BatchColumn.TROUBLE:
                is_under_way = batch["state"] not in {BatchState.DRAFT, BatchState.DONE}
                some = some_failed_words() if is_under_way else ""
                parts = not_informed(batch)
                return Cell("".join(words for words, _ in parts), mark=parts, longest=some)
            case _ if cancelling:
                return Cell(self.tr("the rest is cancelled soon"))
            case _:
                return Cell(next_words(batch, now, self.pace_of(batch)))
