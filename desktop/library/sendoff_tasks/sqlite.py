"""The engine on one SQLite file: its transaction, its writer store, and how it opens them."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from random import Random
from typing import Final

from sqlalchemy import Table

from sendoff_tasks.clock import Clock
from sendoff_tasks.duties.check_and_backup import FileContent, Upkeep, find_damage
from sendoff_tasks.errors import EngineError
from sendoff_tasks.events.journal import Journal
from sendoff_tasks.functions.registry import Registry
from sendoff_tasks.store.database import (
    Reader,
    empty_log_now,
    lock_store,
    open_store,
    store_id,
)
from sendoff_tasks.store.errors import (
    LostInUse,
    StoreDamaged,
    is_damage,
    is_the_disk,
    not_writable,
)
from sendoff_tasks.store.gaps import FileGaps
from sendoff_tasks.store.mark import StoreMark
from sendoff_tasks.store.migrations.progress import Tell
from sendoff_tasks.store.tables.cursor import Cursor
from sendoff_tasks.store.tables.statements import MERGE_WORDS, read_newest_event
from sendoff_tasks.store.update import update_store
from sendoff_tasks.transaction.group import Group
from sendoff_tasks.transaction.memory import Memory

SPARE: Final = 1024
"""Free pages (4 MiB) that stay in the file for new rows."""
MERGED: Final = 64
"""Pages of the search index written in one step. In a store of a million tasks a step takes 5
to 15 ms, and up to 0.4 s with a checkpoint after it; all 280 of them take 3 to 8 s."""
STEP: Final = 128
"""Pages moved to the front of the file in one group; the checkpoint then cuts the file off."""


class SqliteGroup(Group):
    """A group on a file. Statements are batched: sqlite3 releases the GIL for each one."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        alone: AloneInFile,
        gaps: FileGaps,
        memory: Memory,
        registry: Registry,
        random: Random,
        now: int,
    ) -> None:
        super().__init__(connection.cursor(), memory, registry, random, now)
        self._connection = connection
        self._alone = alone
        self._gaps = gaps

    @property
    def written(self) -> int:
        """The number of rows the connection has changed so far."""
        return self._connection.total_changes

    def begin(self) -> None:
        """Take the write lock, after a ROLLBACK that could not be run before."""
        if self._connection.in_transaction:
            self.cursor.execute("ROLLBACK")
        self.cursor.execute("BEGIN IMMEDIATE")
        self._alone.check(self.cursor)

    def put_on_disk(self) -> None:
        """Run COMMIT."""
        self._alone.newest = None  # not known if this fails
        self.cursor.execute("COMMIT")
        self._alone.newest = self.memory.last_event
        if self.scrubs_from is not None:
            self.scrubbed_to = self._scrub(self.scrubs_from)

    def merge_words(self, *, all_parts: bool) -> bool:
        """Do a step of FTS5's own merge, which tells by the rows it changes whether it did any."""
        before = self.written
        self.cursor.execute(MERGE_WORDS, (-MERGED if all_parts else MERGED,))
        return self.written - before > 1

    def _scrub(self, first: int) -> int | None:
        """Scrub the log, and a few pages of the file; the connection reads them again."""
        if not empty_log_now(self._connection):
            return None
        with suppress(OSError, sqlite3.Error):
            reached = self._gaps.overwrite(first)
            self._connection.execute("PRAGMA shrink_memory")
            return reached
        return None

    def next_task_id(self) -> int:
        """Return the highest task number plus one."""
        self.memory.last_task += 1
        return self.memory.last_task


class AloneInFile:
    """Notices when the file is not the one that was opened, or another program writes to it.

    The lock file cannot rule that out: it may be deleted, be on a disk without locks, or the other
    program may be one that restores a copy. Without this check, two engines would run each task.
    """

    def __init__(self, reader: Reader) -> None:
        self._check_file = reader.check_file
        self._content = FileContent(reader.path)
        self.newest: int | None = None  # the newest event after our last COMMIT, if that is known

    def check(self, cursor: Cursor) -> None:
        """Raise ``LostInUse`` if the file is gone, or was written to since our last COMMIT."""
        self._content.check(self._check_file(), partial(read_newest_event, cursor))
        if self.newest is not None and read_newest_event(cursor) != self.newest:
            raise LostInUse("another program has written to it while it was in use")


class SqliteWriterStore:
    """The store in a data folder; ``connection`` is the only connection that writes."""

    def __init__(self, connection: sqlite3.Connection, reader: Reader) -> None:
        self.store = store_id(connection)
        self._connection = connection
        self._reader = reader
        self._alone = AloneInFile(reader)
        self.gaps = FileGaps(reader.path)

    def group(self, memory: Memory, registry: Registry, random: Random, now: int) -> SqliteGroup:
        """Return the next group."""
        return SqliteGroup(self._connection, self._alone, self.gaps, memory, registry, random, now)

    def load(self, group: Group) -> None:
        """Load the writer's memory from the store."""
        group.memory.load(self._connection)

    def adopt(self, group: Group) -> None:
        """Do nothing: a file has no workers."""

    def give_back(self) -> bool:
        """Shrink the file by one step; tell whether there may be more to free.

        This works only on a file that was created with ``auto_vacuum``. Other files keep their free
        pages and reuse them.
        """
        before = self._free_pages()
        for _ in range(min(STEP, before - SPARE)):  # the driver frees only one page per call
            self._connection.execute("PRAGMA incremental_vacuum(1)")
        return before > SPARE and self._free_pages() < before

    def _free_pages(self) -> int:
        return int(self._connection.execute("PRAGMA freelist_count").fetchone()[0])

    def roll_back(self) -> None:
        """Roll back the open transaction, if any; if that fails, the next group begins with it."""
        if self._connection.in_transaction:
            with suppress(sqlite3.Error, MemoryError):
                self._connection.execute("ROLLBACK")

    def is_refusal(self, error: Exception) -> bool:
        """Tell a refusal by the disk, or a lack of memory, from a bug of ours."""
        return is_the_disk(error)

    def refusal(self, error: Exception) -> EngineError | None:
        """Translate an error of SQLite or a lack of memory; the reader notes damage, too."""
        if isinstance(error, sqlite3.Error) and is_damage(error):
            return self._reader.note(error)
        return not_writable(error) if isinstance(error, sqlite3.Error | MemoryError) else None


class SqliteStore:
    """The file of a data folder, for one engine; ``tables`` are those of its features.

    A file of an older version is brought up to date first; ``tell`` hears how far that is.
    Raises ``OtherVersion``, ``StoreInUse``, ``StoreDamaged`` or ``StoreError``.
    """

    def __init__(self, path: Path, tables: Sequence[Table], tell: Tell = lambda _: None) -> None:
        self._path = path
        self._lock = lock_store(path)
        try:
            update_store(path, tables, tell)
            self._connection = open_store(path, tables)
            try:
                self._mark = StoreMark(path, self._connection)
                self._mark.begin()
                self.reader = Reader(path)
                self.writer_store = SqliteWriterStore(self._connection, self.reader)
            except BaseException:
                self._connection.close()
                raise
        except BaseException:
            self._lock.release()
            raise

    is_displaced = False
    """Nothing takes the lock of a file away; see ``AloneInFile``."""
    session_name = ""

    def upkeep(self, clock: Clock, journal: Journal, resting: Callable[[], bool]) -> Upkeep:
        """Return the duty that checks and copies the file."""
        return Upkeep(self._path, self.reader, clock, journal, resting, self._mark.reach)

    def damage_behind(self, error: BaseException) -> StoreDamaged | None:
        """Return the damage that explains an error; ``None`` if the error is a bug.

        SQLite reports no error where rows and indexes disagree, so the file is checked as well.
        """
        damage: BaseException | None = None
        if isinstance(error, sqlite3.DatabaseError) and is_damage(error):
            damage = error
        elif isinstance(error, Exception) and not isinstance(error, EngineError):
            damage = find_damage(self._path)
        return None if damage is None else StoreDamaged(self._path, str(damage))

    def size(self) -> int:
        """Return the size of the file and its write-ahead log, in bytes."""
        parts = (self._path, self._path.with_name(f"{self._path.name}-wal"))
        return sum(part.stat().st_size for part in parts if part.exists())

    def refused(self) -> int:
        """Return 0: only a server has a table of rows it refused."""
        return 0

    def close(self) -> None:
        """Close the store and release its lock."""
        self.reader.close()
        if self.reader.damage is None:
            self._mark.end(self.reader.check_file)
        self._connection.close()
        self.writer_store.gaps.close()
        self._lock.release()
