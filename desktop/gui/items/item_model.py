"""The model of items, read page by page; rows on screen are read again when tasks change."""

from __future__ import annotations

import time
from bisect import bisect_right
from enum import IntEnum
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt, Signal

from desktop.client.calls.items import ItemQuery
from desktop.contract.tasks import BULK_LIMIT, PAGE_LIMIT
from desktop.gui.items.item_words import (
    LOOKS_OF_INFORMED,
    informed_word,
    task_chips,
    tasks_in_words,
    who,
    why_words,
)
from desktop.gui.kit.lists.live_rows import Cell, KeysetModel, Page, moment_cell
from desktop.gui.kit.words.task_row import epoch
from desktop.gui.link.jobs import Job

if TYPE_CHECKING:
    from desktop.client.api import Api, ApiSource
    from desktop.contract.items import Item
    from desktop.gui.link.jobs import Jobs

    Index = QModelIndex | QPersistentModelIndex

_ROLE: Final = Qt.ItemDataRole


class ItemColumn(IntEnum):
    """The columns of the table."""

    NUMBER = 0
    WHO = 1
    EMAIL = 2
    TITLE = 3
    TASKS = 4
    INFORMED = 5
    WHEN = 6
    WHY = 7


class ItemModel(KeysetModel):
    """The items of a query, in the order of their numbers.

    ``counted`` says that ``counts``, the number of items by :class:`Informed`, are new;
    ``outdated`` that :meth:`refresh` has to be called again.
    """

    counted = Signal()
    outdated = Signal()

    def __init__(self, source: ApiSource, jobs: Jobs) -> None:
        super().__init__(source, jobs, "item_id")
        self.query = ItemQuery()
        self.counts: dict[str, int] = {}
        self.counts_are_exact = True
        self.is_full = False  # there are more than one call can read
        self._is_behind = False
        self.titles = {
            ItemColumn.NUMBER: self.tr("Item"),
            ItemColumn.WHO: self.tr("Name"),
            ItemColumn.EMAIL: self.tr("E-mail"),
            ItemColumn.TITLE: self.tr("Title"),
            ItemColumn.TASKS: self.tr("Tasks"),
            ItemColumn.INFORMED: self.tr("Informed"),
            ItemColumn.WHEN: self.tr("Added"),
            ItemColumn.WHY: self.tr("Why"),
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
            return Page(page["items"], None if following is None else str(following), page)

        self.show(read)

    def refresh(self, first: int) -> None:
        """Read the rows on screen again, from row ``first`` on."""
        if not self.is_loaded:
            self.show_query(self.query)
        elif self._ticket is not None:
            self._is_behind = True
        else:
            first = min(first, len(self.rows))
            after = str(self.rows[first - 1]["item_id"]) if first else None
            self._ask(after, partial(self._on_again, after), self._on_not_read_again)

    def read_search_again(self) -> None:
        """Have the rows read again if words were searched that may find more by now."""
        if self.query.text:
            self.outdated.emit()

    def read_all(self) -> None:
        """Read the remaining items, as long as one action can take all their tasks."""
        api, following = self._source.api, self._next
        if following is None or api is None:
            return
        if self._ticket is not None:
            self._ticket.cancel()
            self._is_behind = True
        room = BULK_LIMIT - sum(len(each["tasks"]) for each in self.rows)
        job = Job(_rest, api, self.query, following, room).then(self._on_all)
        self._ticket = self._jobs.start(job.otherwise(self._on_not_read_again))

    # QAbstractItemModel

    def data(self, index: Index, role: int = _ROLE.DisplayRole) -> Any:
        """Return a cell's words or tooltip; that of the chips says the states in words."""
        says_states = role == _ROLE.ToolTipRole and index.column() == ItemColumn.TASKS
        return super().data(index, _ROLE.DisplayRole if says_states else role)

    def cell(self, position: int, column: int) -> Cell:
        """Return a cell; the chips of the item's tasks are its mark."""
        item = self.rows[position]
        match column:
            case ItemColumn.NUMBER:
                return Cell(str(item["item_id"]))
            case ItemColumn.WHO:
                return Cell(who(item), "text")
            case ItemColumn.EMAIL:
                return Cell("" if item["recipient"] is None else item["recipient"]["email"])
            case ItemColumn.TITLE:
                return Cell(item["title"] or "", "text")
            case ItemColumn.TASKS:
                return Cell(tasks_in_words(item), mark=task_chips(item))
            case ItemColumn.INFORMED if item["informed"] is not None:
                token = LOOKS_OF_INFORMED[item["informed"]].token
                return Cell(informed_word(item["informed"]), token)
            case ItemColumn.INFORMED:
                return Cell("")
            case ItemColumn.WHY:
                return Cell(why_words(item), keeps_end=True)
            case _:
                now = time.time()
                return moment_cell(epoch(item["created_at"]) or now)

    # Reading

    def take_first(self, page: Page) -> None:
        """Replace all rows by the first page."""
        self.is_full = False
        super().take_first(page)
        self._note(page)

    def _on_next(self, page: Page) -> None:
        super()._on_next(page)
        self._note(page)

    def _on_all(self, page: Page) -> None:
        self.is_full = page.next is not None
        self._on_next(page)

    def _on_again(self, after: str | None, page: Page) -> None:
        """Replace rows by those that were read again."""
        self._ticket = None
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
        self._note(page)

    def _on_not_read_again(self, _error: Exception) -> None:
        self._ticket = None
        self.outdated.emit()

    def _behind(self, number: int) -> int:
        """Return the position after an item, or after where it would be."""
        sign = -1 if self.query.descending else 1
        return bisect_right(self.rows, sign * number, key=lambda row: sign * row["item_id"])

    def _note(self, page: Page) -> None:
        self.counts = page.about["counts"]
        self.counts_are_exact = page.about["counts_are_exact"]
        self.counted.emit()
        if self._is_behind:
            self._is_behind = False
            self.outdated.emit()


def _rest(api: Api, query: ItemQuery, after: str, room: int) -> Page:
    """Read the items after ``after``, as long as there is ``room`` for their tasks."""
    rows: list[Item] = []
    place: str | None = after
    while place is not None:
        page = api.items.page(query, after=place, limit=PAGE_LIMIT)
        place = None if page["next"] is None else str(page["next"])
        for item in page["items"]:
            room -= len(item["tasks"])
            if room < 0:
                last = str(rows[-1]["item_id"]) if rows else after
                return Page(rows, last, page)
            rows.append(item)
    return Page(rows, None, page)
