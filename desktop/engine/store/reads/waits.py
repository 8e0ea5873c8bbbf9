"""What a queued task waits for: a hold or a pause, its queue's limit, and how many come first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from heapq import merge
from itertools import islice, repeat
from typing import Final, NamedTuple

from desktop.contract.reasons import OUTAGES, Reason, ReasonData
from desktop.contract.rules.times import Rate, local_time, wire_time
from desktop.contract.states import State
from desktop.engine.causes import cause_of_batch
from desktop.engine.reasons import Because, because
from desktop.engine.store.reads.stops import (
    Stops,
    batch_paused,
    because_held,
    held_words,
    read_stops,
)
from desktop.engine.store.tables.batch_statements import LIMIT_OF_BATCH, starts_of
from desktop.engine.store.tables.cursor import Source
from desktop.engine.store.tables.queues import FIRST_QUEUED, FUNCTIONS_OF_QUEUE

STARTS_SINCE: Final = "SELECT at, n FROM starts WHERE queue = ? AND at > ? ORDER BY at"
NEWEST_STARTS: Final = "SELECT at, n FROM starts WHERE queue = ? ORDER BY at DESC"


def leaves_at(rate: Rate, past: Sequence[int], n: int, now: int) -> int:
    """Tell when the ``n``-th from now on begins at the earliest, epoch ms; ``n`` ≥ 1.

    ``past`` are the moments of the begins that count for the rate at ``now``, oldest first. As in
    any sliding window, each begins a whole period after the one ``rate.count`` before it.
    """
    room = max(0, rate.count - len(past))
    rounds, place = divmod(n - 1, rate.count)
    first = now if place < room else past[len(past) - rate.count + place] + rate.period_ms
    return max(first, now) + rounds * rate.period_ms


class LeaveBetween(NamedTuple):
    """When the first and the last of several begin, epoch ms, and which rate keeps the first.

    That is told with the name under which its begins are counted.
    """

    first: int
    last: int
    kept_by: tuple[str, Rate]


def leave_between(
    source: Source, asked: Iterable[tuple[str, Rate, int]], now: int
) -> LeaveBetween | None:
    """Tell it by rates; ``None``: none keeps them.

    ``asked`` are the names under which begins are counted, with a rate and how many are to come.
    """
    found = []
    for name, rate, n in asked:
        if n > 0:
            past = _past(source, name, now - rate.period_ms)
            first, last = (leaves_at(rate, past, each, now) for each in (1, n))
            found.append(LeaveBetween(first, last, (name, rate)))
    if not found:
        return None
    return max(found, key=lambda each: each.first)._replace(last=max(each.last for each in found))


def room_at(source: Source, name: str, rate: Rate) -> int | None:
    """Tell when a rate that allows none now lets one more begin, epoch ms; ``None``: it does."""
    newest = source.execute(NEWEST_STARTS, (name,))
    count = 0
    for at, n in newest:
        count += n
        if count >= rate.count:
            moment: int = at + rate.period_ms
            return moment
    return None


def _past(source: Source, name: str, after: int) -> list[int]:
    begun = source.execute(STARTS_SINCE, (name, after))
    return [moment for at, n in begun for moment in repeat(at, n)]


COUNTED: Final = 100
"""How many tasks ahead are counted at most, so a page costs the same behind a million."""


@dataclass(frozen=True, slots=True)
class Limited:
    """What a queue allows that is at its limit: a rate, or how many at once; one ``on_trial``.

    ``until`` is when a rate lets the next one begin, epoch ms; it moves with each start.
    """

    allowed: Rate | int
    on_trial: bool = False
    until: int | None = field(default=None, compare=False)


AtLimit = Mapping[str, Limited]
"""The queues that have come to their limit."""
NONE_AT_LIMIT: Final[AtLimit] = {}


class Waits:
    """Says it for one read; without ``stops`` they are read when one is asked for."""

    def __init__(
        self, at_limit: AtLimit, stops: Stops | None = None, *, connection: Source | None = None
    ) -> None:
        self._at_limit = at_limit
        self._stops = stops
        self._connection = connection
        self._causes: dict[str, str | None] = {}
        self._batches: dict[int, tuple[int | None, str | None]] = {}
        self._limits: dict[int, Because] = {}
        self._places: dict[str, dict[int, int]] = {}

    def of(self, queue: str, task_id: int) -> tuple[str, Because] | None:
        """Return why the queued task waits, in English and as data; ``None``: it comes soon."""
        stopped = self._stopped(queue)
        if stopped is not None:
            return stopped
        limited = self._at_limit.get(queue)
        return None if limited is None else self._behind(queue, task_id, limited)

    def _stopped(self, queue: str) -> tuple[str, Because] | None:
        """Return the hold or the pause of a queue: the one that does not end by itself."""
        stops = self._standing()
        held, paused = stops.held.get(queue), stops.paused(queue)
        if held is None or (held.until is not None and paused is not None):
            return paused
        return held_words(held), because_held(held)

    def outage_beyond(self, queue: str, run_at: int) -> tuple[str, Because] | None:
        """Return the outage that keeps a task waiting beyond its own next time, epoch ms."""
        stops = self._standing()
        held = stops.held.get(queue)
        if held is None or held.until is None or held.until <= run_at or stops.paused(queue):
            return None
        return held_words(held), because_held(held)

    def stopped_till(
        self, queue: str, run_at: int, batch_id: int | None
    ) -> tuple[str, ReasonData] | None:
        """Return what makes a task's own time, epoch ms, the earliest: English, and what it adds.

        That is a pause, or a hold that a person ends.
        """
        stopped = self._paused_batch(batch_id) or self._stopped(queue)
        if stopped is None:
            return None
        why, (reason, about) = stopped
        if reason in OUTAGES:
            return None
        if reason == Reason.QUEUE_HELD:
            earliest = f"It starts at {local_time(run_at)} or later."
            return f"{earliest} {why}", ReasonData(on_hold=about["text"])
        since = ReasonData(paused=about["since"])
        if batch_id is not None and reason == Reason.BATCH_PAUSED:
            since["batch_id"] = batch_id
        return f"{why[:-1]}; it starts at {local_time(run_at)} or later.", since

    def _paused_batch(self, batch_id: int | None) -> tuple[str, Because] | None:
        since = None if batch_id is None else self._batch(batch_id)[0]
        return None if batch_id is None or since is None else batch_paused(batch_id, since)

    def cause_of(
        self, queue: str, state: str, batch_id: int | None, *, reason: str | None, is_again: bool
    ) -> str | None:
        """Return the cause that a task waits for with its whole queue, or with its batch.

        One that ``is_again`` to be tried for what it met last belongs to that, not to its batch.
        """
        is_scheduled = state == State.SCHEDULED
        if is_scheduled and batch_id is not None and self._batch(batch_id)[0]:
            return None if is_again else cause_of_batch(batch_id).id
        if state != State.QUEUED and not (is_scheduled and reason == Reason.BATCH_LIMIT):
            return None
        if queue not in self._causes:
            stop = self._standing().of(queue)
            self._causes[queue] = None if stop is None else stop.cause.id
        return self._causes[queue]

    def _standing(self) -> Stops:
        if self._stops is None:
            self._stops = (
                Stops({}, {}) if self._connection is None else read_stops(self._connection)
            )
        return self._stops

    def _batch(self, batch_id: int) -> tuple[int | None, str | None]:
        """Return since when a batch is paused, epoch ms, and its rate."""
        if self._connection is None:
            return None, None
        if batch_id not in self._batches:
            found = self._connection.execute(LIMIT_OF_BATCH, (batch_id,)).fetchone()
            self._batches[batch_id] = (None, None) if found is None else tuple(found)
        return self._batches[batch_id]

    def of_batch(self, batch_id: int, queue: str, why: str) -> tuple[str, Because]:
        """Return why a task waits that its batch has put aside."""
        paused = self._paused_batch(batch_id)
        if paused is not None:
            return paused
        stopped, limit = self._stopped(queue), self._limit_of(batch_id)
        if stopped is not None and not _ends_before(stopped[1], limit.data.get("until")):
            return stopped
        return why, limit

    def limit_beyond(self, batch_id: int | None, run_at: int) -> tuple[str, Because] | None:
        """Return the limit of its batch that keeps a task beyond its next time, epoch ms."""
        if batch_id is None or self._batch(batch_id)[0] is not None:
            return None
        limit = self._limit_of(batch_id)
        until = limit.data.get("until")
        if until is None or until <= wire_time(run_at):
            return None
        return f"Its batch is limited to {Rate.parse(str(limit.data['limit'])).words}.", limit

    def _limit_of(self, batch_id: int) -> Because:
        """Return the limit of a batch, and when it lets the next task begin if none may now."""
        if batch_id not in self._limits:
            _, rate = self._batch(batch_id)
            until = None
            if self._connection is not None and rate is not None:
                until = room_at(self._connection, starts_of(batch_id), Rate.parse(rate))
            at = None if until is None else wire_time(until)
            told = because(Reason.BATCH_LIMIT, batch_id=batch_id, limit=rate, until=at)
            self._limits[batch_id] = told
        return self._limits[batch_id]

    def _behind(self, queue: str, task_id: int, limited: Limited) -> tuple[str, Because]:
        """Say what limits the queue, and how many come before this one."""
        said = _words(queue, limited)
        limit = _limit(queue, limited)
        if self._connection is None:
            return said, limit
        places = self._places.get(queue)
        if places is None:
            places = self._places[queue] = _first(self._connection, queue)
        place = places.get(task_id)
        if place == 0:
            return f"Comes next, {said}", limit
        if place is None and len(places) < COUNTED:
            return said, limit
        count = f"More than {COUNTED}" if place is None else str(place)
        begin = self._begin(queue, limited, place or COUNTED)
        data: ReasonData = {**limit.data, **begin, "count": place}
        return f"{count} ahead, {said}", Because(Reason.AHEAD, data)

    def _begin(self, queue: str, limited: Limited, ahead: int) -> ReasonData:
        """Tell when a rate lets a task begin, at the earliest, that has so many ahead of it."""
        rate, first = limited.allowed, limited.until
        if self._connection is None or first is None or not isinstance(rate, Rate):
            return {}
        past = _past(self._connection, queue, first - rate.period_ms)
        return {"until": wire_time(leaves_at(rate, past, ahead + 1, first))}


def _ends_before(stopped: Because, moment: str | None) -> bool:
    """Tell whether a stop ends by itself, and before a moment."""
    ends = stopped.data.get("until")
    return ends is not None and moment is not None and ends < moment


def _words(queue: str, limited: Limited) -> str:
    if isinstance(limited.allowed, Rate):
        return f"{queue} is limited to {limited.allowed.words}."
    if limited.on_trial:
        return f"{queue} tries one before the others."
    return f"{queue} runs {limited.allowed} at once."


def _limit(queue: str, limited: Limited) -> Because:
    if isinstance(limited.allowed, Rate):
        until = None if limited.until is None else wire_time(limited.until)
        return because(Reason.RATE_LIMIT, queue=queue, limit=str(limited.allowed), until=until)
    return because(Reason.CONCURRENCY_LIMIT, queue=queue, limit=limited.allowed)


def _first(connection: Source, queue: str) -> dict[int, int]:
    """Return the places of the queue's first tasks: the higher priority, then the lower number."""
    functions = connection.execute(FUNCTIONS_OF_QUEUE, (queue,)).fetchall()
    waiting = [connection.execute(FIRST_QUEUED, (number, COUNTED)) for (number,) in functions]
    return {number: place for place, (_, number) in enumerate(islice(merge(*waiting), COUNTED))}
