"""The place *Older items*: the people, and the list of them as a spreadsheet."""

from __future__ import annotations

import json
import tempfile
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QCoreApplication, Qt, Signal

from desktop.client.items import ItemQuery
from desktop.contract.items import COUNTED
from desktop.gui.frame.desk import DeskMode
from desktop.gui.frame.exports import ExportedList
from desktop.gui.frame.places import WindowPlace
from desktop.gui.items.correction_form import corrections_of
from desktop.gui.items.item_card import ItemCard
from desktop.gui.items.item_table import SHARES, ItemColumn
from desktop.gui.items.item_words import (
    history_line,
    informed_word,
    messages,
    tasks_in_words,
    why_words,
)
from desktop.gui.kit.lists.empty_state import EmptyState
from desktop.gui.kit.lists.live_rows import Rereading
from desktop.gui.kit.lists.row_table import rows_in_sight
from desktop.gui.kit.lists.stock_table import StockTable
from desktop.gui.kit.widgets.buttons import IconButton
from desktop.gui.kit.words.table import say
from desktop.gui.tasks.detail.facts import field_text, field_title
from desktop.gui.tasks.search_field import KEYS, OF_TASKS, SearchField, batch_number, parse
from desktop.gui.tasks.search_menu import SearchMenu
from desktop.sheets.faults import SheetError, SheetFault
from sendoff_tasks.client.calls import pages
from sendoff_tasks.model.tasks import ID_LIMIT, PAGE_LIMIT

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from PySide6.QtGui import QKeyEvent

    from desktop.client.api import Api
    from desktop.contract.items import Item
    from desktop.gui.frame.exports import HowFar
    from desktop.gui.items.item_table import ItemModel
    from desktop.gui.items.item_words import Corrected
    from desktop.gui.kit.rights import WindowRights
    from desktop.gui.tasks.acting.pending_actions import PendingActions
    from desktop.sheets.calls import CellKind


translate = QCoreApplication.translate


OF_ITEMS: Final = [key for key in KEYS if key not in OF_TASKS]
_FIELDS: Final = 4
"""The number of columns before those of the fields."""


class OlderItems(WindowPlace):
    """Lists the people, also those whose tasks are gone, with a search of its own.

    ``action_chosen`` carries a verb and its tasks, ``tasks_wanted`` the number of the item whose
    tasks to show, ``shown`` the number of the item on the desk whenever it is updated.
    """

    action_chosen = Signal(str, object)
    tasks_wanted = Signal(int)
    shown = Signal(int)
    rows: StockTable
    search: SearchField

    def __init__(self, model: ItemModel, rights: WindowRights, pending: PendingActions) -> None:
        super().__init__()
        model.setParent(self)
        self.model = model
        self.setAccessibleName(self.tr("Older items"))
        self.search = SearchField(self.tr("Search people"))
        self.search_menu = SearchMenu(self.search)
        self.search_menu.is_searched = OF_ITEMS.__contains__
        self.table = self.rows = StockTable(model, self.tr("Items"), ItemColumn.ADDRESS, SHARES)
        self.empty = EmptyState(self.table)
        self.empty.nothing = say("none", "items")
        self.card = ItemCard(rights, pending)
        self.mode = DeskMode(self.card, self.tr("Item"), self.card.foot, self.card.begin)
        self.export = IconButton(self.tr("Export these items…"), "file-down")
        self.stand_under(self.accessibleName(), self.table, self.search, self.export)
        self.typed = ""
        """The search as it was typed."""
        self._of_tasks: list[str] = []
        self.batches: dict[str, int] = {}  # by lower-case name
        self.rereading = Rereading(self, lambda: model.refresh(rows_in_sight(self.table)[0]))
        self._connect(pending)
        self._show_card()

    def show_text(self, text: str) -> None:
        """Show only items that match a search; none if it uses keys of tasks."""
        search = parse(text)
        self.typed = text
        self.empty.learn_key(search.strange_key, OF_ITEMS)
        self._of_tasks = [f"“{key}:”" for key in OF_TASKS if search.values(key)]
        batch = batch_number(search.batch[-1], self.batches) if search.batch else None
        words = " ".join([*search.words, *search.day, *search.to, *search.error])
        query = ItemQuery(text=words, batch_id=ID_LIMIT if self._of_tasks else batch)
        if query == self.model.query:
            return
        self.table.scrollToTop()
        if self.isVisible():
            self.model.show_query(query)
        else:
            self.model.want_query(query)
            self.rereading.note()

    def learn_batches(self, batches: dict[str, int]) -> None:
        """Learn the numbers of batches by their lower-case names, the newest first."""
        self.batches = batches

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """On Escape, clear the search before the place is left."""
        if event.key() == Qt.Key.Key_Escape and self.search.text():
            self.search.clear_now()
        else:
            super().keyPressEvent(event)

    def _connect(self, pending: PendingActions) -> None:
        model, table, empty = self.model, self.table, self.empty
        self.search.text_changed.connect(self.show_text)
        self.search.left_downwards.connect(self.focus_first)
        self.card.action_chosen.connect(self.action_chosen)
        self.card.tasks_chosen.connect(self.tasks_wanted)
        table.menu_wanted.connect(lambda at: self.card.open_menu(at, table.add_copy))
        table.verticalScrollBar().valueChanged.connect(lambda _: self.rereading.note())
        empty.cleared.connect(self.search.clear_now)
        model.failed.connect(empty.show_failure)
        model.outdated.connect(self.rereading.note)
        for changed in (model.shown, model.rowsInserted, model.rowsRemoved):
            changed.connect(self._show_whether_empty)
        for changed in (model.shown, model.rowsInserted, model.dataChanged, model.rowsRemoved):
            changed.connect(self._show_card)
        for changed in (table.row_chosen, pending.changed):
            changed.connect(self._show_card)

    def _show_card(self) -> None:
        """Let the desk show the current item, or else the first."""
        if self.model.rows and not self.table.currentIndex().isValid():
            self.table.selectRow(0)
        item = self.table.current()
        self.card.show_item(item)
        if item is not None:
            self.shown.emit(item["item_id"])

    def _show_whether_empty(self) -> None:
        if self.model.rows or not self.model.is_loaded:
            self.empty.hide()
        elif self._of_tasks:
            self.empty.show_group(say("none", "items_by", words=", ".join(self._of_tasks)))
        else:
            self.empty.show_none(self.typed, narrowed=False)


def item_columns(fields: Collection[str]) -> list[tuple[str, CellKind]]:
    """Return the headings of an export of items with these fields, and each column's kind.

    A field whose title is taken by another column keeps its raw name.
    """
    columns: list[tuple[str, CellKind]] = [
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
    own: list[tuple[str, CellKind]] = []
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


def item_cells(item: Item, corrected: Iterable[Corrected]) -> list[Any]:
    """Return the cells of an item without its fields; ``corrected`` are its corrections."""
    to, own = item["recipient"], messages(item)
    numbers = {task["id"] for task in own}
    deeds = [each for each in item.get("deeds", ()) if each["task_id"] in numbers]
    return [
        item["item_id"],
        None if to is None else to.get("name") or None,
        None if to is None else to["email"],
        item["title"],
        tasks_in_words(item) or None,
        informed_word(item["informed"]) or None,
        why_words(item) or None,
        history_line(own, deeds, _minute, corrected) or None,
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
        rows_of_pages = (
            [with_fields(cells, own, fields) for cells, own in json.loads(line)] for line in kept
        )
        yield ExportedList(item_columns(fields), rows_of_pages)


def _items(api: Api, query: ItemQuery, how_far: HowFar) -> Iterator[list[Item]]:
    read = partial(api.items.page, query, limit=PAGE_LIMIT, deeds=True)
    for page in pages(lambda after: read(after=after)):
        if how_far.stop.is_set:
            raise SheetError(SheetFault.CANCELLED)
        counts = [page["counts"].get(kind, 0) for kind in query.informed or page["counts"]]
        is_known = page["counts_are_exact"] and all(count < COUNTED for count in counts)
        how_far.total = sum(counts) if is_known else 0
        yield page["items"]
        how_far.read += len(page["items"])
