"""Sendoff as a later version would be, whose tables have changed since this one.

``python -m tests.versions.later 0040 serve …`` runs a command of it, or without one its window.
With ``SENDOFF_TESTS_SLOW``, a number of millions, each change takes long, about a second for six,
and is told at once.
"""

from __future__ import annotations

import os
import sys
from typing import Final

from desktop import __main__, child_process
from desktop.items.tables.schema import metadata
from sendoff_tasks.store import migrations
from sendoff_tasks.store.migrations import KEY, History, progress
from sendoff_tasks.store.migrations.migration import Migration

SLOW: Final = "SENDOFF_TESTS_SLOW"
_ROWS: Final = int(os.environ.get(SLOW, "0")) * 1_000_000
_COUNT: Final = (
    "DELETE FROM notes WHERE item = (SELECT -max(n) - 1 FROM (WITH RECURSIVE each(n) AS"
    " (SELECT 1 UNION ALL SELECT n + 1 FROM each WHERE n < ROWS) SELECT n FROM each) AS one)"
)
_LONG: Final = [_COUNT.replace("ROWS", str(_ROWS))] * bool(_ROWS)
_FILL: Final = "INSERT INTO notes SELECT id, attempt, coalesce(item_id, 0) FROM tasks"
_INDEX: Final = "CREATE INDEX notes_by_item ON notes (item)"
OWN: Final = (
    *migrations.OWN.migrations,
    Migration(
        "0040",
        sqlite=(
            "CREATE TABLE notes (task INTEGER PRIMARY KEY, tried INTEGER, item INTEGER) STRICT",
            _FILL,
            *_LONG,
            "DROP INDEX tasks_by_item",
            "CREATE INDEX tasks_by_item ON tasks (item_id)",
        ),
        postgres=(
            "CREATE TABLE notes (task BIGINT PRIMARY KEY, tried BIGINT, item BIGINT)",
            _FILL,
            *_LONG,
            "DROP INDEX tasks_by_item_and_id",
            "CREATE INDEX tasks_by_item_and_id ON tasks (item_id, id)",
        ),
    ),
    Migration(
        "0041",
        sqlite=(_INDEX, *_LONG),
        postgres=(_INDEX, *_LONG),
    ),
)
_MADE_ANEW: Final = (
    "ALTER TABLE items RENAME COLUMN words TO found_by",
    "ALTER TABLE items RENAME COLUMN found_by TO words",
)
ITEMS: Final = (
    *metadata.info[KEY].migrations,
    Migration("0040", sqlite=_MADE_ANEW, postgres=_MADE_ANEW),
)


def become(version: str) -> None:
    """Be a program of this version from now on."""
    migrations.OWN = History("", [each for each in OWN if each.version <= version])  # type: ignore[misc]
    metadata.info[KEY] = History("items", [each for each in ITEMS if each.version <= version])


if __name__ == "__main__":
    if _ROWS:
        progress.AFTER_S = progress.EVERY_S = 0.01  # type: ignore[misc]
    become(version := sys.argv.pop(1))
    program = [sys.executable, "-P", "-m", "tests.versions.later", version]
    child_process.program = lambda: program
    sys.exit(__main__.main())
