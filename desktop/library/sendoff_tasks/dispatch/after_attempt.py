"""Decides the next state of a task when one of its attempts ends: outcome → state."""

from __future__ import annotations

import logging
import math
from dataclasses import replace
from typing import Final

from sendoff_tasks.attempts.outcomes import (
    AGAIN_S,
    Cancelled,
    Crashed,
    Deferred,
    Failed,
    GivenBack,
    Held,
    Later,
    LeftUncertain,
    Misfit,
    NotBegun,
    Outcome,
    Succeeded,
)
from sendoff_tasks.causes import (
    Because,
    FoundCause,
    ServerAnswer,
    because,
    cause_of_reason,
)
from sendoff_tasks.clock import LONGEST_S
from sendoff_tasks.functions.backoff import DEFAULT_RETRY
from sendoff_tasks.model.causes import CauseKind, Cure
from sendoff_tasks.model.reasons import Reason
from sendoff_tasks.model.states import State
from sendoff_tasks.model.tasks import OutcomeWord
from sendoff_tasks.model.times import wire_time
from sendoff_tasks.queues.holds import WORDS, defer, hear, hold_queue
from sendoff_tasks.queues.workers import OFFLINE_S, forget_start, leave_to_others, queue_again
from sendoff_tasks.store.reads.waits import cause_of_hold
from sendoff_tasks.store.tables.records import START_COUNTS, Hold, TaskRecord
from sendoff_tasks.transaction.failures import Failure, failure_of
from sendoff_tasks.transaction.group import Group
from sendoff_tasks.transaction.parts import Part
from sendoff_tasks.transaction.uncertain import (
    because_cancelled,
    cut_short_words,
    handed_over,
    may_have_arrived,
    uncertain_because,
    why_uncertain,
)
from sendoff_tasks.words.table import ENGLISH

CRASHES: Final = 3
"""After so many crashes that are evidence against it, a task is held; failures count apart."""

log = logging.getLogger(__name__)


def end(group: Group, record: TaskRecord, outcome: Outcome) -> None:
    """End the running attempt of ``record``.

    After the point of no return only an answer is certain: a task whose attempt crashed or was
    given back there becomes *uncertain*. A task whose attempt had not begun, or is safe to repeat,
    is queued again. A task that a person has cancelled is not tried again.
    """
    if group.memory.held_queues:
        queue = group.memory.functions[record.function].queue
        hear(group, queue, outcome, record.started_at or group.now)
    _meet_cause(group, record, outcome)
    _end(group, record, outcome)
    _let_next_start(group, record)
    failure = failure_of(record, group.memory.functions[record.function].name, outcome)
    if failure is not None:
        group.failures.append(failure)


def _end(group: Group, record: TaskRecord, outcome: Outcome) -> None:
    match outcome:
        case Succeeded(kept=True) if may_have_arrived(group, record):
            _uncertain(group, record, Reason.MAY_BE_DONE, ENGLISH.say("history", "kept_in_doubt"))
        case Succeeded(result, kept):
            stored = None if result == "null" else result
            reason = because(Reason.KEPT) if kept else None
            _close(group, record, State.SUCCEEDED, "succeeded", reason, result=stored, error=None)
        case LeftUncertain(error, trace):
            _uncertain(group, record, why_uncertain(outcome, record), error, trace)
        case Crashed(error) if record.passed:
            _uncertain(group, record, why_uncertain(outcome, record), error)
        case GivenBack() if record.passed:
            _uncertain(group, record, why_uncertain(outcome, record), cut_short_words(record))
        case Cancelled(text, mark):
            by = Reason.CANCELLED_BY_PERSON if text is None else Reason.CANCELLED_BY_TASK
            reason = because_cancelled(group, record, by, text=text, mark=mark)
            _close(group, record, State.CANCELLED, "cancelled", reason)
        case Failed(final=True):
            _fail(group, record, outcome, Reason.FINAL_ANSWER)
        case Later(error, trace, after, counts=False):
            forget_start(group, record)
            budget, wait = record.max_attempts + 1, AGAIN_S if after is None else after
            early = because(Reason.RETRY_LATER, outcome.answer, error)
            _retry_after(
                group,
                record,
                "too early",
                error,
                trace,
                wait,
                early,
                max_attempts=budget,
                crashes=0,
            )
        case Failed(error, trace) | Later(error, trace):
            _retry_or_fail(group, record, outcome, error, trace)
        case NotBegun(why):
            budget = record.max_attempts + 1
            no_room = because(Reason.NO_ROOM)
            _retry_after(group, record, "too early", why, "", AGAIN_S, no_room, max_attempts=budget)
        case Held(reason, trace):
            _hold(group, record, outcome, reason, trace)
        case Deferred(error):
            _defer(group, record, outcome, error)
        case Misfit(reason, trace):
            _hold_for_function(group, record, reason, trace)
        case Crashed():
            _after_crash(group, record, outcome)
        case GivenBack(begun):
            ran = group.now - (record.started_at or group.now)
            crashes = 0 if ran >= UNSUSPECTED_MS else record.crashes
            given_back = because(Reason.GIVEN_BACK)
            said = ENGLISH.say("history", "engine_stopped" if begun else "not_begun")
            _requeue(group, record, "given back", said, given_back, crashes=crashes)


def expire(group: Group, record: TaskRecord) -> None:
    """Fail a task that was not done by its deadline."""
    said = f" The last attempt said: {record.error}" if record.error else ""
    error = f"{ENGLISH.say('reason', Reason.DEADLINE_PASSED)}.{said}"
    passed = because(Reason.DEADLINE_PASSED)
    group.move(record, State.FAILED, passed, error=error, started_at=None)  # no attempt ends
    name = group.memory.functions[record.function].name
    group.failures.append(Failure(name, record.id, record.attempt, is_last=True, error=error))


def _close(
    group: Group,
    record: TaskRecord,
    state: State,
    outcome: OutcomeWord,
    reason: Because | None,
    trace: str = "",
    **changes: object,
) -> None:
    error = changes.get("error")
    group.end_attempt(record, outcome, None if error is None else str(error), trace)
    group.move(record, state, reason, crashes=0, **changes)


def _fail(group: Group, record: TaskRecord, outcome: Failed | Later, kind: Reason) -> None:
    """End a task as *failed*, or as *uncertain* if an earlier attempt may have sent its message."""
    error, unsure = outcome.error, may_have_arrived(group, record)
    state = State.UNCERTAIN if unsure else State.FAILED
    reason = because(kind, outcome.answer, error, may_have_arrived=unsure)
    _close(group, record, state, "failed", reason, outcome.trace, error=error)


def _uncertain(group: Group, record: TaskRecord, kind: Reason, error: str, trace: str = "") -> None:
    """End a task as *uncertain*; its log keeps the evidence, also after a person settles it."""
    told = handed_over(record)
    if told is not None and told.sentence:
        group.log(
            record, told.at, "warning", ENGLISH.say("history", "no_answer", said=told.sentence)
        )
    reason = uncertain_because(kind, told, group.now, error)
    _close(group, record, State.UNCERTAIN, "uncertain", reason, trace, error=error)


def _ended_by_cancel(
    group: Group, record: TaskRecord, outcome: OutcomeWord, error: str | None, trace: str = ""
) -> bool:
    """End an attempt; tell whether a person's request to cancel its task has ended the task."""
    group.end_attempt(record, outcome, error, trace)
    if record.stopping:
        by_person = because_cancelled(group, record, Reason.CANCELLED_BY_PERSON)
        group.move(record, State.CANCELLED, by_person, error=error)
    return bool(record.stopping)


def _retry_or_fail(
    group: Group, record: TaskRecord, outcome: Failed | Later, error: str, trace: str
) -> None:
    word: OutcomeWord = "waiting" if isinstance(outcome, Later) else "failed"
    if record.deadline is not None and record.deadline <= group.now:
        _fail(group, record, outcome, Reason.DEADLINE_PASSED)
    elif record.attempt >= record.max_attempts:
        _fail(group, record, outcome, Reason.ATTEMPTS_USED_UP)
    else:
        after = outcome.after if isinstance(outcome, Later) else None
        wait = _retry_delay(group, record) if after is None else after
        later = because(Reason.RETRY_LATER, outcome.answer, error)
        _retry_after(group, record, word, error, trace, wait, later, crashes=0)


def _retry_after(
    group: Group,
    record: TaskRecord,
    outcome: OutcomeWord,
    error: str,
    trace: str,
    seconds: float,
    reason: Because,
    **changes: object,
) -> None:
    """Try a task again after ``seconds``."""
    if _ended_by_cancel(group, record, outcome, error, trace):
        return
    run_at = group.now + round(min(max(0.0, seconds), LONGEST_S) * 1000)
    changes |= {"run_at": run_at, "delayed": record.delayed | START_COUNTS, "error": error}
    group.move(record, State.WAITING, reason, **changes)
    group.due(run_at)


def _hold(group: Group, record: TaskRecord, outcome: Held, reason: str, trace: str) -> None:
    if _ended_by_cancel(group, record, "waiting", reason, trace):
        return
    if outcome.whole_queue and leave_to_others(group, record, reason, None):
        return
    queue, now = group.memory.functions[record.function].queue, wire_time(group.now)
    if outcome.whole_queue:
        about = {"queue": queue, "since": now, "text": reason}
        data = because(Reason.QUEUE_HELD, outcome.answer, reason, **about)
        group.causes.meet(record, cause_of_hold(hold_queue(group, queue, outcome)))
        _hold_for_person(group, record, Hold.QUEUE, data, error=reason, crashes=0)
    else:
        data = because(Reason.HELD_FOR_PERSON, outcome.answer, reason, text=reason)
        _hold_for_person(group, record, Hold.PERSON, data, error=reason, crashes=0)


def _defer(group: Group, record: TaskRecord, outcome: Deferred, error: str) -> None:
    """Queue a task again, where it waits with its queue; the first of them is logged."""
    word = WORDS[outcome.why]
    if record.stopping and _ended_by_cancel(group, record, word, error, outcome.trace):
        return
    if outcome.why == Reason.OFFLINE and leave_to_others(group, record, error, OFFLINE_S):
        group.end_attempt(record, word, error, outcome.trace)
        return
    if defer(group, record, outcome):
        name = group.memory.functions[record.function].name
        told = Failure(name, record.id, record.attempt, is_last=False, error=error)
        group.failures.append(replace(told, trace=outcome.trace, raised=outcome.raised))
    queue = group.memory.functions[record.function].queue
    group.causes.meet(record, cause_of_hold(group.memory.held_queues[queue]))
    queue_again(group, record, error)


def _hold_for_function(group: Group, record: TaskRecord, reason: str, trace: str) -> None:
    """Hold a task until its function is back: until other code is registered, or the next start.

    If the code changed during the attempt, the task is queued again at once.
    """
    tried = group.memory.running.get(record.id)
    if tried is not None and group.spec(record) not in (None, tried.claim.spec):
        replaced = because(Reason.GIVEN_BACK)
        _requeue(group, record, "waiting", reason, replaced)
    elif not _ended_by_cancel(group, record, "waiting", reason, trace):
        task = group.memory.functions[record.function].name
        held = because(Reason.HELD_FOR_FUNCTION, error=reason, task=task, text=reason)
        _hold_for_person(group, record, Hold.FUNCTION, held, error=reason, crashes=0)


def _after_crash(group: Group, record: TaskRecord, outcome: Crashed) -> None:
    """Run a task again; hold it after ``CRASHES`` in a row that are evidence against it."""
    how, crashes = outcome.error, record.crashes + 1 if outcome.is_evidence else 0
    if crashes < CRASHES:
        tried = group.memory.running.get(record.id)
        if tried is not None and not tried.worker:  # the program lives: it is known who crashed
            group.part(SuspectQueue).skip(record.id)
        _requeue(group, record, "crashed", how, because(Reason.RESCUED), crashes=crashes)
    elif not _ended_by_cancel(group, record, "crashed", how):
        held = because(Reason.HELD_AFTER_CRASHES, count=crashes)
        _hold_for_person(group, record, Hold.CRASHES, held, error=how, crashes=crashes)


def wait_for_turn(group: Group, record: TaskRecord) -> bool:
    """Delay a suspected task until its turn; tell whether it waits.

    One more crash would hold it, and no two suspected tasks can cause that crash together.
    """
    run_at = group.part(SuspectQueue).of(record.id, group.now)
    if run_at <= group.now:
        return False
    counts, alone = record.delayed | START_COUNTS, because(Reason.ALONE_AFTER_CRASH)
    group.move(record, State.WAITING, alone, run_at=run_at, delayed=counts)
    group.due(run_at)
    return True


def _let_next_start(group: Group, ended: TaskRecord) -> None:
    """Start the task that waits for its turn after this one, if any."""
    for turn, task_id in group.part(SuspectQueue).end(ended.id, group.now):
        record = group.find(task_id)
        if record is None or record.reason != Reason.ALONE_AFTER_CRASH:
            continue  # a person tried it meanwhile
        if record.run_at == turn:
            group.change(record, run_at=group.now)
            group.due(group.now)
            return


def _hold_for_person(
    group: Group, record: TaskRecord, held: Hold, reason: Because, **changes: object
) -> None:
    budget = record.max_attempts + 1  # the attempt that met the problem does not count
    changes |= {"held": held.value, "max_attempts": budget}
    group.move(record, State.WAITING, reason, **changes)


def _requeue(
    group: Group,
    record: TaskRecord,
    outcome: OutcomeWord,
    error: str | None,
    reason: Because,
    **changes: object,
) -> None:
    if not _ended_by_cancel(group, record, outcome, error):
        budget = record.max_attempts + 1
        group.move(record, State.QUEUED, reason, max_attempts=budget, **changes)


def _retry_delay(group: Group, record: TaskRecord) -> float:
    """Return the wait before the next attempt, s; only the task's own failures are counted.

    A backoff that raises or returns NaN is replaced by the default one.
    """
    spec = group.spec(record)
    retry = spec.retry if spec else DEFAULT_RETRY
    failures = retry.attempts - (record.max_attempts - record.attempt)
    try:
        wait = float(retry.backoff(max(1, failures), group.random))
    except BaseException:  # the backoff is an app's code, and this is the writer's thread
        log.exception("A task's own backoff failed; the default is used")
        wait = math.nan
    return DEFAULT_RETRY.backoff(max(1, failures), group.random) if math.isnan(wait) else wait


def _meet_cause(group: Group, record: TaskRecord, outcome: Outcome) -> None:
    """Record the cause of a failed attempt, unless the reason of the next state tells it."""
    found = None if isinstance(outcome, Succeeded) else _cause_of(group, record, outcome)
    if found is not None:
        group.causes.meet(record, found)


def _cause_of(group: Group, record: TaskRecord, outcome: Outcome) -> FoundCause | None:
    task = group.memory.functions[record.function].name
    match outcome:
        case Failed(error) | Later(error):
            found = outcome.fault.cause(task, error, outcome.answer)
            for feature in group.memory.features:
                found = feature.cause(record, found)
            return found
        case Held(said, whole_queue=False):
            found = outcome.fault.cause(task, said, outcome.answer)
            return found._replace(cure=found.cure or Cure.RETRY)
        case LeftUncertain(error) if outcome.fault.kind is CauseKind.EXCEPTION:
            return outcome.fault.cause(task, error)
        case LeftUncertain() | Crashed() | GivenBack() if record.passed or isinstance(
            outcome, LeftUncertain
        ):
            told = handed_over(record)
            answer = ServerAnswer(told.to or None if told else None)
            return cause_of_reason(why_uncertain(outcome, record), task=task, answer=answer)
        case _:
            return None


UNSUSPECTED_MS: Final = 5 * 60 * 1000
"""An attempt that ran for so long is no longer suspected of anything, ms."""
BEGUN_MS: Final = 2_000
"""An attempt has just begun for so long, ms; what ends the program then may be its doing."""
FIRST_MS: Final = 10_000
"""Time before the first suspected task starts, ms.

A program that is killed again and again soon after its start never reaches it.
"""
APART_MS: Final = 2_500
"""Time between the turns of suspected tasks, ms; a little more than ``BEGUN_MS``."""
_AT_ONCE: Final = 0


class SuspectQueue(Part):
    """When each suspected task may start, epoch ms; this process's own.

    One more crash would hold such a task. The next one starts when the one before has ended, or has
    not just begun any more.
    """

    def __init__(self) -> None:
        self._last = 0  # the task that started last
        self._free_at = 0  # when another one may
        self._turns: dict[int, int] = {}
        self._before = (0, 0, dict[int, int]())  # as they were when the group began

    def begin(self, group: Group) -> None:
        """Remember the turns as they are now."""
        self._before = self._last, self._free_at, dict(self._turns)

    def undo(self) -> None:
        """Put the turns back, which no store has."""
        self._last, self._free_at, self._turns = self._before

    def shift(self, group: Group, ms: int) -> None:
        """Start over with the new time."""
        self.start_over(group.now)

    def start_over(self, now: int) -> None:
        """Give turns from now on, because the engine starts or the clock was set."""
        self._last, self._free_at = 0, now + FIRST_MS
        self._turns.clear()

    def skip(self, task_id: int) -> None:
        """Let the task start at once."""
        self._turns[task_id] = _AT_ONCE

    def of(self, task_id: int, now: int) -> int:
        """Return when the task may start; it does so if that is now."""
        turn = self._turns.pop(task_id, now)
        if turn == _AT_ONCE:
            return now
        if self._free_at <= now:
            self._last, self._free_at = task_id, now + BEGUN_MS
            return now
        if turn <= now:
            turn = max(self._free_at, max(self._turns.values(), default=0) + APART_MS)
        self._turns[task_id] = turn
        return turn

    def end(self, task_id: int, now: int) -> list[tuple[int, int]]:
        """Note that an attempt has ended; return what may start instead: turns, their tasks."""
        if task_id != self._last:
            return []
        self._last, self._free_at = 0, min(self._free_at, now)
        return sorted((turn, waits) for waits, turn in self._turns.items() if turn > now)
