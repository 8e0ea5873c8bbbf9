"""Feeding, a standing duty: the rows of started batches become items as they may leave."""

from __future__ import annotations

import json
from collections import Counter
from typing import Final

from desktop.contract.batches import BatchState, RowCheck, RowOutcome, RowProblem
from desktop.contract.states import State
from desktop.engine.batches.comparing import compare_again
from desktop.engine.batches.counting import move, recount
from desktop.engine.batches.handing_in import Busy, hand_in
from desktop.engine.batches.rows import body_of, is_sent, read_rows, tasks_of, tell_rows
from desktop.engine.dispatch.claims import Claims
from desktop.engine.errors import BadCall, EngineError
from desktop.engine.queues.batch_room import batch_room, let_go
from desktop.engine.store.tables import batches as statements
from desktop.engine.store.tables.batches import BatchRecord, RowRecord
from desktop.engine.store.tables.records import TaskRecord
from desktop.engine.text import sentence
from desktop.engine.transaction.functions import function_id
from desktop.engine.transaction.group import Group

STEP: Final = 200
"""Rows looked at in one group, so that it stays short."""


def feed(group: Group, claims: Claims) -> None:
    """Queue what may start now of each batch: first what came back, then the next rows.

    No more is queued than there is room for, so that other tasks never wait behind a batch.
    """
    for batch in list(group.memory.batches.values()):
        if batch.state == BatchState.RUNNING:
            _Feeding(group, claims, batch).run()


class _Feeding:
    """One batch in one group."""

    def __init__(self, group: Group, claims: Claims, batch: BatchRecord) -> None:
        self._group = group
        self._claims = claims
        self._batch = batch
        self._taken: Counter[str] = Counter()  # by queue, in this group
        self._changes: Counter[str] = Counter()
        self._told: list[RowRecord] = []

    def run(self) -> None:
        """Queue what may start now."""
        group, batch = self._group, self._batch
        room = batch_room(group, batch)
        if room <= 0:
            return
        queued = group.cursor.execute(statements.QUEUED_OF_BATCH, (batch.id,)).fetchone()[0]
        room -= queued
        room -= self._let_go(min(room, STEP))
        if room > 0 and batch.stopped_at is None:
            self._feed(room)
        tell_rows(group, self._told)
        recount(batch, self._changes)

    def _let_go(self, room: int) -> int:
        """Let tasks go on that came back while there was no room; returns how many."""
        if room <= 0:
            return 0
        gone = 0
        for record in self._group.select(statements.HELD_OF_BATCH, self._batch.id, room):
            if not self._take(self._function_name(record)):
                break
            let_go(self._group, record)
            gone += 1
        return gone

    def _function_name(self, record: TaskRecord) -> str:
        return self._group.memory.functions[record.function].name

    def _feed(self, room: int) -> None:
        """Hand in the next rows, and those whose item was busy before."""
        group, batch = self._group, self._batch
        busy = read_rows(group, statements.BUSY_ROWS, batch.id, STEP)
        for row in busy[:room]:
            room -= self._row(row)
        rows = read_rows(group, statements.NEXT_ROWS, batch.id, batch.fed_to, STEP)
        for row in rows:
            if is_sent(batch, row.checked):
                if room <= 0 or not self._has_room(row):
                    break
                room -= self._row(row)
            else:
                self._told.append(row._replace(outcome=RowOutcome.LEFT_OUT))
            batch.fed_to = row.row
            group.told_batches.add(batch.id)
        else:
            group.more = group.more or len(rows) == STEP

    def _has_room(self, row: RowRecord) -> bool:
        return all(self._take(name) for name in self._tasks(row))

    def _tasks(self, row: RowRecord) -> list[str]:
        return tasks_of(self._batch, body_of(row))

    def _take(self, name: str) -> bool:
        """Take a place for one task of this function, where there is one."""
        group, claims = self._group, self._claims
        spec = group.registry.get(name)
        if spec is None:
            return False
        function = group.memory.functions[function_id(group, spec)]
        queued = sum(
            group.memory.counts[each.id, State.QUEUED]
            for each in group.memory.functions.values()
            if each.queue == function.queue
        )
        room = claims.room(function)
        if room > 0 and (queued < room or not self._taken[function.queue] + queued):
            self._taken[function.queue] += 1
            return True
        if room <= 0:
            claims.look_again(function)
        return False

    def _row(self, row: RowRecord) -> int:
        """Hand one row in; returns the number of tasks that are new."""
        after, added = self._handed_in(row)
        move(self._changes, RowOutcome.OPEN, str(after.outcome))
        self._told.append(after)
        self._group.told_batches.add(self._batch.id)
        return added

    def _handed_in(self, row: RowRecord) -> tuple[RowRecord, int]:
        """Look once more whether it was sent meanwhile, then make its item."""
        group, batch = self._group, self._batch
        check, about = compare_again(group, batch, row)
        row = row._replace(checked=check, data=json.dumps(about, ensure_ascii=False) or None)
        if not is_sent(batch, check):
            return row._replace(outcome=RowOutcome.LEFT_OUT), 0
        try:
            return hand_in(group, batch, row, about.get("item_id"))
        except Busy:
            return row._replace(outcome=RowOutcome.OPEN), 0  # its end makes the next group
        except (EngineError, BadCall, ValueError) as error:
            problem = json.dumps({"text": sentence(error)}, ensure_ascii=False)
            left = row._replace(outcome=RowOutcome.LEFT_OUT, checked=RowCheck.PROBLEM)
            return left._replace(problem=RowProblem.BAD_VALUE, data=problem), 0
