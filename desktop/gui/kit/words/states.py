"""The icon, colour and name of each state, and the texts of a row's cells."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from desktop.contract.office import OfficeReason
from desktop.contract.rules.mailbox import written_address
from desktop.contract.rules.templates import DEFAULT
from desktop.gui.kit.words.ages import after_pause, at_earliest, day_and_time, duration, until
from desktop.gui.kit.words.reasons import meaning_of, met_words, reason_words
from desktop.gui.kit.words.table import WORDS, say
from desktop.gui.kit.words.task_row import ON_HOLD, PAUSED_TASK, READY
from sendoff_tasks.client.errors import BackendBusy, Refused
from sendoff_tasks.model.reasons import QUEUE_STOPS, Reason
from sendoff_tasks.model.states import OPEN, TROUBLED, State
from sendoff_tasks.words.reasons import refused_words
from sendoff_tasks.words.table import Said, of_queue

if TYPE_CHECKING:
    from collections.abc import Mapping

    from desktop.contract.office import OfficeStats
    from desktop.gui.kit.words.task_row import Row
    from sendoff_tasks.model.problems import Problem


def next_address(row: Row) -> str:
    """Return the corrected address for a task's next run; empty if there is none."""
    if row.next_to is None or row.is_repeated:
        return ""
    return written_address(row.next_to) if row.goes_elsewhere else row.next_to


def next_words(row: Row) -> str:
    """Say to whom a task goes next, as a phrase."""
    to = next_address(row)
    return say("corrected", "next", to=to) if to else ""


def next_sentence(row: Row) -> str:
    """Say to whom a task goes next, as a sentence."""
    to = next_address(row)
    return say("advice", "corrected", row.own_words, to=to) if to else ""


def earlier_address(row: Row) -> str:
    """Return the earlier address of a waiting task whose item was corrected; else empty."""
    is_waiting = row.state == State.WAITING
    return written_address(row.data.get("to", "")) if is_waiting else ""


def with_earlier(row: Row, said: str) -> str:
    """Prefix an error with the earlier address, if the task's item was corrected since."""
    to = earlier_address(row)
    return say("corrected", "before", to=to, said=said) if to and said else said


class Look(NamedTuple):
    """The icon and colour of a state, and the name of its word; ``token`` names the colour."""

    icon: str
    token: str
    word: str


def template_word(name: str) -> str:
    """Return a template's name on screen; the built-in one has a translated name."""
    return say("template", "default") if name == DEFAULT else name


ASIDE: Final = "cancelled"
"""The colour token of the state of a row that was marked as seen."""
LOOKS: Final[dict[str, Look]] = {
    State.SCHEDULED: Look("calendar-clock", "scheduled", "scheduled"),
    State.QUEUED: Look("circle-dashed", "queued", "queued"),
    State.RUNNING: Look("loader-circle", "running", "running"),
    State.WAITING: Look("rotate-cw", "waiting", "waiting"),
    PAUSED_TASK: Look("pause", "waiting", "waiting"),
    ON_HOLD: Look("triangle-alert", "waiting", "waiting"),
    READY: Look("play", "waiting", "waiting"),
    State.SUCCEEDED: Look("circle-check", "succeeded", "succeeded"),
    State.FAILED: Look("circle-x", "failed", "failed"),
    State.CANCELLED: Look("ban", "cancelled", "cancelled"),
    State.UNCERTAIN: Look("circle-help", "uncertain", "uncertain"),
    OfficeReason.CAME_BACK: Look("mail-x", "failed", "came_back"),
    Reason.KEPT: Look("inbox", "kept", "kept"),
}


def look_word(look: str, queue: str = "") -> str:
    """Return the name of a look, as tasks of a queue have it."""
    return say("state", LOOKS[look].word, of_queue(queue))


def state_word(row: Row) -> str:
    """Return the name of a row's state, as on the chip that counts it; then what else is true.

    What a pause or a hold stops is *Waiting · paused* or *Waiting · on hold*.
    """
    is_stopped = row.state == State.QUEUED and row.reason in QUEUE_STOPS
    key = row.look if row.is_bounced else Reason.KEPT if row.kept else row.state
    word = look_word(State.WAITING if is_stopped else key, row.queue)
    more = "ready" if row.is_fixed else "on_hold" if row.look == ON_HOLD else ""
    more = more or ("paused" if row.paused else "")
    return say("state", more, state=word) if more else word


def marked_state_word(row: Row) -> str:
    """Return the name of a row's state, and whether it was marked as seen, or replaced.

    The row does not tell whether the task that replaces it was sent.
    """
    is_replaced = row.is_repeated and (row.seen or row.kept)
    word = say("state", "replaced") if is_replaced else state_word(row)
    return say("state", "seen", state=word) if row.seen else word


def status_words(row: Row, now: float) -> str:
    """Say how a task is, in few words beside the icon of its state: *Sent 10:36*, *Sending*.

    Of what a pause, a hold or its server stops, the state is enough: the sentence says why.
    """
    word, said = marked_state_word(row), progress_words(row, now)
    if row.state in TROUBLED:
        return capital(said) or word
    if row.paused or row.awaits_server or row.reason == Reason.QUEUE_HELD:
        return look_word(State.WAITING, row.queue)
    if row.state == State.WAITING:
        return capital(said) or word
    return _ended(row, word, now) if row.kept else _joined(_ended(row, word, now), said)


def whole_status(row: Row, now: float) -> str:
    """Say the state of a task, and all that is to be said of it in a line."""
    word, said = _ended(row, marked_state_word(row), now), progress_words(row, now)
    return say("state", "because", state=word, said=said) if said else word


def _ended(row: Row, word: str, now: float) -> str:
    """Add to the state of a task when it ended, if it has."""
    if row.state in OPEN or row.finished is None:
        return word
    return say("state", "ended", state=word, time=day_and_time(row.finished, now))


def progress_words(row: Row, now: float) -> str:
    """Say a task's progress or its reason, in one line."""
    match row.state:
        case State.SCHEDULED if row.run_at is not None:
            return _joined(starts(row, now), row.paused_why)
        case State.RUNNING:
            return _running(row, now)
        case State.WAITING if row.is_stopped_by_batch and not row.is_paused_till:
            return with_earlier(row, reason_words(row, now))
        case State.WAITING if row.run_at is not None and not row.awaits_server:
            met = meaning_of(row.met) or row.met or reason_words(row, now)
            return _joined(again(row, now), row.paused_why or with_earlier(row, met))
        case State.SUCCEEDED if row.kept or row.is_settled or row.is_bounced:
            return _joined(next_words(row), reason_words(row, now))
        case State.SUCCEEDED:
            return ""
        case State.FAILED | State.UNCERTAIN:
            return _joined(next_words(row), met_words(row, now))
        case State.CANCELLED:
            return _joined(next_words(row), reason_words(row, now) or row.error or "")
        case _:
            met = reason_words(row, now) or row.error or ""
            return _joined(with_earlier(row, met), row.paused_why)


def starts(row: Row, now: float) -> str:
    """Say when a task starts, or the earliest time if a pause or a hold stops it."""
    moment = row.run_at or now
    if row.is_held_till:
        return at_earliest(say("time", "once_fixed"), moment, now)
    return (after_pause if row.is_paused_till else until)(moment, now)


def again(row: Row, now: float) -> str:
    """Say when the next attempt is."""
    is_stopped = row.is_paused_till or row.is_held_till
    if (row.run_at or now) - now <= 0.5 and not is_stopped:
        return say("time", "again", when=say("time", "now"))
    return say("time", "again", when=starts(row, now))


def took_words(row: Row, now: float) -> str:
    """Say how long the last attempt took, or has been running."""
    if row.state == State.RUNNING and row.started is not None:
        running = now - row.started
        return duration(running) if running >= 0.1 else ""
    if row.took is not None and row.state != State.UNCERTAIN and not row.is_settled:
        return duration(row.took)
    return "–" if row.state in {State.FAILED, State.CANCELLED, State.UNCERTAIN} else ""


def attempts_words(row: Row) -> str:
    """Say how many attempts there were, and of an open task how many there are at most.

    Attempts that do not count, such as after a crash, raise the total. Whether a running attempt
    counts is known only at its end.
    """
    if row.attempt == 0:
        return ""
    left = row.max_attempts - row.attempt
    if row.state not in OPEN or row.state == State.RUNNING or left == 0:
        return str(row.attempt)
    if row.may_try_now:  # attempts that met the problem of the queue do not count
        return say("tries", "left", left=left)
    return say("tries", "of", made=row.attempt, most=row.max_attempts)


def percent(share: float) -> str:
    """Write a share of 0 … 1 as a percentage."""
    return say("progress", "share", percent=int(share * 100))


def needing(stats: OfficeStats, state: str) -> int:
    """Count the tasks in a state that are not marked as seen."""
    return stats["counts"].get(state, 0) - stats["seen"].get(state, 0)


def needing_words(stats: OfficeStats) -> dict[State, str]:
    """Say how many failed and uncertain tasks need a person; states without any are left out."""
    found = {each: needing(stats, each) for each in (State.FAILED, State.UNCERTAIN)}
    return {state: say("count", state, n=n) for state, n in found.items() if n}


def error_text(error: BaseException) -> str:
    """Return the text of an error; that of the operating system's without its number."""
    return getattr(error, "strerror", None) or str(error)


def capital(text: str, server: str = "") -> str:
    """Capitalize the first letter of a text, unless it begins with the name of a server."""
    return text if server and text.startswith(server) else text[:1].upper() + text[1:]


def sentences(*parts: str) -> str:
    """Join parts to sentences, each with a full stop; empty parts are left out."""
    said = [part.strip() for part in parts if part.strip()]
    return " ".join(part + ("" if part[-1] in ".!?…" else ".") for part in said)


def in_words(error: Exception) -> Exception:
    """Return an answer's error in the window's language; sentences without a row stay."""
    problem = error.problem if isinstance(error, Refused | BackendBusy) else None
    if problem is None:
        error.args = tuple(map(row_in_words, error.args))
        return error
    fields = [each.copy() for each in problem.get("errors", ())]
    for each in fields:
        each["message"] = _refusal(each.get("reason"), each) or each["message"]
    said = "\n".join(each["message"] for each in fields)
    said = said or _refusal(problem.get("refusal"), problem) or str(error)
    worded: Problem = {**problem, "errors": fields, "detail": said}
    if isinstance(error, BackendBusy):
        return BackendBusy(said, error.retry_after, worded)
    return Refused(worded)


def row_in_words(text: Any) -> Any:
    """Return a row said in English in the window's language; anything else stays."""
    return refused_words(WORDS, text.reason, text.data) if isinstance(text, Said) else text


def _refusal(reason: str | None, of: Mapping[str, Any]) -> str:
    return refused_words(WORDS, reason, of.get("data", {})) if reason else ""


def _running(row: Row, now: float) -> str:
    if row.reason is not None:  # it is over its limit, or was asked to stop
        return _joined(reason_words(row, now), row.progress_text)
    if row.is_handed_over:
        return say("progress", "handed_over")
    share = row.share
    if share is not None:
        return _joined(percent(share), row.progress_text)
    return row.progress_text


def _joined(*parts: str) -> str:
    return " · ".join(filter(None, parts))
