"""The domain as features of the engine: items, and batches."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from desktop.engine.store.tables.cursor import Source
from desktop.engine.store.tables.records import TaskRecord
from desktop.engine.transaction.features import Feature
from desktop.engine.transaction.group import Group
from desktop.engine.transaction.searching import ItemTexts
from desktop.items.batches.feature import BatchFeature
from desktop.items.current_items import readdress, recipient_of, texts_of_items
from desktop.items.item_numbers import count_on_beyond_lost
from desktop.items.item_records import ItemRecords
from desktop.items.keeping import KeptFor, LoneItems, tidy_items


class ItemFeature(Feature):
    """Items, also those that have outlived their tasks."""

    parts = (ItemRecords, LoneItems)

    def __init__(self, kept: KeptFor) -> None:
        self._kept = kept

    def tidy(self, group: Group) -> bool:
        """Erase or delete a few old items."""
        return tidy_items(group, self._kept)

    def texts_of(self, source: Source, items: Sequence[int]) -> Mapping[int, ItemTexts]:
        """Return the texts of items as they are now."""
        return texts_of_items(source, items)

    def address_of(self, group: Group, item: int) -> str | None:
        """Return the current recipient of an item."""
        return recipient_of(group, item)

    def renew(self, group: Group, record: TaskRecord) -> None:
        """Give a task the corrected recipient of its item."""
        readdress(group, record)

    def restored(self, group: Group) -> None:
        """Count items on from far above those of the lost store."""
        count_on_beyond_lost(group)


def domain(kept: KeptFor | None = None) -> Sequence[Feature]:
    """Return the features with which an engine has items and batches, ``kept`` for so long."""
    kept = kept or KeptFor()
    return [ItemFeature(kept), BatchFeature(kept)]
