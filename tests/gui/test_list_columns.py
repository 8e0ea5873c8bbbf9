"""The columns of the lists: texts give room to what would be wrong by half."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from desktop.gui.batches.batch_view import FITS as BATCH_FITS
from desktop.gui.batches.batch_view import BatchColumn
from desktop.gui.items.item_table import FITS as ITEM_FITS
from desktop.gui.items.item_table import ItemColumn
from desktop.gui.kit.lists.list_widths import ColumnFit, fitted
from desktop.gui.kit.look.appearance import px
from desktop.gui.tasks.table.columns import BY_KEY
from desktop.gui.tasks.table.columns import FITS as TASK_FITS

if TYPE_CHECKING:
    from collections.abc import Mapping

WHO, EMAIL, TITLE = ItemColumn.WHO, ItemColumn.EMAIL, ItemColumn.TITLE
TEXTS: dict[str, tuple[Mapping[Any, ColumnFit], set[Any]]] = {
    "tasks": (TASK_FITS, {BY_KEY["task"], BY_KEY["to"], BY_KEY["progress"]}),
    "items": (ITEM_FITS, {WHO, EMAIL, TITLE, ItemColumn.TASKS, ItemColumn.INFORMED}),
    "batches": (BATCH_FITS, {BatchColumn.NAME, BatchColumn.TEMPLATE}),
}
"""The columns that may be cut; of the others, half a state, date or number would be wrong."""


@pytest.mark.parametrize("name", TEXTS)
def test_states_dates_and_numbers_are_whole_beside_texts_that_are_empty_or_long(name: str) -> None:
    fits, texts = TEXTS[name]
    whole = {n: px(fit.usual + 40) for n, fit in fits.items() if n not in texts}
    for length in (0, 2000):
        room = sum(whole.values()) + sum(min(length, px(fits[n].least or 0)) for n in texts)
        words = whole | dict.fromkeys(texts, length)
        found = fitted(fits, dict.fromkeys(fits, 0), words, {}, max(texts), room)
        assert {n: found.get(n) for n in whole} == whole
        assert sum(found.values()) == room
