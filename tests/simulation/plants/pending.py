"""Mistakes of actions that wait, so they can be undone."""

from __future__ import annotations

from typing import Any
from unittest.mock import PropertyMock, patch

from sendoff_tasks.transaction.pending import PendingRecords
from tests.simulation.plants.planting import plant


@plant("what is undone is carried out", "what is undone is not done")
def deaf_undo() -> Any:
    return patch.object(PendingRecords, "remove", lambda *_: None)


@plant("what was carried out waits again", "accepted once", "a person's word")
def done_again() -> Any:
    real = PendingRecords.finish

    def finish(self: PendingRecords, group: Any, record: Any, answer: Any) -> None:
        real(self, group, record, answer)
        self._open[record.id] = record
        record.due_at, record.so_far = group.now + 5000, None
        group.due(record.due_at)

    return patch.object(PendingRecords, "finish", finish)


@plant("a task whose cancel is pending starts", "what is to be cancelled does not start")
def hasty_start() -> Any:
    return patch.object(PendingRecords, "to_cancel", PropertyMock(return_value=0))


@plant("a batch whose cancel is pending goes on", "what is to be cancelled does not start")
def hasty_rows() -> Any:
    return patch.object(PendingRecords, "stops_batch", lambda *_: False)


@plant("an action that waits is kept in memory only", "what is due is done")
def kept_in_memory() -> Any:
    return patch.object(PendingRecords, "load", lambda self, source: self.__init__())


@plant("what is done waits on in an earlier action", "a later action takes its tasks")
def not_taken_out() -> Any:
    return patch.object(PendingRecords, "take_out", lambda *_, **__: None)


@plant("what a large action does waits on in an earlier one", "a later action takes its tasks")
def not_taken_out_later() -> Any:
    real = PendingRecords.take_out

    def take_out(self: PendingRecords, *given: Any, action: Any = None) -> None:
        if len(given) == 2:  # as it is asked for: no newest action is named
            real(self, *given, action=action)

    return patch.object(PendingRecords, "take_out", take_out)
