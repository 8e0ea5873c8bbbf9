"""The façade: durable tasks for the rest of the program; every method is thread-safe."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, Future
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

from desktop.contract.events import Notice, Stats
from desktop.contract.items import Item, Items
from desktop.contract.queues import Overview, Queue, Span
from desktop.contract.tasks import TaskCounts, TaskDetail, TaskPage
from desktop.engine.clock import Clock, SystemClock
from desktop.engine.errors import Closed, EngineError, OwnedElsewhere
from desktop.engine.events.journal import Journal
from desktop.engine.events.notices import Notices, read_notices
from desktop.engine.facade.accept_tasks import AcceptsTasks
from desktop.engine.facade.batches import Batches
from desktop.engine.facade.change_tasks import ChangesTasks
from desktop.engine.facade.measures import Measures, measure, read_stats
from desktop.engine.facade.opening import is_on_server
from desktop.engine.facade.running_engine import (
    GRACE_S,
    EngineConfig,
    RunningEngine,
    default_cpu_slots,
)
from desktop.engine.facade.schedules import EngineSchedules
from desktop.engine.functions.registry import Registry
from desktop.engine.lanes.right_of_way import RightOfWay
from desktop.engine.queues.limits import Limits, QueueLimit
from desktop.engine.queues.listing import read_queues
from desktop.engine.store.errors import StoreDamaged
from desktop.engine.store.file.connect import store_id
from desktop.engine.store.reads import detail
from desktop.engine.store.reads.items.item_detail import read_item, read_last_item
from desktop.engine.store.reads.items.items import read_items
from desktop.engine.store.reads.messages import NeedOf, read_references, read_with_template
from desktop.engine.store.reads.overview import read_overview
from desktop.engine.store.reads.query import Filter, ItemSearch, Query
from desktop.engine.store.reads.tasks import pages
from desktop.engine.store.reads.waits import NONE_AT_LIMIT, AtLimit
from desktop.engine.store.tables.cursor import Source
from desktop.engine.submission import Idempotency
from desktop.engine.transaction.group import Group
from desktop.engine.transaction.replies import Request
from desktop.engine.verbs.submit.idempotency import recall, remember


class Engine(AcceptsTasks, ChangesTasks):
    """Accepts tasks onto disk, runs them in lanes, and remembers what became of them.

    ``database`` is the SQLite file, or the address of a PostgreSQL database; ``io`` the executor
    blocking tasks run on (``io_slots`` threads of the engine's own unless one is handed in). With
    ``lanes`` false nothing is run here, only accepted. ``on_failure`` is called, in a thread of the
    engine's own, when the writer has ended though the engine was not stopped: from then on every
    call raises ``Closed``. Succeeded and cancelled tasks are kept for ``retention`` (30 days),
    others three times as long.

    What the verbs raise, or put into the future they return: ``UnknownTask``, ``UnknownId``,
    ``Conflict``, ``Busy`` (too much is waiting for the disk), ``NotWritable`` (disk full,
    read-only, locked), ``StoreDamaged``, ``Closed``; ``BadCall`` (a ``TypeError``) names an
    argument that cannot be kept.
    """

    def __init__(
        self,
        database: Path | str,
        registry: Registry,
        *,
        io: Executor | None = None,
        io_slots: int = 40,
        cpu_slots: int | None = None,
        clock: Clock | None = None,
        random: Random | None = None,
        lanes: bool = True,
        on_failure: Callable[[], None] = lambda: None,
        retention: timedelta | None = None,
    ) -> None:
        self._registry = registry
        self.board = Notices()
        self.right_of_way = RightOfWay()
        self.config = EngineConfig(
            database=database if is_on_server(database) else Path(database),
            registry=registry,
            clock=clock or SystemClock(),
            random=random or Random(),  # noqa: S311 - jitter is no secret
            limits=Limits(registry),
            board=self.board,
            right_of_way=self.right_of_way,
            io=io,
            io_slots=io_slots,
            cpu_slots=cpu_slots or default_cpu_slots(),
            lanes=lanes,
            on_failure=on_failure,
            retention=retention,
        )
        self.batches = Batches(self._ask, lambda: self._running, self.config)
        self.schedules = EngineSchedules(self._ask, lambda: self._running, self.config)
        self.when_closed: Callable[[], None] = lambda: None
        """Called where a call finds the engine not running, which it may start."""
        self._run: RunningEngine | None = None

    def start(self) -> None:
        """Open the store, judge what an earlier run left, start the writer and the lanes.

        Raises ``StoreTooNew``, ``StoreInUse`` (a second engine on this file), ``StoreDamaged`` or
        ``NotWritable``.
        """
        self.adopt(RunningEngine(self.config))

    def adopt(self, running: RunningEngine) -> None:
        """Work with parts that were put together already, as a simulator puts them together."""
        self._run = running

    def stop(self, grace: float = GRACE_S) -> None:
        """Claim nothing more, give running tasks ``grace`` s, hand the rest back, close."""
        if self._run is not None:
            self._run.stop(grace)
            self._run = None

    @property
    def journal(self) -> Journal:
        """The events, to be listened to while the engine runs."""
        return self._running.journal

    @property
    def is_running(self) -> bool:
        """Whether it was started, and not stopped since."""
        return self._run is not None

    @property
    def is_displaced(self) -> bool:
        """Whether another process has taken the store: nothing is written here any more."""
        return self._run is not None and self._run.is_displaced

    @property
    def session_name(self) -> str:
        """What a server knows this process' sessions by; empty while the engine does not run."""
        return "" if self._run is None else self._run.session_name

    @property
    def _running(self) -> RunningEngine:
        if self._run is None:
            self.when_closed()
        if self._run is None:
            raise Closed if self.elsewhere is None else OwnedElsewhere
        return self._run

    @property
    def _writable(self) -> RunningEngine:
        running = self._running
        if running.reader.damage is not None:
            raise running.reader.damage.with_traceback(None)
        return running

    def settled(self) -> None:
        """Wait until all that was said to the engine before is on disk."""
        self._ask(lambda group: None).result()

    def first_answer(self, key: Idempotency) -> Future[Any]:
        """Tell what was kept for a key, or ``None``; ``Conflict`` where it was another request."""
        return self._ask(lambda group: recall(group, key))

    def keep_answer(self, key: Idempotency, answer: Any) -> Future[None]:
        """Keep the answer (JSON) to a call of the caller's own, seven days like all."""
        return self._ask(lambda group: remember(group, key, answer))

    def limit(self, limits: Mapping[str, QueueLimit]) -> None:
        """Set what a person wants of queues, before what ``@task`` says; the next start knows."""
        self.config.limits.want(limits)
        with suppress(EngineError):  # who cannot write now sees it once it can
            self._ask(self.config.limits.keep)

    def practise(self, is_practice: bool) -> None:
        """Say whether effects are kept in place of leaving; batches compare their rows by it."""
        self._registry.practising = is_practice

    @property
    def damage(self) -> StoreDamaged | None:
        """What is wrong with the store's file, once that was found; then nothing is written."""
        return self._running.reader.damage

    @contextmanager
    def _reading(self) -> Iterator[tuple[Source, AtLimit]]:
        """Read one moment, also of a store that another process owns.

        Which queues have come to their limit is known only there.
        """
        elsewhere = self.elsewhere
        if elsewhere is not None:
            with elsewhere.reader.snapshot() as connection:
                yield connection, NONE_AT_LIMIT
        else:
            with self._running.reader.snapshot() as connection:
                yield connection, self.journal.at_limit

    def rows(self, query: Query) -> TaskPage:
        """Read one page of the table; ``BadQuery`` for an unknown sort or cursor."""
        with self._reading() as (connection, at_limit):
            return pages.read_page(connection, query, store_id(connection), at_limit)

    def count_tasks(self, wanted: Filter) -> TaskCounts:
        """Count the tasks of a filter by state."""
        with self._running.reader.snapshot() as connection:
            return pages.count_states(connection, wanted)

    def task(self, task_id: int) -> TaskDetail:
        """Read a task with everything behind it; ``UnknownId``."""
        with self._reading() as (connection, at_limit):
            return detail.read_task(connection, task_id, at_limit, self._registry.placed)

    def task_with_token(self, token: str) -> TaskDetail | None:
        """Read the task that was given this token; ``None`` where none was, or it is forgotten."""
        with self._reading() as (connection, at_limit):
            number = detail.read_number(connection, token)
            return None if number is None else detail.read_task(connection, number, at_limit)

    def item(self, item_id: int) -> Item:
        """Read an item with its tasks; ``UnknownId``."""
        with self._reading() as (connection, at_limit):
            return read_item(connection, item_id, at_limit)

    def items(self, query: ItemSearch) -> Items:
        """Read a page of items by number, and how many there are of each kind."""
        with self._reading() as (connection, at_limit):
            return read_items(connection, query, at_limit)

    def references(self, before: float) -> set[str]:
        """Tell the references of the tasks that were accepted before that, epoch s."""
        with self._running.reader.snapshot() as connection:
            return read_references(connection, round(before * 1000))

    def next_item_id(self) -> int:
        """Tell the number an item without one would get now."""
        with self._running.reader.snapshot() as connection:
            return read_last_item(connection) + 1

    def with_template(self, names: Sequence[str], need: NeedOf) -> list[tuple[int, int]]:
        """Tell which messages need a template, by its names, with their items: 1,000 at most."""
        with self._running.reader.snapshot() as connection:
            return read_with_template(connection, names, need)

    def notices(self) -> list[Notice]:
        """Read what a person should know now: what is on the board, and queues held or paused."""
        return read_notices(self.board, self._running.reader)

    def queues(self) -> list[Queue]:
        """Tell each queue's limits, whether it is paused or held, and its counts per state."""
        wanted = self.config.limits.wanted
        with self._running.reader.snapshot() as connection:
            now = math.floor(self.config.clock.now() * 1000)
            return read_queues(connection, self._registry, wanted, now)

    def overview(self, span: Span = Span.HOUR) -> Overview:
        """Tell what ended in the last hour or day, how long it waited and ran, and each queue."""
        queues, now = self.queues(), math.floor(self.config.clock.now() * 1000)
        with self._running.reader.snapshot() as connection:
            return read_overview(connection, span, now, queues)

    def stats(self) -> Stats:
        """Tell counts per state, rates of the last ten seconds and how full the lanes are."""
        now = self.config.clock.now()
        return read_stats(self._running, now, practice=self._registry.practising)

    def measures(self) -> Measures:
        """Tell what a monitor keeps of the engine: queues, lanes, totals, sizes."""
        return measure(self._running, self.config)

    def now(self) -> float:
        """Tell what time it is to the engine, epoch s."""
        return (self._run or self.config).clock.now()

    def _ask(self, verb: Callable[[Group], Any], weight: int = 1) -> Future[Any]:
        future: Future[Any] = Future()
        self._writable.inbox.ask(Request(verb, future, weight))
        return future
