"""What a batch allows: whether its tasks may start, at what rate, and when its messages leave."""

from __future__ import annotations

import json
from collections import Counter, deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, NamedTuple

from desktop.contract.items import MAIL_QUEUE
from desktop.contract.office import HOURS, OfficeReason, OfficeRefusal
from desktop.contract.rules.hours import FOREVER
from desktop.items.batches.rows import BatchesUnderWay
from desktop.items.reads.batches import BATCHES, LeavingTimes
from desktop.items.sending import Sending
from desktop.items.tables import batches as statements
from desktop.items.tables.batches import BatchRecord
from sendoff_tasks.causes import Because, because
from sendoff_tasks.errors import Conflict
from sendoff_tasks.facade.running_engine import EngineConfig
from sendoff_tasks.functions.registry import Registry
from sendoff_tasks.model.reasons import OUTAGES, Reason, ReasonData
from sendoff_tasks.model.states import State
from sendoff_tasks.model.times import MINUTE_MS, Rate, last_leaves_at, leaves_at, wire_time
from sendoff_tasks.queues.taken import read_taken
from sendoff_tasks.store.reads.causes import PausedBatch
from sendoff_tasks.store.reads.waits import (
    NONE_AT_LIMIT,
    Waits,
    room_at,
    starts_after,
)
from sendoff_tasks.store.tables.cursor import Source
from sendoff_tasks.store.tables.records import Hold, TaskRecord
from sendoff_tasks.store.tables.statements import starts_of
from sendoff_tasks.transaction.features import Aside, OneRead
from sendoff_tasks.transaction.group import Group
from sendoff_tasks.transaction.pending import PendingRecords
from sendoff_tasks.transaction.rate_windows import Starts
from sendoff_tasks.words.table import ENGLISH

UNLIMITED: Final = 1 << 30
OUTSIDE_HOURS: Final = ReasonData(mark=HOURS)
"""The limit of a batch that waits for the sending hours."""


def rates_of(batch: BatchRecord) -> tuple[Rate, ...]:
    """Return the rate a person set for the batch, if any."""
    return () if batch.rate is None else (Rate.parse(batch.rate),)


def begins_at(batch: BatchRecord, sending: Sending, now: int) -> int:
    """Return when the batch's rows may leave, epoch ms: a time in the past if they may now."""
    opens, _ = sending.span(max(now, _own_time(batch)))
    return opens if opens > now else _own_time(batch)


def _own_time(batch: BatchRecord) -> int:
    return max(batch.grace_until, batch.run_at or 0)


def batch_room(group: Group, batch: BatchRecord) -> int:
    """Return how many of the batch's tasks may start now; if none, schedule the next look."""
    if batch.paused_at is not None or group.part(PendingRecords).stops_batch(batch.id):
        return 0
    begins = begins_at(batch, group.part(BatchesUnderWay).sending, group.now)
    if begins > group.now:
        group.again_at(begins)
        return 0
    rates = rates_of(batch)
    if not rates:
        return UNLIMITED
    name, starts = starts_of(batch.id), group.part(Starts)
    full = starts.full(group, name, rates)
    if full is None:
        return starts.room(group, name, rates)
    group.again_at(full[0])
    return 0


def check_batch(group: Group, record: TaskRecord, *, anyway: bool) -> None:
    """Raise ``Conflict`` for a task that its batch would hold back on start.

    ``anyway`` lets it past the batch's limit and time, but not past a pause.
    """
    batch = group.part(BatchesUnderWay).records.get(record.batch_id or 0)
    if batch is None or batch_room(group, batch) > 0:
        return
    if batch.paused_at is not None:
        raise Conflict(OfficeRefusal.BATCH_PAUSED)
    if not anyway:
        raise Conflict(OfficeRefusal.BATCH_LIMIT)


def hold_back(group: Group, record: TaskRecord) -> bool:
    """Put a queued task aside while its batch has no room; tell whether that happened."""
    batch = group.part(BatchesUnderWay).records.get(record.batch_id or 0)
    if batch is None or _lets_start(group, batch, record):
        return False
    hold_in_batch(group, record)
    return True


def _lets_start(group: Group, batch: BatchRecord, record: TaskRecord) -> bool:
    """Tell whether a task may start now; one that a person has let past the limit may."""
    is_paused = batch.paused_at is not None or group.part(PendingRecords).stops_batch(batch.id)
    is_let = record.held == Hold.ANYWAY and not is_paused
    return is_let or batch_room(group, batch) > 0


def hold_in_batch(group: Group, record: TaskRecord, **changes: object) -> None:
    """Put a task aside until its batch allows more."""
    opens, _ = group.part(BatchesUnderWay).sending.span(group.now)
    mark, until = (HOURS, wire_time(opens)) if opens > group.now else (None, None)
    number = record.batch_id
    reason = because(OfficeReason.BATCH_LIMIT, batch_id=number, mark=mark, until=until)
    held = {"held": Hold.ASIDE.value, "run_at": None}
    group.move(record, State.SCHEDULED, reason, **held, **changes)


def let_go(group: Group, record: TaskRecord) -> None:
    """Queue a task that waited for its batch."""
    group.move(record, State.QUEUED, held=Hold.NOTHING.value)


def aside(group: Group, records: Iterable[TaskRecord]) -> Aside:
    """Count the tasks that their batch would put aside."""
    found: dict[str, Counter[str]] = {}
    batches: dict[int, BatchRecord | None] = {}
    rooms: dict[int, int] = {}
    for record in records:
        number = record.batch_id
        if number is None or record.is_copy:
            continue
        if number not in batches:
            batches[number] = batch = _batch(group, number)
            rooms[number] = UNLIMITED if batch is None else batch_room(group, batch)
        rooms[number] -= 1
        batch = batches[number]
        if batch is not None and rooms[number] < 0:
            is_paused = batch.paused_at is not None
            reason = OfficeReason.BATCH_PAUSED if is_paused else OfficeReason.BATCH_LIMIT
            queue = group.memory.functions[record.function].queue
            found.setdefault(reason.value, Counter())[queue] += 1
    return {reason: dict(counts) for reason, counts in found.items()}


def _batch(group: Group, number: int) -> BatchRecord | None:
    """Return a batch; one that is done is read from the store."""
    known = group.part(BatchesUnderWay).records.get(number)
    row = None if known else group.cursor.execute(statements.BATCH, (number,)).fetchone()
    return known if row is None else BatchRecord(*row)


class LeaveBetween(NamedTuple):
    """When the first and the last of several tasks may start, epoch ms, and the limiting rate.

    ``kept_by`` also has the name under which the rate's starts are counted.
    """

    first: int
    last: int
    kept_by: tuple[str, Rate]


def _leave_between(
    source: Source, asked: Iterable[tuple[str, Rate, int]], sending: Sending, now: int
) -> LeaveBetween | None:
    """Return when tasks may start under several rates; ``None`` if no rate applies.

    ``asked`` has for each rate the name under which starts are counted, and the number of tasks.
    """
    found, limits = [], []
    for name, rate, n in sorted(asked, key=lambda each: -each[1].period_ms):
        if n > 0:
            past = starts_after(source, name, now - rate.period_ms)
            limits.append((rate, past, n))
            at, _ = sending.span(leaves_at(rate, past, 1, now))
            found.append(LeaveBetween(at, 0, (name, rate)))
    if not found:
        return None
    first = max(found, key=lambda each: each.first)
    return first._replace(last=_last_in_hours(limits, sending, now))


def _last_in_hours(
    limits: Sequence[tuple[Rate, Sequence[int], int]], sending: Sending, now: int
) -> int:
    """Return what ``last_leaves_at`` does, within the sending hours, which are open ``now``.

    A rate a second counts as that many a minute, so that a year of it is looked at in a moment.
    """
    last, (_, end) = last_leaves_at(limits, now), sending.span(now)
    if last < end:
        return last
    left = steps = max(n for *_, n in limits)
    windows = [
        _Window(_a_minute(rate), steps, n, deque((at, steps) for at in past))
        for rate, past, n in limits
    ]
    while True:
        room = min(left, *(each.room(now) for each in windows))
        left -= max(0, room)
        if not left:
            return now
        for each in windows:
            each.count(now, room)
        full = (each.next_room for each in windows if each.room(now) <= 0)
        now, _ = sending.span(max(full))


def _a_minute(rate: Rate) -> Rate:
    times = MINUTE_MS // min(rate.period_ms, MINUTE_MS)
    return Rate(rate.count * times, rate.period_ms * times)


@dataclass(slots=True)
class _Window:
    """The starts of one limit, whose ``n`` are spread over the ``steps`` of all limits."""

    rate: Rate
    steps: int
    n: int
    starts: deque[tuple[int, int]]  # when, and how many times ``steps``
    used: int = field(init=False)

    def __post_init__(self) -> None:
        self.used = self.steps * len(self.starts)

    def room(self, now: int) -> int:
        """Return how many steps may be made now."""
        while self.starts and self.starts[0][0] <= now - self.rate.period_ms:
            self.used -= self.starts.popleft()[1]
        return (self.rate.count * self.steps - self.used) // self.n

    def count(self, now: int, room: int) -> None:
        if room > 0:
            self.starts.append((now, room * self.n))
            self.used += room * self.n

    @property
    def next_room(self) -> int:
        return self.starts[0][0] + self.rate.period_ms


def leaving(
    config: EngineConfig,
    sending: Sending,
    source: Source,
    now: int | None,
    batch: BatchRecord,
    recipients: int,
) -> LeavingTimes:
    """Return the leaving times under all limits, at ``now`` (epoch ms) or the clock's time.

    There is no time while the batch waits for real sending, or while it, or a queue of its tasks,
    is paused or held. While a server is over quota, times are computed from its next probe on.
    Tasks with a start time of their own (a retry, or the row's time) leave no earlier. Each counts
    as so many starts as it has ``recipients``; the copies of its row are not known here. Batches
    that began before it are sent before it.
    """
    rows = batch.ready if batch.started_at is None else batch.open
    queues = _queues_of(config.registry, batch)
    if not rows or batch.paused_at is not None:
        return LeavingTimes()
    why = (
        _for_real(batch, sending)
        or _hold_or_pause(source, queues)
        or _all_unsettled(source, batch)
        or _all_on_hold(source, batch)
    )
    moment = round(config.clock.now() * 1000) if now is None else now
    # What has begun is counted by the limits already.
    (begun,) = source.execute(statements.BEGUN_IN_BATCH, (batch.id,)).fetchone()
    probe = _probe_time(why)
    begin, end = sending.span(max(moment, _own_time(batch), probe))
    own = begin if begun else max(begin, _room_at(source, batch))
    if why is not None and why.reason in OUTAGES and own > max(moment, probe):
        why, probe = None, 0  # the batch starts later than that
        begin, end = sending.span(max(moment, _own_time(batch)))
    if why is not None and why.reason != Reason.QUOTA:
        return LeavingTimes(because=why)
    is_outside = begin > max(moment, _own_time(batch), probe)
    n = (rows * len(queues) - begun) * recipients
    asked = [(starts_of(batch.id), rate, n) for rate in rates_of(batch)]
    taken = read_taken(source)
    below = UNLIMITED if batch.started_at is None else batch.id
    before = statements.OPEN_BEFORE, (batch.tasks, begin, batch.id, below)
    ahead = int(source.execute(*before).fetchone()[0])
    for queue in sorted(set(queues)):
        n = ((rows + ahead) * queues.count(queue) - begun) * recipients
        known = taken[queue] = [each for each in taken.get(queue, []) if each.count < n]
        asked += [(queue, rate, n) for rate in (*config.limits.of(queue).rates, *known)]
    limited = _leave_between(source, asked, sending, begin)
    if why is not None and (limited is None or limited.first <= begin):
        last = limited.last if limited is not None else None
        told = LeavingTimes(last=last, because=why)
    elif limited is None:
        later = begin if begin > moment else None
        told = LeavingTimes(later, later, limited_by=OUTSIDE_HOURS if is_outside else None)
    else:
        first = limited.first if limited.first != moment else None
        limit = OUTSIDE_HOURS if is_outside else None
        limit = _limit(batch, limited) if limited.first > begin else limit
        told = LeavingTimes(first, limited.last, limited_by=limit)
    earlier = ", ".join(str(rate) for queue in set(queues) for rate in taken[queue])
    told = told._replace(taken=earlier or None, closes=None if end == FOREVER else end)
    if batch.started_at is None:
        return told
    return _delay_by_tasks(source, batch, sending, moment, told)


def behind_queues(reading: OneRead, batches: Iterable[BatchRecord]) -> Counter[str]:
    """Count by queue the tasks that batches will hand in once the queue accepts more."""
    source, found = reading.source, Counter[str]()
    sending, now = reading.memory.part(BatchesUnderWay).sending, reading.now
    for batch in batches:
        is_sending = batch.is_sending and batch.stopped_at is None
        begins = max(begins_at(batch, sending, now), _room_at(source, batch))
        if is_sending and batch.open and begins <= now:
            behind = to_come(source, batch)
            for queue in _queues_of(reading.registry, batch):
                found[queue] += behind
    return found


def paused_batches(reading: OneRead, batches: Iterable[BatchRecord]) -> list[PausedBatch]:
    """Return the paused ones of these batches, with the number of tasks not handed in yet."""
    found = []
    for each in batches:
        if each.paused_at is not None:
            rows = 0 if each.stopped_at is not None else to_come(reading.source, each)
            behind = rows * len(_queues_of(reading.registry, each))
            found.append(PausedBatch(each.id, each.name, each.paused_at, behind))
    return found


def to_come(source: Source, batch: BatchRecord) -> int:
    """Count the open rows of a batch that have no task yet."""
    (handed_in,) = source.execute(statements.OPEN_WITH_TASK, (batch.id,)).fetchone()
    return max(0, batch.open - int(handed_in))  # the two reads may differ in time


def _queues_of(registry: Registry, batch: BatchRecord) -> list[str]:
    return [spec.queue for name in json.loads(batch.tasks) if (spec := registry.get(name))]


def _room_at(source: Source, batch: BatchRecord) -> int:
    """Return when the batch's own limit allows its next message, epoch ms; 0 if it does now."""
    room = (room_at(source, starts_of(batch.id), rate) or 0 for rate in rates_of(batch))
    return max(room, default=0)


def _probe_time(why: Because | None) -> int:
    """Return when a server over quota is probed again, epoch ms; 0 if there is none."""
    until = why.data.get("until") if why is not None else None
    return 0 if until is None else round(datetime.fromisoformat(until).timestamp() * 1000)


def _limit(batch: BatchRecord, leaves: LeaveBetween) -> ReasonData:
    """Return the limit that delays the next message: the batch's own, or a queue's."""
    name, rate = leaves.kept_by
    own = name == starts_of(batch.id)
    return ReasonData(limit=str(rate)) if own else ReasonData(limit=str(rate), queue=name)


def _delay_by_tasks(
    source: Source, batch: BatchRecord, sending: Sending, moment: int, limits: LeavingTimes
) -> LeavingTimes:
    """Delay the times under the limits by the start times that tasks have of their own."""
    found = source.execute(statements.TIMES_OF_ITS_OWN, (batch.id, moment)).fetchone()
    at, own, count, retry_at = found
    if at is None:
        return limits
    at, own, again = (sending.span(each or 0)[0] for each in (at, own, retry_at))
    if limits.because is not None:  # the reason delays everything further
        return limits._replace(last=limits.last and max(limits.last, own))
    told = _put_off(source, batch, retry_at, again) if count else ReasonData()
    waits_longer = count and limits.following is not None and again <= limits.following
    put_off = ReasonData(**told, count=count) if count and not waits_longer else None
    last = max(limits.last or own, own)
    if _has_ready_message(source, batch):
        return limits._replace(last=last, put_off=put_off)
    following = max(limits.following or at, at)
    is_next = put_off is not None and again == following
    because = Because(Reason.RETRY_LATER, told) if is_next else None
    limit = limits.limited_by if following == limits.following else None
    return LeavingTimes(following, last, because, put_off, limit, limits.taken, limits.closes)


def _put_off(source: Source, batch: BatchRecord, retry_at: int, again: int) -> ReasonData:
    """Return what delays the first message that will be retried, ``again`` in the hours."""
    (data,) = source.execute(statements.PUT_OFF_UNTIL, (batch.id, retry_at)).fetchone()
    told: ReasonData = json.loads(data or "{}")
    told["until"] = wire_time(again)
    return told


def _has_ready_message(source: Source, batch: BatchRecord) -> bool:
    """Tell whether a task or the next row leaves as soon as the limits allow."""
    if source.execute(statements.LEAVES_NOW, (batch.id, batch.id)).fetchone()[0]:
        return True
    following = source.execute(statements.HAS_NEXT_ROW, (batch.id, batch.fed_to)).fetchone()[0]
    return bool(following) and batch.stopped_at is None and to_come(source, batch) > 0


def _for_real(batch: BatchRecord, sending: Sending) -> Because | None:
    """Return a reason while a batch that was started for real waits in practice mode."""
    if batch.started_at is None or not sending.waits(batch.started_at):
        return None
    words = ENGLISH.say("sending", "waits_for_real")
    return because(Reason.QUEUE_HELD, error=words, queue=MAIL_QUEUE, text=words)


def _hold_or_pause(source: Source, queues: Sequence[str]) -> Because | None:
    """Return the hold or pause that stops one of these queues."""
    waits = Waits(NONE_AT_LIMIT, BATCHES, connection=source)
    found = (waits.of(queue, 0) for queue in sorted(set(queues)))
    return next((each for each in found if each is not None), None)


def _all_unsettled(source: Source, batch: BatchRecord) -> Because | None:
    """Return a reason if every open row waits for a person, because its item is uncertain."""
    if batch.started_at is None or to_come(source, batch) < batch.open:
        return None
    (count,) = source.execute(statements.UNSETTLED_ROWS, (batch.id,)).fetchone()
    return because(OfficeReason.UNSETTLED, count=count) if count == batch.open else None


def _all_on_hold(source: Source, batch: BatchRecord) -> Because | None:
    """Return a reason if each open row has a task on hold for a person or a fix."""
    given = (batch.id, batch.id)
    if batch.started_at is None or source.execute(statements.MOVES_IN_BATCH, given).fetchone()[0]:
        return None
    found = source.execute(statements.WHY_STOPPED, (batch.id,)).fetchone()
    waiting, reason, other, data, other_data = found
    if not waiting or to_come(source, batch):
        return None
    if reason != other or data != other_data:  # not all for the same reason
        return because(Reason.HELD_FOR_PERSON)
    return Because(Reason(reason), json.loads(data or "{}"))
