"""Log records of failed attempts, one for each, written in a thread of its own."""

from __future__ import annotations

import logging
import threading
from contextlib import suppress
from dataclasses import dataclass, replace
from types import TracebackType
from typing import Final

from sendoff_tasks.attempts.outcomes import (
    Crashed,
    Failed,
    GivenBack,
    Held,
    Later,
    LeftUncertain,
    Misfit,
    Outcome,
    Succeeded,
)
from sendoff_tasks.model.states import State
from sendoff_tasks.store.tables.records import Hold, TaskRecord
from sendoff_tasks.words.table import ENGLISH

WAITING: Final = 1_000
"""Records that may wait for the log; of further ones only the number is logged."""
STOP_WITHIN_S: Final = 2.0
"""How long the last records may take to be written when the engine stops, s."""

log = logging.getLogger("sendoff.task")

_ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None]


@dataclass(frozen=True, slots=True)
class Failure:
    """An attempt that failed; ``is_last`` means that no retry follows by itself.

    ``raised`` is the exception; from another process only its ``trace`` comes.
    """

    task: str
    task_id: int
    attempt: int
    is_last: bool
    error: str
    trace: str = ""
    raised: BaseException | None = None


class AttemptError(Exception):
    """An exception from another process; its ``__cause__`` holds the traceback as text."""


class TraceText(Exception):
    """A traceback from another process."""

    def __str__(self) -> str:
        return f'\n"""\n{self.args[0]}"""'


def failure_of(record: TaskRecord, task: str, outcome: Outcome) -> Failure | None:
    """Return the log record of an ended attempt; ``None`` if it did not fail."""
    trace, raised = "", None
    match outcome:
        case Succeeded() | Later(counts=False):
            return None
        case Failed(error, trace) | Later(error, trace) | LeftUncertain(error, trace):
            raised = outcome.raised
        case Held(error, trace) | Misfit(error, trace):
            raised = outcome.raised
        case Crashed(error):
            pass
        case GivenBack() if record.state == State.UNCERTAIN:
            error = record.error or ""
        case GivenBack(begun=True):
            error = ENGLISH.say("history", "engine_stopped")
        case _:
            return None
    if record.state == State.CANCELLED:
        return None
    is_over = record.state in {State.FAILED, State.UNCERTAIN}
    is_last = is_over or record.held != Hold.NOTHING.value
    return Failure(task, record.id, record.attempt, is_last, error, trace, raised)


class FailureLog:
    """Writes records to the logger ``sendoff.task``; the engine never waits for a handler.

    The level is ERROR for a last failure and WARNING for one that is retried. Each record has
    ``task``, ``task_id`` and ``attempt``. The first failure starts the thread.
    """

    def __init__(self) -> None:
        self._condition = threading.Condition()
        self._waiting: list[Failure] = []
        self._left_out = 0
        self._stopping = False
        self._thread: threading.Thread | None = None

    def put(self, failures: list[Failure]) -> None:
        """Queue records for writing; never waits for the log."""
        if not failures:
            return
        with self._condition:
            room = WAITING - len(self._waiting)
            self._waiting += failures[:room]
            self._left_out += len(failures[room:])
            if self._thread is None:
                thread = threading.Thread(target=self._serve, name="failure-log", daemon=True)
                thread.start()
                self._thread = thread
            self._condition.notify()

    def stop(self) -> None:
        """Write the remaining records for at most ``STOP_WITHIN_S``, and end."""
        with self._condition:
            self._stopping = True
            self._condition.notify()
            thread = self._thread
        if thread is not None:
            thread.join(STOP_WITHIN_S)

    def _serve(self) -> None:
        while True:
            with self._condition:
                self._condition.wait_for(lambda: self._waiting or self._stopping)
                failures, self._waiting = self._waiting, []
                left_out, self._left_out = self._left_out, 0
            for failure in failures:
                try:
                    _write(failure)
                except Exception:  # noqa: BLE001 - a handler may fail to format what was raised
                    with suppress(Exception):
                        _write(replace(failure, raised=None))
            if left_out:
                log.error("%d more attempts failed; the log was too slow for them", left_out)
            if not failures:
                return


def _write(failure: Failure) -> None:
    fields = {"task": failure.task, "task_id": failure.task_id, "attempt": failure.attempt}
    level, what = logging.ERROR, "failed"
    if not failure.is_last:
        level, what = logging.WARNING, "failed and will be tried again"
    log.log(
        level,
        "Attempt %d of task %d (%s) %s: %s",
        failure.attempt,
        failure.task_id,
        failure.task,
        what,
        failure.error,
        exc_info=_exc_info(failure),
        extra=fields,
    )


def _exc_info(failure: Failure) -> _ExcInfo | None:
    raised = failure.raised
    if raised is not None:
        own = raised.__traceback__.tb_next if raised.__traceback__ else None
        return type(raised), raised, own
    if not failure.trace:
        return None
    error = AttemptError(failure.error)
    error.__cause__ = TraceText(failure.trace)
    return type(error), error, None
