"""The doctor's checks of the store and its backups, with or without a running backend."""

from __future__ import annotations

import errno
import os
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from desktop.settings.database_backups import (
    EMPTY,
    backups_folder,
    files_of,
    find_fault,
    newest_backup,
    was_there,
)
from desktop.settings.lock_file import is_held, store_lock
from desktop.shell.doctor import look, ok

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from desktop.shell.doctor import Finding

OLD: Final = timedelta(days=3)
"""A backup that is this much older than the store is overdue."""
_MIB: Final = 1 << 20
_ACCESS: Final = "give your user the right to read and write it and its folder."
_ADVICE: Final[dict[int | None, str]] = {
    errno.EACCES: _ACCESS,
    errno.EPERM: _ACCESS,
    errno.EROFS: "make its disk writable, or name another folder with --data-dir.",
}
"""What to do about an error number of the system."""


def look_at_store(database: Path) -> Iterator[Finding]:
    """Check every page of the database file, and its backups.

    Only a file that was read can be called damaged; for any other, say why it cannot be read.
    """
    try:
        if not database.exists():
            yield _missing(database)
            return
        if not database.is_file():
            again = "move it away, then run `sendoff doctor` again."
            yield look(f"Store {database} is not a file: {again}")
            return
        yield _checked(database)
        yield _copied(database)
    except (OSError, sqlite3.OperationalError) as error:
        yield look(f"Store {describe_barrier(database, error)}")


def describe_barrier(database: Path, error: OSError | sqlite3.OperationalError) -> str:
    """Say in sentences why a database cannot be opened, and what to do about it."""
    barrier = _barrier(database) or error
    advice = _ADVICE.get(getattr(barrier, "errno", None), "check its disk, and what else uses it.")
    reason = getattr(barrier, "strerror", None) or str(barrier)
    return f"{database} cannot be opened ({reason}), so it cannot be checked: {advice}"


def _barrier(database: Path) -> OSError | None:
    """Return the system's error if the file or its folder cannot be written.

    SQLite needs both, but does not say why it cannot open a file.
    """
    try:
        os.close(os.open(database, os.O_RDWR))
    except OSError as error:
        return error
    if not os.access(database.parent, os.W_OK | os.X_OK):
        return PermissionError(errno.EACCES, f"its folder: {os.strerror(errno.EACCES)}")
    return None


def _checked(database: Path) -> Finding:
    fault = find_fault(database, at_rest=False)
    if fault == EMPTY and not was_there(database):
        return _missing(database)
    if fault is not None:
        return look(f"Store {database} is damaged ({fault}): {_way_out(database)}")
    barrier = _barrier(database)
    if barrier is not None:
        advice = _ADVICE.get(barrier.errno, "check its disk.")
        return look(
            f"Store {database} is sound, but cannot be written ({barrier.strerror}): {advice}"
        )
    return _described(database)


def _missing(database: Path) -> Finding:
    if not was_there(database):
        return ok(f"Store {database}: it is made at the first start")
    return look(f"Store {database} is gone: {_way_out(database)}")


def _described(database: Path) -> Finding:
    with closing(sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True)) as connection:
        (version,) = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        (count,) = connection.execute("SELECT coalesce(sum(n), 0) FROM counts").fetchone()
    log = database.with_name(f"{database.name}-wal")
    size = sum(part.stat().st_size for part in (database, log) if part.exists()) / _MIB
    used = "a backend is at work on it" if is_held(store_lock(database)) else "no backend runs"
    tasks = "1 task" if count == 1 else f"{count:,} tasks"
    return ok(f"Store {database}: sound, version {version}, {tasks}, {size:.1f} MiB; {used}")


def _way_out(database: Path) -> str:
    backup = newest_backup(database)
    if backup is None:
        files = files_of(database)
        return f"there is no backup; move {files} away to begin with an empty list."
    return (
        "stop Sendoff and run `sendoff doctor --restore`, which puts its backup of "
        f"{backup.when} in its place; what came after that is lost."
    )


def _copied(database: Path) -> Finding:
    backup = newest_backup(database)
    if backup is None:
        return ok("Backups: none yet; the first is made while Sendoff runs and has nothing to do")
    text = f"Backups: the newest is of {backup.when}, {backup.size / _MIB:.1f} MiB"
    changed = datetime.fromtimestamp(database.stat().st_mtime, UTC)
    if changed - backup.at < OLD:
        return ok(text)
    folder = backups_folder(database)
    return look(f"{text}: see whether there is room in {folder}, and what the log says.")
