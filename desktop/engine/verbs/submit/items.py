"""Items as they are now: as they were accepted, or corrected last."""

from __future__ import annotations

import json
from typing import NamedTuple

from desktop.engine.errors import UnknownId
from desktop.engine.store.tables import item_statements
from desktop.engine.store.tables.records import TaskRecord
from desktop.engine.transaction.group import Group


class PresentItem(NamedTuple):
    """An item's canonical body; its recipient, as rows show it, is known once it was corrected.

    ``corrections`` is how often that was, ``first`` the body it was accepted with.
    """

    first: str
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
    new = group.new_items.get(number)
    first = None if new is None else new[2]
    if first is None:
        row = group.cursor.execute(item_statements.ITEM, (number,)).fetchone()
        if row is None:
            raise UnknownId("item", number)
        first = row[0]
    corrections, body, recipient = _corrected(group, number) or (0, first, None)
    return PresentItem(first, body, recipient, corrections)


def _corrected(group: Group, number: int) -> tuple[int, str, str | None] | None:
    """Return how often an item was corrected, with its body and recipient since."""
    found: tuple[int, str, str | None] | None
    found = group.cursor.execute(item_statements.CORRECTION, (number,)).fetchone()
    return found


def title_of(group: Group, number: int) -> str | None:
    """Read what an item is called now; ``UnknownId``."""
    return present_item(group, number).title


def readdress(group: Group, record: TaskRecord) -> None:
    """Show the corrected recipient of its item on a task that is done again."""
    if record.item_id is None or record.addressee is not None:
        return
    _, body, recipient = _corrected(group, record.item_id) or (0, "", None)
    if recipient is not None and recipient != record.recipient:
        rename(group, record, recipient, body, body)


def rename(group: Group, record: TaskRecord, recipient: str, before: str, after: str) -> None:
    """Change the recipient a task shows, and the words that search finds it by.

    ``before`` and ``after`` are the bodies of its item, JSON.
    """
    old = group.search.of(record, before)
    if recipient != record.recipient:
        group.change(record, recipient=recipient)
    group.search.put(record.id, old, group.search.of(record, after))
