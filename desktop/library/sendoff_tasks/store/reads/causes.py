"""Causes: what failures have in common, and what stops queues and batches."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from time import time
from typing import Final, NamedTuple, cast

from sendoff_tasks.model.causes import CASES, Cause, CauseAbout, Cure
from sendoff_tasks.model.reasons import OUTAGES
from sendoff_tasks.model.states import State
from sendoff_tasks.model.times import wire_time
from sendoff_tasks.store.reads.waits import (
    KnownByFeature,
    QueueStop,
    StoppedTasks,
    read_stops,
)
from sendoff_tasks.store.tables.causes import (
    CAUSES,
    CAUSES_OF_BATCH,
    WAITING_BY_CAUSE,
    WIDTH,
    CauseRecord,
    counts_of,
    unseen,
)
from sendoff_tasks.store.tables.cursor import Source
from sendoff_tasks.store.tables.records import FunctionRecord
from sendoff_tasks.store.tables.statements import COUNTS, FUNCTIONS
from sendoff_tasks.words.reasons import cause_words
from sendoff_tasks.words.table import ENGLISH

MOST_LISTED: Final = 500
"""Most causes in a list; those with the most tasks come first."""


class PausedBatch(NamedTuple):
    """A paused batch, since when (epoch ms), and how many tasks it has not handed in yet."""

    id: int
    name: str
    since: int
    behind: int


@dataclass(slots=True)
class _CauseCount:
    """A cause with its counts by state, seen tasks left out; a hold may have no stored row."""

    record: CauseRecord
    about: CauseAbout
    counts: Counter[str]
    behind: int = 0
    paused: dict[str, int] = field(default_factory=dict)

    def count(self, states: Collection[str]) -> int:
        return sum(self.counts[state] for state in states)

    def wait_again(self, batch: str, n: int) -> None:
        """Count scheduled tasks as waiting, because a paused batch prevents their next attempt."""
        self.counts[State.SCHEDULED] -= n
        self.counts[State.WAITING] += n
        self.paused[batch] = self.paused.get(batch, 0) + n

    @property
    def cure(self) -> str | None:
        """What helps."""
        failed, uncertain = self.counts[State.FAILED], self.counts[State.UNCERTAIN]
        return cure_of(self.record.cure, self.about, failed=failed, uncertain=uncertain)


def cure_of(own: str | None, about: CauseAbout, *, failed: int, uncertain: int) -> str | None:
    """Return the cause's own cure, or what can be done in its tasks' states."""
    if own is not None or about.get("reason") in OUTAGES:
        return own
    if failed:
        return Cure.RETRY
    return Cure.RESOLVE if uncertain else None


def read_causes(
    connection: Source,
    states: Collection[str] = CASES,
    batch_id: int | None = None,
    behind: Callable[[], Mapping[str, int]] = dict,
    paused: Iterable[PausedBatch] = (),
    *,
    known: KnownByFeature,
) -> list[Cause]:
    """Return the causes of tasks in these states, of all tasks or of one batch, most tasks first.

    ``behind`` returns by queue how many tasks batches have not handed in yet. ``paused`` are the
    paused batches to include. Takes the same time however many tasks there are.
    """
    found = {each.record.id: each for each in _stored(connection, batch_id)}
    waits = State.WAITING in states
    _add_stops(connection, batch_id, found, behind if waits else dict, paused, known)
    counted = [(each.count(states), each) for each in found.values()]
    counted.sort(key=lambda p: (-p[0] - p[1].behind, -p[1].record.last_at, p[1].record.id))
    return [_cause(n, each) for n, each in counted[:MOST_LISTED] if n or (waits and each.behind)]


def _stored(connection: Source, batch_id: int | None) -> Iterator[_CauseCount]:
    if batch_id is None:
        rows = connection.execute(CAUSES)
    else:
        rows = connection.execute(CAUSES_OF_BATCH, (batch_id,))
    for row in rows.fetchall():
        record = CauseRecord(*row[:WIDTH])
        counts = Counter(unseen(counts_of(row)))
        yield _CauseCount(record, cast("CauseAbout", json.loads(record.about)), counts)


def _add_stops(
    connection: Source,
    batch_id: int | None,
    found: dict[str, _CauseCount],
    behind: Callable[[], Mapping[str, int]],
    paused: Iterable[PausedBatch],
    known: KnownByFeature,
) -> None:
    """Count the tasks that a stop keeps from starting as waiting for it, and for it alone."""
    stops = read_stops(connection)
    functions = [FunctionRecord(*row) for row in connection.execute(FUNCTIONS)]
    stopped = StoppedTasks(connection, known, stops, functions, batch_id)
    for met in found.values():
        met.counts.subtract(stopped.taken(met.record.id, met.about, met.counts))
    if stops.held or stops.pauses:
        waiting = stopped.aside + _count_queued(connection, stopped, batch_id)
        for function in functions:
            if function.id in stopped.by_function:
                _add_waiting(found, stopped.by_function[function.id], waiting[function.id], 0)
        for queue, n in behind().items():
            if (stop := stops.of(queue)) is not None:
                _add_waiting(found, stop, 0, n)
    for each in paused:
        for cause, n in connection.execute(WAITING_BY_CAUSE, (each.id,)).fetchall():
            found[cause].paused[str(each.id)] = n
        for cause, n in stopped.again.get(each.id, {}).items():
            found[cause].wait_again(str(each.id), n)
        pause = QueueStop(known.cause_of(each.id, each.name), each.since)
        _add_waiting(found, pause, stopped.stopped_by_pause(each.id), each.behind)


def _add_waiting(found: dict[str, _CauseCount], stop: QueueStop, count: int, behind: int) -> None:
    """Add ``count`` tasks that wait for a stop, and ``behind`` that are not handed in yet."""
    if not (count or behind):
        return
    cause = stop.cause
    about = json.dumps(cause.about, ensure_ascii=False)
    places = json.dumps([] if cause.place is None else [cause.place])
    new = CauseRecord(cause.id, about, cause.cure, places, stop.since, stop.since)
    known = found.setdefault(cause.id, _CauseCount(new, cause.about, Counter()))
    if count:
        known.counts[State.WAITING] += count
    known.behind += behind


def _count_queued(connection: Source, stopped: StoppedTasks, batch_id: int | None) -> Counter[int]:
    """Count the queued tasks of each function."""
    if batch_id is not None:
        return stopped.queued_in_batch
    counts = connection.execute(COUNTS)
    return Counter({function: n for function, state, n in counts if state == State.QUEUED})


def _cause(count: int, counted: _CauseCount) -> Cause:
    record = counted.record
    return Cause(
        cause=record.id,
        title=cause_words(ENGLISH, counted.about, time()),
        about=counted.about,
        count=count,
        first_at=wire_time(record.first_at),
        last_at=wire_time(record.last_at),
        where=json.loads(record.places),
        states={state: n for state, n in counted.counts.items() if n},
        behind=counted.behind,
        paused=counted.paused,
        cure=counted.cure,
        retried_at=None if record.retried_at is None else wire_time(record.retried_at),
        # A task that fails again several times counts once.
        new_since_retry=min(record.failed_again, counted.counts.total()),
    )
