"""What is about to happen to batches: how the window asks for it, and tells of it."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, cast

from PySide6.QtCore import QCoreApplication

from desktop.client.errors import Refused
from desktop.contract.batches import BatchState
from desktop.contract.reasons import Reason
from desktop.gui.batches.batch_words import (
    begins_later,
    can_be_retried,
    cancelled_words,
    explanation,
    goes_on_at,
    headline,
    is_kept_waiting,
    is_paused,
    sent,
)
from desktop.gui.kit.words.ages import minute_of_day, rate_words
from desktop.gui.kit.words.task_row import epoch
from desktop.gui.kit.words.verbs import after_batch, starts_apart
from desktop.gui.tasks.acting.pending_actions import AnnouncedMany

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from desktop.client.api import Api
    from desktop.contract.batches import Batch
    from desktop.contract.tasks import BulkAnswer, PendingRow
    from desktop.gui.batches.batch_model import BatchModel
    from desktop.gui.frame.notices.toasts import Toasts


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


@dataclass(eq=False)
class AnnouncedBatches(AnnouncedMany):
    """One action on some batches of the ``model``."""

    model: BatchModel | None = None

    def words(self, toasts: Toasts, left: int) -> str:
        """Say what will happen to the batches in ``left`` seconds."""
        batches = [self._later(row) for row in self.rows.values()]
        return batches_later(self.action, batches, left, toasts.when) if batches else ""

    def ask(self, api: Api, delay: float) -> dict[int, str]:
        """Have the action wait; return why some batches refuse it, or "" for nothing to do."""
        faults = {}
        for number in self.numbers:
            try:
                if self.action == "retry":
                    key = f"{self.key} {number}"
                    if "pending" not in api.batches.retry(number, key, delay=delay):
                        faults[number] = ""
                elif self.action == "cancel":
                    api.batches.cancel(number, delay=delay)
                else:
                    api.batches.delete(number, delay=delay)
            except Refused as error:
                faults[number] = str(error)
        return faults

    def tell(self, toasts: Toasts, total: Mapping[str, int]) -> str:
        """Say how many messages were cancelled; return the name of the batch, or their number."""
        if self.action == "cancel":
            told = cast("BulkAnswer", {**total, "skipped": []})
            toasts.show(cancelled_words(told), icon="ban")
        if len(self.over) != 1 or len(self.numbers) != 1 or self.model is None:
            return translate("batches", "%Ln batches", None, len(self.over))
        return self.model.name_of(*self.numbers)

    def _later(self, row: PendingRow) -> BatchLater:
        number = row["batch_id"] or 0
        batch = self.model.find(number) if self.model else None
        count = can_be_retried(batch) if batch else row["touched"]
        is_paused = batch is not None and batch["state"] == BatchState.PAUSED
        return BatchLater(batch["name"] if batch else str(number), count, is_paused)


class BatchLater(NamedTuple):
    """A batch on which an action waits, and the number of rows that it is on."""

    name: str
    rows: int
    is_paused: bool


def batches_later(
    action: str, batches: Sequence[BatchLater], left: int, when: Callable[[int], str]
) -> str:
    """Say what happens to batches in ``left`` seconds; ``when`` is :meth:`Toasts.when`."""
    later, now = _batches_later(action, batches)
    paused = sum(each.rows for each in batches if each.is_paused)
    after, is_all = after_batch(Reason.BATCH_PAUSED), all(each.is_paused for each in batches)
    moment = after if is_all else when(left)
    told = {"name": batches[0].name, "seconds": left, "when": moment}
    said = (later if left else now).format(**told)
    is_part = action == "retry" and paused and not is_all
    return f"{said}\n{starts_apart(paused, after)}" if is_part else said


def _batches_later(action: str, batches: Sequence[BatchLater]) -> tuple[str, str]:
    """Return the announcement for these batches, and the text once it is due.

    ``{name}`` is the only batch, ``{seconds}`` the time left, ``{when}`` the time of sending.
    """
    many, count = len(batches), sum(each.rows for each in batches)
    again = translate("batches", "Sending %Ln messages again begins {when}", None, count)
    several = {
        "retry": (again, again),
        "cancel": (
            translate("batches", "The rest of %Ln batches is cancelled in {seconds} s", None, many),
            translate("batches", "Cancelling the rest of %Ln batches…", None, many),
        ),
        "delete": (
            translate("batches", "%Ln drafts are deleted in {seconds} s", None, many),
            translate("batches", "Deleting %Ln drafts…", None, many),
        ),
    }
    one = {
        "retry": (again, again),
        "cancel": (
            translate("batches", "The rest of “{name}” is cancelled in {seconds} s"),
            translate("batches", "Cancelling the rest of “{name}”…"),
        ),
        "delete": (
            translate("batches", "The draft “{name}” is deleted in {seconds} s"),
            translate("batches", "Deleting the draft “{name}”…"),
        ),
    }
    return (several if many > 1 else one)[action]
