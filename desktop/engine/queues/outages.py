"""Queues that wait for their server, offline or over quota; now and then one task probes it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from desktop.contract.reasons import Reason
from desktop.contract.tasks import OutcomeWord
from desktop.engine.attempts.outcomes import (
    Deferred,
    Failed,
    Held,
    Later,
    LeftUncertain,
    Outcome,
    Succeeded,
)
from desktop.engine.clock import LONGEST_S
from desktop.engine.queues.holds import free_queue, keep_hold, queue_notice
from desktop.engine.store.tables import statements
from desktop.engine.store.tables.records import HeldQueue, TaskRecord
from desktop.engine.transaction.group import Group

FIRST_S: Final = 1.0
"""The wait before the first probe after a server was found out of reach, s."""
WORDS: Final[Mapping[str, OutcomeWord]] = {Reason.OFFLINE: "offline", Reason.QUOTA: "quota"}
"""The history's word for an attempt that met this."""
SELDOM_S: Final = 60.0
"""The longest interval between probes, s; intervals double up to this."""
NOTICED_S: Final = 10.0
"""An outage is noticed if it lasts this long; after a shorter one, messages only leave slower."""
QUOTA_S: Final = 3600.0
"""The wait before a probe when a quota is used up and the server names no time, s."""


def defer(group: Group, record: TaskRecord, outcome: Deferred) -> bool:
    """Make the queue wait and write the attempt's history; return whether the wait begins here.

    A hold for a person stays. An attempt that began before a probe was allowed brings nothing new,
    unless it has an answer where there was none.
    """
    queue = group.memory.functions[record.function].queue
    held = group.memory.held_queues.get(queue)
    began = group.now if record.started_at is None else record.started_at
    _write_history(group, record, outcome, held)
    if held is None:
        _begin(group, queue, outcome)
        return True
    if held.until is None:
        return False
    is_probe = began >= held.until
    if held.kind == outcome.why:
        if is_probe and outcome.why == Reason.QUOTA:
            # Another task probes next: the refusal of one message may look like one of all.
            group.change(record, priority=record.priority - 1)
        if is_probe:
            _store_probe(group, _after_attempt(held, outcome, group.now, held.probes + 1))
        return False
    if outcome.why == Reason.OFFLINE and not is_probe:
        return False
    free_queue(group, queue)
    _begin(group, queue, outcome)
    return True


def hear(group: Group, queue: str, outcome: Outcome, began: int) -> None:
    """Release a queue whose server answered an attempt; ``began`` is its start, epoch ms.

    Any answer shows that the server is reachable. Only an answer to an attempt that began after
    the wait shows that a quota is free again.
    """
    held = group.memory.held_queues.get(queue)
    if held is None or held.until is None or not _is_answer(outcome):
        return
    if held.kind == Reason.OFFLINE or began >= held.until:
        free_queue(group, queue)


def probe_now(group: Group, queue: str) -> bool:
    """Let one task probe at once (*Try now*); return whether the queue waits for its server."""
    held = group.memory.held_queues.get(queue)
    if held is None or held.until is None:
        return False
    if held.until > group.now:
        _store_probe(group, held._replace(until=group.now))
    return True


def move_probes(group: Group, ms: int) -> None:
    """Shift the probes after the clock jumped by ``ms``, keeping what is left of each wait."""
    for held in list(group.memory.held_queues.values()):
        if held.until is not None:
            is_to_come = held.until > group.now - ms
            until = held.until + ms if is_to_come else min(held.until, group.now)
            _store_probe(group, held._replace(until=until))


def _write_history(
    group: Group, record: TaskRecord, outcome: Deferred, held: HeldQueue | None
) -> None:
    """Write all attempts of a task in one outage as one line of its history."""
    trace = outcome.trace or None
    word = WORDS[outcome.why]
    if held is not None and held.kind == outcome.why:
        line = record.id, record.attempt - 1, word, held.held_at
        changes = record.attempt, group.now, outcome.error, trace
        group.cursor.execute(statements.CONTINUE_LINE, (*changes, *line))
        if group.cursor.rowcount == 1:
            group.memory.measured.run(record, word)
            return
    group.end_attempt(record, word, outcome.error, outcome.trace)


def _begin(group: Group, queue: str, outcome: Deferred) -> None:
    held = HeldQueue(queue, outcome.error, outcome.action, group.now, kind=outcome.why)
    held = _after_attempt(held, outcome, group.now, 0)
    _store(group, held)
    if held.kind == Reason.OFFLINE or _is_noticed(held):
        group.notices.append(queue_notice(held, active=True))


def _is_noticed(held: HeldQueue) -> bool:
    return held.until is not None and held.until - held.held_at >= NOTICED_S * 1000


def _after_attempt(held: HeldQueue, outcome: Deferred, now: int, probes: int) -> HeldQueue:
    """Return the hold after one more attempt that met the same."""
    server, code, enhanced, _ = outcome.answer
    wait = _interval(probes) if outcome.why == Reason.OFFLINE else outcome.after
    seconds = QUOTA_S if wait is None else min(max(wait, FIRST_S), LONGEST_S)
    until = now + round(seconds * 1000)
    told = held._replace(server=server, code=code, enhanced=enhanced)
    return told._replace(reason=outcome.error, until=until, probes=probes)


def _interval(probes: int) -> float:
    return min(SELDOM_S, FIRST_S * 2.0 ** min(probes, 10))


def _store_probe(group: Group, held: HeldQueue) -> None:
    """Store the time of the next probe; for a quota, update the notice as well."""
    _store(group, held)
    if held.kind == Reason.QUOTA and _is_noticed(held):
        group.notices.append(queue_notice(held, active=True))


def _store(group: Group, held: HeldQueue) -> None:
    keep_hold(group, held)
    group.all_changed()


def _is_answer(outcome: Outcome) -> bool:
    """Return whether the server has answered, as far as the outcome shows.

    A task that is held alone may not have reached its server.
    """
    match outcome:
        case Held():
            return outcome.whole_queue or outcome.answer.code is not None
        case Later():
            return outcome.counts
        case Succeeded() | Failed() | LeftUncertain():
            return True
        case _:
            return False
