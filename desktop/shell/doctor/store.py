"""The store: whether it is there, sound, and copied; with or without a backend at work on it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from desktop.settings.backups import backups_folder, find_fault, newest_backup
from desktop.settings.lock_file import is_held, store_lock
from desktop.shell.doctor.finding import look, ok

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from desktop.shell.doctor.finding import Finding

OLD: Final = timedelta(days=3)
"""A backup that is so much older than the store should have had a successor."""
_MIB: Final = 1 << 20


def look_at_store(database: Path) -> Iterator[Finding]:
    """Look at the file of items and tasks, every page of it, and at its backups."""
    if not database.exists():
        yield _missing(database)
        return
    if not database.is_file():
        again = "move it away, then run `sendoff doctor` again."
        yield look(f"Store {database} is not a file: {again}")
        return
    fault = find_fault(database, at_rest=False)
    if fault is None:
        yield _described(database)
    else:
        yield look(f"Store {database} is damaged ({fault}): {_way_out(database)}")
    yield _copied(database)


def _missing(database: Path) -> Finding:
    if newest_backup(database) is None:
        return ok(f"Store {database}: it is made at the first start")
    return look(f"Store {database} is gone: {_way_out(database)}")


def _described(database: Path) -> Finding:
    with closing(sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True)) as connection:
        (version,) = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        (count,) = connection.execute("SELECT coalesce(sum(n), 0) FROM counts").fetchone()
    log = database.with_name(f"{database.name}-wal")
    size = sum(part.stat().st_size for part in (database, log) if part.exists()) / _MIB
    used = "a backend is at work on it" if is_held(store_lock(database)) else "no backend runs"
    return ok(f"Store {database}: sound, version {version}, {count} tasks, {size:.1f} MiB; {used}")


def _way_out(database: Path) -> str:
    backup = newest_backup(database)
    if backup is None:
        return "there is no backup; move it away to begin with an empty list."
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
