"""What stops a whole queue or batch: a hold, an outage or a pause, in words and as a cause."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

from desktop.contract.causes import Cure
from desktop.contract.reasons import OUTAGES, Reason
from desktop.contract.rules.times import local_time, wire_time
from desktop.engine.causes import FoundCause, cause_of_batch, cause_of_reason
from desktop.engine.reasons import Because, ServerAnswer, because
from desktop.engine.store.tables.cursor import Source
from desktop.engine.store.tables.queues import read_pauses
from desktop.engine.store.tables.records import ALL_QUEUES, HeldQueue
from desktop.engine.store.tables.statements import QUEUES

PAUSED_BATCHES: Final = "SELECT id FROM batches WHERE state = 'paused'"


class QueueStop(NamedTuple):
    """The cause that all queued tasks of a queue wait for, and since when, epoch ms."""

    cause: FoundCause
    since: int


class Stops(NamedTuple):
    """What is held, and what is paused since when, epoch ms, by the names of queues."""

    held: Mapping[str, HeldQueue]
    pauses: Mapping[str, int]

    def paused(self, queue: str) -> tuple[str, Because] | None:
        """Tell the pause that came first of this queue's own and that of all."""
        first = self._first_pause(queue)
        if first is None:
            return None
        name, since = first
        reason = Reason.ALL_PAUSED if name == ALL_QUEUES else Reason.QUEUE_PAUSED
        at = wire_time(since)
        return f"Paused since {local_time(since)}.", because(reason, queue=queue, since=at)

    def of(self, queue: str) -> QueueStop | None:
        """Tell what stops a queue: its hold, which outlasts a pause, else a pause."""
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
    """Read what is held and paused now."""
    held = {row[0]: HeldQueue(*row) for row in source.execute(QUEUES)}
    return Stops(held, read_pauses(source))


def find_paused_batch(source: Source, cause: str) -> int | None:
    """Find the batch whose pause a cause is."""
    numbers = (number for (number,) in source.execute(PAUSED_BATCHES).fetchall())
    return next((each for each in numbers if cause_of_batch(each).id == cause), None)


def batch_paused(batch_id: int, since: int) -> tuple[str, Because]:
    """Tell why nothing starts of a batch that is paused since then, epoch ms."""
    paused = because(Reason.BATCH_PAUSED, batch_id=batch_id, since=wire_time(since))
    return f"Its batch has been paused since {local_time(since)}.", paused


def because_held(held: HeldQueue) -> Because:
    """Tell a hold as data."""
    answer = ServerAnswer(held.server, held.code)
    since = wire_time(held.held_at)
    until = None if held.until is None else wire_time(held.until)
    kind = Reason(held.kind)
    return because(kind, answer, queue=held.name, since=since, until=until, text=held.reason)


def cause_of_hold(held: HeldQueue) -> FoundCause:
    """Tell what all tasks of a held queue wait for; an outage ends by itself."""
    cure = Cure(held.action) if held.action and held.kind not in OUTAGES else None
    answer = ServerAnswer(held.server, held.code, held.enhanced)
    return cause_of_reason(
        Reason(held.kind), queue=held.name, answer=answer, text=held.reason, cure=cure
    )


def held_words(held: HeldQueue) -> str:
    """Tell in English why nothing of a held queue starts."""
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
