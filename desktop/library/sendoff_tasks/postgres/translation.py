"""Translates statements from SQLite's SQL to PostgreSQL's; the SQLite text identifies each.

Most of the SQL is the same in both. Two tables have the differences: whole statements, and words.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import chain, count
from typing import Any, Final

from sqlalchemy import Table

from sendoff_tasks.postgres.schema import NUMBERS
from sendoff_tasks.store.reads import detail, searches
from sendoff_tasks.store.reads.conditions import BY_ROW
from sendoff_tasks.store.reads.vocabulary import LONGEST
from sendoff_tasks.store.tables import statements
from sendoff_tasks.store.tables.cursor import columns, insert_rows
from sendoff_tasks.text import folded

_QUERY: Final = (
    """CAST(replace(replace(replace(replace(?, '"', ''''), '''*', ''':*'), ' AND ', ' & '),"""
    """ ' OR ', ' | ') AS tsquery)"""
)
"""Turns a query of FTS5 into one of PostgreSQL."""
_COUNT_WORD: Final = f"""
WITH asked AS MATERIALIZED (SELECT {_QUERY} AS query, ?::bigint AS most)
SELECT CASE WHEN (
    SELECT count(*) > 50 FROM asked, (SELECT * FROM words ORDER BY task_id DESC LIMIT 1000) AS new
    WHERE new.words @@ query
) THEN (SELECT most FROM asked) ELSE (
    SELECT count(*) FROM
        (SELECT 1 FROM asked, words WHERE words.words @@ query LIMIT (SELECT most FROM asked))
        AS found
) END"""  # noqa: S608
"""The index collects all tasks with a word; a word of many new tasks is therefore not counted."""
_LAST_TASK: Final = (
    f"SELECT CASE WHEN is_called THEN last_value + {NUMBERS - 1} ELSE 0 END"  # noqa: S608
    " FROM tasks_id_seq"
)
"""A process reserves ``NUMBERS`` task numbers at once, and may have given all of them."""
_SET_LAST_TASK: Final = (
    "SELECT count(nextval('tasks_id_seq')) FROM generate_series(1,"  # noqa: S608
    f" (?::bigint - (SELECT last_value FROM tasks_id_seq)) / {NUMBERS} + 1)"
)
"""Takes a tenth of a second for a million numbers; ``setval`` needs a right of its own."""
TEXTS: Final = {
    statements.CONTINUE_LINE: statements.CONTINUE_LINE.replace("max(", "greatest(", 1),
    statements.LAST_TASK: _LAST_TASK,
    statements.FORGET_LAST_TASK: "SELECT NULL",
    statements.SET_LAST_TASK: _SET_LAST_TASK,
    detail.RAN_ON: "SELECT attempt, worker FROM ran_on WHERE task_id = ?",
    # In the order of tasks, the server would go through all tasks without the word one by one.
    searches.COUNT_WORD: _COUNT_WORD,
    searches.FIRST_WITH_WORD: (
        "SELECT 1 WHERE ?::text IS NOT NULL AND EXISTS (SELECT 1 FROM words)"
    ),
    searches.LAST_WITH_WORD: "SELECT max(task_id) FROM words WHERE ?::text IS NOT NULL",
    statements.NEXT_WORD: "SELECT NULL WHERE ?::text IS NULL",  # a prefix is searched as it is
    statements.DELETE_WORDS: "DELETE FROM words WHERE task_id = ? AND ?::text IS NOT NULL",
}
"""Whole statements of the engine that differ: SQLite's text → PostgreSQL's."""

_INTO_WORDS: Final = statements.INSERT_WORDS.removesuffix("(?, ?)")
_TO_WORDS: Final = (
    "INSERT INTO words SELECT column1::bigint, array_to_tsvector(ARRAY(SELECT DISTINCT"  # noqa: S608
    f" left(word, {LONGEST}) FROM unnest(string_to_array(column2, ' ')) AS word WHERE word <> ''))"
    " FROM (VALUES {}) AS given"
)
"""Adds the words of tasks to their index, for any number of tasks."""
_CASED: Final = 0x2100
"""The scripts that have cases end before, but for rare ones."""
_FOLDED: Final = {
    each: folded(each)
    for each in map(chr, range(_CASED))
    if each.isalpha() and each != folded(each) and len(folded(each)) == 1
}
"""Letters with accents, and what they are without."""
_LETTERS: Final = f"'{''.join(_FOLDED)}', '{''.join(_FOLDED.values())}'"
_WORDS: Final = (
    (
        re.compile(r"SELECT value\s+FROM json_each\(\?\)"),
        "SELECT value::bigint FROM jsonb_array_elements_text(?::jsonb) AS value",
    ),
    (
        re.compile(r"SELECT atom\s+FROM json_each\(\?\)"),
        "SELECT value FROM jsonb_array_elements_text(?::jsonb) AS value",
    ),
    (re.compile(r"json_extract\((.*?), '\$\.(\w+)'\)", re.DOTALL), r"((\1)::jsonb ->> '\2')"),
    (re.compile(r"\bIS NOT (?!NULL\b)"), "IS DISTINCT FROM "),
    (re.compile(r"\+tasks\.state"), "(tasks.state || '')"),  # by no index
    (re.compile(r"\binstr\("), "strpos("),
    (re.compile(r"\bCROSS JOIN\b"), "JOIN"),  # in SQLite it sets the first table
    (re.compile(r" INDEXED BY \w+"), ""),
    (
        re.compile(r"\bjson_group_array\((.*?)\)(?= AS )", re.DOTALL),
        r"coalesce(json_agg(\1), '[]')::text",
    ),
    (re.compile(r"\bjson_array\("), "json_build_array("),
    # The index of words would collect all tasks with one.
    (re.compile(rf"(\S+) {re.escape(BY_ROW)} \?"), r"((\1 MATCH ?) IS TRUE)"),
    (re.compile(r"\bwords\.rowid\b"), "words.task_id"),
    (re.compile(r" MATCH \?"), f" @@ {_QUERY}"),
    (re.compile(r"\blength\(CAST\((\S+) AS BLOB\)\)"), r"octet_length(\1)"),
    (re.compile(r"\bfolded\((\S+)\)"), rf"replace(translate(lower(\1), {_LETTERS}), 'ß', 'ss')"),
)
"""Parts of statements that differ: SQLite's pattern → PostgreSQL's text."""


@lru_cache(maxsize=1024)
def translated(statement: str) -> bytes:
    """Return a statement in PostgreSQL's SQL, with ``$1`` for its first parameter."""
    text = TEXTS.get(statement, statement)
    if text.startswith(_INTO_WORDS):
        text = _TO_WORDS.format(text.removeprefix(_INTO_WORDS))
    for pattern, other in _WORDS:
        text = pattern.sub(other, text)
    places = count(1)
    return re.sub(r"\?", lambda _: f"${next(places)}", text).encode()


MANY: Final = 8
"""From this many rows on, a value that all rows share is sent as one parameter. Fewer rows may be
alike by chance, and each combination of shared values is one more statement to plan."""


def insert_of(table: Table, rows: Sequence[tuple[Any, ...]]) -> tuple[str, tuple[Any, ...]]:
    """Return the insert of rows, whose values are in the table's order, and its parameters."""
    by_column = list(zip(*rows, strict=True))
    alike = tuple(map(_are_alike, by_column))
    once = (values[0] for values, are_alike in zip(by_column, alike, strict=True) if are_alike)
    own = (values for values, are_alike in zip(by_column, alike, strict=True) if are_alike is False)
    given = chain(once, chain.from_iterable(zip(*own, strict=True)))
    return _insert(table, alike, len(rows)), tuple(given)


def _are_alike(values: tuple[Any, ...]) -> bool | None:
    """Tell whether many values are all the same; ``None`` if all are NULL, even of few."""
    if values.count(values[0]) < len(values):
        return False
    return None if values[0] is None else len(values) >= MANY


@lru_cache(maxsize=256)
def _insert(table: Table, alike: tuple[bool | None, ...], rows: int) -> str:
    """Return the insert's text; the parameters of shared values come first."""
    names = zip(columns(table), alike, strict=True)
    given = tuple(name for name, are_alike in names if are_alike is not None)
    head = insert_rows(table, given, 1).partition(" VALUES ")[0]
    own = count(alike.count(True) + 1)

    def row() -> str:
        once = count(1)
        places = (next(once if each else own) for each in alike if each is not None)
        return ", ".join(f"${place}" for place in places)

    return f"{head} VALUES {', '.join(f'({row()})' for _ in range(rows))}"
