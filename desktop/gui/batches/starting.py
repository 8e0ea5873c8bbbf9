"""Says when the messages of a started batch are sent, and offers to make it a draft again."""

from __future__ import annotations

import time
from functools import partial
from typing import TYPE_CHECKING

from desktop.contract.batch_condition import (
    begins_later,
    goes_on_at,
    is_kept_waiting,
    is_paused,
    message_count,
    sent,
)
from desktop.contract.batches import BatchState
from desktop.gui.batches.batch_numbers import progress
from desktop.gui.batches.batch_words import explanation
from desktop.gui.kit.words.ages import minute_of_day
from desktop.gui.kit.words.table import WORDS, say
from desktop.gui.tasks.acting.pending_actions import DoneAction
from sendoff_tasks.model.times import epoch

if TYPE_CHECKING:
    from collections.abc import Callable

    from desktop.contract.batches import Batch, BatchAnswer
    from desktop.gui.batches.spreadsheets import BatchModel
    from desktop.gui.frame.starts import StartTimes
    from desktop.gui.tasks.acting.task_verbs import TaskVerbs
    from sendoff_tasks.model.tasks import PendingRow


class StartedBatches:
    """Tells of batches that were started, also by an earlier window.

    ``draft_wanted`` is called with one that is a draft again.
    """

    def __init__(
        self,
        starts: StartTimes,
        verbs: TaskVerbs,
        model: BatchModel,
        draft_wanted: Callable[[int], object],
    ) -> None:
        self._starts, self._verbs, self._model = starts, verbs, model
        self._draft_wanted = draft_wanted
        verbs.on_done["start"] = self._of_earlier

    def tell(self, batch: BatchAnswer) -> None:
        """Say when its messages are sent; with *Undo* for a while, if this window started it."""
        done = self._done(batch["batch_id"], message_count(batch), batch)
        self._verbs.offer(done, batch.get("pending"))

    def _of_earlier(self, row: PendingRow) -> DoneAction:
        return self._done(row["batch_id"] or 0, row["touched"])

    def _done(self, number: int, count: int, batch: Batch | None = None) -> DoneAction:
        def words(left: int) -> str:
            known = [each for each in (batch, self._model.find(number)) if each is not None]
            now = max(known, key=lambda each: each["rev"], default=None)
            return batch_leaves(now, count, left, self._starts.when(0), kept=self._starts.keeps)

        return DoneAction("start", "start", said=words, undone=partial(self._draft_wanted, number))


def batch_leaves(batch: Batch | None, count: int, left: int, stopped: str, *, kept: bool) -> str:
    """Say when the ``count`` messages of a batch that was started are sent, or only ``kept``.

    It can be undone for ``left`` s, and is ``None`` before it is read. ``stopped`` says when its
    queue continues; empty unless that is paused or held.
    """
    now, when, rate, is_planned = time.time(), stopped, "", False
    if batch is not None:
        if batch["state"] == BatchState.DONE or sent(batch):
            return progress(batch, now)
        if is_kept_waiting(batch) or is_paused(batch):
            return explanation(batch, now)
        ready, rate = now + left, WORDS.rate(batch["rate"])
        is_planned = begins_later(batch, ready)
        begins = epoch(batch["run_at"]) if is_planned else goes_on_at(batch, ready)
        when = stopped or (minute_of_day(begins, now) if begins is not None else "")
    if kept:
        name = "unless_real" if is_planned else "kept"
    elif when:
        name = "later"
    else:
        name = "_".join(["limited"] * bool(rate) + ["soon"] * bool(left)) or "now"
    return say("batch_started", name, n=count, when=when, rate=rate, s=left)
