"""Items as they are now: as they were accepted, or corrected last."""

from __future__ import annotations

import json
from typing import NamedTuple

from desktop.engine.errors import UnknownId
from desktop.engine.store.tables import statements
from desktop.engine.store.tables.records import TaskRecord
from desktop.engine.transaction.group import Group


class PresentItem(NamedTuple):
    """An item's canonical body; its recipient, as rows show it, is known once it was corrected.

    ``corrections`` is how often that was.
    """

    body: str
    recipient: str | None = None
    corrections: int = 0

    @property
    def title(self) -> str | None:
        """What the item is called."""
        title: str | None = json.loads(self.body).get("title")
        return title


def present_item(group: Group, number: int) -> PresentItem:
    """Read an item as it is now; ``UnknownId``."""
    first = first_body(group, number)
    return _corrected(group, number) or PresentItem(first)


def first_body(group: Group, number: int) -> str:
    """Read an item's canonical body as it was accepted; ``UnknownId``."""
    new = group.new_items.get(number)
    if new is not None and new[2] is not None:
        return str(new[2])
    row = group.cursor.execute(statements.ITEM, (number,)).fetchone()
    if row is None:
        raise UnknownId("item", number)
    return str(row[0])


def _corrected(group: Group, number: int) -> PresentItem | None:
    row = group.cursor.execute(statements.CORRECTION, (number,)).fetchone()
    if row is None:
        return None
    corrections, body, recipient = row
    return PresentItem(body, recipient, corrections)


def title_of(group: Group, number: int) -> str | None:
    """Read what an item is called now; ``UnknownId``."""
    return present_item(group, number).title


def readdress(group: Group, record: TaskRecord) -> None:
    """Show the corrected recipient of its item on a task that is done again."""
    if record.item_id is None or record.addressee is not None:
        return
    item = _corrected(group, record.item_id)
    if item is not None and item.recipient is not None and item.recipient != record.recipient:
        rename(group, record, item.recipient, item.body, item.body)


def rename(group: Group, record: TaskRecord, recipient: str, before: str, after: str) -> None:
    """Change the recipient a task shows, and the words that search finds it by.

    ``before`` and ``after`` are the bodies of its item, JSON.
    """
    old = group.search.of(record, before)
    if recipient != record.recipient:
        group.change(record, recipient=recipient)
    group.search.put(record.id, old, group.search.of(record, after))
