"""The view *Items*: the table, below it the selected item; and the list as a spreadsheet."""

from __future__ import annotations

import json
import tempfile
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QCoreApplication, QPoint, Qt, Signal
from PySide6.QtWidgets import QButtonGroup

from desktop.contract.items import COUNTED, Informed
from desktop.gui.frame.exports import ExportedList
from desktop.gui.items.correction_form import corrections_of
from desktop.gui.items.item_card import ItemCard, SeveralItems
from desktop.gui.items.item_table import ItemTable
from desktop.gui.items.item_words import (
    LOOKS_OF_INFORMED,
    counted,
    history_line,
    informed_word,
    messages,
    task_chips,
    why_words,
)
from desktop.gui.kit.lists.list_table import LineAbove
from desktop.gui.kit.lists.list_view import ListView
from desktop.gui.kit.lists.list_widths import rows_in_sight
from desktop.gui.kit.lists.live_rows import Rereading
from desktop.gui.kit.widgets.choice import Chip, ChipRow
from desktop.gui.kit.words.plurals import figure
from desktop.gui.kit.words.table import say
from desktop.gui.tasks.acting.pending_actions import PendingActions
from desktop.gui.tasks.detail.summary_tab import field_text, field_title
from desktop.gui.tasks.search_field import KEYS, batch_number, parse
from desktop.sheets.faults import SheetError, SheetFault
from sendoff_tasks.client.calls import pages
from sendoff_tasks.model.tasks import ID_LIMIT, PAGE_LIMIT

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from PySide6.QtGui import QShowEvent

    from desktop.client.api import Api
    from desktop.client.items import ItemQuery
    from desktop.contract.items import Item
    from desktop.gui.frame.exports import HowFar
    from desktop.gui.items.item_table import ItemModel, ItemSelection
    from desktop.gui.items.item_words import Corrected
    from desktop.gui.kit.rights import WindowRights
    from desktop.sheets.calls import CellKind


translate = QCoreApplication.translate


_NEED_A_PERSON = {Informed.NO, Informed.UNCERTAIN}
OF_TASKS: Final = ("state", "task", "queue", "seen", "since", "until", "-state")
"""Search keys that apply to tasks only."""
OF_ITEMS: Final = [key for key in KEYS if key not in OF_TASKS]
_FIELDS: Final = 4
"""The number of columns before those of the fields."""


class InformedChips(ChipRow):
    """Chips for *All* and for each kind; Tab reaches the checked one, arrow keys check another.

    ``kind_chosen`` carries a value of :class:`Informed`, or an empty text for all. A row of a batch
    becomes an item when it is its turn. *More in batches* counts the rows to come, which *All* does
    not include; ``batches_wanted`` asks to show the batches.
    """

    kind_chosen = Signal(str)
    batches_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(self.tr("Which items are shown"))
        self._group = QButtonGroup(self)
        self.chips: dict[str, Chip] = {"": Chip(self.tr("All"), None, "text")}
        for kind, look in LOOKS_OF_INFORMED.items():
            word = say("informed", kind, "chip")
            # Not informed are also those whose e-mail a person has cancelled: no one need act.
            token = "text" if kind == Informed.NO else look.token
            self.chips[kind] = Chip(word, look.icon, token)
        for chip in self.chips.values():
            self._group.addButton(chip)
        self.batches = Chip(self.tr("More in batches"), "calendar-clock", "scheduled")
        self.batches.setAutoExclusive(False)
        self.batches.setCheckable(False)
        self.batches.setToolTip(
            self.tr(
                "Not counted in All: they become items when it is their turn. Click to show the"
                " batches."
            )
        )
        self.batches.clicked.connect(self.batches_wanted)
        self.put([*self.chips.values(), self.batches])
        self.batches.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.count_in_batches(0)
        self.set_place(self.chips[Informed.KEPT], is_present=False)
        self.chips[""].setChecked(True)
        self._group.buttonToggled.connect(self._on_toggled)

    def set_counts(self, counts: Mapping[str, int], *, exact: bool) -> None:
        """Show how many items there are of each kind."""
        for kind, chip in self.chips.items():
            kinds = [kind] if kind else [*counts]
            words = counted(counts, kinds, exact=exact)
            chip.set_count(words, empty=bool(kind) and not counts.get(kind))
            if kind in _NEED_A_PERSON:
                chip.set_urgent(counts.get(kind, 0) > 0)
        kept = self.chips[Informed.KEPT]  # practice mode ends once sending is set up
        self.set_place(kept, is_present=counts.get(Informed.KEPT, 0) > 0 or kept.isChecked())

    def count_in_batches(self, rows: int) -> None:
        """Show the number of batch rows to come."""
        self.batches.set_count(figure(rows))
        self.set_place(self.batches, is_present=rows > 0)

    def choose(self, kind: str) -> None:
        """Check a chip, as a click does."""
        self.chips[kind].setChecked(True)

    def _on_toggled(self, chip: Chip, chosen: bool) -> None:
        if chosen:
            self.kind_chosen.emit(next(kind for kind, each in self.chips.items() if each is chip))


class ItemView(ListView):
    """The table, and below it the selected item, or the tasks of several.

    ``action_chosen`` carries a verb and its tasks, ``tasks_wanted`` the number of the item whose
    tasks to show, ``shown`` the number of the item in the card whenever it is updated.

    ``chips`` are placed elsewhere in the window. ``cleared`` asks to clear the search.
    """

    action_chosen = Signal(str, object)
    tasks_wanted = Signal(int)
    shown = Signal(int)
    cleared = Signal()
    model: ItemModel
    table: ItemTable
    card: ItemCard

    def __init__(self, model: ItemModel, rights: WindowRights, pending: PendingActions) -> None:
        table = ItemTable(model)
        super().__init__(model, table, ItemCard(rights, pending))
        self.several = SeveralItems(model, table, rights, pending)
        self.add_pane(self.several)
        self.typed = ""
        """The search as it was typed."""
        self._of_tasks: list[str] = []
        self.batches: dict[str, int] = {}  # by lower-case name
        self._is_entered = False
        self.chips = InformedChips()
        if not rights.may_change:
            self.empty.nothing = say("none", "items")
        for part in (self.card, self.several):
            part.action_chosen.connect(self.action_chosen)
        self.not_sent = LineAbove()
        self.not_sent.words.setText(say("none", "items_left_out"))
        self.not_sent.link.setText(self.tr("Show the batches"))
        self.put_above(self.not_sent)
        self.rereading = Rereading(self, lambda: model.refresh(rows_in_sight(self.table)[0]))
        self.table.row_activated.connect(self._on_activated)
        self.table.verticalScrollBar().valueChanged.connect(lambda _: self.rereading.note())
        self.chips.kind_chosen.connect(lambda kind: self._show(informed=(kind,) if kind else ()))
        self.empty.cleared.connect(self._on_cleared)
        self.empty.widened.connect(lambda: self.chips.choose(""))
        model.counted.connect(self._on_counted)
        model.outdated.connect(self.rereading.note)
        for changed in (model.shown, model.counted, model.rowsInserted, model.rowsRemoved):
            changed.connect(self._show_whether_empty)
        for changed in (model.shown, model.dataChanged, model.rowsRemoved, self.table.row_chosen):
            changed.connect(self._show_card)
        model.rowsInserted.connect(self._choose_first)
        self.card.tasks_chosen.connect(self.tasks_wanted)
        self.selection.changed.connect(self._show_card)
        pending.changed.connect(self._show_card)
        self._show_card()

    def showEvent(self, event: QShowEvent) -> None:
        """Have the items read again; then the selected one is brought into sight."""
        super().showEvent(event)
        self._is_entered = not event.spontaneous()

    def show_text(self, text: str) -> None:
        """Show only items that match a search; none if it uses keys of tasks."""
        search = parse(text)
        self.typed = text
        self.empty.learn_key(search.strange_key, OF_ITEMS)
        self._of_tasks = [f"“{key}:”" for key in OF_TASKS if search.values(key)]
        batch = batch_number(search.batch[-1], self.batches) if search.batch else None
        words = " ".join([*search.words, *search.to, *search.error])
        self._show(text=words, batch_id=ID_LIMIT if self._of_tasks else batch)

    @property
    def selection(self) -> ItemSelection:
        """The selected items and their tasks."""
        return self.several.selection

    def _on_menu_wanted(self, at: QPoint) -> None:
        if self.several.is_shown:
            self.several.menu().popup(at)
        else:
            self.card.row.open_menu(at, self.several.add_copies)

    def _show_card(self) -> None:
        """Show the selected item; without a selection, select the first."""
        self._choose_first()
        self.show_pane(int(self.several.is_shown))
        if self.several.is_shown:
            return
        item = self.table.current()
        self.card.show_item(item)
        if item is not None:
            self.shown.emit(item["item_id"])

    def _choose_first(self) -> None:
        if self.model.rows and not self.table.currentIndex().isValid():
            self.table.selectRow(0)

    def _show(self, **changes: object) -> None:
        query = replace(self.model.query, **changes)  # type: ignore[arg-type]
        if query == self.model.query:
            return
        self.table.scrollToTop()
        if self.isVisible():
            self.model.show_query(query)
        else:
            self.model.want_query(query)
            self.rereading.note()

    def _on_cleared(self) -> None:
        self.chips.choose("")
        self.cleared.emit()

    def _on_activated(self, position: int) -> None:
        item = self.model.row_at(position)
        if item is not None:
            self.tasks_wanted.emit(item["item_id"])

    def _on_counted(self) -> None:
        self.chips.set_counts(self.model.counts, exact=self.model.counts_are_exact)
        self.chips.announce_found(is_search=bool(self.typed))
        if self._is_entered:
            self._is_entered = False
            self.table.show_chosen()

    def _show_whether_empty(self) -> None:
        query = self.model.query
        self.show_card(there=bool(self.model.rows))
        found_none = not self.model.rows and self.model.is_loaded
        is_untold = query.informed == (Informed.NO,)
        may_be_row = is_untold or (found_none and bool(self.typed))
        self.not_sent.setVisible(may_be_row and bool(self.batches))
        if not found_none:
            self.empty.hide()
        elif self._of_tasks:
            self.empty.show_group(say("none", "items_by", words=", ".join(self._of_tasks)))
        elif self.typed or not query.informed:
            self.empty.show_none(self.typed, narrowed=bool(query.informed))
        else:
            self.empty.show_group(say("none", "items_here"))


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
    chips = [say("item", "task", title=chip.title, state=chip.word) for chip in task_chips(item)]
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
