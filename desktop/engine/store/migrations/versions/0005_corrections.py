"""Corrections of items, repeats of tasks, and failures marked as seen."""

from __future__ import annotations

import json

import sqlalchemy as sa
from alembic import op

from desktop.engine.store.reads.vocabulary import words

revision = "0005"
down_revision = "0004"

LOOSE = """
SELECT tasks.id, tasks.title, tasks.recipient, items.body FROM tasks
JOIN items ON items.id = tasks.item_id
WHERE tasks.id NOT BETWEEN items.first_task AND items.first_task + items.task_count - 1
"""


def upgrade() -> None:
    """Add the columns at the end, so only the rows of failures are rewritten."""
    op.execute(
        "CREATE TABLE corrections (item_id INTEGER NOT NULL, number INTEGER NOT NULL, "
        "at INTEGER NOT NULL, body TEXT NOT NULL, recipient TEXT NOT NULL, "
        "PRIMARY KEY (item_id, number)) WITHOUT ROWID, STRICT"
    )
    op.add_column("tasks", sa.Column("resend_of", sa.Integer))
    op.add_column("tasks", sa.Column("seen", sa.Integer))
    op.add_column("tasks", sa.Column("addressee", sa.Text))
    op.execute("UPDATE tasks SET seen = 0 WHERE state IN ('failed', 'uncertain')")
    has_one = sa.text("seen IS NOT NULL")
    op.create_index("tasks_by_seen", "tasks", ["seen", "id"], sqlite_where=has_one)
    _find_by_title()


def _find_by_title() -> None:
    """Make search find the loose tasks of an item, too, by the item's title."""
    run = op.get_bind().exec_driver_sql
    for number, title, recipient, body in run(LOOSE).fetchall():
        item = json.loads(body).get("title")
        before, after = words(title, recipient), words(title, recipient, item)
        if before == after:
            continue
        if before:
            run("INSERT INTO words (words, rowid, text) VALUES ('delete', ?, ?)", (number, before))
        run("INSERT INTO words (rowid, text) VALUES (?, ?)", (number, after))
