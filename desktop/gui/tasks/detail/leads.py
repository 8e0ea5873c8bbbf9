"""The lead of a task: in a sentence and a line what happened, what comes next, what helps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from desktop.gui.kit.words.ages import at, day_and_time
from desktop.gui.kit.words.reasons import meaning_of, reason_words, shortened
from desktop.gui.kit.words.states import (
    LOOKS,
    again,
    attempts_words,
    capital,
    next_sentence,
    sentences,
    starts,
    template_word,
    with_earlier,
)
from desktop.gui.kit.words.table import WORDS, say
from desktop.gui.kit.words.task_row import repeats_of, row_of
from desktop.gui.kit.words.verbs import carried_out, coming
from desktop.gui.tasks.detail.desk_content import Lead
from sendoff_tasks.model.reasons import Reason
from sendoff_tasks.model.states import State
from sendoff_tasks.model.times import epoch
from sendoff_tasks.words.reasons import notice_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desktop.gui.kit.words.task_row import Row
    from desktop.gui.tasks.acting.pending_actions import PendingAction
    from sendoff_tasks.model.tasks import TaskRow

TO_COME: Final = frozenset({State.SCHEDULED, State.QUEUED, State.WAITING})
"""States whose line is about the next start; an action of the person replaces it."""


def lead(
    row: Row,
    now: float,
    *,
    may_act: bool = True,
    lacks: Sequence[str] = (),
    template: str = "",
    of_item: Sequence[TaskRow] = (),
    started: PendingAction | None = None,
) -> Lead:
    """Say what is the case with a task at epoch second ``now``; see :func:`explanation`.

    ``of_item`` are all tasks of its item, ``started`` is an action on it that can be undone.
    """
    look = LOOKS[row.look]
    if started is not None:
        undoable = say("headline", "undoable", what=coming(started.worded_as))
        text = carried_out(started.worded_as) if started.is_due else undoable
        line = "" if row.state in TO_COME else headline(row, now)
        return Lead(text, line, look.icon, look.token)
    again = sent_again(row, of_item, now)
    may_act = may_act and not row.is_repeated
    said = explanation(row, now, may_act=may_act, lacks=lacks, template=template)
    line = again if row.is_repeated and again else " ".join(filter(None, (said, again)))
    return Lead(sentence(row, now, lacks=lacks), line, look.icon, look.token, row.share)


def sentence(row: Row, now: float, *, lacks: Sequence[str] = ()) -> str:
    """Return a task's state in one line; of a failed one, why it failed if that is short."""
    if lacks and row.for_person:
        return say("headline", "lacking")
    if row.state == State.FAILED and row.is_mail:
        return _meaning(row) or headline(row, now)
    if row.state == State.FAILED and _is_short(row):
        return say("headline", "failed_with", error=(row.error or "").rstrip("."))
    plainly = not row.kept and not row.is_bounced and not row.is_settled
    if row.state == State.SUCCEEDED and row.is_mail and row.to and plainly and row.finished:
        return say("headline", "sent_to", when=day_and_time(row.finished, now), to=row.to)
    return headline(row, now, lacks=lacks)


def headline(row: Row, now: float, *, lacks: Sequence[str] = ()) -> str:
    """Return a task's state in one line, at epoch second ``now``; see :func:`explanation`."""
    if lacks and row.state in {State.SCHEDULED, State.QUEUED}:
        return say("headline", "lacking")
    match row.state:
        case State.SCHEDULED | State.QUEUED if row.behind_held_queue:
            return _held()
        case State.SCHEDULED | State.QUEUED | State.WAITING if row.awaits_server:
            return capital(say("reason", row.reason or "", row.own_words))
        case State.SCHEDULED:
            return _scheduled(row, now)
        case State.QUEUED if row.paused:
            return reason_words(row, now)
        case State.QUEUED:
            return say("headline", "queued")
        case State.RUNNING:
            return _running(row, now)
        case State.WAITING:
            return _waiting(row, now)
        case State.SUCCEEDED:
            return _succeeded(row, now)
        case _:
            return say("headline", row.state, row.own_words)


def sent_again(row: Row, tasks: Sequence[TaskRow], now: float) -> str:
    """Return the state of the newest repeat of this task, or else of the newest copy to others.

    ``tasks`` are all tasks of its item.
    """
    repeats = [row_of(task) for task in repeats_of(row.id, tasks)]
    newest = [each for each in repeats if not each.copy] or repeats
    return "".join(
        sentences(
            say(
                "headline",
                "copy_to" if each.copy else "again_to",
                to=each.to or "–",
                state=headline(each, now),
            )
        )
        for each in newest[-1:]
    )


def _scheduled(row: Row, now: float) -> str:
    if row.run_at is None and row.awaits_resume:
        return reason_words(row, now)
    if row.run_at is None:
        return say("headline", "scheduled")
    return say("headline", "starts", row.own_words, when=starts(row, now))


def _running(row: Row, now: float) -> str:
    running = say("headline", "running", row.own_words)
    said = reason_words(row, now) if row.reason is not None else ""
    return f"{running} · {said}" if said else running


def _held() -> str:
    return say("headline", "on_hold")


def _waiting(row: Row, now: float) -> str:
    if row.awaits_function:
        return say("headline", "awaits_function")
    if row.follows:
        return say("headline", "follows")
    if row.is_fixed:
        return reason_words(row, now)
    if row.run_at is None or row.is_held_till:
        return _held()
    if row.is_stopped_by_batch and not row.is_paused_till:
        return capital(reason_words(row, now))
    return say("headline", "waiting", row.own_words, when=again(row, now))


def _succeeded(row: Row, now: float) -> str:
    if row.finished is None:
        return say("state", row.state, row.own_words)
    when = day_and_time(row.finished, now)
    if row.is_settled:
        return f"{reason_words(row, now)}, {when}"
    name = row.reason if row.kept or row.is_bounced else row.state
    met = meaning_of(row.met) or row.met
    return say("headline", name or "", row.own_words, when=when, error=met)


def what_server_said(row: Row, now: float) -> str:
    """Say since when a server accepts nothing, with its answer, and that there is nothing to do."""
    found = notice_words(WORDS, row.reason or "", row.data, now)
    moment = epoch(row.data.get("until")) or now
    if row.reason == Reason.OFFLINE or moment <= now:
        return sentences(found, say("advice", "tried"))
    return sentences(found, say("advice", "tried_at", when=day_and_time(moment, now)))


def what_waiting_needs(row: Row, *, may_act: bool) -> str:
    """Say that the task is tried again automatically, or what it needs to continue.

    Without ``may_act``, no button is named.
    """
    held_needs = what_held_needs(row) if may_act else ""
    if row.run_at is None:
        return held_needs
    if row.is_held_till:
        on_hold = say("advice", "on_hold", row.own_words, text=row.data["on_hold"])
        return sentences(on_hold, held_needs)
    if row.is_paused_till:
        return what_pause_needs(row, may_act=may_act)
    return say("advice", "again", n=row.max_attempts - row.attempt)


def what_pause_needs(row: Row, *, may_act: bool) -> str:
    """Say how the pause of a task ends, and why it began if no person did that."""
    if row.paused_why:
        return row.paused_why
    if not may_act:
        return say("advice", "resumed")
    return say("advice", "resume_batch" if row.is_batch_paused else "resume")


def what_held_needs(row: Row) -> str:
    """Say what a task on hold needs; only a queue on hold has ways other than *Try now*."""
    if row.awaits_function:
        return say("advice", "function")
    if row.is_fixed:
        return say("advice", "fixed")
    if row.is_about_practice:
        return ""  # the reason says it
    if row.awaits_template:
        return say("advice", "edit_template")
    of_queue = row.reason == Reason.QUEUE_HELD or row.is_held_till
    name = "fix_another" if row.state == State.SCHEDULED else "fix"
    return say("advice", name, row.own_words if of_queue else "")


def cannot_be_made(
    row: Row, now: float, lacks: Sequence[str], template: str, *, may_act: bool
) -> str:
    """Say which fields a message lacks, and what to do about it."""
    cure = say("advice", "complete")
    why = "" if row.for_person else capital(reason_words(row, now))
    return sentences(why, lacking(lacks, template), cure if may_act else "")


def lacking(fields: Sequence[str], template: str = "") -> str:
    """Say which fields a message lacks, and which template asks for them."""
    named = say("advice", "named_template", name=template_word(template))
    asks = named if template else say("advice", "its_template")
    return say("advice", "lacks", fields="”, “".join(fields), template=asks)


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
    return say("advice", "copy") if row.copy else ""


def _explanation(row: Row, now: float, *, may_act: bool) -> str:
    match row.state:
        case State.SCHEDULED | State.QUEUED if row.behind_held_queue:
            on_hold = say("advice", "on_hold", row.own_words, text=reason_words(row, now))
            return sentences(on_hold, what_held_needs(row) if may_act else "")
        case State.SCHEDULED if row.is_held_till:
            return what_waiting_needs(row, may_act=may_act)
        case State.SCHEDULED | State.QUEUED | State.WAITING if row.awaits_server:
            return what_server_said(row, now)
        case State.QUEUED | State.SCHEDULED if row.awaits_resume:
            return what_pause_needs(row, may_act=may_act)
        case State.SCHEDULED:
            return sentences(capital(reason_words(row, now)))
        case State.QUEUED:
            return _starts_by_itself(row, now)
        case State.WAITING if row.follows:
            return sentences(capital(reason_words(row, now)))
        case State.RUNNING if row.is_handed_over:
            return sentences(say("advice", "handed_over"), _attempt(row))
        case State.RUNNING:
            return sentences(capital(row.progress_text), _attempt(row))
        case State.WAITING if row.is_fixed and may_act:
            return what_waiting_needs(row, may_act=True)  # the headline says the rest
        case State.WAITING:
            return sentences(_cause(row, now), what_waiting_needs(row, may_act=may_act))
        case State.SUCCEEDED:
            return _what_success_needs(row) if may_act else ""
        case State.FAILED if row.is_address_refused and may_act:
            met = "" if _meaning(row) else row.error or ""
            return sentences(met, say("advice", "correct_address"))
        case State.FAILED if row.goes_elsewhere:
            return ""  # the address is corrected
        case State.FAILED if not may_act:
            return _why_failed(row, now)
        case State.FAILED:
            return sentences(_why_failed(row, now), say("advice", "retry"))
        case State.CANCELLED if not may_act:
            return sentences(capital(row.error or reason_words(row, now), _server(row)))
        case State.CANCELLED:
            return sentences(capital(reason_words(row, now)), say("advice", "retry_anyway"))
        case _ if row.may_have_arrived:
            first = say("advice", "earlier", row.own_words)
            return sentences(f"{first}: {row.error}", _uncertain(row, may_act=may_act))
        case _:
            return sentences(_why_unknown(row, now), _uncertain(row, may_act=may_act))


def _starts_by_itself(row: Row, now: float) -> str:
    return sentences(capital(reason_words(row, now)), say("advice", "starts"))


def _uncertain(row: Row, *, may_act: bool) -> str:
    return say("advice", "uncertain", row.own_words) if may_act else ""


def _why_unknown(row: Row, now: float) -> str:
    """Say when a task was handed over and to which server, or else what kept the answer away."""
    since, server = epoch(row.data.get("since")), _server(row)
    if since is not None and server:
        return say("advice", "handed_to", when=at(since, now), server=server)
    return row.error or capital(reason_words(row, now))


def _why_failed(row: Row, now: float) -> str:
    """Return what the sentence does not say yet: the error, and the reason."""
    said = capital(reason_words(row, now), _server(row))
    is_said = bool(_meaning(row)) if row.is_mail else _is_short(row)
    return sentences("" if is_said else row.error or "", said)


def _is_short(row: Row) -> bool:
    """Tell whether an error fits into a sentence."""
    return bool(row.error) and shortened(row.error or "") == row.error and "\n" not in row.error


def _attempt(row: Row) -> str:
    if row.started is None:
        return ""
    when = day_and_time(row.started, row.started, seconds=True)
    return say("advice", "attempt", attempt=attempts_words(row), when=when)


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
        return say("advice", "settled")
    return say("advice", row.reason or "") if row.is_bounced or row.kept else ""
