"""What search finds a group's tasks by: which words the index has of each, and has from now on.

Every task is found at once by its title, its recipient and its item's title. The fields of its
item, its arguments and its error follow in a quiet moment (``duties/search_indexing.py``): tasks
up to ``Memory.searched_to`` are found by these too, and by a new error at once. One that has had an
error is found by it whatever becomes of the task.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from desktop.engine.store.reads.vocabulary import (
    error_words,
    past_error_words,
    remembered,
    spelled,
    words,
)
from desktop.engine.store.tables import item_statements, statements
from desktop.engine.store.tables.compiled import batches
from desktop.engine.store.tables.cursor import Cursor
from desktop.engine.store.tables.records import BriefRecord, TaskRecord
from desktop.engine.store.tables.schema import SPELLED
from desktop.engine.transaction.memory import Memory


class SearchWords:
    """The words that a group changes in the index.

    The index keeps no text: what is taken out has to be word for word what was put in.
    """

    def __init__(self, cursor: Cursor, memory: Memory) -> None:
        self._cursor = cursor
        self._memory = memory
        self._pending: dict[int, tuple[str, str]] = {}  # what the index has, and is to have

    def put(self, task_id: int, before: str, after: str) -> None:
        """Have a task found by other words than ``before``, as it was until now."""
        known = self._pending.get(task_id)
        self._pending[task_id] = (before if known is None else known[0], after)

    def of(self, task: TaskRecord | BriefRecord, body: str | None) -> str:
        """Return the words a task is found by; ``body`` is its item's as it is now, JSON."""
        return words_of(task, body, deep=task.id <= self._memory.searched_to)

    def fail(self, task: TaskRecord, error: str | None) -> dict[str, str | None]:
        """Have a task found by another error and by those before it; returns what changes."""
        past = remembered(task.past_errors, task.error)
        if task.id <= self._memory.searched_to:
            body = self.bodies([task.item_id]).get(task.item_id) if task.item_id else None
            before = words_of(task, body, deep=True)
            self.put(task.id, before, words_of(task, body, deep=True, errors=(error, past)))
        return {} if past == task.past_errors else {"past_errors": past}

    def bodies(self, items: list[int]) -> dict[int, str]:
        """Read the present bodies of items, which are in the store by now."""
        found = self._cursor.execute(item_statements.BODIES, (json.dumps(items),))
        return dict(found.fetchall())

    def forget(self, task_id: int, text: str) -> None:
        """Take a task out of the index, which has these words of it."""
        self.put(task_id, text, "")

    def write(self) -> None:
        """Write what was collected so far."""
        if not self._pending:
            return
        changed = [(n, old, new) for n, (old, new) in self._pending.items() if old != new]
        gone = [(number, old) for number, old, _ in changed if old]
        come = [(number, new) for number, _, new in changed if new]
        if gone:
            self._cursor.executemany(statements.DELETE_WORDS, gone)
        for n, values in batches(come):
            self._cursor.execute(statements.insert_words(n), values)
        self._pending.clear()


def words_of(
    task: TaskRecord | BriefRecord,
    body: str | None,
    *,
    deep: bool,
    errors: tuple[str | None, str | None] | None = None,
) -> str:
    """Return the words of a task; ``deep`` are those of fields, arguments and errors too.

    ``errors`` are its error and the words of those before it, in place of what it has.
    """
    item = {} if body is None else json.loads(body)
    texts = [task.title, task.recipient, item.get("title")]
    if not deep:
        return words(*texts)
    own = "" if task.arguments == f"[[{task.item_id}],{{}}]" else task.arguments
    fields = " ".join(_values(item.get("fields")))[:SPELLED]
    error, past = errors or (task.error, task.past_errors)
    whole = words(*texts, fields, spelled(own), error)
    if error:
        whole = f"{whole} {error_words(error)}"
    return f"{whole} {past} {past_error_words(past)}" if past else whole


def _values(field: Any) -> Iterator[str]:
    """Give the texts and numbers in the value of a field."""
    match field:
        case dict():
            for each in field.values():
                yield from _values(each)
        case list():
            for each in field:
                yield from _values(each)
        case str() | int() | float() if not isinstance(field, bool):
            yield str(field)
