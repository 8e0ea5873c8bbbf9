"""Items with their current, maybe corrected, body."""

from __future__ import annotations

from typing import NamedTuple

from desktop.engine.errors import UnknownId
from desktop.engine.store.tables import item_statements
from desktop.engine.transaction.group import Group
from desktop.engine.transaction.searching import ItemTexts


class PresentItem(NamedTuple):
    """An item's current body, canonical JSON, and its recipient if it was corrected.

    ``first`` is the body it was accepted with, ``corrections`` how often it was corrected, and
    ``corrected_at`` when last.
    """

    first: str
    body: str
    recipient: str | None = None
    corrections: int = 0
    corrected_at: int = 0

    @property
    def texts(self) -> ItemTexts:
        """The item's words for its tasks."""
        return ItemTexts(self.body, self.recipient)


def present_item(group: Group, number: int) -> PresentItem:
    """Return an item as it is now; raise ``UnknownId``."""
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
    """Return the number, body, recipient and time of an item's last correction, if any."""
    found: tuple[int, str, str | None, int] | None
    found = group.cursor.execute(item_statements.CORRECTION, (number,)).fetchone()
    return found
