"""The view *Items*: the table, and below it the selected item."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPoint, Signal
from PySide6.QtWidgets import QWidget

from desktop.contract.items import COUNTED, Informed
from desktop.contract.tasks import ID_LIMIT
from desktop.gui.items.informed_chips import InformedChips
from desktop.gui.items.item_card import ItemCard
from desktop.gui.items.item_table import ItemTable
from desktop.gui.items.rows_not_sent import RowsNotSent
from desktop.gui.items.several_items import SeveralItems
from desktop.gui.reach import WHOLE
from desktop.gui.tasks.pending_actions import PendingActions
from desktop.gui.tasks.search_words import KEYS, parse
from desktop.gui.tasks.shown_tasks import batch_number
from desktop.gui.widgets.below_table import ROOM, TableAndCard
from desktop.gui.widgets.lists.empty_state import EmptyState
from desktop.gui.widgets.lists.list_widths import rows_in_sight
from desktop.gui.widgets.lists.live_rows import Rereading

if TYPE_CHECKING:
    from desktop.gui.items.item_card import WaysOn
    from desktop.gui.items.item_model import ItemModel
    from desktop.gui.items.item_selection import ItemSelection
    from desktop.gui.look.appearance import ThemeSource
    from desktop.gui.reach import Reach


OF_TASKS: Final = ("state", "task", "queue", "seen")
"""Search keys that apply to tasks only."""
OF_ITEMS: Final = [key for key in KEYS if key not in OF_TASKS]


class ItemView(QWidget):
    """The table, and below it the selected item, or the tasks of several.

    ``action_chosen`` carries a verb and its tasks, ``tasks_wanted`` the number of the item whose
    tasks to show, ``shown`` the number of the item in the card whenever it is updated.

    ``chips`` are placed elsewhere in the window. ``cleared`` asks to clear the search.
    ``found_changed`` carries the number of matches in words, or an empty text without a search.
    """

    action_chosen = Signal(str, object)
    tasks_wanted = Signal(int)
    shown = Signal(int)
    cleared = Signal()
    found_changed = Signal(str)

    def __init__(
        self,
        model: ItemModel,
        themes: ThemeSource,
        reach: Reach = WHOLE,
        pending: PendingActions | None = None,
        ways_on: WaysOn | None = None,
    ) -> None:
        super().__init__()
        model.setParent(self)
        self.model = model
        self.found = ""
        self.typed = ""
        """The search as it was typed."""
        self._of_tasks: list[str] = []
        self.batches: dict[str, int] = {}  # by lower-case name
        self.table = ItemTable(model, themes)
        self.chips = InformedChips(themes)
        self.empty = EmptyState(themes.theme, self.table)
        if not reach.may_change:
            self.empty.nothing = self.tr("No items yet.")
        actions = pending or PendingActions(self)
        self.card = ItemCard(themes, reach, ways_on)
        self.several = SeveralItems(model, self.table, themes, reach, actions)
        for part in (self.card, self.several):
            part.action_chosen.connect(self.action_chosen)
        height = themes.theme.px(ROOM)
        self._both = TableAndCard(self, self.table, self.card, height, self.several)
        self.not_sent = RowsNotSent(themes)
        self._both.put_below(self.not_sent)
        self.rereading = Rereading(self, self._read_again)
        self.table.row_activated.connect(self._on_activated)
        self.table.verticalScrollBar().valueChanged.connect(lambda _: self.rereading.note())
        self.chips.kind_chosen.connect(self._on_kind)
        self.empty.cleared.connect(self._on_cleared)
        self.empty.widened.connect(lambda: self.chips.choose(""))
        model.counted.connect(self._on_counted)
        model.outdated.connect(self.rereading.note)
        model.failed.connect(self._on_failed)
        for changed in (model.shown, model.rowsInserted, model.rowsRemoved):
            changed.connect(self._show_whether_empty)
        for changed in (model.shown, model.dataChanged, model.rowsRemoved, self.table.row_chosen):
            changed.connect(self._show_card)
        model.rowsInserted.connect(self._choose_first)
        self.card.tasks_chosen.connect(self.tasks_wanted)
        self.table.menu_wanted.connect(self._on_menu_wanted)
        self.selection.changed.connect(self._show_card)
        if pending is not None:
            pending.changed.connect(self._show_card)
        self._show_card()
        themes.changed.connect(self.empty.set_theme)

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
        self._both.show_several(are_chosen=self.several.is_shown)
        if self.several.is_shown:
            return
        item = self.model.item(self.table.currentIndex().row())
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

    def _on_kind(self, kind: str) -> None:
        self._show(informed=(kind,) if kind else ())

    def _on_cleared(self) -> None:
        self.chips.choose("")
        self.cleared.emit()

    def _read_again(self) -> None:
        self.model.refresh(rows_in_sight(self.table)[0])

    def _on_activated(self, position: int) -> None:
        item = self.model.item(position)
        if item is not None:
            self.tasks_wanted.emit(item["item_id"])

    def _on_counted(self) -> None:
        self.chips.set_counts(self.model.counts, exact=self.model.counts_are_exact)
        known = sum(self.model.counts.values())
        self.empty.tell_others(known if known or self.model.counts_are_exact else None)
        self.found = self._found_words()
        self.found_changed.emit(self.found)

    def _found_words(self) -> str:
        query, counts = self.model.query, self.model.counts
        if not self.typed or self._of_tasks:
            return ""
        some = [counts.get(kind, 0) for kind in query.informed or counts]
        if self.model.counts_are_exact and all(count < COUNTED for count in some):
            return self.tr("%Ln found", None, sum(some))
        return self.tr("more than %Ln found", None, sum(some))

    def _on_failed(self, sentence: str) -> None:
        if not self.model.rows:
            self.empty.show_failure(sentence)

    def _show_whether_empty(self) -> None:
        query = self.model.query
        self._both.show_card(there=bool(self.model.rows))
        may_be_untold = query.informed in {(), (Informed.NO,)} and query.batch_id is None
        found_none = not self.model.rows and self.model.is_loaded
        wanted = found_none if self.typed else may_be_untold
        self.not_sent.want(wanted=wanted, searched=bool(self.typed))
        if self.model.rows or not self.model.is_loaded:
            self.empty.hide()
        elif self._of_tasks:
            words = self.tr("Items cannot be searched by {}. Choose Tasks for that.")
            self.empty.show_group(words.format(", ".join(self._of_tasks)))
        elif self.typed or not query.informed:
            self.empty.show_none(self.typed, narrowed=bool(query.informed))
        else:
            self.empty.show_group(self.tr("There are no items in this group."))
