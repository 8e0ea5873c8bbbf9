"""What becomes of a draft that is put aside: kept, or deleted where nothing is to be sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QObject

from desktop.gui.actions.backend.connection import Asker
from desktop.gui.actions.spreadsheets.draft_memory import LOOKED_AT, UNDER_WAY, set_up_of
from desktop.gui.importing.import_foot import to_send
from desktop.gui.jobs import Job

if TYPE_CHECKING:
    from pathlib import Path

    from desktop.client.api import ApiSource
    from desktop.contract.batches import Batch
    from desktop.gui.actions.spreadsheets.departure import Departure
    from desktop.gui.actions.spreadsheets.draft_memory import DraftMemory
    from desktop.gui.jobs import Jobs

KEPT_FOR: Final = 24 * 3600.0
"""Seconds for which a draft is kept that was only looked at."""


def was_only_looked_at(draft: dict[str, Any], batch: Batch) -> bool:
    """Tell whether a draft was only looked at, and nothing in it was changed since.

    ``draft`` is what :class:`DraftMemory` has of it.
    """
    _, set_up = draft.get(LOOKED_AT, (0.0, None))
    return bool(set_up == set_up_of(batch))


def was_looked_at_long_ago(draft: dict[str, Any], batch: Batch, now: float) -> bool:
    """Tell whether a draft was only looked at, a day or longer before ``now``, epoch s."""
    return was_only_looked_at(draft, batch) and bool(now - draft[LOOKED_AT][0] >= KEPT_FOR)


def has_nothing_to_send(batch: Batch) -> bool:
    """Tell whether each row of a draft is the same as before, or is there twice."""
    counts = batch["counts"]
    return 0 < counts["rows"] == counts["same"] + counts["twice"]


def is_settled(draft: dict[str, Any], batch: Batch) -> bool:
    """Tell whether a draft needs nothing more.

    It was only looked at, or all its rows are checked and none would be sent.
    """
    is_checked = batch["counts"]["rows"] and not batch["counts"]["unchecked"]
    sends_none = is_checked and not to_send(batch)
    return UNDER_WAY.isdisjoint(draft) and bool(sends_none or was_only_looked_at(draft, batch))


class PuttingAside(QObject):
    """Says where a draft is kept; one of which all rows were sent before is deleted.

    Where a person changed anything in it, it is kept all the same.
    """

    def __init__(
        self,
        departure: Departure,
        memory: DraftMemory,
        source: ApiSource,
        jobs: Jobs,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._departure = departure
        self._memory = memory
        self._ask = Asker(source, jobs, lambda _: None)  # it is listed all the same

    def close(self, batch: Batch, *, again: bool, pasted_in: Path) -> None:
        """Put a draft aside; with ``again`` the person has chosen to send rows once more.

        What was pasted is in the folder ``pasted_in``.
        """
        number, is_over = batch["batch_id"], has_nothing_to_send(batch) and not again
        if is_over and self._memory.is_as_read(number):
            self._ask(lambda api: Job(api.batches.delete, number))
            return
        for_a_day = self._memory.close(batch, pasted_in)
        self._departure.say_kept(batch, for_a_day=for_a_day)
