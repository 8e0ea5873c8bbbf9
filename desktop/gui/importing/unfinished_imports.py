"""Offers drafts of spreadsheets that were imported here and not sent."""

from __future__ import annotations

import time
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from desktop.client.errors import Refused
from desktop.contract.batches import BatchState
from desktop.gui.frame.unfinished import Unfinished
from desktop.gui.importing.draft_memory import READING, SENDING
from desktop.gui.importing.putting_aside import is_settled, was_looked_at_long_ago
from desktop.gui.link.jobs import Asker, Job

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from desktop.client.api import Api, ApiSource
    from desktop.contract.batches import Batch
    from desktop.contract.events import BatchesEvent
    from desktop.gui.batches.batch_view import BatchView
    from desktop.gui.frame.main_window import MainWindow
    from desktop.gui.link.jobs import Jobs
    from desktop.gui.link.typed_drafts import TypedDrafts

BAR: Final = "left imports"


class UnfinishedImports(Unfinished):
    """Offers unfinished drafts in a bar; the view of batches lists the others, too.

    The bar counts all drafts that need a person, including those opened or made since.
    """

    def __init__(
        self,
        window: MainWindow,
        view: BatchView,
        source: ApiSource,
        jobs: Jobs,
        drafts: TypedDrafts,
    ) -> None:
        super().__init__(window, drafts, BAR)
        self._ask = Asker(source, jobs, lambda _: None)  # they stay in the list
        self._there: dict[str, Batch] = {}  # the existing drafts
        self._is_read = False
        self._being_read: int | None = None
        self._view = view
        drafts.changed.connect(self._show_cut_short)

    def look(self) -> None:
        """Offer the drafts that the last window left, once."""
        if not self._is_read:
            self.drafts.read(self._look)

    def look_again(self) -> None:
        """Read the offered drafts again: changes may have been missed."""
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

    def leave_out(self, number: int | None) -> None:
        """Do not show the draft whose file is being read as incomplete."""
        self._being_read = number
        self._show_cut_short()

    def pointed_to(self) -> list[str]:
        """Return the existing drafts that need a person."""
        return [name for name in self.drafts.left() if self._asks(name)]

    def words(self, last: str, count: int) -> str:
        """Say which spreadsheet was not sent."""
        name = self._there[last]["name"]
        was_sent = SENDING in (self.drafts.of(last) or {})
        if count == 1 and was_sent:
            return self.tr(
                "“{}” was not sent: Sendoff ended before it could be. Open it and press Send."
            ).format(name)
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
        self._show_cut_short()
        there = {batch["batch_id"] for batch in found}
        self._forget(number for number in asked if number not in there)
        self._there = {str(batch["batch_id"]): batch for batch in found}
        self.offer([name for name in offered if self._asks(name)])

    def _asks(self, name: str) -> bool:
        """Tell whether a draft exists and needs a person."""
        batch = self._there.get(name)
        return batch is not None and not is_settled(self.drafts.of(name) or {}, batch)

    def _show_cut_short(self) -> None:
        """Let the view of batches show which files were not read to the end."""
        kept = {int(name): self.drafts.of(name) or {} for name in self.drafts.names()}
        self._view.show_cut_short(
            {
                n: draft[READING]
                for n, draft in kept.items()
                if READING in draft and n != self._being_read
            }
        )

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
