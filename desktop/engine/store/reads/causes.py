"""Reading causes: what failures have in common, and what stops queues and batches."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple, cast

from desktop.contract.batches import BatchCause
from desktop.contract.causes import CASES, Cause, CauseAbout, Cure
from desktop.contract.reasons import OUTAGES
from desktop.contract.rules.times import wire_time
from desktop.contract.states import State
from desktop.engine.causes import cause_of_batch, title_of
from desktop.engine.store.reads.same_message import read_seen_repeated
from desktop.engine.store.reads.stops import QueueStop, read_stops
from desktop.engine.store.tables.causes import (
    CAUSES,
    CAUSES_OF_BATCH,
    MOST_OF_BATCHES,
    SCHEDULED_BY_CAUSE,
    SCHEDULED_OF_BATCH,
    STANDING_IN_BATCH,
    WIDTH,
    CauseRecord,
    counts_of,
    unseen,
)
from desktop.engine.store.tables.cursor import Source
from desktop.engine.store.tables.records import FunctionRecord
from desktop.engine.store.tables.statements import COUNTS, FUNCTIONS

MOST_LISTED: Final = 500
"""Causes that are listed at most, those with the most tasks first."""


class PausedBatch(NamedTuple):
    """A batch that is paused, since when, epoch ms, and how many tasks it is yet to hand in."""

    id: int
    name: str
    since: int
    behind: int


@dataclass(slots=True)
class _Counted:
    """A cause with its counts by state, seen tasks apart; of a hold there may be no row."""

    record: CauseRecord
    about: CauseAbout
    counts: dict[str, int]
    behind: int = 0

    def count(self, states: Collection[str]) -> int:
        return sum(self.counts.get(state, 0) for state in states)

    @property
    def cure(self) -> str | None:
        """What helps."""
        failed, uncertain = (self.counts.get(state, 0) for state in (State.FAILED, State.UNCERTAIN))
        return _cure(self.record.cure, self.about, failed=failed, uncertain=uncertain)


def _cure(own: str | None, about: CauseAbout, *, failed: int, uncertain: int) -> str | None:
    """Tell what helps: the cause's own cure, or what can be done in the states its tasks are in."""
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
) -> list[Cause]:
    """Read the causes of tasks in these states, all or of one batch, most tasks first.

    ``behind`` tells by queue how many tasks batches are still to hand in, ``paused`` the batches
    that are meant and paused. The same time however many tasks there are.
    """
    found = {each.record.id: each for each in _stored(connection, batch_id)}
    waits = State.WAITING in states
    _add_stops(connection, batch_id, found, behind if waits else dict)
    _add_paused(connection, found, paused)
    counted = [(each.count(states), each) for each in found.values()]
    counted.sort(key=lambda p: (-p[0] - p[1].behind, -p[1].record.last_at, p[1].record.id))
    return [_cause(n, each) for n, each in counted[:MOST_LISTED] if n or (waits and each.behind)]


def read_batch_causes(
    connection: Source, batches: Sequence[int]
) -> tuple[dict[int, list[BatchCause]], dict[int, list[BatchCause]]]:
    """Read what most tasks of each batch failed, or are uncertain, for: ten causes at most.

    Those that are on hold for their template count, too: someone has to change it. Second come
    those of tasks that a person has put aside, but for failed ones that were sent again.
    """
    open_: dict[int, list[BatchCause]] = {}
    seen: dict[int, list[BatchCause]] = {}
    rows = connection.execute(MOST_OF_BATCHES, (json.dumps(batches),)).fetchall()
    texts = {number: text for _, number, text, *_ in rows}
    abouts = {number: cast("CauseAbout", json.loads(text)) for number, text in texts.items()}
    titles = {number: title_of(about) for number, about in abouts.items()}
    again = read_seen_repeated(connection, {batch for batch, *_, aside in rows if aside})
    for batch, number, _, cure, failed, uncertain, held, aside in rows:
        about = abouts[number]
        told = BatchCause(
            cause=number,
            title=titles[number],
            about=about,
            count=failed + uncertain + held,
            cure=_cure(cure, about, failed=failed, uncertain=uncertain),
        )
        if told["count"]:
            open_.setdefault(batch, []).append(told)
        left = aside - again[batch, number]
        if left > 0:
            seen.setdefault(batch, []).append({**told, "count": left, "cure": None})
    return open_, seen


def _stored(connection: Source, batch_id: int | None) -> Iterator[_Counted]:
    if batch_id is None:
        rows = connection.execute(CAUSES)
    else:
        rows = connection.execute(CAUSES_OF_BATCH, (batch_id,))
    for row in rows.fetchall():
        record = CauseRecord(*row[:WIDTH])
        counts = unseen(counts_of(row))
        yield _Counted(record, cast("CauseAbout", json.loads(record.about)), counts)


def _add_stops(
    connection: Source,
    batch_id: int | None,
    found: dict[str, _Counted],
    behind: Callable[[], Mapping[str, int]],
) -> None:
    """Count the queued tasks of stopped queues as waiting for what stops them, and that alone."""
    stops = read_stops(connection)
    if not (stops.held or stops.pauses):
        return
    functions = [FunctionRecord(*row) for row in connection.execute(FUNCTIONS)]
    queued, to_come = _queued(connection, batch_id, functions), behind()
    names = {each.queue for each in functions} | to_come.keys()
    stopped = {queue: stop for queue in sorted(names) if (stop := stops.of(queue)) is not None}
    tasks = {each.name for each in functions if each.queue in stopped}
    for met in found.values():
        if met.about.get("task") in tasks or met.about.get("queue") in stopped:
            met.counts.pop(State.QUEUED, None)
    for queue, stop in stopped.items():
        _add(found, stop, queued.get(queue, 0), to_come.get(queue, 0))


def _add_paused(
    connection: Source, found: dict[str, _Counted], batches: Iterable[PausedBatch]
) -> None:
    """Count the scheduled tasks of paused batches as waiting for that alone."""
    for each in batches:
        for number, n in connection.execute(SCHEDULED_BY_CAUSE, (each.id,)).fetchall():
            found[number].counts[State.SCHEDULED] -= n
        ((count,),) = connection.execute(SCHEDULED_OF_BATCH, (each.id,)).fetchall()
        _add(found, QueueStop(cause_of_batch(each.id, each.name), each.since), count, each.behind)


def _add(found: dict[str, _Counted], stop: QueueStop, count: int, behind: int) -> None:
    """Count so many tasks more that wait for what stops them, and so many behind these."""
    if not (count or behind):
        return
    cause = stop.cause
    about = json.dumps(cause.about, ensure_ascii=False)
    places = json.dumps([] if cause.place is None else [cause.place])
    new = CauseRecord(cause.id, about, cause.cure, places, stop.since, stop.since)
    known = found.setdefault(cause.id, _Counted(new, cause.about, {}))
    if count:
        known.counts[State.WAITING] = known.counts.get(State.WAITING, 0) + count
    known.behind += behind


def _queued(
    connection: Source, batch_id: int | None, functions: Sequence[FunctionRecord]
) -> dict[str, int]:
    """Count the queued tasks of each queue."""
    if batch_id is None:
        counts = [(f, n) for f, state, n in connection.execute(COUNTS) if state == State.QUEUED]
    else:
        counts = connection.execute(STANDING_IN_BATCH, (batch_id,)).fetchall()
    queues = {each.id: each.queue for each in functions}
    found: dict[str, int] = {}
    for function, n in counts:
        found[queues[function]] = found.get(queues[function], 0) + n
    return found


def _cause(count: int, counted: _Counted) -> Cause:
    record = counted.record
    return Cause(
        cause=record.id,
        title=title_of(counted.about),
        about=counted.about,
        count=count,
        first_at=wire_time(record.first_at),
        last_at=wire_time(record.last_at),
        where=json.loads(record.places),
        states={state: n for state, n in counted.counts.items() if n},
        behind=counted.behind,
        cure=counted.cure,
        retried_at=None if record.retried_at is None else wire_time(record.retried_at),
        # One that fails again and again is still one.
        new_since_retry=min(record.failed_again, sum(counted.counts.values())),
    )
