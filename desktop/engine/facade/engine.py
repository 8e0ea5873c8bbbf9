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
from desktop.engine.events.notices import Notices
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
from desktop.engine.queues.holds import queue_notice
from desktop.engine.queues.limits import Limits, QueueLimit
from desktop.engine.queues.listing import read_queues
from desktop.engine.store.errors import StoreDamaged
from desktop.engine.store.file.connect import store_id
from desktop.engine.store.reads import detail
from desktop.engine.store.reads.catalogue import read_held_queues
from desktop.engine.store.reads.items.item_detail import read_item, read_last_item
from desktop.engine.store.reads.items.items import read_items
from desktop.engine.store.reads.messages import NeedOf, read_references, read_with_template
from desktop.engine.store.reads.overview import read_overview
from desktop.engine.store.reads.query import Filter, ItemSearch, Query
from desktop.engine.store.reads.tasks import pages
from desktop.engine.store.reads.waits import NONE_AT_LIMIT, AtLimit
from desktop.engine.store.tables.cursor import Source
from desktop.engine.store.tables.queues import read_pauses
from desktop.engine.submission import Idempotency
from desktop.engine.transaction.application_text import ApplicationText
from desktop.engine.verbs.pause_queue import pause_notice
from desktop.engine.verbs.submit.idempotency import recall, remember


class Engine(ChangesTasks, AcceptsTasks):
    """Accepts tasks onto disk, runs them in lanes, and stores their results.

    ``database`` is the SQLite file, or the address of a PostgreSQL database. ``io`` is the executor
    for blocking tasks; by default the engine starts up to ``io_slots`` threads. With ``lanes``
    false, tasks are accepted but not run here. ``on_failure`` is called, in a thread of the
    engine's own, if the writer ends although the engine was not stopped; from then on every call
    raises ``Closed``. Succeeded and cancelled tasks are kept for ``retention`` (30 days), others
    three times as long.

    The verbs raise, or put into their future: ``UnknownTask``, ``UnknownId``, ``Conflict``,
    ``Busy`` (too much is waiting for the disk), ``NotWritable`` (disk full, read-only, locked),
    ``StoreDamaged``, ``Closed``. ``BadCall`` (a ``TypeError``) names an argument that cannot be
    stored.
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
            remembered=ApplicationText(),
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
        """Called when a call finds the engine not running; it may start the engine."""
        self._run: RunningEngine | None = None
        self.over: Future[None] = Future()  # done once no function of a stopped engine runs
        self.over.set_result(None)

    def start(self) -> None:
        """Open the store, judge what an earlier run left, start the writer and the lanes.

        Raises ``OtherVersion``, ``StoreInUse`` (a second engine on this file), ``StoreDamaged`` or
        ``NotWritable``.
        """
        self.adopt(RunningEngine(self.config))

    def adopt(self, running: RunningEngine) -> None:
        """Use parts that were built elsewhere, as a simulator does."""
        self._run = running

    def note_end(self, *, is_to_exit: bool) -> None:
        """Record that the process was asked to end; a kill from now on is no evidence of a crash.

        The engine runs on until it is stopped. If the process ``is_to_exit``, functions that do not
        end keep it for ``LAST_S`` after that at most.
        """
        running = self._run
        if running is not None:
            running.note_end(is_to_exit=is_to_exit)

    def stop(self, grace: float = GRACE_S) -> None:
        """Claim nothing more, give running tasks ``grace`` s, give the rest back, close."""
        if self._run is not None:
            self.over = self._run.stop(grace)
            self._run = None

    @property
    def journal(self) -> Journal:
        """The events, for listeners, while the engine runs."""
        return self._running.journal

    @property
    def is_running(self) -> bool:
        """Whether the engine was started and not stopped since."""
        return self._run is not None

    @property
    def is_displaced(self) -> bool:
        """Whether another process has taken the store, so nothing is written here any more."""
        return self._run is not None and self._run.is_displaced

    @property
    def session_name(self) -> str:
        """The name of this process's sessions on a server; empty while not running."""
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
        """Wait until all earlier calls are on disk."""
        self._ask(lambda group: None).result()

    def first_answer(self, key: Idempotency) -> Future[Any]:
        """Return the answer stored for a key, or ``None``; ``Conflict`` for another request."""
        return self._ask(lambda group: recall(group, key))

    def keep_answer(self, key: Idempotency, answer: Any) -> Future[None]:
        """Store the answer (JSON) to a call of the caller's own, for seven days like all."""
        return self._ask(lambda group: remember(group, key, answer))

    def limit(self, limits: Mapping[str, QueueLimit]) -> None:
        """Set a person's limits for queues, which override ``@task`` from the next task on."""
        self.config.limits.want(limits)
        with suppress(EngineError):  # if the store cannot be written, it is retried later
            self._ask(self.config.limits.keep)

    def remember(self, text: str) -> None:
        """Have the store remember a text of the application, from the next group on."""
        self.config.remembered.text = text
        if self._run is not None:
            with suppress(EngineError):  # if the store cannot be written, it is in the next group
                self._ask(lambda group: None)

    def practise(self, is_practice: bool) -> None:
        """Set whether effects are kept instead of leaving; batches compare rows accordingly."""
        self._registry.practising = is_practice

    @property
    def damage(self) -> StoreDamaged | None:
        """The damage of the store's file, once found; nothing is written from then on."""
        return self._running.reader.damage

    @contextmanager
    def _reading(self) -> Iterator[tuple[Source, AtLimit]]:
        """Read one moment, also of a store that another process owns.

        Only that process knows which of its queues have reached their limits.
        """
        elsewhere = self.elsewhere
        if elsewhere is not None:
            with elsewhere.reader.snapshot() as connection:
                yield connection, NONE_AT_LIMIT
        else:
            with self._running.reader.snapshot() as connection:
                yield connection, self.journal.at_limit

    def rows(self, query: Query) -> TaskPage:
        """Return one page of the table; raise ``BadQuery`` for an unknown sort or cursor."""
        with self._reading() as (connection, at_limit):
            return pages.read_page(connection, query, store_id(connection), at_limit)

    def count_tasks(self, wanted: Filter) -> TaskCounts:
        """Count the tasks of a filter by state."""
        with self._running.reader.snapshot() as connection:
            return pages.count_states(connection, wanted)

    def task(self, task_id: int) -> TaskDetail:
        """Return a task with its attempts, log, arguments and result; ``UnknownId``."""
        with self._reading() as (connection, at_limit):
            return detail.read_task(connection, task_id, at_limit, self._registry.placed)

    def task_with_token(self, token: str) -> TaskDetail | None:
        """Return the task with this token; ``None`` if there is none, or it was deleted."""
        with self._reading() as (connection, at_limit):
            number = detail.read_number(connection, token)
            return None if number is None else detail.read_task(connection, number, at_limit)

    def item(self, item_id: int) -> Item:
        """Return an item with its tasks; raise ``UnknownId``."""
        with self._reading() as (connection, at_limit):
            return read_item(connection, item_id, at_limit)

    def items(self, query: ItemSearch) -> Items:
        """Return a page of items by number, and how many there are of each kind."""
        with self._reading() as (connection, at_limit):
            return read_items(connection, query, at_limit)

    def references(self, before: float) -> set[str]:
        """Return the references of the tasks accepted before a time, epoch s."""
        with self._running.reader.snapshot() as connection:
            return read_references(connection, round(before * 1000))

    def next_item_id(self) -> int:
        """Return the number that an item without one would get now."""
        with self._running.reader.snapshot() as connection:
            return read_last_item(connection) + 1

    def with_template(self, names: Sequence[str], need: NeedOf) -> list[tuple[int, int]]:
        """Return messages that need a template, given its names, with their items: max 1,000."""
        with self._running.reader.snapshot() as connection:
            return read_with_template(connection, names, need)

    def notices(self) -> list[Notice]:
        """Return all active notices: those on the board, and queues held or paused.

        Of a damaged store, only those on the board.
        """
        try:
            with self._running.reader.snapshot() as connection:
                held = [queue_notice(q, active=True) for q in read_held_queues(connection)]
                pauses = read_pauses(connection).items()
        except StoreDamaged:
            return self.board.active
        paused = [pause_notice(queue, since, active=True) for queue, since in pauses]
        return [*self.board.active, *held, *paused]

    def queues(self) -> list[Queue]:
        """Return each queue's limits, pause, hold, and counts by state."""
        wanted = self.config.limits.wanted
        with self._running.reader.snapshot() as connection:
            now = math.floor(self.config.clock.now() * 1000)
            return read_queues(connection, self._registry, wanted, now)

    def overview(self, span: Span = Span.HOUR) -> Overview:
        """Return the figures of the last hour or day, with each queue."""
        queues, now = self.queues(), math.floor(self.config.clock.now() * 1000)
        with self._running.reader.snapshot() as connection:
            return read_overview(connection, span, now, queues)

    def stats(self) -> Stats:
        """Return counts by state, rates of the last ten seconds, and the use of the lanes."""
        now = self.config.clock.now()
        return read_stats(self._running, now, practice=self._registry.practising)

    def measures(self) -> Measures:
        """Return the figures for a monitor: queues, lanes, totals, sizes."""
        return measure(self._running, self.config)

    @property
    def is_clock_doubted(self) -> bool:
        """Whether the clock may be wrong, so nothing is deleted for its age."""
        return self._running.core.memory.is_clock_doubted(math.floor(self.now() * 1000))

    def now(self) -> float:
        """Return the engine's current time, epoch s."""
        return (self._run or self.config).clock.now()
