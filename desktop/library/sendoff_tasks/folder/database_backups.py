"""The backups of a database: where they are, whether one is sound, and how one is restored."""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sendoff_tasks.folder.lock_file import LockFile, store_lock
from sendoff_tasks.folder.paths import store_mark
from sendoff_tasks.folder.safe_files import (
    flush_folder,
    flush_to_disk,
    sweep_below,
    sweep_beside,
    target_of,
    temporary_beside,
)
from sendoff_tasks.words.table import ENGLISH

if TYPE_CHECKING:
    from collections.abc import Iterator


FOLDER: Final = "backups"
EMPTY: Final = "it is empty"
"""The fault of an empty file; it is no damage if there never was a database."""
STAMP: Final = "%Y%m%d-%H%M%S"
_DAMAGED: Final = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR}
"""SQLite's error codes for damaged content; the last one is for missing tables."""


@dataclass(frozen=True, slots=True)
class Backup:
    """One backup: its file, its time (UTC), and its size in bytes."""

    path: Path
    at: datetime
    size: int

    @property
    def when(self) -> str:
        """The local time, for people."""
        return f"{self.at.astimezone():%Y-%m-%d %H:%M}"


def backups_folder(database: Path) -> Path:
    """Return the folder of a database's backups, which is beside it."""
    return database.parent / FOLDER


def backup_path(database: Path, at: datetime) -> Path:
    """Return the path of the next backup, with a number above all existing ones.

    By time alone, a backup made while the clock was wrong could count as the newest for years.
    """
    number = max((number for number, _, _ in _found(database)), default=0) + 1
    name = f"{database.stem}-{at.astimezone(UTC):{STAMP}}-{number}.db"
    return backups_folder(database) / name


def list_backups(database: Path, *, unfinished: bool = False) -> list[Backup]:
    """List the backups of a database, the newest first.

    With ``unfinished``, one that is being made is among them, without a size.
    """
    backups = []
    for _, at, path in sorted(_found(database), reverse=True):
        if (name := target_of(path.name)) is None:
            with suppress(OSError):  # deleted meanwhile, or on a failing disk
                backups.append(Backup(path, at, path.stat().st_size))
        elif unfinished:
            backups.append(Backup(path.with_name(name), at, 0))
    return backups


def sweep_left_over(database: Path) -> None:
    """Delete backups that were not finished, and databases that were not restored to the end.

    Only the process with the store's lock may call it. Raises ``OSError``.
    """
    sweep_below(backups_folder(database))
    sweep_beside(database)


def _found(database: Path) -> list[tuple[int, datetime, Path]]:
    """List the backups, also unfinished ones, as number, time and path."""
    try:
        paths = list(backups_folder(database).iterdir())
    except OSError:
        return []
    pattern = re.compile(rf"{re.escape(database.stem)}-(\d{{8}}-\d{{6}})-(\d{{1,9}})\.db")
    found = []
    for path in paths:
        parts = pattern.fullmatch(target_of(path.name) or path.name)
        if parts is None:
            continue
        with suppress(ValueError):  # not a valid time
            at = datetime.strptime(parts[1], STAMP).replace(tzinfo=UTC)
            found.append((int(parts[2]), at, path))
    return found


def newest_backup(database: Path) -> Backup | None:
    """Find the newest backup; it was sound when it was made."""
    return next(iter(list_backups(database)), None)


def was_there(database: Path) -> bool:
    """Tell whether what is gone, or empty, was a database: something is left of it.

    That is a backup, its log or its mark, which is written after it. Ask this before SQLite opens
    an empty file: it deletes the log.
    """
    return bool(_left_of(database)) or newest_backup(database) is not None


def files_of(database: Path) -> str:
    """Name in a sentence what is left of a database: "it", its log, its mark."""
    left = [part.name for part in _left_of(database)]
    *others, last = ["it", *left] if database.exists() or not left else left
    return f"{', '.join(others)} and {last}" if others else last


def _left_of(database: Path) -> list[Path]:
    """List what is left beside a database, or in place of it."""
    log = database.with_name(f"{database.name}-wal")
    return [part for part in (log, store_mark(database)) if _has_content(part)]


def _has_content(path: Path) -> bool | None:
    """Tell whether a file has any content; ``None`` where that cannot be known."""
    try:
        return path.stat().st_size > 0
    except OSError:
        return None


def fault_in(connection: sqlite3.Connection) -> str | None:
    """Return the first fault of an open database; ``None`` if it is sound.

    SQLite compares indexes with rows, which takes 7 s at a million tasks. A bit that turned inside
    a text does not show.
    """
    (found,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
    return None if found == "ok" else " ".join(str(found).rpartition("***")[2].split())


def find_fault(database: Path, *, at_rest: bool) -> str | None:
    """Read all of a database or a backup, and return its fault; ``None`` if it is sound.

    With ``at_rest``, no process writes to it, and no file is created beside it. Raises
    ``sqlite3.OperationalError`` if it cannot be opened or read now, damaged or not.
    """
    if _has_content(database) is False:
        return EMPTY
    url = f"{database.as_uri()}?mode=ro" + ("&immutable=1" if at_rest else "")
    try:
        with closing(sqlite3.connect(url, uri=True)) as connection:
            if connection.execute("PRAGMA page_count").fetchone() == (0,):
                return EMPTY
            fault = fault_in(connection)
            store = connection.execute("SELECT value FROM meta WHERE key = 'store'").fetchone()
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorcode & 0xFF not in _DAMAGED:
            raise
        return str(error)
    return "its name is missing" if store is None else fault


RESTORED_AT: Final = "restored"
"""The key in ``meta`` with the time (epoch ms) of the restored backup, for the engine.

It is empty in an older store that something else put back, and in a copy."""
_PARTS: Final = ("", "-wal", "-shm", ".mark")
"""The files of a database: a remaining log would be read into a restored one."""


class RestoreError(Exception):
    """Nothing was restored; the text says why, and what to do."""


@dataclass(frozen=True, slots=True)
class RestoreReport:
    """The result of a restore: the backup, and the folder with the damaged files."""

    backup: Backup
    kept: Path

    @property
    def sentence(self) -> str:
        """The sentence about what was restored and what is lost."""
        check = ENGLISH.say("restored", "check")
        return ENGLISH.say(
            "restored", "in_place", backup=self.backup.when, check=check, folder=self.kept
        )


def restore(database: Path, backup: Backup | None = None) -> RestoreReport:
    """Replace a damaged database by a backup, and keep the damaged files in a folder beside it.

    Without ``backup``, the newest sound one is used. The engine starts paused on it. After a crash
    the database is in one of the two places, and a second call completes the restore. It takes as
    long as reading and writing the backup. Raises ``RestoreError`` if a backend has the database
    open, if there is no sound backup, if the disk refuses a write, or if the database is no file or
    cannot be opened, so it is not known whether it is damaged.
    """
    with _alone_with(database):
        chosen = _sound(database, backup)
        with temporary_beside(database) as fresh:
            _copy(chosen, fresh)
            kept = _move_away(database)
            fresh.replace(database)
        flush_folder(database.parent)
    return RestoreReport(chosen, kept)


def begin_empty(database: Path) -> Path:
    """Move a damaged database and its backups to a folder, and return it; an empty one can follow.

    Raises ``RestoreError`` if a backend has the database open, or if the disk refuses a write.
    """
    with _alone_with(database):
        kept = _move_away(database)
        for backup in list_backups(database):
            backup.path.replace(kept / backup.path.name)
        flush_folder(database.parent)
    return kept


@contextmanager
def _alone_with(database: Path) -> Iterator[None]:
    """Hold the database's lock, so no engine opens it; translates ``OSError``."""
    if database.exists() and not database.is_file():
        raise RestoreError(ENGLISH.say("restored", "no_file", file=database))
    lock = LockFile(store_lock(database))
    try:
        if not lock.take():
            raise RestoreError(ENGLISH.say("restored", "in_use"))
        try:
            if database.exists():
                os.close(os.open(database, os.O_RDWR))
            yield
        finally:
            lock.release()
    except OSError as error:
        why = f"{error.filename or database}: {error.strerror or error}"
        raise RestoreError(ENGLISH.say("restored", "failed", why=why)) from error


def _sound(database: Path, wanted: Backup | None) -> Backup:
    for backup in list_backups(database) if wanted is None else [wanted]:
        with suppress(sqlite3.OperationalError):  # an unreadable backup cannot be copied
            if find_fault(backup.path, at_rest=True) is None:
                return backup
    why = ENGLISH.say("restored", "unsound", folder=backups_folder(database))
    if left := [*([database] if database.exists() else []), *_left_of(database)]:
        files = " and ".join(map(str, left))
        why = ENGLISH.both(why, ENGLISH.say("restored", "begin_empty", files=files))
    raise RestoreError(why)


def _copy(backup: Backup, fresh: Path) -> None:
    """Copy a backup, mark it as restored, and flush it to the disk."""
    shutil.copyfile(backup.path, fresh)
    fresh.chmod(0o600)
    try:
        with closing(sqlite3.connect(fresh, isolation_level=None)) as connection:
            at = str(round(backup.at.timestamp() * 1000))
            connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (RESTORED_AT, at))
    except sqlite3.Error as error:
        raise RestoreError(ENGLISH.say("restored", "failed", why=error)) from error
    with fresh.open("rb+") as file:
        flush_to_disk(file.fileno())


def _move_away(database: Path) -> Path:
    """Move the damaged files to a folder, the log after the database: no other may read it."""
    kept = database.parent / f"damaged-{datetime.now(UTC):{STAMP}}"
    kept.mkdir(mode=0o700, exist_ok=True)
    with ExitStack() as back:  # all of it or nothing
        for end in _PARTS:
            part = database.with_name(database.name + end)
            if part.exists():
                part.replace(kept / part.name)
                back.callback((kept / part.name).replace, part)
        back.pop_all()
    flush_folder(kept)
    flush_folder(database.parent)
    return kept
