"""Items as they are now, corrected or not: read, and shown on the rows of their tasks."""

from __future__ import annotations

from typing import NamedTuple

from desktop.engine.errors import UnknownId
from desktop.engine.store.tables import item_statements
from desktop.engine.transaction.group import Group
from desktop.engine.transaction.searching import ItemTexts


class PresentItem(NamedTuple):
    """An item's canonical body; its recipient, as rows show it, is known once it was corrected.

    ``corrections`` is how often that was, and ``corrected_at`` when last; ``first`` the body it was
    accepted with.
    """

    first: str
    body: str
    recipient: str | None = None
    corrections: int = 0
    corrected_at: int = 0

    @property
    def texts(self) -> ItemTexts:
        """What its tasks are found by."""
        return ItemTexts(self.body, self.recipient)


def present_item(group: Group, number: int) -> PresentItem:
    """Read an item as it is now; ``UnknownId``."""
    new = group.new_items.get(number)
    first = None if new is None else new[2]
    if first is None:
        row = group.cursor.execute(item_statements.ITEM, (number,)).fetchone()
        if row is None:
            raise UnknownId("item", number)
        first = row[0]
    corrections, body, recipient, at = corrected(group, number) or (0, first, None, 0)
    return PresentItem(first, body, recipient, corrections, at)


def corrected(group: Group, number: int) -> tuple[int, str, str | None, int] | None:
    """Return how often an item was corrected, with its body and recipient since, and when."""
    found: tuple[int, str, str | None, int] | None
    found = group.cursor.execute(item_statements.CORRECTION, (number,)).fetchone()
    return found
