"""Why nothing of a batch that was started leaves now, in words: made from its reason and data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from desktop.contract.batches import BatchState
from desktop.contract.reasons import HELD, OUTAGES, PAUSED, Reason
from desktop.gui.ages import minute_of_day, minute_or_date
from desktop.gui.tasks.task_row import epoch

if TYPE_CHECKING:
    from desktop.contract.batches import Batch

translate = QCoreApplication.translate


@dataclass(frozen=True, slots=True)
class BatchLook:
    """The icon, colour and word of a batch's state."""

    icon: str
    token: str
    word: str


def is_kept_waiting(batch: Batch) -> bool:
    """Tell whether something other than its own time and limits keeps all of a batch from leaving.

    One that a person paused says so itself.
    """
    return batch["state"] == BatchState.RUNNING and batch["reason"] is not None


def needs_person(batch: Batch) -> bool:
    """Tell whether only a person lets it go on."""
    return is_kept_waiting(batch) and batch["reason"] not in OUTAGES


def waiting_look(batch: Batch) -> BatchLook:
    """Return the look of a batch that is kept waiting."""
    if batch["reason"] in PAUSED:
        return BatchLook("pause", "waiting", translate("batches", "Paused"))
    if batch["reason"] in HELD:
        return BatchLook("triangle-alert", "waiting", translate("batches", "On hold"))
    if batch["reason"] == Reason.UNSETTLED:
        return BatchLook("circle-help", "uncertain", translate("batches", "Waiting"))
    return BatchLook("clock", "waiting", translate("batches", "Waiting"))


def waiting_cell(batch: Batch, now: float, *, may_act: bool = True) -> str:
    """Say in a cell what a batch waits for; who ``may_act`` not is told to do nothing."""
    match batch["reason"]:
        case Reason.OFFLINE:
            return translate("batches", "for the connection")
        case Reason.QUOTA:
            return translate("batches", "next attempt {}").format(_next_try(batch, now))
        case Reason.UNSETTLED if may_act:
            return translate("batches", "until you decide")
        case Reason.UNSETTLED:
            return translate("batches", "until that is decided")
        case reason if reason in HELD:
            return translate("batches", "until the problem is fixed")
        case _:
            return until_resumed(may_act=may_act)


def until_resumed(*, may_act: bool) -> str:
    """Say in a cell that a pause is to be ended."""
    if may_act:
        return translate("batches", "until you resume")
    return translate("batches", "until it is resumed")


def pause_words(batch: Batch, *, may_act: bool) -> str:
    """Say what waits for the end of a pause."""
    count = batch["counts"]["open"]
    if may_act:
        return translate("batches", "%Ln messages wait until you resume.", None, count)
    return translate("batches", "%Ln messages wait until they are resumed.", None, count)


def waiting_words(batch: Batch, now: float, *, may_act: bool = True) -> str:
    """Say in a sentence or two what its messages wait for, and when the next attempt is.

    One who ``may_act`` not is told to do nothing.
    """
    count, data = batch["counts"]["open"], batch["reason_data"]
    server = data.get("server", "")
    match batch["reason"]:
        case Reason.OFFLINE if server:
            words = translate("batches", "%Ln messages wait for the connection to {}.", None, count)
            again = translate("batches", "Sendoff tries again every minute.")
            return f"{words.format(server)} {again}"
        case Reason.OFFLINE:
            words = translate("batches", "%Ln messages wait for the connection.", None, count)
            again = translate("batches", "Sendoff tries again every minute.")
            return f"{words} {again}"
        case Reason.QUOTA:
            words = translate("batches", "%Ln messages wait until {} takes more.", None, count)
            words = words.format(server or translate("batches", "the mail server"))
            again = translate("batches", "The next attempt is {}.")
            moment = epoch(data.get("until")) or now
            return f"{words} {again.format(minute_of_day(moment, now))}"
        case Reason.UNSETTLED if not may_act:
            return translate(
                "batches",
                "%Ln messages wait until it is known whether earlier ones to the same people were "
                "sent.",
                None,
                count,
            )
        case Reason.UNSETTLED:
            return translate(
                "batches",
                "%Ln messages wait until you say whether earlier ones to the same people were "
                "sent.",
                None,
                count,
            )
        case reason if reason in HELD:
            if not data.get("text"):
                return translate("batches", "%Ln messages are on hold.", None, count)
            words = translate("batches", "%Ln messages are on hold: {}", None, count)
            return words.format(data["text"])
        case _:
            return pause_words(batch, may_act=may_act)


def _next_try(batch: Batch, now: float) -> str:
    return minute_or_date(epoch(batch["reason_data"].get("until")) or now, now)
