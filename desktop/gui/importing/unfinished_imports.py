"""Drafts that were not sent: what is not in their batch yet, and the bar that offers them again."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final

from desktop.client.errors import Refused
from desktop.contract.batches import BatchState
from desktop.gui.batches.draft_words import to_send
from desktop.gui.frame.drafts import Unfinished
from desktop.gui.link.jobs import Asker, Job

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from desktop.client.api import Api, ApiSource
    from desktop.contract.batches import Batch
    from desktop.contract.events import BatchesEvent
    from desktop.gui.frame.drafts import TypedDrafts
    from desktop.gui.frame.main_window import MainWindow
    from desktop.gui.link.jobs import Jobs


TYPED: Final = "typed"
"""Key of a value typed in a row and not saved: ``{"row", "path", "text"}``."""
TO_READ: Final = "to read"
"""Key of a mark: not all rows of the file are read with the columns as they are matched now."""
PLACE: Final = "place"
"""Key of the path from which the file was read."""


class DraftMemory:
    """Remembers what the store does not know of the drafts made on this computer, by number."""

    def __init__(self, drafts: TypedDrafts) -> None:
        self._drafts = drafts

    def show(self, number: int) -> None:
        """Note that a draft is shown."""
        if self._drafts.of(str(number)) is None:
            self._drafts.keep(str(number), {})
        self._drafts.take_up(str(number))

    def numbers(self) -> list[int]:
        """Return the drafts made on this computer, the one changed last first."""
        return [int(name) for name in reversed(self._drafts.names())]

    def of(self, number: int, key: str) -> Any:
        """Return what is remembered of a draft under a key, or ``None``."""
        return (self._drafts.of(str(number)) or {}).get(key)

    def keep(self, number: int, key: str, value: object) -> None:
        """Remember something of a draft under a key; ``None`` drops it."""
        known = self._drafts.of(str(number))
        if known is not None:
            draft = {each: kept for each, kept in known.items() if each != key}
            self._drafts.keep(str(number), draft if value is None else {**draft, key: value})


BAR: Final = "left imports"


class UnfinishedImports(Unfinished):
    """Offers the unfinished drafts of the last window; the view of batches lists all."""

    def __init__(
        self,
        window: MainWindow,
        source: ApiSource,
        jobs: Jobs,
        drafts: TypedDrafts,
    ) -> None:
        super().__init__(window, drafts, BAR)
        self._ask = Asker(source, jobs, lambda _: None)  # they stay in the list
        self._there: dict[str, str] = {}  # names of the existing drafts
        self._is_read = False

    def look(self) -> None:
        """Offer the drafts that the last window left; later, only those still offered."""
        self.drafts.read(self._look)

    def follow(self, event: BatchesEvent) -> None:
        """Forget drafts that were started or deleted, and stop offering those that need nothing."""
        started = [b["batch_id"] for b in event["rows"] if b["state"] != BatchState.DRAFT]
        self._forget({*event["gone"], *started})
        for batch in event["rows"]:
            name = str(batch["batch_id"])
            if name in self._left and not self._asks(batch):
                self.stop_offering(name)

    def words(self, last: str, count: int) -> str:
        """Say which spreadsheet was not sent."""
        name = self._there[last]
        if count == 1:
            return self.tr("“{}” is not sent yet. It is kept as a draft.").format(name)
        many = self.tr("%Ln imports are not sent yet. The last one: “{}”", None, count)
        return many.format(name)

    def way(self) -> str:
        """Return the text of the button that opens it."""
        return self.tr("Open")

    def _look(self) -> None:
        numbers = [int(name) for name in self.drafts.names()]
        found = partial(self._on_found, numbers)
        self._ask(lambda api: Job(_drafts_among, api, numbers).then(found))

    def _on_found(self, asked: Sequence[int], found: list[Batch]) -> None:
        offered = self._left if self._is_read else self.drafts.left()
        self._is_read = True
        self._forget({*asked}.difference(batch["batch_id"] for batch in found))
        self._there = {str(batch["batch_id"]): batch["name"] for batch in found}
        asking = {str(batch["batch_id"]) for batch in found if self._asks(batch)}
        self.offer([name for name in offered if name in asking])

    def _asks(self, batch: Batch) -> bool:
        """Tell whether a draft needs a person: rows to send, check or read, or a typed text."""
        draft, counts = self.drafts.of(str(batch["batch_id"])) or {}, batch["counts"]
        is_checked = counts["rows"] and not counts["unchecked"]
        return bool(draft.keys() & {TYPED, TO_READ} or not is_checked or to_send(batch))

    def _forget(self, numbers: Iterable[int]) -> None:
        for name in {str(number) for number in numbers}.intersection(self.drafts.names()):
            self.drafts.keep(name, None)


def _drafts_among(api: Api, numbers: Sequence[int]) -> list[Batch]:
    """Return which of these batches are still drafts, in order."""
    found = []
    for number in numbers:
        try:
            batch = api.batches.one(number)
        except Refused:  # it was deleted or has expired
            continue
        if batch["state"] == BatchState.DRAFT:
            found.append(batch)
    return found
