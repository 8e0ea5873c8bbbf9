"""Texts about a draft and its rows: what was found, and what happens once it is sent."""

from __future__ import annotations

import time
from functools import partial
from typing import TYPE_CHECKING, Final, NamedTuple

from PySide6.QtCore import QT_TRANSLATE_NOOP

from desktop.contract import row_words
from desktop.contract.batch_condition import rows_of_sheet
from desktop.contract.batches import (
    NEEDS_LOOK,
    BatchKey,
    RowCheck,
    Target,
    rows_to_send,
)
from desktop.contract.row_words import target_of
from desktop.gui.batches.batch_words import after_quota, times_words, why_words
from desktop.gui.kit.words.ages import until
from desktop.gui.kit.words.plurals import figure
from desktop.gui.kit.words.states import sentences
from desktop.gui.kit.words.table import WORDS, say
from sendoff_tasks.model.reasons import HELD, PAUSED
from sendoff_tasks.model.times import epoch

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from desktop.contract.batches import Batch, BatchCounts


LEFT_OUT: Final = ""
"""The target of a column that is left out."""
target_word: Final = partial(row_words.target_word, words=WORDS)
time_words: Final = partial(row_words.time_words, words=WORDS)
correction_words: Final = partial(row_words.correction_words, words=WORDS)
copied_words: Final = partial(row_words.copied_words, words=WORDS)
_rows_not_new: Final = partial(row_words.rows_not_new, words=WORDS)
check_words: Final = partial(row_words.check_words, words=WORDS)


def path_word(path: str, columns: Mapping[str, str | None]) -> str:
    """Return the header of the column that fills a path, or else the target's name."""
    target = target_of(path)
    header = next((header for header, each in columns.items() if each == target), None)
    return header or target_word(target)


class ChipGroup(NamedTuple):
    """A chip: its title, its checks, and the names of their counts."""

    title: object
    checks: tuple[RowCheck, ...]
    counts: tuple[str, ...]

    def count(self, counts: BatchCounts | None) -> int:
        """Return the number of rows in this group."""
        return sum(counts[name] for name in self.counts) if counts else 0  # type: ignore[literal-required]


ALL: Final = ChipGroup(QT_TRANSLATE_NOOP("rows", "All"), (), ("rows",))
NEED_LOOK: Final = ChipGroup(
    QT_TRANSLATE_NOOP("rows", "Need a look"), NEEDS_LOOK, ("problems", "doubtful")
)
GROUPS: Final = (
    NEED_LOOK,
    ChipGroup(QT_TRANSLATE_NOOP("rows", "Twice"), (RowCheck.TWICE,), ("twice",)),
    ChipGroup(QT_TRANSLATE_NOOP("rows", "Changed"), (RowCheck.CHANGED,), ("changed",)),
    ChipGroup(QT_TRANSLATE_NOOP("rows", "Same as before"), (RowCheck.SAME,), ("same",)),
    ChipGroup(QT_TRANSLATE_NOOP("rows", "Do not send"), (RowCheck.DO_NOT_SEND,), ("do_not_send",)),
    ChipGroup(QT_TRANSLATE_NOOP("rows", "Want no e-mail"), (RowCheck.OPTED_OUT,), ("opted_out",)),
    ChipGroup(QT_TRANSLATE_NOOP("rows", "Skipped"), (RowCheck.SKIPPED,), ("skipped",)),
    ChipGroup(QT_TRANSLATE_NOOP("rows", "Ready"), (RowCheck.READY,), ("ready",)),
    ALL,
)


TOKENS: Final = {
    RowCheck.READY: "succeeded",
    RowCheck.PROBLEM: "failed",
    RowCheck.SAME: "queued",
    RowCheck.CHANGED: "waiting",
    RowCheck.TWICE: "waiting",
    RowCheck.DO_NOT_SEND: "soft text",
    RowCheck.SKIPPED: "soft text",
    RowCheck.OPTED_OUT: "soft text",
    RowCheck.DOUBTFUL: "waiting",
}
"""The theme token for the colour of a check."""


def not_read(batch: Batch, rows_of_file: int | None) -> list[str]:
    """Say how many rows of the file were read, if some were not."""
    rows = batch["counts"]["rows"]
    if rows_of_file is None or rows >= rows_of_file:
        return []
    return [say("draft", "not_read", n=rows_of_file, rows=figure(rows))]


def corrected(batch: Batch, lost: int) -> list[str]:
    """Say how many values were corrected; ``lost`` ones are of rows that are no longer read."""
    counts = {"corrected": batch["corrected"], "unused": batch["unused"] + lost}
    return [say("draft", name, n=n) for name, n in counts.items() if n]


def way_out(unfilled: Sequence[str]) -> str:
    """Say what to do about fields that the template asks for and no column fills."""
    return say("draft", "unfilled", fields="”, “".join(unfilled))


def what_happens(batch: Batch, also: Collection[str] = ()) -> list[str]:
    """Say what is sent, what is left out, and when the last message is sent.

    Rows that were sent before are sent again if their check is in ``also``.
    """
    twice = batch["counts"]["twice"]
    if not batch["counts"]["rows"]:
        return [say("draft", "no_rows")]
    columns = batch["columns"].values()
    if Target.EMAIL not in columns:
        return [say("draft", "no_email")]
    if Target.NUMBER in batch["key"] and Target.NUMBER not in columns:
        return [say("draft", "no_number")]
    if not rows_to_send(batch["counts"], also):
        return [say("draft", "nothing"), *_rows_not_new(batch, also)]
    repeated = [say("draft", "twice", n=twice)] if twice else []
    copies = row_words.copies_words(batch, also, words=WORDS)
    # What leaves comes first: a long text scrolls above *Send*.
    leaves = [*copies, *_replaced(batch, also)]
    return [*leaves, *_rows_not_new(batch, also), *repeated, _when(batch, also)]


def about_draft(batch: Batch, *, may_act: bool) -> list[str]:
    """Say which rows of a draft are not new: changed, the same, or with a problem."""
    said = _rows_not_new(batch)
    if may_act and batch["counts"]["rows"] < rows_of_sheet(batch):
        said.insert(0, say("draft", "read_on"))
    return [*said, say("draft", "press_send")] if may_act else said


def _when(batch: Batch, also: Collection[str]) -> str:
    """Say what the messages will wait for, and when the last one is sent.

    That time does not count rows that are sent again: with them, only the daily limit is named.
    """
    now, why, rate = time.time(), why_words(batch), WORDS.rate(batch["rate"])
    if over := after_quota(batch, now):
        return sentences(why, over)
    reason = batch["leaves"]["reason"]
    kind = "paused" if reason in PAUSED else "on_hold" if reason in HELD else ""
    waits = sentences(why, say("draft", "waits", kind)) if why else ""
    if rows_to_send(batch["counts"], also) > rows_to_send(batch["counts"]):
        return sentences(waits, say("batch_times", "at_most", rate=rate) if rate else "")
    return waits or times_words(batch, now)


def _replaced(batch: Batch, also: Collection[str]) -> list[str]:
    """Say which e-mails of other batches, not sent yet, this draft replaces."""
    found = [each for each in batch["replaces"] or () if each.get("check") in also]
    count, now = sum(each["count"] for each in found), time.time()
    times = {each.get("run_at") for each in found}
    begins = epoch(times.pop()) if len(times) == 1 else None
    when = until(begins, now) if begins is not None and begins > now else ""
    numbers = ", ".join(str(number) for number in sorted({each["batch_id"] for each in found}))
    said = say("draft", "replaces", "planned" if when else "", n=count, batches=numbers, when=when)
    return [said] if count else []


def about_repeated_rows(batch: Batch) -> str:
    """Say by what the rows of a draft repeat another one, and how to send each."""
    last = batch["key"][-1]
    if last == BatchKey.NUMBER:
        return say("draft_key", last)
    return sentences(say("draft_key", last), say("draft_key", "orders"))
