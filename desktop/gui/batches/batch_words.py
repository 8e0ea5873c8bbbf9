"""Texts about a batch: what it does now, how far it is, and when its messages are sent.

Each :class:`Condition` of a batch has one look, one text for a cell and one sentence. The numbers
of its rows are told apart from them, by :func:`numbers`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QCoreApplication

from desktop.contract.batches import BatchState, rows_to_send
from desktop.contract.office import OfficeCure, OfficeReason
from desktop.contract.rules.templates import DEFAULT
from desktop.gui.kit.words.ages import after_pause, day_and_time, minute_of_day, until
from desktop.gui.kit.words.plurals import figure
from desktop.gui.kit.words.states import LOOKS, sentences, template_word
from desktop.gui.kit.words.table import WORDS, say
from desktop.gui.kit.words.task_row import ON_HOLD, PAUSED_TASK, READY
from sendoff_tasks.model.reasons import HELD, PAUSED, Reason
from sendoff_tasks.model.states import State
from sendoff_tasks.model.times import epoch

if TYPE_CHECKING:
    from desktop.contract.batches import Batch, BatchCause
    from sendoff_tasks.model.reasons import ReasonData

translate = QCoreApplication.translate
LONG_WAIT_S: Final = 60.0
"""Seconds; a batch whose next message is sent later than this is *Scheduled*, not *Sending*."""


class Condition(Enum):
    """What a batch does now, or waits for."""

    CHECKED = auto()
    """A draft whose rows are being checked."""
    PART = auto()
    """A draft of which some rows are not read yet."""
    DRAFT = auto()
    PAUSED = auto()
    """The batch, its queue or everything is paused."""
    OFFLINE = auto()
    QUOTA = auto()
    """The server accepts no more for now."""
    POSTPONED = auto()
    """All that is left waits for its next attempt, or nothing was accepted yet."""
    UNSETTLED = auto()
    """Earlier messages to the same people are uncertain."""
    READY = auto()
    """The problem of all its messages is fixed."""
    HELD = auto()
    SCHEDULED = auto()
    """Its start time is still to come."""
    LIMITED = auto()
    """It has reached a limit."""
    SOON = auto()
    """It was just started."""
    SENDING = auto()
    DONE = auto()


_WAITING_FOR: Final = {
    Reason.OFFLINE.value: Condition.OFFLINE,
    Reason.QUOTA.value: Condition.QUOTA,
    Reason.RETRY_LATER.value: Condition.POSTPONED,
    OfficeReason.UNSETTLED.value: Condition.UNSETTLED,
}


def condition(batch: Batch, now: float) -> Condition:
    """Return what a batch does now, or waits for."""
    match batch["state"]:
        case BatchState.DRAFT if read_words(batch):
            return Condition.PART
        case BatchState.DRAFT:
            return Condition.CHECKED if batch["counts"]["unchecked"] else Condition.DRAFT
        case BatchState.PAUSED:
            return Condition.PAUSED
        case BatchState.DONE:
            return Condition.DONE
    reason = batch["leaves"]["reason"]
    if reason is not None and (found := _WAITING_FOR.get(reason)):
        return found
    if is_ready(batch):
        return Condition.READY
    if reason is not None:
        return Condition.HELD if reason in HELD else Condition.PAUSED
    if put_off_before_first(batch) is not None:
        return Condition.POSTPONED
    if begins_later(batch, now):
        return Condition.SCHEDULED
    if goes_on_at(batch, now) is not None:
        return Condition.LIMITED
    return Condition.SOON if begins_soon(batch, now) else Condition.SENDING


@dataclass(frozen=True, slots=True)
class BatchLook:
    """The icon, colour and name of a batch's state."""

    icon: str
    token: str
    word: str


def look_of(batch: Batch, now: float, *, cancelling: bool = False) -> BatchLook:
    """Return the look of a batch's state, or of one whose rest is about to be cancelled."""
    if cancelling:
        return BatchLook("ban", "waiting", translate("batches", "Cancelling…"))
    match condition(batch, now):
        case Condition.CHECKED | Condition.PART | Condition.DRAFT:
            return BatchLook("pencil", "queued", translate("batches", "Draft"))
        case Condition.PAUSED:
            return _like(PAUSED_TASK, translate("batches", "Paused"))
        case Condition.OFFLINE | Condition.QUOTA | Condition.POSTPONED:
            return _like(State.WAITING, translate("batches", "Waiting"))
        case Condition.UNSETTLED:
            return _like(State.UNCERTAIN, translate("batches", "Waiting"))
        case Condition.READY:
            return _like(READY, translate("batches", "Ready"))
        case Condition.HELD:
            return _like(ON_HOLD, translate("batches", "On hold"))
        case Condition.SCHEDULED | Condition.LIMITED | Condition.SOON:
            return _like(State.SCHEDULED, translate("batches", "Scheduled"))
        case Condition.SENDING:
            return _like(State.RUNNING, translate("batches", "Sending"))
        case Condition.DONE:
            return _look_of_done(batch)


def _like(task: str, word: str) -> BatchLook:
    """Return a look with the icon and colour of a task's."""
    return BatchLook(LOOKS[task].icon, LOOKS[task].token, word)


def _look_of_done(batch: Batch) -> BatchLook:
    """Return the look of a finished batch: *Done* only if no row has a problem."""
    counts, part = batch["counts"], ""
    if counts["sent"]:
        part = translate("batches", "Partly sent")
    elif counts["kept"]:
        part = translate("batches", "Partly kept")
    if counts["failed"]:
        icon = "triangle-alert" if part else "circle-x"
        return BatchLook(icon, "failed", part or translate("batches", "Failed"))
    if counts["uncertain"]:
        return BatchLook("circle-help", "uncertain", part or translate("batches", "Uncertain"))
    if counts["cancelled"]:
        return BatchLook("ban", "cancelled", part or translate("batches", "Cancelled"))
    if counts["kept"]:
        return BatchLook("inbox", "kept", part if counts["sent"] else translate("batches", "Kept"))
    return BatchLook("circle-check", "succeeded", translate("batches", "Done"))


def next_words(batch: Batch, now: float, pace: float = 0.0) -> str:
    """Say in a cell when the last message is sent, or what a waiting batch waits for.

    Empty if the state says it already. ``pace`` is the number of messages sent in a second, or 0.
    """
    match condition(batch, now):
        case Condition.CHECKED:
            return translate("batches", "being checked")
        case Condition.OFFLINE:
            return translate("batches", "for the connection")
        case Condition.QUOTA | Condition.POSTPONED:
            data = batch["leaves"]["put_off"] or batch["leaves"]["reason_data"]
            moment = epoch(data.get("until")) or now
            return say("time", "again", when=day_and_time(moment, now))
        case Condition.UNSETTLED:
            return translate("batches", "for a decision")
        case Condition.SCHEDULED | Condition.LIMITED:
            following = goes_on_at(batch, now) or epoch(batch["run_at"]) or now
            goes_on = translate("batches", "continues {}")
            words = goes_on if sent(batch) else translate("batches", "begins {}")
            return words.format(until(following, now))
        case Condition.SOON:
            return translate("batches", "begins in a moment")
        case Condition.SENDING:
            if (done := done_at(batch, now, pace)) is not None:
                return translate("batches", "done {}").format(until(done, now))
            leaves = epoch(batch["leaves"]["last_at"])
            if leaves is not None and is_limited(batch, now) and not has_held(batch):
                return translate("batches", "last one {}").format(day_and_time(leaves, now))
    return ""


def explanation(batch: Batch, now: float, pace: float = 0.0) -> str:
    """Say what the messages of a started batch wait for, and when they are sent."""
    count, data = batch["counts"]["open"], batch["leaves"]["reason_data"]
    server = data.get("server") or translate("batches", "the mail server")
    match condition(batch, now):
        case Condition.PAUSED:
            return translate("batches", "%Ln e-mails wait until they are resumed.", None, count)
        case Condition.OFFLINE:
            return translate(
                "batches", "There is no connection to {}. %Ln e-mails are to come.", None, count
            ).format(server)
        case Condition.QUOTA:
            words = translate("batches", "%Ln e-mails wait until {} takes more.", None, count)
            attempt = tried_again_words(data, now)
            return sentences(words.format(server), attempt, times_words(batch, now))
        case Condition.POSTPONED:
            return put_off_words(batch, now)
        case Condition.UNSETTLED:
            return translate(
                "batches",
                "%Ln e-mails wait until it is known whether earlier ones to the same people were "
                "sent.",
                None,
                count,
            )
        case Condition.READY:
            return translate("batches", "%Ln e-mails are ready to be sent.", None, count)
        case Condition.HELD:
            # Of a batch on hold, the line of its cause says why.
            why = "" if on_hold(batch) else str(data.get("text") or "")
            return sentences(translate("batches", "%Ln e-mails are on hold.", None, count), why)
        case Condition.SOON:
            return translate("batches", "The first e-mails are sent in a moment.")
        case Condition.SCHEDULED | Condition.LIMITED | Condition.SENDING:
            return sentences(put_off_words(batch, now), times_words(batch, now, pace))
        case _:
            return (
                ""
                if headline(batch, now) == _replaced_by(batch)
                else sentences(_replaced_by(batch))
            )


def _replaced_by(batch: Batch) -> str:
    """Say which later batches have replaced e-mails of a batch; empty if none have."""
    count = sum(each["count"] for each in batch["replaced_by"])
    numbers = ", ".join(str(each["batch_id"]) for each in batch["replaced_by"])
    words = translate("batches", "%Ln e-mails were replaced by batch {}", None, count)
    return words.format(numbers) if count else ""


def put_off_words(batch: Batch, now: float) -> str:
    """Say how many messages wait for their next attempt, and when that is."""
    data = batch["leaves"]["put_off"]
    if data is None:
        return ""
    count, server = data["count"] or 0, data.get("server", "")
    if server and "code" in data:
        words = translate("batches", "{} postponed %Ln e-mails", None, count).format(server)
    else:
        words = translate("batches", "%Ln e-mails are postponed.", None, count)
    return sentences(words, tried_again_words(data, now))


def tried_again_words(data: ReasonData, now: float) -> str:
    """Say when the postponed messages are tried again."""
    moment = epoch(data.get("until")) or now
    words = translate("batches", "Sendoff tries again at {}.")
    return words.format(minute_of_day(moment, now))


def times_words(batch: Batch, now: float, pace: float = 0.0) -> str:
    """Say when the last message is sent, and which limit delays the next one; empty if unknown."""
    if (done := done_at(batch, now, pace)) is not None:
        words = translate("batches", "The last e-mail is sent {} at this pace.")
        return words.format(until(done, now))
    leaves, following = epoch(batch["leaves"]["last_at"]), goes_on_at(batch, now)
    if has_held(batch):
        if following is None or batch["leaves"]["limited_by"] is None:
            return ""
        words = translate("batches", "It continues {}.").format(minute_of_day(following, now))
        return sentences(_limit_words(batch), words)
    if leaves is None:
        return ""
    when, rate = minute_of_day(leaves, now), WORDS.rate(batch["rate"])
    together, is_over_quota = leave_together(batch), batch["leaves"]["reason"] == Reason.QUOTA
    has_begun = batch["state"] != BatchState.DRAFT and batch["counts"]["open"] < message_count(
        batch
    )
    if not is_over_quota and leaves <= now + (LONG_WAIT_S if together else 1):
        if has_begun:
            return translate("batches", "The rest is sent as fast as the server takes it.")
        return translate("batches", "All e-mails are sent as fast as the server takes them.")
    if not is_over_quota and together:
        words = translate("batches", "All e-mails are sent from {} on, as fast as possible.")
        if has_begun:
            words = translate("batches", "The rest is sent from {} on, as fast as possible.")
        return words.format(when)
    if following is not None and following < leaves:
        words = translate("batches", "The next e-mail is sent {}, the last one {}.")
        return sentences(_limit_words(batch), words.format(minute_of_day(following, now), when))
    words = translate("batches", "The last e-mail is sent {}.")
    if is_over_quota or leave_before_postponed(batch):
        words = translate("batches", "The last e-mail is sent {} at the earliest.")
    at_most = translate("batches", "At most {}.").format(rate) if rate else ""
    if taken := WORDS.rate(batch["leaves"]["taken"]):
        at_most = translate("batches", "Earlier, the server took {}.").format(taken)
    return sentences(at_most, words.format(when))


def _limit_words(batch: Batch) -> str:
    """Say which limit a batch has reached: its own or the mail provider's."""
    limit = batch["leaves"]["limited_by"]
    if limit is None:
        return ""
    if "queue" in limit:
        words = translate("batches", "The provider's limit of {} is reached.")
    else:
        words = translate("batches", "The limit of {} is reached.")
    return words.format(WORDS.rate(str(limit["limit"])))


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
    """Return how many rows were sent, without those a person marked as sent; or only kept."""
    counts = batch["counts"]
    return counts["kept"] if is_kept(batch) else counts["sent"] - batch["marked"]


def share_sent(batch: Batch) -> float | None:
    """Return the share of a started batch that is sent, or only kept, 0 … 1."""
    if batch["state"] == BatchState.DRAFT or not message_count(batch):
        return None
    return sent_by_itself(batch) / message_count(batch)


def sent_words(batch: Batch, *, in_the_end: bool = False) -> str:
    """Say how many messages are sent, or will be ``in_the_end``."""
    counts, words = batch["counts"], translate("batches", "{} of {}")
    if batch["state"] != BatchState.DRAFT:
        whole = message_count(batch)
        if is_kept(batch):
            words = translate("batches", "{} of {} kept")
        return words.format(figure(whole if in_the_end else sent_by_itself(batch)), figure(whole))
    if part := read_words(batch):
        return part
    if not counts["rows"]:
        return translate("batches", "no rows yet")
    if counts["unchecked"]:
        judged = figure(counts["rows"] - counts["unchecked"])
        return translate("batches", "{} of {} checked").format(judged, figure(counts["rows"]))
    ready = figure(rows_to_send(counts))
    return translate("batches", "{} of {} can be sent").format(ready, figure(counts["rows"]))


def read_words(batch: Batch) -> str:
    """Say how many rows of a draft's spreadsheet are read; empty if all are, or it is not known."""
    reading, rows = batch["reading"], batch["counts"]["rows"]
    whole = reading.get("rows", 0) if reading and batch["sheet"] else 0
    words = translate("batches", "{} of %Ln rows read", None, whole)
    return words.format(figure(rows)) if rows < whole else ""


def checking_words(unchecked: int) -> str:
    """Say how many rows are being checked."""
    return translate("batches", "%Ln rows are being checked", None, unchecked)


def headline(batch: Batch, now: float) -> str:
    """Say a batch's progress in one line."""
    counts = batch["counts"]
    match condition(batch, now):
        case Condition.CHECKED:
            return checking_words(counts["unchecked"])
        case Condition.PART:
            return read_words(batch)
        case Condition.DRAFT:
            return translate("batches", "%Ln rows can be sent", None, rows_to_send(counts))
    whole = message_count(batch)
    if not whole:
        return translate("batches", "Nothing was sent")
    if (by := _replaced_by(batch)) and counts["cancelled"] == whole:
        return by
    if batch["state"] != BatchState.DONE and not sent(batch) and begins_later(batch, now):
        begins = epoch(batch["run_at"]) or now
        when = (after_pause if is_paused(batch) else minute_of_day)(begins, now)
        return translate("batches", "Starts {}").format(when)
    done, only_kept = sent_by_itself(batch), is_kept(batch)
    if done == whole:
        all_sent = translate("batches", "All %Ln e-mails are sent", None, done)
        all_kept = translate("batches", "All %Ln e-mails are kept", None, done)
        return all_kept if only_kept else all_sent
    some = translate("batches", "{} of {} are sent")
    words = translate("batches", "{} of {} are kept") if only_kept else some
    return words.format(figure(done), figure(whole))


def letter_words(batch: Batch) -> str:
    """Say which e-mail a batch sends: its template, its subject, and its head while any is open.

    A template without a name is the usual one.
    """
    words, template = translate("batches", "“{}”"), batch["template"] or DEFAULT
    said = [template_word(template), words.format(batch["subject"]) if batch["subject"] else ""]
    if batch["state"] != BatchState.DONE:
        head = {
            translate("batches", "from {}"): batch["sender"],
            translate("batches", "replies to {}"): batch["reply_to"],
            translate("batches", "Cc {}"): batch["cc"],
            translate("batches", "Bcc {}"): batch["bcc"],
        }
        said += [words.format(to) for words, to in head.items() if to]
    return " · ".join(filter(None, said))


def progress(batch: Batch, now: float) -> str:
    """Say a batch's progress in one line, with what was not sent: no explanation follows."""
    counts = batch["counts"]
    rest = (
        (
            batch["marked"],
            translate("batches", "{} marked as sent").format(figure(batch["marked"])),
        ),
        (
            batch["bounced"],
            translate("batches", "{} bounced").format(figure(batch["bounced"])),
        ),
        (counts["failed"], translate("batches", "%Ln failed", None, counts["failed"])),
        (counts["uncertain"], translate("batches", "%Ln uncertain", None, counts["uncertain"])),
        (counts["cancelled"], translate("batches", "%Ln cancelled", None, counts["cancelled"])),
    )
    return ", ".join([headline(batch, now), *(words for count, words in rest if count)])


# what is true of it


def may_be_taken_back(batch: Batch, now: float) -> bool:
    """Tell whether no message of a started batch was tried yet, nor is about to be.

    Messages that are on hold or wait for a mail server were tried.
    """
    counts = batch["counts"]
    tried = sent(batch) or counts["failed"] or counts["uncertain"] or batch["causes"]
    later = begins_later(batch, now) or goes_on_at(batch, now) is not None
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


def put_off_before_first(batch: Batch) -> ReasonData | None:
    """Return the data of postponed messages, if no message was sent before."""
    return None if sent(batch) else batch["leaves"]["put_off"]


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


def begins_later(batch: Batch, now: float) -> bool:
    """Tell whether the start time of a batch is still to come."""
    return (epoch(batch["run_at"]) or 0.0) > now


def goes_on_at(batch: Batch, now: float) -> float | None:
    """Return when a batch at its limit continues, epoch s; ``None`` for any other batch."""
    following = epoch(batch["leaves"]["next_at"])
    rests = following is not None and following > now + LONG_WAIT_S
    return following if batch["state"] == BatchState.RUNNING and rests else None


def begins_soon(batch: Batch, now: float) -> bool:
    """Tell whether a batch was just started and none of its rows has begun."""
    counts, following = batch["counts"], epoch(batch["leaves"]["next_at"])
    none_begun = counts["open"] == counts["rows"] - counts["left_out"]
    is_soon = following is not None and now < following <= now + LONG_WAIT_S
    return batch["state"] == BatchState.RUNNING and none_begun and is_soon


def leave_together(batch: Batch) -> bool:
    """Tell whether all messages may be sent from one time on, the only one known.

    At a limit, the time is that of the last messages.
    """
    counts, is_draft = batch["counts"], batch["state"] == BatchState.DRAFT
    left = rows_to_send(counts) if is_draft else counts["open"]
    return (
        left > 1
        and batch["leaves"]["limited_by"] is None
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
    """Return when a batch is done at this pace, epoch s.

    ``None`` if its last message waits longer: for a limit, its next attempt or a person.
    """
    if pace <= 0 or has_held(batch) or batch["leaves"]["limited_by"] is not None:
        return None
    done = now + max(batch["counts"]["open"] / pace, 1.0)
    return done if (epoch(batch["leaves"]["last_at"]) or 0.0) <= done else None
