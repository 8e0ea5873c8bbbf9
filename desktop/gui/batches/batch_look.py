"""The icon, colour and name of a batch's state."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from desktop.contract.batches import BatchState
from desktop.contract.reasons import HELD, PAUSED, Reason
from desktop.gui.batches.batch_rest import failed
from desktop.gui.batches.batch_times import begins_later, begins_soon, goes_on_at
from desktop.gui.batches.batch_waits import (
    are_taken_over,
    is_kept_waiting,
    is_ready,
    put_off_before_first,
)
from desktop.gui.batches.batch_words import sent

if TYPE_CHECKING:
    from desktop.contract.batches import Batch

translate = QCoreApplication.translate


@dataclass(frozen=True, slots=True)
class BatchLook:
    """The icon, colour and name of a batch's state."""

    icon: str
    token: str
    word: str


def look_of(batch: Batch, now: float, *, cancelling: bool = False) -> BatchLook:
    """Return the look of a batch's state.

    ``cancelling`` means that its rest is about to be cancelled; nothing is sent meanwhile.
    """
    if cancelling:
        return BatchLook("ban", "waiting", translate("batches", "Cancelling…"))
    match batch["state"]:
        case BatchState.DRAFT:
            return BatchLook("pencil", "queued", translate("batches", "Draft"))
        case BatchState.PAUSED:
            return BatchLook("pause", "waiting", translate("batches", "Paused"))
        case BatchState.DONE:
            return _look_of_done(batch)
        case _ if are_taken_over(batch):
            return BatchLook("clock", "waiting", translate("batches", "Waiting"))
        case _ if is_kept_waiting(batch):
            return _look_of_waiting(batch)
        case _ if put_off_before_first(batch) is not None:
            return BatchLook("clock", "waiting", translate("batches", "Waiting"))
        case _ if begins_later(batch, now):
            return BatchLook("calendar-clock", "scheduled", translate("batches", "Scheduled"))
        case _ if begins_soon(batch, now) or goes_on_at(batch, now) is not None:
            return BatchLook("clock", "scheduled", translate("batches", "Waiting"))
        case _:
            return BatchLook("loader-circle", "running", translate("batches", "Sending"))


def _look_of_waiting(batch: Batch) -> BatchLook:
    """Return the look of a batch that is kept waiting."""
    if batch["reason"] in PAUSED:
        return BatchLook("pause", "waiting", translate("batches", "Paused"))
    if is_ready(batch):
        return BatchLook("clock", "waiting", translate("batches", "Ready"))
    if batch["reason"] in HELD:
        return BatchLook("triangle-alert", "waiting", translate("batches", "On hold"))
    if batch["reason"] == Reason.UNSETTLED:
        return BatchLook("circle-help", "uncertain", translate("batches", "Waiting"))
    return BatchLook("clock", "waiting", translate("batches", "Waiting"))


def _look_of_done(batch: Batch) -> BatchLook:
    """Return the look of a finished batch: *Done* only if no row has a problem."""
    part = translate("batches", "Partly sent") if sent(batch) else ""
    if part and not batch["counts"]["sent"]:
        part = translate("batches", "Partly kept")
    if failed(batch):
        icon = "triangle-alert" if part else "circle-x"
        return BatchLook(icon, "failed", part or translate("batches", "Failed"))
    if batch["counts"]["uncertain"]:
        unsure = translate("batches", "Uncertain")
        return BatchLook("circle-help", "uncertain", part or unsure)
    if batch["counts"]["cancelled"]:
        return BatchLook("ban", "cancelled", part or translate("batches", "Cancelled"))
    return BatchLook("circle-check", "succeeded", translate("batches", "Done"))


def coming_look() -> BatchLook:
    """Return the look of a batch whose only messages are about to be tried."""
    return BatchLook("clock", "scheduled", translate("batches", "Waiting"))
