"""What a batch does now or waits for, and when it goes on: facts for words, buttons and looks.

``now`` is an epoch second.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Final

from desktop.contract.batches import BatchState, rows_to_send
from desktop.contract.office import HOURS, OfficeCure, OfficeReason
from sendoff_tasks.model.reasons import HELD, OUTAGES, PAUSED, Reason
from sendoff_tasks.model.times import epoch

if TYPE_CHECKING:
    from desktop.contract.batches import Batch, BatchCause

LONG_WAIT_S: Final = 60.0
"""Seconds; a batch whose next message is sent later than this is *Scheduled*, not *Sending*."""


class Condition(StrEnum):
    """What a batch does now, or waits for."""

    DRAFT = "draft"
    PAUSED = "paused"
    """The batch, its queue or everything is paused."""
    WAITING = "waiting"
    """The server is away, accepts no more for now, or has postponed all that is left."""
    UNSETTLED = "unsettled"
    """Earlier messages to the same people are uncertain."""
    READY = "ready"
    """The problem of all its messages is fixed."""
    HELD = "held"
    SCHEDULED = "scheduled"
    """Its start time, its first message or the end of a limit is still to come."""
    SENDING = "sending"
    DONE = "done"


def condition(batch: Batch, now: float) -> Condition:
    """Return what a batch does now, or waits for."""
    if batch["state"] != BatchState.RUNNING:
        return Condition(batch["state"])
    match batch["leaves"]["reason"]:
        case OfficeReason.UNSETTLED:
            return Condition.UNSETTLED
        case Reason.HELD_FOR_PERSON if is_ready(batch):
            return Condition.READY
        case None if sent(batch) or batch["leaves"]["put_off"] is None:
            is_later = begins_later(batch, now) or goes_on_at(batch, now) is not None
            return Condition.SCHEDULED if is_later else Condition.SENDING
        case None | Reason.RETRY_LATER:
            return Condition.WAITING
        case reason if reason in OUTAGES:
            return Condition.WAITING
        case reason:
            return Condition.HELD if reason in HELD else Condition.PAUSED


# how far it is


def message_count(batch: Batch) -> int:
    """Return the number of messages of a started batch: its rows without those left out."""
    return batch["counts"]["rows"] - batch["counts"]["left_out"]


def sent(batch: Batch) -> int:
    """Return how many rows were sent, or kept in practice mode."""
    return batch["counts"]["sent"] + batch["counts"]["kept"]


def is_kept(batch: Batch) -> bool:
    """Tell whether a batch was only kept in practice mode so far."""
    return bool(batch["counts"]["kept"] and not batch["counts"]["sent"])


def sent_by_itself(batch: Batch) -> int:
    """Return how many rows were sent and have no other number, or only kept."""
    return row_numbers(batch)["kept" if is_kept(batch) else "sent"]


def row_numbers(batch: Batch) -> dict[str, int]:
    """Return how many rows of a started batch became what, in the order in which it is said."""
    counts = batch["counts"]
    return {
        "sent": counts["sent"] - batch["marked"] - batch["bounced"],
        "kept": counts["kept"],
        "to_come": counts["open"],
        "failed": counts["failed"],
        "uncertain": counts["uncertain"],
        "marked": batch["marked"],
        "bounced": batch["bounced"],
        "cancelled": counts["cancelled"],
        "left_out": counts["left_out"],
    }


def rows_of_sheet(batch: Batch) -> int:
    """Return how many rows of a draft's spreadsheet are to be read; 0 if that is not known."""
    reading = batch["reading"]
    return reading.get("rows", 0) if reading and batch["sheet"] else 0


# what is true of it


def can_undo(batch: Batch, now: float) -> bool:
    """Tell whether no message of a started batch was tried yet, nor is about to be.

    Messages that are on hold or wait for a mail server were tried.
    """
    counts, soon = batch["counts"], now + LONG_WAIT_S
    tried = sent(batch) or counts["failed"] or counts["uncertain"] or batch["causes"]
    later = begins_later(batch, now) or goes_on_at(batch, soon) is not None
    return bool(counts["open"]) and not tried and (later or is_paused(batch))


def wrong_addresses(batch: Batch) -> list[BatchCause]:
    """List the causes of messages that failed because of their addresses."""
    return [each for each in batch["causes"] if each["cure"] == OfficeCure.CORRECT_ADDRESS]


def is_kept_waiting(batch: Batch) -> bool:
    """Tell whether a whole batch waits for something other than its start time and limits.

    A paused batch does not count; it has its own state.
    """
    return batch["state"] == BatchState.RUNNING and batch["leaves"]["reason"] is not None


def is_paused(batch: Batch) -> bool:
    """Tell whether the batch, its queue or everything is paused."""
    return batch["state"] == BatchState.PAUSED or batch["leaves"]["reason"] in PAUSED


def on_hold(batch: Batch) -> int:
    """Count the messages that wait until their template is corrected; others are sent meanwhile."""
    return sum(
        each["count"] for each in batch["causes"] if each["cure"] == OfficeCure.EDIT_TEMPLATE
    )


def ready_now(batch: Batch) -> int:
    """Count the messages whose problem is fixed, so they only have to be tried."""
    return sum(each["count"] for each in batch["causes"] if is_fixed(each))


def has_held(batch: Batch) -> bool:
    """Tell whether some messages of a batch wait for a person."""
    return bool(on_hold(batch) or ready_now(batch))


def is_fixed(cause: BatchCause) -> bool:
    """Tell whether the problem of these messages is fixed, so they only have to be tried."""
    return cause["about"].get("reason") == Reason.HELD_FOR_PERSON


def is_ready(batch: Batch) -> bool:
    """Tell whether the problem of all its messages is fixed, so they only have to be tried."""
    held = is_kept_waiting(batch) and batch["leaves"]["reason"] == Reason.HELD_FOR_PERSON
    return held and batch["leaves"]["reason_data"].get("fixed", False)


# when it goes on


def begins_later(batch: Batch, now: float) -> bool:
    """Tell whether the start time of a batch is still to come."""
    return (epoch(batch["run_at"]) or 0.0) > now


def goes_on_at(batch: Batch, now: float) -> float | None:
    """Return when a batch that was just started, or is at its limit, goes on, epoch s.

    ``None`` for any other batch. One at its limit rests for ``LONG_WAIT_S`` at least.
    """
    following = epoch(batch["leaves"]["next_at"])
    has_begun = batch["counts"]["open"] < message_count(batch)
    rests = following is not None and following > now + (LONG_WAIT_S if has_begun else 0)
    return following if batch["state"] == BatchState.RUNNING and rests else None


def awaits_hours(batch: Batch) -> bool:
    """Tell whether the next message waits for the sending hours."""
    limit = batch["leaves"]["limited_by"]
    return limit is not None and limit.get("mark") == HOURS


def leave_together(batch: Batch) -> bool:
    """Tell whether all messages may be sent from one time on, the only one known.

    At a limit, the time is that of the last messages.
    """
    counts, is_draft = batch["counts"], batch["state"] == BatchState.DRAFT
    left = rows_to_send(counts) if is_draft else counts["open"]
    return (
        left > 1
        and (batch["leaves"]["limited_by"] is None or awaits_hours(batch))
        and batch["leaves"]["next_at"] == batch["leaves"]["last_at"] is not None
    )


def leave_before_postponed(batch: Batch) -> bool:
    """Tell whether other messages are sent before the postponed ones, as fast as possible.

    The time of the postponed ones is then only the earliest time of the last message.
    """
    put_off = batch["leaves"]["put_off"]
    if put_off is None or batch["leaves"]["limited_by"] is not None or batch["rate"]:
        return False
    return batch["counts"]["open"] > (put_off["count"] or 0)


def is_limited(batch: Batch, now: float) -> bool:
    """Tell whether a limit or a next attempt sets the time of the last message."""
    leaves = epoch(batch["leaves"]["last_at"])
    is_later = leaves is not None and leaves > now + 1
    return is_later and not (leave_together(batch) or leave_before_postponed(batch))


def done_at(batch: Batch, now: float, pace: float) -> float | None:
    """Return when a batch is done at this ``pace`` of messages a second, epoch s.

    ``None`` if its last message waits longer: for a limit, the next sending hours, its next attempt
    or a person.
    """
    if pace <= 0 or has_held(batch) or batch["leaves"]["limited_by"] is not None:
        return None
    done = now + max(batch["counts"]["open"] / pace, 1.0)
    ends = epoch(batch["leaves"]["closes_at"])
    is_late = ends is not None and ends < done
    return None if is_late or (epoch(batch["leaves"]["last_at"]) or 0.0) > done else done
