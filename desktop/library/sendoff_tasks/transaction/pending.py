"""The writer's memory of pending actions: what they mean, and when they are due."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from sendoff_tasks.causes import PLACEHOLDER, in_texts
from sendoff_tasks.clock import to_ms
from sendoff_tasks.model.tasks import BulkAnswer, PendingRow, PendingVerb, Undoable
from sendoff_tasks.model.times import DAY_MS
from sendoff_tasks.store.reads.catalogue import read_pending
from sendoff_tasks.store.tables import pending as table
from sendoff_tasks.store.tables.cursor import Source
from sendoff_tasks.store.tables.pending import ActionOptions, PackedIds, PendingRecord
from sendoff_tasks.text import Finder
from sendoff_tasks.transaction.acts import Acts
from sendoff_tasks.transaction.parts import Part

if TYPE_CHECKING:
    from sendoff_tasks.transaction.group import Group

RETAINED_MS: Final = DAY_MS
"""How long it is known that an action was carried out."""


class PendingRecords(Part):
    """The actions that can be undone, by number.

    A task is meant by the last of those that wait only, and by marks. Those that were done already
    are beside them: none takes the place of another.
    """

    def __init__(self) -> None:
        self._open: dict[int, PendingRecord] = {}
        self.under_way: PendingRecord | None = None
        """The action of which a step is being done; it stays after a step that failed."""

    def begin(self, group: Group) -> None:
        """Have no step under way."""
        self.under_way = None

    def load(self, source: Source) -> None:
        """Load everything from the store."""
        self._open = {
            number: PendingRecord(
                number,
                action,
                PackedIds(json.loads(tasks)),
                ActionOptions(**json.loads(asked)),
                due_at,
                None if so_far is None else json.loads(so_far),
            )
            for number, action, tasks, asked, due_at, so_far in source.execute(table.OPEN_PENDING)
        }

    @property
    def newest(self) -> int:
        """The number of the action that was asked for last; 0 if none waits."""
        return max(self._open, default=0)

    def get(self, number: int) -> PendingRecord | None:
        """Return an action that waits or is being carried out."""
        return self._open.get(number)

    def __iter__(self) -> Iterator[PendingRecord]:
        """Give the actions that can be undone or are being carried out, as they were asked for."""
        return iter([*self._open.values()])

    def next_due(self, now: int) -> PendingRecord | None:
        """Return the action to go on with; one that has not begun comes before one that has."""
        due = self._due(now)
        return min(due, key=lambda each: (each.so_far is not None, each.due_at), default=None)

    def _due(self, now: int) -> Iterator[PendingRecord]:
        """Give the actions that are due; of those on one batch, the one that was asked first."""
        batches = set[int]()
        for each in self._waiting():
            batch_id = each.asked.batch_id
            if each.due_at <= now and batch_id not in batches:
                yield each
                if batch_id is not None:
                    batches.add(batch_id)

    def stops_batch(self, batch_id: int) -> bool:
        """Tell whether no message of a batch may start, because its cancel is pending."""
        return any(each.asked.batch_id == batch_id for each in self._cancels())

    @property
    def to_cancel(self) -> int:
        """How many tasks at most must not start, because their cancel is pending."""
        return sum(len(each.tasks) for each in self._cancels())

    def is_to_be_cancelled(self, task_id: int) -> bool:
        """Tell whether a task must not start, because its cancel is pending."""
        return any(task_id > each.beyond and task_id in each.tasks for each in self._cancels())

    def is_to_be_copied(self, task_id: int) -> bool:
        """Tell whether a task must not be removed, because a copy to another address is pending."""
        copies = (each for each in self._waiting() if each.asked.addressee is not None)
        return any(task_id > each.beyond and task_id in each.tasks for each in copies)

    def _waiting(self) -> Iterator[PendingRecord]:
        """Give the actions that are still to be done, at least in part."""
        return (each for each in [*self._open.values()] if not each.was_done)

    def _cancels(self) -> Iterator[PendingRecord]:
        return (each for each in self._open.values() if each.action == "cancel")

    def add(
        self,
        group: Group,
        action: PendingVerb,
        tasks: PackedIds,
        due_at: int,
        *,
        asked: ActionOptions,
        count: int | None = None,
    ) -> PendingRecord:
        """Store an action.

        On a batch, it takes the place of the same one that waits, a *cancel* that of all; it is due
        no earlier than what was asked for before. ``count`` is the number of rows.
        """
        if asked.batch_id is not None:
            self.take_out_batch(group, asked.batch_id, None if action == "cancel" else action)
            before = (e.due_at for e in self._waiting() if e.asked.batch_id == asked.batch_id)
            due_at = max([due_at, *before])
        record = self._store(group, action, tasks, due_at, asked, count)
        group.part(Acts).note(group, tasks, verb=action, count=count)
        return record

    def offer_undo(
        self,
        group: Group,
        action: Undoable,
        seconds: float,
        asked: ActionOptions,
        tasks: Sequence[int] = (),
        count: int | None = None,
    ) -> PendingRow:
        """Store that what is done in this group can be undone for so long; return its row.

        ``tasks`` are those that it added, ascending; they start once that time is over. ``count``
        is the number of rows of a batch.
        """
        due_at, added = group.now + to_ms(seconds), PackedIds.of(tasks)
        record = self._store(group, action, added, due_at, asked, count)
        (row,) = read_pending(group.cursor, group.now, [record.id])
        return row

    def end_undo(self, group: Group) -> None:
        """End the time to undo of what was done, where it is over."""
        for each in [*self._open.values()]:
            if each.was_done and each.due_at <= group.now:
                self.finish(group, each, BulkAnswer(touched=len(each.tasks), skipped=[]))

    def _store(
        self,
        group: Group,
        action: PendingVerb,
        tasks: PackedIds,
        due_at: int,
        asked: ActionOptions,
        count: int | None,
    ) -> PendingRecord:
        number = group.next_event_id()  # never used again, even in an older store
        record = self._open[number] = PendingRecord(number, action, tasks, asked, due_at)
        runs = _json(tasks.runs)
        count = len(tasks) if count is None else count
        row = (number, action, runs, count, asked.encode(), due_at, None, None)
        group.cursor.execute(table.INSERT_PENDING, row)
        group.cursor.execute(table.DELETE_DONE, (group.now - RETAINED_MS,))
        group.due(due_at)
        group.pending_event(number)
        return record

    def take_out(
        self,
        group: Group,
        tasks: Sequence[int],
        newest: int | None = None,
        action: PendingVerb | None = None,
    ) -> None:
        """Take ascending tasks out of the actions that wait, because a later one means them.

        ``newest`` is the last action that had been asked for before that one; without it, all had.
        With ``action``, take them out of actions of that kind only. A task to which an action was
        done already stays among those of the action, and one of which a copy waits to be sent.
        """
        for each in self._waiting():
            if (newest is not None and each.id > newest) or action not in {None, each.action}:
                continue
            if each.asked.addressee is not None:
                continue
            if each.asked.batch_id is not None:
                left = PackedIds(each.asked.left).joined(tasks)
                each.asked = replace(each.asked, left=left.runs)
                group.cursor.execute(table.SET_ASKED, (each.asked.encode(), each.id))
                continue
            few, many = sorted((tasks, each.tasks), key=len)
            taken = [number for number in few if number in many and number > each.beyond]
            if not taken:
                continue
            each.tasks = each.tasks.without(taken)
            if not each.tasks:
                self.remove(group, each.id)
            else:
                changed = _json(each.tasks.runs), len(each.tasks), each.id
                group.cursor.execute(table.SET_TASKS, changed)
                group.pending_event(each.id)

    def take_out_batch(
        self, group: Group, batch_id: int, action: PendingVerb | None = None
    ) -> None:
        """Remove the action that waits for a batch, because it is asked for again or in vain.

        Without ``action``, remove all that wait for it.
        """
        for each in self._waiting_for(batch_id, action):
            self.remove(group, each.id)

    def end_cancel(self, group: Group, batch_id: int) -> None:
        """Note that the *cancel* that waits for a batch is done, because nothing is left of it."""
        for each in self._waiting_for(batch_id, "cancel"):
            if each is not self.under_way:
                self.finish(group, each, BulkAnswer(touched=0, skipped=[]))

    def _waiting_for(self, batch_id: int, action: PendingVerb | None) -> list[PendingRecord]:
        """Return the actions on a batch that have not begun; without ``action``, of any kind."""
        on_batch = (each for each in self if each.asked.batch_id == batch_id)
        meant = (e for e in on_batch if (not e.was_done if action is None else e.action == action))
        return [each for each in meant if each.so_far is None]

    def remove(self, group: Group, number: int) -> None:
        """Delete an action that was not carried out."""
        del self._open[number]
        group.cursor.execute(table.DELETE_PENDING, (number,))
        group.more = True  # what it has stopped may start
        group.pending_event(number)

    def advance(self, group: Group, record: PendingRecord, so_far: dict[str, Any]) -> None:
        """Store how far an action is that takes several groups."""
        record.so_far = so_far
        group.cursor.execute(table.SET_ANSWER, (_json(so_far), record.id))
        group.pending_event(record.id)

    def finish(self, group: Group, record: PendingRecord, answer: Any) -> None:
        """Store that an action was carried out, and what it did; of its people nothing is kept."""
        del self._open[record.id]
        asked = replace(record.asked, filter=None, addressee=None, left=()).encode()
        group.cursor.execute(table.SET_DONE, (asked, group.now, _json(answer), record.id))
        group.pending_event(record.id)

    def leave_out(self, group: Group, words: Finder) -> None:
        """Leave out keys and filters of actions that have words, and words of why they ended."""
        change = partial(words.sub, PLACEHOLDER)
        for number, text, answer in group.cursor.execute(table.TOLD_PENDING).fetchall():
            asked, told = ActionOptions(**json.loads(text)), json.loads(answer or "{}")
            is_kept = in_texts(asked.filter, change) == asked.filter
            kept = replace(
                asked,
                key="" if words.search(asked.key) else asked.key,
                filter=asked.filter if is_kept else None,
            )
            ended = {name: change(said) for name, said in told.items() if name == "error"}
            if (kept, told | ended) == (asked, told):
                continue
            done = answer and _json(told | ended)
            group.cursor.execute(table.SET_TOLD, (kept.encode(), done, number))
            if number in self._open:
                self._open[number].asked = kept
            group.pending_event(number)

    def shift(self, group: Group, ms: int) -> None:
        """Keep what is left of the time to undo."""
        for each in self._open.values():
            each.due_at += ms
        group.cursor.execute(table.MOVE_DUE, (ms,))

    def delete_all(self, group: Group) -> None:
        """Delete all that wait: in an older store they may have been carried out or undone."""
        self._open.clear()
        group.cursor.execute(table.DELETE_OPEN)


def _json(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"))
