"""Closes a draft: it is kept, or deleted if there is nothing to send."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QObject

from desktop.gui.batches.draft_words import to_send
from desktop.gui.importing.draft_memory import LOOKED_AT, UNDER_WAY, set_up_of
from desktop.gui.link.jobs import Asker, Job

if TYPE_CHECKING:
    from pathlib import Path

    from desktop.client.api import ApiSource
    from desktop.contract.batches import Batch
    from desktop.gui.importing.draft_memory import DraftMemory
    from desktop.gui.importing.draft_toasts import DraftToasts
    from desktop.gui.link.jobs import Jobs

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


class PuttingAside(QObject):
    """Says where a closed draft is kept.

    An unchanged draft whose rows were all sent before is deleted instead.
    """

    def __init__(
        self,
        draft_toasts: DraftToasts,
        memory: DraftMemory,
        source: ApiSource,
        jobs: Jobs,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._draft_toasts = draft_toasts
        self._memory = memory
        self._ask = Asker(source, jobs, lambda _: None)  # it stays in the list

    def close(self, batch: Batch, *, again: bool, pasted_in: Path) -> None:
        """Close a draft; ``again`` means that the person chose to send unchanged rows again.

        Files of pasted cells are in the folder ``pasted_in``.
        """
        number, is_over = batch["batch_id"], has_nothing_to_send(batch) and not again
        if is_over and self._memory.is_as_read(number):
            self._ask(lambda api: Job(api.batches.delete, number))
            return
        for_a_day = self._memory.close(batch, pasted_in)
        self._draft_toasts.say_kept(batch, for_a_day=for_a_day)
