"""The words of errors are indexed a second time, so errors can be searched alone.

The code that splits text into words is a copy of version 0012's: a row can be removed from this
index only by giving exactly the words it has.
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
    """Add the words for tasks whose errors are indexed; remove each row by all its words."""
    run = op.get_bind().exec_driver_sql
    for number, title, recipient, item_id, arguments, error, body in run(FAILED).fetchall():
        item = {} if body is None else json.loads(body)
        own = "" if arguments == f"[[{item_id}],{{}}]" else arguments
        fields = " ".join(_values(item.get("fields")))[:SPELLED]
        # The words that version 0012 has indexed.
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
