"""Choosing: the tasks that a bulk call means."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from desktop.contract.reasons import Reason
from desktop.contract.states import State
from desktop.engine.causes import cause_of_batch
from desktop.engine.queues.holds import Trials
from desktop.engine.store.reader_pool import ReaderPool
from desktop.engine.store.reads.query import Filter
from desktop.engine.store.reads.stops import Stops
from desktop.engine.store.reads.tasks.pages import all_ids
from desktop.engine.store.tables.records import TaskRecord
from desktop.engine.transaction.group import Group

LOOKED_AT: Final = 10_000
"""Most tasks of a filter that a preview looks at."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """The tasks a bulk call means: these ids, ascending, while they match the filter, if any.

    ``is_all`` is false if more tasks match. ``spares_kept`` leaves tasks kept in practice alone.
    """

    ids: Sequence[int]
    filter: Filter | None = None
    is_all: bool = True
    spares_kept: bool = False

    def means(self, record: TaskRecord | None, group: Group) -> bool:
        """Return whether a task still matches what attempts and people can change."""
        if self.filter is None:
            return True
        states, reasons, seen = self.filter.states, self.filter.reasons, self.filter.seen
        if record is None or (states and record.state not in states):
            return False
        if seen is not None and seen != (record.seen == 1):
            return False
        known_at = self.filter.known_at
        if known_at is not None and record is not None and record.finished_at >= known_at * 1000:
            return False
        if self.filter.cause is not None and not _has_cause(group, record, self.filter.cause):
            return False
        return not reasons or record.reason in reasons

    @property
    def may_repeat_kept(self) -> bool:
        """Whether tasks kept in practice are meant; a retry of all matches must not send those."""
        if self.filter is None:
            return not self.spares_kept
        return Reason.KEPT in self.filter.reasons


def choose(which: Sequence[int] | Filter, reader: ReaderPool, most: int | None = None) -> Chosen:
    """Return the tasks with these numbers, or those that match a filter now (the first ``most``).

    This runs beside the writer, because finding few among many takes a while.
    """
    if not isinstance(which, Filter):
        return Chosen(sorted(set(which)))
    with reader.snapshot() as connection:
        found = all_ids(connection, which, most)
    return Chosen(found[:most], which, is_all=most is None or len(found) <= most)


def _has_cause(group: Group, record: TaskRecord, cause: str) -> bool:
    """Return whether a task has met a cause, or waits for it with its queue or batch.

    A queue that this call has released counts as well.
    """
    if record.cause == cause:
        return True
    memory = group.memory
    queue = memory.functions[record.function].queue
    if record.state == State.QUEUED:
        stop = Stops(memory.held_queues, memory.pauses).of(queue)
        is_freed = queue in group.part(Trials).freed and queue not in memory.held_queues
        return is_freed or (stop is not None and stop.cause.id == cause)
    is_paused = any(feature.is_paused(group, record) for feature in memory.features)
    is_stopped = is_paused and record.state == State.SCHEDULED
    return is_stopped and cause_of_batch(record.batch_id or 0).id == cause
