"""Small databases and backups that say a text, and damage to them."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from sendoff_tasks.folder.database_backups import backup_path

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def write(path: Path, text: str) -> Path:
    """Make a database that says ``text``."""
    path.parent.mkdir(exist_ok=True)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID")
        connection.execute("INSERT INTO meta VALUES ('store', ?)", (text,))
        connection.execute("CREATE TABLE filling (text)")
        connection.execute("INSERT INTO filling VALUES (?)", ("x" * 50_000,))
    return path


def read(path: Path) -> dict[str, str]:
    with closing(sqlite3.connect(path)) as connection:
        return dict(connection.execute("SELECT key, value FROM meta").fetchall())


def damage(path: Path) -> None:
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(bytes(range(256)) * 16)


def backed_up(database: Path, at: datetime, text: str) -> Path:
    return write(backup_path(database, at), text)
