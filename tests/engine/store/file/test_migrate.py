"""Bringing an older database to the present version."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory

from desktop.engine.store.errors import StoreDamaged
from desktop.engine.store.file import backup
from desktop.engine.store.file.database import open_store
from desktop.engine.store.file.migrate import SCRIPTS, migrate
from desktop.engine.store.tables import schema
from desktop.settings.database_backups import list_backups

NEXT = '''
"""Adds a column, and keeps a mark in it."""
from alembic import op
import sqlalchemy as sa

revision = "9999"
down_revision = "{before}"


def upgrade():
    with op.batch_alter_table("items") as items:
        items.add_column(sa.Column("colour", sa.Text, server_default="red"))
    op.execute({statement!r})
'''


@pytest.fixture
def scripts(tmp_path: Path) -> Path:
    folder = tmp_path / "migrations"
    shutil.copytree(SCRIPTS, folder, ignore=shutil.ignore_patterns("__pycache__"))
    return folder


def write(scripts: Path, statement: str) -> None:
    (scripts / "versions" / "9999_colour.py").write_text(
        NEXT.format(before=schema.VERSION, statement=statement)
    )


def test_the_newest_migration_is_the_schemas_version() -> None:
    assert ScriptDirectory(str(SCRIPTS)).get_current_head() == schema.VERSION


def test_it_runs_what_is_missing_and_keeps_a_copy(tmp_path: Path, scripts: Path) -> None:
    path = tmp_path / "store.db"
    connection = open_store(path)
    connection.execute("INSERT INTO items VALUES (1, 2, '{}', 1, 0, NULL, NULL)")
    write(scripts, "UPDATE items SET body = '[]'")
    migrate(connection, path, "9999", scripts)
    row = connection.execute("SELECT id, body, colour FROM items").fetchone()
    assert row == (1, "[]", "red")
    assert connection.execute("SELECT * FROM alembic_version").fetchall() == [("9999",)]
    (kept,) = list_backups(path)
    copy = sqlite3.connect(kept.path)
    assert copy.execute("SELECT body FROM items").fetchall() == [("{}",)]
    copy.close()
    connection.close()


def test_one_that_fails_leaves_the_database_as_it_was(tmp_path: Path, scripts: Path) -> None:
    path = tmp_path / "store.db"
    connection = open_store(path)
    write(scripts, "UPDATE missing SET x = 1")
    with pytest.raises(Exception, match="no such table"):
        migrate(connection, path, "9999", scripts)
    assert connection.execute("SELECT * FROM alembic_version").fetchall() == [(schema.VERSION,)]
    columns = [row[1] for row in connection.execute("PRAGMA table_info(items)")]
    assert "colour" not in columns
    assert len(list_backups(path)) == 1
    connection.close()


def test_nothing_is_changed_without_a_copy(
    tmp_path: Path, scripts: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "store.db"
    connection = open_store(path)
    write(scripts, "UPDATE items SET body = '[]'")
    monkeypatch.setattr(backup, "RESERVE", 1 << 60)
    with pytest.raises(backup.BackupError, match="A backup needs"):
        migrate(connection, path, "9999", scripts)
    assert connection.execute("SELECT * FROM alembic_version").fetchall() == [(schema.VERSION,)]
    connection.close()


def test_a_damaged_database_is_not_changed_but_named(tmp_path: Path, scripts: Path) -> None:
    path = tmp_path / "store.db"
    connection = open_store(path)
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    root = "SELECT rootpage FROM sqlite_schema WHERE name = 'tasks_by_end'"
    (page,) = connection.execute(root).fetchone()
    connection.close()
    with path.open("r+b") as file:
        file.seek((page - 1) * 4096)
        file.write(bytes(range(256)) * 16)
    connection = open_store(path)
    write(scripts, "UPDATE items SET body = '[]'")
    with pytest.raises(StoreDamaged, match=r"store\.db cannot be used"):
        migrate(connection, path, "9999", scripts)
    assert list_backups(path) == []
    connection.close()


def test_alembic_is_not_imported_without_a_migration_to_run(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path;"
        "from desktop.engine.store.file.database import open_store;"
        "open_store(Path(sys.argv[1])).close(); open_store(Path(sys.argv[1])).close();"
        "print('alembic' in sys.modules)"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "store.db")]
    assert subprocess.run(command, capture_output=True, check=True).stdout == b"False\n"
