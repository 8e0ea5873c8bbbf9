"""The domain as features of the engine: items, and batches."""

from __future__ import annotations

from collections.abc import Sequence

from desktop.engine.transaction.features import Feature
from desktop.engine.transaction.group import Group
from desktop.items.batches.feature import BatchFeature
from desktop.items.keeping import KeptFor, LoneItems, tidy_items


class ItemFeature(Feature):
    """Items that have outlived their tasks."""

    parts = (LoneItems,)

    def __init__(self, kept: KeptFor) -> None:
        self._kept = kept

    def tidy(self, group: Group) -> bool:
        """Erase or delete a few old items."""
        return tidy_items(group, self._kept)


def domain(kept: KeptFor | None = None) -> Sequence[Feature]:
    """Return the features with which an engine has items and batches, ``kept`` for so long."""
    kept = kept or KeptFor()
    return [ItemFeature(kept), BatchFeature(kept)]
