"""Migrates an older database to the current version, after making a backup."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine
from sqlalchemy.pool import StaticPool

from desktop.engine.store.errors import StoreDamaged
from desktop.engine.store.file.backup import UnsoundCopy, copy_store

SCRIPTS: Final = Path(__file__).parents[1] / "migrations"


def migrate(
    connection: sqlite3.Connection, path: Path, version: str, scripts: Path = SCRIPTS
) -> None:
    """Run the migrations up to ``version`` in one transaction.

    Nothing changes unless a sound backup could be made first: raises ``BackupError`` or
    ``StoreDamaged``.
    """
    try:
        copy_store(connection, path, datetime.now(UTC))
    except UnsoundCopy as error:
        raise StoreDamaged(path, error.fault) from error
    config = Config()
    config.set_main_option("script_location", str(scripts).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    engine = create_engine("sqlite://", creator=lambda: connection, poolclass=StaticPool)
    with engine.connect() as bound:
        bound.exec_driver_sql("BEGIN IMMEDIATE")
        config.attributes["connection"] = bound
        try:
            command.upgrade(config, version)
        except BaseException:
            bound.rollback()
            raise
        bound.commit()
