"""Texts for why a started batch sends nothing now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from desktop.contract.batches import BatchState
from desktop.contract.causes import Cure
from desktop.contract.reasons import HELD, OUTAGES, PAUSED, Reason
from desktop.gui.tasks.task_row import epoch
from desktop.gui.tasks.words.states import sentences
from desktop.gui.words.ages import day_and_time, minute_of_day

if TYPE_CHECKING:
    from desktop.contract.batches import Batch, BatchCause
    from desktop.contract.reasons import ReasonData

translate = QCoreApplication.translate


@dataclass(frozen=True, slots=True)
class StuckRows:
    """Rows to come of a batch that cannot be sent with their current template, and why."""

    count: int
    fault: str


def with_stuck(batch: Batch, stuck: StuckRows | None) -> Batch:
    """Return a batch as if its stuck rows were on hold already.

    Some of them may have become tasks since they were counted.
    """
    others = on_hold(batch) + ready_now(batch)
    count = min(stuck.count, to_leave(batch) - others) if stuck else 0
    if stuck is None or count <= 0:
        return batch
    causes = [*batch["causes"]]
    held = [each for each in causes if each["cure"] == Cure.EDIT_TEMPLATE]
    if held:
        place = causes.index(held[0])
        causes[place] = {**held[0], "count": held[0]["count"] + count}
    else:
        cure = Cure.EDIT_TEMPLATE.value
        causes.append(
            {"cause": "", "title": stuck.fault, "about": {}, "count": count, "cure": cure}
        )
    found: Batch = {**batch, "causes": causes}
    if on_hold(found) == to_leave(found) and found["reason"] is None:
        found["reason"] = Reason.HELD_FOR_PERSON.value
    return found


def is_kept_waiting(batch: Batch) -> bool:
    """Tell whether a whole batch waits for something other than its start time and limits.

    A paused batch does not count; it has its own state.
    """
    return batch["state"] == BatchState.RUNNING and batch["reason"] is not None


def to_leave(batch: Batch) -> int:
    """Count the open rows of a batch that are not in a later batch."""
    overtaken = batch["overtaken"]
    return batch["counts"]["open"] - (0 if overtaken is None else overtaken["count"])


def are_taken_over(batch: Batch) -> bool:
    """Tell whether later batches have all its open rows."""
    return batch["overtaken"] is not None and to_leave(batch) <= 0


def is_paused(batch: Batch) -> bool:
    """Tell whether the batch, its queue or everything is paused."""
    return batch["state"] == BatchState.PAUSED or batch["reason"] in PAUSED


def put_off_before_first(batch: Batch) -> ReasonData | None:
    """Return the data of deferred messages, if no message was sent before."""
    counts = batch["counts"]
    return None if counts["sent"] or counts["kept"] else batch["put_off"]


def needs_person(batch: Batch) -> bool:
    """Tell whether the batch continues only after a person has acted."""
    return is_kept_waiting(batch) and batch["reason"] not in OUTAGES | {Reason.RETRY_LATER}


def on_hold(batch: Batch) -> int:
    """Count the messages that wait until their template is corrected; others are sent meanwhile."""
    return sum(each["count"] for each in batch["causes"] if each["cure"] == Cure.EDIT_TEMPLATE)


def ready_now(batch: Batch) -> int:
    """Count the messages whose problem is fixed, so they only have to be tried."""
    return sum(each["count"] for each in batch["causes"] if is_fixed(each))


def has_held(batch: Batch) -> bool:
    """Tell whether some messages of a batch wait for a person."""
    return bool(on_hold(batch) or ready_now(batch))


def unfixed_causes(batch: Batch) -> list[BatchCause]:
    """List the causes whose problem is not fixed yet."""
    return [each for each in batch["causes"] if not is_fixed(each)]


def is_fixed(cause: BatchCause) -> bool:
    """Tell whether the problem of these messages is fixed, so they only have to be tried."""
    return cause["about"].get("reason") == Reason.HELD_FOR_PERSON


def is_ready(batch: Batch) -> bool:
    """Tell whether the problem of all its messages is fixed, so they only have to be tried."""
    held = is_kept_waiting(batch) and batch["reason"] == Reason.HELD_FOR_PERSON
    return held and batch["reason_data"].get("fixed", False)


def waiting_cell(batch: Batch, now: float, *, may_act: bool = True) -> str:
    """Say in a cell what a batch waits for; without ``may_act``, do not ask to act."""
    match batch["reason"]:
        case Reason.OFFLINE:
            return translate("batches", "for the connection")
        case Reason.QUOTA | Reason.RETRY_LATER:
            return next_attempt(batch["reason_data"], now)
        case Reason.UNSETTLED if may_act:
            return translate("batches", "until you decide")
        case Reason.UNSETTLED:
            return translate("batches", "until that is decided")
        case Reason.HELD_FOR_PERSON if is_ready(batch):
            return translate("batches", "to be sent")
        case reason if reason in HELD:
            return translate("batches", "until the problem is fixed")
        case _:
            return until_resumed(may_act=may_act)


def next_attempt(data: ReasonData, now: float) -> str:
    """Say in a cell when the next attempt is."""
    moment = epoch(data.get("until")) or now
    return translate("batches", "next attempt {}").format(day_and_time(moment, now))


def draft_waits(batch: Batch, now: float) -> str:
    """Say what the messages of a draft will wait for once it is sent; empty if they will not."""
    data = batch["reason_data"]
    goes = translate("batches", "The messages are sent {}")
    match batch["reason"]:
        case None:
            return ""
        case Reason.OFFLINE:
            return goes.format(translate("batches", "once there is a connection."))
        case Reason.QUOTA:
            words = translate("batches", "{} accepts no more messages for now.")
            server = data.get("server") or translate("batches", "The mail server")
            return f"{words.format(server)} {_next_attempt(data, now)}"
        case reason if reason in PAUSED:
            return goes.format(translate("batches", "once you resume."))
        case _:
            words = translate("batches", "once the problem is fixed: {}")
            return goes.format(words.format(data.get("text", "")))


def until_resumed(*, may_act: bool) -> str:
    """Say in a cell that the batch waits until it is resumed."""
    if may_act:
        return translate("batches", "until you resume")
    return translate("batches", "until it is resumed")


def pause_words(batch: Batch, *, may_act: bool) -> str:
    """Say how many messages wait until they are resumed."""
    count = to_leave(batch)
    if may_act:
        return translate("batches", "%Ln messages wait until you resume.", None, count)
    return translate("batches", "%Ln messages wait until they are resumed.", None, count)


def waiting_words(batch: Batch, now: float, *, may_act: bool = True) -> str:
    """Say what a batch's messages wait for, and when the next attempt is.

    Without ``may_act``, the text does not ask to act.
    """
    count, data = to_leave(batch), batch["reason_data"]
    server = data.get("server", "")
    match batch["reason"]:
        case Reason.OFFLINE if server:
            words = translate("batches", "%Ln messages wait for the connection to {}.", None, count)
            again = translate("batches", "Sendoff keeps trying.")
            return f"{words.format(server)} {again}"
        case Reason.OFFLINE:
            words = translate("batches", "%Ln messages wait for the connection.", None, count)
            again = translate("batches", "Sendoff keeps trying.")
            return f"{words} {again}"
        case Reason.QUOTA:
            words = translate("batches", "%Ln messages wait until {} takes more.", None, count)
            words = words.format(server or translate("batches", "the mail server"))
            return f"{words} {_next_attempt(data, now)}"
        case Reason.RETRY_LATER:
            return put_off_words(batch, now)
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
        case Reason.HELD_FOR_PERSON if is_ready(batch):
            return ready_words(count, may_act=may_act)
        case reason if reason in HELD:
            if not data.get("text") or _awaits_template(batch):  # the line of its cause says why
                return translate("batches", "%Ln messages are on hold.", None, count)
            words = translate("batches", "%Ln messages are on hold: {}", None, count)
            return words.format(data["text"])
        case _:
            return pause_words(batch, may_act=may_act)


def ready_words(count: int, *, may_act: bool) -> str:
    """Say that messages whose problem is fixed only have to be tried."""
    ready = translate("batches", "%Ln messages are ready to be sent.", None, count)
    return f"{ready} {translate('batches', 'Press Try now.')}" if may_act else ready


def _awaits_template(batch: Batch) -> bool:
    return any(each["cure"] == Cure.EDIT_TEMPLATE for each in batch["causes"])


def put_off_words(batch: Batch, now: float) -> str:
    """Say how many messages wait for their next attempt, and why the first of them does."""
    data = batch["put_off"]
    if data is None:
        return ""
    count, server = data["count"] or 0, data.get("server", "")
    if server and "code" in data:
        words = translate("batches", "{} deferred %Ln messages", None, count).format(server)
        if said := data.get("said"):
            words = f"{words}: {said}"
    else:
        words = translate("batches", "%Ln messages were not accepted yet.", None, count)
    return sentences(words, _next_attempt(data, now))


def _next_attempt(data: ReasonData, now: float) -> str:
    moment = epoch(data.get("until")) or now
    words = translate("batches", "The next attempt is {}.")
    return words.format(minute_of_day(moment, now))
