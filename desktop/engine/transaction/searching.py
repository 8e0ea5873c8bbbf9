"""The search index: the words by which each of a group's tasks is found, before and after.

A task is found at once by its title, its recipient and its item's title. Its item's fields, its
arguments and its error are indexed in a quiet moment (``duties/search_indexing.py``). Tasks up to
``SearchWords.searched_to`` have these words, and get those of a new error at once. A task is found
by all errors it has had, however it ends. After an item is corrected, all its tasks are also found
by the item's current recipient, even those that went to another one.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from desktop.engine.store.reads.vocabulary import (
    error_words,
    past_error_words,
    remembered,
    spelled,
    words,
)
from desktop.engine.store.tables import item_statements, statements
from desktop.engine.store.tables.compiled import batches
from desktop.engine.store.tables.cursor import Cursor, Source
from desktop.engine.store.tables.records import BriefRecord, TaskRecord
from desktop.engine.store.tables.schema import SPELLED
from desktop.engine.transaction.parts import Part

if TYPE_CHECKING:
    from desktop.engine.transaction.group import Group


class ItemTexts(NamedTuple):
    """The item's words for its tasks: its body as JSON, and its recipient if corrected."""

    body: str
    recipient: str | None = None


@dataclass(slots=True)
class Indexing:
    """When new tasks become searchable by all their words; times are epoch ms, 0 for none."""

    due: int = 0
    at_latest: int = 0
    newest: int = 0  # the last task when the previous group looked
    told: int = 0  # listeners know that tasks up to this one can be found by all their words
    told_at: int = 0


class SearchWords(Part):
    """The changes of one group to the index, and how far tasks can be found by all their words.

    The index stores no text, so words are removed by giving exactly the words that were added.
    """

    _cursor: Cursor

    def __init__(self) -> None:
        self.searched_to = 0  # the last task that can be found by all its words
        self.indexing = Indexing()
        self._pending: dict[int, tuple[str, str]] = {}  # by task: words in the index, words to be

    def load(self, source: Source) -> None:
        """Read how far the index is complete."""
        row = source.execute(statements.META, (statements.SEARCHED_TO,)).fetchone()
        self.searched_to = self.indexing.told = int(row[0]) if row else 0

    def begin(self, group: Group) -> None:
        """Forget the changes of a failed group."""
        self._cursor = group.cursor
        self._pending.clear()

    def put(self, task_id: int, before: str, after: str) -> None:
        """Replace a task's words ``before``, which the index has now, by ``after``."""
        known = self._pending.get(task_id)
        self._pending[task_id] = (before if known is None else known[0], after)

    def of(self, task: TaskRecord | BriefRecord, item: ItemTexts | None) -> str:
        """Return a task's words; ``item`` is its item as it is now."""
        return words_of(task, item, deep=task.id <= self.searched_to)

    def fail(self, task: TaskRecord, error: str | None) -> dict[str, str | None]:
        """Index a new error beside the earlier ones; return the columns that change."""
        past = remembered(task.past_errors, task.error)
        if task.id <= self.searched_to:
            item = self.texts([task.item_id]).get(task.item_id) if task.item_id else None
            before = words_of(task, item, deep=True)
            self.put(task.id, before, words_of(task, item, deep=True, errors=(error, past)))
        return {} if past == task.past_errors else {"past_errors": past}

    def texts(self, items: list[int]) -> dict[int, ItemTexts]:
        """Read the current texts of items that are in the store."""
        return texts_of(self._cursor, items)

    def forget(self, task_id: int, text: str) -> None:
        """Remove a task from the index, which has the words ``text`` for it."""
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


def texts_of(source: Cursor | Source, items: list[int]) -> dict[int, ItemTexts]:
    """Read the current texts of items."""
    found = source.execute(item_statements.PRESENT, (json.dumps(items),)).fetchall()
    return {number: ItemTexts(*texts) for number, *texts in found}


def words_at_once(title: str | None, recipient: str | None, item: ItemTexts | None) -> str:
    """Return the words of a new task."""
    return words(*_texts(title, recipient, item)[0])


def words_of(
    task: TaskRecord | BriefRecord,
    item: ItemTexts | None,
    *,
    deep: bool,
    errors: tuple[str | None, str | None] | None = None,
) -> str:
    """Return a task's words; ``deep`` includes those of fields, arguments and errors.

    ``errors`` are an error and the words of earlier ones that replace the task's own.
    """
    texts, body = _texts(task.title, task.recipient, item)
    if not deep:
        return words(*texts)
    own = "" if task.arguments == f"[[{task.item_id}],{{}}]" else task.arguments
    fields = " ".join(_values(body.get("fields")))[:SPELLED]
    error, past = errors or (task.error, task.past_errors)
    whole = words(*texts, fields, spelled(own), error)
    if error:
        whole = f"{whole} {error_words(error)}"
    return f"{whole} {past} {past_error_words(past)}" if past else whole


def _texts(
    title: str | None, recipient: str | None, item: ItemTexts | None
) -> tuple[list[str | None], dict[str, Any]]:
    """Return the texts a task is found by at once, and its item's body."""
    if item is None:
        return [title, recipient], {}
    body = json.loads(item.body) or {}
    elsewhere = None if item.recipient == (recipient or "") else item.recipient
    return [title, recipient, body.get("title"), elsewhere], body


def lone_words(body: str) -> str:
    """Return the words by which an item without a task is found, each after a space."""
    item = json.loads(body) or {}
    to, fields = item.get("recipient") or {}, " ".join(_values(item.get("fields")))[:SPELLED]
    return f" {words(item.get('title'), to.get('name'), to.get('email'), fields)}"


def _values(field: Any) -> Iterator[str]:
    """Yield the texts and numbers in a field's value."""
    match field:
        case dict():
            for each in field.values():
                yield from _values(each)
        case list():
            for each in field:
                yield from _values(each)
        case str() | int() | float() if not isinstance(field, bool):
            yield str(field)
