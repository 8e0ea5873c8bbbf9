"""The thread that checks and backs up the store when the engine is idle."""

from __future__ import annotations

import logging
import os
import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Final

from sendoff_tasks.clock import DAY_S, Clock
from sendoff_tasks.events.journal import Journal
from sendoff_tasks.events.notices import notice_of
from sendoff_tasks.folder.database_backups import EMPTY, fault_in, newest_backup
from sendoff_tasks.model.events import Notice, NoticeId
from sendoff_tasks.store.backup import UnsoundCopy, back_up
from sendoff_tasks.store.database import LOG_BYTES, Reader, connect_reader
from sendoff_tasks.store.errors import LostInUse, StoreDamaged, StoreError, is_damage
from sendoff_tasks.store.tables.statements import read_newest_event

EVERY_S: Final = DAY_S
"""How often the store is checked, and how often it is backed up, s."""
LOOK_EVERY_S: Final = 10.0
"""The engine counts as idle if nothing has changed since the last look, this long ago, s."""
PATIENCE_S: Final = 3600.0
"""How long due work waits for an idle moment, and how soon failed work is tried again, s."""
STOP_WITHIN_S: Final = 1.0
OVERWRITTEN: Final = "another file was written into it while it was in use"
log = logging.getLogger(__name__)


OPERATIONS: Final = 20_000
"""SQLite VM steps between two calls of the progress handler; a few ms."""


class Interrupted(Exception):
    """The engine stops, or the log would grow too long under a reader: the work is abandoned."""


class Upkeep:
    """Checks the store after each start, daily and on suspicion, and copies it daily.

    It waits for an idle moment, except on suspicion.

    ``resting`` returns whether the engine is idle. Each look passes the newest event to ``mark``.
    Intervals are measured in time that passes. A backup that fails, or is overdue by more than a
    day, is a notice and stops nothing. Damage or loss of the file, or another one written into it,
    is noted in the reader; nothing is copied afterwards, so the sound copies stay.
    """

    def __init__(
        self,
        database: Path,
        reader: Reader,
        clock: Clock,
        journal: Journal,
        resting: Callable[[], bool],
        mark: Callable[[int], object],
    ) -> None:
        self._reader = reader
        self._database = database
        self._content = FileContent(database)
        self._clock = clock
        self._journal = journal
        self._resting = resting
        self._mark = mark
        self._log = database.with_name(f"{database.name}-wal")
        self._seen = -1  # the newest event at the last look
        self._copied = 0  # the newest event in the newest copy
        self._check_at = clock.steady()
        self._is_suspected = False  # whether the store is to be checked at the next look
        self._suspect_from = clock.steady()  # no more often than every PATIENCE_S
        self._copy_at = self._first_copy()
        self._overdue_at = self._copy_at + DAY_S
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._serve, name="upkeep", daemon=True)

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def stop(self) -> None:
        """Abandon current work; a check of a large store, which is hard to stop, ends by itself."""
        self._stopping.set()
        self._thread.join(STOP_WITHIN_S)

    def suspect(self) -> None:
        """Check the store soon: a read has failed as it never should."""
        self._is_suspected = True

    def look(self) -> None:
        """Do what is due, if this is a suitable moment."""
        now, seen = self._clock.steady(), self._seen
        self._seen = self._journal.last
        idle = self._seen == seen and self._resting()
        if self._reader.damage is not None:
            return
        try:
            there = self._reader.check_file()
            self._content.check(there, partial(_newest_event, self._database), self._seen)
        except LostInUse as loss:
            self._reader.note(loss)
            return
        except sqlite3.DatabaseError as error:
            log.info("Could not check %s: %s", self._database, error)
        self._mark(self._seen)
        if self._is_suspected and now >= self._suspect_from:
            self._is_suspected, self._suspect_from = False, now + PATIENCE_S
            self._check_at = now - PATIENCE_S
        try:
            if _is_the_moment(self._check_at, now, idle):
                self._check_at = now + PATIENCE_S
                self._check()
                self._check_at = now + EVERY_S
            elif _is_the_moment(self._copy_at, now, idle):
                self._copy_at = now + PATIENCE_S
                self._copy(now)
        except Interrupted:
            log.info("The check and backup of %s is postponed", self._database)
            if now >= self._overdue_at and not self._stopping.is_set():
                self._publish(StoreError("backup.overdue"))

    def _serve(self) -> None:
        while not self._stopping.wait(LOOK_EVERY_S):
            try:
                self.look()
            except Exception:
                log.exception("The check and backup of %s failed; trying again", self._database)

    def _check(self) -> None:
        damage = find_damage(self._database, self._must_end)
        if damage is not None:
            self._reader.note(damage)
        self._interrupt_if_due()

    def _copy(self, now: float) -> None:
        last = self._journal.last
        try:
            if last != self._copied:  # else the newest copy is complete
                at = datetime.fromtimestamp(self._clock.now(), UTC)
                back_up(self._database, at, self._interrupt_if_due)
        except StoreError as error:
            if isinstance(error, UnsoundCopy):
                self._check()  # the store itself may be damaged
            log.warning("%s", error)
            self._publish(error)
        else:
            self._copied = last
            self._copy_at = now + EVERY_S
            self._overdue_at = self._copy_at + DAY_S
            self._journal.board.take_back(NoticeId.BACKUP)

    def _first_copy(self) -> float:
        """Return when the next copy is due, steady s: ``EVERY_S`` after the newest one."""
        newest = newest_backup(self._database)
        age = EVERY_S if newest is None else self._clock.now() - newest.at.timestamp()
        return self._clock.steady() + EVERY_S - min(max(0.0, age), EVERY_S)

    def _interrupt_if_due(self) -> None:
        if self._must_end():
            raise Interrupted

    def _must_end(self) -> bool:
        return self._stopping.is_set() or self._log_bytes() > LOG_BYTES

    def _log_bytes(self) -> int:
        try:
            return self._log.stat().st_size
        except OSError:
            return 0

    def _publish(self, error: StoreError) -> None:
        newest = newest_backup(self._database)
        kind = "none" if newest is None else ""
        told = StoreError("backup.late", kind=kind, why=error.told, newest=newest and newest.when)
        self._journal.board.tell(notice_of(NoticeId.BACKUP, "warning", told))


def _is_the_moment(due: float, now: float, idle: bool) -> bool:
    return now >= due and (idle or now >= due + PATIENCE_S)


def find_damage(
    database: Path, is_ended: Callable[[], bool] = lambda: False
) -> sqlite3.DatabaseError | None:
    """Check the whole store; ``None`` if it is sound, or if ``is_ended`` stopped the check.

    The check blocks no reader or writer, but the log cannot shrink until it ends.
    """
    try:
        with closing(connect_reader(database)) as connection:
            if connection.execute("PRAGMA page_count").fetchone() == (0,):
                return sqlite3.DatabaseError(EMPTY)
            connection.set_progress_handler(is_ended, OPERATIONS)
            fault = fault_in(connection)
    except sqlite3.DatabaseError as error:
        return error if is_damage(error) or not database.exists() else None
    return None if fault is None else sqlite3.DatabaseError(fault)


class FileContent:
    """Notices that an older or foreign file was written into the open one, as ``cp`` does.

    SQLite does not look at the file again, and goes on with a mix of both. A copy of the log that
    was cut short by a full disk looks the same, but all pages together are sound.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._changed = _changed(path.stat()) if path.exists() else None
        self._in_file = _newest_in_file(path) or 0  # it only grows

    def check(
        self, there: os.stat_result | None, read_newest: Callable[[], int], least: int = 0
    ) -> None:
        """Raise ``LostInUse`` if the store's newest event is not that of a sound, growing file.

        ``there`` is what the system says of the file; it is read only if it has changed. ``least``
        is an event that it surely has.
        """
        changed = self._changed if there is None else _changed(there)
        if changed == self._changed:
            return
        in_file = _newest_in_file(self._path)
        if in_file is None:
            return
        newest = read_newest()
        is_odd = not self._in_file <= in_file <= newest
        if newest < least or (is_odd and find_damage(self._path) is not None):
            raise LostInUse(OVERWRITTEN)
        self._changed, self._in_file = changed, in_file


def _changed(file: os.stat_result) -> tuple[int, int]:
    """Return when a file changed, and its size: only a copy of the log into it changes them."""
    return file.st_mtime_ns, file.st_size


def _newest_in_file(path: Path) -> int | None:
    """Return the newest event in the file itself, without its log.

    0 if it has no events, -1 if it is no store, ``None`` if it cannot be read now.
    """
    url = f"{path.absolute().as_uri()}?mode=ro&immutable=1"
    try:
        with closing(sqlite3.connect(url, uri=True)) as connection:
            if connection.execute("PRAGMA page_count").fetchone() == (1,):
                return 0  # a new one, with all tables in its log
            return read_newest_event(connection)
    except sqlite3.DatabaseError as error:
        is_other = is_damage(error) or error.sqlite_errorcode == sqlite3.SQLITE_ERROR
        return -1 if is_other else None


def _newest_event(path: Path) -> int:
    """Return the store's newest event, with its log; raise ``LostInUse`` if it is no store."""
    try:
        with closing(connect_reader(path)) as connection:
            return read_newest_event(connection)
    except sqlite3.DatabaseError as error:
        if is_damage(error):
            raise LostInUse(OVERWRITTEN) from error
        raise


def damage_notice(damage: StoreDamaged) -> Notice:
    """Return the notice of a damaged store and what helps; it stays until the engine stops."""
    return notice_of(NoticeId.STORE, "error", damage)
