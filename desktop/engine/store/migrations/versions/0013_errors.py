"""The words of errors are in the index once more, by which errors can be asked alone.

How words are cut is written out here as it was in version 0012: a row leaves this index only with
the very words that it has.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator
from typing import Any

from alembic import op

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
TAG = re.compile(r'\{"\$type": ?"\w+", ?"value": ?')
ESCAPED = re.compile(r"\\u([0-9a-f]{4})|\\.")
IN_ERROR = "\ue000"


def upgrade() -> None:
    """Add them for the tasks whose errors the index has; a row goes with all words it has."""
    run = op.get_bind().exec_driver_sql
    for number, title, recipient, item_id, arguments, error, body in run(FAILED).fetchall():
        item = {} if body is None else json.loads(body)
        own = "" if arguments == f"[[{item_id}],{{}}]" else arguments
        fields = " ".join(_values(item.get("fields")))[:SPELLED]
        # What version 0012 has of the task.
        before = _words(title, recipient, item.get("title"), fields, _spelled(own), error)
        after = " ".join([before, *(IN_ERROR + word for word in _words(error).split())])
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


def _spelled(arguments: str) -> str:
    plain = TAG.sub(" ", arguments[:SPELLED])
    return ESCAPED.sub(lambda match: chr(int(match[1], 16)) if match[1] else " ", plain)


def _words(*texts: str | None) -> str:
    whole = unicodedata.normalize("NFKD", " ".join(filter(None, texts)))
    whole = "".join(c for c in whole if not unicodedata.combining(c)).casefold()
    return "".join(c if c.isalnum() else " " for c in whole).strip()
