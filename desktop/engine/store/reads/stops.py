"""Stops of a whole queue or batch: holds, outages and pauses, as text and as causes."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Final, NamedTuple

from desktop.contract.causes import CauseAbout, Cure
from desktop.contract.reasons import OUTAGES, Reason
from desktop.contract.rules.times import local_time, wire_time
from desktop.contract.states import State
from desktop.engine.causes import FoundCause, cause_of_batch, cause_of_reason
from desktop.engine.reason_data import Because, ServerAnswer, because
from desktop.engine.store.tables.causes import (
    AGAIN_BY_CAUSE,
    PUT_ASIDE,
    QUEUED_IN_BATCH,
    QUEUED_WITH_CAUSE,
    SCHEDULED_BY_CAUSE,
    SCHEDULED_OF_BATCH,
)
from desktop.engine.store.tables.cursor import Source
from desktop.engine.store.tables.queues import read_pauses
from desktop.engine.store.tables.records import ALL_QUEUES, FunctionRecord, HeldQueue
from desktop.engine.store.tables.statements import META, PAUSED_WHY, QUEUES

PAUSED_BATCHES: Final = "SELECT id FROM batches WHERE state = 'paused'"


class QueueStop(NamedTuple):
    """The cause for which all queued tasks of a queue wait, and since when, epoch ms."""

    cause: FoundCause
    since: int


class Stops(NamedTuple):
    """Held queues, and paused queues with the time of the pause, epoch ms, by name.

    ``why`` says why everything is paused, unless a person paused it.
    """

    held: Mapping[str, HeldQueue]
    pauses: Mapping[str, int]
    why: str = ""

    def paused(self, queue: str) -> tuple[str, Because] | None:
        """Return the earlier of the queue's own pause and the pause of all queues."""
        first = self._first_pause(queue)
        if first is None:
            return None
        name, since = first
        reason = Reason.ALL_PAUSED if name == ALL_QUEUES else Reason.QUEUE_PAUSED
        why = self.why if reason == Reason.ALL_PAUSED else ""
        paused = because(reason, queue=queue, since=wire_time(since), text=why or None)
        return " ".join(filter(None, (f"Paused since {local_time(since)}.", why))), paused

    def of(self, queue: str) -> QueueStop | None:
        """Return what stops a queue: its hold, which outlasts a pause, or else a pause."""
        if (held := self.held.get(queue)) is not None:
            return QueueStop(cause_of_hold(held), held.held_at)
        first = self._first_pause(queue)
        if first is None:
            return None
        name, since = first
        if name == ALL_QUEUES:
            return QueueStop(cause_of_reason(Reason.ALL_PAUSED, cure=Cure.RESUME), since)
        return QueueStop(cause_of_reason(Reason.QUEUE_PAUSED, queue=name, cure=Cure.RESUME), since)

    def _first_pause(self, queue: str) -> tuple[str, int] | None:
        own, everything = self.pauses.get(queue), self.pauses.get(ALL_QUEUES)
        if own is not None and (everything is None or own <= everything):
            return queue, own
        return None if everything is None else (ALL_QUEUES, everything)


def read_stops(source: Source) -> Stops:
    """Read the current holds and pauses."""
    held = {row[0]: HeldQueue(*row) for row in source.execute(QUEUES)}
    pauses = read_pauses(source)
    row = source.execute(META, (PAUSED_WHY,)).fetchone() if ALL_QUEUES in pauses else None
    return Stops(held, pauses, row[0] if row else "")


def begins_paused(source: Source) -> bool:
    """Return whether the store was taken for an older one, and no person has resumed it yet."""
    return source.execute(META, (PAUSED_WHY,)).fetchone() is not None


class Stopped:
    """The tasks that a stop prevents from starting; each counts for the stop, not for its cause.

    These are the queued tasks of stopped queues, the scheduled tasks of paused batches, and the
    tasks that other batches hold back for stopped queues; of all batches, or of one. A task whose
    next attempt a paused batch prevents still counts for the cause it met.
    """

    def __init__(
        self,
        source: Source,
        stops: Stops,
        functions: Sequence[FunctionRecord],
        batch_id: int | None = None,
    ) -> None:
        self._source = source
        self._functions = functions
        self._batch_id = batch_id
        found = {each.id: stops.of(each.queue) for each in functions}
        self.by_function = {number: stop for number, stop in found.items() if stop is not None}
        """The stop of each function's queue."""

    @cached_property
    def batches(self) -> list[int]:
        """The paused batches."""
        return [
            n for (n,) in self._source.execute(PAUSED_BATCHES).fetchall() if self._is_included(n)
        ]

    def functions_of(self, cause: str) -> list[int]:
        """Return the functions whose queue this cause stops."""
        return [number for number, stop in self.by_function.items() if stop.cause.id == cause]

    def batch_of(self, cause: str) -> int | None:
        """Return the batch of whose pause this is the cause."""
        return next((each for each in self.batches if cause_of_batch(each).id == cause), None)

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

    def kept_by_pause(self, batch: int) -> int:
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


def batch_paused(batch_id: int, since: int) -> tuple[str, Because]:
    """Return why nothing of a paused batch starts; ``since`` in epoch ms."""
    paused = because(Reason.BATCH_PAUSED, batch_id=batch_id, since=wire_time(since))
    return f"Its batch has been paused since {local_time(since)}.", paused


def because_held(held: HeldQueue) -> Because:
    """Return a hold as a reason."""
    answer = ServerAnswer(held.server, held.code)
    since = wire_time(held.held_at)
    until = None if held.until is None else wire_time(held.until)
    kind = Reason(held.kind)
    return because(kind, answer, queue=held.name, since=since, until=until, text=held.reason)


def cause_of_hold(held: HeldQueue) -> FoundCause:
    """Return the cause for which all tasks of a held queue wait; an outage ends by itself."""
    cure = Cure(held.action) if held.action and held.kind not in OUTAGES else None
    answer = ServerAnswer(held.server, held.code, held.enhanced)
    return cause_of_reason(
        Reason(held.kind), queue=held.name, answer=answer, text=held.reason, cure=cure
    )


def held_words(held: HeldQueue) -> str:
    """Return in English why nothing of a held queue starts."""
    since = local_time(held.held_at)
    match held.kind:
        case Reason.OFFLINE:
            return f"No connection since {since}; Sendoff keeps trying: {held.reason}"
        case Reason.QUOTA:
            again = local_time(held.until or held.held_at)
            found = f"the server has taken no more since {since}"
            return f"Sendoff tries again at {again}; {found}: {held.reason}"
        case _:
            return f"Its queue is held: {held.reason}"
