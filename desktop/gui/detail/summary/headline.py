"""The state of a task in one line, and that of its repeats."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from desktop.contract.states import State
from desktop.gui.detail.summary.waits import capital
from desktop.gui.tasks.task_row import repeats_of, row_of
from desktop.gui.tasks.words.reasons import awaited, reason_words
from desktop.gui.tasks.words.states import again, starts
from desktop.gui.words.ages import day_and_time

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desktop.contract.tasks import TaskRow
    from desktop.gui.tasks.task_row import Row

translate = QCoreApplication.translate


def headline(row: Row, now: float) -> str:
    """Return a task's state in one line, at epoch second ``now``."""
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
    new = translate("headline", "New message to {to}: {state}")
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
    if row.is_kept_by_batch and not row.is_paused_till:
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
    if row.is_mail:
        return translate("headline", "Sent, {}").format(when)
    return translate("headline", "Done, {}").format(when)
