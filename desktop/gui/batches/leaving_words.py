"""Texts for the rows of a batch that are sent now, or soon."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from desktop.contract.batches import BatchState
from desktop.gui.batches.batch_words import (
    begins_later,
    explanation,
    goes_on_at,
    headline,
    is_kept_waiting,
    is_paused,
    sent,
)
from desktop.gui.kit.words.ages import minute_of_day, rate_words
from desktop.gui.kit.words.task_row import epoch

if TYPE_CHECKING:
    from desktop.contract.batches import Batch

translate = QCoreApplication.translate


def progress(batch: Batch, now: float) -> str:
    """Say a batch's progress in one line, with its failures: no explanation follows."""
    said = headline(batch, now)
    lost, unsure = batch["counts"]["failed"], batch["counts"]["uncertain"]
    if lost:
        said = f"{said}, {translate('batches', '%Ln failed', None, lost)}"
    if unsure:
        said = f"{said}, {translate('batches', '%Ln uncertain', None, unsure)}"
    return said


def batch_leaves(batch: Batch, count: int, ready: float, left: int) -> str:
    """Say when the ``count`` messages of a batch that was started are sent.

    Its grace period ends at ``ready``, epoch s, which is in ``left`` s.
    """
    now = time.time()
    if batch["state"] == BatchState.DONE:
        return progress(batch, now)
    if is_kept_waiting(batch) or is_paused(batch):
        return explanation(batch, now)
    ready = max(ready, now)
    begins = epoch(batch["run_at"]) if begins_later(batch, ready) else goes_on_at(batch, ready)
    if sent(batch):
        return _goes_on(batch, begins, now)
    leaves = translate("leaving", "%Ln messages are sent", None, count)
    if begins is not None:
        words = translate("leaving", "{now} {when}")
        return words.format(now=leaves, when=minute_of_day(begins, now))
    if batch["rate"]:
        return _leaves_at_rate(leaves, batch["rate"], left)
    if not left:
        return leaves
    words = translate("leaving", "Sending %Ln messages begins in {seconds} s", None, count)
    return words.format(seconds=left)


def _goes_on(batch: Batch, begins: float | None, now: float) -> str:
    """Say how many messages of a batch are sent, and when it goes on if that is later."""
    said = progress(batch, now)
    if begins is None:
        return said
    words = translate("leaving", "{sent}; the next one {when}")
    return words.format(sent=said, when=minute_of_day(begins, now))


def _leaves_at_rate(leaves: str, rate: str, left: int) -> str:
    words = translate("leaving", "{now}, at most {rate}")
    said = words.format(now=leaves, rate=rate_words(rate))
    first = translate("leaving", "{now}; the first in {seconds} s")
    return first.format(now=said, seconds=left) if left else said
