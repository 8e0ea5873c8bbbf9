"""Holds: of queues, each with one notice, of tasks without a function, and for lost servers."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from time import time
from typing import Final

from sendoff_tasks.attempts.outcomes import (
    Deferred,
    Failed,
    Held,
    Later,
    LeftUncertain,
    Outcome,
    Succeeded,
)
from sendoff_tasks.causes import PLACEHOLDER, Because, because
from sendoff_tasks.clock import LONGEST_S
from sendoff_tasks.model.events import Notice, NoticeId
from sendoff_tasks.model.reasons import Reason
from sendoff_tasks.model.states import State
from sendoff_tasks.model.tasks import OutcomeWord
from sendoff_tasks.queues.taken import learn_taken
from sendoff_tasks.store.reads.waits import because_held
from sendoff_tasks.store.tables import statements
from sendoff_tasks.store.tables.cursor import Source
from sendoff_tasks.store.tables.records import FunctionRecord, HeldQueue, Hold, TaskRecord
from sendoff_tasks.text import Finder
from sendoff_tasks.transaction.function_rows import store_source
from sendoff_tasks.transaction.group import Group
from sendoff_tasks.transaction.parts import Part
from sendoff_tasks.words.reasons import notice_words
from sendoff_tasks.words.table import ENGLISH

STEP: Final = 500
"""Tasks of one function released in one group, which keeps the group short."""

log = logging.getLogger(__name__)


class Trials(Part):
    """Queues released from a hold: in one that is tried, one task starts alone."""

    def __init__(self) -> None:
        self.freed: set[str] = set()  # in this group
        self.begun: set[str] = set()  # trials that begin with this group
        self.tried: set[str] = set()  # queues in which a task has ended
        self._under_way: set[str] = set()
        self.collected = (self.freed, self.begun, self.tried)

    def commit(self, group: Group) -> None:
        """Begin and end the trials."""
        self._under_way = (self._under_way | self.begun) - self.tried

    def has(self, queue: str) -> bool:
        """Tell whether one task of a queue tries alone."""
        return (queue in self._under_way or queue in self.begun) and queue not in self.tried


class ReturnedFunctions(Part):
    """Functions with tasks that may have been registered again, until each was looked at."""

    def __init__(self) -> None:
        self.version = 0  # of the registry, as last looked at
        self.left: list[FunctionRecord] = []
        self.told_to = 0  # of the last of these: the last task that got its explanation

    def load(self, source: Source) -> None:
        """Look at all of them again."""
        functions = source.execute(statements.FUNCTIONS)
        self.look_at([FunctionRecord(*row) for row in functions])

    def look_at(self, functions: Iterable[FunctionRecord]) -> None:
        """Look at these from now on."""
        self.left, self.told_to = [*functions], 0


def queue_notice(held: HeldQueue, *, active: bool) -> Notice:
    """Return the notice of a held queue; with ``active`` false it takes the notice back."""
    reason = because_held(held)
    return Notice(
        id=f"{NoticeId.QUEUE}{held.name}",
        level="error" if held.until is None else "warning",
        text=notice_words(ENGLISH, held.kind, reason.data, time()) or held.reason,
        action=held.action,
        active=active,
        reason=reason.reason.value,
        reason_data=reason.data,
    )


def _store(group: Group, held: HeldQueue) -> None:
    """Store a hold, replacing the queue's previous one."""
    group.cursor.execute(statements.DELETE_QUEUE, (held.name,))
    group.cursor.execute(statements.INSERT_QUEUE, held)
    group.memory.held_queues[held.name] = held
    group.all_changed()


def hold_queue(group: Group, name: str, outcome: Held) -> HeldQueue:
    """Hold the queue for a person, with one notice however many of its tasks find the same."""
    before = group.memory.held_queues.get(name)
    if before is not None and before.until is None:
        return before
    server, code, enhanced, _ = outcome.answer
    held = HeldQueue(name, outcome.error, outcome.action, group.now, server, code)
    held = held._replace(enhanced=enhanced)
    _store(group, held)
    group.notices.append(queue_notice(held, active=True))
    return held


def hold_without_words(group: Group, words: Finder) -> None:
    """Leave words out of why queues are held; they stay held."""
    for held in [*group.memory.held_queues.values()]:
        if words.search(held.reason):
            _store(group, held._replace(reason=words.sub(PLACEHOLDER, held.reason)))


def free_queue(group: Group, name: str) -> None:
    """Release a held queue and take its notice back."""
    held = group.memory.held_queues.pop(name, None)
    if held is not None:
        group.cursor.execute(statements.DELETE_QUEUE, (name,))
        group.notices.append(queue_notice(held, active=False))
        group.part(Trials).freed.add(name)
        group.all_changed()


def hold_without_function(group: Group) -> None:
    """Hold queued tasks whose function is not registered, until it is registered again."""
    for function in group.memory.queued():
        if group.registry.get(function.name) is not None:
            continue
        records = group.select(statements.CLAIMABLE, function.id, STEP)
        if records:
            why = group.registry.why_unknown(function.name)
            log.warning(ENGLISH.say("function", "on_hold", name=function.name, why=why))
        for record in records:
            hold_task_without_function(group, function, record)
        group.more = group.more or len(records) == STEP


def release_returned(group: Group) -> None:
    """Release tasks whose function is registered again; look at each once per registry change.

    Tasks whose function is still missing get the current explanation.
    """
    returned = group.part(ReturnedFunctions)
    if returned.version != group.registry.version:
        returned.version = group.registry.version
        returned.look_at(group.memory.functions.values())
    while returned.left:
        function = returned.left[-1]
        spec = group.registry.get(function.name)
        if spec is None:
            handled = _explain_missing(group, function)
        else:
            store_source(group, spec, function.name)
            handled = release_held(group, function, Hold.FUNCTION)
        if handled == STEP:
            group.more = True
            return
        returned.left.pop()
        returned.told_to = 0


def release_held(group: Group, function: FunctionRecord, hold: Hold) -> int:
    """Queue some of the function's tasks held for this reason; ``STEP`` if there are more."""
    records = group.select(statements.HELD, hold.value, function.id, STEP)
    for record in records:
        group.move(record, State.QUEUED, held=Hold.NOTHING.value)
    return len(records)


def hold_task_without_function(group: Group, function: FunctionRecord, record: TaskRecord) -> None:
    """Hold a task until its function, which is not registered, returns.

    That is a change of code, not a failure of the task: no attempt is counted.
    """
    reason = _missing_function(group, function)
    group.move(record, State.WAITING, reason, held=Hold.FUNCTION.value)


def _missing_function(group: Group, function: FunctionRecord) -> Because:
    """Return why tasks of a missing function wait."""
    missing = group.registry.why_unknown(function.name)
    return because(Reason.HELD_FOR_FUNCTION, error=missing, task=function.name, text=missing)


def _explain_missing(group: Group, function: FunctionRecord) -> int:
    reason, returned = _missing_function(group, function), group.part(ReturnedFunctions)
    held = Hold.FUNCTION.value, function.id, returned.told_to
    records = group.select(statements.HELD_BEHIND, *held, STEP)
    for record in records:
        returned.told_to = record.id
        if record.reason_columns(reason):
            group.explain(record, reason)
    return len(records)


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
    """Make the queue wait and write the attempt's history; tell whether the wait begins here.

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
        if held.kind == Reason.QUOTA and isinstance(outcome, Succeeded):
            learn_taken(group, held)
        free_queue(group, queue)


def probe_now(group: Group, queue: str) -> bool:
    """Let one task probe at once (*Try now*); tell whether the queue waits for its server."""
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


def _is_answer(outcome: Outcome) -> bool:
    """Tell whether the server has answered, as far as the outcome shows.

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
