"""What a queued task waits for: a hold, a pause, its queue's limit, or the tasks ahead of it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from heapq import merge
from itertools import islice, repeat
from operator import itemgetter
from typing import Any, Final, NamedTuple

from sendoff_tasks.causes import (
    Because,
    FoundCause,
    ServerAnswer,
    because,
    cause_of_reason,
)
from sendoff_tasks.model.causes import CauseAbout, Cure
from sendoff_tasks.model.reasons import OUTAGES, Reason, ReasonData
from sendoff_tasks.model.states import State
from sendoff_tasks.model.times import Rate, leaves_at, wire_time
from sendoff_tasks.store.tables.causes import (
    AGAIN_BY_CAUSE,
    PUT_ASIDE,
    QUEUED_IN_BATCH,
    QUEUED_WITH_CAUSE,
    SCHEDULED_BY_CAUSE,
    SCHEDULED_OF_BATCH,
)
from sendoff_tasks.store.tables.cursor import Source
from sendoff_tasks.store.tables.records import (
    ALL_QUEUES,
    FunctionRecord,
    HeldQueue,
    Hold,
    TaskRecord,
)
from sendoff_tasks.store.tables.statements import (
    FIRST_QUEUED,
    FUNCTIONS_OF_QUEUE,
    PAUSED_WHY,
    QUEUES,
    read_meta,
    read_pauses,
)


class KnownByFeature:
    """What a feature knows of tasks: their batches, and more fields of their rows; else nothing."""

    def row(self, record: TaskRecord) -> Mapping[str, Any]:
        """Return what the row of a task says more."""
        return {}

    def detail(self, record: TaskRecord) -> Mapping[str, Any]:
        """Return what the details of a task say more, besides those of its row."""
        return {}

    def paused(self, source: Source) -> list[int]:
        """Return the paused batches."""
        return []

    def pause_of(self, source: Source, batch_id: int) -> Because | None:
        """Return why nothing of a paused batch starts, with its ``batch_id`` and ``since``."""
        return None

    def limit_of(self, source: Source, batch_id: int) -> Because | None:
        """Return the limit of a batch, and ``until`` when none of its tasks may start."""
        return None

    def cause_of(self, batch_id: int, name: str = "") -> FoundCause:
        """Return the cause of tasks that wait because their batch is paused."""
        raise NotImplementedError


NOTHING_KNOWN: Final = KnownByFeature()


class QueueStop(NamedTuple):
    """The cause for which all queued tasks of a queue wait, and since when, epoch ms."""

    cause: FoundCause
    since: int


def first_pause(pauses: Mapping[str, int], queue: str) -> tuple[str, int] | None:
    """Return the earlier of a queue's own pause and that of all, with its time."""
    found = [(name, pauses[name]) for name in (queue, ALL_QUEUES) if name in pauses]
    return min(found, key=itemgetter(1), default=None)


class Stops(NamedTuple):
    """Held queues, and paused queues with the time of the pause, epoch ms, by name.

    ``why`` says why everything is paused, unless a person paused it.
    """

    held: Mapping[str, HeldQueue]
    pauses: Mapping[str, int]
    why: str = ""

    def paused(self, queue: str) -> Because | None:
        """Return the earlier of the queue's own pause and the pause of all queues."""
        first = first_pause(self.pauses, queue)
        if first is None:
            return None
        name, since = first
        reason = Reason.ALL_PAUSED if name == ALL_QUEUES else Reason.QUEUE_PAUSED
        why = self.why if reason == Reason.ALL_PAUSED else ""
        return because(reason, queue=queue, since=wire_time(since), text=why or None)

    def of(self, queue: str) -> QueueStop | None:
        """Return what stops a queue: its hold, which outlasts a pause, or else a pause."""
        if (held := self.held.get(queue)) is not None:
            return QueueStop(cause_of_hold(held), held.held_at)
        first = first_pause(self.pauses, queue)
        if first is None:
            return None
        name, since = first
        if name == ALL_QUEUES:
            return QueueStop(cause_of_reason(Reason.ALL_PAUSED, cure=Cure.RESUME), since)
        return QueueStop(cause_of_reason(Reason.QUEUE_PAUSED, queue=name, cure=Cure.RESUME), since)


def read_stops(source: Source) -> Stops:
    """Read the current holds and pauses."""
    held = {row[0]: HeldQueue(*row) for row in source.execute(QUEUES)}
    pauses = read_pauses(source)
    why = read_meta(source, PAUSED_WHY) if ALL_QUEUES in pauses else None
    return Stops(held, pauses, why or "")


def begins_paused(source: Source) -> bool:
    """Tell whether the store was taken for an older one, and no person has resumed it yet."""
    return read_meta(source, PAUSED_WHY) is not None


class StoppedTasks:
    """The tasks that a stop prevents from starting; each counts for the stop, not for its cause.

    These are the queued tasks of stopped queues, the scheduled tasks of paused batches, and the
    tasks that other batches hold back for stopped queues; of all batches, or of one. A task whose
    next attempt a paused batch prevents still counts for the cause it met.
    """

    def __init__(
        self,
        source: Source,
        known: KnownByFeature,
        stops: Stops,
        functions: Sequence[FunctionRecord],
        batch_id: int | None = None,
    ) -> None:
        self._source = source
        self._known = known
        self._functions = functions
        self._batch_id = batch_id
        found = {each.id: stops.of(each.queue) for each in functions}
        self.by_function = {number: stop for number, stop in found.items() if stop is not None}
        """The stop of each function's queue."""

    @cached_property
    def batches(self) -> list[int]:
        """The paused batches."""
        return [n for n in self._known.paused(self._source) if self._is_included(n)]

    def functions_of(self, cause: str) -> list[int]:
        """Return the functions whose queue this cause stops."""
        return [number for number, stop in self.by_function.items() if stop.cause.id == cause]

    def batch_of(self, cause: str) -> int | None:
        """Return the batch of whose pause this is the cause."""
        return next((each for each in self.batches if self._known.cause_of(each).id == cause), None)

    @cached_property
    def aside(self) -> Counter[int]:
        """Count by function what unpaused batches hold back for stopped queues."""
        return _by_function(self._aside)

    @cached_property
    def queued_in_batch(self) -> Counter[int]:
        """Count by function the queued tasks of the one batch."""
        return _by_function(self._queued)

    def taken(self, cause: str, about: CauseAbout, counts: Mapping[str, int]) -> Counter[str]:
        """Count by state the tasks that have met a cause but count for a stop."""
        found = Counter[str]()
        if self.by_function and (queued := counts.get(State.QUEUED)):
            found[State.QUEUED] = self._queued_with(cause, about, queued)
        if counts.get(State.SCHEDULED):
            aside = sum(n for met, _, _, n in self._aside if met == cause)
            kept = sum(n[cause] - self.again[batch][cause] for batch, n in self._scheduled.items())
            found[State.SCHEDULED] = aside + kept
        return found

    def _queued_with(self, cause: str, about: CauseAbout, count: int) -> int:
        """Count the stopped queued tasks of a cause: mostly all or none, as they share a queue."""
        stopped = self.by_function.keys()
        if self._batch_id is not None:
            return sum(n for met, of, _, n in self._queued if met == cause and of in stopped)
        task, queue = about.get("task"), about.get("queue")
        own = {f.id for f in self._functions if task in (None, f.name) and queue in (None, f.queue)}
        if own <= stopped or own.isdisjoint(stopped):
            return count if own <= stopped else 0
        ((found,),) = self._source.execute(QUEUED_WITH_CAUSE, (cause, json.dumps([*stopped])))
        return int(found)

    @cached_property
    def _queued(self) -> list[_Alike]:
        return self._source.execute(QUEUED_IN_BATCH, (self._batch_id,)).fetchall()

    @cached_property
    def _aside(self) -> list[_Alike]:
        if not self.by_function:
            return []
        found = [(*told, int(n)) for *told, n in self._source.execute(PUT_ASIDE).fetchall()]
        return [
            each
            for each in found
            if each[1] in self.by_function
            and self._is_included(each[2])
            and each[2] not in self.batches
        ]

    @cached_property
    def again(self) -> dict[int, Counter[str]]:
        """Count by cause the tasks whose next attempt each paused batch prevents."""
        found = {batch: Counter[str]() for batch in self.batches}
        for batch, counts in found.items():
            for cause, n in self._source.execute(AGAIN_BY_CAUSE, (batch,)).fetchall():
                counts[cause] += n
        return found

    def stopped_by_pause(self, batch: int) -> int:
        """Count the tasks that count for a batch's pause."""
        ((scheduled,),) = self._source.execute(SCHEDULED_OF_BATCH, (batch,)).fetchall()
        return int(scheduled) - self.again.get(batch, Counter()).total()

    @cached_property
    def _scheduled(self) -> dict[int, Counter[str]]:
        """Count the scheduled tasks of each paused batch by the cause they have met."""
        source = self._source
        found = {n: source.execute(SCHEDULED_BY_CAUSE, (n,)).fetchall() for n in self.batches}
        return {batch: Counter(dict(counts)) for batch, counts in found.items()}

    def _is_included(self, batch: int) -> bool:
        return self._batch_id in {None, batch}


_Alike = tuple[str | None, int, int, int]
"""A cause, a function, a batch, and how many tasks have all three."""


def _by_function(found: Iterable[_Alike]) -> Counter[int]:
    counts = Counter[int]()
    for _, function, _, n in found:
        counts[function] += n
    return counts


def because_held(held: HeldQueue) -> Because:
    """Return a hold as a reason."""
    answer = ServerAnswer(held.server, held.code)
    since = wire_time(held.held_at)
    until = None if held.until is None else wire_time(held.until)
    kind = Reason(held.kind)
    about = {"queue": held.name, "since": since, "until": until, "text": held.reason}
    return because(kind, answer, held.reason, **about)


def cause_of_hold(held: HeldQueue) -> FoundCause:
    """Return the cause for which all tasks of a held queue wait; an outage ends by itself."""
    cure = None if held.kind in OUTAGES else held.action
    answer = ServerAnswer(held.server, held.code, held.enhanced)
    return cause_of_reason(
        Reason(held.kind), queue=held.name, answer=answer, text=held.reason, cure=cure
    )


STARTS_SINCE: Final = "SELECT at, n FROM starts WHERE queue = ? AND at > ? ORDER BY at"
NEWEST_STARTS: Final = "SELECT at, n FROM starts WHERE queue = ? ORDER BY at DESC"


def room_at(source: Source, name: str, rate: Rate) -> int | None:
    """Return when an exhausted rate allows one more start, epoch ms; ``None`` if it does now."""
    newest = source.execute(NEWEST_STARTS, (name,))
    count = 0
    for at, n in newest:
        count += n
        if count >= rate.count:
            moment: int = at + rate.period_ms
            return moment
    return None


def starts_after(source: Source, name: str, after: int) -> list[int]:
    """Return the counted starts after a time, epoch ms, oldest first."""
    begun = source.execute(STARTS_SINCE, (name, after))
    return [moment for at, n in begun for moment in repeat(at, n)]


COUNTED: Final = 100
"""Most tasks counted ahead, so a page costs the same behind a million."""


@dataclass(frozen=True, slots=True)
class ReachedLimit:
    """The limit that a queue has reached: a rate, or a concurrency.

    With a ``lane``, that is full: with this queue's tasks or with others.
    ``until`` is when a rate allows the next start, epoch ms; it moves with each start.
    """

    allowed: Rate | int
    lane: str = ""
    until: int | None = field(default=None, compare=False)


class AtLimit(dict[str, ReachedLimit]):
    """The queues that have reached their limit, and the tasks that wait for a response.

    Only the process that runs the tasks knows either.
    """

    unanswered: Container[int] = frozenset()


NONE_AT_LIMIT: Final = AtLimit()


class Waits:
    """Explains what tasks wait for, within one read; ``stops`` are read when first needed."""

    def __init__(
        self,
        at_limit: AtLimit,
        known: KnownByFeature,
        stops: Stops | None = None,
        *,
        connection: Source | None = None,
    ) -> None:
        self._at_limit = at_limit
        self.known = known
        self._stops = stops
        self._connection = connection
        self._causes: dict[str, str | None] = {}
        self._pauses: dict[int, Because | None] = {}
        self._limits: dict[int, Because | None] = {}
        self._places: dict[str, dict[int, int]] = {}

    def of(self, queue: str, task_id: int) -> Because | None:
        """Return why a queued task waits; ``None``: it starts soon."""
        stopped = self._stop_of(queue)
        if stopped is not None:
            return stopped
        if task_id in self._at_limit.unanswered:
            return because(Reason.AFTER_RESPONSE)
        limited = self._at_limit.get(queue)
        return None if limited is None else self._limit_and_place(queue, task_id, limited)

    def _stop_of(self, queue: str) -> Because | None:
        """Return a queue's hold or pause; if both, the one that does not end by itself."""
        stops = self._all_stops()
        held, paused = stops.held.get(queue), stops.paused(queue)
        if held is None or (held.until is not None and paused is not None):
            return paused
        return because_held(held)

    def stopped_till(self, queue: str, batch_id: int | None) -> ReasonData | None:
        """Return what makes a task's time only its earliest, as data to add to its reason.

        That is a pause, or a hold that a person ends.
        """
        stopped = self._paused_batch(batch_id) or self._stop_of(queue)
        if stopped is None:
            return None
        reason, about = stopped
        if reason in OUTAGES:
            return None
        if reason == Reason.QUEUE_HELD:
            return ReasonData(on_hold=about["text"])
        since = ReasonData(paused=about["since"])
        if "text" in about:
            since["text"] = about["text"]
        if "batch_id" in about:
            since["batch_id"] = about["batch_id"]
        return since

    def _paused_batch(self, batch_id: int | None) -> Because | None:
        if batch_id is None or self._connection is None:
            return None
        if batch_id not in self._pauses:
            self._pauses[batch_id] = self.known.pause_of(self._connection, batch_id)
        return self._pauses[batch_id]

    def cause_of(self, record: TaskRecord, queue: str) -> str | None:
        """Return the cause for which a task waits with its whole queue or batch.

        A task that is to be tried again counts for the cause it met, not for its batch.
        """
        is_scheduled, batch_id = record.state == State.SCHEDULED, record.batch_id
        if is_scheduled and batch_id is not None and self._paused_batch(batch_id):
            is_again = record.cause is not None and record.error is not None
            return None if is_again else self.known.cause_of(batch_id).id
        is_aside = is_scheduled and record.held == Hold.ASIDE
        if record.state != State.QUEUED and not is_aside:
            return None
        if queue not in self._causes:
            stop = self._all_stops().of(queue)
            self._causes[queue] = None if stop is None else stop.cause.id
        return self._causes[queue]

    def _all_stops(self) -> Stops:
        if self._stops is None:
            self._stops = (
                Stops({}, {}) if self._connection is None else read_stops(self._connection)
            )
        return self._stops

    def of_batch(self, batch_id: int, queue: str) -> Because | None:
        """Return why a task waits that its batch has put aside."""
        return self._paused_batch(batch_id) or self._stop_of(queue) or self._limit_of(batch_id)

    def _limit_of(self, batch_id: int) -> Because | None:
        if self._connection is None:
            return None
        if batch_id not in self._limits:
            self._limits[batch_id] = self.known.limit_of(self._connection, batch_id)
        return self._limits[batch_id]

    def _limit_and_place(self, queue: str, task_id: int, limited: ReachedLimit) -> Because:
        """Return what limits the queue, and how many tasks are ahead of this one."""
        limit = _limit(queue, limited)
        if self._connection is None or limited.lane:
            return limit
        places = self._places.get(queue)
        if places is None:
            places = self._places[queue] = _first_places(self._connection, queue)
        place = places.get(task_id)
        if place == 0 or (place is None and len(places) < COUNTED):
            return limit
        begin = self._earliest(queue, limited, place or COUNTED)
        data: ReasonData = {**limit.data, **begin, "count": place}
        return Because(Reason.AHEAD, data)

    def _earliest(self, queue: str, limited: ReachedLimit, ahead: int) -> ReasonData:
        """Return the earliest start under a rate of a task with ``ahead`` tasks before it."""
        rate, first = limited.allowed, limited.until
        if self._connection is None or first is None or not isinstance(rate, Rate):
            return {}
        past = starts_after(self._connection, queue, first - rate.period_ms)
        return {"until": wire_time(leaves_at(rate, past, ahead + 1, first))}


def _limit(queue: str, limited: ReachedLimit) -> Because:
    if isinstance(limited.allowed, Rate):
        until = None if limited.until is None else wire_time(limited.until)
        return because(Reason.RATE_LIMIT, queue=queue, limit=str(limited.allowed), until=until)
    if limited.lane:
        return because(Reason.LANE_FULL)
    return because(Reason.CONCURRENCY_LIMIT, queue=queue, limit=limited.allowed)


def _first_places(connection: Source, queue: str) -> dict[int, int]:
    """Return the places of the queue's first tasks: by priority, then by number."""
    functions = connection.execute(FUNCTIONS_OF_QUEUE, (queue,)).fetchall()
    waiting = [connection.execute(FIRST_QUEUED, (number, COUNTED)) for (number,) in functions]
    return {number: place for place, (_, number) in enumerate(islice(merge(*waiting), COUNTED))}
