"""Which rows of the table say what a batch does, how far it is, and when its messages are sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from desktop.contract.batch_condition import (
    Condition,
    awaits_hours,
    begins_later,
    condition,
    done_at,
    goes_on_at,
    has_held,
    is_kept,
    is_paused,
    leave_before_postponed,
    leave_together,
    message_count,
    on_hold,
    rows_of_sheet,
    sent,
    sent_by_itself,
)
from desktop.contract.batches import BatchState, rows_to_send
from desktop.contract.office import OfficeReason
from desktop.contract.rules.templates import DEFAULT
from desktop.gui.kit.words.ages import after_pause, minute_of_day, until
from desktop.gui.kit.words.plurals import figure
from desktop.gui.kit.words.reasons import brief_cause_words
from desktop.gui.kit.words.states import LOOKS, sentences, template_word
from desktop.gui.kit.words.table import WORDS, say
from desktop.gui.kit.words.task_row import ON_HOLD, PAUSED_TASK, READY
from sendoff_tasks.model.causes import CauseKind
from sendoff_tasks.model.reasons import HELD, Reason
from sendoff_tasks.model.states import State
from sendoff_tasks.model.times import epoch
from sendoff_tasks.words.reasons import LONG_WAIT_S

if TYPE_CHECKING:
    from desktop.contract.batches import Batch
    from sendoff_tasks.model.causes import CauseAbout
    from sendoff_tasks.model.reasons import ReasonData


class BatchLook(NamedTuple):
    """The icon, colour and name of a batch's state."""

    icon: str
    token: str
    word: str


_LIKE: Final[dict[Condition, str]] = {
    Condition.PAUSED: PAUSED_TASK,
    Condition.WAITING: State.WAITING,
    Condition.UNSETTLED: State.UNCERTAIN,
    Condition.READY: READY,
    Condition.HELD: ON_HOLD,
    Condition.SCHEDULED: State.SCHEDULED,
    Condition.SENDING: State.RUNNING,
}
"""The look of a task whose icon and colour a batch has."""


def look_of(batch: Batch, now: float, *, cancelling: bool = False) -> BatchLook:
    """Return the look of a batch's state, or of one whose rest is about to be cancelled."""
    found = condition(batch, now)
    if cancelling:
        return BatchLook("ban", "waiting", say("batch_state", "cancelling"))
    if found is Condition.DRAFT:
        return BatchLook("pencil", "queued", say("batch_state", found))
    if found is Condition.DONE:
        return _look_of_done(batch)
    look = LOOKS[_LIKE[found]]
    return BatchLook(look.icon, look.token, say("batch_state", found))


def _look_of_done(batch: Batch) -> BatchLook:
    """Return the look of a finished batch: *Done* only if no row has a problem."""
    counts = batch["counts"]
    ends = (State.FAILED, State.UNCERTAIN, State.CANCELLED, Reason.KEPT)
    worst = next((each for each in ends if counts[each.value]), None)  # type: ignore[literal-required]
    if worst is None:
        return BatchLook("circle-check", "succeeded", say("batch_state", "done"))
    part = "partly_sent" if counts["sent"] else "partly_kept" if counts["kept"] else worst
    part = worst if worst is Reason.KEPT and not counts["sent"] else part
    is_part = worst is State.FAILED and part != worst
    icon = "triangle-alert" if is_part else LOOKS[worst].icon
    return BatchLook(icon, LOOKS[worst].token, say("batch_state", part))


def explanation(batch: Batch, now: float, pace: float = 0.0) -> str:
    """Say what the messages of a started batch wait for, and when they are sent."""
    match found := condition(batch, now):
        case Condition.DRAFT | Condition.DONE:
            by = _replaced_by(batch)
            return "" if headline(batch, now) == by else sentences(by)
        case Condition.SCHEDULED | Condition.SENDING:
            return sentences(_postponed(batch, now), times_words(batch, now, pace))
        case Condition.WAITING if batch["leaves"]["reason"] in {None, Reason.RETRY_LATER}:
            return _postponed(batch, now)
    stopped = say("batch", found, n=batch["counts"]["open"])
    return sentences(why_words(batch), stopped, after_quota(batch, now))


def why_words(batch: Batch) -> str:
    """Say what stops the messages of a batch; empty where its look or its causes say it."""
    reason, data = batch["leaves"]["reason"], batch["leaves"]["reason_data"]
    if reason in {None, OfficeReason.UNSETTLED} or data.get("fixed"):
        return ""
    if reason in HELD and on_hold(batch):
        return ""
    about: CauseAbout = {"kind": CauseKind.REASON, "reason": reason, **data}  # type: ignore[typeddict-item]
    return brief_cause_words(about)


def after_quota(batch: Batch, now: float) -> str:
    """Say when messages are sent whose server accepts no more for now; empty for others."""
    if batch["leaves"]["reason"] != Reason.QUOTA:
        return ""
    return sentences(_tried_again(batch["leaves"]["reason_data"], now), times_words(batch, now))


def _replaced_by(batch: Batch) -> str:
    """Say which later batches have replaced e-mails of a batch; empty if none have."""
    count = sum(each["count"] for each in batch["replaced_by"])
    numbers = ", ".join(str(each["batch_id"]) for each in batch["replaced_by"])
    return say("batch", "replaced", n=count, batches=numbers) if count else ""


def _postponed(batch: Batch, now: float) -> str:
    """Say how many messages wait for their next attempt, and when that is."""
    data = batch["leaves"]["put_off"]
    if data is None:
        return ""
    server = data.get("server", "") if "code" in data else ""
    kind, count = "server" if server else "", data["count"] or 0
    return sentences(
        say("batch", "postponed", kind, n=count, server=server), _tried_again(data, now)
    )


def _tried_again(data: ReasonData, now: float) -> str:
    moment = epoch(data.get("until")) or now
    return say("queue_hold", "next", time=minute_of_day(moment, now))


def times_words(batch: Batch, now: float, pace: float = 0.0) -> str:
    """Say when the last message is sent, and which limit delays the next one; empty if unknown."""
    if (done := done_at(batch, now, pace)) is not None:
        return say("batch_times", "pace", when=until(done, now))
    leaves, following = epoch(batch["leaves"]["last_at"]), goes_on_at(batch, now)
    next_at = minute_of_day(following or now, now)
    if has_held(batch):
        is_limited = following is not None and batch["leaves"]["limited_by"] is not None
        return _reached(batch, say("batch_times", "continues", when=next_at)) if is_limited else ""
    if leaves is None:
        return ""
    when, together = minute_of_day(leaves, now), leave_together(batch)
    is_over_quota = batch["leaves"]["reason"] == Reason.QUOTA
    if not is_over_quota and leaves <= now + (LONG_WAIT_S if together else 1):
        return say("batch_times", "at_once")
    if not is_over_quota and together:
        return _reached(batch, say("batch_times", "from", when=when))
    if following is not None and following < leaves:
        return _reached(batch, say("batch_times", "next", when=next_at, last=when))
    is_earliest = is_over_quota or leave_before_postponed(batch)
    taken, rate = WORDS.rate(batch["leaves"]["taken"]), WORDS.rate(batch["rate"])
    limit = "taken" if taken else "at_most" if rate else ""
    limit = "hours" if awaits_hours(batch) else limit
    return sentences(
        say("batch_times", limit, rate=taken or rate) if limit else "",
        say("batch_times", "earliest" if is_earliest else "last", when=when),
    )


def _reached(batch: Batch, then: str) -> str:
    """Say which limit a batch has reached, its own or the mail provider's, and what follows.

    Outside the sending hours, say that.
    """
    limit = batch["leaves"]["limited_by"]
    if limit is None:
        return then
    if awaits_hours(batch):
        return sentences(say("batch_times", "hours"), then)
    name = "reached_provider" if "queue" in limit else "reached"
    return sentences(say("batch_times", name, rate=WORDS.rate(str(limit["limit"]))), then)


# how far it is


def sent_words(batch: Batch) -> str:
    """Say how many messages are sent."""
    if batch["state"] == BatchState.DRAFT:
        return _draft_words(batch)
    return _so_many(batch, sent_by_itself(batch))


def _so_many(batch: Batch, done: int, *place: str) -> str:
    name, whole = "kept" if is_kept(batch) else "sent", figure(message_count(batch))
    return say("batch_progress", name, *place, done=figure(done), whole=whole)


def _draft_words(batch: Batch) -> str:
    """Say how many rows of a draft are read, then checked, then can be sent."""
    counts = batch["counts"]
    rows, sheet = counts["rows"], rows_of_sheet(batch)
    if rows < sheet:
        return say("batch_progress", "read", n=sheet, done=figure(rows))
    if not rows:
        return say("batch_progress", "empty")
    name, done = "ready", rows_to_send(counts)
    if counts["unchecked"]:
        name, done = "checked", rows - counts["unchecked"]
    return say("batch_progress", name, done=figure(done), whole=figure(rows))


def headline(batch: Batch, now: float) -> str:
    """Say a batch's progress in one line."""
    whole, by = message_count(batch), _replaced_by(batch)
    if batch["state"] == BatchState.DRAFT:
        return _draft_words(batch)
    if not whole:
        return say("batch_progress", "none")
    if by and batch["counts"]["cancelled"] == whole:
        return by
    if batch["state"] != BatchState.DONE and not sent(batch) and begins_later(batch, now):
        begins = epoch(batch["run_at"]) or now
        when = (after_pause if is_paused(batch) else minute_of_day)(begins, now)
        return say("batch_progress", "starts", when=when)
    return _so_many(batch, sent_by_itself(batch), "headline")


def letter_words(batch: Batch) -> str:
    """Say which e-mail a batch sends: its template, its subject, and its head while any is open.

    A template without a name is the usual one. A subject that differs by person is left out.
    """
    head = {"subject": "" if "{" in batch["subject"] else batch["subject"]}
    if batch["state"] != BatchState.DONE:
        head |= {"sender": batch["sender"], "reply_to": batch["reply_to"]}
        head |= {"cc": batch["cc"], "bcc": batch["bcc"]}
    said = [say("batch_letter", name, text=text) for name, text in head.items() if text]
    return " · ".join([template_word(batch["template"] or DEFAULT), *said])
