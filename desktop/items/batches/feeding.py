"""Feeding, a standing duty: turns the rows of started batches into items when they may leave."""

from __future__ import annotations

import json
from collections import Counter
from typing import Final

from desktop.contract.batches import BatchState, RowCheck, RowOutcome, RowProblem
from desktop.contract.states import State
from desktop.engine.errors import BadCall, EngineError
from desktop.engine.text import sentence
from desktop.engine.transaction.features import RoomFor
from desktop.engine.transaction.functions import function_id
from desktop.engine.transaction.group import Group
from desktop.engine.transaction.replies import Callers
from desktop.items.batches.comparing import InOtherBatches, compare_again
from desktop.items.batches.counting import move, recount
from desktop.items.batches.handing_in import TAKEN_OVER, ItemBusy, hand_in, take_over_waiting
from desktop.items.batches.limits import batch_room, let_go
from desktop.items.batches.rows import (
    COUNT_OF,
    body_of,
    is_sent,
    read_rows,
    tasks_of,
    write_results,
)
from desktop.items.batches.under_way import BatchesUnderWay
from desktop.items.tables import batch_statements as statements
from desktop.items.tables.batch_records import BatchRecord, RowRecord

STEP: Final = 25
"""Most rows handed in, and most tasks released, in one group: callers wait a few ms for it."""
BESIDE: Final = 2
"""Rows handed in by one group during hand-overs: as many as the hand-overs it lets continue.

Both compute after the COMMIT. If all free places were filled at once, their attempts would stay in
step and callers would wait behind a crowd: answers took a quarter longer at the same throughput.
"""
REST_MS: Final = 20
"""When the rest follows at the latest; usually another group comes before."""
PASSED: Final = 200
"""Most rows left out, or retried, in one group."""
NEXT_BUSY_MS: Final = 1000
"""The wait before more busy rows are retried, if there are more than ``PASSED``, ms."""


def feed(group: Group, rooms: RoomFor, callers: Callers) -> None:
    """Queue what may start now of each batch: first the tasks it held back, then its next rows.

    No more is queued than there is room for, so other tasks never wait behind a batch. While
    attempts are past their point of no return, few rows are queued unless callers are away. A group
    that callers wait for then queues none; the next group does, with or without callers.
    """
    memory = group.memory
    under_way = group.part(BatchesUnderWay)
    if not under_way.records:
        under_way.is_put_off = False
        return
    is_handing_over = any(each.record.passed for each in memory.running.values())
    waits = is_handing_over and callers is Callers.WAITING
    under_way.is_put_off = waits and not under_way.is_put_off
    if under_way.is_put_off:
        group.again_at(group.now + REST_MS)
        return
    places = _Places(group, rooms)
    step = BESIDE if is_handing_over and callers is not Callers.AWAY else STEP
    for batch in list(under_way.records.values()):
        if batch.state == BatchState.RUNNING:
            _Feeding(group, places, batch, step).run()


class _Places:
    """How many tasks the queues have room for in this group; each function is looked up once."""

    def __init__(self, group: Group, rooms: RoomFor) -> None:
        self._group = group
        self._claims = rooms
        self._rooms: dict[str, tuple[int, list[int]]] = {}

    def free(self, name: str) -> int:
        """Return how many more tasks of a function may be queued."""
        if name not in self._rooms:
            self._rooms[name] = self._room(name)
        room, alike = self._rooms[name]
        counts = self._group.memory.counts
        return room - sum(counts[number, State.QUEUED] for number in alike)

    def _room(self, name: str) -> tuple[int, list[int]]:
        """Return how many may start now, and the functions that share the queue."""
        group = self._group
        spec = group.registry.get(name)
        if spec is None:
            return 0, []
        function = group.memory.functions[function_id(group, spec)]
        room = self._claims.room(function)
        if room <= 0:
            self._claims.look_again(function)
        return room, [f.id for f in group.memory.functions.values() if f.queue == function.queue]


class _Feeding:
    """The feeding of one batch in one group."""

    def __init__(self, group: Group, places: _Places, batch: BatchRecord, step: int) -> None:
        self._group = group
        self._places = places
        self._batch = batch
        self._step = step  # most rows to hand in
        self._changes: Counter[str] = Counter()
        self._told: list[RowRecord] = []
        self._tasks: list[str] = json.loads(batch.tasks)

    def run(self) -> None:
        """Queue what may start now."""
        group, batch = self._group, self._batch
        room = batch_room(group, batch)
        if room <= 0:
            return
        if batch.rate is not None:
            queued = group.cursor.execute(statements.QUEUED_OF_BATCH, (batch.id,)).fetchone()[0]
            room -= queued
        if group.memory.has_any(State.SCHEDULED):  # the state of tasks that are held back
            room -= self._let_go(room)
        if room > 0 and batch.stopped_at is None:
            self._feed(room - self._try_again(room))
        write_results(group, self._told)
        recount(batch, self._changes)

    def _let_go(self, room: int) -> int:
        """Release tasks that were held back; return how many."""
        gone, most = 0, min(room, STEP)
        while gone < most:
            size = min(self._look_ahead(room - gone), most - gone)
            some = self._group.select(statements.HELD_OF_BATCH, self._batch.id, size)
            for record in some:
                if self._places.free(self._group.memory.functions[record.function].name) <= 0:
                    return gone
                let_go(self._group, record)
                gone += 1
            if len(some) < size:
                return gone
        self._group.more = self._group.more or 0 < gone < room
        return gone

    def _look_ahead(self, room: int) -> int:
        """Return how many of the batch's tasks to look at: one more than find a place."""
        places = max((self._places.free(name) for name in self._tasks), default=0)
        return max(min(room, places), 0) + 1

    def _try_again(self, room: int) -> int:
        """Hand in rows whose item was busy; return how many tasks are new.

        A row that waits for a person does not block the rows after it, however many there are:
        each group continues after the last row tried, and starts again at the end.
        """
        group, batch = self._group, self._batch
        tried = group.part(BatchesUnderWay).busy_tried
        begun = tried.pop(batch.id, 0)
        busy = read_rows(group, statements.BUSY_ROWS, batch.id, begun, PASSED)
        elsewhere, added = InOtherBatches(group, busy), 0
        for row in busy:
            if added >= room:
                break
            added += self._feed_row(row, elsewhere)
            tried[batch.id] = row.row
        if len(busy) < PASSED and added < room:
            tried.pop(batch.id, None)
        if begun or len(busy) == PASSED:
            group.again_at(group.now + NEXT_BUSY_MS)
        return added

    def _feed(self, room: int) -> None:
        """Hand in the next rows, while there is room and the group is short."""
        group, batch = self._group, self._batch
        if self._is_stuck():
            return
        sent = passed = 0
        while sent < self._step and passed < PASSED:
            size = min(max(self._look_ahead(room), passed), self._step - sent, PASSED - passed)
            rows = read_rows(group, statements.NEXT_ROWS, batch.id, batch.fed_to, size)
            elsewhere = InOtherBatches(group, rows)
            for row in rows:
                if row.outcome is not None:  # a later batch took it over
                    passed += 1
                elif is_sent(batch, row.checked):
                    names = tasks_of(batch, body_of(row))
                    if room <= 0 or not self._have_places(names):
                        group.part(BatchesUnderWay).stuck[batch.id] = batch.fed_to, names
                        return
                    room -= self._feed_row(row, elsewhere)
                    sent += 1
                else:
                    self._told.append(row._replace(outcome=RowOutcome.LEFT_OUT))
                    passed += 1
                batch.fed_to = row.row
                group.part(BatchesUnderWay).touched.add(batch.id)
            if len(rows) < size:
                return
        if sent < STEP and passed < PASSED:
            group.again_at(group.now + REST_MS)
        else:
            group.more = True

    def _is_stuck(self) -> bool:
        """Return whether the next row still waits for places it did not find before."""
        place, names = self._group.part(BatchesUnderWay).stuck.get(self._batch.id, (None, []))
        return place == self._batch.fed_to and not self._have_places(names)

    def _have_places(self, names: list[str]) -> bool:
        return all(self._places.free(name) > 0 for name in names)

    def _feed_row(self, row: RowRecord, elsewhere: InOtherBatches) -> int:
        """Hand one row in; return how many of its tasks are new."""
        after, added = self._hand_in_row(row, elsewhere)
        if after == row:
            return 0  # its item is still busy
        move(self._changes, RowOutcome.OPEN, str(after.outcome))
        move(self._changes, COUNT_OF[row.checked], COUNT_OF[after.checked])
        self._told.append(after)
        self._group.part(BatchesUnderWay).touched.add(self._batch.id)
        return added

    def _hand_in_row(self, row: RowRecord, elsewhere: InOtherBatches) -> tuple[RowRecord, int]:
        """Check again whether the row was sent in the meantime, then make its item.

        This verdict is the row's outcome for good.
        """
        group, batch = self._group, self._batch
        verdict = compare_again(group, batch, row, elsewhere)
        row = verdict.of(row)
        if not is_sent(batch, verdict.check):
            is_taken = verdict.check is RowCheck.TWICE  # a later batch has it
            return row._replace(outcome=TAKEN_OVER if is_taken else RowOutcome.LEFT_OUT), 0
        try:
            told, added = hand_in(group, batch, row, verdict.data.get("item_id"))
        except ItemBusy:
            return row._replace(outcome=RowOutcome.OPEN), 0  # the task's end brings the next group
        except (EngineError, BadCall, ValueError) as error:
            problem = json.dumps({"text": sentence(error)}, ensure_ascii=False)
            left = row._replace(outcome=RowOutcome.LEFT_OUT, checked=RowCheck.PROBLEM)
            return left._replace(problem=RowProblem.BAD_VALUE, data=problem), 0
        if elsewhere.has(told):
            take_over_waiting(group, told)
        return told, added
