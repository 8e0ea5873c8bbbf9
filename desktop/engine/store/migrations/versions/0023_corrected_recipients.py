"""Search finds the tasks of a corrected item by the item's current recipient, too.

The code that splits text into words is a copy of version 0022's: a row can be removed from this
index only by giving exactly the words it has.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator
from typing import Any

from alembic import op

revision = "0023"
down_revision = "0022"

NEWEST = """SELECT max(number) FROM corrections WHERE item_id = c.item_id"""
ELSEWHERE = f"""
SELECT t.id, t.title, t.recipient, t.item_id, t.arguments, t.error, t.past_errors,
    c.body, c.recipient, t.id <= (SELECT coalesce(sum(CAST(value AS INTEGER)), 0)
        FROM meta WHERE key = 'searched_to')
FROM corrections AS c JOIN tasks AS t ON t.item_id = c.item_id
WHERE c.number = ({NEWEST}) AND t.recipient <> c.recipient
"""  # noqa: S608 - made of constants
SPELLED = 2_000
TAG = re.compile(r'\{"\$type": ?"\w+", ?"value": ?')
ESCAPED = re.compile(r"\\u([0-9a-f]{4})|\\.")
IN_ERROR, IN_PAST_ERROR = "\ue000", "\ue001"


def upgrade() -> None:
    """Add the words for tasks with another recipient; remove each row by all its words."""
    run = op.get_bind().exec_driver_sql
    for number, *task, body, recipient, is_deep in run(ELSEWHERE).fetchall():
        before = _found_by(tuple(task), json.loads(body), is_deep=is_deep)
        after = f"{before} {_words(recipient)}"
        if before:
            run("INSERT INTO words (words, rowid, text) VALUES ('delete', ?, ?)", (number, before))
        if after.strip():
            run("INSERT INTO words (rowid, text) VALUES (?, ?)", (number, after))


def _found_by(task: tuple[Any, ...], item: dict[str, Any], *, is_deep: bool) -> str:
    """Return the words that version 0022 has indexed for a task."""
    title, recipient, item_id, arguments, error, past = task
    texts = title, recipient, item.get("title")
    if not is_deep:
        return _words(*texts)
    own = "" if arguments == f"[[{item_id}],{{}}]" else arguments
    fields = " ".join(_values(item.get("fields")))[:SPELLED]
    found = [_words(*texts, fields, _spelled(own), error)]
    found += [IN_ERROR + word for word in _words(error).split()]
    found += [past or "", *(IN_PAST_ERROR + word for word in (past or "").split())]
    return " ".join(found)


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
