"""Converts items to rows of an exported spreadsheet."""

from __future__ import annotations

import json
import tempfile
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QCoreApplication

from desktop.contract.items import COUNTED
from desktop.contract.tasks import PAGE_LIMIT
from desktop.gui.frame.exports import ExportedList
from desktop.gui.items.correction.correction_form import corrections_of
from desktop.gui.items.item_words import deed_words, informed_word, messages, task_chips, why_words
from desktop.gui.tasks.detail.summary_tab import field_text, field_title
from desktop.sheets import SheetError, SheetFault

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from desktop.client.api import Api
    from desktop.client.calls.items import ItemQuery
    from desktop.contract.items import Item
    from desktop.gui.frame.exports import HowFar
    from desktop.gui.items.item_words import Corrected
    from desktop.sheets.exporting import Kind

translate = QCoreApplication.translate

_FIELDS: Final = 4
"""The number of columns before those of the fields."""


def item_columns(fields: Collection[str]) -> list[tuple[str, Kind]]:
    """Return the headings of an export of items with these fields, and each column's kind.

    A field whose title is taken by another column keeps its raw name.
    """
    columns: list[tuple[str, Kind]] = [
        (translate("items", "Item"), "number"),
        (translate("items", "Name"), "text"),
        (translate("items", "Address"), "text"),
        (translate("items", "Title"), "text"),
        (translate("items", "Tasks"), "text"),
        (translate("items", "Informed"), "text"),
        (translate("items", "Why"), "text"),
        (translate("items", "What was done"), "text"),
        (translate("items", "Added"), "moment"),
    ]
    taken = {heading for heading, _ in columns}
    own: list[tuple[str, Kind]] = []
    for name in fields:
        title = name if field_title(name) in taken else field_title(name)
        taken.add(title)
        own.append((title, "text"))
    return [*columns[:_FIELDS], *own, *columns[_FIELDS:]]


def with_fields(cells: list[Any], own: Mapping[str, str], fields: Collection[str]) -> list[Any]:
    """Insert an item's fields into its cells, in the order of :func:`item_columns`."""
    texts = [own.get(name) or None for name in fields]
    return [*cells[:_FIELDS], *texts, *cells[_FIELDS:]]


def field_texts(item: Item) -> dict[str, str]:
    """Return the fields of an item as texts, by their names."""
    return {name: field_text(value) for name, value in (item["fields"] or {}).items()}


def item_cells(item: Item, corrected: Iterable[Corrected] = ()) -> list[Any]:
    """Return the cells of an item without its fields; ``corrected`` are its corrections."""
    to, said = item["recipient"], translate("items", "{title}: {state}")
    chips = [said.format(title=chip.title, state=chip.word) for chip in task_chips(item)]
    own = messages(item)
    numbers = {task["id"] for task in own}
    deeds = [each for each in item.get("deeds", ()) if each["task_id"] in numbers]
    return [
        item["item_id"],
        None if to is None else to.get("name") or None,
        None if to is None else to["email"],
        item["title"],
        "; ".join(chips) or None,
        informed_word(item["informed"]) or None,
        why_words(item) or None,
        deed_words(own, deeds, _minute, corrected) or None,
        item["created_at"],
    ]


def _minute(moment: float) -> str:
    """Write a moment with its date, since the file may be read on any day."""
    return f"{datetime.fromtimestamp(moment).astimezone():%Y-%m-%d %H:%M}"


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
