"""Drafts that were not sent: remembered on disk, and offered again."""

from __future__ import annotations

import time
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from desktop.client.errors import Refused
from desktop.contract.batches import BatchState
from desktop.gui.batches.draft_words import to_send
from desktop.gui.frame.drafts import Unfinished
from desktop.gui.link.jobs import Asker, Job

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

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
LOOKED_AT: Final = "looked at"
"""Key of the time an unchanged draft was closed, epoch s, and its settings then."""
PLACE: Final = "place"
"""Key of the path from which the file was read."""
UNDER_WAY: Final = frozenset({TYPED, TO_READ})
"""The keys of unfinished work."""
_SET_UP: Final = ("key", "template", "rate", "run_at", "columns", "reading", "corrected", "unused")


def set_up_of(batch: Batch) -> list[Any]:
    """Return the settings of a draft for a comparison."""
    return [batch[name] for name in _SET_UP]


class DraftMemory:
    """Remembers drafts by number; ``drafts`` keeps them on disk for the next window.

    A draft of a file counts as unchanged until the person changes it.
    """

    def __init__(self, drafts: TypedDrafts) -> None:
        self._drafts = drafts
        self._unchanged: set[int] = set()
        self._shown = 0

    def note(self, path: str, number: int, *, unchanged: bool) -> None:
        """Remember a new draft of a file; its sheet may be closed by now."""
        if unchanged:
            self._unchanged.add(number)
        self._drafts.keep(str(number), {TO_READ: True, PLACE: path})

    def show(self, number: int) -> None:
        """Note that a draft is shown."""
        self._shown = number
        self.keep(number, LOOKED_AT, None)
        if self._drafts.of(str(number)) is None:
            self._drafts.keep(str(number), {})
        self._drafts.take_up(str(number))

    def change(self, *_what: object) -> None:
        """Note that the person has changed the shown draft."""
        self._unchanged.discard(self._shown)

    def close(self, batch: Batch) -> bool:
        """Note that a draft is closed; return whether it is unchanged."""
        number = batch["batch_id"]
        if number not in self._unchanged or self.of(number, TYPED) is not None:
            return False
        self.keep(number, LOOKED_AT, [time.time(), set_up_of(batch)])
        return True

    def is_as_read(self, number: int) -> bool:
        """Tell whether a draft has all rows of its file and is unchanged."""
        draft = self._drafts.of(str(number)) or {}
        return number in self._unchanged and UNDER_WAY.isdisjoint(draft)

    def numbers(self) -> list[int]:
        """Return the drafts made on this computer, the one shown last first."""
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


KEPT_FOR: Final = 24 * 3600.0
"""Seconds for which an unchanged draft is kept."""


def was_only_looked_at(draft: dict[str, Any], batch: Batch) -> bool:
    """Tell whether a draft was closed unchanged, and not changed since.

    ``draft`` is its entry in :class:`DraftMemory`.
    """
    _, set_up = draft.get(LOOKED_AT, (0.0, None))
    return bool(set_up == set_up_of(batch))


def was_looked_at_long_ago(draft: dict[str, Any], batch: Batch, now: float) -> bool:
    """Tell whether a draft was closed unchanged a day or longer before ``now``, epoch s."""
    return was_only_looked_at(draft, batch) and bool(now - draft[LOOKED_AT][0] >= KEPT_FOR)


def has_nothing_to_send(batch: Batch) -> bool:
    """Tell whether each row of a draft is the same as before or a duplicate."""
    counts = batch["counts"]
    return 0 < counts["rows"] == counts["same"] + counts["twice"]


def is_settled(draft: dict[str, Any], batch: Batch) -> bool:
    """Tell whether a draft needs nothing more.

    It is unchanged, or all its rows are checked and none would be sent.
    """
    is_checked = batch["counts"]["rows"] and not batch["counts"]["unchecked"]
    sends_none = is_checked and not to_send(batch)
    return UNDER_WAY.isdisjoint(draft) and bool(sends_none or was_only_looked_at(draft, batch))


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
        self._there: dict[str, Batch] = {}  # the existing drafts
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
            if batch["state"] == BatchState.DRAFT:
                self._there[name] = batch
            if not self._asks(name):
                self.stop_offering(name)
        self._show()

    def words(self, last: str, count: int) -> str:
        """Say which spreadsheet was not sent."""
        name = self._there[last]["name"]
        if count == 1:
            return self.tr("“{}” is not sent yet. It is kept as a draft.").format(name)
        many = self.tr("%Ln imports are not sent yet. The last one: “{}”", None, count)
        return many.format(name)

    def way(self) -> str:
        """Return the text of the button that opens it."""
        return self.tr("Open")

    def _look(self) -> None:
        drafts = {int(name): self.drafts.of(name) or {} for name in self.drafts.names()}
        found = partial(self._on_found, [*drafts])
        if drafts:
            self._ask(lambda api: Job(_drafts_among, api, drafts, time.time()).then(found))
        else:
            self._is_read = True

    def _on_found(self, asked: Sequence[int], found: list[Batch]) -> None:
        offered = self._left if self._is_read else self.drafts.left()
        self._is_read = True
        there = {batch["batch_id"] for batch in found}
        self._forget(number for number in asked if number not in there)
        self._there = {str(batch["batch_id"]): batch for batch in found}
        self.offer([name for name in offered if self._asks(name)])

    def _asks(self, name: str) -> bool:
        """Tell whether a draft exists and needs a person."""
        batch = self._there.get(name)
        return batch is not None and not is_settled(self.drafts.of(name) or {}, batch)

    def _forget(self, numbers: Iterable[int]) -> None:
        for name in {str(number) for number in numbers}.intersection(self.drafts.names()):
            self.drafts.keep(name, None)


def _drafts_among(api: Api, drafts: Mapping[int, dict[str, Any]], now: float) -> list[Batch]:
    """Return which of these batches are still drafts, in order; delete old unchanged ones.

    ``drafts`` are their entries in :class:`DraftMemory`.
    """
    found = []
    for number, draft in drafts.items():
        try:
            batch = api.batches.one(number)
            if batch["state"] != BatchState.DRAFT:
                continue
            if was_looked_at_long_ago(draft, batch, now):
                api.batches.delete(number)
                continue
        except Refused:  # it was deleted or has expired
            continue
        found.append(batch)
    return found
