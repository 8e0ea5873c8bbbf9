"""Brings a file with the tables of an older version up to date, after a backup of it.

Each change is one transaction with its version: after a kill the next start goes on.
"""

from __future__ import annotations

import logging
import os
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from sqlalchemy import Table

from sendoff_tasks.folder.database_backups import newest_backup
from sendoff_tasks.store.backup import PAGES, BackupError, UnsoundCopy, back_up
from sendoff_tasks.store.database import (
    due_in,
    open_outdated,
    read_only,
    refuse_others,
    sentences_of,
    store_id,
)
from sendoff_tasks.store.errors import NotUpdated, StoreDamaged, is_damage
from sendoff_tasks.store.migrations import PUT, Due, version_key
from sendoff_tasks.store.migrations.progress import Tell, UpdateProgress
from sendoff_tasks.store.tables.statements import read_newest_event

COPIED: Final = 0.5
"""The part of an update that is done once the backup is."""
_SET_OWN: Final = "UPDATE alembic_version SET version_num = ?"

log = logging.getLogger(__name__)


def update_store(path: Path, tables: Sequence[Table], tell: Tell = lambda _: None) -> None:
    """Change the tables of an older version into those of this one; ``tables`` are of features.

    Without such a change nothing is written, neither to the file nor to its log. ``tell`` hears how
    far it is once it takes long. Raises ``OtherVersion`` for a version that cannot be brought up to
    date, ``NotUpdated``, ``StoreDamaged`` or ``StoreError``.
    """
    if not path.is_file() or path.stat().st_size == 0:
        return
    with sentences_of(path):
        os.close(os.open(path, os.O_RDWR))
        refuse_others(path)
        with closing(read_only(path)) as source:
            due = due_in(source, path, tables)
    if due:
        log.warning("%s is brought up to date; changes of its tables: %d", path, len(due))
        with UpdateProgress(tell) as progress:
            _back_up(path, progress)
            with sentences_of(path), closing(open_outdated(path)) as connection:
                _run(connection, due, progress)


def _back_up(path: Path, progress: UpdateProgress) -> None:
    """Make a backup, unless the newest one is of this state: a kill came after it."""
    newest = newest_backup(path)
    if newest is not None and _state(newest.path) == _state(path):
        return
    steps = path.stat().st_size / (PAGES * 4096) + 1

    def before_step() -> None:
        progress.done = min(COPIED, progress.done + COPIED / steps)

    try:
        log.warning("Its backup is %s", back_up(path, datetime.now(UTC), before_step))
    except UnsoundCopy as error:
        raise StoreDamaged(path, error.data["why"]) from error
    except BackupError as error:
        raise NotUpdated(error.told) from error
    progress.done = COPIED


def _state(path: Path) -> tuple[str, int] | None:
    """Return the store's id and newest event; ``None`` if the file cannot be read."""
    try:
        with closing(read_only(path)) as source:
            return store_id(source), read_newest_event(source)
    except sqlite3.Error:
        return None


def _run(connection: sqlite3.Connection, due: Sequence[Due], progress: UpdateProgress) -> None:
    step = (1 - progress.done) / sum(len(each.migration.sqlite) + 1 for each in due)
    for name, migration in due:
        try:
            connection.execute("BEGIN IMMEDIATE")
            for statement in migration.sqlite:
                connection.execute(statement)
                progress.done += step
            if name:
                connection.execute(PUT, (version_key(name), migration.version))
            else:
                connection.execute(_SET_OWN, (migration.version,))
            connection.execute("COMMIT")
        except sqlite3.DatabaseError as error:
            if is_damage(error):
                raise
            raise NotUpdated(f"{error}.") from error
        progress.done += step
