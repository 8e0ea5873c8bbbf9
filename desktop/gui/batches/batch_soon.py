"""A batch of which messages that wait are about to be tried, as long as that can be undone."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QCoreApplication

from desktop.contract.batches import BatchState
from desktop.contract.reasons import Reason
from desktop.gui.batches.batch_times import goes_on_at
from desktop.gui.batches.batch_waits import (
    BatchLook,
    is_kept_waiting,
    is_over,
    is_ready,
    put_off_before_first,
)
from desktop.gui.tasks.words.states import sentences

if TYPE_CHECKING:
    from collections.abc import Mapping

    from desktop.contract.batches import Batch

translate = QCoreApplication.translate


def as_if_tried(batch: Batch, coming: Mapping[str, int]) -> Batch:
    """Return a batch without the messages that are to be tried among those that wait.

    ``coming`` counts them by the reason for which they wait.
    """
    found = cast("Batch", {**batch})
    if coming.get(Reason.HELD_FOR_PERSON):
        left = coming[Reason.HELD_FOR_PERSON]
        found["causes"] = []
        for cause in batch["causes"]:
            taken = min(left, cause["count"]) if is_over(cause) else 0
            left -= taken
            if cause["count"] > taken:
                found["causes"].append({**cause, "count": cause["count"] - taken})
        if is_ready(batch):
            found["reason"] = None
        found["last_leaves_at"] = None  # they may be the next ones
    if put_off := batch["put_off"]:
        count = (put_off["count"] or 0) - coming.get(Reason.RETRY_LATER, 0)
        found["put_off"] = {**put_off, "count": count} if count > 0 else None
        if count <= 0:
            found["last_leaves_at"] = None  # that may be of their next attempt
        if count <= 0 and batch["reason"] == Reason.RETRY_LATER:
            found["reason"] = found["next_leaves_at"] = None
    return found


def is_begun_by(batch: Batch, coming: Mapping[str, int]) -> bool:
    """Tell whether messages leave by that; not while it is paused or waits for something else."""
    begun = as_if_tried(batch, coming)
    goes_on = begun["state"] == BatchState.RUNNING and not is_kept_waiting(begun)
    return goes_on and any(coming.values())


def coming_words(batch: Batch, coming: Mapping[str, int], now: float, *, may_undo: bool) -> str:
    """Say that messages are about to be tried; at a limit, that it counts for them too."""
    count = sum(coming.values())
    words = translate("batches", "%Ln messages are about to be sent.", None, count)
    if goes_on_at(batch, now) is not None:
        words = translate(
            "batches", "%Ln messages are about to be sent, as far as the limit allows.", None, count
        )
    undo = translate("batches", "Undo leaves the batch as it was.")
    return sentences(words, undo) if may_undo else words


def coming_look() -> BatchLook:
    """Return the look of a batch of which nothing else leaves now."""
    return BatchLook("clock", "scheduled", translate("batches", "Waiting"))


def coming_cell() -> str:
    """Say in a cell what happens next of such a batch."""
    return translate("batches", "begins in a moment")


def stood_still(batch: Batch, now: float) -> bool:
    """Tell whether nothing of a batch leaves now, for want of a person or for its limit."""
    waits = is_kept_waiting(batch) or put_off_before_first(batch) is not None
    return waits or goes_on_at(batch, now) is not None
