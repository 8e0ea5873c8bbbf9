"""What a queued task waits for: a hold, a pause, its queue's limit, or the tasks ahead of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from heapq import merge
from itertools import islice, repeat
from typing import Final

from desktop.contract.reasons import OUTAGES, Reason, ReasonData
from desktop.contract.rules.times import Rate, local_time, wire_time
from desktop.contract.states import State
from desktop.engine.causes import cause_of_batch
from desktop.engine.reason_data import Because, because
from desktop.engine.store.reads.stops import (
    Stops,
    batch_paused,
    because_held,
    held_words,
    read_stops,
)
from desktop.engine.store.tables.cursor import Source
from desktop.engine.store.tables.queues import (
    FIRST_QUEUED,
    FUNCTIONS_OF_QUEUE,
    LIMIT_OF_BATCH,
    starts_of,
)

STARTS_SINCE: Final = "SELECT at, n FROM starts WHERE queue = ? AND at > ? ORDER BY at"
NEWEST_STARTS: Final = "SELECT at, n FROM starts WHERE queue = ? ORDER BY at DESC"


def leaves_at(rate: Rate, past: Sequence[int], n: int, now: int) -> int:
    """Return when the ``n``-th start from now on is possible at the earliest, epoch ms; ``n`` ≥ 1.

    ``past`` are the starts that count for the rate at ``now``, oldest first. In a sliding window,
    each start is one period after the start ``rate.count`` before it.
    """
    room = max(0, rate.count - len(past))
    rounds, place = divmod(n - 1, rate.count)
    first = now if place < room else past[len(past) - rate.count + place] + rate.period_ms
    return max(first, now) + rounds * rate.period_ms


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
class Limited:
    """The limit that a queue has reached: a rate, or a concurrency (1 while ``on_trial``).

    ``until`` is when a rate allows the next start, epoch ms; it moves with each start.
    """

    allowed: Rate | int
    on_trial: bool = False
    until: int | None = field(default=None, compare=False)


AtLimit = Mapping[str, Limited]
"""The queues that have reached their limit."""
NONE_AT_LIMIT: Final[AtLimit] = {}


class Waits:
    """Explains what tasks wait for, within one read; ``stops`` are read when first needed."""

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
        """Return why a queued task waits, as text and as data; ``None``: it starts soon."""
        stopped = self._stop_of(queue)
        if stopped is not None:
            return stopped
        limited = self._at_limit.get(queue)
        return None if limited is None else self._limit_and_place(queue, task_id, limited)

    def _stop_of(self, queue: str) -> tuple[str, Because] | None:
        """Return a queue's hold or pause; if both, the one that does not end by itself."""
        stops = self._all_stops()
        held, paused = stops.held.get(queue), stops.paused(queue)
        if held is None or (held.until is not None and paused is not None):
            return paused
        return held_words(held), because_held(held)

    def outage_beyond(self, queue: str, run_at: int) -> tuple[str, Because] | None:
        """Return the outage that keeps a task waiting beyond its own next time, epoch ms."""
        stops = self._all_stops()
        held = stops.held.get(queue)
        if held is None or held.until is None or held.until <= run_at or stops.paused(queue):
            return None
        return held_words(held), because_held(held)

    def stopped_till(
        self, queue: str, run_at: int, batch_id: int | None
    ) -> tuple[str, ReasonData] | None:
        """Return what makes a task's time (epoch ms) only its earliest: text, and data to add.

        That is a pause, or a hold that a person ends.
        """
        stopped = self._paused_batch(batch_id) or self._stop_of(queue)
        if stopped is None:
            return None
        why, (reason, about) = stopped
        if reason in OUTAGES:
            return None
        if reason == Reason.QUEUE_HELD:
            earliest = f"It starts at {local_time(run_at)} or later."
            return f"{earliest} {why}", ReasonData(on_hold=about["text"])
        since = ReasonData(paused=about["since"])
        if "text" in about:
            since["text"] = about["text"]
        if batch_id is not None and reason == Reason.BATCH_PAUSED:
            since["batch_id"] = batch_id
        return f"It starts at {local_time(run_at)} or later. {why}", since

    def _paused_batch(self, batch_id: int | None) -> tuple[str, Because] | None:
        since = None if batch_id is None else self._batch(batch_id)[0]
        return None if batch_id is None or since is None else batch_paused(batch_id, since)

    def cause_of(
        self, queue: str, state: str, batch_id: int | None, *, reason: str | None, is_again: bool
    ) -> str | None:
        """Return the cause for which a task waits with its whole queue or batch.

        A task that ``is_again`` to be tried counts for the cause it met, not for its batch.
        """
        is_scheduled = state == State.SCHEDULED
        if is_scheduled and batch_id is not None and self._batch(batch_id)[0]:
            return None if is_again else cause_of_batch(batch_id).id
        if state != State.QUEUED and not (is_scheduled and reason == Reason.BATCH_LIMIT):
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

    def _batch(self, batch_id: int) -> tuple[int | None, str | None]:
        """Return since when a batch is paused, epoch ms, and its rate."""
        if self._connection is None:
            return None, None
        if batch_id not in self._batches:
            found = self._connection.execute(LIMIT_OF_BATCH, (batch_id,)).fetchone()
            self._batches[batch_id] = (None, None) if found is None else tuple(found)
        return self._batches[batch_id]

    def of_batch(self, batch_id: int, queue: str, why: str) -> tuple[str, Because]:
        """Return why a task waits that its batch holds back."""
        paused = self._paused_batch(batch_id)
        if paused is not None:
            return paused
        stopped, limit = self._stop_of(queue), self._limit_of(batch_id)
        if stopped is not None and not _ends_before(stopped[1], limit.data.get("until")):
            return stopped
        return why, limit

    def limit_beyond(self, batch_id: int | None, run_at: int) -> tuple[str, Because] | None:
        """Return the batch's limit that keeps a task beyond its next time, epoch ms."""
        if batch_id is None or self._batch(batch_id)[0] is not None:
            return None
        limit = self._limit_of(batch_id)
        until = limit.data.get("until")
        if until is None or until <= wire_time(run_at):
            return None
        return f"Its batch is limited to {Rate.parse(str(limit.data['limit'])).words}.", limit

    def _limit_of(self, batch_id: int) -> Because:
        """Return a batch's limit, and when the next task may start if none may now."""
        if batch_id not in self._limits:
            _, rate = self._batch(batch_id)
            until = None
            if self._connection is not None and rate is not None:
                until = room_at(self._connection, starts_of(batch_id), Rate.parse(rate))
            at = None if until is None else wire_time(until)
            told = because(Reason.BATCH_LIMIT, batch_id=batch_id, limit=rate, until=at)
            self._limits[batch_id] = told
        return self._limits[batch_id]

    def _limit_and_place(self, queue: str, task_id: int, limited: Limited) -> tuple[str, Because]:
        """Return what limits the queue, and how many tasks are ahead of this one."""
        said = _limit_words(queue, limited)
        limit = _limit(queue, limited)
        if self._connection is None:
            return said, limit
        places = self._places.get(queue)
        if places is None:
            places = self._places[queue] = _first_places(self._connection, queue)
        place = places.get(task_id)
        if place == 0:
            return f"Comes next, {said}", limit
        if place is None and len(places) < COUNTED:
            return said, limit
        count = f"More than {COUNTED}" if place is None else str(place)
        begin = self._earliest(queue, limited, place or COUNTED)
        data: ReasonData = {**limit.data, **begin, "count": place}
        return f"{count} ahead, {said}", Because(Reason.AHEAD, data)

    def _earliest(self, queue: str, limited: Limited, ahead: int) -> ReasonData:
        """Return the earliest start under a rate of a task with ``ahead`` tasks before it."""
        rate, first = limited.allowed, limited.until
        if self._connection is None or first is None or not isinstance(rate, Rate):
            return {}
        past = starts_after(self._connection, queue, first - rate.period_ms)
        return {"until": wire_time(leaves_at(rate, past, ahead + 1, first))}


def _ends_before(stopped: Because, moment: str | None) -> bool:
    """Return whether a stop ends by itself before a moment."""
    ends = stopped.data.get("until")
    return ends is not None and moment is not None and ends < moment


def _limit_words(queue: str, limited: Limited) -> str:
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


def _first_places(connection: Source, queue: str) -> dict[int, int]:
    """Return the places of the queue's first tasks: by priority, then by number."""
    functions = connection.execute(FUNCTIONS_OF_QUEUE, (queue,)).fetchall()
    waiting = [connection.execute(FIRST_QUEUED, (number, COUNTED)) for (number,) in functions]
    return {number: place for place, (_, number) in enumerate(islice(merge(*waiting), COUNTED))}
