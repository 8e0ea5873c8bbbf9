"""Texts for reasons: why a task is in its state; for causes, and for what helps against them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication, QLocale

from desktop.contract.do_not_send import DO_NOT_SEND
from desktop.contract.items import MAIL_QUEUE
from desktop.contract.office import OfficeCure, OfficeReason
from desktop.gui.kit.words.ages import day_and_time, rate_words, until
from desktop.gui.kit.words.task_row import epoch
from sendoff_tasks.model.causes import CauseKind, Cure
from sendoff_tasks.model.reasons import PAUSED, Reason

if TYPE_CHECKING:
    from desktop.gui.kit.words.task_row import Row
    from sendoff_tasks.model.causes import CauseAbout


translate = QCoreApplication.translate
_SHORTEST: Final = int(QLocale.FloatingPointPrecisionOption.FloatingPointShortest.value)
LONG_WAIT_S: Final = 60.0
"""The shortest wait for a limit, in seconds, whose end is announced."""


def reason_words(row: Row, now: float) -> str:
    """Say why a task is in its state at epoch second ``now``; empty if the state says it all.

    For a reason that this window does not know, the backend's own text is used.
    """
    server = row.data.get("server")
    match row.reason:
        case Reason.DELAYED | Reason.RETRY_LATER:
            return ""
        case Reason.AHEAD | Reason.RATE_LIMIT | Reason.CONCURRENCY_LIMIT:
            return _limited(row, now)
        case OfficeReason.BATCH_LIMIT:
            return _held_by_batch(row, now)
        case Reason.QUEUE_PAUSED | Reason.ALL_PAUSED | OfficeReason.BATCH_PAUSED:
            return _standing(row, now)
        case Reason.QUEUE_HELD if row.data.get("code") == WRONG_PASSWORD:
            return translate("reasons", "User name or password refused")
        case Reason.QUEUE_HELD:  # its state says that it is on hold
            return held_text(row)
        case Reason.OFFLINE | Reason.QUOTA:
            said = (_next_try(row, now), awaited(row))
            return " · ".join(filter(None, said))
        case Reason.AFTER_TASK | Reason.CANCELLED_WITH_TASK:
            return _with_another(row)
        case Reason.HELD_FOR_PERSON if row.is_fixed:
            return translate("reasons", "Ready to be sent")
        case Reason.HELD_FOR_PERSON | Reason.HELD_FOR_FUNCTION:
            return held_text(row)
        case Reason.HELD_AFTER_CRASHES:
            return _crashed(row)
        case Reason.CANCEL_REQUESTED | Reason.OVERDUE:
            return _running(row)
        case Reason.CANCELLED_BY_PERSON:
            return _cancelled(row)
        case Reason.CANCELLED_BY_TASK if row.data.get("mark") == DO_NOT_SEND:
            return translate("reasons", "The address is on the list “Do not send”")
        case OfficeReason.CAME_BACK:
            return meaning_of(row.met) or row.met
        case Reason.CANCELLED_BY_TASK:
            return row.data.get("text", "").rstrip(".")
        case Reason.KEPT if not row.is_mail:
            return translate("reasons", "Practice only")
        case Reason.SETTLED_BY_PERSON if row.is_mail:
            return translate("reasons", "Marked as sent by a person")
        case Reason.FINAL_ANSWER | Reason.ATTEMPTS_USED_UP if row.may_have_arrived:
            return _sent_earlier()
        case Reason.NO_ANSWER | Reason.CUT_SHORT | Reason.STOPPED_BY_PERSON if server:
            return translate("reasons", _OF_SERVER[row.reason]).format(server)
        case _:
            return translate("reasons", _PLAIN[row.reason]) if row.reason in _PLAIN else row.why


_PLAIN: Final[dict[str | None, Any]] = {
    Reason.NO_ROOM: QT_TRANSLATE_NOOP("reasons", "The system cannot run it now"),
    Reason.LANE_FULL: QT_TRANSLATE_NOOP("reasons", "Starts when a running task ends"),
    Reason.AFTER_RESPONSE: QT_TRANSLATE_NOOP("reasons", "Waits for the response of its request"),
    Reason.ALONE_AFTER_CRASH: QT_TRANSLATE_NOOP(
        "reasons", "It was cut short twice, so it waits for its turn"
    ),
    Reason.GIVEN_BACK: QT_TRANSLATE_NOOP(
        "reasons", "Sendoff stopped before it finished; it runs again"
    ),
    Reason.RESCUED: QT_TRANSLATE_NOOP("reasons", "Its process ended unexpectedly; it runs again"),
    Reason.ASKED_AGAIN: QT_TRANSLATE_NOOP("reasons", "Started again by a person"),
    Reason.KEPT: QT_TRANSLATE_NOOP("reasons", "Kept in the outbox, not sent"),
    Reason.SETTLED_BY_PERSON: QT_TRANSLATE_NOOP("reasons", "Marked as done by a person"),
    Reason.DEADLINE_PASSED: QT_TRANSLATE_NOOP("reasons", "It was not done by its deadline"),
    Reason.FINAL_ANSWER: QT_TRANSLATE_NOOP("reasons", "The error is permanent"),
    Reason.ATTEMPTS_USED_UP: QT_TRANSLATE_NOOP("reasons", "All attempts are used up"),
    Reason.NO_ANSWER: QT_TRANSLATE_NOOP("reasons", "No answer"),
    Reason.CUT_SHORT: QT_TRANSLATE_NOOP("reasons", "The program ended before there was an answer"),
    Reason.STOPPED_BY_PERSON: QT_TRANSLATE_NOOP(
        "reasons", "Cancelled by a person before there was an answer"
    ),
    Reason.MAY_BE_DONE: QT_TRANSLATE_NOOP("reasons", "May have been done before"),
}


def met_words(row: Row, now: float) -> str:
    """Return a task's error, else its reason; both if an earlier attempt may have sent it.

    Of a server's answer this is what it means; the task's detail has the server's words.
    """
    met = meaning_of(row.met) or row.met
    if row.reason == Reason.NO_ANSWER and row.is_mail:
        met = translate("reasons", "No answer after the hand-over")
    if not row.may_have_arrived:
        return met or reason_words(row, now)
    return " · ".join(filter(None, (reason_words(row, now), met)))


def meaning_of(said: str) -> str:
    """Say in plain words what a mail server's answer means; empty if its codes do not tell."""
    found = _CODES.match(said)
    if found is None:
        return ""
    code, enhanced = found.groups()
    known = enhanced or ("5.1.1" if code in _NO_MAILBOX else "")
    if known not in _MEANINGS:
        return translate("answers", _LATER) if code.startswith("4") else ""
    return translate("answers", _MEANINGS[known])


_CODES: Final = re.compile(r"([45]\d\d)[ -](?:([45]\.\d{1,3}\.\d{1,3})\b)?")
"""The codes at the beginning of an answer: of RFC 5321, and of RFC 3463 if there is one."""
_NO_MAILBOX: Final = frozenset({"551", "553"})
"""Codes that mean the address even alone; servers give 550 for spam, too."""
_LATER: Final[Any] = QT_TRANSLATE_NOOP("answers", "Postponed by the server")
_MEANINGS: Final[dict[str, Any]] = {
    "5.1.1": QT_TRANSLATE_NOOP("answers", "The address does not exist"),
    "5.1.2": QT_TRANSLATE_NOOP("answers", "The domain of the address does not exist"),
    "5.1.3": QT_TRANSLATE_NOOP("answers", "The address is not valid"),
    "5.1.6": QT_TRANSLATE_NOOP("answers", "The person has another address now"),
    "5.1.10": QT_TRANSLATE_NOOP("answers", "The address does not exist"),
    "5.2.1": QT_TRANSLATE_NOOP("answers", "The mailbox is closed"),
    "4.2.2": QT_TRANSLATE_NOOP("answers", "The mailbox is full"),
    "5.2.2": QT_TRANSLATE_NOOP("answers", "The mailbox is full"),
    "5.2.3": QT_TRANSLATE_NOOP("answers", "The e-mail is too large"),
    "5.3.4": QT_TRANSLATE_NOOP("answers", "The e-mail is too large"),
    "5.4.4": QT_TRANSLATE_NOOP("answers", "The domain of the address takes no e-mail"),
}
"""What an answer means, by its enhanced code (RFC 3463)."""


def _limited(row: Row, now: float) -> str:
    """Say when a limit lets a task go on, how many are ahead of it, and what the limit is."""
    moment, said = goes_on_at(row, now), _behind(row)
    if moment is None:
        return said
    if row.reason == Reason.AHEAD and row.data.get("count") is None:
        words = translate("reasons", "not before {}").format(day_and_time(moment, now))
        return f"{words} · {said}"
    words = translate("reasons", "starts {}")  # true in practice mode, too
    return f"{words.format(until(moment, now))} · {said}"


def goes_on_at(row: Row, now: float) -> float | None:
    """Return when a limit lets a task go on; ``None`` if that is soon or unknown."""
    moment = epoch(row.data.get("until"))
    return moment if moment is not None and moment > now + LONG_WAIT_S else None


def _behind(row: Row) -> str:
    limit = row.data.get("limit", "")
    if row.reason == Reason.CONCURRENCY_LIMIT or not isinstance(limit, str):
        allowed = translate("reasons", "%Ln at a time", None, int(limit or 0))
    else:
        allowed = translate("reasons", "limited to {}").format(rate_words(limit))
    if row.reason != Reason.AHEAD:
        return translate("reasons", "next, {}").format(allowed)
    count = row.data.get("count")
    if count is None:
        return translate("reasons", "more than 100 ahead, {}").format(allowed)
    ahead = translate("reasons", "%Ln ahead", None, count)
    return f"{ahead}, {allowed}"


def _held_by_batch(row: Row, now: float) -> str:
    """Say what limit of its batch a task waits for."""
    limit = row.data.get("limit")
    if not isinstance(limit, str):
        return translate("reasons", "its batch continues with it soon")
    said = translate("reasons", "its batch is limited to {}").format(rate_words(limit))
    moment = goes_on_at(row, now)
    if moment is None:
        return said
    return translate("reasons", "continues {}").format(until(moment, now)) + f" · {said}"


def _with_another(row: Row) -> str:
    """Say which task this one follows."""
    number = row.data.get("task_id")
    if row.reason == Reason.AFTER_TASK:
        return translate("reasons", "It begins after task {}").format(number)
    return translate("reasons", "Task {}, which it follows, was cancelled").format(number)


def held_text(row: Row) -> str:
    """Return in whole why a task or its queue is on hold, as the task that met it said."""
    return row.data.get("text", row.why)


def _standing(row: Row, now: float) -> str:
    since = day_and_time(epoch(row.data.get("since")) or now, now)
    if row.reason == Reason.ALL_PAUSED:
        return translate("reasons", "Paused since {}").format(since)
    if row.reason == OfficeReason.BATCH_PAUSED:
        return translate("reasons", "Batch paused since {}").format(since)
    queue = queue_title(row.data.get("queue", row.queue))
    return translate("reasons", "Queue {queue} paused since {since}").format(
        queue=queue, since=since
    )


def hold_words(text: str) -> str:
    """Say why the queue of a task is on hold."""
    return translate("reasons", "Its queue is on hold: {}").format(text)


def queue_title(name: str) -> str:
    """Return a queue's name on screen."""
    return translate("queues", "Mail") if name == MAIL_QUEUE else name


def awaited(row: Row) -> str:
    """Say what the whole queue of a task waits for."""
    if row.reason == Reason.OFFLINE:
        return translate("reasons", "waiting for the connection")
    if row.is_mail:
        return translate("reasons", "waiting until the mail provider takes more")
    return translate("reasons", "waiting until its server takes more")


def again_words(when: str) -> str:
    """Say in a cell or a headline when something is tried again."""
    return translate("reasons", "again {}").format(when)


def _next_try(row: Row, now: float) -> str:
    """Say when the queue tries one of its tasks; empty while it does."""
    moment = epoch(row.data.get("until")) or now
    if moment - now <= 0.5:
        return ""
    at = day_and_time(moment, now) if row.reason == Reason.QUOTA else until(moment, now)
    return again_words(at)  # the notice says it alike


def _running(row: Row) -> str:
    if row.reason == Reason.CANCEL_REQUESTED:
        return translate("reasons", "Asked to stop")
    limit = QLocale().toString(float(row.data.get("limit", 0)), "f", _SHORTEST)
    if row.data.get("stops"):
        return translate("reasons", "Over its limit of {} s; it is being cancelled").format(limit)
    return translate("reasons", "Over its limit of {} s; it cannot be stopped").format(limit)


def _crashed(row: Row) -> str:
    return translate("reasons", "It was cut short %Ln times", None, row.data.get("count") or 0)


def _cancelled(row: Row) -> str:
    if row.attempt == 0:
        return translate("reasons", "before it started")
    if row.may_have_arrived:
        return _sent_earlier()
    return translate("reasons", "after %Ln attempts", None, row.attempt)


def _sent_earlier() -> str:
    return translate("reasons", "an earlier attempt may have sent it")


def cause_words(about: CauseAbout, title: str) -> str:
    """Name a cause; ``title`` is the backend's own text for causes without enough data."""
    server = about.get("server", "")
    match about.get("kind"):
        case CauseKind.EXCEPTION:
            return _exception(about)
        case CauseKind.TIMEOUT:
            return translate("causes", "Timed out")
        case CauseKind.SAID if not about.get("text"):
            return translate("causes", "Different messages")
        case CauseKind.REASON if about.get("reason") in _PAUSES:
            return _paused(about)
        case CauseKind.REASON if server and about.get("reason") in _OF_SERVER:
            return translate("reasons", _OF_SERVER[about["reason"]]).format(server)
        case CauseKind.REASON if about.get("reason") in _CAUSES:
            return translate("reasons", _CAUSES[about["reason"]])
        case CauseKind.REASON if about.get("code") == WRONG_PASSWORD:
            refused = translate("causes", "{} refused the user name or password ({})")
            return refused.format(server, about["code"])
        case CauseKind.ANSWER if meaning := meaning_of(about.get("said", "")):
            return f"{meaning} · {about['said']}"
        case _:
            return about.get("text") or title


def brief_cause_words(about: CauseAbout, title: str) -> str:
    """Name a cause in a cell or a bar: what a server's answer means, or else the answer alone."""
    is_answer = about.get("kind") == CauseKind.ANSWER
    said = about.get("said", "") if is_answer else ""
    return meaning_of(said) or said or cause_words(about, title)


def short_cause_words(about: CauseAbout, title: str) -> str:
    """Name a cause on a chip."""
    return shortened(brief_cause_words(about, title))


def shortened(words: str) -> str:
    """Cut a text to fit on a chip, or beside others in a cell."""
    return words if len(words) <= _SHORT else f"{words[: _SHORT - 1]}…"


def cure_words(cure: str | None, *, is_paused: bool = False, is_held: bool = False) -> str:
    """Say what helps against a cause; ``None`` means that its tasks are retried automatically."""
    if cure is None and is_held:
        return translate("causes", "Retrying once the problem is fixed")
    if cure is None and is_paused:
        return translate("causes", "Retrying after the pause")
    if cure is None:
        return translate("causes", "Retrying automatically")
    return translate("causes", _CURES[cure]) if cure in _CURES else ""


def _paused(about: CauseAbout) -> str:
    match about.get("reason"):
        case OfficeReason.BATCH_PAUSED:
            name = about.get("batch") or str(about.get("batch_id", ""))
            return translate("causes", "The batch {} is paused").format(name)
        case Reason.ALL_PAUSED:
            return translate("causes", "Everything is paused")
        case _:
            queue = queue_title(about.get("queue", ""))
            return translate("causes", "The queue {} is paused").format(queue)


def _exception(about: CauseAbout) -> str:
    where = translate("causes", "{exception} in {function} ({file})").format(
        exception=about.get("exception", ""),
        function=about.get("function", ""),
        file=about.get("file", ""),
    )
    return f"{where}: {about['text']}" if about.get("text") else where


_SHORT: Final = 60
"""Characters of a cause on the chip above its tasks, or in the row of a batch."""
WRONG_PASSWORD: Final = 535
"""The code of a server that refused a login (RFC 4954)."""
_PAUSES: Final = PAUSED | {OfficeReason.BATCH_PAUSED}
_OF_SERVER: Final[dict[str, Any]] = {
    Reason.NO_ANSWER: QT_TRANSLATE_NOOP("reasons", "No answer from {}"),
    Reason.CUT_SHORT: QT_TRANSLATE_NOOP("reasons", "The program ended before {} answered"),
    Reason.STOPPED_BY_PERSON: QT_TRANSLATE_NOOP(
        "reasons", "Cancelled by a person before {} answered"
    ),
    Reason.OFFLINE: QT_TRANSLATE_NOOP("reasons", "{} cannot be reached"),
    Reason.QUOTA: QT_TRANSLATE_NOOP("reasons", "{} accepts no more e-mails for now"),
}
_CAUSES: Final[dict[str | None, Any]] = _PLAIN | {
    Reason.QUOTA: QT_TRANSLATE_NOOP("reasons", "The server accepts no more e-mails for now"),
    Reason.ALONE_AFTER_CRASH: QT_TRANSLATE_NOOP("reasons", "Cut short twice"),
    Reason.HELD_FOR_FUNCTION: QT_TRANSLATE_NOOP("reasons", "The task's function is missing"),
    Reason.HELD_AFTER_CRASHES: QT_TRANSLATE_NOOP("reasons", "Cut short three times"),
    Reason.RETRY_LATER: QT_TRANSLATE_NOOP("reasons", "The last attempt failed"),
}
_CURES: Final[dict[str, Any]] = {
    OfficeCure.MAIL_SETTINGS: QT_TRANSLATE_NOOP("causes", "Mail settings"),
    OfficeCure.SIGN_IN: QT_TRANSLATE_NOOP("causes", "Sign in"),
    OfficeCure.CORRECT_ADDRESS: QT_TRANSLATE_NOOP("causes", "Correct addresses"),
    Cure.TASKS_FOLDER: QT_TRANSLATE_NOOP("causes", "Open the tasks folder"),
    OfficeCure.EDIT_TEMPLATE: QT_TRANSLATE_NOOP("causes", "Edit template…"),
    Cure.RETRY: QT_TRANSLATE_NOOP("causes", "Retry"),
    Cure.RESOLVE: QT_TRANSLATE_NOOP("causes", "Say what happened"),
    Cure.RESUME: QT_TRANSLATE_NOOP("causes", "Resume"),
}
