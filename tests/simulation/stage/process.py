"""One life of the program: an engine, stepped by hand, that ends with the computer or before."""

from __future__ import annotations

import math
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from random import Random
from types import SimpleNamespace
from typing import Any, Final

from desktop.backend.current_settings import CurrentSettings, SettingsEffects, prepare_engine
from desktop.backend.messages import MessageComposer
from desktop.items.feature import domain
from desktop.items.reads.batches import BATCHES
from desktop.items.tables.schema import metadata
from desktop.mail.files import FolderFiles
from sendoff_tasks.duties.check_and_backup import LOOK_EVERY_S
from sendoff_tasks.duties.pruner import PAUSE_MS, PrunerProgress
from sendoff_tasks.events.journal import Journal
from sendoff_tasks.events.notices import Notices
from sendoff_tasks.facade.engine import Engine
from sendoff_tasks.facade.running_engine import EngineConfig
from sendoff_tasks.functions.plugins import OwnTasks
from sendoff_tasks.functions.registry import Registry
from sendoff_tasks.lanes import Lane
from sendoff_tasks.sqlite import SqliteWriterStore
from sendoff_tasks.store.database import Reader, prepare_store, store_id
from sendoff_tasks.store.errors import StoreError
from sendoff_tasks.store.mark import StoreMark
from sendoff_tasks.transaction.function_rows import unfinished
from sendoff_tasks.transaction.memory import NEVER
from sendoff_tasks.writer.core import Core
from sendoff_tasks.writer.notes import Ledger
from sendoff_tasks.writer.writer import Inbox
from tests.simulation.computer.clock import Clock
from tests.simulation.computer.connection import Connection
from tests.simulation.computer.disk import Disk
from tests.simulation.computer.folder import Place
from tests.simulation.judging.broken import Broken
from tests.simulation.stage.task_files import FOLDER

PATH: Final = "/sendoff.db"
NEWEST: Final = "SELECT at FROM events ORDER BY id DESC LIMIT 1"
STEPS: Final = 300
"""Groups the engine may take for what it was given before it must have come to rest."""


class OneReader(Reader):
    """Lends the writer's own connection, between its transactions."""

    def __init__(self, connection: Any) -> None:
        super().__init__(Path(PATH))
        self._connection = connection

    def _begun(self) -> Any:
        self._connection.execute("BEGIN")
        return self._connection

    def _give_back(self, connection: Any) -> None: ...


class Process:
    """The engine's parts as its assembly joins them, without threads.

    The product has its settings and its own tasks in ``files``; an app sets its limits itself.
    Raises what opening a store raises, and ``PowerCut``.
    """

    def __init__(
        self,
        disk: Disk,
        clock: Clock,
        registry: Registry,
        lanes: Mapping[str, Lane],
        checkpoint_pages: int,
        files: FolderFiles | None = None,
    ) -> None:
        self.disk = disk
        self.clock = clock
        self.settings = None if files is None else CurrentSettings(files, clock.steady)
        self.own_tasks: OwnTasks | None = None
        self._followed: set[tuple[str, int, int]] | None = None  # task files, as last imported
        if files is not None:
            self.own_tasks = OwnTasks(files.path("tasks"), registry)
            self._follow(self.own_tasks)
        self.file: Any = Place(disk, PATH)
        try:
            self.connection: Any = Connection(disk, PATH)
        except sqlite3.OperationalError as error:  # as ``open_store`` does
            raise StoreError(f"{PATH} cannot be opened: {error}.") from error
        try:
            with self._at_work():
                self._begin(registry, checkpoint_pages)
        except BaseException:
            self.connection.close()
            raise
        self.core.lanes = lanes
        self.engine.adopt(self)  # type: ignore[arg-type]
        if files is not None and self.settings is not None:
            passwords: Any = SimpleNamespace(read=lambda *_: None)
            self.letters = MessageComposer(files, passwords, self.settings, passwords, passwords)
            self._effects = SettingsEffects(self.settings, self.engine, passwords, passwords)
            self.settings.on_change = self._effects.apply
            self._effects.apply()

    def _begin(self, registry: Registry, checkpoint_pages: int) -> None:
        prepare_store(self.connection, Path(PATH), metadata.sorted_tables)
        self.connection.checkpoint_at(checkpoint_pages)
        self.mark = StoreMark(self.file, self.connection)
        self.mark.begin()
        self._look_at = self.clock.steady()
        row = self.connection.execute(NEWEST).fetchone()
        self.newest: int | None = None if row is None else row[0]  # event that was found, epoch ms
        self.reader = OneReader(self.connection)
        self.inbox = Inbox()
        self.journal = Journal(store_id(self.connection), self.reader, Notices(), BATCHES)
        self.ledger = Ledger(self.inbox, self.clock)
        self.engine = Engine(
            EngineConfig(
                Path(PATH), registry, clock=self.clock, random=Random(0), features=domain()
            )
        )
        if self.settings is not None:
            prepare_engine(self.engine, self.settings)
        self.core = Core(
            SqliteWriterStore(self.connection, self.reader),
            registry,
            self.engine.config.limits,
            Random(0),
            self.inbox,
            self.ledger,
            self.journal,
            self.engine.config.remembered,
            self.engine.config.features,
        )
        self.core.open(self.clock.now())
        registry.recall(unfinished(self.core.memory))
        registry.on_change = self.inbox.wake

    @contextmanager
    def _at_work(self) -> Iterator[None]:
        self.connection.works = True
        try:
            yield
            if not self.disk.off:
                self.connection.show_others()
        finally:
            self.connection.works = False

    def follow_settings(self) -> None:
        """Take over what has changed in the file of the settings."""
        if self.settings is not None:
            self._effects.look()

    def settle(self, between: Callable[[], object] = lambda: None) -> float | None:
        """Step until only time or an attempt can bring something new; returns when that is.

        A look for old rows is nothing new, unless the last one has found more than it could take.
        ``between`` is called after each step but the last.
        """
        if self.own_tasks is not None:
            self._follow(self.own_tasks)
        for _ in range(STEPS):
            with self._at_work():
                due = self.core.step(self.clock.now(), self.clock.steady())
            if due is None or due > self.clock.now():
                self._look()
                return self._due()
            between()
        raise Broken("comes to rest", f"the engine still asks for a step after {STEPS}")

    def _due(self) -> float | None:
        now, tidying = self.clock.now(), self.core.memory.part(PrunerProgress)
        tidy = tidying.next_tidy
        if tidy > now * 1000 + PAUSE_MS:
            tidying.next_tidy = NEVER
        due = self.core._next(now)
        tidying.next_tidy = tidy
        return None if due == math.inf else due

    def _follow(self, own_tasks: OwnTasks) -> None:
        """Import task files that have changed, and those that could not be opened."""
        folder = f"{FOLDER}/"
        found = {
            (name, file.inode, file.version)
            for name, file in self.disk.files.items()
            if name.startswith(folder)
        }
        if found != self._followed:
            struck = self.disk.struck.copy()
            own_tasks.look()
            self._followed = found if struck == self.disk.struck else None

    def _look(self) -> None:
        """Note how far the store is, as the upkeep does every few seconds."""
        if self.clock.steady() >= self._look_at:
            self._look_at = self.clock.steady() + LOOK_EVERY_S
            self.mark.reach(self.journal.last)

    def end(self) -> None:
        """End the run in order."""
        self.mark.end(lambda: None)

    @property
    def refused(self) -> bool:
        """Whether the disk has refused the last group, so it is tried again later."""
        return self.core._retry_at is not None

    def close(self) -> None:
        self.connection.close()
