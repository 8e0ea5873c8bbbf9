"""Texts and times: when the messages of a batch are sent, and which limit delays them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QCoreApplication

from desktop.contract.batches import BatchState
from desktop.contract.reasons import Reason
from desktop.gui.batches.batch_waits import has_held, to_leave
from desktop.gui.tasks.task_row import epoch
from desktop.gui.tasks.words.states import sentences
from desktop.gui.words.ages import minute_of_day, rate_words, until

if TYPE_CHECKING:
    from desktop.contract.batches import Batch

translate = QCoreApplication.translate
LONG_WAIT_S: Final = 60.0
"""Seconds; a batch whose next message is sent later than this is *Waiting*, not *Sending*."""


def begins_later(batch: Batch, now: float) -> bool:
    """Tell whether the start time of a batch is still to come."""
    return (epoch(batch["run_at"]) or 0.0) > now


def goes_on_at(batch: Batch, now: float) -> float | None:
    """Return when a batch at its limit continues, epoch s; ``None`` for any other batch."""
    following = epoch(batch["next_leaves_at"])
    rests = following is not None and following > now + LONG_WAIT_S
    return following if batch["state"] == BatchState.RUNNING and rests else None


def begins_soon(batch: Batch, now: float) -> bool:
    """Tell whether a batch was just started and none of its rows has begun."""
    counts, following = batch["counts"], epoch(batch["next_leaves_at"])
    none_begun = counts["open"] == counts["rows"] - counts["left_out"]
    is_soon = following is not None and now < following <= now + LONG_WAIT_S
    return batch["state"] == BatchState.RUNNING and none_begun and is_soon


def leave_together(batch: Batch) -> bool:
    """Tell whether all messages may be sent from one time on, the only one known.

    At a limit, the time is that of the last messages.
    """
    counts = batch["counts"]
    several = counts["open"] + counts["ready"] + counts["changed"] > 1
    return (
        several
        and batch["limited_by"] is None
        and batch["next_leaves_at"] == batch["last_leaves_at"] is not None
    )


def leave_before_deferred(batch: Batch) -> bool:
    """Tell whether other messages are sent before the deferred ones, as fast as possible.

    The time of the deferred ones is then only the earliest time of the last message.
    """
    put_off = batch["put_off"]
    if put_off is None or batch["limited_by"] is not None or batch["rate"]:
        return False
    return to_leave(batch) > (put_off["count"] or 0)


def is_limited(batch: Batch, now: float) -> bool:
    """Tell whether a limit or a next attempt sets the time of the last message."""
    leaves = epoch(batch["last_leaves_at"])
    is_later = leaves is not None and leaves > now + 1
    return is_later and not (leave_together(batch) or leave_before_deferred(batch))


def done_at(batch: Batch, now: float, pace: float) -> float | None:
    """Return when a batch is done at this pace, epoch s.

    ``None`` if its last message waits longer: for a limit, its next attempt or a person.
    """
    if pace <= 0 or has_held(batch) or batch["limited_by"] is not None:
        return None
    done = now + max(to_leave(batch) / pace, 1.0)
    return done if (epoch(batch["last_leaves_at"]) or 0.0) <= done else None


def kept_words(batch: Batch) -> str:
    """Say that practice mode kept messages of a batch; empty if it did not."""
    if (kept := batch["counts"]["kept"]) and batch["counts"]["sent"]:
        return translate("batches", "%Ln were only kept in practice mode and not sent.", None, kept)
    if kept:
        return translate(
            "batches", "Practice mode keeps messages on this computer; they were not sent."
        )
    return ""


def done_words(done: float, now: float) -> str:
    """Say when the last message leaves, at a pace that has it ``done`` at that epoch second."""
    words = translate("batches", "The last message is sent {} at this pace.")
    return words.format(until(done, now))


def last_leaves(batch: Batch, now: float) -> str:
    """Say when the last message is sent; empty if unknown."""
    leaves = epoch(batch["last_leaves_at"])
    if leaves is None:
        return ""
    if leaves <= now + (LONG_WAIT_S if (together := leave_together(batch)) else 1):
        if begins_soon(batch, now):
            return translate("batches", "The first messages are sent in a moment.")
        return translate("batches", "All messages are sent as fast as the server takes them.")
    when = minute_of_day(leaves, now)
    if together:
        words = translate(
            "batches", "All messages are sent from {} on, as fast as the server allows."
        )
        return words.format(when)
    rate = rate_words(batch["rate"])
    following = goes_on_at(batch, now)
    if following is not None and following < leaves:
        words = translate("batches", "The next message is sent {}, the last one {}.")
        return sentences(limit_words(batch), words.format(minute_of_day(following, now), when))
    if rate:
        return translate("batches", "At most {}: the last message is sent {}.").format(rate, when)
    if leave_before_deferred(batch):
        return translate("batches", "The last message is sent {} at the earliest.").format(when)
    return translate("batches", "The last message is sent {}.").format(when)


def goes_on_words(batch: Batch, now: float) -> str:
    """Say when a batch at its limit continues; used if its end is unknown."""
    following = goes_on_at(batch, now)
    if following is None or batch["limited_by"] is None:
        return ""
    words = translate("batches", "It continues {}.").format(minute_of_day(following, now))
    return sentences(limit_words(batch), words)


def last_at_the_earliest(batch: Batch, now: float) -> str:
    """Say the earliest time of the last message while the server accepts no more."""
    leaves = epoch(batch["last_leaves_at"])
    if leaves is None or batch["reason"] != Reason.QUOTA:
        return ""
    rate, when = rate_words(batch["rate"]), minute_of_day(leaves, now)
    if rate:
        words = translate("batches", "At most {}: the last message is sent {} at the earliest.")
        return words.format(rate, when)
    return translate("batches", "The last message is sent {} at the earliest.").format(when)


def limit_words(batch: Batch) -> str:
    """Say which limit a batch has reached: its own or the mail provider's."""
    limit = batch["limited_by"]
    if limit is None:
        return ""
    if "queue" in limit:
        words = translate("batches", "Nothing more is sent for now: the provider allows {}.")
    else:
        words = translate("batches", "Nothing more is sent for now: at most {}.")
    said, counts = words.format(rate_words(str(limit["limit"]))), batch["counts"]
    if counts["failed"] or counts["uncertain"] or batch["put_off"]:
        return sentences(said, counts_words())
    return said


def counts_words() -> str:
    """Say what counts for a limit."""
    return translate(
        "batches",
        "Failed and postponed attempts count, too. Attempts while the server is away do not.",
    )
