"""The façade's verbs for existing tasks and items, and for their queues."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import Future
from functools import partial
from typing import Any, Final, Literal

from desktop.contract.causes import CASES, Cause, Cure
from desktop.contract.items import ItemDetail, NewItem
from desktop.contract.tasks import BulkAction, BulkProgress, TaskRow
from desktop.engine.batches.drafting import check_drafts_again
from desktop.engine.facade.leaving_times import behind_queues, paused_batches
from desktop.engine.facade.running_engine import Elsewhere, EngineConfig, RunningEngine
from desktop.engine.functions.registry import Registry
from desktop.engine.store.reads.causes import read_causes
from desktop.engine.store.reads.items.item_detail import read_body, read_item_detail
from desktop.engine.store.reads.query import Filter
from desktop.engine.submission import (
    Corrected,
    Idempotency,
    ItemCorrection,
    Resend,
    Resent,
    TaskChange,
)
from desktop.engine.transaction.group import Group
from desktop.engine.transaction.replies import Request
from desktop.engine.verbs.bulk.bulk import BulkDone, bulk, preview, progress_of, stop_bulk
from desktop.engine.verbs.bulk.choosing import choose
from desktop.engine.verbs.cancel import cancel
from desktop.engine.verbs.change import change
from desktop.engine.verbs.correct import PreparedCorrection, correct, prepare_correction
from desktop.engine.verbs.corrected_items import current_item
from desktop.engine.verbs.lines import Call, by_number
from desktop.engine.verbs.pause_queue import pause, release, resume
from desktop.engine.verbs.resend import resend_once
from desktop.engine.verbs.resolve import resolve
from desktop.engine.verbs.retry import retry
from desktop.engine.verbs.tell_held import tell_held
from desktop.engine.verbs.token import token_of
from desktop.engine.verbs.undo import undo

LOOKED_AT: Final = 10_000
"""Most tasks of a filter that a preview looks at."""


class ChangesTasks(ABC):
    """The part of :class:`desktop.engine.facade.engine.Engine` that changes existing tasks."""

    config: EngineConfig
    _registry: Registry
    elsewhere: Elsewhere | None

    def cancel(self, task_id: int) -> Future[TaskRow]:
        """Cancel a task: at once if it has not started, else by asking the attempt to stop."""
        return self._call("cancel", by_number(cancel), task_id)

    def retry(self, task_id: int) -> Future[TaskRow]:
        """Queue a failed, cancelled or waiting task again, with a fresh set of attempts.

        A queued task can be retried if its queue is held; this also releases the queue.
        """
        return self._call("retry", by_number(retry), task_id)

    def tell_held(self, told: Mapping[int, str | None], cure: Cure) -> Future[None]:
        """Update what tasks on hold for a person wait for; ``None``: it is fixed."""
        return self._ask(lambda group: tell_held(group, told, cure))

    def resolve(self, task_id: int, outcome: Literal["done", "again"]) -> Future[TaskRow]:
        """Settle an uncertain task: it was done, or do it again."""
        return self._call("resolve", by_number(resolve), task_id, outcome)

    def token_of(self, task_id: int) -> Future[str]:
        """Return a task's token, creating one if needed; see ``status_router``. ``UnknownId``."""
        return self._call("token", token_of, task_id)

    def bulk(
        self,
        action: BulkAction,
        which: Sequence[int] | Filter,
        key: Idempotency | None = None,
        delay: float = 0,
    ) -> Future[BulkDone]:
        """Do one action to many tasks, and count why tasks were skipped; blocks to find them.

        Resent tasks leave after ``delay`` seconds.
        """
        chosen = choose(which, self._writable.reader)
        return self._ask(lambda group: bulk(group, action, chosen, key, delay))

    def preview(self, action: BulkAction, which: Sequence[int] | Filter) -> Future[BulkDone]:
        """Return what :meth:`bulk` would do; of very many tasks only the first count."""
        chosen = choose(which, self._running.reader, LOOKED_AT)
        return self._ask(lambda group: preview(group, action, chosen))

    def bulk_progress(self, key: str) -> Future[BulkProgress]:
        """Return the progress of the bulk call with this key; ``UnknownKey``."""
        return self._ask(lambda group: progress_of(group, key))

    def stop_bulk(self, key: str) -> Future[BulkProgress]:
        """Stop the bulk call with this key where it is; ``UnknownKey``."""
        return self._ask(lambda group: stop_bulk(group, key))

    def undo(self, item_id: int) -> Future[None]:
        """Delete an item and its tasks if none has started; its number becomes free again."""
        return self._ask(lambda group: undo(group, item_id))

    def correct(self, correction: ItemCorrection) -> Future[Corrected]:
        """Replace an item's body and keep the old one; with ``send`` add its ended tasks again.

        Drafts are checked again, because their rows may now be older or the same. The future raises
        ``InTheWay`` while a task of the item runs, ``UnknownId`` for an unknown item.
        """
        prepared = prepare_correction(correction, self._registry)
        return self._ask(partial(_correct, prepared))

    def resend(self, task_id: int, wanted: Resend | None = None) -> Future[Resent]:
        """Repeat an ended task as a new one with a new reference.

        The future raises ``InTheWay`` for a task that has not ended or is uncertain.
        """
        return self._ask(lambda group: resend_once(group, task_id, wanted or Resend()))

    def change_task(self, task_id: int, wanted: TaskChange) -> Future[TaskRow]:
        """Change a task's start, its priority, or whether it was seen: all of it or nothing."""
        return self._ask(lambda group: by_number(change)(group, task_id, wanted))

    def pause(self, queue: str | None) -> Future[None]:
        """Start nothing more of a queue (``None``: of any) until resumed, even after restarts."""
        return self._call("pause", pause, queue)

    def resume(self, queue: str | None) -> Future[None]:
        """Resume a queue (``None``: all queues). If all were paused, the others stay paused."""
        return self._call("resume", resume, queue)

    def release(self, queue: str) -> Future[int]:
        """Release a held queue and the tasks held with it; the result is their number."""
        return self._ask(lambda group: release(group, queue))

    def item_body(self, item_id: int) -> NewItem:
        """Return an item's body, without its tasks; ``UnknownId``."""
        with self._running.reader.snapshot() as connection:
            return read_body(connection, item_id)

    def item_detail(self, item_id: int) -> ItemDetail:
        """Return an item with its tasks and its earlier versions; ``UnknownId``."""
        running = self._running
        with running.reader.snapshot() as connection:
            return read_item_detail(connection, item_id, running.journal.at_limit)

    def causes(self, states: Collection[str] = CASES, batch_id: int | None = None) -> list[Cause]:
        """Return the causes of tasks in these states, of all tasks or of one batch."""
        running = self._running
        under_way = list(running.core.memory.batches.values())
        batches = [each for each in under_way if batch_id in {None, each.id}]
        with running.reader.snapshot() as connection:
            behind = partial(behind_queues, self.config, connection, batches)
            paused = paused_batches(self.config, connection, batches)
            return read_causes(connection, states, batch_id, behind, paused)

    def _call(self, name: str, verb: Callable[..., Any], *args: Any) -> Future[Any]:
        """Do a verb here, or have the process that owns the store do it, by its ``name`` there."""
        elsewhere = self.elsewhere
        if elsewhere is None:
            return self._ask(lambda group: verb(group, *args))
        future: Future[Any] = Future()
        elsewhere.hand_over(Call(name, args), future)
        return future

    def _ask(self, verb: Callable[[Group], Any], weight: int = 1) -> Future[Any]:
        """Have the writer do a verb in its next group; the future is done after the COMMIT."""
        future: Future[Any] = Future()
        self._writable.inbox.ask(Request(verb, future, weight))
        return future

    @property
    @abstractmethod
    def _running(self) -> RunningEngine: ...

    @property
    @abstractmethod
    def _writable(self) -> RunningEngine: ...


def _correct(prepared: PreparedCorrection, group: Group) -> Corrected:
    corrected = correct(group, prepared)
    is_new = not corrected.replayed
    if is_new and current_item(group, prepared.item_id).corrected_at == group.now:
        check_drafts_again(group)
    return corrected
