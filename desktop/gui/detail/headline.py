"""What happened to a task, what happens next, and whether the person must do anything."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QCoreApplication

from desktop.contract.states import State
from desktop.contract.tasks import AWAITS_FUNCTION
from desktop.gui.ages import age, clock_or_date, duration, until
from desktop.gui.words import again, sentences

if TYPE_CHECKING:
    from desktop.gui.table.task_row import Row

translate = QCoreApplication.translate

_KEPT: Final = "Kept in the outbox"
"""How the result of a mail begins that practice mode kept."""


def headline(row: Row, now: float, *, practice: bool = False) -> str:
    """Say in one line what is the matter with a task at epoch second ``now``.

    ``practice``: its mail was kept in the outbox, as :func:`was_practice` tells.
    """
    match row.state:
        case State.SCHEDULED:
            return _scheduled(row, now)
        case State.QUEUED if row.behind_held_queue:
            return _held()
        case State.QUEUED if row.paused:
            return row.why.rstrip(".")
        case State.QUEUED:
            return translate("headline", "In line")
        case State.RUNNING:
            return _running(row)
        case State.WAITING:
            return _waiting(row, now)
        case State.SUCCEEDED:
            return _succeeded(row, now, practice=practice)
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


def was_practice(result: object) -> bool:
    """Tell by a mail's result whether it was kept in the outbox instead of sent."""
    return isinstance(result, str) and result.startswith(_KEPT)


def explanation(row: Row, now: float) -> str:
    """Say in a sentence or two why, what comes next, and what the person can do."""
    match row.state:
        case State.QUEUED if row.behind_held_queue:
            return sentences(row.why, _what_held_needs(row))
        case State.QUEUED if row.paused:
            return translate("headline", "It goes on when you press Resume.")
        case State.SCHEDULED | State.QUEUED:
            nothing = translate("headline", "Nothing to do: Sendoff starts it on its own.")
            return sentences(row.why, nothing)
        case State.RUNNING:
            return sentences(_capital(row.progress_text), _attempt(row))
        case State.WAITING:
            return sentences(_cause(row), _what_waiting_needs(row))
        case State.SUCCEEDED:
            return sentences(_length(row), translate("headline", "Nothing to do."))
        case State.FAILED:
            mend = translate(
                "headline",
                "Sendoff does not try again on its own. Mend the cause, then press Retry.",
            )
            return sentences(_cause(row), mend)
        case State.CANCELLED:
            after_all = translate("headline", "Retry runs it after all.")
            return sentences(row.why, after_all)
        case _:
            return sentences(row.error or row.why, _uncertain(row))


def _scheduled(row: Row, now: float) -> str:
    if row.run_at is None:
        return translate("headline", "Scheduled")
    when = until(row.run_at, now)
    if row.is_mail:
        return translate("headline", "Goes out {}").format(when)
    return translate("headline", "Starts {}").format(when)


def _running(row: Row) -> str:
    running = (
        translate("headline", "Being sent") if row.is_mail else translate("headline", "Running")
    )
    return f"{running} · {row.why.rstrip('.')}" if row.why else running


def _held() -> str:
    return translate("headline", "Held until the cause is mended")


def _waiting(row: Row, now: float) -> str:
    if row.awaits_function:
        return translate("headline", "Held until its function is back")
    if row.run_at is None:
        return _held()
    when = again(row.run_at, now)
    if row.is_mail:
        return translate("headline", "Waits for the mail server, {}").format(when)
    return translate("headline", "Waits, {}").format(when)


def _what_waiting_needs(row: Row) -> str:
    if row.run_at is None:
        return _what_held_needs(row)
    left = row.max_attempts - row.attempt
    return translate(
        "headline", "Nothing to do: Sendoff tries on its own, %Ln more times.", None, left
    )


def _what_held_needs(row: Row) -> str:
    """Say what lets it go on; only a queue is let go by anything but *Try now*."""
    if row.awaits_function:
        return translate(
            "headline", "It goes on by itself when a file in the tasks folder has it again."
        )
    if row.is_mail and row.behind_held_queue:
        return translate(
            "headline",
            "It goes on when a test mail works, when mail settings are saved,"
            " when Sendoff starts again, or by Try now.",
        )
    mend = translate("headline", "Mend the cause, then press Try now.")
    if not row.is_mail:
        return mend
    also = translate(
        "headline",
        "If it was the mail server, a test mail that works, saved mail settings or a new start"
        " of Sendoff let it go on too.",
    )
    return sentences(mend, also)


def _succeeded(row: Row, now: float, *, practice: bool) -> str:
    if row.finished is None:
        return translate("headline", "Sent") if row.is_mail else translate("headline", "Done")
    when = age(row.finished, now)
    if practice:
        return translate("headline", "Kept in the outbox (practice), {}").format(when)
    if row.is_mail:
        return translate("headline", "Sent, {}").format(when)
    return translate("headline", "Done, {}").format(when)


def _uncertain(row: Row) -> str:
    if row.is_mail:
        return translate(
            "headline",
            "Ask the recipient, or look in the mail server's log for this Message-ID;"
            " then say what you know.",
        )
    return translate("headline", "Look where it went whether it happened; then say what you know.")


def _attempt(row: Row) -> str:
    if row.started is None:
        return ""
    return translate("headline", "Attempt {} of {}, started at {}.").format(
        row.attempt, row.max_attempts, clock_or_date(row.started, row.started)
    )


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _length(row: Row) -> str:
    if row.took is None:
        return ""
    took = duration(row.took)
    if row.attempt <= 1:
        return translate("headline", "It took {}, at the first attempt.").format(took)
    return translate("headline", "It took {}, at attempt {}.").format(took, row.attempt)


def _cause(row: Row) -> str:
    """Return the error, and the engine's reason where it says more than that."""
    if row.held and row.why:
        return row.why.removesuffix(AWAITS_FUNCTION)  # what is said next says it with the cure
    if row.error and row.error.rstrip(".") in row.why:
        return row.error
    return sentences(row.error or "", row.why)
