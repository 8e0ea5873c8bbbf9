"""The façade: durable tasks for the rest of the program; every method is thread-safe."""

from __future__ import annotations

import asyncio
import os
import random
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, Future
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from desktop.contract.events import Notice, Stats
from desktop.contract.items import Item
from desktop.contract.tasks import BulkAnswer, TaskDetail, TaskPage, TaskRow
from desktop.engine.clock import Clock, SystemClock
from desktop.engine.journal import Journal
from desktop.engine.query import Filter, Query
from desktop.engine.submission import Accepted, Idempotency, NewTask, Submission

if TYPE_CHECKING:
    from desktop.engine.registry import Registry


class Engine:
    """Accepts tasks onto disk, runs them in lanes, and remembers what became of them.

    ``database`` is the SQLite file; ``io`` the executor blocking tasks run on (a
    ``ThreadPoolExecutor`` of ``io_slots`` unless one is handed in). With ``lanes`` false nothing is
    run here, only accepted.

    What the verbs raise, or put into the future they return: ``UnknownTask``, ``UnknownId``,
    ``Conflict``, ``Busy`` (too much is waiting for the disk), ``NotWritable`` (disk full,
    read-only, locked, damaged), ``Closed``; a ``TypeError`` names an argument that cannot be kept.
    """

    journal: Journal

    def __init__(
        self,
        database: Path | str,
        registry: Registry,
        *,
        io: Executor | None = None,
        io_slots: int = 32,
        cpu_slots: int | None = None,
        clock: Clock | None = None,
        random: random.Random | None = None,
        lanes: bool = True,
    ) -> None: ...

    def start(self) -> None:
        """Open the store, judge what an earlier run left, start the writer and the lanes.

        Raises ``StoreTooNew``, ``StoreInUse`` (a second engine on this file) or ``StoreDamaged``.
        """

    def stop(self, grace: float = 10.0) -> None:
        """Claim nothing more, give running tasks ``grace`` s, hand the rest back, close."""

    # verbs

    def add_task(self, fn: Callable[..., Any] | str, *args: Any, **kwargs: Any) -> int:
        """Accept a task as ``BackgroundTasks.add_task`` would; on disk when this returns its id.

        Blocks the calling thread for one commit; a coroutine uses :meth:`accept`.
        """

    def submit(self, submission: Submission) -> Future[Accepted]:
        """Hand items and tasks in; the future is done after the COMMIT.

        Wrong task names and arguments raise at once, before anything is written.
        """

    def accept(self, submission: Submission) -> asyncio.Future[Accepted]:
        """Do as :meth:`submit` for a coroutine: ``await`` it in the loop it was called in.

        All answers of one commit reach a loop in one wake-up.
        """

    def task_of(self, fn: Callable[..., Any] | str, *args: Any, **kwargs: Any) -> NewTask:
        """Describe a call as :meth:`add_task` takes it, to be put into a :class:`Submission`."""

    def cancel(self, task_id: int) -> Future[TaskRow]:
        """Cancel a task: at once when it has not started, else by asking the attempt to stop."""

    def retry(self, task_id: int) -> Future[TaskRow]:
        """Queue a failed, cancelled or waiting task again, with a fresh set of attempts."""

    def resolve(self, task_id: int, outcome: Literal["done", "again"]) -> Future[TaskRow]:
        """Settle an uncertain task: it was done, or do it again."""

    def bulk(
        self,
        action: Literal["cancel", "retry", "done", "again"],
        which: Sequence[int] | Filter,
        idempotency: Idempotency | None = None,
    ) -> Future[BulkAnswer]:
        """Do one thing to many tasks; each one's own reason for being skipped is counted."""

    def undo(self, item_id: int) -> Future[None]:
        """Forget an item and its tasks while none has started; the number is free again."""

    def release(self, queue: str) -> Future[int]:
        """Let a held queue and the tasks held with it go on; the number of those tasks."""

    # reads: blocking, short, on connections of their own

    def rows(self, query: Query) -> TaskPage:
        """Read one page of the table; ``BadQuery`` for an unknown sort or cursor."""

    def task(self, task_id: int) -> TaskDetail:
        """Read a task with everything behind it; ``UnknownId``."""

    def item(self, item_id: int) -> Item:
        """Read an item with its tasks; ``UnknownId``."""

    def items(
        self, *, after: int | None = None, limit: int = 100, descending: bool = True
    ) -> list[Item]:
        """Read items by number, beginning beyond ``after``."""

    def next_item_id(self) -> int:
        """Tell the number an item without one would get now."""

    def notices(self) -> list[Notice]:
        """Read what waits for a person: the queues that are held, and why."""

    def stats(self) -> Stats:
        """Tell counts per state, rates of the last ten seconds and how full the lanes are."""
