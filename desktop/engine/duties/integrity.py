"""Looking whether the store is sound, beside everybody who uses it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Final

from desktop.contract.events import Notice
from desktop.engine.events.notices import STORE
from desktop.engine.store.file.connect import connect_reader
from desktop.engine.store.file.errors import StoreDamaged, is_damage
from desktop.settings.backups import fault_of

OPERATIONS: Final = 20_000
"""SQLite's own between two questions whether to go on; a few ms."""


def find_damage(
    database: Path, is_ended: Callable[[], bool] = lambda: False
) -> sqlite3.DatabaseError | None:
    """Compare all of the store; ``None`` where it is sound, or ``is_ended`` said to stop.

    Nobody waits for it, but until it ends the log cannot shrink.
    """
    try:
        with closing(connect_reader(database)) as connection:
            if connection.execute("PRAGMA page_count").fetchone() == (0,):
                return sqlite3.DatabaseError("it is empty")
            connection.set_progress_handler(is_ended, OPERATIONS)
            (found,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
    except sqlite3.DatabaseError as error:
        return error if is_damage(error) or not database.exists() else None
    fault = fault_of(found)
    return None if fault is None else sqlite3.DatabaseError(fault)


def damage_notice(damage: StoreDamaged) -> Notice:
    """Say that the store is damaged, and what puts it right; nobody takes that back."""
    return Notice(id=STORE, level="error", text=str(damage), action=None, active=True)
