"""Reads the columns and rows of a list for an export, page by page."""

from __future__ import annotations

import json
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from desktop.contract.items import COUNTED
from desktop.contract.tasks import PAGE_LIMIT
from desktop.gui.actions.lists.exported_rows import (
    batch_cells,
    batch_columns,
    task_cells,
    task_columns,
)
from desktop.gui.actions.tasks.task_calls import walk
from desktop.gui.correction.earlier_versions import corrections_of
from desktop.gui.items.item_exported import field_texts, item_cells, item_columns, with_fields
from desktop.sheets import SheetError, SheetFault, Stop

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from desktop.client.api import Api, TaskQuery
    from desktop.client.calls.items import ItemQuery
    from desktop.contract.items import Item
    from desktop.sheets.exporting import Kind

    Columns = list[tuple[str, Kind]]


class ExportedList(NamedTuple):
    """The columns and rows for ``write_table``."""

    columns: Columns
    pages: Iterable[list[list[Any]]]


@dataclass(slots=True)
class HowFar:
    """The progress of an export; ``total`` is 0 while it is unknown or too large to count.

    ``stop`` ends the reading, and the writing of the file.
    """

    read: int = 0
    total: int = 0
    stop: Stop = field(default_factory=Stop)


@contextmanager
def tasks_table(query: TaskQuery, api: Api, how_far: HowFar) -> Iterator[ExportedList]:
    """Yield tasks as they are read."""

    def pages() -> Iterator[list[list[Any]]]:
        for page in walk(api, query):
            how_far.total = max(how_far.total, page["total"])
            yield [task_cells(task) for task in page["tasks"]]
            how_far.read += len(page["tasks"])

    yield ExportedList(task_columns(), pages())


@contextmanager
def items_table(query: ItemQuery, api: Api, how_far: HowFar) -> Iterator[ExportedList]:
    """Yield items with a column for each field; the columns are known only after the last item.

    Until then the items are kept in a temporary file.
    """
    fields: dict[str, None] = {}
    with tempfile.TemporaryFile("w+", encoding="utf-8") as kept:
        for page in _items(api, query, how_far):
            rows = [
                (item_cells(item, corrections_of(item.get("bodies", ()))), field_texts(item))
                for item in page
            ]
            fields |= dict.fromkeys(name for _, own in rows for name in own)
            kept.write(f"{json.dumps(rows)}\n")
        kept.seek(0)
        pages = (
            [with_fields(cells, own, fields) for cells, own in json.loads(line)] for line in kept
        )
        yield ExportedList(item_columns(fields), pages)


@contextmanager
def batches_table(api: Api, how_far: HowFar) -> Iterator[ExportedList]:
    """Yield all batches, newest first, as they are read."""

    def pages() -> Iterator[list[list[Any]]]:
        after: str | None = None
        while True:
            page = api.batches.page(after=after)
            yield [batch_cells(batch, time.time()) for batch in page["batches"]]
            how_far.read += len(page["batches"])
            after = page["next"]
            if after is None:
                return

    yield ExportedList(batch_columns(), pages())


@contextmanager
def read_table(
    columns: Columns, rows: list[list[Any]], _: Api, how_far: HowFar
) -> Iterator[ExportedList]:
    """Yield rows that were read already."""
    how_far.read = len(rows)
    yield ExportedList(columns, [rows])


def _items(api: Api, query: ItemQuery, how_far: HowFar) -> Iterator[list[Item]]:
    after: str | None = None
    while True:
        page = api.items.page(query, after=after, limit=PAGE_LIMIT, deeds=True)
        if how_far.stop.is_set:
            raise SheetError(SheetFault.CANCELLED)
        counts = [page["counts"].get(kind, 0) for kind in query.informed or page["counts"]]
        is_known = page["counts_are_exact"] and all(count < COUNTED for count in counts)
        how_far.total = sum(counts) if is_known else 0
        yield page["items"]
        how_far.read += len(page["items"])
        if page["next"] is None:
            return
        after = str(page["next"])
