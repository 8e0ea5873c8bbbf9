"""What happens next to a task, and what it waits for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from desktop.gui.kit.words.ages import day_and_time
from desktop.gui.kit.words.reasons import (
    awaited,
    hold_words,
    meaning_of,
    reason_words,
)
from desktop.gui.kit.words.states import (
    again,
    attempts_words,
    capital,
    next_sentence,
    sentences,
    starts,
    template_word,
    with_earlier,
)
from desktop.gui.kit.words.task_row import epoch, repeats_of, row_of
from sendoff_tasks.model.reasons import Reason
from sendoff_tasks.model.states import State

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desktop.gui.kit.words.task_row import Row
    from sendoff_tasks.model.tasks import TaskRow


translate = QCoreApplication.translate


def headline(row: Row, now: float, *, lacks: Sequence[str] = ()) -> str:
    """Return a task's state in one line, at epoch second ``now``; see :func:`explanation`."""
    if lacks and row.state in {State.SCHEDULED, State.QUEUED}:
        return translate("headline", "Something is missing")
    match row.state:
        case State.SCHEDULED | State.QUEUED if row.behind_held_queue:
            return _held()
        case State.SCHEDULED | State.QUEUED | State.WAITING if row.awaits_server:
            return capital(awaited(row))
        case State.SCHEDULED:
            return _scheduled(row, now)
        case State.QUEUED if row.paused:
            return reason_words(row, now)
        case State.QUEUED:
            return translate("headline", "In the queue")
        case State.RUNNING:
            return _running(row, now)
        case State.WAITING:
            return _waiting(row, now)
        case State.SUCCEEDED:
            return _succeeded(row, now)
        case State.FAILED if row.is_mail:
            return translate("headline", "Could not be sent")
        case State.FAILED:
            return translate("headline", "Failed")
        case State.CANCELLED:
            return translate("headline", "Cancelled")
        case _ if row.is_mail:
            return translate("headline", "It may have been sent")
        case _:
            return translate("headline", "It may have been done")


def sent_again(row: Row, tasks: Sequence[TaskRow], now: float) -> str:
    """Return the state of the newest repeat of this task, with a line for each copy to others.

    ``tasks`` are all tasks of its item.
    """
    repeats = [row_of(task) for task in repeats_of(row.id, tasks)]
    newest = [each for each in repeats if not each.copy][-1:]
    new = translate("headline", "New e-mail to {to}: {state}")
    copy = translate("headline", "Copy to {to}: {state}")
    return "\n".join(
        (copy if each.copy else new).format(to=each.to or "–", state=headline(each, now))
        for each in (*newest, *(each for each in repeats if each.copy))
    )


def _scheduled(row: Row, now: float) -> str:
    if row.run_at is None and row.awaits_resume:
        return reason_words(row, now)
    if row.run_at is None:
        return translate("headline", "Scheduled")
    when = starts(row, now)
    if row.is_mail:
        return translate("headline", "Will be sent {}").format(when)
    return translate("headline", "Starts {}").format(when)


def _running(row: Row, now: float) -> str:
    sending, other = translate("headline", "Being sent"), translate("headline", "Running")
    running = sending if row.is_mail else other
    said = reason_words(row, now) if row.reason is not None else ""
    return f"{running} · {said}" if said else running


def _held() -> str:
    return translate("headline", "On hold until the problem is fixed")


def _waiting(row: Row, now: float) -> str:
    if row.awaits_function:
        return translate("headline", "On hold until its function is available")
    if row.follows:
        return translate("headline", "Waiting for another task")
    if row.is_fixed:
        return translate("headline", "Ready to be sent")
    if row.run_at is None or row.is_held_till:
        return _held()
    if row.is_stopped_by_batch and not row.is_paused_till:
        return capital(reason_words(row, now))
    when = again(row, now)
    if row.is_mail:
        return translate("headline", "Waiting for the mail server, {}").format(when)
    return translate("headline", "Waiting, {}").format(when)


def _succeeded(row: Row, now: float) -> str:
    if row.finished is None:
        return translate("headline", "Sent") if row.is_mail else translate("headline", "Done")
    when = day_and_time(row.finished, now)
    if row.kept:
        return translate("headline", "Kept in the outbox (practice), {}").format(when)
    if row.is_settled:
        return f"{reason_words(row, now)}, {when}"
    if row.is_bounced:
        return translate("headline", "Sent, {}, and bounced: {}").format(when, row.met)
    if row.is_mail:
        return translate("headline", "Sent, {}").format(when)
    return translate("headline", "Done, {}").format(when)


def what_server_said(row: Row, now: float) -> str:
    """Say since when a server accepts nothing, with its answer, and that there is nothing to do."""
    since = day_and_time(epoch(row.data.get("since")) or now, now)
    if row.reason == Reason.OFFLINE:
        found = translate("headline", "No connection since {}").format(since)
    else:
        found = translate("headline", "The limit was reached at {}").format(since)
    return sentences(f"{found}: {row.data.get('text', '')}", _server_is_tried(row, now))


def _server_is_tried(row: Row, now: float) -> str:
    moment = epoch(row.data.get("until")) or now
    if row.reason == Reason.OFFLINE or moment <= now:
        return translate(
            "headline",
            "Nothing to do: Sendoff keeps trying with one task, and the others follow. No attempt"
            " is used up.",
        )
    words = translate(
        "headline",
        "Nothing to do: Sendoff tries again at {} with one task, and the others follow. No attempt"
        " is used up.",
    )
    return words.format(day_and_time(moment, now))


def what_waiting_needs(row: Row, *, may_act: bool) -> str:
    """Say that the task is tried again automatically, or what it needs to continue.

    Without ``may_act``, no button is named.
    """
    held_needs = what_held_needs(row) if may_act else ""
    if row.run_at is None:
        return held_needs
    if row.is_held_till:
        return sentences(hold_words(row.data["on_hold"]), held_needs)
    if row.is_paused_till:
        return what_pause_needs(row, may_act=may_act)
    left = row.max_attempts - row.attempt
    return translate(
        "headline", "Nothing to do: Sendoff tries by itself, %Ln more times.", None, left
    )


def what_pause_needs(row: Row, *, may_act: bool) -> str:
    """Say how the pause of a task ends, and why it began if no person did that."""
    if row.paused_why:
        return row.paused_why
    if not may_act:
        return translate("headline", "It continues once it is resumed.")
    if row.is_batch_paused:
        return translate("headline", "It continues when you resume its batch.")
    return translate("headline", "It continues when you press Resume.")


def what_held_needs(row: Row) -> str:
    """Say what a task on hold needs; only a queue on hold has ways other than *Try now*."""
    if row.awaits_function:
        return translate("headline", "It continues by itself once its function is there again.")
    if row.is_fixed:
        return translate("headline", "What was missing is there now. Press Try now.")
    if row.awaits_template:
        return translate("headline", "Press Edit template… to correct it, then send the e-mail.")
    if row.is_mail and (row.reason == Reason.QUEUE_HELD or row.is_held_till):
        if row.state == State.SCHEDULED:
            return translate(
                "headline",
                "It continues after a successful test e-mail, after working mail settings are"
                " saved, after a restart, or when you press Try now at an e-mail that is on hold.",
            )
        return translate(
            "headline",
            "It continues after a successful test e-mail, after working mail settings are saved,"
            " after a restart, or when you press Try now.",
        )
    if row.state == State.SCHEDULED:
        return translate(
            "headline", "Fix the problem, then press Try now at a task that is on hold."
        )
    return translate("headline", "Fix the problem, then press Try now.")


def cannot_be_made(
    row: Row, now: float, lacks: Sequence[str], template: str, *, may_act: bool
) -> str:
    """Say which fields a message lacks, and what to do about it."""
    cure = translate(
        "headline", "Press Correct… to fill in what is missing, or change the template."
    )
    why = "" if row.for_person else capital(reason_words(row, now))
    return sentences(why, lacking(lacks, template), cure if may_act else "")


def lacking(fields: Sequence[str], template: str = "") -> str:
    """Say which fields a message lacks, and which template asks for them."""
    named = translate("headline", "the template “{}”").format(template_word(template))
    asks = named if template else translate("headline", "its template")
    words = translate("headline", "It cannot be sent: {template} asks for “{}”.")
    return words.format("”, “".join(fields), template=asks)


def explanation(
    row: Row,
    now: float,
    *,
    may_act: bool = True,
    lacks: Sequence[str] = (),
    template: str = "",
) -> str:
    """Return a sentence or two on why, what comes next, and what the person can do.

    Without ``may_act``, no button is named. ``lacks`` are fields that the ``template`` needs and
    the message does not have.
    """
    if lacks and (row.for_person or row.state in {State.SCHEDULED, State.QUEUED}):
        said = cannot_be_made(row, now, lacks, template, may_act=may_act)
    else:
        said = _explanation(row, now, may_act=may_act)
    return sentences(said, next_sentence(row), copy_sentence(row))


def copy_sentence(row: Row) -> str:
    """Say that a message is a copy; empty for one to the item's own recipient."""
    if not row.copy:
        return ""
    return translate("headline", "It is a copy: it does not inform the item's recipient.")


def _explanation(row: Row, now: float, *, may_act: bool) -> str:
    match row.state:
        case State.SCHEDULED | State.QUEUED if row.behind_held_queue:
            on_hold = hold_words(reason_words(row, now))
            return sentences(on_hold, what_held_needs(row) if may_act else "")
        case State.SCHEDULED if row.is_held_till:
            return what_waiting_needs(row, may_act=may_act)
        case State.SCHEDULED | State.QUEUED | State.WAITING if row.awaits_server:
            return what_server_said(row, now)
        case State.QUEUED | State.SCHEDULED if row.awaits_resume:
            return what_pause_needs(row, may_act=may_act)
        case State.SCHEDULED | State.QUEUED:
            return _starts_by_itself(row, now)
        case State.WAITING if row.follows:
            return _starts_by_itself(row, now)
        case State.RUNNING if row.is_handed_over:
            over = translate("headline", "It was handed over and can no longer be stopped.")
            return sentences(over, _attempt(row))
        case State.RUNNING:
            return sentences(capital(row.progress_text), _attempt(row))
        case State.WAITING if row.is_fixed and may_act:
            return what_waiting_needs(row, may_act=True)  # the headline says the rest
        case State.WAITING:
            return sentences(_cause(row, now), what_waiting_needs(row, may_act=may_act))
        case State.SUCCEEDED:
            return _what_success_needs(row) if may_act else ""
        case State.FAILED if row.is_address_refused and may_act:
            after = translate("headline", "Correct the address, then press Save and send.")
            return sentences(_meaning(row) or row.error or "", after)
        case State.FAILED if row.goes_elsewhere or not may_act:
            return sentences(_cause(row, now))  # the address is corrected
        case State.FAILED:
            after = translate(
                "headline",
                "Sendoff does not try again by itself. Fix the problem, then press Retry.",
            )
            return sentences(_cause(row, now), after)
        case State.CANCELLED | State.UNCERTAIN if not may_act:
            return sentences(capital(row.error or reason_words(row, now), _server(row)))
        case State.CANCELLED:
            anyway = translate("headline", "Press Retry to try it anyway.")
            return sentences(capital(reason_words(row, now)), anyway)
        case _ if row.may_have_arrived:
            first = translate(
                "headline", "An earlier attempt may have sent it; the last one failed"
            )
            return sentences(f"{first}: {row.error}", _uncertain(row))
        case _:
            return sentences(row.error or reason_words(row, now), _uncertain(row))


def _starts_by_itself(row: Row, now: float) -> str:
    nothing = translate("headline", "Nothing to do: Sendoff starts it by itself.")
    return sentences(capital(reason_words(row, now)), nothing)


def _uncertain(row: Row) -> str:
    if row.is_mail:
        return translate(
            "headline",
            "Ask the recipient whether it arrived, or your mail provider, who finds it by its"
            " Message-ID. Then choose above.",
        )
    return translate("headline", "Find out whether it happened, then choose above.")


def _attempt(row: Row) -> str:
    if row.started is None:
        return ""
    return translate("headline", "Attempt {}, started at {}.").format(
        attempts_words(row), day_and_time(row.started, row.started, seconds=True)
    )


def _cause(row: Row, now: float) -> str:
    """Return the error, or what it means, and the reason if it says more than the error."""
    said = capital(reason_words(row, now), _server(row))
    met = said if row.held else sentences(_meaning(row) or row.error or "", said)
    return capital(with_earlier(row, met), _server(row))


def _meaning(row: Row) -> str:
    return meaning_of(row.data.get("said", ""))


def _server(row: Row) -> str:
    return row.data.get("server", "")


def _what_success_needs(row: Row) -> str:
    if row.is_settled and row.is_mail and not row.is_repeated:
        return translate("headline", "If it was not sent after all, press Send again.")
    if row.is_bounced:
        return translate(
            "headline", "It came back after it was sent. Correct the address and send it again."
        )
    if row.kept:
        return translate(
            "headline", "It was kept in practice mode, not sent. With real sending, Send sends it."
        )
    return ""
