"""The list of items: its model, read page by page, and its columns."""

from __future__ import annotations

from bisect import bisect_right
from enum import IntEnum
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Signal

from desktop.client.items import ItemQuery
from desktop.gui.items.item_words import (
    informed_word,
    look_of,
    who,
    why_words,
)
from desktop.gui.kit.lists.live_rows import Cell, KeysetModel, Page
from desktop.gui.kit.lists.stock_table import Share
from desktop.gui.kit.words.table import say

if TYPE_CHECKING:
    from desktop.client.api import Api
    from desktop.gui.link.jobs import ApiSource


class ItemColumn(IntEnum):
    """The columns of the table."""

    NAME = 0
    ADDRESS = 1
    STATUS = 2


SHARES: Final[dict[int, Share]] = {
    ItemColumn.NAME: Share(0.32, 260),
    ItemColumn.STATUS: Share(0.36, 320),
}


class ItemModel(KeysetModel):
    """The items of a query, in the order of their numbers.

    ``outdated`` says that :meth:`refresh` has to be called again.
    """

    outdated = Signal()

    def __init__(self, source: ApiSource) -> None:
        super().__init__(source, "item_id")
        self.query = ItemQuery()
        self.figures = (ItemColumn.STATUS,)
        self.titles = {
            ItemColumn.NAME: self.tr("Name"),
            ItemColumn.ADDRESS: self.tr("Address"),
            ItemColumn.STATUS: self.tr("Informed"),
        }

    def want_query(self, query: ItemQuery) -> None:
        """Set the query; its items are read at the next :meth:`refresh`."""
        self.query = query
        self.is_loaded = False

    def show_query(self, query: ItemQuery) -> None:
        """Set the query and read its items."""
        self.query = query

        def read(api: Api, after: str | None) -> Page:
            page = api.items.page(query, after=after)
            while page["next"] is not None and not page["items"]:  # nothing found yet
                page = api.items.page(query, after=str(page["next"]))
            following = page["next"]
            return Page(page["items"], None if following is None else str(following))

        self.show(read)

    def refresh(self, first: int) -> None:
        """Read the rows on screen again, from row ``first`` on."""
        if not self.is_loaded:
            self.show_query(self.query)
        else:
            first = min(first, len(self.rows))
            after = str(self.rows[first - 1]["item_id"]) if first else None
            self._ask(after, partial(self._on_again, after))

    def read_search_again(self) -> None:
        """Have the rows read again if words were searched that may find more by now."""
        if self.query.text:
            self.outdated.emit()

    # QAbstractItemModel

    def cell(self, position: int, column: int) -> Cell:
        """Return a cell."""
        item = self.rows[position]
        match column:
            case ItemColumn.NAME:
                look = look_of(item)
                name = who(item) or say("item", "name", number=item["item_id"])
                return Cell(name, "text", icon=look or ("", ""))
            case ItemColumn.ADDRESS:
                return Cell("" if item["recipient"] is None else item["recipient"]["email"])
        said = filter(None, (informed_word(item["informed"]), why_words(item)))
        return Cell(" · ".join(said), is_figure=True)

    # Reading

    def _on_again(self, after: str | None, page: Page) -> None:
        """Replace rows by those that were read again."""
        start = 0 if after is None else self._behind(int(after))
        stop = len(self.rows)
        if page.next is not None:
            known = self._behind(int(page.next))
            # If none of the next rows is in memory, drop the rest; it is read when needed.
            stop = known if known > start else stop
        reaches_end = stop == len(self.rows)
        self.replace(start, stop, page.rows)
        if reaches_end:
            self._next = page.next

    def _on_free(self) -> None:
        self.outdated.emit()

    def _behind(self, number: int) -> int:
        """Return the position after an item, or after where it would be."""
        return bisect_right(self.rows, -number, key=lambda row: -row["item_id"])
