"""Builds an engine's parts and stops them in order; also the protocol for an engine elsewhere."""

from __future__ import annotations

import logging
import math
import os
import sys
import threading
from asyncio import AbstractEventLoop
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future
from contextlib import suppress
from dataclasses import KW_ONLY, dataclass, field
from functools import partial
from pathlib import Path
from random import Random
from typing import Any, Final, Protocol

from sendoff_tasks.attempts.context import hear_logging
from sendoff_tasks.clock import Clock, SystemClock
from sendoff_tasks.duties.check_and_backup import damage_notice
from sendoff_tasks.duties.pruner import PrunerProgress, Retention
from sendoff_tasks.events.journal import Journal
from sendoff_tasks.events.notices import OWN, Notices
from sendoff_tasks.facade.opening import open_database
from sendoff_tasks.functions.registry import Registry
from sendoff_tasks.lanes import Lane, stop_all
from sendoff_tasks.lanes.right_of_way import RightOfWay
from sendoff_tasks.postgres.mark import ServerMark
from sendoff_tasks.queues.limits import Limits
from sendoff_tasks.store.migrations.progress import Tell
from sendoff_tasks.store.reader_pool import ReaderPool
from sendoff_tasks.store.reads.waits import KnownByFeature
from sendoff_tasks.transaction.failures import FailureLog
from sendoff_tasks.transaction.features import Feature, known_of, tables_of
from sendoff_tasks.transaction.function_rows import unfinished
from sendoff_tasks.transaction.replies import LoopReply
from sendoff_tasks.verbs.lines import Wanted
from sendoff_tasks.writer.core import ApplicationText, Core
from sendoff_tasks.writer.notes import Ledger
from sendoff_tasks.writer.writer import Inbox, Writer

IO_SLOTS: Final = 40
"""Threads for blocking tasks, which mostly wait. One queue gets at most 32 of them."""
ASYNC_SLOTS: Final = 256
"""Coroutines that run at once; a waiting one costs little."""

GRACE_S: Final = 10.0
"""How long running tasks may take to end when the engine stops, s."""
LOOK_S: Final = 0.1
"""How often a stop that nobody asked for looks whether tasks still run, s."""
LAST_S: Final = 10.0
"""How long an ending process may be kept by functions that did not end within the grace, s."""
CGROUPS: Final = Path("/sys/fs/cgroup")
"""Where Linux (cgroup v2) shows how much of the processors a container or service may use."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class EngineConfig:
    """The settings of an engine.

    ``database`` is the SQLite file, or the address of a PostgreSQL database. ``io`` is the executor
    for blocking tasks; by default the engine starts up to ``io_slots`` threads, which call
    ``on_thread`` first. ``loop`` runs ``async def`` functions; if it is ``None``, the engine starts
    one. With ``lanes`` false, tasks are accepted but not run here. ``on_failure`` is called, in a
    thread of the engine's own, if the writer ends although the engine was not stopped; from then on
    every call raises ``Closed``. Succeeded and cancelled tasks are kept for ``retention`` (30
    days), others three times as long. ``features`` add to what it does. ``mark`` is what is known
    of a database on a server, should that go back in time. If it is ``told_of_end``, a stop without
    that is a process that its server replaces: it waits for what runs. ``on_update`` hears each
    second how far (0 to 1) a long update of the store is.
    """

    database: Path | str
    registry: Registry
    _: KW_ONLY
    clock: Clock = field(default_factory=SystemClock)
    random: Random = field(default_factory=Random)
    limits: Limits = field(default_factory=Limits)
    remembered: ApplicationText = field(default_factory=ApplicationText)
    board: Notices = field(default_factory=Notices)
    right_of_way: RightOfWay = field(default_factory=RightOfWay)
    io: Executor | None = None
    io_slots: int = IO_SLOTS
    cpu_slots: int = field(default_factory=lambda: default_cpu_slots())
    lanes: bool = True
    on_failure: Callable[[], None] = lambda: None
    retention: Retention = field(default_factory=Retention)
    loop: AbstractEventLoop | None = None
    on_thread: Callable[[], None] = lambda: None
    features: Sequence[Feature] = ()
    told_of_end: bool = False
    mark: ServerMark = field(default_factory=ServerMark)
    on_update: Tell = lambda _: None

    @property
    def known(self) -> KnownByFeature:
        """What reads of tasks ask the feature that adds to them."""
        return known_of(self.features)


class RunningEngine:
    """The parts of a running engine.

    Raises ``OtherVersion``, ``StoreInUse``, ``StoreDamaged``, ``StoreError`` or ``NotWritable``.
    """

    process: Final = ""

    def __init__(self, config: EngineConfig) -> None:
        self.store = open_database(
            config.database, tables_of(config.features), config.mark, config.on_update
        )
        self._failures = FailureLog()
        self._lifespan = config.registry.lifespan if config.lanes else None
        self._is_to_exit = False
        self._is_told = threading.Event()  # that the process is to end
        if not config.told_of_end:
            self._is_told.set()
        try:
            self._build(config)
            self._begin()
        except BaseException as error:
            self._failures.stop()
            self._leave_lifespan()
            damage = self.store.damage_behind(error)
            self.store.close()
            if damage is None:
                raise
            raise damage from error

    def _build(self, config: EngineConfig) -> None:
        hear_logging()
        self.clock = config.clock
        self.inbox = Inbox()
        writer_store, self.reader = self.store.writer_store, self.store.reader
        self.journal = Journal(writer_store.store, self.reader, config.board, config.known)
        self.reader.on_damage = lambda damage: config.board.tell(damage_notice(damage))
        self.journal.on_failures = self._failures.put
        self.ledger = ledger = Ledger(self.inbox, config.clock)
        self.core = Core(
            writer_store,
            config.registry,
            config.limits,
            config.random,
            self.inbox,
            ledger,
            self.journal,
            config.remembered,
            config.features,
        )
        self.core.scheduling = config.lanes
        self.core.memory.part(PrunerProgress).retention = config.retention
        if isinstance(config.database, Path):
            self.core.memory.folder = config.database.parent.absolute()
        self.core.open(config.clock.now())
        config.registry.recall(unfinished(self.core.memory))
        config.registry.on_change = self._on_functions_changed
        self._own_io: Executor | None = None
        if config.lanes:
            self.core.lanes = {lane.name: lane for lane in self._lanes(config, ledger)}
        self._writer = Writer(self.core.step, self.inbox, config.clock, config.on_failure)
        self._upkeep = self.store.upkeep(config.clock, self.journal, self._is_resting)
        if self._upkeep is not None:
            self.reader.on_surprise = self._upkeep.suspect

    def _begin(self) -> None:
        if self._upkeep is not None:
            self._upkeep.start()
        try:
            self._writer.start()
        except BaseException:
            self._stop_upkeep()
            raise

    def _on_functions_changed(self) -> None:
        self.inbox.wake()
        self.journal.poke()

    def _stop_upkeep(self) -> None:
        if self._upkeep is not None:
            self._upkeep.stop()

    def _is_resting(self) -> bool:
        return self.inbox.empty and not self.core.memory.running

    def _lanes(self, config: EngineConfig, ledger: Ledger) -> Iterator[Lane]:
        from sendoff_tasks.lanes.cpu import CpuLane
        from sendoff_tasks.lanes.io import DaemonThreads, IoLane
        from sendoff_tasks.lanes.loop import LoopLane

        io = config.io
        if io is None:
            io = self._own_io = DaemonThreads(config.on_thread)
        yield IoLane(io, ledger, config.io_slots, config.right_of_way.give)
        yield CpuLane(ledger, config.cpu_slots)
        loop = config.loop if self._lifespan is None else self._lifespan.enter(config.loop)
        yield LoopLane(ledger, ASYNC_SLOTS, loop, serves=config.loop is not None)

    def warm_up(self) -> None:
        """Take the threads of the io lane, which a first group would wait for; takes its time."""
        from sendoff_tasks.lanes.io import IoLane

        for lane in self.core.lanes.values():
            if isinstance(lane, IoLane):
                lane.warm_up()

    def _leave_lifespan(self) -> None:
        if self._lifespan is not None:
            self._lifespan.leave()

    def end_response(self, response: str) -> None:
        """Let the tasks begin that wait for a response, in the next group."""
        self.core.memory.responses.over.append(response)
        self.inbox.wake()

    def note_end(self, *, is_to_exit: bool) -> None:
        """Record that the process was asked to end, and whether it surely will."""
        self._is_to_exit = is_to_exit
        self._is_told.set()
        self.core.ending = True
        self.inbox.wake()

    def stop(self, grace: float) -> Future[None]:
        """Let attempts end for ``grace`` s, accept nothing more, write how they ended, close.

        Tasks accepted in the meantime are run by the next engine. The store stays locked while a
        function that could not be stopped runs on, so its task's next attempt never runs beside it.
        The returned future is done once none does.
        """
        if grace:
            self._let_end()
        self.core.claiming = False
        self.inbox.wake()  # to record the stop
        self._stop_upkeep()
        stop_all(self.core.lanes.values(), grace)
        self._leave_lifespan()
        self.inbox.close()
        self._writer.stop()
        self._failures.stop()
        for name in OWN:
            self.journal.board.take_back(name)
        if self._own_io is not None:
            self._own_io.shutdown(wait=False)
        over: Future[None] = Future()
        lanes = list(self.core.lanes.values())
        if self.store.is_displaced or all(lane.wait_over(0) for lane in lanes):
            self.store.close()
            over.set_result(None)
            return over

        def wait() -> None:
            for lane in lanes:
                lane.wait_over(None)
            self.store.close()
            over.set_result(None)

        threading.Thread(target=wait, name="left-over", daemon=True).start()
        is_ending = end_of_main_thread()
        if self._is_to_exit:
            is_ending.set()
        end = partial(end_process, over, is_ending)
        threading.Thread(target=end, name="end", daemon=True).start()
        return over

    def _let_end(self) -> None:
        """Wait until what runs now has ended, unless the process is told to end.

        Others begin meanwhile: they would wait as long as the longest.
        """
        self.core.ending = True  # a kill from now on is no evidence
        self.inbox.wake()
        left = self._under_way()
        if left and not self._is_told.is_set():
            log.warning("The server was asked to stop; waiting for running tasks: %d", len(left))
        while left and not self._is_told.wait(LOOK_S):
            left &= self._under_way()

    def _under_way(self) -> set[tuple[int, int]]:
        """Return the attempts that run."""
        running = [*self.core.memory.running.values()]
        return {(each.claim.task_id, each.claim.attempt) for each in running}


def end_of_main_thread() -> threading.Event:
    """Return an event that is set once the main thread is done, before pools wait for theirs."""
    done = threading.Event()
    # Private, but no public hook comes before that of `concurrent.futures`, which waits.
    try:
        threading._register_atexit(done.set)  # type: ignore[attr-defined]  # noqa: SLF001
    except RuntimeError:  # the main thread is done
        done.set()
    return done


def end_process(over: Future[None], is_ending: threading.Event) -> None:
    """End a process that is about to end if functions still keep it ``LAST_S`` later.

    Everything is recorded by then, and another process may wait for the store.
    """
    is_ending.wait()
    try:
        over.result(LAST_S)
    except TimeoutError:
        log.warning("Tasks still run after their stop; ending this process")
        logging.shutdown()
        os._exit(1)


def default_cpu_slots() -> int:
    """Return one slot per core that this process may use: a container may allow it fewer."""
    if sys.platform != "linux":
        return os.cpu_count() or 1
    allowed = len(os.sched_getaffinity(0))
    with suppress(OSError, ValueError):
        own = Path("/proc/self/cgroup").read_text().rpartition("::/")[2].strip()
        group = CGROUPS / own
        for folder in (group, *group.parents[: len(Path(own).parts)]):
            with suppress(FileNotFoundError):  # the topmost has no limit of its own
                quota, period = (folder / "cpu.max").read_text().split()
                if quota != "max":
                    allowed = min(allowed, math.ceil(int(quota) / int(period)))
    return max(1, allowed)


class Elsewhere(Protocol):
    """The process that owns the store, if it is another one."""

    @property
    def process(self) -> str:
        """The name of this process there."""

    def end_response(self, response: str) -> None:
        """Let the tasks begin that wait for a response, from any thread."""

    @property
    def reader(self) -> ReaderPool:
        """The pool of connections that read that store."""

    def hand_over(self, wanted: Wanted, reply: Future[Any] | LoopReply) -> None:
        """Send a request; ``reply`` is answered after its COMMIT. Raises ``Busy``, ``Closed``."""
