"""What a store has of the person an item is for: the same address, anywhere."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from desktop.contract.rules.mailbox import written_address
from desktop.engine.errors import UnknownId
from desktop.engine.store.tables.cursor import Source
from desktop.items.reads.items import ITEM, as_body

_ITEMS: Final = """
SELECT i.id, coalesce((SELECT c.body FROM corrections AS c WHERE c.item_id = i.id
ORDER BY c.number DESC LIMIT 1), i.body) FROM items AS i
WHERE instr(lower(i.body), ?) > 0
OR i.id IN (SELECT item_id FROM corrections WHERE address = ?)
"""
_TASKS: Final = "SELECT id, recipient FROM tasks WHERE instr(lower(recipient), ?) > 0"
_TASKS_OF_ITEMS: Final = (
    "SELECT id, recipient FROM tasks WHERE item_id IN (SELECT value FROM json_each(?))"
)
_REFERENCES: Final = (
    "SELECT reference FROM tasks WHERE reference IS NOT NULL"
    " AND id IN (SELECT value FROM json_each(?))"
)
_ROWS: Final = """
SELECT batch_id, row, item_id, item FROM batch_rows WHERE instr(lower(item), ?) > 0
OR instr(lower(coalesce(recipient, '')), ?) > 0
OR item_id IN (SELECT value FROM json_each(?))
"""
_FIRST: Final = "SELECT min(created_at) FROM items WHERE id IN (SELECT value FROM json_each(?))"


@dataclass(frozen=True, slots=True)
class Person:
    """Where a store has a person.

    - ``address``: case-folded; empty if the item names none
    - ``items``: items for that address; ``former`` were corrected from it to another one
    - ``tasks``: the tasks of ``items``, and others that went to the address
    - ``references``: of the messages of these tasks
    - ``rows``: rows by batch
    - ``files``: the attachments of these rows and items, by batch
    - ``since``: when the first item was added, epoch ms
    """

    address: str
    items: Sequence[int]
    former: Sequence[int]
    tasks: Sequence[int]
    references: Sequence[str]
    rows: Mapping[int, Sequence[int]]
    files: Mapping[int, set[str]] = field(default_factory=dict)
    since: int = 0


def find_person(source: Source, number: int) -> Person:
    """Find an item's person; raise ``UnknownId``. It reads all items, so it takes its time."""
    row = source.execute(ITEM, (number,)).fetchone()
    if row is None:
        raise UnknownId("item", number)
    address = _address(as_body(row[-1]))
    items, former = {number: as_body(row[-1])}, []
    tasks: set[int] = set()
    if address:
        for other, text in source.execute(_ITEMS, (address, address)).fetchall():
            body = as_body(text)
            if _address(body) == address:
                items[other] = body
            else:
                former.append(other)
        for task, to in source.execute(_TASKS, (address,)).fetchall():
            if written_address(to).casefold() == address:
                tasks.add(task)
    given = json.dumps([*items])
    tasks |= {task for task, _ in source.execute(_TASKS_OF_ITEMS, (given,)).fetchall()}
    found = source.execute(_REFERENCES, (json.dumps([*tasks]),)).fetchall()
    rows, files = _rows(source, address, given)
    for body in items.values():
        if body.get("attachments"):
            files.setdefault(body["batch_id"], set()).update(body["attachments"])
    (since,) = source.execute(_FIRST, (given,)).fetchone()
    references = [reference for (reference,) in found]
    return Person(
        address, sorted(items), former, sorted(tasks), references, rows, files, int(since or 0)
    )


def _rows(
    source: Source, address: str, items: str
) -> tuple[dict[int, list[int]], dict[int, set[str]]]:
    """Return the person's rows by batch, and the attachments that they name."""
    rows: dict[int, list[int]] = {}
    files: dict[int, set[str]] = {}
    words = address or "\0"  # no row has it
    known = {*json.loads(items)}
    for batch, row, item, text in source.execute(_ROWS, (words, words, items)).fetchall():
        body = json.loads(text)
        if item in known or _address(body) == address != "":
            rows.setdefault(batch, []).append(row)
            files.setdefault(batch, set()).update(body.get("attachments") or ())
    return rows, files


def _address(body: Mapping[str, Any]) -> str:
    return str((body.get("recipient") or {}).get("email") or "").strip().casefold()
