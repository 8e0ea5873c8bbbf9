"""The words of errors are in the index once more, by which errors can be asked alone."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from alembic import op

from desktop.engine.store.reads.vocabulary import error_words, spelled, words

revision = "0013"
down_revision = "0012"

FAILED = """
SELECT t.id, t.title, t.recipient, t.item_id, t.arguments, t.error, coalesce(
    (SELECT body FROM corrections WHERE item_id = i.id ORDER BY number DESC LIMIT 1), i.body)
FROM tasks AS t LEFT JOIN items AS i ON i.id = t.item_id
WHERE t.error IS NOT NULL AND t.error <> ''
AND t.id <= (SELECT coalesce(sum(CAST(value AS INTEGER)), 0) FROM meta WHERE key = 'searched_to')
"""
SPELLED = 2_000


def upgrade() -> None:
    """Add them for the tasks whose errors the index has; a row goes with all words it has."""
    run = op.get_bind().exec_driver_sql
    for number, title, recipient, item_id, arguments, error, body in run(FAILED).fetchall():
        item = {} if body is None else json.loads(body)
        own = "" if arguments == f"[[{item_id}],{{}}]" else arguments
        fields = " ".join(_values(item.get("fields")))[:SPELLED]
        # What version 0012 has of the task.
        before = words(title, recipient, item.get("title"), fields, spelled(own), error)
        after = f"{before} {error_words(error)}"
        run("INSERT INTO words (words, rowid, text) VALUES ('delete', ?, ?)", (number, before))
        run("INSERT INTO words (rowid, text) VALUES (?, ?)", (number, after))


def _values(field: Any) -> Iterator[str]:
    match field:
        case dict():
            for each in field.values():
                yield from _values(each)
        case list():
            for each in field:
                yield from _values(each)
        case str() | int() | float() if not isinstance(field, bool):
            yield str(field)
